"""Snoozed posts, link policies of their own, approvals taken back, mentions, and who paused.

Revision ID: 0011
"""

import sqlalchemy as sa
from alembic import op

from bot.store import schema

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Make the columns and the table."""
    instant = schema.Instant(timezone=True)
    op.add_column("posts", sa.Column("snoozed_until", instant, nullable=True))
    op.add_column(
        "posts",
        sa.Column("link_policy", sa.String(length=24), nullable=False, server_default=""),
    )
    op.add_column("approvals", sa.Column("withdrawn_at", instant, nullable=True))
    op.add_column("pauses", sa.Column("by", sa.Text(), nullable=False, server_default="publisher"))
    op.create_table(
        "mentions",
        sa.Column("comment_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("seen_at", instant, nullable=True),
        sa.ForeignKeyConstraint(
            ["comment_id"], ["comments.id"], name=op.f("fk_mentions_comment_id")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_mentions_user_id")),
        sa.PrimaryKeyConstraint("comment_id", "user_id", name=op.f("pk_mentions")),
    )
    op.create_index("ix_mentions_user_id", "mentions", ["user_id"])
