"""codes on a company's monthly list, photos of it that wait to be keyed in, and its calendar's address"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    op.create_table(
        "sheet_codes",
        sa.Column("code", sa.String(6), primary_key=True),
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("used_at", sa.BigInteger()),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], "fk_sheet_codes_case_id_cases"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], "fk_sheet_codes_person_id_people"),
    )
    op.create_index("ix_sheet_codes_case_id_person_id", "sheet_codes", ["case_id", "person_id"])
    op.create_table(
        "sheet_photos",
        sa.Column("id", ID, primary_key=True, autoincrement=True),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("files", sa.JSON(), nullable=False),
        sa.Column("sent_at", sa.BigInteger(), nullable=False),
        sa.Column("keyed_at", sa.BigInteger()),
        sa.Column("keyed_by", sa.String(), nullable=False, server_default=""),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], "fk_sheet_photos_person_id_people"),
    )
    waits = sa.text("keyed_at IS NULL")
    op.create_index("ix_sheet_photos_waiting", "sheet_photos", ["id"], sqlite_where=waits, postgresql_where=waits)
    op.create_table(
        "feeds",
        sa.Column("person_id", sa.String(), primary_key=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], "fk_feeds_person_id_people"),
    )
