"""since when a guarantee has lapsed; every house that has one is looked at once for where it stands"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("houses", sa.Column("lapsed_on", sa.Date()))
    op.execute("UPDATE houses SET wake_on = taken_in_on WHERE guarantee_no IS NOT NULL AND wake_on > taken_in_on")
