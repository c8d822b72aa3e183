"""Read a published post back and compare it with what was approved."""

import structlog

from bot.domain.errors import DeliveryError, NotReadable
from bot.domain.ports import Publisher
from bot.domain.post import Post, State
from bot.pipeline.publish import Outbox
from bot.pipeline.rules import look_after

log = structlog.get_logger(__name__)


def verify(post: Post, publisher: Publisher, outbox: Outbox) -> State:
    """Compare what followers see with what was approved; return the post's new state.

    A difference raises an alarm in the log and a question to an editor. Where the platform does
    not let us look, the post stays published and says so.
    """
    ticket, _ = outbox.lookout.attempted(post)
    receipt = outbox.lookout.receipt(post)
    if receipt is None:
        raise LookupError(f"post {post.id} is published without a receipt")
    now = outbox.clock.now()
    try:
        seen = publisher.verify(ticket, receipt)
    except NotReadable as exc:
        outbox.lookout.verified(post, now=now, note=str(exc))
        return State.PUBLISHED
    except DeliveryError as exc:
        look = look_after(outbox.clock, outbox.rules.recheck)
        outbox.lookout.look_later(post, f"Not read back yet: {exc}", look, now=now)
        return State.PUBLISHED
    if not seen.readable:
        note = f"{post.platform} does not let this account read its posts back."
        outbox.lookout.verified(post, now=now, note=note)
        log.info("post.unverifiable")
        return State.PUBLISHED
    if seen.differences:
        outbox.lookout.diverged(post, seen.differences, now=now)
        log.error("post.diverged", seen=seen.differences)
        return State.PUBLISHED
    outbox.lookout.verified(post, now=now)
    log.info("post.verified", permalink=receipt.permalink)
    return State.VERIFIED
