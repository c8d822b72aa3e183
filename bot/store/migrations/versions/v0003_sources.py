"""Watched sources, everything ever seen, what waits for an editor, and what articles said before.

Revision ID: 0003
"""

import sqlalchemy as sa
from alembic import op

from bot.store import schema

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make the tables."""
    instant = schema.Instant(timezone=True)
    op.create_table(
        "sources",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("paused", sa.Text(), nullable=False),
        sa.Column("primed", sa.Boolean(), nullable=False),
        sa.Column("etag", sa.Text(), nullable=False),
        sa.Column("last_modified", sa.Text(), nullable=False),
        sa.Column("next_poll_at", instant, nullable=True),
        sa.Column("last_read_at", instant, nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("trouble", sa.Text(), nullable=False),
        sa.Column("added_at", instant, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sources")),
        sa.UniqueConstraint("name", name=op.f("uq_sources_name")),
        sa.UniqueConstraint("url", name=op.f("uq_sources_url")),
    )
    op.create_table(
        "sightings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=120), nullable=False),
        sa.Column("article_key", sa.String(length=120), nullable=False),
        *(
            sa.Column(name, sa.BigInteger(), nullable=True)
            for name in ("guid", "url", "body", "head", "tail")
        ),
        sa.Column("day", sa.Integer(), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("listing", sa.BigInteger(), nullable=False),
        sa.Column("at", instant, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sightings")),
    )
    for name in ("guid", "url", "body", "head", "tail", "at"):
        op.create_index(op.f(f"ix_sightings_{name}"), "sightings", [name], unique=False)
    op.create_table(
        "held",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=120), nullable=False),
        sa.Column("article_key", sa.String(length=120), nullable=False),
        sa.Column("article", sa.JSON(), nullable=False),
        sa.Column("whole", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", instant, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_held")),
        sa.UniqueConstraint("article_key", name=op.f("uq_held_article_key")),
    )
    op.create_table(
        "revisions",
        sa.Column("article_key", sa.String(length=120), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("article", sa.JSON(), nullable=False),
        sa.Column("until", instant, nullable=False),
        sa.ForeignKeyConstraint(
            ["article_key"], ["articles.key"], name=op.f("fk_revisions_article_key")
        ),
        sa.PrimaryKeyConstraint("article_key", "revision", name=op.f("pk_revisions")),
    )
