"""What a page that is read again said once, before it is believed.

Revision ID: 0016
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """Make the column."""
    column = sa.Column("candidate", sa.BigInteger(), nullable=False, server_default="0")
    op.add_column("rechecks", column)
