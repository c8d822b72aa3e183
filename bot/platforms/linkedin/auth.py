"""Signing in to LinkedIn: one app for a member, another for pages (LinkedIn, 3-legged OAuth).

LinkedIn's Community Management API, which pages need, must be the only product of its app; and
"Sign In with LinkedIn", which tells who a member is, cannot be on it. So there are two apps.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.domain.accounts import AccessToken, SignedIn
from bot.domain.delivery import Account
from bot.domain.errors import ConfigError
from bot.domain.ports import Clock
from bot.http.client import Session
from bot.http.oauth import OAuth2
from bot.platforms.linkedin import reading
from bot.platforms.linkedin.asking import Asking
from bot.platforms.linkedin.client import Client
from bot.platforms.linkedin.settings import Settings, signed_in

MEMBER_SCOPES = ("openid", "profile", "email", "w_member_social")

#: With one of these roles a member may post for a page (Organization Access Control).
_ROLES = frozenset({"ADMINISTRATOR", "CONTENT_ADMINISTRATOR", "CONTENT_ADMIN"})

#: The apps there are, each with the setting it needs.
APPS = {"member": "BOT_LINKEDIN__CLIENT_ID", "page": "BOT_LINKEDIN__PAGE_CLIENT_ID"}


def sign_in(settings: Settings, clock: Clock, app: str = "") -> "LinkedInSignIn":
    """Return one of the apps; without a name the one that is set up, pages first.

    Raises:
        ConfigError: it is not set up.
    """
    app = app or ("page" if settings.page_client_id else "member")
    if app not in APPS:
        raise ConfigError(f"LinkedIn has no app {app!r}: name {' or '.join(APPS)}.")
    page = app == "page"
    client_id = settings.page_client_id if page else settings.client_id
    secret = settings.page_client_secret if page else settings.client_secret
    if not client_id or not secret.get_secret_value():
        products = (
            "Community Management API" if page else "Share on LinkedIn and Sign In with LinkedIn"
        )
        raise ConfigError(
            f"To sign in to LinkedIn for a {app} set {APPS[app]} and "
            f"{APPS[app].replace('_ID', '_SECRET')}: linkedin.com/developers, an app with the "
            f"product {products}, tab Auth."
        )
    oauth = OAuth2(
        name="LinkedIn",
        client_id=client_id,
        client_secret=secret.get_secret_value(),
        authorize_url=f"{settings.web_url}/oauth/v2/authorization",
        token_url=f"{settings.web_url}/oauth/v2/accessToken",
        revoke_url=f"{settings.web_url}/oauth/v2/revoke",
        scopes=settings.page_scopes.split() if page else MEMBER_SCOPES,
        method="client_secret_post",
        clock=clock,
        session=Session((settings.connect_timeout, settings.read_timeout)),
        pkce=False,  # LinkedIn offers it to native apps only; the secret and the state do its work
    )
    return LinkedInSignIn(settings, clock, oauth, app)


@dataclass(frozen=True)
class LinkedInSignIn:
    """Implements `bot.domain.accounts.SignIn`."""

    settings: Settings
    clock: Clock
    oauth: OAuth2
    app: str

    def address(self, redirect: str, state: str, verifier: str) -> str:
        """Return where a person agrees."""
        return self.oauth.address(redirect, state, verifier)

    def redeem(self, answer: str, redirect: str, state: str, verifier: str) -> AccessToken:
        """Return the token; it lasts 60 days, and is renewable for approved partners only."""
        return self.oauth.redeem(answer, redirect, state, verifier)

    def renew(self, token: AccessToken, keep: Callable[[bytes], None]) -> AccessToken:
        """Return the next token."""
        return self.oauth.renew(token, keep)

    def reread(self, token: AccessToken, answer: bytes, at: datetime) -> AccessToken:
        """Return the next token from an answer that was kept."""
        return self.oauth.reread(token, answer, at)

    def revoke(self, token: AccessToken) -> None:
        """Take the grant back."""
        self.oauth.revoke(token)

    def accounts(self, token: AccessToken) -> Sequence[Account]:
        """Return the member, or the pages the member may post for. Raises Blocked, NotSent."""
        nobody = SignedIn(account=Account(id="", name=""), access_token=token.access_token)
        client = Client(signed_in(self.settings, nobody))
        asking = Asking(client, self.clock, organization=False)
        if self.app == "member":
            me = reading.answer(asking.safely(client.member, "look"))
            return [Account(id=f"urn:li:person:{me['sub']}", name=str(me.get("name") or me["sub"]))]
        return pages(reading.answer(asking.safely(client.roles, "look")))


def pages(answer: dict[str, Any]) -> list[Account]:
    """Return the pages in an answer of organizationAcls, whichever way it names them."""
    elements = answer.get("elements")
    found: dict[str, Account] = {}
    for one in elements if isinstance(elements, list) else []:
        if not isinstance(one, dict) or one.get("role", "ADMINISTRATOR") not in _ROLES:
            continue
        known = one.get("organizationalTarget~") or one.get("organization~")
        known = known if isinstance(known, dict) else {}
        urn = str(one.get("organizationalTarget") or one.get("organization") or "")
        number = urn.rpartition(":")[2] or str(known.get("id") or "")
        if number:
            account = Account(
                id=f"urn:li:organization:{number}",
                name=str(known.get("localizedName") or f"page {number}"),
                handle=str(known.get("vanityName") or ""),
            )
            found[account.id] = account
    return list(found.values())
