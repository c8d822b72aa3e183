"""An editor's or a policy's decision about a post."""

from collections.abc import Sequence
from datetime import timedelta

import structlog

from bot.domain.desk import Desk
from bot.domain.errors import ContentError, IllegalMove, UsageError
from bot.domain.ports import Clock
from bot.domain.post import NEXT, Content, Finding, Level, Post, State
from bot.domain.spans import span
from bot.domain.steps import Enough, whoever

log = structlog.get_logger(__name__)

_NOW = timedelta(0)


def approve(  # noqa: PLR0913 -- what is approved, by whom, from where, and the house's terms
    post: Post,
    desk: Desk,
    clock: Clock,
    *,
    by: str,
    via: str,
    grace: timedelta = _NOW,
    enough: Enough = whoever,
    unchanged: bool = False,
) -> Post:
    """Approve exactly the content of `post`; nothing is sent while `grace` lasts.

    While `enough` says no to the names of all who approved it, it goes on waiting. A policy asks
    for `unchanged`: nothing else about the post may have changed, and nothing stand against it.

    Raises:
        ContentError: a blocking finding stands against it; no policy and no person may pass it.
        NotApproved: it was changed since it was read.
        IllegalMove: it is not waiting for an approval.
    """
    if post.state is State.ON_HOLD:
        raise IllegalMove(f"Post {post.id} is on hold: {post.reason} Release it first.")
    if State.APPROVED not in NEXT[post.state] or post.state in (State.SENDING, State.UNCLEAR):
        raise IllegalMove(f"Post {post.id} is {post.state}; there is nothing to approve.")
    blocking = [f.message for f in desk.findings(post.id) if f.level is Level.BLOCK]
    if blocking:
        raise ContentError(
            f"Post {post.id} cannot be approved: {' '.join(blocking)} Edit it first; nothing was changed."
        )
    now = clock.now()
    until = now + grace if grace else None
    with span("approve", article=post.article_key, post=post.id, channel=post.channel) as outcome:
        approved = desk.approve(
            post, by=by, via=via, now=now, grace_until=until, enough=enough, unchanged=unchanged
        )
        outcome |= {"by": by, "via": via, "state": approved.state}
    log.info(
        "post.approved" if approved.state is State.APPROVED else "post.agreed",
        post=post.id,
        channel=post.channel,
        article=post.article_key,
        by=by,
        via=via,
    )
    return approved


def edit(  # noqa: PLR0913 -- what is changed, into what, and by whom
    post: Post,
    content: Content,
    findings: Sequence[Finding],
    desk: Desk,
    clock: Clock,
    *,
    by: str,
    link_policy: str | None = None,
) -> Post:
    """Replace what readers will see; whatever approval there was is void.

    Args:
        post: as the editor saw it.
        content: what shall stand there instead.
        findings: what the house's rules say about it.
        desk: where the posts are.
        clock: the time.
        by: who changed it.
        link_policy: where its link goes from now on; None leaves that as it is.

    Raises:
        NotApproved: somebody else changed it meanwhile; nothing was saved.
        IllegalMove: it is on its way or out.
    """
    now = clock.now()
    changed = desk.edit(post, content, findings, by=by, now=now, link_policy=link_policy)
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


def unanswered(post: Post, to: State, desk: Desk, clock: Clock, *, by: str, reason: str) -> Post:
    """Hold or expire a post that nobody has decided about, where it still is as it was read.

    Raises:
        NotApproved: somebody has done something about it meanwhile; nothing was done.
        IllegalMove: it does not wait any more.
    """
    now = clock.now()
    decided = desk.decide(post, to, by=by, reason=reason, now=now, unchanged=True)
    log.warning(f"post.{to}", post=post.id, channel=post.channel, by=by, reason=reason)
    return decided


def ask_for_change(post: Post, desk: Desk, clock: Clock, *, by: str, reason: str) -> Post:
    """Keep a post back until somebody has changed it as asked for.

    Raises:
        UsageError: nothing is asked for.
        IllegalMove: it is on its way, out, or over.
    """
    if not reason.strip():
        raise UsageError("Say what shall be changed: the author reads it. Nothing was changed.")
    asks = f"{by} asks for a change: {reason}"
    return _decide(post, State.ON_HOLD, desk, clock, by=by, reason=reason, asks=asks)


def release(post: Post, desk: Desk, clock: Clock, *, by: str) -> Post:
    """Put a held or failed post back in the queue, to be approved anew. Raises IllegalMove."""
    return _decide(post, State.DRAFTED, desk, clock, by=by, reason="")


def _decide(  # noqa: PLR0913 -- a post's move with all that goes with it
    post: Post, to: State, desk: Desk, clock: Clock, *, by: str, reason: str, asks: str = ""
) -> Post:
    decided = desk.decide(post, to, by=by, reason=reason, now=clock.now(), asks=asks)
    log.info(f"post.{to}", post=post.id, channel=post.channel, by=by, reason=reason or None)
    return decided
