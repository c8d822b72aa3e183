"""One-time links by which people set their password."""

from datetime import timedelta

from bot.app import App
from bot.app.keys import digest, new_secret
from bot.domain.people import User

#: How long a link may be used.
LASTS = timedelta(hours=48)


def one_time(app: App, user: User, url: str, *, by: str) -> str:
    """Return a link by which `user` sets a password, once; an earlier one is void."""
    secret, now = new_secret(), app.clock.now()
    app.store.people.link(user, digest(secret), until=now + LASTS, by=by, now=now)
    return f"{url}/welcome/{secret}"
