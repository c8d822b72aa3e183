"""The tables of alarms, and of what is done once at its time."""

from sqlalchemy import Column, String, Table, Text

from bot.store.schema import Instant, metadata

#: What is wrong just now and whom that was told; a row goes when it is right again.
alarms = Table(
    "alarms",
    metadata,
    Column("key", String(120), primary_key=True),
    Column("title", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("until", Instant),
    Column("raised_at", Instant, nullable=False),
    Column("told_at", Instant),
    Column("escalated_at", Instant),
)

#: The last time for which something was done that happens at times of day.
marks = Table(
    "marks",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("at", Instant, nullable=False),
)
