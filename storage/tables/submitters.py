"""Who brings data in, what they brought, and how they are told."""

from sqlalchemy import JSON, Column, Date, ForeignKey, Index, Integer, String, Table, text

from storage.tables.schema import Instant, metadata, only, row_id

submitters = Table(  # companies and associations that bring data in; see bot.core.submitter
    "submitters",
    metadata,
    row_id(),
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
    row_id(),
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
    only("ix_imports_troubled", "submitter", TROUBLED),
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
    row_id(),
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
    only("ix_hooks_unwell", "id", "ended_why = 'gone' OR failing_since IS NOT NULL"),
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
    row_id(),
    Column("person_id", ForeignKey("people.id"), nullable=False),
    Column("files", JSON, nullable=False),
    Column("sent_at", Instant, nullable=False),
    Column("keyed_at", Instant),
    Column("keyed_by", String, nullable=False, default="", server_default=""),
    only("ix_sheet_photos_waiting", "id", "keyed_at IS NULL"),
)

feeds = Table(  # the calendar of a company: an address with an older number opens nothing any more
    "feeds",
    metadata,
    Column("person_id", ForeignKey("people.id"), primary_key=True),
    Column("number", Integer, nullable=False),
    Column("made_at", Instant, nullable=False),
)
