"""When a hub was asked last.

Revision ID: 0012
"""

import sqlalchemy as sa
from alembic import op

from bot.store import schema

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Make the column."""
    op.add_column("sources", sa.Column("hub_asked_at", schema.Instant(timezone=True)))
