"""channels"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

WAITING = sa.text("state = 'waiting'")
NAMED = sa.text("message_id <> ''")


def upgrade() -> None:
    op.add_column("outbox", sa.Column("ticket", sa.String(), server_default="", nullable=False))
    op.drop_index("ix_outbox_due", table_name="outbox")
    lane = ["channel", "urgency", "send_at", "id"]
    op.create_index("ix_outbox_lane", "outbox", lane, sqlite_where=WAITING, postgresql_where=WAITING)
    op.add_column("inbound", sa.Column("said", sa.JSON(), server_default="{}", nullable=False))
    op.add_column("inbound", sa.Column("message_id", sa.String(), server_default="", nullable=False))
    op.create_index("ix_inbound_message_id", "inbound", ["message_id"], sqlite_where=NAMED, postgresql_where=NAMED)
    op.create_table(
        "threads",
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("topic", sa.String(), nullable=False),
        sa.Column("provider_id", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("channel", "address", "topic", name=op.f("pk_threads")),
    )
    op.create_table(
        "paces",
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("level", sa.Float(), nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("channel", "address", name=op.f("pk_paces")),
    )
    op.create_table(
        "link_codes",
        sa.Column("digest", sa.String(length=16), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("written_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("used_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_link_codes_person_id_people")),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_link_codes")),
    )
    op.create_index("ix_link_codes_person_id", "link_codes", ["person_id"])
