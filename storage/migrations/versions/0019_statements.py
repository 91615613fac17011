"""what the law's list asks for and plan and works do not tell: the certification's own matters, and the authority's"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "statements",
        sa.Column("house_id", sa.String(), sa.ForeignKey("houses.id"), primary_key=True),
        sa.Column("number", sa.Integer(), primary_key=True),
        sa.Column("line", sa.String(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("on_day", sa.Date()),
        sa.Column("second_on", sa.Date()),
        sa.Column("told_by", sa.String(), nullable=False),
        sa.Column("told_on", sa.Date(), nullable=False),
        sa.Column("paper", sa.String()),
        sa.Column("paper_on", sa.Date()),
        sa.Column("corrects", sa.Integer(), nullable=False),
    )
    op.create_index("ix_statements_told_by", "statements", ["told_by"])
    op.create_index("ix_statements_person", "statements", ["person_id"])
