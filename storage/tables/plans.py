"""What a house's plan asks for, what was done, and what is under way."""

from sqlalchemy import JSON, Boolean, Column, Date, ForeignKey, Index, Integer, String, Table, text

from storage.tables.schema import Instant, metadata, only, row_id

plan_items = Table(
    "plan_items",
    metadata,
    Column("house_id", ForeignKey("houses.id"), primary_key=True),
    Column("code", String, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("part", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("first_year", Integer, nullable=False),
    Column("interval_years", Integer, nullable=False),
    Column("statutory", Boolean, nullable=False),
    Column("done_by", String, nullable=False),
    Column("fields", JSON, nullable=False, default=dict),  # the row as it was given
    Column("source", String, nullable=False, default=""),
    Column("current", Boolean, nullable=False, default=True),
    Column("next_due_on", Date),
    Column("backstop_on", Date),
    Column("gaps_noted", Integer, nullable=False, default=0),  # of how many occurrences the gaps are facts
)

records = Table(
    "records",
    metadata,
    row_id(),
    Column("house_id", ForeignKey("houses.id"), nullable=False),
    Column("code", String, nullable=False),
    Column("part", String, nullable=False, default=""),
    Column("done_on", Date, nullable=False),
    Column("performer", String, nullable=False, default=""),
    Column("result", String, nullable=False, default=""),
    Column("note", String, nullable=False, default=""),
    Column("work_id", String, nullable=False, default=""),
    Column("source", String, nullable=False, default=""),
    Index("ix_records_house_id", "house_id"),
)

cases = Table(
    "cases",
    metadata,
    Column("id", String, primary_key=True),
    Column("house_id", ForeignKey("houses.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("ladder", String, nullable=False),
    Column("phase", String, nullable=False),
    Column("holder", String, nullable=False),
    Column("next_action_at", Instant),
    Column("opened_on", Date, nullable=False),
    Column("target_on", Date, nullable=False),
    Column("visit_on", Date),
    Column("reason", String, nullable=False, default=""),  # why it lies with the staff
    Column("round", Integer, nullable=False, default=0),
    Column("version", Integer, nullable=False),
    Column("state", JSON, nullable=False),
    Column("candidate_id", String, nullable=False, default="", server_default=""),  # is asked to take it over
    Index("ix_cases_house_id", "house_id"),
    only("ix_cases_candidate_id", "candidate_id", "candidate_id <> ''"),
    Index(
        "ix_cases_due",
        "next_action_at",
        "id",
        "house_id",  # so that what is due is answered by the index alone
        sqlite_where=text("next_action_at IS NOT NULL"),
        postgresql_where=text("next_action_at IS NOT NULL"),
    ),
    Index("ix_cases_holder_phase", "holder", "phase"),
    Index(
        "ix_cases_open",
        "phase",
        "holder",
        sqlite_where=text("phase <> 'closed'"),
        postgresql_where=text("phase <> 'closed'"),
    ),
)

works = Table(
    "works",
    metadata,
    Column("id", String, primary_key=True),
    Column("case_id", ForeignKey("cases.id"), nullable=False),
    Column("house_id", ForeignKey("houses.id"), nullable=False),
    Column("code", String, nullable=False),
    Column("part", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("statutory", Boolean, nullable=False),
    Column("done_by", String, nullable=False),
    Column("due_on", Date, nullable=False),
    Column("backstop_on", Date),
    Column("plan_version", Integer, nullable=False, default=0),
    Column("done_on", Date),
    Column("result", String),
    Column("performer", String, nullable=False, default=""),
    Column("basis", String),  # null while it is open
    Index("ix_works_case_id", "case_id"),
    Index("ix_works_house_id", "house_id"),
)
