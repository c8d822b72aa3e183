"""What others pushed to us."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime

from sqlalchemy import Engine, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from bot.domain.arrival import Arrival
from bot.store import intake_schema as schema
from bot.store.engine import reading, writing

table = schema.arrivals

#: Messages that may wait at the same time; more is no news but a mistake of the sender.
MOST = 1000


@dataclass(frozen=True)
class Arrivals:
    """Implements `bot.domain.arrival.Arrivals`."""

    engine: Engine

    def add(self, arrival: Arrival) -> bool:
        """Keep a message; False where it was there before."""
        values = {f.name: getattr(arrival, f.name) for f in fields(Arrival) if f.name != "id"}
        try:
            with writing(self.engine) as connection:
                connection.execute(insert(table).values(**values))
        except IntegrityError:
            return False
        return True

    def full(self, source: str) -> bool:
        """Whether so much of a source waits that nothing more is taken."""
        query = (
            select(func.count())
            .select_from(table)
            .where(table.c.source == source, table.c.done_at.is_(None))
        )
        with reading(self.engine) as connection:
            return connection.execute(query).scalar_one() >= MOST

    def open(self) -> Sequence[Arrival]:
        """Return what is not taken in yet, oldest first."""
        columns = [table.c[f.name] for f in fields(Arrival)]
        query = select(*columns).where(table.c.done_at.is_(None)).order_by(table.c.id).limit(100)
        with reading(self.engine) as connection:
            return [Arrival(**row) for row in connection.execute(query).mappings()]

    def done(self, arrival: Arrival, *, now: datetime) -> None:
        """Let go of a message's content; its id stays, against replays."""
        with writing(self.engine) as connection:
            connection.execute(
                update(table).where(table.c.id == arrival.id).values(content=b"", done_at=now)
            )
