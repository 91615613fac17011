"""who of the staff is away, and who stands in for them"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")
OPEN = sa.text("state <> 'over'")


def upgrade() -> None:
    op.create_table(
        "absences",
        sa.Column("id", ID, primary_key=True, autoincrement=True),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("substitute_id", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("entered_by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], "fk_absences_person_id_people"),
    )
    op.create_index("ix_absences_open", "absences", ["id"], sqlite_where=OPEN, postgresql_where=OPEN)
