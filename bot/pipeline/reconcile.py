"""Find out what became of an unclear attempt: look at the platform, adopt, send again, or ask."""

from datetime import timedelta

import structlog

from bot.domain.delivery import Receipt
from bot.domain.errors import DeliveryError, IllegalMove, NotReadable
from bot.domain.ports import Publisher
from bot.domain.post import Post, State
from bot.pipeline.publish import Outbox
from bot.pipeline.rules import look_after

log = structlog.get_logger(__name__)

#: This machine's clock may have been a day ahead when the post was sent: a post that looks this
#: much older than its attempt may still be ours. With a minute, such a clock doubled posts.
SKEW = timedelta(hours=25)


def recover(outbox: Outbox) -> int:
    """Mark what was left `sending` as unclear; return how many there were.

    Call this when nothing is being sent: at start, when it is certain that no other publisher
    lives, and between two rounds.
    """
    look = look_after(outbox.clock, outbox.rules.settle)
    rebooted = look_after(outbox.clock, outbox.rules.recheck)
    found = outbox.lookout.recover(look, rebooted=rebooted, now=outbox.clock.now())
    for post in found:
        log.warning(
            "post.unclear", post=post.id, channel=post.channel, reason="left while it was sent"
        )
    return len(found)


def reconcile(post: Post, publisher: Publisher, outbox: Outbox) -> State:
    """Look for an unclear post on its platform and return its new state.

    Found: published. Absent often enough: approved again, with the same ticket. A platform that
    cannot be read back, or fails for too long: an editor is asked, and nothing is sent.
    """
    ticket, first_sent_at = outbox.lookout.attempted(post)
    now = outbox.clock.now()
    if not ticket.is_of(publisher.account):
        why = f"it was sent as {ticket.account}, and {publisher.account} has signed in since"
        outbox.lookout.ask(post, question(post, why), now=now)
        log.error("post.asks", reason=why)
        return State.UNCLEAR
    try:
        with outbox.metered(post):
            since = min(first_sent_at, now) - SKEW
            known = outbox.lookout.known(post, since=since - SKEW)
            receipt = publisher.find(ticket, since=since, known=known)
    except NotReadable as exc:
        outbox.lookout.ask(post, question(post, str(exc)), now=now)
        log.error("post.asks", reason=str(exc))
        return State.UNCLEAR
    except DeliveryError as exc:
        return _could_not_look(post, str(exc), outbox)
    if receipt is not None:
        look = look_after(outbox.clock, outbox.rules.verify)
        outbox.lookout.adopt(post, receipt, look, now=now)
        log.info("post.found", permalink=receipt.permalink)
        return outbox.ledger.post(post.id).state
    again = post.checks + 1 >= outbox.rules.need_absent
    look = look_after(outbox.clock, outbox.rules.recheck)
    outbox.lookout.absent(post, again=again, look=look, now=now)
    log.warning("post.absent", again=again)
    return outbox.ledger.post(post.id).state


def _could_not_look(post: Post, reason: str, outbox: Outbox) -> State:
    _, first_sent_at = outbox.lookout.attempted(post)
    now = outbox.clock.now()
    if now - first_sent_at > timedelta(seconds=outbox.rules.give_up):
        outbox.lookout.ask(post, question(post, reason), now=now)
        log.error("post.asks", reason=reason)
        return State.UNCLEAR
    look = look_after(outbox.clock, outbox.rules.recheck)
    outbox.lookout.look_later(post, reason, look, now=now)
    log.warning("post.not_looked_up", reason=reason)
    return State.UNCLEAR


def question(post: Post, why: str) -> str:
    """Return what an editor is asked about a post that could not be looked up."""
    return (
        f"Is this post on {post.platform}? The bot could not tell ({why}) and will not send it "
        f"again by itself. Look at the account, then: `bot resolve {post.id} --live URL`, or "
        f"`bot resolve {post.id} --not-live` to send it."
    )


def resolve(post: Post, receipt: Receipt | None, outbox: Outbox, *, by: str) -> None:
    """Take an editor's word for what became of an unclear post.

    Args:
        post: an unclear post.
        receipt: where it is live; None when it is not, and may be sent.
        outbox: where the post is kept.
        by: who says so.

    Raises:
        IllegalMove: nothing about this post is unclear.
    """
    if post.state is not State.UNCLEAR:
        raise IllegalMove(f"Post {post.id} is {post.state}; nothing about it is unclear.")
    now = outbox.clock.now()
    if receipt is None:
        look = look_after(outbox.clock, outbox.rules.recheck)
        outbox.lookout.absent(post, again=True, look=look, now=now, by=by)
    else:
        look = look_after(outbox.clock, outbox.rules.verify)
        outbox.lookout.adopt(post, receipt, look, now=now, by=by)
    log.info("post.resolved", post=post.id, channel=post.channel, live=receipt is not None, by=by)


def close(post: Post, outbox: Outbox, *, by: str) -> None:
    """Take an editor's word that a question about a live post has been dealt with.

    Raises:
        IllegalMove: nothing is asked about it, or only `resolve` can answer what is.
    """
    if post.state is State.UNCLEAR:
        raise IllegalMove(
            f"Whether post {post.id} is live can only be answered with --live URL or --not-live."
        )
    if not outbox.lookout.answered(post, now=outbox.clock.now(), by=by):
        raise IllegalMove(f"Nothing is asked about post {post.id}.")
    log.info("post.answered", post=post.id, channel=post.channel, by=by)
