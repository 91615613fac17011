"""whether the list of a house's history is to be asked for, because another company has the house"""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("histories", sa.Column("list_wanted", sa.Boolean(), nullable=False, server_default=sa.false()))
