"""OAuth 2 at a stand-in: the page on which a person agrees, codes, tokens, and taking them back.

RFC 6749 (authorization code), 7636 (PKCE), 7009 (revocation). Tokens are never real ones: they
open nothing but this sandbox.
"""

import base64
import hashlib
import hmac
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from bot.http.sandbox.pages import environment
from bot.http.sandbox.wire import Answer, Call, Refused

_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


@dataclass(frozen=True, slots=True, kw_only=True)
class App:
    """A developer's app at a platform.

    Attributes:
        secret: "" for a public client, which proves itself by PKCE alone.
        scopes: what its products let it ask for.
    """

    client_id: str
    secret: str
    title: str
    scopes: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class Consent:
    """The sign-in of one platform.

    Attributes:
        name: the platform's.
        action: path of the page on which a person agrees, below the platform's root.
        code_life: how long a code can be redeemed.
        token_life: how long an access token lasts.
        renewable: whether a token comes with a refresh token, good for one use.
        grace: how long a spent refresh token still works (a lost answer can then be asked again).
        unscoped: what the platform calls a scope the app may not ask for.
    """

    name: str
    title: str
    action: str
    apps: Sequence[App]
    code_life: timedelta
    token_life: timedelta
    renewable: Callable[[Sequence[str]], bool]
    grace: timedelta = timedelta(0)
    unscoped: str = "invalid_scope"
    challenge: bool = False
    _page: Any = field(default_factory=lambda: environment().get_template("consent.html"))

    def page(self, call: Call) -> Answer:
        """Show what is asked for, or send the browser back with an error."""
        asked = dict(call.query)
        app, error = self._asked(asked)
        if error:
            return self._back(asked, {"error": error})
        scopes = asked.get("scope", "").split()
        html = self._page.render(
            title=self.title,
            app=app.title,
            scopes=scopes,
            fields=asked,
            action=f"{call.root}{self.action}",
        )
        policy = (
            "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none';"
            " form-action 'self' http://127.0.0.1:* http://localhost:*; frame-ancestors 'none'"
        )
        return Answer(body=html, headers={"Content-Security-Policy": policy})

    def decide(self, call: Call) -> Answer:
        """Send the browser back with a code, or with a no."""
        asked = form(call)
        app, error = self._asked(asked)
        if error or asked.get("decision") != "allow":
            return self._back(asked, {"error": error or "access_denied"})
        number = call.state.next(f"{self.name}.codes")
        code = _opaque(self.name, "code", number)
        document = {
            "client_id": app.client_id,
            "redirect_uri": asked["redirect_uri"],
            "challenge": asked.get("code_challenge", ""),
            "scopes": asked.get("scope", "").split(),
            "until": (call.now + self.code_life).isoformat(),
            "used": False,
        }
        call.state.put(f"{self.name}.codes", code, document)
        return self._back(asked, {"code": code})

    def token(self, call: Call) -> Answer:
        """Answer the token endpoint."""
        asked = form(call)
        app = self._app(call, asked)
        if asked.get("grant_type") == "authorization_code":
            return self._redeemed(call, asked, app)
        if asked.get("grant_type") == "refresh_token":
            return self._renewed(call, asked, app)
        raise _no("unsupported_grant_type", "This grant_type is not supported.")

    def revoke(self, call: Call) -> Answer:
        """Take a token back; one that is not known is fine (RFC 7009, 2.2)."""
        asked = form(call)
        self._app(call, asked)
        for token in call.state.all(f"{self.name}.tokens"):
            if asked.get("token") in {token["access_token"], token["refresh_token"]}:
                self._keep(call, token | {"revoked": True})
        return Answer(body={"revoked": True})

    def granted(self, call: Call, access_token: str) -> dict[str, Any] | None:
        """Return what is known of an access token, None for one never given."""
        return call.state.get(f"{self.name}.tokens", access_token)

    def _redeemed(self, call: Call, asked: Mapping[str, str], app: App) -> Answer:
        code = call.state.get(f"{self.name}.codes", asked.get("code", ""))
        if (
            code is None
            or code["used"]
            or datetime.fromisoformat(code["until"]) <= call.now
            or code["client_id"] != app.client_id
            or code["redirect_uri"] != asked.get("redirect_uri")
        ):
            raise _no("invalid_grant", "The code is unknown, used or too old.")
        if code["challenge"] and code["challenge"] != _s256(asked.get("code_verifier", "")):
            raise _no("invalid_grant", "The code_verifier does not match the code_challenge.")
        call.state.put(f"{self.name}.codes", asked["code"], code | {"used": True})
        return self._new(call, app, code["scopes"])

    def _renewed(self, call: Call, asked: Mapping[str, str], app: App) -> Answer:
        given = asked.get("refresh_token", "")
        known = next(
            (one for one in call.state.all(f"{self.name}.tokens") if one["refresh_token"] == given),
            None,
        )
        if not given or known is None or known["revoked"] or known["client_id"] != app.client_id:
            raise _no("invalid_request", "Value passed for the token was invalid.")
        if known["spent"] and datetime.fromisoformat(known["spent"]) + self.grace <= call.now:
            raise _no("invalid_request", "Value passed for the token was invalid.")
        self._keep(call, known | {"spent": known["spent"] or call.now.isoformat()})
        return self._new(call, app, known["scopes"])

    def _new(self, call: Call, app: App, scopes: Sequence[str]) -> Answer:
        number = call.state.next(f"{self.name}.tokens")
        renewable = self.renewable(scopes)
        token = {
            "access_token": _opaque(self.name, "access", number),
            "refresh_token": _opaque(self.name, "refresh", number) if renewable else "",
            "client_id": app.client_id,
            "scopes": list(scopes),
            "since": call.now.isoformat(),
            "until": (call.now + self.token_life).isoformat(),
            "spent": "",
            "revoked": False,
        }
        self._keep(call, token)
        body: dict[str, Any] = {
            "token_type": "bearer",
            "access_token": token["access_token"],
            "expires_in": int(self.token_life.total_seconds()),
            "scope": " ".join(scopes),
        }
        if renewable:
            body["refresh_token"] = token["refresh_token"]
        return Answer(body=body)

    def _keep(self, call: Call, token: dict[str, Any]) -> None:
        call.state.put(f"{self.name}.tokens", token["access_token"], token)

    def _asked(self, asked: Mapping[str, str]) -> tuple[App, str]:
        """Return the app and an error to send back; refuse what cannot even be sent back."""
        app = next((app for app in self.apps if app.client_id == asked.get("client_id")), None)
        host = urlsplit(asked.get("redirect_uri", "")).hostname
        if app is None or host not in _LOOPBACK:
            text = f"{self.title}: the client id or the callback address is not registered."
            raise Refused(Answer(status=400, body=text))
        if asked.get("response_type") != "code" or not asked.get("state"):
            return app, "invalid_request"
        if self.challenge and asked.get("code_challenge_method") != "S256":
            return app, "invalid_request"
        scopes = set(asked.get("scope", "").split())
        return app, "" if scopes and scopes <= app.scopes else self.unscoped

    def _app(self, call: Call, asked: Mapping[str, str]) -> App:
        client_id, secret = asked.get("client_id", ""), asked.get("client_secret", "")
        scheme, _, value = call.headers.get("authorization", "").partition(" ")
        if scheme.lower() == "basic":
            client_id, _, secret = base64.b64decode(value).decode().partition(":")
        for app in self.apps:
            if app.client_id == client_id and hmac.compare_digest(app.secret, secret):
                return app
        raise _no("invalid_client", "The client cannot be authenticated.", status=401)

    @staticmethod
    def _back(asked: Mapping[str, str], given: dict[str, str]) -> Answer:
        more = urlencode({**given, "state": asked.get("state", "")})
        separator = "&" if urlsplit(asked["redirect_uri"]).query else "?"
        address = f"{asked['redirect_uri']}{separator}{more}"
        return Answer(status=302, headers={"Location": address, "Cache-Control": "no-store"})


def form(call: Call) -> dict[str, str]:
    """Return the fields of an ordinary form."""
    return dict(parse_qsl(call.body.decode("utf-8", "replace")))


def _opaque(*parts: object) -> str:
    return hashlib.sha256("/".join(str(part) for part in parts).encode()).hexdigest()[:40]


def _s256(verifier: str) -> str:
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def _no(error: str, description: str, *, status: int = 400) -> Refused:
    return Refused(Answer(status=status, body={"error": error, "error_description": description}))
