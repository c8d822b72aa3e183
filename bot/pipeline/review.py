"""An editor's or a policy's decision about a post."""

from collections.abc import Sequence
from datetime import timedelta

import structlog

from bot.domain.errors import ContentError, IllegalMove, UsageError
from bot.domain.ledger import Desk
from bot.domain.ports import Clock
from bot.domain.post import NEXT, Content, Finding, Level, Post, State

log = structlog.get_logger(__name__)

_NOW = timedelta(0)


def approve(
    post: Post, desk: Desk, clock: Clock, *, by: str, via: str, grace: timedelta = _NOW
) -> Post:
    """Approve exactly the content of `post`; nothing is sent while `grace` lasts.

    Raises:
        ContentError: a blocking finding stands against it; no policy and no person may pass it.
        NotApproved: it was changed since it was read.
        IllegalMove: it is not waiting for an approval.
    """
    if State.APPROVED not in NEXT[post.state] or post.state in (State.SENDING, State.UNCLEAR):
        raise IllegalMove(f"Post {post.id} is {post.state}; there is nothing to approve.")
    blocking = [f.message for f in desk.findings(post.id) if f.level is Level.BLOCK]
    if blocking:
        raise ContentError(
            f"Post {post.id} cannot be approved: {' '.join(blocking)} Fix it with `bot edit`."
        )
    now = clock.now()
    until = now + grace if grace else None
    approved = desk.approve(post, by=by, via=via, now=now, grace_until=until)
    log.info(
        "post.approved",
        post=post.id,
        channel=post.channel,
        article=post.article_key,
        by=by,
        via=via,
    )
    return approved


def edit(
    post: Post, content: Content, findings: Sequence[Finding], desk: Desk, clock: Clock, *, by: str
) -> Post:
    """Replace what readers will see; whatever approval there was is void.

    Args:
        post: as the editor saw it.
        content: what shall stand there instead.
        findings: what the house's rules say about it.
        desk: where the posts are.
        clock: the time.
        by: who changed it.

    Raises:
        NotApproved: somebody else changed it meanwhile; nothing was saved.
        IllegalMove: it is on its way or out.
    """
    changed = desk.edit(post, content, findings, by=by, now=clock.now())
    log.info("post.edited", post=post.id, channel=post.channel, by=by)
    return changed


def reject(post: Post, desk: Desk, clock: Clock, *, by: str, reason: str) -> Post:
    """Refuse a post for good. Raises UsageError without a reason, IllegalMove."""
    if not reason.strip():
        raise UsageError("Say why with --reason: the author reads it, and the log keeps it.")
    return _decide(post, State.REJECTED, desk, clock, by=by, reason=reason)


def hold(post: Post, desk: Desk, clock: Clock, *, by: str, reason: str) -> Post:
    """Keep a post back until somebody releases it. Raises IllegalMove."""
    return _decide(post, State.ON_HOLD, desk, clock, by=by, reason=reason or "held")


def release(post: Post, desk: Desk, clock: Clock, *, by: str) -> Post:
    """Put a held or failed post back in the queue, to be approved anew. Raises IllegalMove."""
    return _decide(post, State.DRAFTED, desk, clock, by=by, reason="")


def _decide(post: Post, to: State, desk: Desk, clock: Clock, *, by: str, reason: str) -> Post:
    decided = desk.decide(post, to, by=by, reason=reason, now=clock.now())
    log.info(f"post.{to}", post=post.id, channel=post.channel, by=by, reason=reason or None)
    return decided
