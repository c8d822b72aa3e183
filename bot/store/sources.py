"""The watched sources."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, RowMapping, delete, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from bot.domain.errors import UsageError
from bot.domain.intake import Source
from bot.domain.ledger import Event
from bot.store import intake_schema as schema
from bot.store.audit import record
from bot.store.engine import reading, writing
from bot.store.moves import inserted_id

table = schema.sources


@dataclass(frozen=True)
class Sources:
    """Implements `bot.domain.intake.Sources`."""

    engine: Engine

    def all(self) -> Sequence[Source]:
        """Return every source, by name."""
        with reading(self.engine) as connection:
            rows = connection.execute(select(table).order_by(table.c.name)).mappings()
            return [_source(row) for row in rows]

    def named(self, name: str) -> Source:
        """Return the source of this name or address. Raises UsageError."""
        query = select(table).where(or_(table.c.name == name, table.c.url == name))
        with reading(self.engine) as connection:
            row = connection.execute(query).mappings().first()
        if row is None:
            raise UsageError(f"There is no source {name!r}. `bot source list` names them.")
        return _source(row)

    def add(self, source: Source, *, now: datetime) -> Source:
        """Keep a new source. Raises UsageError where its name or address is taken."""
        values = {k: v for k, v in asdict(source).items() if k != "id"}
        try:
            with writing(self.engine) as connection:
                result = connection.execute(insert(table).values(added_at=now, **values))
                record(connection, _event("source.added", source, now))
                row = connection.execute(select(table).where(table.c.id == inserted_id(result)))
                return _source(row.mappings().one())
        except IntegrityError:
            raise UsageError(
                f"There is a source {source.name!r} or one at {source.url} already; nothing was "
                "added. `bot source list` shows them, --name gives this one another name."
            ) from None

    def claim(self, *, now: datetime, until: datetime, anyway: bool = False) -> Sequence[Source]:
        """Return the sources to be read now, and give nobody else any of them before `until`.

        Args:
            now: the time.
            until: when they may be claimed again, should whoever has them now never say more.
            anyway: also those whose time has not come; never those whose server asked for rest.
        """
        resting = table.c.retry_at > now
        # what has no address of the web or of this machine is pushed to us
        fetched = or_(table.c.url.startswith("http"), table.c.url.startswith("file:"))
        due = [fetched, table.c.paused == "", or_(table.c.retry_at.is_(None), ~resting)]
        if not anyway:
            due.append(or_(table.c.next_poll_at.is_(None), table.c.next_poll_at <= now))
        with writing(self.engine) as connection:
            rows = connection.execute(select(table).where(*due).order_by(table.c.next_poll_at))
            found = [_source(row) for row in rows.mappings()]
            if found:
                ids = [source.id for source in found]
                connection.execute(
                    update(table).where(table.c.id.in_(ids)).values(next_poll_at=until)
                )
            return found

    def note(self, source: Source, values: Mapping[str, Any]) -> None:
        """Write down how a reading went: any of the attributes of `Source`."""
        with writing(self.engine) as connection:
            connection.execute(update(table).where(table.c.id == source.id).values(**values))

    def change(
        self, source: Source, name: str, values: Mapping[str, Any], *, by: str, now: datetime
    ) -> None:
        """Do what a person decided about a source, and remember who it was."""
        with writing(self.engine) as connection:
            connection.execute(update(table).where(table.c.id == source.id).values(**values))
            record(connection, _event(name, source, now, by))

    def remove(self, source: Source, *, by: str, now: datetime) -> None:
        """Forget the source; what was seen there stays remembered."""
        with writing(self.engine) as connection:
            connection.execute(delete(table).where(table.c.id == source.id))
            connection.execute(delete(schema.held).where(schema.held.c.source == source.name))
            record(connection, _event("source.removed", source, now, by))


def _source(row: RowMapping) -> Source:
    return Source(**{field.name: row[field.name] for field in fields(Source)})


def _event(name: str, source: Source, now: datetime, by: str = "bot") -> Event:
    detail = {"source": source.name, "url": source.url, "kind": source.kind}
    return Event(at=now, name=name, who=by, detail=detail)
