"""who is what at a house, how it passes from owner to owner, and what a death ends"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("people", sa.Column("bereaved_on", sa.Date()))
    op.add_column("people", sa.Column("died_on", sa.Date()))
    op.add_column("houses", sa.Column("keeper_id", sa.String(), server_default="", nullable=False))
    op.add_column("mandates", sa.Column("outlives", sa.Boolean(), server_default=sa.false(), nullable=False))
    _house_people()
    _transfers()


def _house_people() -> None:
    op.create_table(
        "house_people",
        sa.Column("house_id", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("acts_for", sa.String(), nullable=False),
        sa.Column("topics", sa.String(), nullable=False),
        sa.Column("since_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date()),
        sa.ForeignKeyConstraint(["house_id"], ["houses.id"], name="fk_house_people_house_id_houses"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_house_people_person_id_people"),
        sa.PrimaryKeyConstraint("house_id", "person_id", "scope", name="pk_house_people"),
    )
    op.create_index("ix_house_people_person_id", "house_people", ["person_id"])
    left = sa.text("until_on IS NOT NULL")
    op.create_index("ix_house_people_left", "house_people", ["until_on"], sqlite_where=left, postgresql_where=left)


def _transfers() -> None:
    op.create_table(
        "transfers",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("house_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("document", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("settled_at", sa.BigInteger()),
        sa.Column("approval_due_on", sa.Date()),
        sa.Column("leaving", sa.JSON(), nullable=False),
        sa.Column("arriving", sa.JSON(), nullable=False),
        sa.Column("kept", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["house_id"], ["houses.id"], name="fk_transfers_house_id_houses"),
        sa.PrimaryKeyConstraint("id", name="pk_transfers"),
    )
    op.create_index("ix_transfers_house_id", "transfers", ["house_id"])
