"""Refuse on PostgreSQL with the same class of error as on SQLite.

Revision ID: 0004
"""

from alembic import op

revision = "0004"
down_revision = "0003"

POSTGRESQL = (
    """
CREATE OR REPLACE FUNCTION posts_move() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state <> OLD.state AND NOT EXISTS (
        SELECT 1 FROM transitions WHERE from_state = OLD.state AND to_state = NEW.state)
    THEN RAISE EXCEPTION 'illegal move of a post' USING ERRCODE = 'check_violation'; END IF;
    RETURN NEW;
END $$
""",
    """
CREATE OR REPLACE FUNCTION events_only_added() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'events are only ever added' USING ERRCODE = 'check_violation';
END $$
""",
)


def upgrade() -> None:
    """Replace the triggers' functions on PostgreSQL; SQLite's are as they should be."""
    if op.get_bind().dialect.name == "postgresql":
        for statement in POSTGRESQL:
            op.execute(statement)
