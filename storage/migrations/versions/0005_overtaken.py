"""messages taken back before they came, and events that wait before they are tried again"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

TOOK = sa.text("withdraws <> ''")


def upgrade() -> None:
    op.add_column("inbound", sa.Column("withdraws", sa.String(), server_default="", nullable=False))
    op.add_column("inbound", sa.Column("retry_at", sa.BigInteger(), nullable=True))
    op.create_index("ix_inbound_withdraws", "inbound", ["withdraws"], sqlite_where=TOOK, postgresql_where=TOOK)
