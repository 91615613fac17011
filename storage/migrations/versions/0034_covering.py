"""what is due is answered by the index alone, and what waits for its retry is passed over there"""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

DUE = sa.text("next_action_at IS NOT NULL")
WAITING = sa.text("state = 'waiting'")
LANE = ["channel", "urgency", "send_at", "id", "retry_at", "servicer_id", "person_id"]


def upgrade() -> None:
    op.drop_index("ix_cases_due", table_name="cases")
    due = ["next_action_at", "id", "house_id"]
    op.create_index("ix_cases_due", "cases", due, sqlite_where=DUE, postgresql_where=DUE)
    op.drop_index("ix_outbox_lane", table_name="outbox")
    op.create_index("ix_outbox_lane", "outbox", LANE, sqlite_where=WAITING, postgresql_where=WAITING)
