"""a house's list that is wanted of its provider, and a provider's closing that is looked at before it is signed"""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("histories", sa.Column("list_wanted", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("providers", sa.Column("closing_on", sa.Date()))
    op.add_column("providers", sa.Column("closing_houses", sa.Integer(), nullable=False, server_default="0"))
