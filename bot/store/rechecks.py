"""Articles whose pages are read again for a while."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, delete, insert, select, update

from bot.domain.intake import Recheck
from bot.store import intake_schema
from bot.store.engine import reading, writing

table = intake_schema.rechecks


@dataclass(frozen=True)
class Rechecks:
    """Implements `bot.domain.intake.Rechecks`."""

    engine: Engine

    def watch(self, one: Recheck) -> None:
        """Begin to look after a page; anew where it is looked after already."""
        with writing(self.engine) as connection:
            connection.execute(delete(table).where(table.c.article_key == one.article_key))
            connection.execute(insert(table).values(**asdict(one)))

    def due(self, *, now: datetime, limit: int) -> Sequence[Recheck]:
        """Return the pages that are to be read again now; forget those nobody needs any more."""
        with writing(self.engine) as connection:
            connection.execute(delete(table).where(table.c.until <= now))
        query = select(table).where(table.c.next_at <= now).order_by(table.c.next_at).limit(limit)
        with reading(self.engine) as connection:
            rows = connection.execute(query).mappings().all()
        return [Recheck(**{f.name: row[f.name] for f in fields(Recheck)}) for row in rows]

    def note(self, one: Recheck, values: Mapping[str, Any]) -> None:
        """Write down how a reading went: any of the attributes of `Recheck`."""
        with writing(self.engine) as connection:
            connection.execute(
                update(table).where(table.c.article_key == one.article_key).values(**values)
            )

    def forget(self, key: str) -> None:
        """Look after a page no more."""
        with writing(self.engine) as connection:
            connection.execute(delete(table).where(table.c.article_key == key))
