"""When an alarm was raised about a post, and an index for the few that are to be looked at.

Revision ID: 0008
"""

import sqlalchemy as sa
from alembic import op

from bot.store import schema

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Make the column and the index."""
    op.add_column("posts", sa.Column("overdue_at", schema.Instant(timezone=True), nullable=True))
    waiting = sa.text("look_at IS NOT NULL")
    op.create_index(
        "ix_posts_look_at", "posts", ["look_at"], sqlite_where=waiting, postgresql_where=waiting
    )
