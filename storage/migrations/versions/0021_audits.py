"""the auditor's runs by itself, and the figures that those who look after the service ask for"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audits",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("began_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger()),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("reached", sa.String(), nullable=False),
        sa.Column("houses", sa.Integer(), nullable=False),
        sa.Column("findings", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audits")),
    )
    op.create_table(
        "audit_findings",
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("since_on", sa.Date(), nullable=False),
        sa.Column("audit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("told", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "place", name=op.f("pk_audit_findings")),
    )
    living = sa.text("phase <> 'closed'")
    op.create_index("ix_cases_open", "cases", ["phase", "holder"], sqlite_where=living, postgresql_where=living)
    op.create_index("ix_houses_mandated_lapsed_on", "houses", ["mandated", "lapsed_on"])
