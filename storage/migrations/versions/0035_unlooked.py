"""works that closed where no provider of the house's history was known are looked at on the next round"""

from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

NOBODY_ASKED = "SELECT min(closed_on) FROM entries WHERE house_id = histories.house_id AND state = 'new'"


def upgrade() -> None:
    """Their houses slept without an end; the day on which the work closed is over, so that a round comes by."""
    op.execute(f"UPDATE histories SET look_on = ({NOBODY_ASKED}) WHERE look_on > ({NOBODY_ASKED})")
