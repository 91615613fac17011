"""houses of which nobody told who keeps their history are looked at on the next round: owners are asked once a year"""

from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

CAME_IN = "SELECT taken_in_on FROM houses WHERE houses.id = histories.house_id"


def upgrade() -> None:
    """They slept without an end; the day on which the house came in is over, so that a round comes by."""
    op.execute(f"UPDATE histories SET look_on = ({CAME_IN}) WHERE provider_id IS NULL AND look_on > ({CAME_IN})")
