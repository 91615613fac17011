"""since when it is on record that units which a loan pays for are not certified"""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("loans", sa.Column("uncertified_since", sa.Date()))
