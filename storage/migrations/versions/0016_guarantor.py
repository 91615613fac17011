"""what the guarantor's core system tells, and when a guarantee has ended"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("houses", sa.Column("guarantee_ended_on", sa.Date()))
    op.create_table(
        "guarantor_events",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("guarantee_no", sa.String(), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("common_id", sa.String(), nullable=False),
        sa.Column("certificate_no", sa.String(), nullable=False),
        sa.Column("residual_month", sa.Date()),
        sa.Column("house_id", sa.String(), sa.ForeignKey("houses.id")),
        sa.Column("told_on", sa.Date(), nullable=False),
    )
    op.create_index("ix_guarantor_events_guarantee_no", "guarantor_events", ["guarantee_no"])
    op.create_index("ix_guarantor_events_house_id", "guarantor_events", ["house_id"])
    lost = sa.text("house_id IS NULL")
    op.create_index(
        "ix_guarantor_events_unmatched", "guarantor_events", ["told_on"], sqlite_where=lost, postgresql_where=lost
    )
    op.create_table(
        "guarantee_gaps",
        sa.Column("guarantee_no", sa.String(), primary_key=True),
        sa.Column("only_with", sa.String(), nullable=False),
        sa.Column("house_id", sa.String(), nullable=False),
        sa.Column("since_on", sa.Date(), nullable=False),
        sa.Column("seen_on", sa.Date(), nullable=False),
    )
