"""A house passes from one owner to the next: by sale, inheritance, divorce or the guarantor's buy-back option.

It takes effect when the staff have seen a document, never on anybody's word. The old owner's mandate ends there, the
new one agrees afresh, and until then whoever of the staff is named holds everything: nothing of the plan waits for
people to find each other. Until the new owners have agreed it can be taken back. The authority's approval (Act 87 of
2008, art. 10) is a milestone of its own (see bot.core.milestones).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from bot.core.advance import advance
from bot.core.case import Phase, Scene
from bot.core.course import finish
from bot.core.days import civil
from bot.core.house import House, Household
from bot.core.ladder import rungs
from bot.core.matter import settle_about
from bot.core.outcome import Change, Deed, Mode, Outcome, Say
from bot.core.particulars import cared_by
from bot.core.people import LETTER, Address, Person, Role, of_named_staff


class Kind(StrEnum):
    SALE = "sale"
    INHERITANCE = "inheritance"
    DIVORCE = "divorce"
    BUYBACK = "buyback"  # 買取オプション: the guarantor buys, and who lived there stays as a tenant
    DEATH = "death"  # nobody new yet: an inheritance follows


class Document(StrEnum):
    """What the staff have seen."""

    REGISTRY = "registry"  # 登記事項証明書
    CONTRACT = "contract"
    FAMILY_REGISTER = "family_register"  # 戸籍, 法定相続情報
    AGREEMENT = "agreement"  # 遺産分割協議書, 財産分与の書面
    NOTICE = "notice"  # the guarantor's own, of the option used


OPEN, SETTLED, UNDONE = "open", "settled", "undone"
SETTLES = frozenset({"change", "bereavement"})  # what people said of it, which is over once it is recorded
# These may be said although nobody has agreed to anything (yet, or any more): they speak of just that.
OF_THE_CHANGE = frozenset(
    {"owner_parted", "owner_welcome", "owner_invitation", "owner_called_off", "owner_back", "servicer_owner_changes"}
)
BEREAVED = "bereaved"  # why a channel ended
MOST_NEW = 4


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Somebody who gets a house: their name and one contact, or none, and then a letter to the house."""

    id: str
    name: str
    phone: str = ""
    address: Address | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """What the staff record: who leaves and who comes, from which day, on which document; ``keeper`` holds it all."""

    kind: Kind
    on: date
    document: Document
    leaving: tuple[Person, ...]
    arriving: tuple[Newcomer, ...]
    by: str
    keeper: str = ""


def faults(order: Order, owners: Sequence[Person], house: House, today: date) -> list[str]:
    """Why this cannot be recorded, as codes; none where it can."""
    left = [owner for owner in owners if owner not in order.leaving]
    dead = [owner for owner in order.leaving if owner.bereaved]
    found = {
        "nobody_leaves": not order.leaving or any(one not in owners for one in order.leaving),
        "nobody_comes": order.kind is not Kind.DEATH and not left and not order.arriving,
        "somebody_comes": order.kind is Kind.DEATH and bool(order.arriving),
        "one_at_a_time": order.kind is Kind.DEATH and len(order.leaving) > 1,
        "not_yet": order.on > today,
        "before_there_was_a_house": order.on < house.handed_over_on,
        "death_first": order.kind is Kind.INHERITANCE and not dead,
        "keeper_unnamed": not of_named_staff(order.keeper),
    }
    return [code for code, is_so in found.items() if is_so]


def passed(order: Order, before: Household, scenes: Iterable[Scene], version: str) -> Outcome:
    """The change itself and what is said of it; its fact follows from the change (see on_record).

    ``version`` is that of the consent text on a letter.
    """
    house_id, by = before.house.id, order.by
    ids = {"now": [one.id for one in order.arriving], "ended": [one.id for one in order.leaving]}
    deeds = () if order.kind is Kind.DEATH else (Deed("owners_changed", by, ids),)
    says = (*_parted(order, house_id), *_welcome(order, before, version), *_to_company(before, scenes))
    return Outcome(house_id, deeds=deeds, changes=(Change("house_passed", {"order": order}),), says=says)


def on_record(order: Order, number: int) -> Deed:
    """The fact of it, under the number that the change of owners has."""
    leaving, arriving = [one.id for one in order.leaving], [one.id for one in order.arriving]
    seen = {"kind": order.kind, "on": order.on.isoformat(), "document": order.document}
    known = {"transfer": number, "keeper": order.keeper, **seen}
    if order.kind is Kind.DEATH:
        return Deed("death_recorded", order.by, {"of": leaving[0], **known})
    return Deed("ownership_passed", order.by, {"from": leaving, "to": arriving, **known})


def _parted(order: Order, house_id: str) -> Iterable[Say]:
    """One last word to whoever leaves: thanks, and what ends."""
    params = {"house": house_id, "kind": order.kind}
    living = (one for one in order.leaving if not one.bereaved and order.kind is not Kind.DEATH)
    return [Say(one.id, "owner_parted", params, Mode.RELAY) for one in living]


def _welcome(order: Order, before: Household, version: str) -> Iterable[Say]:
    """The invitation: by the contact they gave, or on paper with the whole text. It names the company of the house."""
    told = {"house": before.house.id, "cared_by": cared_by(before)}
    for one in order.arriving:
        if one.address is None:
            yield Say(one.id, "owner_invitation", told | {"version": version}, Mode.PROMPT, channel=LETTER)
        else:
            yield Say(one.id, "owner_welcome", told | {"kind": order.kind}, Mode.RELAY)


def _to_company(household: Household, scenes: Iterable[Scene]) -> Iterable[Say]:
    """That the owner changes and an arranged day is kept; no name. Who heard nothing of the house hears nothing."""
    servicer = household.servicer
    if servicer is None or not servicer.active or not household.mandated:
        return []
    days = [scene.case.visit_on for scene in scenes if scene.case.phase is Phase.FIXED and scene.case.visit_on]
    params = {"house": household.house.id, "visit": min(days).isoformat() if days else ""}
    return [Say(servicer.id, "servicer_owner_changes", params, Mode.RELAY)]


def goes_on(scenes: Sequence[Scene], leaving: frozenset[str], by: str, now: datetime) -> Outcome:
    """The open cases of the house, from now on those of the owners that it has now: each where it stood."""
    outcome, number = Outcome(), max((scene.next_number for scene in scenes), default=0)
    for scene in scenes:
        more = _goes_on(replace(scene, next_number=number), leaving, by, now)
        outcome = outcome.and_also(more)
        number += sum(case.version == 1 for case in more.cases)
    return outcome


def _goes_on(scene: Scene, leaving: frozenset[str], by: str, now: datetime) -> Outcome:
    scene = replace(scene, case=_afresh(scene, leaving, civil(now)))
    scene, settled = settle_about(scene, by, SETTLES)
    if not scene.works and scene.case.matter is None:
        return finish(replace(scene, case=replace(scene.case, phase=Phase.CLOSED)), now, settled)
    return settled.and_also(advance(scene, now))


def _afresh(scene: Scene, leaving: frozenset[str], today: date) -> Any:
    """The case without what was between us and the old owner; who comes is asked what that one had been asked."""
    case, owner = scene.case, Role.OWNER
    if case.matter is not None and case.matter.talks_with in leaving:
        case = replace(case, matter=replace(case.matter, talks_with="", until=None, taken_by=""))
    asked = any(rung.name in case.fired for rung in rungs(case.ladder) if rung.to is owner)
    case = replace(
        case,
        silence=_without(case.silence),
        answered_on=_without(case.answered_on),
        put_off=_without(case.put_off),
        later=_without(case.later),
    )
    return case.ask_again(owner, today) if asked or case.phase is Phase.FIXED else case


def _without(by_side: Mapping[str, Any]) -> dict[str, Any]:
    return {side: value for side, value in by_side.items() if side != Role.OWNER}


@dataclass(frozen=True, slots=True)
class Recorded:
    """A change of owners as it stands on record."""

    number: int
    house_id: str
    kind: Kind
    on: date
    document: str
    state: str
    leaving: tuple[str, ...]
    arriving: tuple[str, ...]


def undone(recorded: Recorded, people: Mapping[str, Person], by: str) -> Outcome:
    """It did not come about: the old owners own it as before, with what they had agreed to."""
    data = {"transfer": recorded.number, "kind": recorded.kind}
    deeds: tuple[Deed, ...] = (Deed("transfer_undone", by, data | {"void": list(recorded.arriving)}),)
    if recorded.kind is not Kind.DEATH:
        back = {"now": list(recorded.leaving), "ended": list(recorded.arriving)}
        deeds = (Deed("owners_changed", by, back), *deeds)
    params = {"house": recorded.house_id}
    off = [Say(one, "owner_called_off", params, Mode.RELAY) for one in recorded.arriving if people[one].addresses]
    again = [one for one in recorded.leaving if people[one].active or recorded.kind is Kind.DEATH]
    back_again = [Say(one, "owner_back", params, Mode.RELAY) for one in again]
    change = Change("passing_undone", {"transfer": recorded.number})
    return Outcome(recorded.house_id, deeds=deeds, changes=(change,), says=(*off, *back_again))
