"""One round of the publisher: do everything that is due, once; idempotent."""

from collections.abc import Callable
from datetime import timedelta

import structlog

from bot.domain.errors import ConfigError, DeliveryError, StoreError
from bot.domain.ports import Publisher
from bot.domain.post import Post, State
from bot.domain.schedule import Ruling
from bot.domain.spans import span
from bot.pipeline.publish import Outbox, give_up, publish, settle_late
from bot.pipeline.reap import reap
from bot.pipeline.reconcile import reconcile, recover
from bot.pipeline.rules import Timed, at_any_time, look_after
from bot.pipeline.verify import verify

log = structlog.get_logger(__name__)

#: In these a post is given up when its time has passed.
EXPIRING = (State.APPROVED, State.BEGUN, State.DRAFTED, State.ON_HOLD, State.FAILED)

#: Returns the connected account of a channel. Raises ConfigError where a key is missing, NotSent
#: where its token could not be renewed just now.
Connect = Callable[[str], Publisher]


def tick(
    outbox: Outbox,
    connect: Connect,
    *,
    stopping: Callable[[], bool],
    timed: Timed = at_any_time,
) -> int:
    """Send, look up, verify and expire what is due now; return how many posts were handled.

    Between two posts it asks `stopping`, so that a stop never waits longer than one attempt.
    """
    clock = outbox.clock
    handled = 0
    begin(outbox)
    for post in outbox.ledger.due(now=clock.now(), uptime=clock.uptime(), boot=clock.boot()):
        if stopping():
            break
        handled += deliver(post, connect, outbox, timed, stopping=stopping)
    reap(outbox, timed)
    return handled


def begin(outbox: Outbox) -> None:
    """Write down what could not be written before, and make sense of what was left `sending`.

    By this worker nothing is being sent just now. What still is `sending` was left by another
    one that is gone, or by a claim of this one whose commit was reported failed and was not.
    """
    outbox.leases.begin()
    settle_late(outbox)
    recover(outbox)


def deliver(
    post: Post,
    connect: Connect,
    outbox: Outbox,
    timed: Timed = at_any_time,
    *,
    stopping: Callable[[], bool],
) -> int:
    """Do what is due for this post, if nobody else is at it; return how many steps that took.

    Every courier ends here: call it as often as you like, in as many processes as you like.

    Raises:
        StoreError: nothing can be written down now; the next round begins anew.
    """
    clock = outbox.clock
    mine = outbox.leases.take(post, now=clock.now(), uptime=clock.uptime(), boot=clock.boot())
    if mine is None:
        return 0
    steps = 1
    try:
        with structlog.contextvars.bound_contextvars(
            article=post.article_key, post=post.id, platform=post.platform, channel=post.channel
        ):
            while handle(mine, connect, outbox, timed) is State.BEGUN and _goes_on(mine, outbox):
                if stopping():
                    break
                mine, steps = outbox.ledger.post(post.id), steps + 1
    except StoreError:
        raise
    except Exception:  # a bug about one post must not keep the others from going out
        log.exception("post.bug", post=post.id, channel=post.channel, state=mine.state)
        outbox.leases.set_aside(mine)
    else:
        outbox.leases.release(mine)
    return steps


def handle(post: Post, connect: Connect, outbox: Outbox, timed: Timed = at_any_time) -> State:
    """Do the one thing that is due for this post; return its new state."""
    now = outbox.clock.now()
    if _too_old(post, outbox) and post.state is State.BEGUN:
        give_up(post, "Its time has passed.", outbox)
        return State.PUBLISHED
    verdict = timed(post) if post.state is State.APPROVED else Ruling.SEND
    if _too_old(post, outbox) or verdict is Ruling.MISSED:
        outbox.ledger.expire(post, now=now)
        log.error("post.expired")
        return State.EXPIRED
    if verdict is Ruling.WAIT or _is_enough(post, outbox):
        return post.state
    try:
        publisher = connect(post.channel)
    except ConfigError as exc:
        outbox.pauses.pause(post.channel, str(exc), now=now)
        log.error("channel.paused", reason=str(exc))
        return post.state
    except DeliveryError as exc:
        return _later(post, exc, outbox)
    action = {
        State.APPROVED: publish,
        State.BEGUN: publish,
        State.UNCLEAR: reconcile,
        State.PUBLISHED: verify,
    }[post.state]
    with span(
        action.__name__, article=post.article_key, post=post.id, channel=post.channel
    ) as outcome:
        outcome["state"] = state = action(post, publisher, outbox)
    return state


def _later(post: Post, exc: DeliveryError, outbox: Outbox) -> State:
    """Leave a post whose account cannot be reached just now; nothing was asked about it."""
    now = outbox.clock.now()
    if post.state in (State.APPROVED, State.BEGUN):
        wanted = getattr(exc, "retry_at", None) or outbox.retry_at(post.tries)
        outbox.ledger.postpone(post, str(exc), retry_at=wanted, now=now)
    else:
        look = look_after(outbox.clock, outbox.rules.settle)
        outbox.lookout.look_later(post, str(exc), look, now=now)
    log.warning("post.postponed", reason=str(exc))
    return post.state


def _is_enough(post: Post, outbox: Outbox) -> bool:
    """Whether the channel has sent all it may in a day; the post then waits, and says why.

    A safety net: whatever goes wrong before the publisher, followers are not flooded.
    """
    most, now = outbox.rules.daily, outbox.clock.now()
    if post.state is not State.APPROVED or most is None:
        return False
    if outbox.lookout.sent_since(post.channel, now - timedelta(days=1)) < most:
        return False
    reason = f"{post.channel} has sent {most} posts in 24 hours (BOT_PUBLISH__DAILY_MOST)."
    outbox.ledger.postpone(post, reason, retry_at=now + timedelta(minutes=15), now=now)
    log.warning("post.postponed", reason=reason)
    return True


def _goes_on(post: Post, outbox: Outbox) -> bool:
    """Whether a part has just gone out, so that the next one may follow at once."""
    current = outbox.ledger.post(post.id)
    return current.fence > post.fence and not current.reason


def _too_old(post: Post, outbox: Outbox) -> bool:
    has_passed = post.expires_at is not None and post.expires_at <= outbox.clock.now()
    return has_passed and post.state in EXPIRING
