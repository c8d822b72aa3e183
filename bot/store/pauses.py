"""Channels on which nothing is sent until somebody has fixed the account."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, delete, insert, select

from bot.domain.ledger import Event
from bot.store import schema
from bot.store.audit import record
from bot.store.engine import reading, writing


@dataclass(frozen=True)
class Pauses:
    """Implements `bot.domain.ledger.Pauses`.

    Attributes:
        worker: who writes, for the history.
    """

    engine: Engine
    worker: str = "publisher"

    def all(self) -> dict[str, str]:
        """Return the paused channels and why."""
        with reading(self.engine) as connection:
            return {row.channel: row.reason for row in connection.execute(select(schema.pauses))}

    def pause(self, channel: str, reason: str, *, now: datetime) -> None:
        """Send nothing on this channel until `resume`."""
        with writing(self.engine) as connection:
            connection.execute(delete(schema.pauses).where(schema.pauses.c.channel == channel))
            connection.execute(insert(schema.pauses).values(channel=channel, reason=reason, at=now))
            detail = {"channel": channel, "reason": reason}
            record(connection, Event(at=now, name="channel.paused", who=self.worker, detail=detail))

    def resume(self, channel: str, *, by: str, now: datetime) -> bool:
        """Send on this channel again; False where it was not paused."""
        with writing(self.engine) as connection:
            gone = connection.execute(
                delete(schema.pauses).where(schema.pauses.c.channel == channel)
            )
            if gone.rowcount:
                detail = {"channel": channel}
                record(connection, Event(at=now, name="channel.resumed", who=by, detail=detail))
            return bool(gone.rowcount)
