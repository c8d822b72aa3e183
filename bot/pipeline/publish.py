"""Send one approved post, once.

The order is the promise: an attempt is written down before the wire is touched; what is not
surely sent or surely not sent is unclear; an unclear post is looked up, never resent blindly.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import structlog

from bot.domain.delivery import Attempt, Deed, Item, Outcome, Receipt, Ticket
from bot.domain.errors import (
    Blocked,
    ContentError,
    DeliveryError,
    NotSent,
    Rejected,
    StoreError,
    Unclear,
)
from bot.domain.leases import Alone, Leases
from bot.domain.ledger import Ledger, Lookout, Pauses, Settlement, Shelf
from bot.domain.meter import metered
from bot.domain.money import Free, Money
from bot.domain.ports import Clock, Publisher
from bot.domain.post import Post, State
from bot.domain.schedule import Quota
from bot.pipeline.rules import Rules, look_after

log = structlog.get_logger(__name__)

_EVER = datetime.fromtimestamp(0, UTC)


@dataclass(frozen=True)
class Unsettled:
    """How an attempt ended, not yet written down."""

    channel: str
    attempt: Attempt
    settlement: Settlement


@dataclass(frozen=True)
class Outbox:
    """What delivering needs: where the posts are kept, and the time.

    Attributes:
        leases: who works on what.
        unsettled: attempts of this process that ended while the database could not be written.
        money: what may be spent.
        daily: returns how many posts a channel may send today, None for any number.
        chance: returns a number from 0 to 1, for the jitter of waits; 0.5 gives none.
    """

    ledger: Ledger
    lookout: Lookout
    pauses: Pauses
    shelf: Shelf
    clock: Clock
    rules: Rules
    leases: Leases = field(default_factory=Alone)
    unsettled: list[Unsettled] = field(default_factory=list)
    chance: Callable[[], float] = lambda: 0.5
    money: Money = field(default_factory=Free)
    daily: Callable[[str], Quota | None] = lambda _channel: None

    @contextmanager
    def metered(self, post: Post) -> Iterator[None]:
        """Write down what the platform bills for the post in here, however it ends."""
        with metered() as bill:
            try:
                yield
            finally:
                self.money.note(post, bill, self.clock.now())

    def quotas(self, channel: str) -> Sequence[Quota]:
        """Return what limits how many posts a channel sends: its timetable, and the safety net."""
        net = self.rules.daily
        lately = net is not None and Quota(net, since=self.clock.now() - timedelta(days=1))
        return [quota for quota in (self.daily(channel), lately) if quota]

    def retry_at(self, tries: int) -> datetime:
        """Return when to try again after `tries` tries without success."""
        return self.rules.retry_at(self.clock.now(), tries, self.chance())


def publish(post: Post, publisher: Publisher, outbox: Outbox) -> State:
    """Send an approved post, or the next part of a begun one; return its new state.

    It is sent only if it is due and still what was approved.

    Never raises a DeliveryError: how it ended is written down and logged. A StoreError may
    escape; the post is then untouched, or `sending` until `settle_late` or the next start.
    """
    deadline = outbox.clock.uptime() + outbox.rules.lease * 0.3  # taken before the claim
    if not _affordable(post, publisher, outbox):
        return outbox.ledger.post(post.id).state
    ticket = _prepare(post, publisher, outbox)
    if ticket is None:
        return outbox.ledger.post(post.id).state
    cost = outbox.money.cost(post, publisher.bill(Deed.SEND, ticket))
    attempt = outbox.ledger.claim(
        post, ticket, now=outbox.clock.now(), cost=cost, quotas=outbox.quotas(post.channel)
    )
    if attempt is None:
        log.info("post.not_claimed")
        return outbox.ledger.post(post.id).state
    log.info("attempt.started", attempt=attempt.fence)
    began = outbox.clock.uptime()
    settlement = _send(post, attempt, publisher, outbox, deadline)
    ended = Unsettled(post.channel, attempt, settlement)
    try:
        settled = _settle(ended, outbox)
    except StoreError:
        outbox.unsettled.append(ended)
        log.error(
            "attempt.not_written",
            attempt=attempt.fence,
            outcome=settlement.outcome,
            permalink=settlement.receipt and settlement.receipt.permalink,
        )
        raise
    log.info(
        f"post.{settled.state}",
        attempt=attempt.fence,
        outcome=settlement.outcome,
        reason=settlement.reason or None,
        permalink=settlement.receipt and settlement.receipt.permalink,
        seconds=round(outbox.clock.uptime() - began, 3),
    )
    if settled.asks:
        log.error("post.asks", reason=settled.asks)
    return settled.state


def settle_late(outbox: Outbox) -> None:
    """Write down how attempts ended, where the database could not be written at the time.

    Raises:
        StoreError: it still cannot be written; nothing is forgotten.
    """
    while outbox.unsettled:
        ended = outbox.unsettled[0]
        settled = _settle(ended, outbox)
        outbox.unsettled.pop(0)
        log.info(f"post.{settled.state}", post=settled.id, attempt=ended.attempt.fence)


def _settle(ended: Unsettled, outbox: Outbox) -> Post:
    now = outbox.clock.now()
    if ended.settlement.outcome is Outcome.BLOCKED:
        outbox.pauses.pause(ended.channel, ended.settlement.reason, now=now)
    return outbox.ledger.settle(ended.attempt, ended.settlement, now=now)


def _affordable(post: Post, publisher: Publisher, outbox: Outbox) -> bool:
    """Whether there is money for the whole post; if not, it waits, or is made cheaper.

    A post that has begun goes on: half a thread helps nobody. The claim checks again.
    """
    if post.state is State.BEGUN:
        return True
    words = (post.content.text, *post.content.parts)
    tickets = [
        Ticket(platform=post.platform, request="", text=text, fingerprint="") for text in words
    ]
    bills = [publisher.bill(Deed.SEND, ticket) for ticket in tickets]
    described = [post.content.alt_text, *(alt_text for _, alt_text in post.content.pictures)]
    if count := sum(1 for alt_text in described if alt_text):
        bills.append(publisher.bill(Deed.PREPARE, count=count))
    total: dict[Item, int] = {}
    for bill in bills:
        for item, count in bill.items():
            total[item] = total.get(item, 0) + count
    cost = outbox.money.cost(post, total)
    reason = outbox.money.refusal(cost) if cost else ""
    if not reason:
        return True
    now = outbox.clock.now()
    if not outbox.money.fall_back(post, reason, now):
        outbox.ledger.postpone(post, reason, retry_at=outbox.money.until(now), now=now)
        log.warning("post.postponed", reason=reason)
    return False


def _prepare(post: Post, publisher: Publisher, outbox: Outbox) -> Ticket | None:
    """Return the request to send. Nothing here can make a post live, so any failure is safe."""
    now = outbox.clock.now()
    live = outbox.lookout.receipts(post)
    if live and not _is_still(publisher, post, outbox):
        give_up(post, "Another account has signed in since the post began.", outbox)
        return None
    saved = outbox.ledger.ticket(post, part=len(live), account=publisher.account, now=now)
    if saved is not None:
        return saved
    try:
        with outbox.metered(post):
            ticket = _ticket(post, live, publisher, outbox)
    except (ContentError, Rejected) as exc:
        if live:
            give_up(post, str(exc), outbox)
        else:
            outbox.ledger.fail(post, str(exc), now=now)
            log.warning("post.failed", reason=str(exc))
        return None
    except DeliveryError as exc:
        if isinstance(exc, Blocked):
            outbox.pauses.pause(post.channel, str(exc), now=now)
        wanted = getattr(exc, "retry_at", None)
        retry_at = wanted or outbox.retry_at(post.tries)
        outbox.ledger.postpone(post, str(exc), retry_at=retry_at, now=now)
        log.warning("post.postponed", reason=str(exc))
        return None
    log.info("ticket.saved")
    return outbox.ledger.save_ticket(post, ticket, now=now)


def _ticket(post: Post, live: Sequence[Receipt], publisher: Publisher, outbox: Outbox) -> Ticket:
    if live:
        return publisher.follow(post.content, live, fingerprint=post.fingerprint)
    card = outbox.shelf.read(post.content.card) if post.content.card else None
    more = [outbox.shelf.read(sha256) for sha256, _ in post.content.pictures]
    now, account = outbox.clock.now(), publisher.account
    have = outbox.ledger.uploaded(post, account=account, now=now)
    return publisher.prepare(
        post.content, card, fingerprint=post.fingerprint, pictures=more, have=have
    )


def _is_still(publisher: Publisher, post: Post, outbox: Outbox) -> bool:
    """Whether the account is the one whose post has begun."""
    sent = outbox.lookout.delivered(post)
    return all(ticket.is_of(publisher.account) for ticket, _ in sent)


def give_up(post: Post, reason: str, outbox: Outbox) -> None:
    """Send no more parts of a begun post, and tell an editor what is missing."""
    part = len(outbox.lookout.receipts(post))
    outbox.ledger.abandon(post, missing(post, part, reason), now=outbox.clock.now())
    log.error("post.incomplete", part=part, reason=reason)


def missing(post: Post, part: int, reason: str) -> str:
    """Return what an editor has to know about a post whose parts from `part` on are not live."""
    words = " / ".join(f"“{text}”" for text in post.content.parts[part - 1 :])
    return f"The post is live, but this is not: {words} {reason} Post it by hand if it matters."


def _send(
    post: Post, attempt: Attempt, publisher: Publisher, outbox: Outbox, deadline: float
) -> Settlement:
    try:
        if outbox.clock.uptime() > deadline:
            raise NotSent("The machine was too slow to send this safely; nothing was sent.")  # noqa: TRY301
        receipt = publisher.send(attempt.ticket)
    except (NotSent, Rejected, Blocked) as exc:
        return _surely_not_live(exc, post, attempt.ticket.part, outbox)
    except Unclear as exc:
        return _unclear(str(exc), exc.status, outbox)
    except Exception as exc:  # a bug while sending must never post twice
        log.exception("attempt.bug")
        return _unclear(f"{type(exc).__name__} while sending: {exc}", None, outbox)
    if receipt.found and receipt.remote_id in outbox.lookout.known(post, since=_EVER):
        text = f"{post.platform} has these words already, as another post ({receipt.permalink}). Nothing was posted. Change them, then approve it again."
        return _surely_not_live(Rejected(text), post, attempt.ticket.part, outbox)
    return _live(receipt, outbox)


def _live(receipt: Receipt, outbox: Outbox) -> Settlement:
    look = look_after(outbox.clock, outbox.rules.verify)
    return Settlement(outcome=Outcome.PUBLISHED, receipt=receipt, look=look)


def _unclear(reason: str, status: int | None, outbox: Outbox) -> Settlement:
    look = look_after(outbox.clock, outbox.rules.settle)
    return Settlement(outcome=Outcome.UNCLEAR, reason=reason, status=status, look=look)


def _surely_not_live(
    exc: NotSent | Rejected | Blocked, post: Post, part: int, outbox: Outbox
) -> Settlement:
    outcome = {NotSent: Outcome.NOT_SENT, Rejected: Outcome.REJECTED, Blocked: Outcome.BLOCKED}
    retry_at = None
    if isinstance(exc, NotSent):
        retry_at = exc.retry_at or outbox.retry_at(post.tries)
    incomplete = part > 0 and isinstance(exc, Rejected)
    return Settlement(
        outcome=outcome[type(exc)],
        reason=str(exc),
        status=exc.status,
        retry_at=retry_at,
        asks=missing(post, part, str(exc)) if incomplete else "",
    )
