"""The staff's work, the installation's own values, and how it is doing."""

from sqlalchemy import BigInteger, Boolean, Column, Date, ForeignKey, Index, Integer, String, Table, Text

from storage.tables.schema import Instant, metadata, only, row_id

sessions = Table(  # of the staff, at the console
    "sessions",
    metadata,
    row_id(),
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
    row_id(),
    Column("person_id", ForeignKey("people.id"), nullable=False),
    Column("from_on", Date, nullable=False),
    Column("until_on", Date, nullable=False),
    Column("substitute_id", String, nullable=False),  # empty for the desk
    Column("state", String, nullable=False),
    Column("entered_by", String, nullable=False),
    only("ix_absences_open", "id", "state <> 'over'"),
)

looks = Table(  # who of the staff looked at whose data, and why; only ever added to
    "looks",
    metadata,
    row_id(),
    Column("at", Instant, nullable=False),
    Column("by", String, nullable=False),  # the person of the staff
    Column("session_id", BigInteger, nullable=False),
    Column("house_id", String, nullable=False, default=""),
    Column("seen", String, nullable=False, default=""),  # the person, where it is no house; of a photo, who sent it
    Column("door", String, nullable=False),  # the page, as the pattern of its address
    Column("why", String, nullable=False),
    Index("ix_looks_house_id", "house_id", "id"),
    Index("ix_looks_seen", "seen", "id"),
    Index("ix_looks_by", "by", "id"),
    Index("ix_looks_at", "at"),
)

misses = Table(  # wrong tries of the last hour, see storage.misses
    "misses",
    metadata,
    row_id(),
    Column("tried", String(16), nullable=False),  # the digest of what was tried, under the record key
    Column("at", Instant, nullable=False),
    Index("ix_misses_tried_at", "tried", "at"),
    Index("ix_misses_at", "at"),
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

pauses = Table(
    "pauses",
    metadata,
    row_id(),
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
    row_id(),
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
