"""What the guarantor's core system told, and where both lists differ."""

from sqlalchemy import Column, Date, ForeignKey, Index, String, Table

from storage.tables.schema import Instant, metadata, only

guarantor_events = Table(  # what the guarantor's core system told; see bot.core.guarantee
    "guarantor_events",
    metadata,
    Column("id", String, primary_key=True),
    Column("kind", String, nullable=False),
    Column("guarantee_no", String, nullable=False),
    Column("on_day", Date, nullable=False),
    Column("at", Instant, nullable=False),
    Column("common_id", String, nullable=False, default=""),
    Column("certificate_no", String, nullable=False, default=""),
    Column("residual_month", Date),
    Column("house_id", ForeignKey("houses.id")),  # null while no house of ours is known by it
    Column("told_on", Date, nullable=False),
    Index("ix_guarantor_events_guarantee_no", "guarantee_no"),
    Index("ix_guarantor_events_house_id", "house_id"),
    only("ix_guarantor_events_unmatched", "told_on", "house_id IS NULL"),
)

guarantee_gaps = Table(  # guarantees that only one of us knows, as the last comparison of both lists found them
    "guarantee_gaps",
    metadata,
    Column("guarantee_no", String, primary_key=True),
    Column("only_with", String, nullable=False),  # us or them
    Column("house_id", String, nullable=False, default=""),
    Column("since_on", Date, nullable=False),
    Column("seen_on", Date, nullable=False),
)
