"""The tables of what gets in without a password; SHA-256 digests, never the secrets themselves."""

from sqlalchemy import JSON, BigInteger, Column, ForeignKey, Integer, String, Table, Text

from bot.store.schema import Instant, metadata

tokens = Table(
    "api_tokens",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("digest", String(64), nullable=False, unique=True),
    Column("name", String(40), nullable=False),
    Column("user_id", ForeignKey("users.id"), nullable=False, index=True),
    Column("scopes", String(80), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("used_at", Instant),
    Column("revoked_at", Instant),
)

#: What was answered to a request with an Idempotency-Key, so that a repeat gets the same.
answers = Table(
    "api_answers",
    metadata,
    Column("token_id", ForeignKey("api_tokens.id"), primary_key=True),
    Column("key", String(200), primary_key=True),
    Column("request", String(64), nullable=False),  # digest of method, path and body
    Column("status", Integer),  # none while it is being done
    Column("kind", Text, nullable=False, default=""),  # media type of the body
    Column("body", Text, nullable=False, default=""),
    Column("at", Instant, nullable=False, index=True),
)

#: Keys in people's devices; the public halves.
passkeys = Table(
    "passkeys",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("user_id", ForeignKey("users.id"), nullable=False, index=True),
    Column("credential", Text, nullable=False, unique=True),  # base64url
    Column("public_key", Text, nullable=False),  # COSE, base64url
    Column("count", BigInteger, nullable=False),
    Column("name", String(40), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("used_at", Instant),
)

#: What a visitor's device has to sign next: once, and soon.
challenges = Table(
    "passkey_challenges",
    metadata,
    Column("visitor", String(64), primary_key=True),  # digest of the session's or guest's cookie
    Column("purpose", String(16), primary_key=True),
    Column("challenge", String(100), nullable=False),
    Column("expires_at", Instant, nullable=False, index=True),
)

#: Links in messages: what each lets one person do, once.
invitations = Table(
    "invitations",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("user_id", ForeignKey("users.id"), nullable=False, index=True),
    Column("action", String(16), nullable=False),
    Column("posts", JSON, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("used_at", Instant),
)

webhooks = Table(
    "webhooks",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("url", Text, nullable=False),
    Column("events", JSON, nullable=False),
    Column("salt", String(64), nullable=False),
    Column("position", Integer, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("failures", Integer, nullable=False, default=0),
    Column("failing_since", Instant),
    Column("retry_at", Instant),
    Column("disabled", Text, nullable=False, default=""),
)

#: Messages that went out, so that each is sent once.
notices = Table(
    "notices",
    metadata,
    Column("topic", String(32), primary_key=True),
    Column("subject", String(160), primary_key=True),
    Column("at", Instant, nullable=False),
)
