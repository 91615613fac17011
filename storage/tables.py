"""The tables. Rows outlive code: instants are whole seconds since 1970, dates are civil, the rest is versioned JSON."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    Date,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    false,
    literal_column,
    text,
)

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
metadata = MetaData(naming_convention=NAMES)


def spelled(value: str) -> ColumnElement[str]:
    """A value written into the statement itself: with a bound one SQLite cannot tell that a partial index serves."""
    return literal_column(f"'{value}'", String)


class Instant(TypeDecorator[datetime]):
    """An aware instant, stored as whole seconds; a naive datetime is refused."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs its time zone")
        return int(value.timestamp())

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        return None if value is None else datetime.fromtimestamp(value, UTC)


def _only(name: str, column: str, where: str) -> Index:
    """An index of the few rows that anybody looks for."""
    return Index(name, column, sqlite_where=text(where), postgresql_where=text(where))


def _id() -> Column[int]:
    return Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True)


people = Table(
    "people",
    metadata,
    Column("id", String, primary_key=True),  # role:id, see bot.core.people
    Column("name", String, nullable=False, default=""),
    Column("kana", String, nullable=False, default=""),
    Column("language", String(2), nullable=False, default="ja"),
    Column("own_language", Boolean, nullable=False, default=False, server_default=false()),  # chosen by themselves
    Column("phone", String, nullable=False, default=""),
    Column("channel_order", String, nullable=False, default=""),  # as it was given; the order itself is in addresses
    Column("hour_from", Integer, nullable=False, default=9),
    Column("hour_until", Integer, nullable=False, default=20),
    Column("ended_on", Date),  # support ended at their own wish
    Column("erased_on", Date),
    Column("bereaved_on", Date),  # somebody told us of their death: from then on nothing is begun with them
    Column("died_on", Date),  # as a document says that the staff have seen
    Column("staff_role", String, nullable=False, default="", server_default=""),  # see bot.core.rights
    _only("ix_people_left", "ended_on", "ended_on IS NOT NULL AND erased_on IS NULL"),
)

# An address that ended and is still written out.
DISUSED = "ended_at IS NOT NULL AND address NOT LIKE 'erased-%' AND address NOT LIKE 'disused-%'"

addresses = Table(
    "addresses",
    metadata,
    Column("person_id", ForeignKey("people.id"), primary_key=True),
    Column("channel", String, primary_key=True),
    Column("address", String, primary_key=True),
    Column("rank", Integer, nullable=False, default=0),
    Column("verified", Boolean, nullable=False, default=True),
    Column("ended_at", Instant),
    Column("ended_why", String, nullable=False, default=""),
    Index("ix_addresses_channel_address", "channel", "address"),
    _only("ix_addresses_disused", "ended_at", DISUSED),
    Index("ix_addresses_channel_folded", "channel", text("lower(address)")),  # people write addresses in any case
)

servicers = Table(
    "servicers",
    metadata,
    Column("id", String, primary_key=True),
    Column("role", String, nullable=False, default=""),
    Column("corporate_no", String, nullable=False, default=""),
    Column("area", String, nullable=False, default=""),
    Column("status", String, nullable=False, default=""),
    Column("closed_on", Date),
    Column("closing_days", String, nullable=False, default=""),  # e.g. 火水
    Column("backup", Boolean, nullable=False, default=False),
    Column("capacity_per_month", Integer),
    Column("association", String, nullable=False, default=""),
    Column("licence_until", Date),
    Column("structures", String, nullable=False, default="", server_default=""),  # of houses that it works on
)

watches = Table(
    "watches",
    metadata,
    Column("servicer_id", ForeignKey("servicers.id"), primary_key=True),
    Column("judged_on", Date, nullable=False),
    Column("state", JSON, nullable=False),  # its signs, see storage.watches
    Column("holder", String, nullable=False, default=""),  # of the staff, while it is on their list
    Column("next_on", Date),  # when it is looked at again
    _only("ix_watches_next_on", "next_on", "next_on IS NOT NULL"),
)

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
    _only("ix_houses_unsealed", "id", "fact_count <> sealed_count"),
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
    _only("ix_house_owners_left", "until_on", "until_on IS NOT NULL"),
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
    _only("ix_house_people_left", "until_on", "until_on IS NOT NULL"),
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
    _only("ix_guarantor_events_unmatched", "told_on", "house_id IS NULL"),
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

transfers = Table(
    "transfers",
    metadata,
    _id(),
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
    _id(),
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
    _only("ix_mandates_withdrawn", "withdrawn_on", "withdrawn_on IS NOT NULL"),
)

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
    _id(),
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
    _only("ix_cases_candidate_id", "candidate_id", "candidate_id <> ''"),
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

# What the record of a house says of a company that is not the house's, or no longer.
OF_COMPANIES = "kind IN ('candidate_declined', 'candidate_silent', 'servicer_changed')"
# The steps of handovers; see storage.own_handovers.
OF_HANDOVERS = (
    "kind IN ('candidate_accepted', 'candidate_asked', 'candidate_declined', 'candidate_silent', 'candidacy_ended', "
    "'handover_approved', 'handover_prepared', 'servicer_changed')"
)
handovers = Table(
    "handovers",
    metadata,
    _id(),
    Column("servicer_id", String, nullable=False),  # whose houses they are
    Column("reason", String, nullable=False),
    Column("state", String, nullable=False),  # see storage.handovers
    Column("prepared_at", Instant, nullable=False),
    Column("approved_at", Instant),
    Column("approved_by", String, nullable=False, default=""),  # a named person of the staff, or the desk after them
    Column("status_before", String, nullable=False, default=""),  # of the company, for an undo
    _only("ix_handovers_going", "id", "state = 'approved'"),
    _only("ix_handovers_preparing", "id", "state = 'preparing'"),
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
    _only("ix_handover_houses_planned", "handover_id", "state = 'planned'"),
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
    _only("ix_facts_companies", "at", OF_COMPANIES),
    _only("ix_facts_handovers", "at", OF_HANDOVERS),
)

providers = Table(  # of house histories; each is a person too, see bot.core.people.provider_key
    "providers",
    metadata,
    Column("id", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("adapter", String, nullable=False),  # the channel that reaches it: its machine, or a letter
    Column("council", Boolean, nullable=False, default=False, server_default=false()),  # knows who keeps what
    Column("postcode", String, nullable=False, default=""),
    Column("address", String, nullable=False, default=""),  # for letters
    Column("closed_on", Date),  # may lie ahead: nothing new goes there from the day on which that is known
    Column("closing_on", Date),  # that it closes is prepared, and waits for a signature
    Column("closing_houses", Integer, nullable=False, default=0, server_default="0"),  # how many were looked at
    Column("added_on", Date, nullable=False),
)

histories = Table(  # how the history of a house is reached; one row a house
    "histories",
    metadata,
    Column("house_id", ForeignKey("houses.id"), primary_key=True),
    Column("provider_id", ForeignKey("providers.id")),
    Column("contract_no", String, nullable=False, default="", server_default=""),
    Column("registered_address", String, nullable=False, default="", server_default=""),  # as it stands there
    Column("confirmed_by", String, nullable=False, default="", server_default=""),
    Column("confirmed_on", Date),
    Column("asked_on", Date),  # the owner
    Column("answer", String, nullable=False, default="", server_default=""),  # same or changed
    Column("answered_on", Date),
    Column("mandate_by", String, nullable=False, default="", server_default=""),  # the owner who lets us give
    Column("mandate_on", Date),
    Column("mandate_asked_on", Date),
    Column("provider_asked_on", Date),
    Column("provider_says", String, nullable=False, default="", server_default=""),
    Column("list_wanted", Boolean, nullable=False, default=False, server_default=false()),  # another company came
    Column("listed_on", Date),
    Column("listed_count", Integer),
    Column("looked_up_on", Date),
    Column("looked_up", JSON),  # who keeps it as the council knows, see bot.core.history.answered
    Column("keep_files", Boolean, nullable=False, default=False, server_default=false()),  # also what was handed over
    Column("closing_told", String, nullable=False, default="", server_default=""),
    Column("closing_raised", Boolean, nullable=False, default=False, server_default=false()),
    Column("look_on", Date, nullable=False),  # when it is looked at again
    Index("ix_histories_look_on_house_id", "look_on", "house_id"),
    Index("ix_histories_provider_id", "provider_id"),
)

entries = Table(  # of works that are over, in the history of their house
    "entries",
    metadata,
    Column("work_id", ForeignKey("works.id"), primary_key=True),
    Column("house_id", ForeignKey("houses.id"), nullable=False),
    Column("case_id", String, nullable=False),
    Column("closed_on", Date, nullable=False),
    Column("servicer", String, nullable=False, default=""),  # the person who did it
    Column("state", String, nullable=False),  # see bot.core.history.access.Entry
    Column("asked_on", Date),
    Column("registered_on", Date),
    Column("reference", String, nullable=False, default=""),
    Column("told_by", String, nullable=False, default=""),
    Index("ix_entries_house_id", "house_id"),
)

evidence = Table(  # photos and reports of works that are over, on their way to the history
    "evidence",
    metadata,
    Column("house_id", ForeignKey("houses.id"), primary_key=True),
    Column("ref", String, primary_key=True),
    Column("case_id", String, nullable=False),
    Column("kept_on", Date, nullable=False),
    Column("state", String, nullable=False),  # see bot.core.history.access.Held
    Column("handed_on", Date),
    Column("handed_to", String, nullable=False, default=""),
    Column("reference", String, nullable=False, default=""),
    Column("gone_on", Date),
    Index("ix_evidence_ref", "ref"),  # one file may be evidence at several houses
    _only("ix_evidence_handed_on", "handed_on", "state = 'told'"),
)

outbox = Table(
    "outbox",
    metadata,
    _id(),
    Column("key", String(36), nullable=False, unique=True),  # the idempotency key, fixed for good
    Column("person_id", ForeignKey("people.id"), nullable=False),
    Column("channel", String, nullable=False),
    Column("address", String, nullable=False),
    Column("language", String(2), nullable=False),
    Column("parts", JSON, nullable=False),  # what is said: a list, see storage.outbox
    Column("mode", String, nullable=False),
    Column("servicer_id", String, nullable=False, default=""),  # of the house it is about, so that it can be paused
    Column("urgency", Integer, nullable=False, default=5),  # the smaller, the sooner
    Column("day", Date, nullable=False),  # the civil day it is meant for
    Column("written_at", Instant, nullable=False),
    Column("send_at", Instant, nullable=False),  # not before, by the civil clock
    Column("retry_at", Instant),  # not before, by the machine's clock
    Column("state", String, nullable=False),
    Column("attempts", Integer, nullable=False, default=0),
    Column("lease", String(32), nullable=False, default=""),
    Column("lease_until", Instant),  # by the machine's clock
    Column("provider_id", String, nullable=False, default=""),
    Column("detail", String, nullable=False, default=""),
    Column("sent_at", Instant),
    Column("ticket", String, nullable=False, default="", server_default=""),  # the channel's note of what it answers
    Column("once", Boolean, nullable=False, default=False, server_default=false()),  # goes a way that knows no key
    Index(
        "ix_outbox_lane",
        "channel",
        "urgency",
        "send_at",
        "id",
        # Not to find by, but so that no row is read of what waits for its retry or a pause: there may be very many.
        "retry_at",
        "servicer_id",
        "person_id",
        sqlite_where=text("state = 'waiting'"),
        postgresql_where=text("state = 'waiting'"),
    ),
    Index(
        "ix_outbox_leased",
        "lease_until",
        sqlite_where=text("state = 'sending'"),
        postgresql_where=text("state = 'sending'"),
    ),
    Index("ix_outbox_person_id_day", "person_id", "day"),
    _only("ix_outbox_unknown", "id", "state = 'unknown'"),
    _only("ix_outbox_paper", "id", "state = 'paper'"),
    Index(
        "ix_outbox_person_waiting",
        "person_id",
        sqlite_where=text("state = 'waiting'"),
        postgresql_where=text("state = 'waiting'"),
    ),
)

attempts = Table(
    "attempts",
    metadata,
    _id(),
    Column("outbox_id", ForeignKey("outbox.id"), nullable=False),
    Column("number", Integer, nullable=False),  # of the message's attempts; two where a lease had run out
    Column("at", Instant, nullable=False),  # by the civil clock
    Column("answer", String, nullable=False),  # see bot.core.delivery.Outcome; "shadow" where nothing was to leave
    Column("provider_id", String, nullable=False, default=""),
    Column("detail", String, nullable=False, default=""),
    Index("ix_attempts_outbox_id", "outbox_id"),
)

letters = Table(
    "letters",
    metadata,
    Column("outbox_id", ForeignKey("outbox.id"), primary_key=True),
    Column("code", String(6), nullable=False, unique=True),  # what is typed or read out on the telephone
    Column("person_id", String, nullable=False),
    Column("case_id", String, nullable=False),
    Column("written_on", Date, nullable=False),
    Column("posted_on", Date),
    Column("returned_on", Date),  # the slip, or the letter itself
    Index("ix_letters_written_on", "written_on"),
)

letter_batches = Table(  # letters that were printed together: the files are kept, so that they print the same again
    "letter_batches",
    metadata,
    _id(),
    Column("made_at", Instant, nullable=False),
    Column("made_by", String, nullable=False),
    Column("letters", Integer, nullable=False),
    Column("pdf", String, nullable=False),  # where the printed sheets are kept; blank once they have gone
    Column("list", String, nullable=False),  # and the addresses
    Column("digest", String(64), nullable=False),  # SHA-256 of the sheets; it stays
    Column("posted_at", Instant),
    Column("posted_by", String, nullable=False, default="", server_default=""),
    Column("ended", Boolean, nullable=False, default=False, server_default=false()),  # its files are to go
    _only("ix_letter_batches_ended", "id", "ended AND pdf <> ''"),
    _only("ix_letter_batches_kept", "made_at", "pdf <> ''"),
    _only("ix_letter_batches_open", "id", "posted_at IS NULL"),
)

batched_letters = Table(  # a letter is in one batch at most
    "batched_letters",
    metadata,
    Column("outbox_id", ForeignKey("outbox.id"), primary_key=True),
    Column("batch_id", ForeignKey("letter_batches.id"), nullable=False),
    Index("ix_batched_letters_batch_id", "batch_id"),
)

sends = Table(  # what came of messages, counted as they are added; "" stands for all; see storage.sends
    "sends",
    metadata,
    Column("area", String, primary_key=True),  # a prefecture's number, or a municipality's code
    Column("servicer_id", String, primary_key=True),
    Column("month", String(7), primary_key=True),
    Column("channel", String, primary_key=True),
    Column("what", String, primary_key=True),
    Column("total", BigInteger, nullable=False),
)

tallies = Table(  # of houses and works, counted anew every day; see storage.tallies
    "tallies",
    metadata,
    Column("day", Date, primary_key=True),
    Column("area", String, primary_key=True),
    Column("servicer_id", String, primary_key=True),
    Column("name", String, primary_key=True),
    Column("month", String(7), primary_key=True),  # "" for what is so on that day
    Column("total", BigInteger, nullable=False),
    Index("ix_tallies_day_name_area", "day", "name", "area"),
)

EXPIRING = "person_id NOT LIKE 'staff:%'"  # whose words go after a while

inbound = Table(
    "inbound",
    metadata,
    _id(),
    Column("channel", String, nullable=False),
    Column("event_id", String, nullable=False),
    Column("received_at", Instant, nullable=False),
    Column("raw", JSON, nullable=False),  # as it came; expires
    Column("person_id", String, nullable=False, default=""),
    Column("state", String, nullable=False, default="new"),  # see storage.inbound
    Column("tries", Integer, nullable=False, default=0),
    Column("error", String, nullable=False, default=""),
    Column("said", JSON, nullable=False, default=dict, server_default="{}"),  # as it was understood; expires with raw
    Column("message_id", String, nullable=False, default="", server_default=""),  # the platform's, to withdraw it by
    Column("withdraws", String, nullable=False, default="", server_default=""),  # the message that this took back
    Column("retry_at", Instant),  # of what could not be handled: not before this civil instant
    Index("uq_inbound_event", "channel", "event_id", unique=True),
    Index("ix_inbound_person_id", "person_id"),
    _only("ix_inbound_new", "id", "state = 'new'"),
    _only("ix_inbound_failed", "id", "state = 'failed'"),
    _only("ix_inbound_message_id", "message_id", "message_id <> ''"),
    _only("ix_inbound_withdraws", "withdraws", "withdraws <> ''"),
    _only("ix_inbound_expiring", "received_at", f"state = 'done' AND {EXPIRING}"),
)

threads = Table(
    "threads",
    metadata,
    Column("channel", String, primary_key=True),
    Column("address", String, primary_key=True),
    Column("topic", String, primary_key=True),  # the case
    Column("provider_id", String, nullable=False),  # of the first message there about it
)

paces = Table(
    "paces",
    metadata,
    Column("channel", String, primary_key=True),
    Column("address", String, primary_key=True),  # "" for the whole channel
    Column("level", Float, nullable=False),  # messages that may go at once
    Column("at", Float, nullable=False),  # seconds since 1970 by the machine's clock
)

misses = Table(  # wrong tries of the last hour, see storage.misses
    "misses",
    metadata,
    _id(),
    Column("tried", String(16), nullable=False),  # the digest of what was tried, under the record key
    Column("at", Instant, nullable=False),
    Index("ix_misses_tried_at", "tried", "at"),
    Index("ix_misses_at", "at"),
)

months = Table(
    "months",
    metadata,
    Column("channel", String, primary_key=True),
    Column("most", Integer),  # messages in a month; null where there is no limit that we know of
    Column("used", Integer, nullable=False),  # as the platform last told
    Column("ours", Integer, nullable=False),  # sent since, by all our processes
    Column("looked_at", Float, nullable=False),  # seconds since 1970 by the machine's clock
)

# A code with which an account was given, and that is used up.
LINKING = "address <> '' AND used_at IS NOT NULL"

link_codes = Table(
    "link_codes",
    metadata,
    Column("digest", String(16), primary_key=True),  # of the code, under the record key
    Column("person_id", ForeignKey("people.id"), nullable=False),
    Column("channel", String, nullable=False, default=""),  # the only one it serves for; "" for any
    Column("address", String, nullable=False, default=""),  # of the account it was made for, where that is known
    Column("written_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),  # by the civil clock
    Column("used_at", Instant),
    Index("ix_link_codes_person_id", "person_id"),
    Index("ix_link_codes_expires_at", "expires_at"),
    _only("ix_link_codes_waiting", "used_at", LINKING),
)

sessions = Table(  # of the staff, at the console
    "sessions",
    metadata,
    _id(),
    Column("digest", String(64), nullable=False, unique=True),  # of what the browser holds
    Column("person_id", ForeignKey("people.id"), nullable=False),
    Column("way", String, nullable=False),  # how they came in
    Column("ticket", String, unique=True),  # what is used up by it: a message with a link that serves once
    Column("began_at", Instant, nullable=False),
    Column("until", Instant, nullable=False),  # by the civil clock
    Column("ended_at", Instant),
    Index("ix_sessions_person_id", "person_id"),
    Index("ix_sessions_until", "until"),
)

absences = Table(  # of the staff; see bot.core.absence
    "absences",
    metadata,
    _id(),
    Column("person_id", ForeignKey("people.id"), nullable=False),
    Column("from_on", Date, nullable=False),
    Column("until_on", Date, nullable=False),
    Column("substitute_id", String, nullable=False),  # empty for the desk
    Column("state", String, nullable=False),
    Column("entered_by", String, nullable=False),
    _only("ix_absences_open", "id", "state <> 'over'"),
)

looks = Table(  # who of the staff looked at whose data, and why; only ever added to
    "looks",
    metadata,
    _id(),
    Column("at", Instant, nullable=False),
    Column("by", String, nullable=False),  # the person of the staff
    Column("session_id", BigInteger, nullable=False),
    Column("house_id", String, nullable=False, default=""),
    Column("seen", String, nullable=False, default=""),  # the person, or the file, where it is no house
    Column("door", String, nullable=False),  # the page, as the pattern of its address
    Column("why", String, nullable=False),
    Index("ix_looks_house_id", "house_id", "id"),
    Index("ix_looks_seen", "seen", "id"),
    Index("ix_looks_by", "by", "id"),
    Index("ix_looks_at", "at"),
)

submitters = Table(  # companies and associations that bring data in; see bot.core.submitter
    "submitters",
    metadata,
    _id(),
    Column("servicer_id", ForeignKey("servicers.id"), nullable=False),
    Column("kind", String, nullable=False),
    Column("representative", String, nullable=False),
    Column("address", String, nullable=False),
    Column("acquired", String, nullable=False),  # how they come by the data
    Column("since_on", Date, nullable=False),
    Column("ended_on", Date),
    Index("ix_submitters_servicer_id", "servicer_id"),
)

# A company's file that was not taken in, or not whole, and nobody has seen to it.
TROUBLED = "settled_at IS NULL AND submitter <> 'operator' AND verdict IN ('', 'reject_row', 'reject_file')"

imports = Table(  # one row a file that was taken in; with it the record of who provided what
    "imports",
    metadata,
    _id(),
    Column("submitter", String, nullable=False),  # a servicer's id, or operator
    Column("key", String),  # under which a door tells it apart: the same twice is one import
    Column("by", String, nullable=False),
    Column("at", Instant, nullable=False),
    Column("door", String, nullable=False),
    Column("file_name", String, nullable=False, default=""),  # blanked with the report
    Column("file_hash", String(64), nullable=False, default=""),
    Column("representative", String, nullable=False, default=""),  # as on that day
    Column("address", String, nullable=False, default=""),
    Column("acquired", String, nullable=False, default=""),
    Column("verdict", String, nullable=False, default=""),
    Column("rows_total", Integer, nullable=False, default=0),
    Column("rows_accepted", Integer, nullable=False, default=0),
    Column("counts", JSON, nullable=False),  # what became new and what changed, by kind
    Column("problems", JSON, nullable=False),  # places and reasons, without what was written there
    Column("settled_at", Instant),  # of one with problems: the staff, or a later file of the same submitter, saw to it
    Index("ix_imports_submitter", "submitter", "id"),
    Index("ix_imports_key", "submitter", "key", unique=True),
    Index("ix_imports_at", "at"),
    _only("ix_imports_troubled", "submitter", TROUBLED),
)

import_houses = Table(  # which houses an import told of
    "import_houses",
    metadata,
    Column("house_id", ForeignKey("houses.id"), primary_key=True),
    Column("import_id", ForeignKey("imports.id"), primary_key=True),
)

api_keys = Table(  # with which submitters' own machines come to the JSON API; see bot.core.api_key
    "api_keys",
    metadata,
    _id(),
    Column("submitter", String, nullable=False),  # a servicer's id, or operator
    Column("digest", String(64), nullable=False, unique=True),  # of the secret, which is nowhere
    Column("scopes", String, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),  # by the civil clock
    Column("revoked_at", Instant),
    Column("used_on", Date),  # the last day of use
    Index("ix_api_keys_submitter", "submitter"),
)

hooks = Table(  # submitters' own addresses that are told what happens; see bot.core.hook. Where each is, is an address
    "hooks",
    metadata,
    Column("id", String, primary_key=True),
    Column("submitter", String, nullable=False),  # a servicer's id
    Column("kind", String, nullable=False),  # of the submitter
    Column("events", String, nullable=False),  # what it is told of
    Column("made_at", Instant, nullable=False),
    Column("failing_since", Instant),  # its first attempt that failed after the last one that did not
    Column("ended_at", Instant),
    Column("ended_why", String, nullable=False, default="", server_default=""),
    Index("ix_hooks_submitter", "submitter"),
    Index(
        "ix_hooks_living",
        "kind",
        "submitter",
        sqlite_where=text("ended_at IS NULL"),
        postgresql_where=text("ended_at IS NULL"),
    ),
    _only("ix_hooks_unwell", "id", "ended_why = 'gone' OR failing_since IS NOT NULL"),
)

uploads = Table(  # files that lie ready for a day, by where they are kept
    "uploads",
    metadata,
    Column("ref", String, primary_key=True),
    Column("person_id", ForeignKey("people.id"), nullable=False),
    Column("kept_at", Instant, nullable=False),
    Column("file_name", String, nullable=False, default=""),
    Index("ix_uploads_kept_at", "kept_at"),
)

sealed_contacts = Table(  # of people who have not agreed: neither shown nor used until they do
    "sealed_contacts",
    metadata,
    Column("person_id", ForeignKey("people.id"), primary_key=True),
    Column("import_id", ForeignKey("imports.id"), nullable=False),
    Column("at", Instant, nullable=False),
    Column("contact", JSON, nullable=False),
    Index("ix_sealed_contacts_at", "at"),
)

sheet_codes = Table(  # each names one work on a company's monthly list
    "sheet_codes",
    metadata,
    Column("code", String(6), primary_key=True),
    Column("case_id", ForeignKey("cases.id"), nullable=False),
    Column("person_id", ForeignKey("people.id"), nullable=False),  # the company on whose list it stands
    Column("made_on", Date, nullable=False),
    Column("used_at", Instant),
    Index("ix_sheet_codes_case_id_person_id", "case_id", "person_id"),
)

sheet_photos = Table(  # photos of such a list that companies sent
    "sheet_photos",
    metadata,
    _id(),
    Column("person_id", ForeignKey("people.id"), nullable=False),
    Column("files", JSON, nullable=False),
    Column("sent_at", Instant, nullable=False),
    Column("keyed_at", Instant),
    Column("keyed_by", String, nullable=False, default="", server_default=""),
    _only("ix_sheet_photos_waiting", "id", "keyed_at IS NULL"),
)

feeds = Table(  # the calendar of a company: an address with an older number opens nothing any more
    "feeds",
    metadata,
    Column("person_id", ForeignKey("people.id"), primary_key=True),
    Column("number", Integer, nullable=False),
    Column("made_at", Instant, nullable=False),
)

talks = Table(
    "talks",
    metadata,
    Column("person_id", ForeignKey("people.id"), primary_key=True),
    Column("state", JSON, nullable=False),
)

pauses = Table(
    "pauses",
    metadata,
    _id(),
    Column("scope", String, nullable=False),  # all, channel:NAME, servicer:ID
    Column("reason", String, nullable=False),
    Column("by", String, nullable=False),
    Column("since_at", Instant, nullable=False),
    Column("until_at", Instant),
)

service = Table(
    "service",
    metadata,
    Column("name", String, primary_key=True),  # fact_count and fact_mac of the installation's chain, and the like
    Column("value", Text, nullable=False),
)

audits = Table(  # the auditor's runs, see storage.audits; one that has not ended stands where it has got to
    "audits",
    metadata,
    _id(),
    Column("day", Date, nullable=False),
    Column("began_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Column("stage", String, nullable=False),
    Column("reached", String, nullable=False, default=""),
    Column("houses", Integer, nullable=False, default=0),  # looked at so far
    Column("findings", Integer, nullable=False, default=0),
)

audit_findings = Table(  # what an auditor found last, by kind and place: what was there stands in no row
    "audit_findings",
    metadata,
    Column("kind", String, primary_key=True),
    Column("place", String, primary_key=True),
    Column("since_on", Date, nullable=False),
    Column("audit_id", BigInteger().with_variant(Integer, "sqlite"), nullable=False),  # in which it was seen last
    Column("told", Boolean, nullable=False, default=False),  # to the desk
)

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
    _only("ix_events_next_at", "next_at", "next_at IS NOT NULL"),
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
