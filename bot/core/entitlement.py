"""Which guarantee is whose, by everything that the guarantor has told: the same in whatever order it came.

Of two events that contradict each other the one written last counts. A number that a builder's file gave is neither
replaced nor moved on the word of a machine: where the two differ, a person decides.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bot.core.case import Case, Matter, Scene
from bot.core.guarantee import GUARANTOR, RAISES, Kind, Told, ended_on, newest
from bot.core.house import Household
from bot.core.ladder import AT_DESK
from bot.core.matter import apart
from bot.core.outcome import Change, Deed, Outcome

CLEARED = {"guarantee_no": None, "residual_month": None, "guarantee_ended_on": None}


@dataclass(frozen=True, slots=True)
class Entitled:
    """What a house has: a number (empty for none), the month of its residual value, and the first day without it."""

    guarantee_no: str = ""
    residual_month: date | None = None
    ended_on: date | None = None


@dataclass(frozen=True, slots=True)
class Placed:
    """One event with the house that it is about; empty for none that we know."""

    told: Told
    house_id: str


def entitlements(before: Mapping[str, Entitled], events: Sequence[Placed]) -> dict[str, Entitled]:
    """What each of these houses has, by all events around them."""
    claims = [one for one in events if one.told.kind is Kind.NEW and one.house_id]
    filed = {
        house_id: has.guarantee_no
        for house_id, has in before.items()
        if has.guarantee_no and not any(_claims(one, house_id, has.guarantee_no) for one in claims)
    }
    whose = _assigned(claims, filed)
    found = {}
    for house_id, has in before.items():
        number = filed.get(house_id) or whose.get(house_id, "")
        months = [one.told for one in claims if one.house_id == house_id and one.told.residual_month is not None]
        last = newest(months) if house_id not in filed else None
        over = ended_on(one.told for one in events if number and one.told.guarantee_no == number)
        found[house_id] = Entitled(number, last.residual_month if last else has.residual_month, over)
    return found


def _claims(one: Placed, house_id: str, number: str) -> bool:
    return (one.house_id, one.told.guarantee_no) == (house_id, number)


def _assigned(claims: Iterable[Placed], filed: Mapping[str, str]) -> dict[str, str]:
    """By house, the number told for it last, of those numbers that were not told for another house later."""
    ordered = sorted(claims, key=lambda one: one.told.order)
    last = {one.told.guarantee_no: one for one in ordered}
    free = [one for one in last.values() if one.told.guarantee_no not in filed.values() and one.house_id not in filed]
    return {one.house_id: one.told.guarantee_no for one in sorted(free, key=lambda one: one.told.order)}


def differs(told: Told, house_id: str, after: Mapping[str, Entitled]) -> bool:
    """Whether a new guarantee was told of a house for which a file gave another number, or the number elsewhere."""
    return told.kind is Kind.NEW and bool(house_id) and after[house_id].guarantee_no != told.guarantee_no


def homes_of(after: Mapping[str, Entitled], events: Iterable[Placed]) -> dict[str, str]:
    """By number, the house that whatever else is told of it belongs to: who has it, or for whom it was told last."""
    claims = [one for one in events if one.told.kind is Kind.NEW and one.house_id]
    told = {one.told.guarantee_no: one.house_id for one in sorted(claims, key=lambda one: one.told.order)}
    return told | {has.guarantee_no: house_id for house_id, has in after.items() if has.guarantee_no}


def changes(before: Mapping[str, Entitled], after: Mapping[str, Entitled]) -> list[Outcome]:
    """What differs now, with its facts. Numbers that move are let go first: no two houses have the same."""
    moved = [house_id for house_id, has in after.items() if has != before[house_id]]
    freed = [
        house_id
        for house_id in moved
        if before[house_id].guarantee_no and before[house_id].guarantee_no != after[house_id].guarantee_no
    ]
    let_go = [Outcome(house_id, changes=(Change("guarantee_set", CLEARED),)) for house_id in freed]
    return [*let_go, *(_changed(house_id, before[house_id], after[house_id]) for house_id in moved)]


def _changed(house_id: str, before: Entitled, after: Entitled) -> Outcome:
    deeds: list[Deed] = []
    renumbered = before.guarantee_no != after.guarantee_no
    goes_on = bool(after.guarantee_no and before.ended_on and not after.ended_on)  # its end was a mistake
    if renumbered or goes_on:
        held = {"guaranteed": bool(after.guarantee_no), "guaranteed_before": bool(before.guarantee_no)}
        deeds.append(Deed("guarantee_told", GUARANTOR, held))
    if before.residual_month != after.residual_month and after.residual_month:
        deeds.append(Deed("residual_month_told", GUARANTOR, {"on": after.residual_month.isoformat()}))
    if after.ended_on and (renumbered or before.ended_on != after.ended_on):
        deeds.append(Deed("guarantee_ended", GUARANTOR, {"on": after.ended_on.isoformat()}))
    values = {"guarantee_no": after.guarantee_no or None, "residual_month": after.residual_month}
    change = Change("guarantee_set", {**values, "guarantee_ended_on": after.ended_on})
    return Outcome(house_id, deeds=tuple(deeds), changes=(change,))


def raised(told: Told, household: Household, number: int, today: date) -> Outcome:
    """What the guarantor told of a house, for a person to decide: a case of its own at the desk, under this number."""
    if told.kind is Kind.OPTION_USED:
        return _raise(told, household, "option_used", (number, today))
    if told.kind is Kind.DEATH:
        return _raise(told, household, "guarantor_death", (number, today))
    return _raise(told, household, "guarantee_differs", (number, today))


def lies_with_staff(told: Told) -> bool:
    """Whether a person decides what follows."""
    return told.kind in RAISES


def _raise(told: Told, household: Household, reason: str, place: tuple[int, date]) -> Outcome:
    number, today = place
    house_id = household.house.id
    blank = Case("", house_id, 0, AT_DESK, today, today)
    _, outcome = apart(Scene(household, blank, (), number), Matter(reason, today), GUARANTOR)
    heard = Deed("guarantor_told", GUARANTOR, {"kind": told.kind, "on": told.on.isoformat()}, outcome.cases[0].id)
    return Outcome(house_id, deeds=(heard,)).and_also(outcome)
