"""early signs about companies, and finding what the record says of a company that is not the house's"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

OF_COMPANIES = "kind IN ('candidate_declined', 'candidate_silent', 'servicer_changed')"


def upgrade() -> None:
    op.create_table(
        "watches",
        sa.Column("servicer_id", sa.String(), sa.ForeignKey("servicers.id"), primary_key=True),
        sa.Column("judged_on", sa.Date(), nullable=False),
        sa.Column("state", sa.JSON(), nullable=False),
        sa.Column("holder", sa.String(), nullable=False),
        sa.Column("next_on", sa.Date()),
    )
    standing = sa.text("next_on IS NOT NULL")
    op.create_index("ix_watches_next_on", "watches", ["next_on"], sqlite_where=standing, postgresql_where=standing)
    told = sa.text(OF_COMPANIES)
    op.create_index("ix_facts_companies", "facts", ["at"], sqlite_where=told, postgresql_where=told)
