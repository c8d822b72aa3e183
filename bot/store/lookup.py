"""Sightings by what they are known again: many articles in one query each."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from bot.domain.intake import Sighting
from bot.domain.sighting import Traits, edges
from bot.store import intake_schema as schema

table = schema.sightings

#: Most sightings looked at for one article; a boilerplate text may be that of thousands.
MOST = 100

_TRAITS = tuple(field.name for field in fields(Traits))

#: A column and a value to be found in it.
Key = tuple[str, int]


def find(connection: Connection, wanted: Sequence[Traits]) -> list[Sequence[Sighting]]:
    """Return for each article the sightings that share a trait with it, oldest first.

    By id or address, which nearly always is enough; only else by words.
    """
    found = _sharing(connection, [_names(one) for one in wanted])
    unknown = [at for at, sightings in enumerate(found) if not sightings]
    worded = _sharing(connection, [_words(wanted[at]) for at in unknown])
    for at, sightings in zip(unknown, worded, strict=True):
        found[at] = sightings
    return found


def remember(
    connection: Connection, source: str, seen: Sequence[tuple[Traits, str]], now: datetime
) -> None:
    """Write articles down; one with the same id and address as before takes its place."""
    known = {
        (one.traits.guid, one.traits.url): one
        for shared in _sharing(connection, [_names(traits)[-1:] for traits, _ in seen])
        for one in reversed(shared)
        if one.source == source
    }
    fresh: dict[object, dict[str, Any]] = {}
    for number, (traits, key) in enumerate(seen):
        values = {**asdict(traits), "source": source, "article_key": key}
        name = (traits.guid, traits.url)
        before = known.get(name)
        if name == (None, None):
            fresh[number] = {"at": now, **values}
        elif before is None:
            fresh[name] = {"at": now, **values}
        elif (before.traits, before.article_key) != (traits, key):
            connection.execute(update(table).where(table.c.id == before.id).values(**values))
    if fresh:
        connection.execute(insert(table), list(fresh.values()))


def _names(one: Traits) -> list[Key]:
    named = (("guid", one.guid), ("url", one.url))
    return [(column, value) for column, value in named if value is not None]


def _words(one: Traits) -> list[Key]:
    keys = [("body", one.body)]
    for head, tail in edges(one):
        keys += [("head", head), ("tail", tail)]
    return [(column, value) for column, value in keys if value is not None]


def _sharing(connection: Connection, wanted: Sequence[Sequence[Key]]) -> list[Sequence[Sighting]]:
    """Return for each list of keys the sightings that have one of them, oldest first."""
    values: dict[str, set[int]] = defaultdict(set)
    for keys in wanted:
        for column, value in keys:
            values[column].add(value)
    if not values:
        return [()] * len(wanted)
    most = MOST * len(wanted)
    rows: dict[int, Row[Any]] = {}
    for name, some in values.items():
        # One column at a time, in no order: with a limit *and* an order, or several columns,
        # PostgreSQL's plans for any value walk through the whole table.
        shared = select(table).where(table.c[name].in_(sorted(some))).limit(most)
        found = connection.execute(shared).all()
        if len(found) == most and len(wanted) > 1:  # one that thousands share hides the others'
            return [one for keys in wanted for one in _sharing(connection, [keys])]
        rows.update((row.id, row) for row in found)
    having: dict[Key, list[Sighting]] = defaultdict(list)
    for row in rows.values():
        sighting = _sighting(row)
        for column in values:
            having[column, getattr(sighting.traits, column)].append(sighting)
    return [_oldest(having.get(key, ()) for key in keys) for keys in wanted]


def _oldest(groups: Iterable[Iterable[Sighting]]) -> Sequence[Sighting]:
    found = {sighting.id: sighting for group in groups for sighting in group}
    return [found[number] for number in sorted(found)][:MOST]


def _sighting(row: Row[Any]) -> Sighting:
    return Sighting(
        id=row.id,
        source=row.source,
        traits=Traits(**{name: getattr(row, name) for name in _TRAITS}),
        article_key=row.article_key,
        at=row.at,
    )
