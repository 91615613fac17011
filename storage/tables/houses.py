"""Houses, whose they are and were, what is told and stated of them, and the loans on them."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    false,
)

from storage.tables.schema import Instant, metadata, only, row_id

houses = Table(
    "houses",
    metadata,
    Column("id", String, primary_key=True),
    Column("common_id", String, unique=True),
    Column("guarantee_no", String, unique=True),
    Column("certification_kind", String, nullable=False, default="新築"),
    Column("completed_on", Date),
    Column("history_provider", String, nullable=False, default=""),
    Column("builder_id", String),
    Column("servicer_id", String),
    Column("backup_servicer_id", String),
    Column("named_servicer_id", String),  # whom the last file named: staff may have chosen another since
    Column("certificate_no", String, nullable=False, default=""),
    Column("certified_on", Date),
    Column("authority", String, nullable=False, default=""),
    Column("handed_over_on", Date, nullable=False),
    Column("structure", String, nullable=False, default=""),
    Column("storeys", Integer),
    Column("floor_area_m2", Float),
    Column("postcode", String, nullable=False, default=""),
    Column("address", String, nullable=False, default=""),
    Column("municipality_code", String, nullable=False, default=""),
    Column("event_intensity", String, nullable=False, default="", server_default=""),  # from the plan; see core.event
    Column("event_wind", Integer),  # m/s
    Column("plan_years", Integer),
    Column("residual_month", Date),
    Column("lapsed_on", Date),  # since when two of the staff have recorded that the guarantee has lapsed
    Column("guarantee_ended_on", Date),  # the first day without it, as the guarantor has told
    Column("lender", String, nullable=False, default=""),
    Column("co_owners", String, nullable=False, default=""),
    Column("source", String, nullable=False, default=""),  # the file it last came in
    Column("taken_in_on", Date, nullable=False),
    Column("mandated", Boolean, nullable=False, default=False),  # every owner's two consents hold
    Column("wake_on", Date, nullable=False),  # when the sweep looks at it again
    Column("plan_version", Integer, nullable=False, default=0),
    Column("case_count", Integer, nullable=False, default=0),
    Column("fact_count", Integer, nullable=False, default=0),
    Column("fact_mac", String(64), nullable=False, default=""),
    Column("sealed_count", Integer, nullable=False, default=0, server_default="0"),  # of the facts, in the daily seals
    Column("keeper_id", String, nullable=False, default="", server_default=""),  # of the staff, between two owners
    Index("ix_houses_wake_on_id", "wake_on", "id"),
    Index("ix_houses_servicer_id", "servicer_id"),
    Index("ix_houses_builder_id", "builder_id"),
    Index("ix_houses_municipality_code_id", "municipality_code", "id"),
    only("ix_houses_unsealed", "id", "fact_count <> sealed_count"),
    Index("ix_houses_mandated_lapsed_on", "mandated", "lapsed_on"),
)

house_owners = Table(
    "house_owners",
    metadata,
    Column("house_id", ForeignKey("houses.id"), primary_key=True),
    Column("person_id", ForeignKey("people.id"), primary_key=True),
    Column("rank", Integer, nullable=False, default=0),  # 0 is the one named first
    Column("until_on", Date),
    Index("ix_house_owners_person_id", "person_id"),
    only("ix_house_owners_left", "until_on", "until_on IS NOT NULL"),
)

house_people = Table(
    "house_people",
    metadata,
    Column("house_id", ForeignKey("houses.id"), primary_key=True),
    Column("person_id", ForeignKey("people.id"), primary_key=True),
    Column("scope", String, primary_key=True),  # what they are there beside its owners, see bot.core.scopes
    Column("acts_for", String, nullable=False, default=""),  # the owner whom a legal representative stands for
    Column("topics", String, nullable=False, default=""),  # what the owner has allowed, parted by commas
    Column("since_on", Date, nullable=False),
    Column("until_on", Date),
    Index("ix_house_people_person_id", "person_id"),
    only("ix_house_people_left", "until_on", "until_on IS NOT NULL"),
)

notes = Table(  # what owners and staff told of a house; see bot.core.notes
    "notes",
    metadata,
    Column("house_id", ForeignKey("houses.id"), primary_key=True),
    Column("topic", String, primary_key=True),
    Column("text", Text, nullable=False),
    Column("until_on", Date),  # a guarantee's last day
    Column("told_by", String, nullable=False),
    Column("told_on", Date, nullable=False),
    Index("ix_notes_told_by", "told_by"),
)

statements = Table(  # what the law's list asks for, as it was stated: rows are only added; see bot.core.statements
    "statements",
    metadata,
    Column("house_id", ForeignKey("houses.id"), primary_key=True),
    Column("number", Integer, primary_key=True),  # within the house, from 1
    Column("line", String, nullable=False),
    Column("text", Text, nullable=False),
    Column("name", String, nullable=False),  # blanked when the person named is erased
    Column("person_id", String, nullable=False),  # the owner who is named; empty for anybody else
    Column("on_day", Date),
    Column("second_on", Date),  # by when an order is to be followed, or when a succession was approved
    Column("told_by", String, nullable=False),
    Column("told_on", Date, nullable=False),
    Column("paper", String),  # from which the staff keyed it in; null for an owner's own word
    Column("paper_on", Date),
    Column("corrects", Integer, nullable=False),  # the number of the one it replaces or takes back; 0 for none
    Index("ix_statements_told_by", "told_by"),
    Index("ix_statements_person", "person_id"),
)

transfers = Table(
    "transfers",
    metadata,
    row_id(),
    Column("house_id", ForeignKey("houses.id"), nullable=False),
    Column("kind", String, nullable=False),  # see bot.core.transfer
    Column("on_day", Date, nullable=False),  # the day on which it took effect
    Column("document", String, nullable=False),  # which one the staff have seen
    Column("by", String, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    Column("state", String, nullable=False),  # open, settled or undone
    Column("settled_at", Instant),
    Column("approval_due_on", Date),  # by when the authority's approval is asked for (Act art. 10)
    Column("leaving", JSON, nullable=False),  # person ids
    Column("arriving", JSON, nullable=False),
    Column("kept", JSON, nullable=False),  # what undoing puts back; blank once there is nothing to undo
    Index("ix_transfers_house_id", "house_id"),
)

mandates = Table(
    "mandates",
    metadata,
    row_id(),
    Column("house_id", ForeignKey("houses.id"), nullable=False),
    Column("person_id", ForeignKey("people.id"), nullable=False),
    Column("information_on", Date),  # may obtain the house's data
    Column("mandate_on", Date),  # is asked to keep the dates
    Column("withdrawn_on", Date),
    Column("text_version", String, nullable=False, default=""),
    Column("text_hash", String(64), nullable=False, default=""),
    Column("channel", String, nullable=False, default=""),
    Column("source", String, nullable=False, default=""),  # a file (the submitter's claim), or the inbound row
    Column("given_at", Instant),
    Column("outlives", Boolean, nullable=False, default=False, server_default=false()),  # holds after their death too
    Index("ix_mandates_house_id", "house_id"),
    Index("ix_mandates_person_id", "person_id"),
    only("ix_mandates_withdrawn", "withdrawn_on", "withdrawn_on IS NOT NULL"),
)

loans = Table(  # sums and rates are the borrower's own: see bot.core.loan
    "loans",
    metadata,
    Column("house_id", ForeignKey("houses.id"), primary_key=True),
    Column("number", Integer, primary_key=True),  # within the house, from 1
    Column("person_id", ForeignKey("people.id"), nullable=False),  # who borrowed
    Column("edition", String, nullable=False),  # of the programme: pinned for good
    Column("applied_on", Date, nullable=False),
    Column("contracted_on", Date),
    Column("first_payment_on", Date),
    Column("months", Integer),
    Column("principal", BigInteger),  # yen
    Column("steps", JSON, nullable=False),  # [from which payment on, per cent a year as it is printed]
    Column("reductions", String, nullable=False),  # codes, parted by commas
    Column("fixed_years", Integer),
    Column("restricted", Boolean, nullable=False),
    Column("inspection_on", Date),
    Column("insured_until", Date),
    Column("units", Integer),
    Column("certified_units", Integer),
    Column("repaid_on", Date),
    Column("uncertified_since", Date),  # since when it is on record that not all units are certified
    Column("method", String),  # how it is paid back; null where nobody told it
    Column("step_days", JSON),  # [code of a step, the day that was told of it]; null where none ever was
    Index("ix_loans_person_id", "person_id"),
)

loan_dates = Table(  # what its programme puts on the plan, worked out when the loan was recorded or corrected
    "loan_dates",
    metadata,
    Column("house_id", ForeignKey("houses.id"), primary_key=True),
    Column("number", Integer, primary_key=True),  # the loan's
    Column("code", String, primary_key=True),
    Column("due_on", Date, primary_key=True),
    Column("leads", String, nullable=False),  # days before it, parted by commas
    Column("asks", String, nullable=False),  # whom
    Column("yearly_until", Date),
)
