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
        """Return the paused channels and why; "*" is all of them."""
        with reading(self.engine) as connection:
            return {row.channel: row.reason for row in connection.execute(select(schema.pauses))}

    def pause(self, channel: str, reason: str, *, now: datetime, by: str = "") -> None:
        """Send nothing on this channel, "*" for all, until `resume`.

        A pause that a person has set (`by`) stays theirs: the publisher's own does not replace it.
        """
        by = by or self.worker
        with writing(self.engine) as connection:
            here = schema.pauses.c.channel == channel
            theirs = connection.execute(select(schema.pauses.c.by).where(here)).scalar()
            if by == self.worker and theirs not in (None, self.worker):
                return
            connection.execute(delete(schema.pauses).where(here))
            connection.execute(
                insert(schema.pauses).values(channel=channel, reason=reason, by=by, at=now)
            )
            detail = {"channel": channel, "reason": reason}
            record(connection, Event(at=now, name="channel.paused", who=by, detail=detail))

    def resume(self, channel: str, *, by: str, now: datetime, only_own: bool = False) -> bool:
        """Send on this channel again; False where it was not paused.

        With `only_own` a pause stays that a person has set.
        """
        with writing(self.engine) as connection:
            wanted = delete(schema.pauses).where(schema.pauses.c.channel == channel)
            if only_own:
                wanted = wanted.where(schema.pauses.c.by == self.worker)
            gone = connection.execute(wanted)
            if gone.rowcount:
                detail = {"channel": channel}
                record(connection, Event(at=now, name="channel.resumed", who=by, detail=detail))
            return bool(gone.rowcount)
