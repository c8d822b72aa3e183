"""The stand-in X's account: who may do what, how often and for how much."""

import string
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from oauthlib.oauth1 import RequestValidator, SignatureOnlyEndpoint

from bot.domain.ports import Measure
from bot.http.sandbox import ACCOUNT_NAME, Answer, App, Call, Consent, Refused
from bot.platforms.x import dialect
from bot.platforms.x.sandbox_requests import problem

USER_ID = "1799000000000000042"
CONSUMER_KEY = "SandboxConsumerKey0000000"
CONSUMER_SECRET = "sandbox-consumer-secret-not-a-real-one"  # noqa: S105 -- opens nothing but this sandbox
ACCESS_TOKEN = f"{USER_ID}-SandboxAccessToken"
ACCESS_TOKEN_SECRET = "sandbox-access-token-secret-not-a-real-one"  # noqa: S105
READ_ONLY_TOKEN = f"{USER_ID}-SandboxReadOnlyToken"
BEARER_TOKEN = "sandbox-oauth2-user-token"  # noqa: S105
CLIENT_ID = "SandboxClientId0000000000"
CLIENT_SECRET = "sandbox-client-secret-not-a-real-one"  # noqa: S105
APP_ONLY_TOKEN = "sandbox-oauth2-app-only-token"  # noqa: S105

#: What an OAuth 2 token must have been granted for an endpoint (openapi.json 2.167).
SCOPES = ("tweet.read", "tweet.write", "users.read", "media.write", "offline.access")
_SCOPES = {"create": "tweet.write", "delete": "tweet.write", "me": "users.read"}
_MEDIA = frozenset({"upload", "status", "initialize", "append", "finalize", "metadata"})

_READS = frozenset({"me", "timeline", "lookup", "status"})

#: Requests per 15 minutes and user (X, "Rate limits"; user context).
WINDOW = timedelta(minutes=15)
WINDOW_LIMITS = {
    "create": 100,
    "delete": 50,
    "lookup": 900,
    "timeline": 900,
    "me": 75,
    "upload": 500,
    "status": 1000,
    "initialize": 1875,
    "append": 1875,
    "finalize": 1875,
    "metadata": 500,
}

#: US dollars (X, "Pricing", pay-per-use credits, April 2026).
PRICES = {
    "post": Decimal("0.015"),
    "post_with_url": Decimal("0.200"),
    "summoned_reply": Decimal("0.010"),
    "metadata": Decimal("0.005"),
    "delete": Decimal("0.010"),
    "read": Decimal("0.005"),
    "owned_read": Decimal("0.001"),
    "user": Decimal("0.010"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What a test or rehearsal may set.

    Attributes:
        limit: the most a post may measure.
        duplicate_window: how long a text counts as used; X does not publish it.
        credits: US dollars the account has; None for as many as it likes.
        app_day_limit, user_day_limit: posts per 24 hours.
        index_delay: until a new post shows in the timeline (reads are eventually consistent).
        edit_window: how long a post can be edited; none for an account without Premium.
        refresh_grace: how long a spent refresh token still works.
    """

    limit: int = 280
    duplicate_window: timedelta = timedelta(hours=24)
    credits: Decimal | None = None
    prices: Mapping[str, Decimal] = field(default_factory=lambda: PRICES)
    window_limits: Mapping[str, int] = field(default_factory=lambda: WINDOW_LIMITS)
    app_day_limit: int = 10_000
    user_day_limit: int = 2_400
    index_delay: timedelta = timedelta(0)
    edit_window: timedelta | None = timedelta(minutes=30)
    refresh_grace: timedelta = timedelta(0)


class Account:
    """Lets requests in, or says why not, the way X does: who, how often, with what money."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self._dialect = dialect.make(options)
        self._oauth1 = SignatureOnlyEndpoint(_Secrets())
        self.consent = Consent(
            name="x",
            title="X",
            action="/web/i/oauth2/authorize",
            apps=[
                App(
                    client_id=CLIENT_ID,
                    secret=CLIENT_SECRET,
                    title=ACCOUNT_NAME,
                    scopes=frozenset(SCOPES),
                )
            ],
            code_life=timedelta(seconds=30),
            token_life=timedelta(hours=2),
            renewable=lambda scopes: "offline.access" in scopes,
            grace=options.refresh_grace,
            challenge=True,
        )

    def measure(self, text: str) -> Measure:
        """Count `text` as X does."""
        return self._dialect.measure(text)

    def guard(self, endpoint: str, handler: Callable[[Call], Answer]) -> Callable[[Call], Answer]:
        """Return `handler` behind sign-in, limits and credits, with the limit headers added."""

        def answer(call: Call) -> Answer:
            self._sign_in(call, endpoint)
            headers = self._count(call, endpoint)
            try:
                self._afford(call)
                given = handler(call)
            except Refused as exc:
                given = exc.answer
            return replace(given, headers={**headers, **given.headers})

        return answer

    def charge(self, call: Call, price: str, endpoint: str, read: str = "") -> None:
        """Record what a call costs; a thing read twice in a UTC day (`read`) costs once."""
        if read:
            key = f"{call.now.date()}:{price}:{read}"
            if call.state.get("x.reads", key):
                return
            call.state.put("x.reads", key, {"read": True})
        usd = str(self.options.prices[price])
        entry = {"endpoint": f"x.{endpoint}", "price": price, "usd": usd}
        call.state.append("x.charges", entry | {"at": call.now.isoformat()})

    def _sign_in(self, call: Call, endpoint: str) -> None:
        scheme, _, rest = call.headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer":
            if rest == APP_ONLY_TOKEN and endpoint not in {"timeline", "lookup"}:
                raise problem(
                    403,
                    "Authenticating with OAuth 2.0 Application-Only is forbidden for this endpoint."
                    "  Supported authentication types are [OAuth 1.0a User Context,"
                    " OAuth 2.0 User Context].",
                    title="Unsupported Authentication",
                    kind="unsupported-authentication",
                )
            if rest not in {BEARER_TOKEN, APP_ONLY_TOKEN}:
                self._check_grant(call, rest, endpoint)
            return
        token = self._signed_by(call) if scheme.lower() == "oauth" else None
        if token is None:
            raise problem(401, "Unauthorized")
        if token == READ_ONLY_TOKEN and endpoint not in _READS:
            raise problem(
                403,
                "Your client app is not configured with the appropriate oauth1 app permissions"
                " for this endpoint.",
                kind="oauth1-permissions",
            )

    def _check_grant(self, call: Call, token: str, endpoint: str) -> None:
        """Refuse a token that was not given here, has ended, or does not reach so far."""
        grant = self.consent.granted(call, token)
        ended = grant and datetime.fromisoformat(grant["until"]) <= call.now
        if grant is None or grant["revoked"] or ended:
            raise problem(401, "Unauthorized")
        needed = _SCOPES.get(endpoint, "media.write" if endpoint in _MEDIA else "tweet.read")
        if needed not in grant["scopes"]:
            raise problem(403, "You are not permitted to perform this action.")

    def _signed_by(self, call: Call) -> str | None:
        form = call.headers.get("content-type", "") == "application/x-www-form-urlencoded"
        body = call.body.decode("utf-8", "replace") if form else ""
        headers = {"Authorization": call.headers["authorization"]}
        if form:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            good, request = self._oauth1.validate_request(call.url, call.method, body, headers)
        except ValueError:
            return None
        return str(request.resource_owner_key) if good else None

    def _count(self, call: Call, endpoint: str) -> dict[str, str]:
        limits = [("x-rate-limit", self.options.window_limits[endpoint], WINDOW, endpoint)]
        if endpoint == "create":
            day = timedelta(hours=24)
            limits.append(("x-app-limit-24hour", self.options.app_day_limit, day, "app-day"))
            limits.append(("x-user-limit-24hour", self.options.user_day_limit, day, "user-day"))
        headers: dict[str, str] = {}
        spent = False
        for prefix, limit, length, name in limits:
            used, reset = self._window(call, name, length)
            spent = spent or used >= limit
            headers[f"{prefix}-limit"] = str(limit)
            headers[f"{prefix}-remaining"] = str(max(0, limit - used - 1))
            headers[f"{prefix}-reset"] = str(reset)
        if spent:
            body = {"title": "Too Many Requests", "detail": "Too Many Requests"}
            body |= {"type": "about:blank", "status": 429}  # type: ignore[dict-item]
            raise Refused(Answer(status=429, body=body, headers=headers))
        for _, _, _, name in limits:
            window = call.state.get("x.windows", name) or {}
            call.state.put("x.windows", name, window | {"used": window.get("used", 0) + 1})
        return headers

    def _window(self, call: Call, name: str, length: timedelta) -> tuple[int, int]:
        window = call.state.get("x.windows", name)
        now = call.now.timestamp()
        if window is None or window["reset"] <= now:
            window = {"reset": int(now + length.total_seconds()), "used": 0}
            call.state.put("x.windows", name, window)
        return window["used"], window["reset"]

    def _afford(self, call: Call) -> None:
        if self.options.credits is None:
            return
        spent = sum((Decimal(charge["usd"]) for charge in call.state.all("x.charges")), Decimal(0))
        if spent >= self.options.credits:
            raise problem(
                402,
                f"Your enrolled account [{USER_ID}] does not have any credits to fulfill"
                " this request.",
                title="CreditsDepleted",
                kind="credits",
            )


class _Secrets(RequestValidator):
    """What oauthlib needs to know to check an OAuth 1.0a signature."""

    enforce_ssl = False
    nonce_length = (8, 64)
    client_key_length = (20, 60)
    access_token_length = (20, 60)
    safe_characters = set(string.ascii_letters + string.digits + "-_")  # noqa: RUF012
    dummy_client = "dummy-client-key-000000"
    dummy_access_token = "dummy-access-token-0000"  # noqa: S105

    def validate_timestamp_and_nonce(self, *_: Any, **__: Any) -> bool:
        return True

    def validate_client_key(self, client_key: str, request: Any) -> bool:  # noqa: ARG002
        return client_key == CONSUMER_KEY

    def validate_access_token(self, client_key: str, token: str, request: Any) -> bool:  # noqa: ARG002
        return token in {ACCESS_TOKEN, READ_ONLY_TOKEN}

    def get_client_secret(self, client_key: str, request: Any) -> str:  # noqa: ARG002
        return CONSUMER_SECRET

    def get_access_token_secret(self, client_key: str, token: str, request: Any) -> str:  # noqa: ARG002
        return ACCESS_TOKEN_SECRET
