"""the staff's list: files with problems, accounts that wait, handovers to prepare; and wrong tries of the last hour"""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")
LINKING = "address <> '' AND used_at IS NOT NULL"
TROUBLED = "settled_at IS NULL AND submitter <> 'operator' AND verdict IN ('', 'reject_row', 'reject_file')"


def upgrade() -> None:
    _only("ix_handovers_preparing", "handovers", "id", "state = 'preparing'")
    _only("ix_link_codes_waiting", "link_codes", "used_at", LINKING)
    op.add_column("imports", sa.Column("settled_at", sa.BigInteger()))
    op.execute("UPDATE imports SET settled_at = at")  # what came before this list is no task of today's
    _only("ix_imports_troubled", "imports", "submitter", TROUBLED)
    _misses()


def _misses() -> None:
    op.create_table(
        "misses",
        sa.Column("id", ID, primary_key=True, autoincrement=True),
        sa.Column("tried", sa.String(16), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
    )
    op.create_index("ix_misses_tried_at", "misses", ["tried", "at"])
    op.create_index("ix_misses_at", "misses", ["at"])


def _only(name: str, table: str, column: str, where: str) -> None:
    some = sa.text(where)
    op.create_index(name, table, [column], sqlite_where=some, postgresql_where=some)
