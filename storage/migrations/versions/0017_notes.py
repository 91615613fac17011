"""what owners and the staff tell of a house: how to get in, and the builder's long guarantee"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "notes",
        sa.Column("house_id", sa.String(), sa.ForeignKey("houses.id"), primary_key=True),
        sa.Column("topic", sa.String(), primary_key=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("until_on", sa.Date()),
        sa.Column("told_by", sa.String(), nullable=False),
        sa.Column("told_on", sa.Date(), nullable=False),
    )
    op.create_index("ix_notes_told_by", "notes", ["told_by"])
