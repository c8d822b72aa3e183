"""Somebody at the desk says yes to a post: by the house's steps, and not to their own words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.app import App
from bot.deciding.rounds import was_unanswered
from bot.domain import steps
from bot.domain.errors import BotError, IllegalMove
from bot.domain.people import Role
from bot.domain.post import Post, State
from bot.pipeline import review


class NotYours(BotError):  # noqa: N818 -- reads as a sentence where it is raised
    """This person's yes does not count for this post; nothing was changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Yes:
    """What somebody's yes came to.

    Attributes:
        post: as it is now.
        missing: whose yes it still needs, in words; empty where it goes out.
    """

    post: Post
    missing: tuple[str, ...] = ()


def approve(app: App, post: Post, *, by: str, via: str, grace: timedelta = timedelta(0)) -> Yes:
    """Count somebody's yes to exactly the content of `post`; with the last one it goes out.

    A post that is held only because nobody answered in time is released by it; one that somebody
    holds is not.

    Raises:
        NotYours: their role is too low, they wrote it, or their yes was counted already.
        ContentError: a blocking finding stands against it.
        NotApproved: it was changed since it was shown.
        IllegalMove: it is not waiting for an approval.
    """
    people = roles(app)
    role = people.get(by, Role.ADMIN)
    _may(app, post, by, role)
    if was_unanswered(post):
        post = review.release(post, app.store.desk, app.clock, by=by)
    before = missing(app, post)

    def enough(names: Sequence[str]) -> bool:
        return not steps.missing(house_steps(app), names, people)

    if post.state is State.DRAFTED and len(before) > 1:
        said = [approval.by for approval in app.store.desk.approvals(post)]
        if len(steps.missing(house_steps(app), [*said, by], people)) >= len(before):
            raise NotYours(f"Your yes is not the one it needs: {', '.join(before)}. Nothing done.")
    approved = review.approve(
        post, app.store.desk, app.clock, by=by, via=via, grace=grace, enough=enough
    )
    return Yes(post=approved, missing=missing(app, approved))


def missing(app: App, post: Post) -> tuple[str, ...]:
    """Return whose yes a post still needs, in words."""
    said = [approval.by for approval in app.store.desk.approvals(post)]
    return still_missing(app, post, said, roles(app))


def still_missing(
    app: App, post: Post, said: Sequence[str], people: Mapping[str, Role]
) -> tuple[str, ...]:
    """Return whose yes a post still needs once these have said it, where roles are known."""
    if post.state is not State.DRAFTED:
        return ()
    return steps.missing(house_steps(app), said, people)


def roles(app: App) -> dict[str, Role]:
    """Return who may sign in and what each may do."""
    return {u.name: u.role for u in app.store.people.all() if u.disabled_at is None}


def house_steps(app: App) -> tuple[steps.Step, ...]:
    """Return the steps the house wants."""
    return steps.read(app.settings.approval.steps)


def _may(app: App, post: Post, by: str, role: Role) -> None:
    lowest = steps.lowest(house_steps(app))
    if not role.covers(lowest):
        raise NotYours(
            f"Approving takes the role {lowest}; you are {role}. Nothing was changed. Ask an admin."
        )
    said = {approval.by for approval in app.store.desk.approvals(post)}
    if post.state is State.DRAFTED and by in said:
        raise IllegalMove(f"Post {post.id}: your yes is counted already; others' are missing.")
    if app.settings.approval.not_own and _author(app, post) == by:
        raise NotYours(
            f"Post {post.id} has your words; somebody else approves it. Nothing was changed."
        )


def _author(app: App, post: Post) -> str:
    return next((w.by for w in app.store.wordings.of_post(post.id)), "bot")
