"""what somebody of the staff is there for, where they are signed in, and what they looked at"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    op.add_column("people", sa.Column("staff_role", sa.String(), nullable=False, server_default=""))
    op.create_table(
        "sessions",
        sa.Column("id", ID, primary_key=True, autoincrement=True),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("way", sa.String(), nullable=False),
        sa.Column("ticket", sa.String()),
        sa.Column("began_at", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger()),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], "fk_sessions_person_id_people"),
        sa.UniqueConstraint("digest", name="uq_sessions_digest"),
        sa.UniqueConstraint("ticket", name="uq_sessions_ticket"),
    )
    op.create_index("ix_sessions_person_id", "sessions", ["person_id"])
    op.create_index("ix_sessions_until", "sessions", ["until"])
    op.create_table(
        "looks",
        sa.Column("id", ID, primary_key=True, autoincrement=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("session_id", sa.BigInteger(), nullable=False),
        sa.Column("house_id", sa.String(), nullable=False),
        sa.Column("seen", sa.String(), nullable=False),
        sa.Column("door", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
    )
    op.create_index("ix_looks_house_id", "looks", ["house_id", "id"])
    op.create_index("ix_looks_seen", "looks", ["seen", "id"])
    op.create_index("ix_looks_by", "looks", ["by", "id"])
    op.create_index("ix_looks_at", "looks", ["at"])
