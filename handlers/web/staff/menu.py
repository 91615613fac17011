"""The console's menu: for each role the few pages of every day, and all others behind one word."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.core.people import Person
from bot.core.rights import Right, StaffRole, rights_of, role_at_work

# All pages, in the order of the menu: the name of each in the templates' list, its address and what it asks for.
WAYS: Mapping[str, tuple[str, Right]] = {
    "desk": ("/staff/", Right.SEE),
    "letters": ("/staff/letters", Right.SEE),
    "slip": ("/staff/slip", Right.SEE),
    "sheet": ("/staff/sheet", Right.SEE),
    "find": ("/staff/find", Right.SEE),
    "handovers": ("/staff/handovers", Right.SEE),
    "events": ("/staff/events", Right.SEE),
    "companies": ("/staff/companies", Right.SEE),
    "portfolio": ("/staff/portfolio", Right.SEE),
    "guarantees": ("/staff/guarantees", Right.SEE),
    "gaps": ("/staff/gaps", Right.SEE),
    "away": ("/staff/away", Right.SEE),
    "preview": ("/staff/preview", Right.SEE),
    "pause": ("/staff/pause", Right.PAUSE),
    "looks": ("/staff/looks", Right.AUDIT),
    "team": ("/staff/team", Right.MANAGE),
}
DAILY: Mapping[StaffRole, frozenset[str]] = {
    StaffRole.OFFICER: frozenset({"desk", "letters", "slip", "sheet", "find"}),
    StaffRole.SUPERVISOR: frozenset({"desk", "letters", "find", "handovers", "portfolio"}),
    StaffRole.AUDITOR: frozenset({"desk", "find", "handovers", "portfolio", "looks"}),
    StaffRole.OPERATOR: frozenset({"pause", "team"}),
}


@dataclass(frozen=True, slots=True)
class Menu:
    """Names and addresses; ``elsewhere`` is the name of the page that is looked at, where it is none of every day."""

    daily: Mapping[str, str]
    more: Mapping[str, str]
    elsewhere: str = ""


def menu_of(person: Person, path: str) -> Menu:
    """What one of the staff may open, as they need it."""
    may, daily = rights_of(person), DAILY[role_at_work(person)]
    ways = {name: address for name, (address, right) in WAYS.items() if right in may}
    more = {name: address for name, address in ways.items() if name not in daily}
    here = next((name for name, address in more.items() if address == path), "")
    return Menu({name: address for name, address in ways.items() if name in daily}, more, here)
