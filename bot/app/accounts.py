"""The accounts that have signed in: kept sealed, renewed in time by one process at a time."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property, partial
from typing import TYPE_CHECKING

import structlog

from bot import platforms
from bot.app.metered import Metered
from bot.domain.accounts import AccessToken, Connection, ExpiryWarning, SignedIn, SignIn, warnings
from bot.domain.delivery import Account
from bot.domain.errors import Blocked, BotError, ConfigError, NotSent
from bot.domain.money import Bill
from bot.domain.ports import Clock, Publisher
from bot.settings import Base
from bot.store import Store

if TYPE_CHECKING:
    from bot.app.renewals import Renewals, Slip
    from bot.app.seal import Seal

log = structlog.get_logger(__name__)

#: A token is renewed when it lasts no longer than this: the old one is good meanwhile.
MARGIN = timedelta(minutes=15)

#: How long one process may take to renew; after that it is taken for dead.
LEASE = timedelta(seconds=60)


@dataclass
class Accounts:
    """Who has signed in, and who speaks for a channel just now.

    Attributes:
        note: writes down what an account was billed, by channel.
        publishers: the accounts as they were last connected, with the version of their token.
    """

    settings: Base
    store: Store
    clock: Clock
    note: Callable[[str, Bill], None]
    publishers: dict[str, tuple[int, Publisher]] = field(default_factory=dict)

    @cached_property
    def seal(self) -> "Seal":
        """What opens the tokens. Raises ConfigError where the key cannot be used."""
        from bot.app import seal

        return seal.load(self.settings.accounts.key.get_secret_value(), self.settings.data_dir)

    @cached_property
    def renewals(self) -> "Renewals":
        """Where answers are kept until they are in the database."""
        from bot.app.renewals import Renewals

        return Renewals(self.settings.data_dir / "renewals", self.clock, self.seal)

    def all(self) -> list[Connection]:
        """Return the accounts that have signed in, by channel."""
        return self.store.connections.all()

    def warnings(self) -> list[ExpiryWarning]:
        """Return whom to warn about now: 14, 7, 3 and 1 days ahead, and when it is over."""
        used = [one for one in self.all() if one.channel in self.settings.channels]
        return warnings(used, self.clock.now())

    def sign_in(self, channel: str, app: str = "") -> SignIn:
        """Return the app by which a channel's account signs in. Raises ConfigError."""
        return platforms.sign_in(channel, self.settings.platform(channel), self.clock, app)

    def keep(
        self, channel: str, app: str, account: Account, token: AccessToken, *, by: str
    ) -> Connection:
        """Keep a sign-in, and let a paused channel send again."""
        from bot.app import seal

        now = self.clock.now()
        made = seal.connection(
            channel=channel,
            platform=channel,
            app=app,
            account=account,
            token=token,
            seal=self.seal,
            by=by,
            now=now,
        )
        kept = self.store.connections.keep(made, now=now)
        self.store.pauses.resume(channel, by=by, now=now)
        log.info("account.connected", channel=channel, account=account.id, by=by)
        return kept

    def revoke(self, channel: str, *, by: str) -> Connection | None:
        """Forget a sign-in, and take it back at the platform; return it, None where there is none.

        It is forgotten even where the platform does not take it back.

        Raises:
            NotSent, Blocked: it is forgotten here, but the platform has not taken it back.
        """
        found = self.store.connections.find(channel)
        if found is None:
            return None
        token = self.seal.open(found)
        self.store.connections.forget(channel, by=by, now=self.clock.now())
        log.info("account.disconnected", channel=channel, account=found.account.id, by=by)
        self.sign_in(channel, found.app).revoke(token)
        return found

    def speaker(self, channel: str) -> tuple[SignedIn, int] | None:
        """Return who speaks for a channel, and the version of the token; None if nobody signed in.

        Raises:
            ConfigError: somebody has to sign in again.
            NotSent: the token has ended and could not be renewed just now.
        """
        found = self.store.connections.find(channel)
        if found is None:
            return None
        now = self.clock.now()
        found = self._taken_over(found, now)
        if found.trouble or (found.ends_at and found.ends_at <= now):
            raise ConfigError(warnings([found], now)[0].message)
        if found.renewable and found.expires_at and found.expires_at - now <= MARGIN:
            found = self._renewed(found, now)
        return SignedIn(
            account=found.account, access_token=self.seal.open(found).access_token
        ), found.version

    def publisher(self, channel: str) -> Publisher:
        """Return the channel's account: who has signed in, or that of the settings' keys.

        Raises:
            ConfigError: a key is missing, or somebody has to sign in again.
            NotSent: the token has ended and could not be renewed just now.
        """
        if channel not in self.settings.channels:
            raise ConfigError(f"BOT_CHANNELS no longer names {channel}; its posts wait.")
        who, version = self.speaker(channel) or (None, 0)
        known = self.publishers.get(channel)
        if known is None or known[0] != version:
            settings = self.settings.platform(channel)
            account = platforms.connect(channel, settings, self.clock, who)
            known = (version, Metered(account, partial(self.note, channel)))
            self.publishers[channel] = known
        return known[1]

    def tried(self, channel: str) -> tuple[bool, str]:
        """Return whether a channel's account works, tried without posting, and as whom or why not."""
        try:
            account = self.publisher(channel).check()
        except BotError as exc:
            return False, str(exc)
        return True, f"Connected as {account.name or account.handle}."

    def _renewed(self, found: Connection, now: datetime) -> Connection:
        """Return the connection with the next token. The old one is used while that cannot be had."""
        kept = self.store.connections
        if not kept.begin_renewal(found, until=now + LEASE, now=now):
            return self._as_it_is(found, now, "another process is at it")
        try:
            with self.renewals.slip(found) as slip:
                renewed = self._asked(found, slip, now)
        except NotSent as exc:
            kept.end_renewal(found)
            log.warning("token.not_renewed", channel=found.channel, reason=str(exc))
            return self._as_it_is(found, now, str(exc))
        except Blocked as exc:
            return self._refused(found, str(exc), now)
        kept_as = kept.renewed(renewed, now=now)
        slip.discard()
        log.info("token.renewed", channel=found.channel, expires_at=str(renewed.expires_at))
        return kept_as

    def _asked(self, found: Connection, slip: "Slip", now: datetime) -> Connection:
        """Ask the platform for the next token; what it says yes with is on the slip at once."""
        how = self.sign_in(found.channel, found.app)
        try:
            token = how.renew(self.seal.open(found), slip.write)
        except BotError:
            slip.discard()
            raise
        return self._next(found, token, now)

    def take_over(self) -> None:
        """Take over what an earlier process was answered and could not keep; called at start."""
        try:
            for found in self.all():
                self._taken_over(found, self.clock.now())
        except BotError as exc:  # tried again before the account is used
            log.warning("renewal.not_taken_over", reason=str(exc))

    def _taken_over(self, found: Connection, now: datetime) -> Connection:
        """Take over the answer to a renewal that nobody could keep; return what is kept then."""
        for slip, answer, at in self.renewals.answers(found):
            how = self.sign_in(found.channel, found.app)
            try:
                token = how.reread(self.seal.open(found), answer, at)
            except NotSent as exc:
                log.warning("renewal.unreadable", channel=found.channel, reason=str(exc))
            else:
                if found.trouble:  # another machine was refused meanwhile, and stopped the channel
                    self.store.pauses.resume(found.channel, by="publisher", now=now, only_own=True)
                found = self.store.connections.renewed(self._next(found, token, at), now=now)
                log.warning("token.taken_over", channel=found.channel, answered_at=str(at))
            slip.discard()
        return found

    def _next(self, found: Connection, token: AccessToken, now: datetime) -> Connection:
        return replace(
            found,
            scopes=token.scopes or found.scopes,
            expires_at=token.expires_at,
            refresh_expires_at=token.refresh_expires_at or found.refresh_expires_at,
            renewed_at=now,
            sealed=self.seal.close(token),
        )

    def _as_it_is(self, found: Connection, now: datetime, why: str) -> Connection:
        current = self.store.connections.find(found.channel) or found
        if current.expires_at and current.expires_at > now:
            return current
        text = f"{found.channel}: the token has ended and could not be renewed yet ({why}). Nothing was sent."
        raise NotSent(text, retry_at=now + timedelta(seconds=30))

    def _refused(self, found: Connection, why: str, now: datetime) -> Connection:
        """Take a refusal for final, unless another process has renewed meanwhile."""
        current = self.store.connections.find(found.channel)
        if current is not None and current.version != found.version:
            return current
        self.store.connections.refused(found, why, now=now)
        log.error("account.refused", channel=found.channel, reason=why)
        if found.expires_at and found.expires_at > now:
            return found  # good for some minutes more; the warning says the rest
        raise ConfigError(warnings([replace(found, trouble=why)], now)[0].message)
