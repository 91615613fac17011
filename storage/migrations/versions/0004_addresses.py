"""addresses in any case, and words that expire"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


EXPIRING = sa.text("state = 'done' AND person_id NOT LIKE 'staff:%'")


def upgrade() -> None:
    op.create_index("ix_addresses_channel_folded", "addresses", ["channel", sa.text("lower(address)")])
    op.create_index("ix_inbound_expiring", "inbound", ["received_at"], sqlite_where=EXPIRING, postgresql_where=EXPIRING)
