"""what staff and people chose themselves"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("houses", sa.Column("named_servicer_id", sa.String(), nullable=True))
    op.execute("UPDATE houses SET named_servicer_id = servicer_id")
    op.add_column("people", sa.Column("own_language", sa.Boolean(), server_default=sa.false(), nullable=False))
