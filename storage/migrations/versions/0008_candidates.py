"""which company is asked whether it takes a house over"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("cases", sa.Column("candidate_id", sa.String(), server_default="", nullable=False))
    asked = sa.text("candidate_id <> ''")
    op.create_index("ix_cases_candidate_id", "cases", ["candidate_id"], sqlite_where=asked, postgresql_where=asked)
