"""How a post was published: by the API, or by hand.

Revision ID: 0015
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Give receipts the way; all there are so far came through the API."""
    column = sa.Column("via", sa.String(length=16), nullable=False, server_default="api")
    op.add_column("receipts", column)
