"""Everything that was ever seen, and what of it waits for an editor's word."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, RowMapping, delete, func, insert, select, update

from bot.domain.intake import Held, Sighting
from bot.domain.ledger import Event
from bot.domain.sighting import Traits
from bot.store import intake_schema as schema
from bot.store import lookup
from bot.store.audit import record
from bot.store.engine import reading, study, writing
from bot.store.rows import article_from_json, article_to_json

table, held = schema.sightings, schema.held

#: Articles looked up in one query.
AT_ONCE = 200

#: Articles remembered at once that are a source's archive, not its news.
ARCHIVE = 1_000


@dataclass(frozen=True)
class Sightings:
    """Implements `bot.domain.intake.Sightings`."""

    engine: Engine

    def find(self, wanted: Sequence[Traits]) -> Sequence[Sequence[Sighting]]:
        """Return for each article the sightings that share a trait with it, oldest first."""
        with reading(self.engine) as connection:
            return [
                found
                for start in range(0, len(wanted), AT_ONCE)
                for found in lookup.find(connection, wanted[start : start + AT_ONCE])
            ]

    def remember(self, source: str, seen: Sequence[tuple[Traits, str]], *, now: datetime) -> None:
        """Remember articles: their traits, and the key of the article each became, or "".

        What has the same id and address as before takes the place of what it was; anything else
        is remembered beside it, so that an old address is known for ever.
        """
        if not seen:
            return
        with writing(self.engine) as connection:
            for start in range(0, len(seen), AT_ONCE):
                lookup.remember(connection, source, seen[start : start + AT_ONCE], now)
            if len(seen) >= ARCHIVE:
                study(connection, table.name)

    def count(self, source: str = "") -> int:
        """Return how many articles are remembered, of one source or in all."""
        query = select(func.count()).select_from(table)
        with reading(self.engine) as connection:
            return connection.execute(
                query.where(table.c.source == source) if source else query
            ).scalar_one()

    def compact(self, *, before: datetime, dry: bool = False) -> int:
        """Drop the headlines of what was seen before this time; return of how many it was or would be.

        The digests of id, address, headline and text stay, which is what an old article is
        known by; only a headline spelled a little differently is no longer recognised.
        """
        old = (table.c.at < before, table.c.title != "")
        if dry:
            with reading(self.engine) as connection:
                query = select(func.count()).select_from(table).where(*old)
                return connection.execute(query).scalar_one()
        with writing(self.engine) as connection:
            gone = connection.execute(
                update(table).where(*old).values(title="", head=None, tail=None)
            )
            return gone.rowcount

    def hold(self, waiting: Sequence[Held]) -> None:
        """Keep articles for an editor's word; one that waits already is not kept twice."""
        with writing(self.engine) as connection:
            for one in waiting:
                known = select(held.c.id).where(held.c.article_key == one.article.key)
                if connection.execute(known).first() is None:
                    connection.execute(
                        insert(held).values(
                            source=one.source,
                            article_key=one.article.key,
                            article=article_to_json(one.article),
                            whole=one.whole,
                            reason=one.reason,
                            at=one.at,
                        )
                    )

    def held(self) -> Sequence[Held]:
        """Return what waits for an editor's word, oldest first."""
        with reading(self.engine) as connection:
            rows = connection.execute(select(held).order_by(held.c.id)).mappings()
            return [_held(row) for row in rows]

    def waiting(self) -> int:
        """Return how many articles wait for an editor's word."""
        with reading(self.engine) as connection:
            return connection.execute(select(func.count()).select_from(held)).scalar_one()

    def let_go(self, one: Held, became: str, *, by: str, now: datetime) -> None:
        """Let an article wait no longer; the audit log keeps what became of it, and by whom."""
        article = one.article
        detail = {"title": article.title, "url": article.url, "source": one.source}
        with writing(self.engine) as connection:
            gone = connection.execute(delete(held).where(held.c.article_key == article.key))
            if gone.rowcount:
                name = f"article.{became}"
                done = Event(at=now, name=name, who=by, article_key=article.key, detail=detail)
                record(connection, done)


def _held(row: RowMapping) -> Held:
    return Held(
        source=row["source"],
        article=article_from_json(row["article"]),
        whole=row["whole"],
        reason=row["reason"],
        at=row["at"],
    )
