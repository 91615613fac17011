"""all houses of a company that closes, handed over as one batch"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "handovers",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("servicer_id", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("prepared_at", sa.BigInteger(), nullable=False),
        sa.Column("approved_at", sa.BigInteger(), nullable=True),
        sa.Column("approved_by", sa.String(), nullable=False),
        sa.Column("status_before", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_handovers"),
    )
    going = sa.text("state = 'approved'")
    op.create_index("ix_handovers_going", "handovers", ["id"], sqlite_where=going, postgresql_where=going)
    op.create_table(
        "handover_houses",
        sa.Column("handover_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("house_id", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("candidate_id", sa.String(), nullable=False),
        sa.Column("queue", sa.JSON(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("target_on", sa.Date(), nullable=False),
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["handover_id"], ["handovers.id"], name="fk_handover_houses_handover_id_handovers"),
        sa.ForeignKeyConstraint(["house_id"], ["houses.id"], name="fk_handover_houses_house_id_houses"),
        sa.PrimaryKeyConstraint("handover_id", "house_id", name="pk_handover_houses"),
    )
    op.create_index("ix_handover_houses_asked", "handover_houses", ["handover_id", "asked_on"])
    planned = sa.text("state = 'planned'")
    op.create_index(
        "ix_handover_houses_planned",
        "handover_houses",
        ["handover_id"],
        sqlite_where=planned,
        postgresql_where=planned,
    )
