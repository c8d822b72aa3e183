"""What can be counted of the bot's work, for alarms, metrics and reports."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, Select, func, or_, select

from bot.domain.post import State
from bot.store import schema
from bot.store.engine import head, reading, revision, writing

articles, posts, receipts = schema.articles, schema.posts, schema.receipts


@dataclass(frozen=True)
class Vitals:
    """Reads counts; keeps nothing."""

    engine: Engine

    def writable(self) -> str:
        """Write nothing, durably, and return the schema's revision. Raises StoreError."""
        with writing(self.engine) as connection:
            connection.execute(
                schema.transitions.delete().where(schema.transitions.c.from_state == "")
            )
            return f"{revision(connection)} of {head()}"

    def damage(self) -> str:
        """Return what an SQLite file's own check finds wrong; "" where nothing is, and elsewhere."""
        if self.engine.dialect.name != "sqlite":
            return ""
        with reading(self.engine) as connection:
            said = connection.exec_driver_sql("PRAGMA quick_check").scalars().all()
        return "" if list(said) == ["ok"] else "; ".join(str(one) for one in said[:3])

    def article_at(self, url: str) -> str | None:
        """Return the key of the article at this address, None where none is known."""
        with reading(self.engine) as connection:
            return connection.execute(select(articles.c.key).where(articles.c.url == url)).scalar()

    def articles(self, *, since: datetime) -> int:
        """Return how many articles were first seen or published since then, or have a post due."""
        due = select(posts.c.article_key).where(posts.c.due_at >= since)
        fresh = or_(
            articles.c.first_seen_at >= since,
            articles.c.published_at >= since,
            articles.c.key.in_(due),
        )
        return self._count(select(func.count()).select_from(articles).where(fresh))

    def approvals(self, *, since: datetime) -> int:
        """Return how many posts were approved since then, or are approved and due since then."""
        table = schema.approvals
        fresh = or_(table.c.at >= since, posts.c.due_at >= since)
        query = select(func.count()).select_from(table).join(posts, posts.c.id == table.c.post_id)
        return self._count(query.where(fresh))

    def live(self, *, since: datetime) -> int:
        """Return how many posts went live since then."""
        query = select(func.count()).select_from(receipts)
        return self._count(query.where(receipts.c.at >= since, receipts.c.part == 0))

    def states(self) -> Mapping[tuple[str, str], int]:
        """Return how many posts there are, by channel and state."""
        query = select(posts.c.channel, posts.c.state, func.count()).group_by(
            posts.c.channel, posts.c.state
        )
        with reading(self.engine) as connection:
            return {(row[0], row[1]): row[2] for row in connection.execute(query)}

    def asking(self) -> int:
        """Return how many posts ask somebody something."""
        query = select(func.count()).select_from(posts).where(posts.c.asks != "")
        return self._count(query)

    def stuck(self, *, due_before: datetime) -> Sequence[tuple[int, str, datetime, str]]:
        """Return approved posts that should have gone out by then: id, channel, due, reason."""
        query = (
            select(posts.c.id, posts.c.channel, posts.c.due_at, posts.c.reason)
            .where(
                posts.c.state.in_((State.APPROVED, State.BEGUN, State.SENDING)),
                posts.c.due_at < due_before,
                posts.c.updated_at < due_before,
            )
            .order_by(posts.c.due_at)
        )
        with reading(self.engine) as connection:
            return [(row[0], row[1], row[2], row[3]) for row in connection.execute(query)]

    def attempts(self, *, since: datetime) -> Mapping[tuple[str, str], int]:
        """Return how many tries ended since then, by channel and outcome."""
        table = schema.attempts
        query = (
            select(posts.c.channel, table.c.outcome, func.count())
            .join(posts, posts.c.id == table.c.post_id)
            .where(table.c.ended_at >= since, table.c.outcome.is_not(None))
            .group_by(posts.c.channel, table.c.outcome)
        )
        with reading(self.engine) as connection:
            return {(row[0], row[1]): row[2] for row in connection.execute(query)}

    def paused(self) -> Mapping[str, str]:
        """Return why each paused channel is."""
        with reading(self.engine) as connection:
            rows = connection.execute(select(schema.pauses.c.channel, schema.pauses.c.reason))
            return {row[0]: row[1] for row in rows}

    def last_live(self) -> Mapping[str, datetime]:
        """Return when each channel's last post went live."""
        query = (
            select(posts.c.channel, func.max(receipts.c.at))
            .join(posts, posts.c.id == receipts.c.post_id)
            .group_by(posts.c.channel)
        )
        with reading(self.engine) as connection:
            return {row[0]: row[1] for row in connection.execute(query)}

    def delays(self, *, since: datetime) -> Sequence[tuple[str, float]]:
        """Return of each post that went live since then how many seconds after its time."""
        query = (
            select(posts.c.channel, posts.c.due_at, receipts.c.at)
            .join(receipts, (receipts.c.post_id == posts.c.id) & (receipts.c.part == 0))
            .where(receipts.c.at >= since, posts.c.due_at.is_not(None))
        )
        with reading(self.engine) as connection:
            rows = connection.execute(query).all()
        return [(row[0], max(0.0, (row[2] - row[1]).total_seconds())) for row in rows]

    def _count(self, query: Select[int]) -> int:
        with reading(self.engine) as connection:
            return int(connection.execute(query).scalar_one())
