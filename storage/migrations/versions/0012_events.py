"""earthquakes and storms: what was told, which houses are concerned, and what plans ask for after them"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("houses", sa.Column("event_intensity", sa.String(), server_default="", nullable=False))
    op.add_column("houses", sa.Column("event_wind", sa.Integer(), nullable=True))
    op.create_index("ix_houses_municipality_code_id", "houses", ["municipality_code", "id"])
    op.create_table(
        "events",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("hazard", sa.String(), nullable=False),
        sa.Column("happened_at", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("told", sa.JSON(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("reached", sa.String(), nullable=False),
        sa.Column("next_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_events")),
    )
    op.create_index("ix_events_happened_at", "events", ["happened_at"])
    waits = sa.text("next_at IS NOT NULL")
    op.create_index("ix_events_next_at", "events", ["next_at"], sqlite_where=waits, postgresql_where=waits)
    op.create_table(
        "event_houses",
        sa.Column("event_id", sa.String(), nullable=False),
        sa.Column("house_id", sa.String(), nullable=False),
        sa.Column("level", sa.String(), nullable=False),
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("found", sa.String(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("held_until", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_event_houses_event_id_events")),
        sa.ForeignKeyConstraint(["house_id"], ["houses.id"], name=op.f("fk_event_houses_house_id_houses")),
        sa.PrimaryKeyConstraint("event_id", "house_id", name=op.f("pk_event_houses")),
    )
    op.create_index("ix_event_houses_house_id_held_until", "event_houses", ["house_id", "held_until"])
    op.create_index("ix_event_houses_case_id", "event_houses", ["case_id"])
