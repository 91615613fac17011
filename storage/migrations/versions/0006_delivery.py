"""every attempt to send, what goes out once, and what a month holds"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

# Of what was sent before, the last attempt is known, and no more.
LAST = """
INSERT INTO attempts (outbox_id, number, at, answer, provider_id, detail)
SELECT id, attempts, COALESCE(sent_at, send_at),
    CASE WHEN state IN ('sent', 'shadow', 'unknown') THEN state WHEN state = 'waiting' THEN 'later' ELSE 'refused' END,
    CASE WHEN address = '' THEN '' ELSE provider_id END, detail
FROM outbox WHERE attempts > 0
"""


def upgrade() -> None:
    op.create_table(
        "attempts",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("outbox_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("provider_id", sa.String(), nullable=False),
        sa.Column("detail", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["outbox_id"], ["outbox.id"], name=op.f("fk_attempts_outbox_id_outbox")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempts")),
    )
    op.create_index("ix_attempts_outbox_id", "attempts", ["outbox_id"])
    op.execute(LAST)
    op.add_column("outbox", sa.Column("once", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.create_table(
        "months",
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("most", sa.Integer(), nullable=True),
        sa.Column("used", sa.Integer(), nullable=False),
        sa.Column("ours", sa.Integer(), nullable=False),
        sa.Column("looked_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("channel", name=op.f("pk_months")),
    )
