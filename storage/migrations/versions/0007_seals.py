"""up to which fact the daily seals hold a house's chain"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

UNSEALED = sa.text("fact_count <> sealed_count")


def upgrade() -> None:
    op.add_column("houses", sa.Column("sealed_count", sa.Integer(), server_default="0", nullable=False))
    op.create_index("ix_houses_unsealed", "houses", ["id"], sqlite_where=UNSEALED, postgresql_where=UNSEALED)
