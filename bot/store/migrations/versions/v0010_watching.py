"""What servers ask of us, what is pushed to us, pages read again, and corrections.

Revision ID: 0010
"""

import sqlalchemy as sa
from alembic import op

from bot.store import schema

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Make the columns and the tables."""
    instant = schema.Instant(timezone=True)
    op.add_column("sources", sa.Column("retry_at", instant, nullable=True))
    op.add_column("sources", sa.Column("lease_until", instant, nullable=True))
    for name, kind in (("key", sa.String(64)), ("hub", sa.Text()), ("topic", sa.Text())):
        op.add_column("sources", sa.Column(name, kind, nullable=False, server_default=""))
    op.create_table(
        "arrivals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=120), nullable=False),
        sa.Column("message_id", sa.String(length=255), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("content_type", sa.String(length=255), nullable=False),
        sa.Column("at", instant, nullable=False),
        sa.Column("done_at", instant, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_arrivals")),
        sa.UniqueConstraint("source", "message_id", name=op.f("uq_arrivals_source_message_id")),
    )
    op.create_index(op.f("ix_arrivals_at"), "arrivals", ["at"], unique=False)
    op.create_table(
        "rechecks",
        sa.Column("article_key", sa.String(length=120), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("etag", sa.Text(), nullable=False),
        sa.Column("last_modified", sa.Text(), nullable=False),
        sa.Column("listing", sa.BigInteger(), nullable=False),
        sa.Column("until", instant, nullable=False),
        sa.Column("next_at", instant, nullable=False),
        sa.Column("missing", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_key"], ["articles.key"], name=op.f("fk_rechecks_article_key")
        ),
        sa.PrimaryKeyConstraint("article_key", name=op.f("pk_rechecks")),
    )
    op.create_index(op.f("ix_rechecks_next_at"), "rechecks", ["next_at"], unique=False)
    _corrections(instant)


def _corrections(instant: schema.Instant) -> None:
    op.create_table(
        "corrections",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("article_key", sa.String(length=120), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=True),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("at", instant, nullable=False),
        sa.Column("done_at", instant, nullable=True),
        sa.Column("done_by", sa.Text(), nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_key"], ["articles.key"], name=op.f("fk_corrections_article_key")
        ),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("fk_corrections_post_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_corrections")),
    )
    op.create_index(op.f("ix_corrections_article_key"), "corrections", ["article_key"])
    op.create_index(
        "one_open_correction",
        "corrections",
        ["post_id"],
        unique=True,
        sqlite_where=sa.text("done_at IS NULL"),
        postgresql_where=sa.text("done_at IS NULL"),
    )
