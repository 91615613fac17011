"""The people and companies that talk with the bot, the machines it speaks to, and how they are reached."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bot.core.business import EVERY_DAY, OFFICE, Calendar, company_calendar


class Role(StrEnum):
    OWNER = "owner"
    SERVICER = "servicer"
    STAFF = "staff"
    GUEST = "guest"  # somebody who wrote to us and whom we do not know yet
    GUARANTOR = "guarantor"  # the guarantor's core system: a machine
    PROVIDER = "provider"  # keeps the history of houses, or knows who does: a machine, or an office that gets letters
    HOOK = "hook"  # an address of a submitter's own system, see bot.core.hook


MACHINES = frozenset({Role.PROVIDER, Role.GUARANTOR, Role.HOOK})  # are told data, one thing at a time, at any hour
STAFF_DESK = "staff:desk"
LETTER = "letter"  # the last way to reach a person: paper, printed and posted by staff
QUIET_FROM, QUIET_UNTIL = 9, 20  # o'clock in Tokyo between which we may begin a conversation


def owner_key(owner_id: str) -> str:
    return f"{Role.OWNER}:{owner_id}"


def servicer_key(servicer_id: str) -> str:
    return f"{Role.SERVICER}:{servicer_id}"


def provider_key(provider_id: str) -> str:
    return f"{Role.PROVIDER}:{provider_id}"


def staff_key(staff_id: str) -> str:
    return f"{Role.STAFF}:{staff_id}"


def role_of(person_id: str) -> Role:
    return Role(person_id.partition(":")[0])


def of_named_staff(person_id: str) -> bool:
    """Whether that is somebody of the staff under their own name: the shared desk is nobody."""
    return person_id.startswith(f"{Role.STAFF}:") and person_id != STAFF_DESK


@dataclass(frozen=True, slots=True)
class Address:
    """One way to reach a person; ``rank`` is its place in their order."""

    channel: str
    address: str
    rank: int = 0
    verified: bool = True


@dataclass(frozen=True, slots=True)
class Person:
    """An owner, a servicer as a company, a provider of histories, or the staff desk (or one named staff member).

    ``addresses`` are the living and verified ones, in the person's own order. Hours are o'clock in Tokyo.
    """

    id: str
    name: str
    language: str = "ja"
    addresses: tuple[Address, ...] = ()
    hours: tuple[int, int] = (QUIET_FROM, QUIET_UNTIL)
    closing_days: tuple[int, ...] = ()
    active: bool = True  # who has ended the support, or a servicer that closed, is not asked
    erased: bool = False
    bereaved: bool = False  # we were told of their death
    closed_on: date | None = None  # a company's last day, where that is known
    staff_role: str = ""  # what somebody of the staff is there for, see bot.core.rights

    @property
    def role(self) -> Role:
        return role_of(self.id)

    @property
    def calendar(self) -> Calendar:
        """The days on which we may begin to write to them, and on which their silence counts."""
        if self.role in (Role.OWNER, Role.GUEST, *MACHINES):
            return EVERY_DAY
        return OFFICE if self.role is Role.STAFF else company_calendar(self.closing_days)
