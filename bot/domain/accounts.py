"""What an account has granted the bot, how long it lasts, and when somebody has to be told."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from bot.domain.delivery import Account

#: Days before the end at which somebody is told.
WARN_DAYS = (14, 7, 3, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessToken:
    """What signing in gave (OAuth 2).

    Attributes:
        refresh_token: gets the next one; "" where somebody has to sign in again.
        expires_at, refresh_expires_at: None where the platform does not say.
    """

    access_token: str = field(repr=False)
    refresh_token: str = field(default="", repr=False)
    scopes: tuple[str, ...] = ()
    expires_at: datetime | None = None
    refresh_expires_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """An account that is signed in; its token is kept sealed.

    Attributes:
        channel: which of the bot's channels posts with it.
        app: which of the platform's apps the token is for ("" where there is one).
        renewable: whether the bot gets the next token by itself.
        expires_at: when the access token ends.
        refresh_expires_at: when the bot can no longer renew it.
        connected_by: who signed in.
        version: grows with every new token.
        trouble: why somebody has to sign in again, "" where nobody has to.
        sealed: the token's secrets, encrypted.
    """

    channel: str
    platform: str
    app: str
    account: Account
    scopes: tuple[str, ...]
    renewable: bool
    expires_at: datetime | None
    refresh_expires_at: datetime | None
    connected_at: datetime
    connected_by: str
    renewed_at: datetime | None = None
    version: int = 1
    trouble: str = ""
    sealed: str = field(default="", repr=False)

    @property
    def ends_at(self) -> datetime | None:
        """When somebody has to sign in again at the latest; None where nothing says so."""
        return self.refresh_expires_at if self.renewable else self.expires_at


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpiryWarning:
    """Somebody has to sign in again soon.

    Attributes:
        days: the smallest of `WARN_DAYS` that has been reached; 0 once it is over. One alarm for
            each is enough.
    """

    channel: str
    days: int
    ends_at: datetime | None
    message: str


def warnings(connections: Iterable[Connection], now: datetime) -> list[ExpiryWarning]:
    """Return whom to warn about at `now`: ended, refused, or near the end."""
    found = (_warning(connection, now) for connection in connections)
    return [warning for warning in found if warning is not None]


def _warning(connection: Connection, now: datetime) -> ExpiryWarning | None:
    channel, ends_at = connection.channel, connection.ends_at
    again = f"Sign in again: bot auth {connection.platform}."
    if connection.trouble:
        message = f"{channel}: {connection.trouble} {again} Posts wait until then."
        return ExpiryWarning(channel=channel, days=0, ends_at=ends_at, message=message)
    if ends_at is None:
        return None
    left = ends_at - now
    if left <= timedelta(0):
        message = f"{channel}: the sign-in ended on {ends_at:%d %B %Y}. {again} Posts wait."
        return ExpiryWarning(channel=channel, days=0, ends_at=ends_at, message=message)
    reached = [days for days in WARN_DAYS if left <= timedelta(days=days)]
    if not reached:
        return None
    message = (
        f"{channel}: the sign-in of {connection.account.name} ends on {ends_at:%d %B %Y, %H:%M} "
        f"UTC. {again}"
    )
    return ExpiryWarning(channel=channel, days=min(reached), ends_at=ends_at, message=message)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """An account and the token that speaks for it just now."""

    account: Account
    access_token: str = field(repr=False)


class SignIn(Protocol):
    """One app of a platform, by which accounts let the bot in (OAuth 2, RFC 6749)."""

    @property
    def app(self) -> str:
        """Which of the platform's apps this is, "" where there is one."""
        ...

    def address(self, redirect: str, state: str, verifier: str) -> str:
        """Return where a person agrees.

        Args:
            redirect: where the platform sends the browser afterwards.
            state: comes back with it, so that nobody else's answer is taken for ours.
            verifier: PKCE's secret (RFC 7636); its hash goes along.
        """
        ...

    def redeem(self, answer: str, redirect: str, state: str, verifier: str) -> AccessToken:
        """Return the token for the address the browser was sent to.

        Raises:
            UsageError: it is no answer to this question, or a no.
            Blocked, NotSent: the platform does not give one, or does not answer.
        """
        ...

    def accounts(self, token: AccessToken) -> Sequence[Account]:
        """Return whom the token may post as. Raises Blocked, NotSent."""
        ...

    def renew(self, token: AccessToken, keep: Callable[[bytes], None]) -> AccessToken:
        """Return the next token; the old one may be worth nothing from now on.

        `keep` is given the platform's yes as it came, before anything is made of it.

        Raises:
            Blocked: the platform refuses it for good; somebody has to sign in again.
            NotSent: it did not answer, or not sensibly.
        """
        ...

    def reread(self, token: AccessToken, answer: bytes, at: datetime) -> AccessToken:
        """Return the next token from what `keep` was given `at` that time.

        Raises:
            NotSent: there is none in it.
        """
        ...

    def revoke(self, token: AccessToken) -> None:
        """Take the grant back. Raises Blocked, NotSent."""
        ...
