"""What was spent.

Revision ID: 0014
"""

import sqlalchemy as sa
from alembic import op

from bot.store import schema

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Make the table of expenses."""
    op.create_table(
        "expenses",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", schema.Instant(timezone=True), nullable=False),
        sa.Column("channel", sa.String(length=64), nullable=False),
        sa.Column("platform", sa.String(length=32), nullable=False),
        sa.Column("item", sa.String(length=32), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("micro_usd", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=True),
        sa.Column("fence", sa.Integer(), nullable=True),
        sa.Column("void", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_expenses")),
    )
    op.create_index(op.f("ix_expenses_post_id"), "expenses", ["post_id"])
    op.create_index("ix_expenses_channel_at", "expenses", ["channel", "at"])
