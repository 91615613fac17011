"""how a loan is paid back, and the days of its steps that somebody told"""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("loans", sa.Column("method", sa.String()))
    op.add_column("loans", sa.Column("step_days", sa.JSON()))
