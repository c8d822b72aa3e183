"""Signing in at a platform by OAuth 2, the same for every one. Authlib does the protocol."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, TypeVar
from urllib.parse import parse_qs, urlsplit

import requests
from authlib.integrations.requests_client.oauth2_session import OAuth2ClientAuth
from authlib.oauth2 import OAuth2Client, OAuth2Error

from bot.domain.accounts import AccessToken
from bot.domain.errors import Blocked, NotSent, UsageError
from bot.domain.ports import Clock
from bot.http.client import Session, host_of

T = TypeVar("T")

#: Answers of a token endpoint that end a grant (RFC 6749, 5.2). X says invalid_request for a
#: refresh token it does not know.
_FINAL = frozenset({"invalid_grant", "invalid_request", "unauthorized_client", "invalid_client"})


class _Client(OAuth2Client):  # type: ignore[misc]  # Authlib ships no types
    """Authlib's client on our own session, which has timeouts."""

    client_auth_class = OAuth2ClientAuth


@dataclass(frozen=True)
class OAuth2:
    """One app at one platform.

    Attributes:
        name: the platform's, for people.
        authorize_url, token_url, revoke_url: its endpoints.
        method: how the app proves itself: "client_secret_basic", "client_secret_post" or "none".
        pkce: whether the platform takes part in PKCE.
    """

    name: str
    client_id: str
    client_secret: str = field(repr=False)
    authorize_url: str
    token_url: str
    revoke_url: str
    scopes: Sequence[str]
    method: str
    clock: Clock
    session: Session
    pkce: bool = True

    def address(self, redirect: str, state: str, verifier: str) -> str:
        """Return where a person agrees."""
        url, _ = self._client(redirect).create_authorization_url(
            self.authorize_url, state=state, code_verifier=verifier if self.pkce else None
        )
        return str(url)

    def redeem(self, answer: str, redirect: str, state: str, verifier: str) -> AccessToken:
        """Return the token for the address the browser was sent to.

        Raises:
            UsageError: it is no answer to this question, or a no.
            Blocked, NotSent: the platform does not give one, or does not answer.
        """
        code = self._code(answer, state)
        proof = {"code_verifier": verifier} if self.pkce else {}
        return self._token(
            lambda: self._client(redirect).fetch_token(
                self.token_url, code=code, grant_type="authorization_code", **proof
            )
        )

    def renew(self, token: AccessToken, keep: Callable[[bytes], None]) -> AccessToken:
        """Return the next token. Raises Blocked, NotSent.

        `keep` is given the answer as it came, before anything is made of it.
        """

        def came(response: requests.Response, **others: Any) -> None:
            del others
            if response.ok:
                keep(response.content)

        self.session.hooks["response"] = [came]
        client = self._client("")
        made = self._token(lambda: client.refresh_token(self.token_url, token.refresh_token))
        return _renewable(made, token)

    def reread(self, token: AccessToken, answer: bytes, at: datetime) -> AccessToken:
        """Return the next token from an answer that was kept when it came, `at`. Raises NotSent."""
        try:
            body = json.loads(answer)
        except (ValueError, RecursionError):
            body = None
        return _renewable(self._read(body if isinstance(body, dict) else {}, at), token)

    def revoke(self, token: AccessToken) -> None:
        """Take the grant back. Raises Blocked, NotSent."""
        for kind in ("refresh_token", "access_token"):
            value = getattr(token, kind)
            if value:
                response = self._asked(
                    lambda value=value, kind=kind: self._client("").revoke_token(  # type: ignore[misc]
                        self.revoke_url, token=value, token_type_hint=kind
                    )
                )
                if response.status_code >= 300:
                    text = f"{self.name} did not take the sign-in back ({response.status_code})."
                    raise NotSent(text, status=response.status_code, raw=response.text)

    def _client(self, redirect: str) -> _Client:
        self.session.max_redirects = 0  # secrets go to the platform's own address only
        return _Client(
            self.session,
            client_id=self.client_id,
            client_secret=self.client_secret,
            token_endpoint_auth_method=self.method,
            revocation_endpoint_auth_method=self.method,
            scope=" ".join(self.scopes),
            redirect_uri=redirect,
            code_challenge_method="S256" if self.pkce else None,
        )

    def _code(self, answer: str, state: str) -> str:
        given = {name: values[0] for name, values in parse_qs(urlsplit(answer).query).items()}
        if given.get("state") != state:
            raise UsageError(
                "This address is not the answer to this sign-in (its state is another one). "
                "Nothing was kept. Start again: bot auth."
            )
        if "error" in given:
            why = given.get("error_description") or given["error"]
            raise UsageError(f"{self.name} did not let the bot in: {why}. Nothing was kept.")
        if not given.get("code"):
            raise UsageError("This address has no code in it. Copy the whole address.")
        return given["code"]

    def _token(self, ask: Callable[[], Any]) -> AccessToken:
        now = self.clock.now()
        try:
            answer = self._asked(ask)
        except OAuth2Error as exc:
            text = f"{self.name} refuses the sign-in: {exc.description or exc.error}."
            if exc.error in _FINAL:
                raise Blocked(text, raw=str(exc)) from exc
            raise NotSent(text, raw=str(exc)) from exc
        return self._read(answer, now)

    def _read(self, answer: Mapping[str, Any], now: datetime) -> AccessToken:
        access = answer.get("access_token")
        if not isinstance(access, str) or not access:
            raise NotSent(f"{self.name} answered without a token. Nothing was kept; try again.")
        scopes = str(answer.get("scope") or " ".join(self.scopes)).replace(",", " ").split()
        return AccessToken(
            access_token=access,
            refresh_token=str(answer.get("refresh_token") or ""),
            scopes=tuple(scopes),
            expires_at=_after(now, answer.get("expires_in")),
            refresh_expires_at=_after(now, answer.get("refresh_token_expires_in")),
        )

    def _asked(self, ask: Callable[[], T]) -> T:
        try:
            return ask()
        except requests.HTTPError as exc:
            status = exc.response.status_code if exc.response is not None else None
            text = f"{self.name} answered {status} to the sign-in. Nothing was changed; try again."
            raise NotSent(text, status=status) from exc
        except (requests.RequestException, ValueError) as exc:
            where = host_of(exc) if isinstance(exc, requests.RequestException) else self.name
            text = f"{where} does not answer the sign-in. Nothing was changed; try again."
            raise NotSent(text) from exc


def _renewable(made: AccessToken, before: AccessToken) -> AccessToken:
    """Return the next token; where no new refresh token came, the old one goes on (RFC 6749, 6)."""
    return replace(made, refresh_token=made.refresh_token or before.refresh_token)


def _after(now: datetime, seconds: Any) -> datetime | None:
    try:
        return now + timedelta(seconds=float(seconds))
    except (TypeError, ValueError, OverflowError):
        return None
