"""The files of cards, where several machines share the database.

Revision ID: 0017
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "card_files",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["sha256"], ["cards.sha256"], name=op.f("fk_card_files_sha256")),
        sa.PrimaryKeyConstraint("sha256", "name", name=op.f("pk_card_files")),
    )
