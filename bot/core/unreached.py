"""A letter came back: why, and the ways left to reach whoever it was for, so that the staff need not look for them."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import StrEnum

from bot.core.house import Household
from bot.core.people import STAFF_DESK, Person


class By(StrEnum):
    PHONE = "phone"
    CHANNEL = "channel"  # another address of theirs that lives
    NEAR = "near"  # somebody who is something at the house beside its owners
    KEEPER = "keeper"  # who of the staff holds the house between two owners
    COMPANY = "company"  # whoever looks after the house has been there
    ADDRESS = "address"  # to find out where they live now, and write again


class Why(StrEnum):
    """What the post wrote on a letter that came back; told by whoever keys it in, in the record as this code."""

    MOVED = "moved"  # 転居先不明, or a forwarding that has ended
    UNKNOWN = "unknown"  # あて所に尋ねあたりません
    REFUSED = "refused"  # 受取拒絶
    KEPT = "kept"  # 保管期間経過: nobody was in, and nobody came for it


def came_back(code: str, why: str) -> dict[str, str]:
    """What the record tells of it; what is no such code is left out."""
    return {"code": code} | ({"why": why} if why in Why._value2member_map_ else {})


@dataclass(frozen=True, slots=True)
class Way:
    """One way; ``person_id`` is whom to turn to, ``channel`` the channel's name where it is one."""

    by: By
    person_id: str = ""
    channel: str = ""


def ways_on(household: Household, telephoned: Collection[str]) -> tuple[Way, ...]:
    """The ways that are left, the quickest first. ``telephoned``: the people of the house whose number is known."""
    near = [one.person for one in household.near]
    found = [*_phones([*household.owners, *near], telephoned), *_channels(household.owners)]
    found += [Way(By.NEAR, person.id) for person in near]
    if household.keeper and household.keeper != STAFF_DESK:
        found.append(Way(By.KEEPER, household.keeper))
    if household.servicer is not None and household.servicer.active:
        found.append(Way(By.COMPANY, household.servicer.id))
    return (*found, Way(By.ADDRESS))


def _phones(people: Collection[Person], telephoned: Collection[str]) -> Iterator[Way]:
    return (Way(By.PHONE, person.id) for person in people if person.id in telephoned)


def _channels(owners: Collection[Person]) -> Iterator[Way]:
    for owner in owners:
        names = dict.fromkeys(address.channel for address in owner.addresses)
        yield from (Way(By.CHANNEL, owner.id, name) for name in names)
