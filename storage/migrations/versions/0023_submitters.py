"""who brings data in, each file that was taken in, and the contact data of people who have not agreed"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    _submitters()
    _imports()
    op.create_table(
        "import_houses",
        sa.Column("house_id", sa.String(), primary_key=True),
        sa.Column("import_id", ID, primary_key=True),
        sa.ForeignKeyConstraint(["house_id"], ["houses.id"], "fk_import_houses_house_id_houses"),
        sa.ForeignKeyConstraint(["import_id"], ["imports.id"], "fk_import_houses_import_id_imports"),
    )
    op.create_table(
        "uploads",
        sa.Column("ref", sa.String(), primary_key=True),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("kept_at", sa.BigInteger(), nullable=False),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], "fk_uploads_person_id_people"),
    )
    op.create_index("ix_uploads_kept_at", "uploads", ["kept_at"])
    op.create_table(
        "sealed_contacts",
        sa.Column("person_id", sa.String(), primary_key=True),
        sa.Column("import_id", ID, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("contact", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], "fk_sealed_contacts_person_id_people"),
        sa.ForeignKeyConstraint(["import_id"], ["imports.id"], "fk_sealed_contacts_import_id_imports"),
    )
    op.create_index("ix_sealed_contacts_at", "sealed_contacts", ["at"])


def _submitters() -> None:
    op.create_table(
        "submitters",
        sa.Column("id", ID, primary_key=True, autoincrement=True),
        sa.Column("servicer_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("representative", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("acquired", sa.String(), nullable=False),
        sa.Column("since_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date()),
        sa.ForeignKeyConstraint(["servicer_id"], ["servicers.id"], "fk_submitters_servicer_id_servicers"),
    )
    op.create_index("ix_submitters_servicer_id", "submitters", ["servicer_id"])


def _imports() -> None:
    texts = ("file_name", "representative", "address", "acquired", "verdict")
    op.create_table(
        "imports",
        sa.Column("id", ID, primary_key=True, autoincrement=True),
        sa.Column("submitter", sa.String(), nullable=False),
        sa.Column("key", sa.String()),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("door", sa.String(), nullable=False),
        sa.Column("file_hash", sa.String(64), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in texts),
        sa.Column("rows_total", sa.Integer(), nullable=False),
        sa.Column("rows_accepted", sa.Integer(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("problems", sa.JSON(), nullable=False),
    )
    op.create_index("ix_imports_submitter", "imports", ["submitter", "id"])
    op.create_index("ix_imports_key", "imports", ["submitter", "key"], unique=True)
    op.create_index("ix_imports_at", "imports", ["at"])
