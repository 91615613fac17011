"""submitters' own addresses that are told what happens at their houses, and handovers found by an index"""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

LIVING = sa.text("ended_at IS NULL")
UNWELL = sa.text("ended_why = 'gone' OR failing_since IS NOT NULL")
OF_HANDOVERS = sa.text(
    "kind IN ('candidate_accepted', 'candidate_asked', 'candidate_declined', 'candidate_silent', 'candidacy_ended', "
    "'handover_approved', 'handover_prepared', 'servicer_changed')"
)


def upgrade() -> None:
    op.create_table(
        "hooks",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("submitter", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("events", sa.String(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("failing_since", sa.BigInteger()),
        sa.Column("ended_at", sa.BigInteger()),
        sa.Column("ended_why", sa.String(), nullable=False, server_default=""),
    )
    op.create_index("ix_hooks_submitter", "hooks", ["submitter"])
    op.create_index("ix_hooks_living", "hooks", ["kind", "submitter"], sqlite_where=LIVING, postgresql_where=LIVING)
    op.create_index("ix_hooks_unwell", "hooks", ["id"], sqlite_where=UNWELL, postgresql_where=UNWELL)
    op.create_index("ix_facts_handovers", "facts", ["at"], sqlite_where=OF_HANDOVERS, postgresql_where=OF_HANDOVERS)
