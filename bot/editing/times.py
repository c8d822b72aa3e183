"""Another time for a post."""

from datetime import datetime, timedelta

from bot.app import App
from bot.domain.errors import UsageError
from bot.domain.people import Role
from bot.domain.post import Post, State
from bot.pipeline import review

#: A post is not planned further ahead.
FURTHEST = timedelta(days=90)


def reschedule(app: App, post: Post, at: datetime, *, by: str, role: Role) -> Post:
    """Let a post go out at another time; it stays approved only where `role` may approve.

    Raises:
        UsageError: the time has passed or is too far off.
        IllegalMove: the post is on its way or out.
    """
    now = app.clock.now()
    if not now <= at <= now + FURTHEST:
        raise UsageError("Choose a time between now and 90 days from now; nothing was changed.")
    if post.state is State.APPROVED and not role.covers(Role.APPROVER):
        post = review.release(post, app.store.desk, app.clock, by=by)
    return _plan(app, post, at, by, now)


def post_now(app: App, post: Post, *, by: str) -> Post:
    """Let a post go out at once: as soon as it is approved and can no longer be taken back.

    Raises:
        IllegalMove: it is on its way or out.
    """
    now = app.clock.now()
    return _plan(app, post, now, by, now)


def _plan(app: App, post: Post, at: datetime, by: str, now: datetime) -> Post:
    expires = at + timedelta(hours=app.settings.schedule.expire_hours)
    return app.store.agenda.schedule(post, at, expires, by=by, now=now)
