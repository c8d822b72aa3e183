"""Who works on which post, where several workers share the database.

Revision ID: 0007
"""

import sqlalchemy as sa
from alembic import op

from bot.store import schema

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Make the table of workers, and the columns of a lease."""
    instant = schema.Instant(timezone=True)
    op.create_table(
        "workers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("boot", sa.String(length=64), nullable=False),
        sa.Column("joined_at", instant, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workers")),
    )
    op.add_column("posts", sa.Column("held_by", sa.Integer(), nullable=True))
    op.add_column("posts", sa.Column("held_until", instant, nullable=True))
