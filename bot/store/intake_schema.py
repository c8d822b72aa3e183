"""The tables of what is watched and what was seen there; see `bot.domain.intake`."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from bot.store.schema import Instant, metadata

sources = Table(
    "sources",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(120), nullable=False, unique=True),
    Column("url", Text, nullable=False, unique=True),
    Column("kind", String(32), nullable=False),
    Column("paused", Text, nullable=False, default=""),
    Column("primed", Boolean, nullable=False, default=False),
    Column("etag", Text, nullable=False, default=""),
    Column("last_modified", Text, nullable=False, default=""),
    Column("next_poll_at", Instant),
    Column("last_read_at", Instant),
    Column("failures", Integer, nullable=False, default=0),
    Column("trouble", Text, nullable=False, default=""),
    Column("added_at", Instant, nullable=False),
    Column("retry_at", Instant),
    Column("key", String(64), nullable=False, server_default=""),
    Column("hub", Text, nullable=False, server_default=""),
    Column("topic", Text, nullable=False, server_default=""),
    Column("lease_until", Instant),
    Column("hub_asked_at", Instant),
)

#: Everything ever seen, as small as it can be: digests, and the headline while it is young.
#: A source may be removed and added again; its name stays here.
sightings = Table(
    "sightings",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("source", String(120), nullable=False),
    Column("article_key", String(120), nullable=False),
    Column("guid", BigInteger, index=True),
    Column("url", BigInteger, index=True),
    Column("body", BigInteger, index=True),
    Column("head", BigInteger, index=True),
    Column("tail", BigInteger, index=True),
    Column("day", Integer),
    Column("title", Text, nullable=False),
    Column("listing", BigInteger, nullable=False),
    Column("at", Instant, nullable=False, index=True),
)

#: Articles that get no posts before an editor says so.
held = Table(
    "held",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("source", String(120), nullable=False),
    Column("article_key", String(120), nullable=False, unique=True),
    Column("article", JSON, nullable=False),
    Column("whole", Boolean, nullable=False),
    Column("reason", Text, nullable=False),
    Column("at", Instant, nullable=False),
)

#: What an article said before it was changed.
revisions = Table(
    "revisions",
    metadata,
    Column("article_key", ForeignKey("articles.key"), primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("article", JSON, nullable=False),
    Column("until", Instant, nullable=False),
)

#: What was pushed to us: taken in by the next reading. The ids stay a while, against replays.
arrivals = Table(
    "arrivals",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("source", String(120), nullable=False),
    Column("message_id", String(255), nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("content_type", String(255), nullable=False),
    Column("at", Instant, nullable=False, index=True),
    Column("done_at", Instant),
    UniqueConstraint("source", "message_id"),
)

#: Articles whose pages are read again, to see whether they were changed or taken down.
rechecks = Table(
    "rechecks",
    metadata,
    Column("article_key", ForeignKey("articles.key"), primary_key=True),
    Column("url", Text, nullable=False),
    Column("etag", Text, nullable=False),
    Column("last_modified", Text, nullable=False),
    Column("listing", BigInteger, nullable=False),  # of what the page said last
    Column("candidate", BigInteger, nullable=False, server_default="0"),
    Column("until", Instant, nullable=False),
    Column("next_at", Instant, nullable=False, index=True),
    Column("missing", Integer, nullable=False),  # how often in a row it was not there
)

#: What an editor has to decide about posts that an article has left behind.
corrections = Table(
    "corrections",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("article_key", ForeignKey("articles.key"), nullable=False, index=True),
    Column("post_id", ForeignKey("posts.id"), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("before", JSON, nullable=False),
    Column("after", JSON),
    Column("options", JSON, nullable=False),
    Column("at", Instant, nullable=False),
    Column("done_at", Instant),
    Column("done_by", Text, nullable=False),
    Column("outcome", String(16), nullable=False),
    Column("note", Text, nullable=False),
)
Index(
    "one_open_correction",
    corrections.c.post_id,
    unique=True,
    sqlite_where=text("done_at IS NULL"),
    postgresql_where=text("done_at IS NULL"),
)
