"""Houses on their way from one servicer to another."""

from sqlalchemy import JSON, Column, Date, ForeignKey, Index, String, Table

from storage.tables.schema import Instant, metadata, only, row_id

handovers = Table(
    "handovers",
    metadata,
    row_id(),
    Column("servicer_id", String, nullable=False),  # whose houses they are
    Column("reason", String, nullable=False),
    Column("state", String, nullable=False),  # see storage.handovers
    Column("prepared_at", Instant, nullable=False),
    Column("approved_at", Instant),
    Column("approved_by", String, nullable=False, default=""),  # a named person of the staff, or the desk after them
    Column("status_before", String, nullable=False, default=""),  # of the company, for an undo
    only("ix_handovers_going", "id", "state = 'approved'"),
    only("ix_handovers_preparing", "id", "state = 'preparing'"),
)

handover_houses = Table(
    "handover_houses",
    metadata,
    Column("handover_id", ForeignKey("handovers.id"), primary_key=True),
    Column("house_id", ForeignKey("houses.id"), primary_key=True),
    Column("state", String, nullable=False),  # see storage.handovers
    Column("candidate_id", String, nullable=False, default=""),  # who is asked first; empty for nobody
    Column("queue", JSON, nullable=False),  # who is asked after it, in their order
    Column("reasons", JSON, nullable=False),  # what speaks for the first
    Column("target_on", Date, nullable=False),  # the next visit's day: in its month it takes a place of a capacity
    Column("case_id", String, nullable=False, default=""),  # in which it is asked
    Column("asked_on", Date),
    Index("ix_handover_houses_asked", "handover_id", "asked_on"),
    only("ix_handover_houses_planned", "handover_id", "state = 'planned'"),
)
