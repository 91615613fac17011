"""which structures of houses a company works on"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("servicers", sa.Column("structures", sa.String(), nullable=False, server_default=""))
