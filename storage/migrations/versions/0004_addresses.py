"""addresses in any case"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_addresses_channel_folded", "addresses", ["channel", sa.text("lower(address)")])
