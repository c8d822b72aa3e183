"""Accounts that have signed in, with their sealed tokens.

Revision ID: 0013
"""

import sqlalchemy as sa
from alembic import op

from bot.store import schema

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Make the table of connections."""
    instant = schema.Instant(timezone=True)
    op.create_table(
        "connections",
        sa.Column("channel", sa.String(length=64), nullable=False),
        sa.Column("platform", sa.String(length=32), nullable=False),
        sa.Column("app", sa.String(length=32), nullable=False),
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("account_name", sa.Text(), nullable=False),
        sa.Column("account_handle", sa.Text(), nullable=False),
        sa.Column("scopes", sa.JSON(), nullable=False),
        sa.Column("renewable", sa.Integer(), nullable=False),
        sa.Column("expires_at", instant, nullable=True),
        sa.Column("refresh_expires_at", instant, nullable=True),
        sa.Column("connected_at", instant, nullable=False),
        sa.Column("connected_by", sa.Text(), nullable=False),
        sa.Column("renewed_at", instant, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("trouble", sa.Text(), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("renewing_until", instant, nullable=True),
        sa.PrimaryKeyConstraint("channel", name=op.f("pk_connections")),
    )
