"""One database into another, on the same or another kind of server, checked row by row."""

from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import (
    Connection,
    Engine,
    Integer,
    RowMapping,
    String,
    Table,
    Text,
    func,
    insert,
    select,
)

from bot.domain.errors import UsageError
from bot.store import schema
from bot.store.engine import reading, study, writing

#: Filled when the schema is made.
_GIVEN = frozenset({"transitions"})

#: Rows in the hand at once.
_BATCH = 500


class Different(UsageError):  # noqa: N818 -- reads as a sentence where it is raised
    """A copied row is not what it was copied from; the copy is not kept."""


def copy(source: Engine, target: Engine) -> dict[str, int]:
    """Copy every row of `source`, as it is at one moment, and compare each with its copy.

    The copy is one transaction: whatever goes wrong, `target` stays empty.

    Args:
        source: at the newest schema; may be written to meanwhile.
        target: at the newest schema, and empty.

    Returns:
        How many rows each table has.

    Raises:
        UsageError: `target` holds something already.
        Different: a row could not be kept as it is.
        StoreError: one of the two cannot be used.
    """
    counts = {}
    tables = [t for t in schema.metadata.sorted_tables if t.name not in _GIVEN]
    with reading(source) as old, writing(target) as new:
        _refuse_unless_empty(new, tables)
        for table in tables:
            for rows in _batches(old, table):
                new.execute(insert(table), [dict(row) for row in rows])
            _count_on(new, table)
        for table in tables:
            counts[table.name] = _compare(table, _rows(old, table), _rows(new, table))
        study(new)
    return counts


def _refuse_unless_empty(connection: Connection, tables: Iterable[Table]) -> None:
    for table in tables:
        if connection.execute(select(table).limit(1)).first():
            raise UsageError(
                f"The database to copy into is not empty (it has {table.name}); nothing was changed. "
                "Make a new one."
            )


def _rows(connection: Connection, table: Table) -> Iterator[RowMapping]:
    for rows in _batches(connection, table):
        yield from rows


def _batches(connection: Connection, table: Table) -> Iterator[list[RowMapping]]:
    # Both servers must agree on the order of words; "C" is SQLite's.
    keys = [
        column.collate("C")
        if isinstance(column.type, String | Text) and connection.dialect.name == "postgresql"
        else column
        for column in table.primary_key.columns
    ]
    found = connection.execute(select(table).order_by(*keys)).mappings()
    while rows := list(found.fetchmany(_BATCH)):
        yield rows


def _compare(table: Table, old: Iterator[RowMapping], new: Iterator[RowMapping]) -> int:
    count = 0
    for row in old:
        copied = next(new, None)
        if copied is None or dict(copied) != dict(row):
            raise Different(f"{_name(table, row)} was not copied as it is; nothing was kept.")
        count += 1
    extra = next(new, None)
    if extra is not None:
        raise Different(f"{_name(table, extra)} came from nowhere; nothing was kept.")
    return count


def _name(table: Table, row: RowMapping) -> str:
    key: Any = ", ".join(str(row[column.name]) for column in table.primary_key.columns)
    return f"Row {key} of {table.name}"


def _count_on(connection: Connection, table: Table) -> None:
    """Let PostgreSQL give numbers from where the copied ones end."""
    key = next(iter(table.primary_key.columns))
    if connection.dialect.name != "postgresql" or not isinstance(key.type, Integer):
        return
    sequence = func.pg_get_serial_sequence(table.name, key.name)
    last = connection.execute(select(func.max(key))).scalar()
    if last and connection.execute(select(sequence)).scalar():
        connection.execute(select(func.setval(sequence, last)))
