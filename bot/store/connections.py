"""The accounts that have signed in. The secrets in here are sealed before they come."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    Connection,
    Engine,
    Integer,
    RowMapping,
    String,
    Table,
    Text,
    delete,
    insert,
    or_,
    select,
    update,
)

from bot.domain import accounts as domain
from bot.domain.delivery import Account
from bot.domain.ledger import Event
from bot.store import schema
from bot.store.audit import record
from bot.store.engine import reading, writing

connections = Table(
    "connections",
    schema.metadata,
    Column("channel", String(64), primary_key=True),
    Column("platform", String(32), nullable=False),
    Column("app", String(32), nullable=False),
    Column("account_id", Text, nullable=False),
    Column("account_name", Text, nullable=False),
    Column("account_handle", Text, nullable=False),
    Column("scopes", JSON, nullable=False),
    Column("renewable", Integer, nullable=False),
    Column("expires_at", schema.Instant),
    Column("refresh_expires_at", schema.Instant),
    Column("connected_at", schema.Instant, nullable=False),
    Column("connected_by", Text, nullable=False),
    Column("renewed_at", schema.Instant),
    Column("version", Integer, nullable=False),
    Column("trouble", Text, nullable=False),
    Column("sealed", Text, nullable=False),
    # One process at a time renews: a refresh token is good once.
    Column("renewing_until", schema.Instant),
)


@dataclass(frozen=True)
class Connections:
    """Keeps who has signed in. Every method is one transaction.

    Attributes:
        worker: who writes what the bot does by itself, for the history.
    """

    engine: Engine
    worker: str = "publisher"

    def all(self) -> list[domain.Connection]:
        """Return every account that has signed in, by channel."""
        query = select(connections).order_by(connections.c.channel)
        with reading(self.engine) as connection:
            return [_from_row(row) for row in connection.execute(query).mappings()]

    def find(self, channel: str) -> domain.Connection | None:
        """Return the account of a channel, None where nobody has signed in."""
        with reading(self.engine) as connection:
            return _find(connection, channel)

    def keep(self, made: domain.Connection, *, now: datetime) -> domain.Connection:
        """Keep a sign-in in place of an earlier one of its channel."""
        with writing(self.engine) as connection:
            earlier = _find(connection, made.channel)
            made = replace(made, version=earlier.version + 1 if earlier else 1)
            connection.execute(delete(connections).where(connections.c.channel == made.channel))
            connection.execute(insert(connections).values(**_columns(made)))
            self._note(connection, "account.connected", made, made.connected_by, now)
        return made

    def forget(self, channel: str, *, by: str, now: datetime) -> bool:
        """Forget a sign-in; False where there was none."""
        with writing(self.engine) as connection:
            earlier = _find(connection, channel)
            if earlier is None:
                return False
            connection.execute(delete(connections).where(connections.c.channel == channel))
            self._note(connection, "account.disconnected", earlier, by, now)
        return True

    def begin_renewal(self, found: domain.Connection, *, until: datetime, now: datetime) -> bool:
        """Be the only one to renew this very token, until then; False where another is at it."""
        free = or_(connections.c.renewing_until.is_(None), connections.c.renewing_until <= now)
        with writing(self.engine) as connection:
            won = connection.execute(
                update(connections).where(_same(found), free).values(renewing_until=until)
            )
            return won.rowcount == 1

    def end_renewal(self, found: domain.Connection) -> None:
        """Give up renewing for now; the token is as it was."""
        with writing(self.engine) as connection:
            connection.execute(update(connections).where(_same(found)).values(renewing_until=None))

    def renewed(self, made: domain.Connection, *, now: datetime) -> domain.Connection:
        """Keep the next token; return what is kept now, where somebody signed in anew meanwhile."""
        newer = replace(made, version=made.version + 1, trouble="")
        with writing(self.engine) as connection:
            values = {**_columns(newer), "renewing_until": None}
            won = connection.execute(update(connections).where(_same(made)).values(**values))
            if won.rowcount == 1:
                self._note(connection, "token.renewed", newer, self.worker, now)
                return newer
            return _find(connection, made.channel) or newer

    def refused(self, found: domain.Connection, trouble: str, *, now: datetime) -> None:
        """Record that this token cannot be renewed: somebody has to sign in again."""
        with writing(self.engine) as connection:
            values = {"trouble": trouble, "renewing_until": None}
            won = connection.execute(update(connections).where(_same(found)).values(**values))
            if won.rowcount == 1:
                self._note(connection, "account.refused", found, self.worker, now, reason=trouble)

    @staticmethod
    def _note(
        connection: Connection,
        name: str,
        about: domain.Connection,
        who: str,
        now: datetime,
        **detail: Any,
    ) -> None:
        known = {"channel": about.channel, "account": about.account.id, "scopes": about.scopes}
        event = Event(at=now, name=name, who=who, detail={**known, **detail})
        record(connection, event)


def _find(connection: Connection, channel: str) -> domain.Connection | None:
    query = select(connections).where(connections.c.channel == channel)
    row = connection.execute(query).mappings().first()
    return _from_row(row) if row else None


def _same(found: domain.Connection) -> Any:
    return (connections.c.channel == found.channel) & (connections.c.version == found.version)


def _columns(made: domain.Connection) -> dict[str, Any]:
    return {
        "channel": made.channel,
        "platform": made.platform,
        "app": made.app,
        "account_id": made.account.id,
        "account_name": made.account.name,
        "account_handle": made.account.handle,
        "scopes": list(made.scopes),
        "renewable": int(made.renewable),
        "expires_at": made.expires_at,
        "refresh_expires_at": made.refresh_expires_at,
        "connected_at": made.connected_at,
        "connected_by": made.connected_by,
        "renewed_at": made.renewed_at,
        "version": made.version,
        "trouble": made.trouble,
        "sealed": made.sealed,
    }


def _from_row(row: RowMapping) -> domain.Connection:
    account = Account(id=row["account_id"], name=row["account_name"], handle=row["account_handle"])
    others = {
        name: row[name]
        for name in (
            "channel",
            "platform",
            "app",
            "expires_at",
            "refresh_expires_at",
            "connected_at",
            "connected_by",
            "renewed_at",
            "version",
            "trouble",
            "sealed",
        )
    }
    return domain.Connection(
        **others, account=account, scopes=tuple(row["scopes"]), renewable=bool(row["renewable"])
    )
