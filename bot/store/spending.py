"""What was spent: one row for each thing a platform bills, written before it is asked for.

A post's price is booked in the transaction that claims it, so that two publishers never spend the
same dollar, and taken back where the platform surely took nothing: failed requests are not billed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    Index,
    Integer,
    String,
    Table,
    func,
    insert,
    select,
    update,
)

from bot.domain.money import Cost
from bot.store import schema
from bot.store.engine import reading, writing

#: Amounts are whole millionths of a dollar: SQLite has no decimals.
_MICRO = Decimal(1_000_000)

expenses = Table(
    "expenses",
    schema.metadata,
    Column("id", Integer, primary_key=True),
    Column("at", schema.Instant, nullable=False),
    Column("channel", String(64), nullable=False),
    Column("platform", String(32), nullable=False),
    Column("item", String(32), nullable=False),
    Column("count", Integer, nullable=False),
    Column("micro_usd", Integer, nullable=False),
    Column("post_id", Integer, index=True),
    Column("fence", Integer),  # of the attempt, for what is taken back when it fails
    Column("void", Integer, nullable=False, default=0),
)
Index("ix_expenses_channel_at", expenses.c.channel, expenses.c.at)


@dataclass(frozen=True)
class Spending:
    """Keeps what was spent. Every method is one transaction."""

    engine: Engine

    def note(self, cost: Cost, *, post_id: int | None, now: datetime) -> None:
        """Write down what was billed outside of an attempt."""
        with writing(self.engine) as connection:
            _book(connection, cost, post_id=post_id, fence=None, now=now)

    def spent(self, channel: str, since: datetime) -> Decimal:
        """Return what a channel has spent since then, in US dollars."""
        with reading(self.engine) as connection:
            return _spent(connection, channel, since)

    def spent_in_all(self, since: datetime) -> Decimal:
        """Return what all channels have spent since then, in US dollars."""
        query = select(func.coalesce(func.sum(expenses.c.micro_usd), 0)).where(
            expenses.c.at >= since, expenses.c.void == 0
        )
        with reading(self.engine) as connection:
            return int(connection.execute(query).scalar_one()) / _MICRO

    def by_item(self, channel: str, since: datetime) -> Sequence[dict[str, Any]]:
        """Return what was spent since then on what: item, count, usd."""
        query = (
            select(expenses.c.item, func.sum(expenses.c.count), func.sum(expenses.c.micro_usd))
            .where(expenses.c.channel == channel, expenses.c.at >= since, expenses.c.void == 0)
            .group_by(expenses.c.item)
            .order_by(expenses.c.item)
        )
        with reading(self.engine) as connection:
            rows = connection.execute(query).all()
        return [
            {"item": item, "count": int(count), "usd": int(micro) / _MICRO}
            for item, count, micro in rows
        ]

    def last(self, limit: int) -> Sequence[dict[str, Any]]:
        """Return the newest expenses, newest first, those taken back included."""
        query = select(expenses).order_by(expenses.c.id.desc()).limit(limit)
        with reading(self.engine) as connection:
            rows = connection.execute(query).mappings().all()
        return [
            {
                "at": row["at"],
                "channel": row["channel"],
                "item": row["item"],
                "count": row["count"],
                "usd": row["micro_usd"] / _MICRO,
                "post": row["post_id"],
                "taken_back": bool(row["void"]),
            }
            for row in rows
        ]


def affords(connection: Connection, cost: Cost) -> bool:
    """Whether no cap is in the way, in the caller's transaction."""
    today = _spent(connection, cost.channel, cost.day_began)
    this_month = _spent(connection, cost.channel, cost.month_began)
    return not cost.refusal(today, this_month)


def book(connection: Connection, cost: Cost, post_id: int, fence: int, now: datetime) -> None:
    """Book an attempt's price in the caller's transaction."""
    _book(connection, cost, post_id=post_id, fence=fence, now=now)


def take_back(connection: Connection, post_id: int, fence: int) -> None:
    """Strike off an attempt's price: the platform took nothing, and bills nothing."""
    connection.execute(
        update(expenses)
        .where(expenses.c.post_id == post_id, expenses.c.fence == fence)
        .values(void=1)
    )


def _book(
    connection: Connection, cost: Cost, *, post_id: int | None, fence: int | None, now: datetime
) -> None:
    rows = [
        {
            "at": now,
            "channel": cost.channel,
            "platform": cost.platform,
            "item": item,
            "count": cost.counts[item],
            "micro_usd": int(usd * _MICRO),
            "post_id": post_id,
            "fence": fence,
            "void": 0,
        }
        for item, usd in cost.lines.items()
    ]
    if rows:
        connection.execute(insert(expenses), rows)


def _spent(connection: Connection, channel: str, since: datetime) -> Decimal:
    query = select(func.coalesce(func.sum(expenses.c.micro_usd), 0)).where(
        expenses.c.channel == channel, expenses.c.at >= since, expenses.c.void == 0
    )
    return int(connection.execute(query).scalar_one()) / _MICRO
