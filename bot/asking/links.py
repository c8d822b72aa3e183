"""Links by which one person decides about some posts, once, without signing in."""

from collections.abc import Sequence
from datetime import timedelta

from bot.app import App
from bot.app.keys import digest, new_secret
from bot.domain.access import Invitation
from bot.domain.people import Role, User
from bot.domain.post import Post


def link_for(app: App, name: str, posts: Sequence[Post]) -> str:
    """Return an address by which this person decides about these posts as they are now.

    "" where there is no such approver, or the desk has no address for people.
    """
    user = app.store.people.find(name)
    if user is None or not user.may(Role.APPROVER) or not app.settings.desk.url:
        return ""
    return f"{app.settings.desk.url}/links/{invite(app, user, posts)}"


def invite(app: App, user: User, posts: Sequence[Post]) -> str:
    """Return the secret of a new link; only its digest is kept."""
    secret, now = new_secret(), app.clock.now()
    invitation = Invitation(
        user=user,
        action="decide",
        posts=tuple((post.id, post.fingerprint) for post in posts),
        expires_at=now + timedelta(minutes=app.settings.asking.link_minutes),
    )
    app.store.invitations.add(digest(secret), invitation, now=now)
    return secret
