"""Chain the events, and refuse to change them.

Revision ID: 0002
"""

import sqlalchemy as sa
from alembic import op

from bot.store.audit import GENESIS, link
from bot.store.schema import Instant

revision = "0002"
down_revision = "0001"

SQLITE = (
    """
CREATE TRIGGER events_no_update BEFORE UPDATE ON events
BEGIN SELECT RAISE(ABORT, 'events are only ever added'); END
""",
    """
CREATE TRIGGER events_no_delete BEFORE DELETE ON events
BEGIN SELECT RAISE(ABORT, 'events are only ever added'); END
""",
)

POSTGRESQL = (
    """
CREATE FUNCTION events_only_added() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'events are only ever added'; END $$
""",
    """
CREATE TRIGGER events_no_change BEFORE UPDATE OR DELETE ON events
FOR EACH ROW EXECUTE FUNCTION events_only_added()
""",
    """
CREATE TRIGGER events_no_truncate BEFORE TRUNCATE ON events
FOR EACH STATEMENT EXECUTE FUNCTION events_only_added()
""",
)

NEW = ("origin", "before_hash", "after_hash", "previous_hash", "hash")


def upgrade() -> None:
    """Add the hashes, work them out for the events there are, and set the triggers."""
    for name in NEW:
        kind = sa.Text() if name == "origin" else sa.String(length=64)
        op.add_column("events", sa.Column(name, kind, nullable=False, server_default=""))
    _chain()
    op.create_index("ix_events_previous_hash", "events", ["previous_hash"], unique=True)
    on_sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in SQLITE if on_sqlite else POSTGRESQL:
        op.execute(statement)


def _chain() -> None:
    known = ("id", "name", "who", "article_key", "post_id", "from_state", "to_state", *NEW)
    table = sa.table(
        "events",
        sa.column("at", Instant(timezone=True)),
        sa.column("detail", sa.JSON()),
        *(sa.column(name) for name in known),
    )
    connection = op.get_bind()
    previous = GENESIS
    for row in connection.execute(sa.select(table).order_by(table.c.id)).mappings().all():
        hashed = link(row["id"], previous, row)
        connection.execute(
            sa.update(table)
            .where(table.c.id == row["id"])
            .values(previous_hash=previous, hash=hashed)
        )
        previous = hashed
