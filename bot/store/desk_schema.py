"""The tables of the editors' desk: people, sessions, wordings, what was typed and said."""

from sqlalchemy import JSON, Column, ForeignKey, Integer, String, Table, Text

from bot.store.schema import Instant, metadata

#: Every wording a post has had, so that any can be read again and restored.
wordings = Table(
    "wordings",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("post_id", ForeignKey("posts.id"), nullable=False, index=True),
    Column("fingerprint", String(64), nullable=False),
    Column("content", JSON, nullable=False),
    Column("by", Text, nullable=False),
    Column("at", Instant, nullable=False),
)

#: What somebody has typed and not saved: one per person and post.
scratches = Table(
    "scratches",
    metadata,
    Column("post_id", ForeignKey("posts.id"), primary_key=True),
    Column("user_id", ForeignKey("users.id"), primary_key=True),
    Column("base", String(64), nullable=False),  # fingerprint of what it was typed over
    Column("text", Text, nullable=False),
    Column("at", Instant, nullable=False),
)

#: What people say to each other about an article's posts.
comments = Table(
    "comments",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("article_key", ForeignKey("articles.key"), nullable=False, index=True),
    Column("post_id", ForeignKey("posts.id")),
    Column("by", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("at", Instant, nullable=False),
)

#: Who was named in a comment (@name), and when they saw it.
mentions = Table(
    "mentions",
    metadata,
    Column("comment_id", ForeignKey("comments.id"), primary_key=True),
    Column("user_id", ForeignKey("users.id"), primary_key=True, index=True),
    Column("seen_at", Instant),
)

users = Table(
    "users",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(40), nullable=False, unique=True),
    Column("role", String(16), nullable=False),
    Column("password", Text, nullable=False),  # argon2id; "" until it is set
    Column("totp", Text, nullable=False, default=""),
    Column("created_at", Instant, nullable=False),
    Column("disabled_at", Instant),
)

#: One-time links by which a password is set. Here and below: SHA-256 of the secret, never it.
sign_in_links = Table(
    "sign_in_links",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("user_id", ForeignKey("users.id"), nullable=False, index=True),
    Column("expires_at", Instant, nullable=False),
)

sessions = Table(
    "sessions",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("user_id", ForeignKey("users.id"), nullable=False, index=True),
    Column("began_at", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
)

#: Devices somebody has signed in from: a stranger's failures elsewhere do not slow them down.
devices = Table(
    "devices",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("user_id", ForeignKey("users.id"), nullable=False, index=True),
    Column("at", Instant, nullable=False),
)

sign_in_failures = Table(
    "sign_in_failures",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", Text, nullable=False),
    Column("origin", Text, nullable=False, index=True),
    Column("at", Instant, nullable=False),
)
