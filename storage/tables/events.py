"""Earthquakes and storms, and the houses that they concern."""

from sqlalchemy import JSON, Boolean, Column, ForeignKey, Index, Integer, String, Table

from storage.tables.schema import Instant, metadata, only

events = Table(
    "events",
    metadata,
    Column("id", String, primary_key=True),
    Column("hazard", String, nullable=False),
    Column("happened_at", Instant, nullable=False),
    Column("state", String, nullable=False),  # see bot.core.event
    Column("version", Integer, nullable=False),
    Column("told", JSON, nullable=False),  # the newest bulletin, and what was released; versioned
    Column("by", String, nullable=False, default=""),  # who of the staff decided
    # What is done next with it, from which house on, and when: see storage.events and scheduler.asking.
    Column("stage", String, nullable=False, default=""),
    Column("reached", String, nullable=False, default=""),
    Column("next_at", Instant),
    Index("ix_events_happened_at", "happened_at"),
    only("ix_events_next_at", "next_at", "next_at IS NOT NULL"),
)

event_houses = Table(
    "event_houses",
    metadata,
    Column("event_id", ForeignKey("events.id"), primary_key=True),
    Column("house_id", ForeignKey("houses.id"), primary_key=True),
    Column("level", String, nullable=False, default=""),
    Column("case_id", String, nullable=False),  # what is, or was last, open about it
    Column("found", String, nullable=False),  # see bot.core.seen
    Column("active", Boolean, nullable=False, default=True),  # not called off
    Column("held_until", Instant, nullable=False),  # nothing routine is said about the house before
    Index("ix_event_houses_house_id_held_until", "house_id", "held_until"),
    Index("ix_event_houses_case_id", "case_id"),
)
