"""What somebody can decide about a post, wherever they are: desk, API, a link or a button.

Every one of these ends in the same function of the pipeline.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from bot.app import App
from bot.domain.errors import IllegalMove
from bot.domain.people import Role, User
from bot.domain.post import Post, State
from bot.pipeline import review


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Somebody's decision about a post.

    Attributes:
        via: from where, for the record: "web", "api", "link", "slack", "telegram".
        reason: why; needed to reject.
    """

    app: App
    user: User
    via: str
    reason: str = ""


def approve(post: Post, decision: Decision) -> Post:
    """Let a post go out exactly as it stands, with time to undo it."""
    app = decision.app
    grace = timedelta(seconds=app.settings.desk.undo_seconds)
    by, via = decision.user.name, decision.via
    return review.approve(post, app.store.desk, app.clock, by=by, via=via, grace=grace)


def reject(post: Post, decision: Decision) -> Post:
    """Refuse a post for good."""
    app, by = decision.app, decision.user.name
    return review.reject(post, app.store.desk, app.clock, by=by, reason=decision.reason)


def hold(post: Post, decision: Decision) -> Post:
    """Keep a post back."""
    app, by = decision.app, decision.user.name
    return review.hold(post, app.store.desk, app.clock, by=by, reason=decision.reason)


def release(post: Post, decision: Decision) -> Post:
    """Put a held or failed post back among those that wait."""
    if post.state not in (State.ON_HOLD, State.FAILED):
        raise IllegalMove(f"Post {post.id} is {post.state}; only what is held can be released.")
    return review.release(post, decision.app.store.desk, decision.app.clock, by=decision.user.name)


def undo(post: Post, decision: Decision) -> Post:
    """Take an approval back, while the post has not begun to go out."""
    if post.state is not State.APPROVED:
        raise IllegalMove(f"Post {post.id} is {post.state}; it is too late to undo that.")
    return review.release(post, decision.app.store.desk, decision.app.clock, by=decision.user.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One kind of decision.

    Attributes:
        role: the least that may take it.
        done: what it came to, for a person.
        sees: it is about what somebody has seen, so that a change since then refuses it.
    """

    do: Callable[[Post, Decision], Post]
    role: Role
    done: str
    sees: bool = False


ACTS: dict[str, Act] = {
    "approve": Act(do=approve, role=Role.APPROVER, done="Approved", sees=True),
    "reject": Act(do=reject, role=Role.APPROVER, done="Rejected"),
    "hold": Act(do=hold, role=Role.EDITOR, done="Held"),
    "release": Act(do=release, role=Role.EDITOR, done="Released"),
    "undo": Act(do=undo, role=Role.APPROVER, done="Taken back"),
}
