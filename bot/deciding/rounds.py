"""The clock decides about posts by the house's policies; each decision is on record by its name."""

from collections.abc import Collection, Iterable
from datetime import datetime

import structlog

from bot.app import App
from bot.deciding.prospects import Prospects
from bot.domain.errors import ContentError, IllegalMove, NotApproved
from bot.domain.policy import UNANSWERED, Policy, Prospect
from bot.domain.post import Post, State
from bot.pipeline import review
from bot.store.inbox import Entry

log = structlog.get_logger(__name__)

#: The `via` of an approval that no person gave.
VIA = "policy"


def decide(app: App, among: Collection[int] | None = None) -> list[Post]:
    """Do what is due for every post that waits; return those that were decided about.

    Idempotent, and safe in several processes at once: a post that anybody touches between being
    judged and being decided about is left alone, and judged anew in the next round.

    Args:
        app: everything, wired.
        among: only these posts, just made; None for all.

    Raises:
        StoreError: the database cannot be used.
    """
    now = app.outbox.clock.now()
    prospects = Prospects(app)
    decided = []
    for entry in _waiting(app, among, now):
        found = prospects.of(entry)
        if found and found.by and found.at <= now and (done := _do(app, entry.post, found)):
            decided.append(done)
    return decided


def _waiting(app: App, among: Collection[int] | None, now: datetime) -> Iterable[Entry]:
    """Return the posts whose time to be decided about can have come."""
    early = _may_be_early(app)
    if among is None:
        return app.store.inbox.undecided(due_by=None if early else now)
    return app.store.inbox.of([*among]).values() if early else ()


def _may_be_early(app: App) -> bool:
    """Whether a policy may let posts go before their time has come."""
    choices = app.settings.approval
    wanted = {choices.policy, *choices.policy_exceptions.values()}
    return not wanted.isdisjoint({Policy.AUTO, Policy.EARNED})


def _do(app: App, post: Post, found: Prospect) -> Post | None:
    desk, clock = app.store.desk, app.outbox.clock
    try:
        if found.to is State.APPROVED:
            return review.approve(post, desk, clock, by=found.who, via=VIA, unchanged=True)
        reason = _reason(app, found.at, found.why)
        return review.unanswered(post, found.to, desk, clock, by=found.who, reason=reason)
    except (NotApproved, IllegalMove, ContentError) as exc:
        log.info("post.not_decided", post=post.id, by=found.who, reason=str(exc))
        return None


def _reason(app: App, at: datetime, why: str) -> str:
    text = f"{UNANSWERED}{at.astimezone(app.house.zone):%H:%M %Z}"
    return f"{text}; no policy could, because {why}." if why else f"{text}."


def was_unanswered(post: Post) -> bool:
    """Whether a post is held only because nobody has answered in time."""
    return post.state is State.ON_HOLD and post.reason.startswith(UNANSWERED)
