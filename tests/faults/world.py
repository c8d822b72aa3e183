"""A simulated world: a wall clock that jumps, a machine that reboots, a platform that misbehaves."""

import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property

from bot.domain.delivery import Receipt, Ticket, Verification
from bot.domain.errors import Blocked, NotReadable, NotSent, Rejected, StoreError, Unclear
from bot.domain.post import Content

EPOCH = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)

#: What can become of a request to post. "Late": taken after the bot has stopped waiting.
SENDS = (
    "ok",
    "no_line",
    "limit",
    "rejected",
    "blocked",
    "dropped_before",
    "dropped_after",
    "refused_500",
    "accepted_500",
    "late",
    "bug_before",
    "bug_after",
    "slow_ok",
    "replayed",
)
#: Within the promise: taken at most this long after the request, shown at most this much later.
LATE, LAG = 100.0, 500.0


class Crash(BaseException):
    """The process dies here. Like kill -9, nothing in the bot may catch it."""


@dataclass
class Dice:
    """Every choice of one schedule, from one seed."""

    seed: int
    crash: float = 0.02
    trouble: float = 0.5
    store: float = 0.01

    @cached_property
    def rng(self):
        return random.Random(self.seed)

    def chance(self, probability):
        return self.rng.random() < probability

    def one_of(self, options):
        return options[int(self.rng.random() * len(options))]


class Words(Content):
    """Content whose fingerprint is worked out once."""

    __slots__ = ("_print",)

    def fingerprint(self, channel):
        try:
            return self._print
        except AttributeError:
            object.__setattr__(self, "_print", Content.fingerprint(self, channel))
            return self._print


@dataclass
class Taken:
    """A post that is live."""

    post: int
    ticket: Ticket
    id: str
    at: float
    shows: float


@dataclass
class World:
    """Time, and where a crash may come. Implements `bot.domain.ports.Clock`."""

    dice: Dice
    true: float = 0.0
    offset: float = 0.0
    boots: int = 1
    booted: float = -1000.0
    stormy: bool = True
    crash_at: int | None = None
    points: int = 0
    crashes: int = 0
    trace: list = field(default_factory=list)

    def now(self):
        return EPOCH + timedelta(seconds=self.true + self.offset)

    def uptime(self):
        return self.true - self.booted

    def boot(self):
        return f"boot-{self.boots}"

    def wait(self, seconds):
        self.true += seconds

    def reboot(self):
        self.true += 15
        self.boots += 1
        self.booted = self.true - 5

    def point(self, name):
        """Maybe die here."""
        self.points += 1
        if not self.stormy:
            return
        if self.crash_at == self.points or (
            self.crash_at is None and self.dice.chance(self.dice.crash)
        ):
            self.crashes += 1
            self.trace.append(f"{self.true:.0f} crash {name}")
            raise Crash(name)


class Crashing:
    """A store on a machine that can die before and after every transaction."""

    READS = frozenset(
        {
            "post",
            "due",
            "ticket",
            "attempted",
            "receipt",
            "receipts",
            "delivered",
            "all",
            "overdue",
            "sent_since",
        }
    )

    def __init__(self, world, *parts):
        self._world = world
        self._parts = parts

    def __getattr__(self, name):
        method = next(getattr(part, name) for part in self._parts if hasattr(part, name))
        world = self._world

        def called(*args, **kwargs):
            if name in self.READS:
                return method(*args, **kwargs)
            world.point(f"before {name}")
            if world.stormy and world.dice.store and world.dice.chance(world.dice.store):
                world.trace.append(f"{world.true:.0f} the database is locked in {name}")
                raise StoreError("database is locked")
            result = method(*args, **kwargs)
            world.point(f"after {name}")
            return result

        return called


@dataclass
class Platform:
    """One account. Keeps its own record, which is the truth.

    Attributes:
        duplicates: whether an equal text is refused.
        readable: whether the account's posts may be listed.
        approved: called with a ticket, says whether exactly that is approved now.
        interlude: called while an answer is on its way; what another process does then.
    """

    world: World
    duplicates: bool = True
    readable: bool = True
    approved: object = lambda ticket: True
    interlude: object = None
    before_claim: object = None
    script: list = field(default_factory=list)
    live: list = field(default_factory=list)
    requests: dict = field(default_factory=dict)
    unapproved: list = field(default_factory=list)
    faults: dict = field(default_factory=dict)
    changed: list = field(default_factory=list)
    orphans: list = field(default_factory=list)
    prepared: int = 0
    account: str = "1"

    def prepare(self, content, card, *, fingerprint, pictures=(), have=()):
        self.world.point("prepare")
        self.prepared += 1
        if self.world.stormy and self.world.dice.chance(0.05):
            raise NotSent("no line for the picture")
        if self.before_claim:
            self.before_claim()
        request = f"{content.text} #{self.prepared}"
        return Ticket(platform="x", request=request, text=content.text, fingerprint=fingerprint)

    def bill(self, deed, ticket=None, *, count=1):
        return {}

    def follow(self, content, live, *, fingerprint):
        self.world.point("follow")
        if self.world.stormy and self.world.dice.chance(0.05):
            raise NotSent("could not be prepared just now")
        self.prepared += 1
        part = len(live)
        words = content.parts[part - 1]
        request = f"{words} after {live[-1].remote_id} #{self.prepared}"
        return Ticket(platform="x", request=request, text=words, fingerprint=fingerprint, part=part)

    def send(self, ticket):
        self.world.point("before the wire")
        if not self.approved(ticket):
            self.unapproved.append(ticket)
        known = self.requests.setdefault((ticket.fingerprint, ticket.part), ticket.request)
        if known != ticket.request:
            self.changed.append(ticket)
        return getattr(self, f"_{self._draw()}")(ticket)

    def _draw(self):
        if self.script:
            kind = self.script.pop(0)
        elif self.world.stormy and self.world.dice.chance(self.world.dice.trouble):
            kind = self.world.dice.one_of(SENDS)
        else:
            kind = "ok"
        self.faults[kind] = self.faults.get(kind, 0) + 1
        self.world.trace.append(f"{self.world.true:.0f} send {kind}")
        return kind

    def _take(self, ticket, *, after=0.0):
        at = self.world.true + after
        if self.duplicates and any(t.ticket.text == ticket.text and t.at <= at for t in self.live):
            return None
        lag = 0.0
        if self.world.stormy and self.world.dice.chance(0.4):
            lag = self.world.dice.rng.random() * LAG
        number = int(ticket.text.split()[1])
        if ticket.part and ticket.part - 1 not in [
            t.ticket.part for t in self.live if t.post == number
        ]:
            self.orphans.append(ticket)
        taken = Taken(number, ticket, f"id-{len(self.live) + 1}", at, at + lag)
        self.live.append(taken)
        return taken

    def _answered(self, seconds=0.2):
        self.world.wait(seconds)
        if self.interlude and self.world.stormy:
            self.interlude()
        self.world.point("after the wire")

    def _ok(self, ticket, seconds=0.2):
        taken = self._take(ticket)
        self._answered(seconds)
        if taken is None:
            raise self.duplicate()
        return Receipt(remote_id=taken.id, permalink=f"p/{taken.id}")

    def duplicate(self):
        return Unclear("it has this text already", status=403)

    def _slow_ok(self, ticket):
        return self._ok(ticket, seconds=28.0)

    def _replayed(self, ticket):
        """Something on the way sends the request twice; the second answer is the one that comes."""
        taken = self._take(ticket)
        self._answered()
        if taken is None or self.duplicates:
            raise self.duplicate()
        return Receipt(remote_id=taken.id, permalink=f"p/{taken.id}")

    def _no_line(self, ticket):
        self.world.wait(5)
        raise NotSent("no connection")

    def _limit(self, ticket):
        self._answered()
        # The platform names its own time, whatever our clock says.
        raise NotSent("limit", retry_at=EPOCH + timedelta(seconds=self.world.true + 900))

    def _rejected(self, ticket):
        self._answered()
        raise Rejected("too long", status=400)

    def _blocked(self, ticket):
        self._answered()
        raise Blocked("token expired", status=401)

    def _dropped_before(self, ticket):
        self._answered()
        raise Unclear("the line went dead")

    def _dropped_after(self, ticket):
        self._take(ticket)
        self._answered()
        raise Unclear("the line went dead")

    def _refused_500(self, ticket):
        self._answered()
        raise Unclear("503", status=503)

    def _accepted_500(self, ticket):
        self._take(ticket)
        self._answered()
        raise Unclear("500", status=500)

    def _late(self, ticket):
        self._take(ticket, after=30 + self.world.dice.rng.random() * (LATE - 30))
        self._answered(30)
        raise Unclear("no answer in time")

    def _bug_before(self, ticket):
        raise ZeroDivisionError("a bug before the request")

    def _bug_after(self, ticket):
        self._take(ticket)
        self._answered()
        raise ZeroDivisionError("a bug after the request")

    def find(self, ticket, *, since, known=()):
        self.world.point("look")
        if not self.readable:
            raise NotReadable("members cannot be listed")
        if self.world.stormy and self.world.dice.chance(0.2):
            raise NotSent("could not look just now")
        return self.look(ticket, since)

    def look(self, ticket, since):
        self.world.trace.append(f"{self.world.true:.0f} look for {ticket.text} since {since}")
        for taken in self.live:
            made = EPOCH + timedelta(seconds=taken.at)
            if (
                taken.shows <= self.world.true
                and made >= since
                and taken.ticket.text == ticket.text
            ):
                return Receipt(remote_id=taken.id, permalink=f"p/{taken.id}", found=True)
        return None

    def verify(self, ticket, receipt):
        self.world.point("verify")
        if not self.readable:
            return Verification(readable=False)
        if self.world.stormy and self.world.dice.chance(0.1):
            raise NotSent("could not look just now")
        shown = [t for t in self.live if t.id == receipt.remote_id and t.shows <= self.world.true]
        return Verification(readable=True, differences=() if shown else ("It is not there.",))
