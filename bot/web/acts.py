"""What somebody can decide about a post, wherever they are: desk, API, a link or a button.

Every one of these ends in the same function of the pipeline.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot import approving, editing
from bot.app import App
from bot.domain.delivery import Receipt
from bot.domain.errors import IllegalMove, NotApproved, UsageError
from bot.domain.people import Role, User
from bot.domain.post import Post, State
from bot.domain.steps import lowest
from bot.pipeline import review
from bot.pipeline.reconcile import close, resolve
from bot.store import talk
from bot.web.words import platform, web_address, who

#: A post is not put off for longer.
LONGEST_SNOOZE = timedelta(days=7)
LONGEST_ADDRESS = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Somebody's decision about a post.

    Attributes:
        via: from where, for the record: "web", "api", "link", "slack", "telegram".
        reason: why; needed to reject, to hold and to ask for a change.
        until: for a snooze: when it shall be shown again.
    """

    app: App
    user: User
    via: str
    reason: str = ""
    until: datetime | None = None


def approve(post: Post, decision: Decision) -> Post:
    """Say yes to a post exactly as it stands, with time to undo it.

    It goes on waiting where the house's steps want somebody else's yes too.
    """
    app, by, via = decision.app, decision.user.name, decision.via
    grace = timedelta(seconds=app.settings.desk.undo_seconds)
    if post.state is State.APPROVED and (yes := app.store.desk.approval(post)):
        if yes.by == by:
            return post  # pressed twice
        raise IllegalMove(
            f"{platform(post.channel)} is approved already, by {who(yes.by)}; nothing was changed."
        )
    return approving.approve(app, post, by=by, via=via, grace=grace).post


def post_now(post: Post, decision: Decision) -> Post:
    """Let a post go out as soon as it can no longer be taken back; approve it where it waits."""
    if post.state is State.DRAFTED:
        post = approve(post, decision)
    if post.state is not State.APPROVED:
        return post
    return editing.post_now(decision.app, post, by=decision.user.name)


def ask_for_change(post: Post, decision: Decision) -> Post:
    """Keep a post back until somebody has changed it as asked for; it is said beside it, too."""
    app, by = decision.app, decision.user.name
    held = review.ask_for_change(post, app.store.desk, app.clock, by=by, reason=decision.reason)
    said = f"Change wanted ({post.channel}): {decision.reason}"
    app.store.talk.say(post.article_key, said[: talk.LONGEST], by=by, now=app.clock.now())
    return held


def snooze(post: Post, decision: Decision) -> Post:
    """Show a waiting post again at a time. Raises UsageError where that has passed."""
    app, until, now = decision.app, decision.until, decision.app.clock.now()
    if until is None or not now < until <= now + LONGEST_SNOOZE:
        raise UsageError("Choose a time within the next seven days; nothing was changed.")
    return app.store.agenda.snooze(post, until, by=decision.user.name, now=now)


def wake(post: Post, decision: Decision) -> Post:
    """Show a snoozed post again at once."""
    app = decision.app
    return app.store.agenda.snooze(post, None, by=decision.user.name, now=app.clock.now())


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
        if post.state in (State.DRAFTED, State.ON_HOLD):
            is_now = "waiting" if post.state is State.DRAFTED else "on hold"
            raise IllegalMove(
                f"{platform(post.channel)} is {is_now}; there is no approval to take back."
            )
        raise IllegalMove(f"Post {post.id} is {post.state}; it is too late to undo that.")
    return review.release(post, decision.app.store.desk, decision.app.clock, by=decision.user.name)


def answer(app: App, post: Post, said: str, address: str, *, by: str) -> None:
    """Take somebody's word about a post: it is "live" at an address, "absent", or it is "done".

    Raises:
        UsageError: there is no such answer, or no address where one is needed.
        IllegalMove: nothing of the kind is asked.
    """
    match said:
        case "live":
            address = address.strip()
            if not web_address(address) or len(address) > LONGEST_ADDRESS:
                raise UsageError("Give the post's own address, https://…; nothing was changed.")
            receipt = Receipt(remote_id=address, permalink=address, found=True)
            resolve(post, receipt, app.outbox, by=by)
        case "absent":
            resolve(post, None, app.outbox, by=by)
        case "done":
            close(post, app.outbox, by=by)
        case _:
            raise UsageError("There is no such answer; nothing was changed.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One kind of decision.

    Attributes:
        role: the least that may take it.
        done: what it came to, for a person.
        sees: it is about what somebody has seen, so that a change since then refuses it.
        needs_reason: it is not done without saying why.
    """

    do: Callable[[Post, Decision], Post]
    role: Role
    done: str
    sees: bool = False
    needs_reason: bool = False


ACTS: dict[str, Act] = {
    "approve": Act(do=approve, role=Role.APPROVER, done="Approved", sees=True),
    "now": Act(do=post_now, role=Role.APPROVER, done="Goes out now", sees=True),
    "reject": Act(do=reject, role=Role.APPROVER, done="Rejected", needs_reason=True),
    "change": Act(do=ask_for_change, role=Role.EDITOR, done="Change asked for", needs_reason=True),
    "hold": Act(do=hold, role=Role.EDITOR, done="Held", needs_reason=True),
    "snooze": Act(do=snooze, role=Role.EDITOR, done="Put off"),
    "wake": Act(do=wake, role=Role.EDITOR, done="Back among those that wait"),
    "release": Act(do=release, role=Role.EDITOR, done="Released"),
    "undo": Act(do=undo, role=Role.APPROVER, done="Taken back"),
}


def take(action: str, post: Post, decision: Decision) -> Post:
    """Do what somebody has decided about a post as they saw it.

    Where somebody else was faster by a moment, the answer is about the post as it is now.

    Raises:
        BotError: it cannot be done; nothing was changed.
    """
    act = ACTS[action]
    try:
        return act.do(post, decision)
    except (IllegalMove, NotApproved):
        current = decision.app.store.desk.post(post.id)
        if current.state is post.state or current.fingerprint != post.fingerprint:
            raise
        return act.do(current, decision)


def needed(app: App, action: str) -> Role:
    """Return the least role that may decide this.

    Whose yes counts is for the house's steps to say: a first step may be an editor's.
    """
    return lowest(approving.house_steps(app)) if action == "approve" else ACTS[action].role
