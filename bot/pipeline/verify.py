"""Read a published post back and compare it with what was approved."""

from collections.abc import Sequence
from datetime import timedelta

import structlog

from bot.domain.delivery import Verification
from bot.domain.errors import DeliveryError, NotReadable
from bot.domain.ports import Publisher
from bot.domain.post import Post, State
from bot.pipeline.publish import Outbox
from bot.pipeline.rules import look_after

log = structlog.get_logger(__name__)


def verify(post: Post, publisher: Publisher, outbox: Outbox) -> State:
    """Compare what followers see with what was approved; return the post's new state.

    A difference that is still there at a second look, as long after as a platform may take to show
    what it took, raises an alarm in the log and a question to an editor. Where the platform does
    not let us look, the post stays published and says so.
    """
    delivered = outbox.lookout.delivered(post)
    if not delivered:
        raise LookupError(f"post {post.id} is published without a receipt")
    now = outbox.clock.now()
    if not all(ticket.is_of(publisher.account) for ticket, _ in delivered):
        note = f"Another account has signed in on {post.platform} since; it is not read back."
        return _unreadable(post, note, outbox)
    try:
        with outbox.metered(post):
            seen = _seen([publisher.verify(ticket, receipt) for ticket, receipt in delivered])
    except NotReadable as exc:
        outbox.lookout.verified(post, now=now, note=str(exc))
        return State.PUBLISHED
    except DeliveryError as exc:
        return _not_read(post, str(exc), outbox)
    if not seen.readable:
        note = f"{post.platform} does not let this account read its posts back."
        return _unreadable(post, note, outbox)
    if seen.differences:
        return _differs(post, seen.differences, outbox)
    outbox.lookout.verified(post, now=now)
    log.info("post.verified", permalink=delivered[0][1].permalink)
    return State.VERIFIED


def _unreadable(post: Post, note: str, outbox: Outbox) -> State:
    outbox.lookout.verified(post, now=outbox.clock.now(), note=note)
    log.info("post.unverifiable", reason=note)
    return State.PUBLISHED


def _not_read(post: Post, why: str, outbox: Outbox) -> State:
    now = outbox.clock.now()
    if _too_long(post, outbox):
        outbox.lookout.ask(post, unread(post, why), now=now, alarm="post.unread")
        log.error("post.unread", reason=why)
    else:
        look = look_after(outbox.clock, outbox.rules.recheck)
        outbox.lookout.look_later(post, f"Not read back yet: {why}", look, now=now)
    return State.PUBLISHED


def _differs(post: Post, differences: Sequence[str], outbox: Outbox) -> State:
    now = outbox.clock.now()
    asks = "Followers see something else than was approved: " + " ".join(differences)
    if post.reason == asks:  # the second time
        outbox.lookout.ask(post, asks, now=now, alarm="post.diverged")
        log.error("post.diverged", seen=differences)
    else:
        look = look_after(outbox.clock, outbox.rules.settle)
        outbox.lookout.look_later(post, asks, look, now=now)
        log.warning("post.differs", seen=differences)
    return State.PUBLISHED


def unread(post: Post, why: str) -> str:
    """Return what an editor is told about a live post that could not be read back."""
    return f"It could not be read back from {post.platform} ({why}). Look at it there."


def _too_long(post: Post, outbox: Outbox) -> bool:
    _, first_sent_at = outbox.lookout.attempted(post)
    return outbox.clock.now() - first_sent_at > timedelta(seconds=outbox.rules.unread)


def _seen(parts: Sequence[Verification]) -> Verification:
    """Return what reading back the post and all its parts has shown."""
    differences = [difference for seen in parts for difference in seen.differences]
    readable = all(seen.readable for seen in parts)
    return Verification(readable=readable or bool(differences), differences=tuple(differences))
