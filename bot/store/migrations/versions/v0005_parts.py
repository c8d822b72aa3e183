"""Posts of several parts: a receipt for each, and a state between two of them.

Revision ID: 0005
"""

import sqlalchemy as sa
from alembic import op

from bot.store import schema

revision = "0005"
down_revision = "0004"

MOVES = (
    ("sending", "begun"),
    ("unclear", "begun"),
    ("begun", "sending"),
    ("begun", "published"),
)


def upgrade() -> None:
    """Give tickets and receipts a part (all there are so far: 0), and posts the new moves."""
    op.add_column("tickets", sa.Column("part", sa.Integer(), nullable=False, server_default="0"))
    op.execute("CREATE TABLE receipts_before AS SELECT * FROM receipts")
    op.drop_table("receipts")
    op.create_table(
        "receipts",
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("remote_id", sa.Text(), nullable=False),
        sa.Column("permalink", sa.Text(), nullable=False),
        sa.Column("found", sa.Integer(), nullable=False),
        sa.Column("at", schema.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("fk_receipts_post_id")),
        sa.PrimaryKeyConstraint("post_id", "part", name=op.f("pk_receipts")),
    )
    op.execute(
        "INSERT INTO receipts (post_id, part, remote_id, permalink, found, at) "
        "SELECT post_id, 0, remote_id, permalink, found, at FROM receipts_before"
    )
    op.drop_table("receipts_before")
    moves = sa.table("transitions", sa.column("from_state"), sa.column("to_state"))
    op.bulk_insert(moves, [{"from_state": a, "to_state": b} for a, b in MOVES])
