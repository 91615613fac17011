"""The append-only record."""

from sqlalchemy import Column, Integer, String, Table, Text

from storage.tables.schema import Instant, metadata, only

# What the record of a house says of a company that is not the house's, or no longer.
OF_COMPANIES = "kind IN ('candidate_declined', 'candidate_silent', 'servicer_changed')"

# The steps of handovers; see storage.own_handovers.
OF_HANDOVERS = (
    "kind IN ('candidate_accepted', 'candidate_asked', 'candidate_declined', 'candidate_silent', 'candidacy_ended', "
    "'handover_approved', 'handover_prepared', 'servicer_changed')"
)

facts = Table(
    "facts",
    metadata,
    Column("house_id", String, primary_key=True),  # "" for the installation's own chain
    Column("seq", Integer, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("kind", String, nullable=False),
    Column("by", String, nullable=False),
    Column("case_id", String, nullable=False, default=""),
    Column("data", Text, nullable=False),  # canonical JSON, the bytes that were sealed
    Column("mac", String(64), nullable=False),
    only("ix_facts_companies", "at", OF_COMPANIES),
    only("ix_facts_handovers", "at", OF_HANDOVERS),
)
