"""loans on houses, and the days that their programmes put on the plan"""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "loans",
        sa.Column("house_id", sa.String(), primary_key=True),
        sa.Column("number", sa.Integer(), primary_key=True),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("edition", sa.String(), nullable=False),
        sa.Column("applied_on", sa.Date(), nullable=False),
        sa.Column("contracted_on", sa.Date()),
        sa.Column("first_payment_on", sa.Date()),
        sa.Column("months", sa.Integer()),
        sa.Column("principal", sa.BigInteger()),
        sa.Column("steps", sa.JSON(), nullable=False),
        sa.Column("reductions", sa.String(), nullable=False),
        sa.Column("fixed_years", sa.Integer()),
        sa.Column("restricted", sa.Boolean(), nullable=False),
        sa.Column("inspection_on", sa.Date()),
        sa.Column("insured_until", sa.Date()),
        sa.Column("units", sa.Integer()),
        sa.Column("certified_units", sa.Integer()),
        sa.Column("repaid_on", sa.Date()),
        sa.ForeignKeyConstraint(["house_id"], ["houses.id"], "fk_loans_house_id_houses"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], "fk_loans_person_id_people"),
    )
    op.create_index("ix_loans_person_id", "loans", ["person_id"])
    op.create_table(
        "loan_dates",
        sa.Column("house_id", sa.String(), primary_key=True),
        sa.Column("number", sa.Integer(), primary_key=True),
        sa.Column("code", sa.String(), primary_key=True),
        sa.Column("due_on", sa.Date(), primary_key=True),
        sa.Column("leads", sa.String(), nullable=False),
        sa.Column("asks", sa.String(), nullable=False),
        sa.Column("yearly_until", sa.Date()),
        sa.ForeignKeyConstraint(["house_id"], ["houses.id"], "fk_loan_dates_house_id_houses"),
    )
