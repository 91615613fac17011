"""Which company may see a house, from when and until when.

A company sees a house while it is the one that looks after it and is in business. It is told when a house becomes
its own, and where its papers lie; and when it no longer is, in the last word about it.
"""

from collections.abc import Mapping, Set
from datetime import date, timedelta
from typing import Any

from bot.core.case import Scene
from bot.core.house import Household
from bot.core.outcome import Deed, Mode, Outcome, Say
from bot.core.particulars import about

PACK_DAYS = 30  # for which the papers of a house lie ready for the company that took it over
# What may be said to a company that has no house in it: who is asked knows no name, who has left is told that.
OF_OTHERS = frozenset({"servicer_candidate", "servicer_candidate_over", "servicer_introduce", "servicer_access_over"})


def access_over(scene: Scene, by: str, today: date) -> Outcome:
    """The company that has the house sees nothing of it from now on, and is told so unless it has closed.

    In a handover of many houses that was written down when it began.
    """
    before, candidacy = scene.household.servicer, scene.case.candidacy
    if before is None or (candidacy is not None and candidacy.handover):
        return Outcome()
    deed = access_ended(scene, by, today)
    if not before.active or not scene.household.mandated:
        return Outcome(deeds=(deed,))
    known = {"house": scene.case.house_id, "on": today.isoformat()}
    return Outcome(deeds=(deed,), says=(Say(before.id, "servicer_access_over", known, Mode.RELAY, scene.case.id),))


def access_ended(scene: Scene, by: str, on: date) -> Deed:
    """The fact that a company's access to a house has ended, with the day."""
    before = scene.household.servicer
    data = {"from": before.id if before else "", "on": on.isoformat()}
    return Deed("access_ended", by, data, scene.case.id)


def pack_ready(scene: Scene, today: date) -> tuple[Say, ...]:
    """The house's new company is told that its papers lie ready, and until when."""
    company = scene.household.servicer
    if company is None or not scene.household.mandated:
        return ()
    known = about(scene) | {"until": pack_until(today).isoformat()}
    return (Say(company.id, "servicer_pack", known, Mode.RELAY, scene.case.id),)


def pack_until(since: date) -> date:
    """The last day on which a company that has the house since that day may fetch its papers."""
    return since + timedelta(days=PACK_DAYS)


def shown(part: Mapping[str, Any], theirs: Set[str]) -> bool:
    """Whether a company may still see something that was said to it; ``theirs`` are the houses that it has now."""
    return part["kind"] in OF_OTHERS or said_of(part) <= theirs


def said_of(part: Mapping[str, Any]) -> set[str]:
    """The houses that a message to a company tells of; of one that it is asked about it knows the town alone."""
    if "town" in part["params"] and not part["params"].get("house"):
        return set()
    return houses_in(part["params"]) | ({str(part["house"])} if part["house"] else set())


def houses_in(value: Any) -> set[str]:
    """Every house that the particulars of a message name, however deep they stand."""
    if isinstance(value, Mapping):
        own = {str(value["house"])} if value.get("house") else set()
        return own.union(*(houses_in(inner) for inner in value.values()))
    return set().union(*map(houses_in, value)) if isinstance(value, list | tuple) else set()


def sees(household: Household, company_id: str) -> bool:
    """Whether a company may see this house now: it looks after it, is in business, and the owner's mandate holds."""
    company = household.servicer
    return household.mandated and company is not None and company.id == company_id and company.active


def name_for(household: Household, company_id: str) -> str:
    """The owner's name as that company may read it; empty for any other, and without the mandate."""
    return household.owner.name if sees(household, company_id) and household.owner else ""
