"""Signing in to X: OAuth 2 with PKCE (X API, OAuth 2.0 Authorization Code Flow)."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.accounts import AccessToken, SignedIn
from bot.domain.delivery import Account
from bot.domain.errors import ConfigError
from bot.domain.ports import Clock
from bot.http.client import Session
from bot.http.oauth import OAuth2
from bot.platforms.x.publisher import connect
from bot.platforms.x.settings import Settings

#: What posting takes; offline.access gives the token that renews, which X exchanges at each use.
SCOPES = ("tweet.read", "tweet.write", "users.read", "media.write", "offline.access")

#: The apps there are, each with the settings it needs and what it is for.
APPS = {"": "BOT_X__CLIENT_ID"}


def sign_in(settings: Settings, clock: Clock, app: str = "") -> "XSignIn":
    """Return the app. Raises ConfigError where it is not set up."""
    if not settings.client_id:
        raise ConfigError(
            "To sign in to X set BOT_X__CLIENT_ID (and BOT_X__CLIENT_SECRET for a confidential "
            "client): developer.x.com, your app, User authentication settings. Or use the four "
            "keys of OAuth 1.0a, which never end."
        )
    secret = settings.client_secret.get_secret_value()
    oauth = OAuth2(
        name="X",
        client_id=settings.client_id,
        client_secret=secret,
        authorize_url=f"{settings.web_url}/i/oauth2/authorize",
        token_url=f"{settings.base_url}/2/oauth2/token",
        revoke_url=f"{settings.base_url}/2/oauth2/revoke",
        scopes=SCOPES,
        method="client_secret_basic" if secret else "none",
        clock=clock,
        session=Session((settings.connect_timeout, settings.read_timeout)),
    )
    return XSignIn(settings, clock, oauth, app)


@dataclass(frozen=True)
class XSignIn:
    """Implements `bot.domain.accounts.SignIn`."""

    settings: Settings
    clock: Clock
    oauth: OAuth2
    app: str = ""

    def address(self, redirect: str, state: str, verifier: str) -> str:
        """Return where a person agrees."""
        return self.oauth.address(redirect, state, verifier)

    def redeem(self, answer: str, redirect: str, state: str, verifier: str) -> AccessToken:
        """Return the token. The code X gives is good for 30 seconds only."""
        return self.oauth.redeem(answer, redirect, state, verifier)

    def accounts(self, token: AccessToken) -> Sequence[Account]:
        """Return the account that agreed; costs a user read. Raises Blocked, NotSent."""
        nobody = Account(id="", name="")
        who = connect(
            self.settings, self.clock, SignedIn(account=nobody, access_token=token.access_token)
        )
        found = who.check()
        return [found] if re.fullmatch(r"[0-9]{1,19}", found.id) else []

    def renew(self, token: AccessToken, keep: Callable[[bytes], None]) -> AccessToken:
        """Return the next token; X takes the refresh token only once."""
        return self.oauth.renew(token, keep)

    def reread(self, token: AccessToken, answer: bytes, at: datetime) -> AccessToken:
        """Return the next token from an answer that was kept."""
        return self.oauth.reread(token, answer, at)

    def revoke(self, token: AccessToken) -> None:
        """Take the grant back."""
        self.oauth.revoke(token)
