"""an index by which a round finds handovers that are still to be prepared"""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    some = sa.text("state = 'preparing'")
    op.create_index("ix_handovers_preparing", "handovers", ["id"], sqlite_where=some, postgresql_where=some)
