"""letters printed together, and what is counted of messages, houses and works for the portfolio's page"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    op.create_table(
        "letter_batches",
        sa.Column("id", ID, primary_key=True, autoincrement=True),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("letters", sa.Integer(), nullable=False),
        sa.Column("pdf", sa.String(), nullable=False),
        sa.Column("list", sa.String(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("posted_at", sa.BigInteger()),
        sa.Column("posted_by", sa.String(), nullable=False, server_default=""),
        sa.Column("ended", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    _only("ended", "id", "ended AND pdf <> ''")
    _only("kept", "made_at", "pdf <> ''")
    _only("open", "id", "posted_at IS NULL")
    op.create_table(
        "batched_letters",
        sa.Column("outbox_id", ID, primary_key=True),
        sa.Column("batch_id", ID, nullable=False),
        sa.ForeignKeyConstraint(["outbox_id"], ["outbox.id"], "fk_batched_letters_outbox_id_outbox"),
        sa.ForeignKeyConstraint(["batch_id"], ["letter_batches.id"], "fk_batched_letters_batch_id_letter_batches"),
    )
    op.create_index("ix_batched_letters_batch_id", "batched_letters", ["batch_id"])
    _counts("sends", ("area", "servicer_id", "month", "channel", "what"))
    _counts("tallies", ("day", "area", "servicer_id", "name", "month"))
    op.create_index("ix_tallies_day_name_area", "tallies", ["day", "name", "area"])


def _only(name: str, column: str, where: str) -> None:
    some = sa.text(where)
    op.create_index(f"ix_letter_batches_{name}", "letter_batches", [column], sqlite_where=some, postgresql_where=some)


def _counts(name: str, by: tuple[str, ...]) -> None:
    op.create_table(
        name,
        *(sa.Column(one, _type(one), primary_key=True) for one in by),
        sa.Column("total", sa.BigInteger(), nullable=False),
    )


def _type(column: str) -> sa.types.TypeEngine[Any]:
    if column == "day":
        return sa.Date()
    return sa.String(7) if column == "month" else sa.String()
