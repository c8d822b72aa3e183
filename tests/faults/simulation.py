"""One seed, one schedule: the real pipeline through crashes, faults, reboots and wrong clocks.

`play(seed)` returns what went wrong, nothing where the promise held. Run a range of seeds with
`python -m tests.faults.simulation --schedules 100000 --seed 0`.
"""

import argparse
import json
import logging
import sys
import time
from dataclasses import dataclass, field
from datetime import timedelta

import structlog

from bot.domain.errors import IllegalMove, NotApproved, StoreError
from bot.domain.ledger import Draft
from bot.domain.post import State
from bot.pipeline.publish import Outbox
from bot.pipeline.reconcile import recover
from bot.pipeline.rules import Rules
from bot.pipeline.tick import tick
from tests.faults.memory import Memory
from tests.faults.world import Crash, Crashing, Dice, Platform, Words, World

CHANNELS = ("x", "linkedin")
STEPS = (1, 5, 20, 20, 20, 60, 120, 300, 600)
JUMPS = (-86_400, -3_600, 3_600, 86_400)
EDITS = (State.ON_HOLD, State.DRAFTED, State.REJECTED)
#: In seconds. Alarms move nothing; they have tests of their own.
NEVER = 1e9
#: States from which a settlement leads on; for a broken protocol that does not look at the fence.
LOOSE = (State.SENDING, State.UNCLEAR)


@dataclass
class Result:
    """What a schedule did, and every broken promise in plain words."""

    seed: int
    broken: list = field(default_factory=list)
    crashes: int = 0
    asked: int = 0
    doubles: int = 0
    lost: int = 0
    sends: dict = field(default_factory=dict)
    trace: list = field(default_factory=list)


class Simulation:
    """The bot in a simulated world.

    Args:
        dice: all its luck.
        store: keeps the posts; in memory where None.
        rules: of the protocol; as shipped where None.
        zombies: an answer may arrive after another process has taken over.
        jumps: the wall clock may be set, by up to a day.
    """

    def __init__(self, dice, store=None, *, rules=None, zombies=True, jumps=True):
        self.dice = dice
        self.world = World(dice)
        self.memory = store or Memory()
        self.rules = rules or Rules(late=NEVER, unanswered=NEVER)
        self.zombies = zombies
        self.jumps = jumps
        self.alive = False
        self.nested = False
        self.taken_over = False
        self.approvals = {}
        duplicates = dice.chance(0.3)
        self.platforms = {
            name: Platform(
                self.world,
                duplicates=duplicates,
                readable=dice.chance(0.85),
                approved=self._is_approved,
                interlude=self._interlude,
                before_claim=self._editor_meanwhile,
            )
            for name in CHANNELS
        }
        self.outbox = self._outbox()

    def _outbox(self):
        """A process starts with nothing but the store."""
        kept = Crashing(self.world, self.memory)
        return Outbox(kept, kept, kept, None, self.world, self.rules)

    def add(self, count=2):
        for number in range(1, count + 1):
            now = self.world.now()
            draft = Draft(
                article_key=f"a{number}",
                platform="x",
                channel=CHANNELS[number % 2],
                content=wording(number, 1, self.dice.one_of((0, 0, 1, 2))),
                due_at=now,
                expires_at=now + timedelta(hours=12),
            )
            post = self.memory.draft(draft, now=now)
            if number == 1 or self.dice.chance(0.8):
                self.approve(post)

    def approve(self, post):
        self.memory.approve(post, by="asha", via="sim", now=self.world.now())
        self.approvals.setdefault(post.id, []).append(post.fingerprint)

    def _is_approved(self, ticket):
        """What goes over the wire is the newest text an editor has approved."""
        given = self.approvals.get(int(ticket.text.split()[1]), [])
        return bool(given) and given[-1] == ticket.fingerprint

    def posts(self):
        return [story[0] for story in self.memory.story().values()]

    # ---- one process ---------------------------------------------------------

    def round(self):
        """One tick of the living process; a dead one is started first."""
        try:
            if not self.alive:
                self.outbox = self._outbox()
                recover(self.outbox)
                self.alive = True
            tick(self.outbox, self.platforms.__getitem__, stopping=lambda: False)
            if self.taken_over:  # the slow one finds its lock gone and ends; both start anew
                self.alive = self.taken_over = False
        except Crash:
            self.alive = False
            if self.dice.chance(0.15):
                self.world.reboot()
        except StoreError:
            pass  # the worker logs it and lives on

    def _interlude(self):
        """Another process has taken over while this one's answer was on its way."""
        if not self.zombies or self.nested or not self.dice.chance(0.03):
            return
        self.nested = self.taken_over = True
        mine, self.outbox = self.outbox, self._outbox()
        try:
            self.world.trace.append(f"{self.world.true:.0f} taken over")
            recover(self.outbox)
            for _ in range(self.dice.one_of((1, 3, 6))):
                self.world.wait(self.dice.one_of((130, 610)))
                tick(self.outbox, self.platforms.__getitem__, stopping=lambda: False)
        except (Crash, StoreError):
            pass  # the other one died; the slow one lives
        finally:
            self.outbox = mine
            self.nested = False

    def _editor_meanwhile(self):
        if self.world.stormy and self.dice.chance(0.1):
            self.edit()

    def edit(self):
        """An editor does something, allowed or not, to some post."""
        post = self.dice.one_of(self.posts())
        try:
            if self.dice.chance(0.5):
                version = int(post.content.text.rsplit("v", 1)[1]) + 1
                words = wording(post.id, version, len(post.content.parts))
                post = self.memory.edit(post, words, by="asha", now=self.world.now())
                self.world.trace.append(f"{self.world.true:.0f} edited {post.id}")
            else:
                to = self.dice.one_of(EDITS)
                post = self.memory.decide(post, to, by="asha", reason="r", now=self.world.now())
                self.world.trace.append(f"{self.world.true:.0f} {to} {post.id}")
            if post.state is State.DRAFTED and self.dice.chance(0.9):
                self.approve(post)
        except (IllegalMove, NotApproved):
            pass

    # ---- a whole schedule ----------------------------------------------------

    def storm(self, rounds=12):
        for _ in range(rounds):
            self.world.wait(self.dice.one_of(STEPS))
            if self.jumps and self.dice.chance(0.06):
                self.world.offset = self.dice.one_of((0, *JUMPS))
                self.world.trace.append(f"{self.world.true:.0f} clock {self.world.offset:+}")
            if self.dice.chance(0.05):
                self.edit()
            if self.dice.chance(0.03):
                self.alive = False
                if self.dice.chance(0.5):
                    self.world.reboot()
                    self.world.trace.append(f"{self.world.true:.0f} reboot")
            if self.memory.all() and self.dice.chance(0.3):
                self.resume()
            self.round()

    def resume(self):
        for channel in self.memory.all():
            self.memory.resume(channel, by="asha", now=self.world.now())

    def calm(self, rounds=60):
        """No more trouble: whatever was begun has to come to an end."""
        self.world.stormy = False
        self.world.offset = 0.0
        for _ in range(rounds):
            self.resume()
            if self.alive and self.quiet():
                break
            self.world.wait(610)
            self.round()

    def quiet(self):
        return not any(self._unfinished(post) for post in self.posts())

    def _unfinished(self, post):
        if post.state in (State.APPROVED, State.BEGUN, State.SENDING):
            return True
        return post.state is State.UNCLEAR and not post.asks

    # ---- the invariants, seen from outside -----------------------------------

    def check(self):
        result = Result(self.dice.seed, crashes=self.world.crashes, trace=self.world.trace)
        for platform in self.platforms.values():
            for kind, count in platform.faults.items():
                result.sends[kind] = result.sends.get(kind, 0) + count
            if platform.unapproved:
                result.broken.append(f"sent unapproved: {platform.unapproved[0].text}")
            if platform.changed:
                result.broken.append(f"resent differently: {platform.changed[0].request}")
            if platform.orphans:
                result.broken.append(f"ORPHAN: {platform.orphans[0].text}")
        for post, receipts, _ in self.memory.story().values():
            live = [t for t in self.platforms[post.channel].live if t.post == post.id]
            self._check(post, receipts, live, result)
        return result

    def _check(self, post, receipts, live, result):
        result.asked += bool(post.asks)
        parts = [taken.ticket.part for taken in live]
        if len(parts) > len(set(parts)):
            result.doubles += 1
            result.broken.append(f"DOUBLE: post {post.id} has parts {parts} live")
        if self._unfinished(post):
            result.lost += 1
            result.broken.append(f"STUCK: post {post.id} stays {post.state}")
        out = post.state in (State.PUBLISHED, State.VERIFIED)
        if out and not live:
            result.lost += 1
            result.broken.append(f"LOST: post {post.id} is {post.state} and nowhere")
        known = {part: receipt.remote_id for part, receipt in enumerate(receipts)}
        if any(known.get(t.ticket.part, t.id) != t.id for t in live):
            result.broken.append(f"post {post.id} has the receipt of another")
        if out and not post.asks and len(live) <= len(post.content.parts):
            result.lost += 1
            result.broken.append(f"TAIL: post {post.id} is {post.state} with parts {parts} only")
        if live and not out and not (post.state is State.UNCLEAR and post.asks):
            result.lost += 1
            result.broken.append(f"FORGOTTEN: post {post.id} is live, but {post.state}")


def wording(number, version, parts):
    """Return version `version` of a post's words, with `parts` parts after it."""
    text = f"post {number} v{version}"
    return Words(text=text, parts=tuple(f"{text} part {n}" for n in range(1, parts + 1)))


def play(seed, store=None, **options):
    """Play one schedule to its end."""
    dice = Dice(seed)
    dice.crash = dice.one_of((0.0, 0.01, 0.03, 0.08))
    dice.trouble = dice.one_of((0.2, 0.5, 0.9))
    dice.store = dice.one_of((0.0, 0.0, 0.02))
    simulation = Simulation(dice, store, **options)
    simulation.add(dice.one_of((1, 2, 2, 3)))
    simulation.storm()
    simulation.calm()
    return simulation.check()


def silence():
    """Write no log: formatting it would take most of the time."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))


def many(first, count, **options):
    """Play `count` schedules; return their sum and the first broken ones."""
    total = {"schedules": 0, "crashes": 0, "doubles": 0, "lost": 0, "asked": 0, "sends": {}}
    broken = []
    for seed in range(first, first + count):
        result = play(seed, **options)
        total["schedules"] += 1
        for name in ("crashes", "doubles", "lost", "asked"):
            total[name] += getattr(result, name)
        for kind, number in result.sends.items():
            total["sends"][kind] = total["sends"].get(kind, 0) + number
        if result.broken:
            broken.append(result)
    return total, broken


def main():
    parser = argparse.ArgumentParser(prog="python -m tests.faults.simulation")
    parser.add_argument("--schedules", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0)
    wanted = parser.parse_args()
    silence()
    began = time.monotonic()
    total, broken = many(wanted.seed, wanted.schedules)
    for result in broken[:5]:
        print(f"seed {result.seed}: {result.broken}", *result.trace, sep="\n    ", file=sys.stderr)
    total["broken"] = len(broken)
    total["seconds"] = round(time.monotonic() - began, 1)
    print(json.dumps(total))
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
