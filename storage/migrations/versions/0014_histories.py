"""how the history of a house is reached, and what is on its way there"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "providers",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("adapter", sa.String(), nullable=False),
        sa.Column("council", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("postcode", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("closed_on", sa.Date()),
        sa.Column("added_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_providers"),
    )
    _histories()
    _entries()
    _evidence()
    # Every house has its row from the first, and is looked at once.
    op.execute("INSERT INTO histories (house_id, look_on) SELECT id, taken_in_on FROM houses")


def _histories() -> None:
    texts = ("contract_no", "registered_address", "confirmed_by", "answer", "mandate_by", "provider_says")
    days = ("confirmed_on", "asked_on", "answered_on", "mandate_on", "mandate_asked_on", "provider_asked_on")
    op.create_table(
        "histories",
        sa.Column("house_id", sa.String(), nullable=False),
        sa.Column("provider_id", sa.String()),
        *(sa.Column(name, sa.String(), server_default="", nullable=False) for name in (*texts, "closing_told")),
        *(sa.Column(name, sa.Date()) for name in (*days, "listed_on", "looked_up_on")),
        sa.Column("listed_count", sa.Integer()),
        sa.Column("looked_up", sa.JSON()),
        sa.Column("keep_files", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("closing_raised", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("look_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("house_id", name="pk_histories"),
        sa.ForeignKeyConstraint(["house_id"], ["houses.id"], name="fk_histories_house_id_houses"),
        sa.ForeignKeyConstraint(["provider_id"], ["providers.id"], name="fk_histories_provider_id_providers"),
    )
    op.create_index("ix_histories_look_on_house_id", "histories", ["look_on", "house_id"])
    op.create_index("ix_histories_provider_id", "histories", ["provider_id"])


def _entries() -> None:
    op.create_table(
        "entries",
        *(sa.Column(name, sa.String(), nullable=False) for name in ("work_id", "house_id", "case_id", "state")),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("servicer", "reference", "told_by")),
        sa.Column("closed_on", sa.Date(), nullable=False),
        *(sa.Column(name, sa.Date()) for name in ("asked_on", "registered_on")),
        sa.PrimaryKeyConstraint("work_id", name="pk_entries"),
        sa.ForeignKeyConstraint(["work_id"], ["works.id"], name="fk_entries_work_id_works"),
        sa.ForeignKeyConstraint(["house_id"], ["houses.id"], name="fk_entries_house_id_houses"),
    )
    op.create_index("ix_entries_house_id", "entries", ["house_id"])


def _evidence() -> None:
    op.create_table(
        "evidence",
        *(sa.Column(name, sa.String(), nullable=False) for name in ("house_id", "ref", "case_id", "state")),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("handed_to", "reference")),
        sa.Column("kept_on", sa.Date(), nullable=False),
        *(sa.Column(name, sa.Date()) for name in ("handed_on", "gone_on")),
        sa.PrimaryKeyConstraint("house_id", "ref", name="pk_evidence"),
        sa.ForeignKeyConstraint(["house_id"], ["houses.id"], name="fk_evidence_house_id_houses"),
    )
    op.create_index("ix_evidence_ref", "evidence", ["ref"])
    told = sa.text("state = 'told'")
    op.create_index("ix_evidence_handed_on", "evidence", ["handed_on"], sqlite_where=told, postgresql_where=told)
