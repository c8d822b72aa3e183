"""The tables. Column meanings are those of the same names in `bot.domain`."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Column,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    text,
)

#: One spelling for every constraint, so that a migration can name what it changes.
metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_N_label)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def utc(value: datetime) -> datetime:
    """Return an aware time in UTC. Raises ValueError for a naive one: it is never guessed at."""
    if value.tzinfo is None:
        raise ValueError(f"a time without a zone: {value}")
    return value.astimezone(UTC)


class Instant(TypeDecorator[datetime]):
    """An aware time, kept in UTC; a naive one is refused rather than guessed at."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the UTC time to store."""
        if value is None:
            return None
        return utc(value) if dialect.name == "postgresql" else utc(value).replace(tzinfo=None)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Return the stored time, aware."""
        del dialect
        stored: datetime | None = value
        return stored if stored is None or stored.tzinfo else stored.replace(tzinfo=UTC)


articles = Table(
    "articles",
    metadata,
    Column("key", String(120), primary_key=True),
    Column("url", Text, nullable=False, unique=True),
    Column("title", Text, nullable=False),
    Column("published_at", Instant),
    Column("content_hash", String(64), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("source", Text, nullable=False),
    Column("article", JSON, nullable=False),
    Column("first_seen_at", Instant, nullable=False),
)

#: The moves a post may make; the trigger `posts_move` refuses every other one.
transitions = Table(
    "transitions",
    metadata,
    Column("from_state", String(16), primary_key=True),
    Column("to_state", String(16), primary_key=True),
)

posts = Table(
    "posts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("article_key", ForeignKey("articles.key"), nullable=False),
    Column("platform", String(32), nullable=False),
    Column("channel", String(64), nullable=False),
    Column("state", String(16), nullable=False),
    Column("content", JSON, nullable=False),
    Column("fingerprint", String(64), nullable=False),
    Column("approved_fingerprint", String(64)),
    Column("findings", JSON, nullable=False),
    Column("variants", JSON, nullable=False),
    Column("due_at", Instant),
    Column("expires_at", Instant),
    Column("retry_at", Instant),
    Column("fence", Integer, nullable=False, default=0),
    Column("tries", Integer, nullable=False, default=0),
    Column("checks", Integer, nullable=False, default=0),
    Column("reason", Text, nullable=False, default=""),
    Column("asks", Text, nullable=False, default=""),
    # Looking at the platform (unclear: is it there? published: is it right?) is not done
    # before this time, by the wall clock and, within one boot, by the machine's uptime.
    Column("look_at", Instant),
    Column("look_uptime", Float),
    Column("look_boot", String(64)),
    Column("first_sent_at", Instant),
    Column("grace_until", Instant),  # an approval can be taken back until then; nothing is sent
    Column("overdue_at", Instant),  # when an alarm was raised that it is where it is for too long
    Column("snoozed_until", Instant),  # not shown among those that wait until then
    Column("link_policy", String(24), nullable=False, server_default=""),  # "": the house's
    # Where several workers share the database: who works on it, and until when at most.
    Column("held_by", Integer),
    Column("held_until", Instant),
    Column("created_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
    UniqueConstraint("article_key", "channel"),  # this is "never twice"
    CheckConstraint("state <> 'approved' OR approved_fingerprint = fingerprint", name="approved"),
    CheckConstraint("state <> 'sending' OR approved_fingerprint = fingerprint", name="sending"),
    CheckConstraint("state <> 'rejected' OR reason <> ''", name="rejected_why"),
)
Index("ix_posts_state_due_at", posts.c.state, posts.c.due_at)
Index(
    "ix_posts_look_at",
    posts.c.look_at,
    sqlite_where=text("look_at IS NOT NULL"),
    postgresql_where=text("look_at IS NOT NULL"),
)
Index(
    "ix_posts_asks",
    posts.c.id,
    sqlite_where=text("asks <> ''"),
    postgresql_where=text("asks <> ''"),
)

approvals = Table(
    "approvals",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("post_id", ForeignKey("posts.id"), nullable=False, index=True),
    Column("fingerprint", String(64), nullable=False),
    Column("by", Text, nullable=False),
    Column("via", String(32), nullable=False),
    Column("at", Instant, nullable=False),
    Column("withdrawn_at", Instant),  # taken back, or void because the post left the queue
)

tickets = Table(
    "tickets",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("post_id", ForeignKey("posts.id"), nullable=False, index=True),
    Column("fingerprint", String(64), nullable=False),
    Column("request", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("media", JSON, nullable=False),
    Column("part", Integer, nullable=False, default=0),
    Column("account", Text, nullable=False, server_default=""),  # whose post it is to be
    Column("created_at", Instant, nullable=False),
)

attempts = Table(
    "attempts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("post_id", ForeignKey("posts.id"), nullable=False),
    Column("fence", Integer, nullable=False),
    Column("ticket_id", ForeignKey("tickets.id"), nullable=False),
    Column("fingerprint", String(64), nullable=False),
    Column("started_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Column("outcome", String(16)),
    Column("status", Integer),
    Column("detail", Text, nullable=False, default=""),
    UniqueConstraint("post_id", "fence"),
)
Index(
    "one_open_attempt",
    attempts.c.post_id,
    unique=True,
    sqlite_where=attempts.c.outcome.is_(None),
    postgresql_where=attempts.c.outcome.is_(None),
)

receipts = Table(
    "receipts",
    metadata,
    Column("post_id", ForeignKey("posts.id"), primary_key=True),
    Column("part", Integer, primary_key=True),  # 0 is the post itself
    Column("remote_id", Text, nullable=False),
    Column("permalink", Text, nullable=False),
    Column("found", Integer, nullable=False),
    Column("at", Instant, nullable=False),
    Column("via", String(16), nullable=False, server_default="api"),
)

cards = Table(
    "cards",
    metadata,
    Column("sha256", String(64), primary_key=True),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    Column("layout", String(32), nullable=False),
    Column("alt_text", Text, nullable=False),
)

#: The files of cards, where several machines share the database.
card_files = Table(
    "card_files",
    metadata,
    Column("sha256", ForeignKey("cards.sha256"), primary_key=True),
    Column("name", String(80), primary_key=True),
    Column("data", LargeBinary, nullable=False),
)

#: Every process that ever worked on a shared database; the living hold a lock of their number.
workers = Table(
    "workers",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", Text, nullable=False),
    Column("boot", String(64), nullable=False),
    Column("joined_at", Instant, nullable=False),
)

#: A channel with a row here is paused: nothing is sent until somebody has fixed the account.
#: "*" is every channel: the kill switch.
pauses = Table(
    "pauses",
    metadata,
    Column("channel", String(64), primary_key=True),
    Column("by", Text, nullable=False, server_default="publisher"),
    Column("reason", Text, nullable=False),
    Column("at", Instant, nullable=False),
)

events = Table(
    "events",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("name", String(64), nullable=False),
    Column("who", Text, nullable=False),
    Column("article_key", String(120), index=True),
    Column("post_id", Integer, index=True),
    Column("from_state", String(16)),
    Column("to_state", String(16)),
    Column("detail", JSON, nullable=False),
    # The audit chain, see `bot.store.audit`: where it was done, what it changed, what it follows.
    Column("origin", Text, nullable=False, server_default=""),
    Column("before_hash", String(64), nullable=False, server_default=""),
    Column("after_hash", String(64), nullable=False, server_default=""),
    Column("previous_hash", String(64), nullable=False, server_default=""),
    Column("hash", String(64), nullable=False, server_default=""),
)
Index("ix_events_previous_hash", events.c.previous_hash, unique=True)
Index(
    "ix_events_by_policy",
    events.c.at,
    sqlite_where=text("substr(who, 1, 7) = 'policy:'"),
    postgresql_where=text("substr(who, 1, 7) = 'policy:'"),
)
