"""Making a token: its secret is shown once and kept as a digest."""

from datetime import timedelta

from bot.app import App
from bot.app.keys import digest, new_secret
from bot.domain.access import Grant, Scope, Token
from bot.domain.people import User

#: What our tokens begin with, so that a leaked one is recognised by those who look for them.
PREFIX = "smbot_"


def issue(
    app: App, user: User, scopes: frozenset[Scope], *, name: str, days: int, by: str
) -> tuple[Token, str]:
    """Return a new token and its secret, which nobody can look up afterwards.

    Raises:
        UsageError: its owner may not do what it shall be for.
    """
    now = app.clock.now()
    secret = PREFIX + new_secret()
    grant = Grant(user=user, name=name, scopes=scopes, until=now + timedelta(days=days))
    return app.store.tokens.add(digest(secret), grant, by=by, now=now), secret
