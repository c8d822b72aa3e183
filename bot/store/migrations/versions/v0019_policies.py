"""Find what policies decided on a day, among all that ever happened.

Revision ID: 0019
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    """Make the index."""
    by_policy = sa.text("substr(who, 1, 7) = 'policy:'")
    op.create_index(
        "ix_events_by_policy",
        "events",
        ["at"],
        sqlite_where=by_policy,
        postgresql_where=by_policy,
    )
