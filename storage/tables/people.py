"""Who talks with the service, at which addresses, and what was asked of them."""

from sqlalchemy import JSON, Boolean, Column, Date, ForeignKey, Index, Integer, String, Table, false, text

from storage.tables.schema import Instant, metadata, only

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
    only("ix_people_left", "ended_on", "ended_on IS NOT NULL AND erased_on IS NULL"),
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
    only("ix_addresses_disused", "ended_at", DISUSED),
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
    only("ix_watches_next_on", "next_on", "next_on IS NOT NULL"),
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
    only("ix_link_codes_waiting", "used_at", LINKING),
)

talks = Table(
    "talks",
    metadata,
    Column("person_id", ForeignKey("people.id"), primary_key=True),
    Column("state", JSON, nullable=False),
)
