"""Whose post a saved request is: after another sign-in it must not go out, nor be looked for.

Revision ID: 0021
"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    """Add the column; of earlier requests nobody knows."""
    op.add_column("tickets", sa.Column("account", sa.Text, nullable=False, server_default=""))
