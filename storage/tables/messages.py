"""What goes out, what was tried, what came in."""

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
    false,
    text,
)

from storage.tables.schema import Instant, metadata, only, row_id

outbox = Table(
    "outbox",
    metadata,
    row_id(),
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
    only("ix_outbox_unknown", "id", "state = 'unknown'"),
    only("ix_outbox_paper", "id", "state = 'paper'"),
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
    row_id(),
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
    row_id(),
    Column("made_at", Instant, nullable=False),
    Column("made_by", String, nullable=False),
    Column("letters", Integer, nullable=False),
    Column("pdf", String, nullable=False),  # where the printed sheets are kept; blank once they have gone
    Column("list", String, nullable=False),  # and the addresses
    Column("digest", String(64), nullable=False),  # SHA-256 of the sheets; it stays
    Column("posted_at", Instant),
    Column("posted_by", String, nullable=False, default="", server_default=""),
    Column("ended", Boolean, nullable=False, default=False, server_default=false()),  # its files are to go
    only("ix_letter_batches_ended", "id", "ended AND pdf <> ''"),
    only("ix_letter_batches_kept", "made_at", "pdf <> ''"),
    only("ix_letter_batches_open", "id", "posted_at IS NULL"),
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

months = Table(
    "months",
    metadata,
    Column("channel", String, primary_key=True),
    Column("most", Integer),  # messages in a month; null where there is no limit that we know of
    Column("used", Integer, nullable=False),  # as the platform last told
    Column("ours", Integer, nullable=False),  # sent since, by all our processes
    Column("looked_at", Float, nullable=False),  # seconds since 1970 by the machine's clock
)

EXPIRING = "person_id NOT LIKE 'staff:%'"  # whose words go after a while

inbound = Table(
    "inbound",
    metadata,
    row_id(),
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
    only("ix_inbound_new", "id", "state = 'new'"),
    only("ix_inbound_failed", "id", "state = 'failed'"),
    only("ix_inbound_message_id", "message_id", "message_id <> ''"),
    only("ix_inbound_withdraws", "withdraws", "withdraws <> ''"),
    only("ix_inbound_expiring", "received_at", f"state = 'done' AND {EXPIRING}"),
)
