"""The tables of what is watched and what was seen there; see `bot.domain.intake`."""

from sqlalchemy import JSON, BigInteger, Boolean, Column, ForeignKey, Integer, String, Table, Text

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
