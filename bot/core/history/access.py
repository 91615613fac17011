"""What is needed to reach a house's history, and what of it is on its way there.

The service does not hold the history itself. It knows who does (情報サービス機関), under which contract and common
ID, and hands over what it was given for a while: records of what was done, photos and reports.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from bot.core.case import Scene
from bot.core.days import add_months
from bot.core.house import Household
from bot.core.people import provider_key
from bot.core.plan import Kind

LONGEST_ID = 64
CHECK_MONTHS = 12  # between two questions, to the owner and to the provider
NOBODY = "none"  # the owner's answer: nobody keeps it, as far as they know
TOLD = "told"  # the owner's answer in words, which the staff read
PROVIDER_CLOSED = "provider-closed"  # the code of the work by which an owner finds another provider


@dataclass(frozen=True, slots=True)
class Provider:
    """Who keeps histories, or with ``council`` knows who does.

    ``reached``: there is a machine that takes what we say; without one, staff send letters.
    """

    id: str
    name: str
    reached: bool = False
    council: bool = False
    closed_on: date | None = None

    @property
    def person_id(self) -> str:
        return provider_key(self.id)

    @property
    def open(self) -> bool:
        """Whether anything new may still be given to them. From the day on which they say that they close, nothing."""
        return self.closed_on is None


def cannot_be(provider_id: str, name: str) -> str:
    """Why nobody can be on the list of providers under this id and name; empty where they can."""
    parts = any(char.isspace() or char in ":/" or not char.isprintable() for char in provider_id)
    if not provider_id or parts or len(provider_id) > LONGEST_ID:
        return f"an id has 1 to {LONGEST_ID} characters, and no blank, colon or slash"
    return "" if name.strip() else "the name is empty"


class Entry(StrEnum):
    """Where the entry of a work in the house's history stands."""

    NEW = "new"  # nobody was asked yet
    ASKED = "asked"  # the servicer was
    SENT = "sent"  # we registered it ourselves, and wait for the answer
    LETTER = "letter"  # the machine did not take it: a letter to them lies with the staff
    DONE = "done"
    STAFF = "staff"  # the staff see to it


OPEN_ENTRIES = frozenset({Entry.NEW, Entry.ASKED, Entry.SENT, Entry.LETTER})


@dataclass(frozen=True, slots=True)
class Registration:
    """A work that is over, and its entry in the history. ``servicer`` is the person who did it, if it is known."""

    work_id: str
    case_id: str
    part: str
    kind: Kind
    done_on: date
    closed_on: date
    result: str = ""
    servicer: str = ""
    state: Entry = Entry.NEW
    asked_on: date | None = None


class Held(StrEnum):
    """Where a photo or report stands."""

    KEPT = "kept"  # with us, and nobody else has it
    SENT = "sent"  # on its way to the provider
    HANDED = "handed"  # they have it: the owner is told next
    TOLD = "told"  # the owner knows, and it goes at the end of its period unless they keep it
    GONE = "gone"  # hash and reference remain


@dataclass(frozen=True, slots=True)
class Evidence:
    """A photo or report, by the reference of its file."""

    ref: str
    case_id: str
    state: Held = Held.KEPT

    @property
    def digest(self) -> str:
        """The first 40 hex digits of the SHA-256 of what it holds: its name is made of them."""
        return self.ref.rpartition("/")[2].partition(".")[0]


@dataclass(frozen=True, slots=True)
class Access:
    """The way to a house's history, with who told it last.

    ``named`` is the provider as a file names it, whether or not it is on our list.
    ``confirmed_by`` is the person who last said that it is so, on ``confirmed_on``. ``asked_on`` is when the owner was
    last asked, ``answer`` what they last answered, on ``answered_on``; ``provider_asked_on`` is when the provider was
    asked, and ``provider_says`` its last word on it.
    ``mandate_by`` is the owner who lets us give records and files to the provider. ``closing_told`` is the provider of
    whose closing the owner was told, ``closing_raised``: it lies with the staff. ``list_wanted``: another company has
    the house, and the list of what is held of it was not asked for since.
    """

    house_id: str
    provider: Provider | None = None
    named: str = ""
    contract_no: str = ""
    registered_address: str = ""
    confirmed_by: str = ""
    confirmed_on: date | None = None
    asked_on: date | None = None
    answer: str = ""
    answered_on: date | None = None
    provider_asked_on: date | None = None
    provider_says: str = ""
    mandate_by: str = ""
    mandate_on: date | None = None
    mandate_asked_on: date | None = None
    keep_files: bool = False
    closing_told: str = ""
    closing_raised: bool = False
    list_wanted: bool = False
    consent: Mapping[str, str] = field(default_factory=dict)  # version, hash and day of what the owner agreed to

    @property
    def called(self) -> str:
        """Who keeps it by name, as far as anybody told."""
        return self.provider.name if self.provider else self.named

    @property
    def nobody_until(self) -> date | None:
        """The first day on which the owner's word that nobody keeps it holds no more; None where it does not count."""
        if self.provider is not None or self.answer != NOBODY or self.answered_on is None:
            return None
        return add_months(self.answered_on, CHECK_MONTHS)


@dataclass(frozen=True, slots=True)
class Shelf:
    """A house's access with what is on its way to the history: what is looked at together.

    ``search`` is the case in which the owner is still asked for another provider. ``next_number`` is that of the
    house's next case. ``at_desk`` are the reasons for which it lies with the staff already, each in a case of its own;
    ``unknown`` are those cases that are about who keeps it.
    """

    household: Household
    access: Access
    entries: tuple[Registration, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    search: Scene | None = None
    next_number: int = 1
    at_desk: frozenset[str] = frozenset()
    unknown: tuple[Scene, ...] = ()

    @property
    def house_id(self) -> str:
        return self.household.house.id

    @property
    def reaches(self) -> Provider | None:
        """The provider whose machine may be asked about this house; None where there is no such way."""
        provider = self.access.provider
        ready = provider is not None and provider.reached and provider.open and self.household.house.common_id
        return provider if ready and self.household.mandated else None

    @property
    def gives(self) -> Provider | None:
        """The same where records and files may be given to it as well: one who owns the house now has said so."""
        agreed = self.access.mandate_on is not None and self.access.mandate_by in {
            owner.id for owner in self.household.owners
        }
        return self.reaches if agreed else None
