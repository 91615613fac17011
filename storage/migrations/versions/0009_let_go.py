"""finding what has outlived its period without looking at the rest"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

INDEXES = (
    ("ix_people_left", "people", "ended_on", "ended_on IS NOT NULL AND erased_on IS NULL"),
    ("ix_house_owners_left", "house_owners", "until_on", "until_on IS NOT NULL"),
    ("ix_mandates_withdrawn", "mandates", "withdrawn_on", "withdrawn_on IS NOT NULL"),
    (
        "ix_addresses_disused",
        "addresses",
        "ended_at",
        "ended_at IS NOT NULL AND address NOT LIKE 'erased-%' AND address NOT LIKE 'disused-%'",
    ),
)


def upgrade() -> None:
    for name, table, column, where in INDEXES:
        op.create_index(name, table, [column], sqlite_where=sa.text(where), postgresql_where=sa.text(where))
    op.create_index("ix_link_codes_expires_at", "link_codes", ["expires_at"])
    op.create_index("ix_letters_written_on", "letters", ["written_on"])
