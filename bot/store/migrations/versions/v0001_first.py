"""The first schema.

Revision ID: 0001
"""

import sqlalchemy as sa
from alembic import op

from bot.store import schema

revision = "0001"
down_revision = None

#: Frozen here on purpose: a later change of the moves is a later migration.
MOVES = (
    ("drafted", "approved"),
    ("drafted", "expired"),
    ("drafted", "on_hold"),
    ("drafted", "rejected"),
    ("drafted", "superseded"),
    ("on_hold", "drafted"),
    ("on_hold", "expired"),
    ("on_hold", "rejected"),
    ("on_hold", "superseded"),
    ("approved", "drafted"),
    ("approved", "expired"),
    ("approved", "failed"),
    ("approved", "on_hold"),
    ("approved", "rejected"),
    ("approved", "sending"),
    ("approved", "superseded"),
    ("sending", "approved"),
    ("sending", "failed"),
    ("sending", "published"),
    ("sending", "unclear"),
    ("unclear", "approved"),
    ("unclear", "failed"),
    ("unclear", "published"),
    ("published", "verified"),
    ("failed", "drafted"),
    ("failed", "expired"),
    ("failed", "rejected"),
)

SQLITE_TRIGGER = """
CREATE TRIGGER posts_move BEFORE UPDATE OF state ON posts
WHEN NEW.state <> OLD.state AND NOT EXISTS (
    SELECT 1 FROM transitions WHERE from_state = OLD.state AND to_state = NEW.state)
BEGIN SELECT RAISE(ABORT, 'illegal move of a post'); END
"""

POSTGRESQL_TRIGGER = (
    """
CREATE FUNCTION posts_move() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state <> OLD.state AND NOT EXISTS (
        SELECT 1 FROM transitions WHERE from_state = OLD.state AND to_state = NEW.state)
    THEN RAISE EXCEPTION 'illegal move of a post'; END IF;
    RETURN NEW;
END $$
""",
    """
CREATE TRIGGER posts_move BEFORE UPDATE OF state ON posts
FOR EACH ROW EXECUTE FUNCTION posts_move()
""",
)


def upgrade() -> None:
    """Make the tables, the table of moves, and the trigger that enforces it."""
    op.create_table(
        "articles",
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("published_at", schema.Instant(timezone=True), nullable=True),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("article", sa.JSON(), nullable=False),
        sa.Column("first_seen_at", schema.Instant(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_articles")),
        sa.UniqueConstraint("url", name=op.f("uq_articles_url")),
    )
    op.create_table(
        "cards",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("layout", sa.String(length=32), nullable=False),
        sa.Column("alt_text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_cards")),
    )
    op.create_table(
        "events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", schema.Instant(timezone=True), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("article_key", sa.String(length=120), nullable=True),
        sa.Column("post_id", sa.Integer(), nullable=True),
        sa.Column("from_state", sa.String(length=16), nullable=True),
        sa.Column("to_state", sa.String(length=16), nullable=True),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_events")),
    )
    op.create_index(op.f("ix_events_article_key"), "events", ["article_key"], unique=False)
    op.create_index(op.f("ix_events_post_id"), "events", ["post_id"], unique=False)
    op.create_table(
        "pauses",
        sa.Column("channel", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", schema.Instant(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("channel", name=op.f("pk_pauses")),
    )
    op.create_table(
        "transitions",
        sa.Column("from_state", sa.String(length=16), nullable=False),
        sa.Column("to_state", sa.String(length=16), nullable=False),
        sa.PrimaryKeyConstraint("from_state", "to_state", name=op.f("pk_transitions")),
    )
    op.create_table(
        "posts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("article_key", sa.String(length=120), nullable=False),
        sa.Column("platform", sa.String(length=32), nullable=False),
        sa.Column("channel", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("approved_fingerprint", sa.String(length=64), nullable=True),
        sa.Column("findings", sa.JSON(), nullable=False),
        sa.Column("variants", sa.JSON(), nullable=False),
        sa.Column("due_at", schema.Instant(timezone=True), nullable=True),
        sa.Column("expires_at", schema.Instant(timezone=True), nullable=True),
        sa.Column("retry_at", schema.Instant(timezone=True), nullable=True),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("checks", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("asks", sa.Text(), nullable=False),
        sa.Column("look_at", schema.Instant(timezone=True), nullable=True),
        sa.Column("look_uptime", sa.Float(), nullable=True),
        sa.Column("look_boot", sa.String(length=64), nullable=True),
        sa.Column("first_sent_at", schema.Instant(timezone=True), nullable=True),
        sa.Column("created_at", schema.Instant(timezone=True), nullable=False),
        sa.Column("updated_at", schema.Instant(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state <> 'approved' OR approved_fingerprint = fingerprint",
            name=op.f("ck_posts_approved"),
        ),
        sa.CheckConstraint(
            "state <> 'rejected' OR reason <> ''", name=op.f("ck_posts_rejected_why")
        ),
        sa.CheckConstraint(
            "state <> 'sending' OR approved_fingerprint = fingerprint",
            name=op.f("ck_posts_sending"),
        ),
        sa.ForeignKeyConstraint(
            ["article_key"], ["articles.key"], name=op.f("fk_posts_article_key")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_posts")),
        sa.UniqueConstraint("article_key", "channel", name=op.f("uq_posts_article_key_channel")),
    )
    op.create_index("ix_posts_state_due_at", "posts", ["state", "due_at"], unique=False)
    op.create_table(
        "approvals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("via", sa.String(length=32), nullable=False),
        sa.Column("at", schema.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("fk_approvals_post_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approvals")),
    )
    op.create_index(op.f("ix_approvals_post_id"), "approvals", ["post_id"], unique=False)
    op.create_table(
        "receipts",
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("remote_id", sa.Text(), nullable=False),
        sa.Column("permalink", sa.Text(), nullable=False),
        sa.Column("found", sa.Integer(), nullable=False),
        sa.Column("at", schema.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("fk_receipts_post_id")),
        sa.PrimaryKeyConstraint("post_id", name=op.f("pk_receipts")),
    )
    op.create_table(
        "tickets",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("request", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("media", sa.JSON(), nullable=False),
        sa.Column("created_at", schema.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("fk_tickets_post_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tickets")),
    )
    op.create_index(op.f("ix_tickets_post_id"), "tickets", ["post_id"], unique=False)
    op.create_table(
        "attempts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("started_at", schema.Instant(timezone=True), nullable=False),
        sa.Column("ended_at", schema.Instant(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(length=16), nullable=True),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("fk_attempts_post_id")),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name=op.f("fk_attempts_ticket_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempts")),
        sa.UniqueConstraint("post_id", "fence", name=op.f("uq_attempts_post_id_fence")),
    )
    op.create_index(
        "one_open_attempt",
        "attempts",
        ["post_id"],
        unique=True,
        sqlite_where=sa.text("outcome IS NULL"),
        postgresql_where=sa.text("outcome IS NULL"),
    )
    moves = sa.table("transitions", sa.column("from_state"), sa.column("to_state"))
    op.bulk_insert(moves, [{"from_state": a, "to_state": b} for a, b in MOVES])
    on_sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in (SQLITE_TRIGGER,) if on_sqlite else POSTGRESQL_TRIGGER:
        op.execute(statement)
