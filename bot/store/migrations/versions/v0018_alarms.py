"""Alarms that last, and what was done at its time already.

Revision ID: 0018
"""

import sqlalchemy as sa
from alembic import op

from bot.store import schema

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    """Make both tables."""
    instant = schema.Instant(timezone=True)
    op.create_table(
        "alarms",
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("until", instant, nullable=True),
        sa.Column("raised_at", instant, nullable=False),
        sa.Column("told_at", instant, nullable=True),
        sa.Column("escalated_at", instant, nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_alarms")),
    )
    op.create_table(
        "marks",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("at", instant, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_marks")),
    )
