"""How the history of a house is reached, and what is on its way there."""

from sqlalchemy import JSON, Boolean, Column, Date, ForeignKey, Index, Integer, String, Table, false

from storage.tables.schema import metadata, only

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
    only("ix_evidence_handed_on", "handed_on", "state = 'told'"),
)
