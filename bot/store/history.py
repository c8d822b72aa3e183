"""What happened, in order: events, and the record of what was published."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, func, select

from bot.domain.ledger import ALARMS, Event
from bot.store import schema
from bot.store.audit import record
from bot.store.engine import reading, writing
from bot.store.rows import approval_that_counted


@dataclass(frozen=True)
class History:
    """Reads the events; appends those that belong to no post."""

    engine: Engine

    def note(self, event: Event) -> None:
        """Append an event of its own."""
        with writing(self.engine) as connection:
            record(connection, event)

    def of_article(self, key: str) -> Sequence[Event]:
        """Return the story of one article and its posts, oldest first."""
        table = schema.events
        query = select(table).where(table.c.article_key == key).order_by(table.c.id)
        with reading(self.engine) as connection:
            rows = connection.execute(query).mappings().all()
        return [Event(**{name: row[name] for name in Event.__dataclass_fields__}) for row in rows]

    def alarms(self, after: int = 0, limit: int = 100) -> Sequence[tuple[int, Event]]:
        """Return the alarms that follow event number `after`, oldest first, with their numbers.

        Whoever tells people of them remembers the last number, and misses none.
        """
        table = schema.events
        query = select(table).where(table.c.id > after, table.c.name.in_(ALARMS))
        with reading(self.engine) as connection:
            rows = connection.execute(query.order_by(table.c.id).limit(limit)).mappings().all()
        names = Event.__dataclass_fields__
        return [(row["id"], Event(**{name: row[name] for name in names})) for row in rows]

    def newest(self) -> int:
        """Return the number of the newest event, 0 where there is none."""
        query = select(func.max(schema.events.c.id))
        with reading(self.engine) as connection:
            return connection.execute(query).scalar() or 0

    def published(self, limit: int) -> Sequence[dict[str, Any]]:
        """Return what was published, newest first: what, when, where, by whose approval.

        `taken_down_at` is None for what is still there, as far as we know.
        """
        posts, receipts, approvals = schema.posts, schema.receipts, schema.approvals
        events = schema.events
        taken_down = select(func.max(events.c.at)).where(
            events.c.post_id == posts.c.id, events.c.name == "post.taken_down"
        )
        query = (
            select(
                posts.c.id.label("post_id"),
                posts.c.article_key,
                schema.articles.c.title,
                posts.c.platform,
                posts.c.channel,
                posts.c.state,
                posts.c.asks,
                receipts.c.remote_id,
                receipts.c.permalink,
                receipts.c.at.label("published_at"),
                approvals.c.by.label("approved_by"),
                approvals.c.via.label("approved_via"),
                approvals.c.at.label("approved_at"),
                taken_down.scalar_subquery().label("taken_down_at"),
            )
            .join(receipts, (receipts.c.post_id == posts.c.id) & (receipts.c.part == 0))
            .join(schema.articles, schema.articles.c.key == posts.c.article_key)
            .outerjoin(
                approvals,
                approvals.c.id == approval_that_counted(),
            )
            .order_by(receipts.c.at.desc(), posts.c.id.desc())
            .limit(limit)
        )
        with reading(self.engine) as connection:
            return [dict(row) for row in connection.execute(query).mappings()]

    def attempts(self, post_id: int) -> Sequence[dict[str, Any]]:
        """Return every try at sending a post, oldest first."""
        table, tickets = schema.attempts, schema.tickets
        query = (
            select(table.c.fence, table.c.started_at, table.c.ended_at, table.c.outcome)
            .add_columns(table.c.status, table.c.detail, tickets.c.part)
            .join(tickets, tickets.c.id == table.c.ticket_id)
            .where(table.c.post_id == post_id)
            .order_by(table.c.id)
        )
        with reading(self.engine) as connection:
            return [dict(row) for row in connection.execute(query).mappings()]

    def last(self, name: str) -> datetime | None:
        """Return when an event of this name happened last."""
        table = schema.events
        query = select(table.c.at).where(table.c.name == name).order_by(table.c.id.desc())
        with reading(self.engine) as connection:
            return connection.execute(query).scalar()
