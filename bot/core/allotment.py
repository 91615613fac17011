"""All houses of a company that closes, shared out: who is asked for each, so that nobody is given more than fits.

A capacity is visits in a month, so a house takes one place in the month of its next visit. Of two companies for which
the same speaks, the one that was given less is asked first.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from bot.core.candidates import UNFIT, WORTH, Company, Ranked, rank
from bot.core.house import House

LOOKED_AT = 200  # companies for one place: the best of all, before what each was given is counted
QUEUE = 5  # companies that are asked for one house, one after the other, before it comes back to the staff
NEAR = frozenset({"own_backup", "town", "prefecture"})
Places = tuple[str, date]  # a company, and the first day of a month


@dataclass(frozen=True, slots=True)
class Choice:
    """Who is asked for a house: the first with what speaks for it, and those after it. Nobody: ``first`` is empty."""

    house_id: str
    target_on: date
    first: str = ""
    reasons: tuple[str, ...] = ()
    queue: tuple[str, ...] = ()


class Allotment:
    """Shares out house by house. ``given`` is what was given before, when it goes on after a break."""

    def __init__(self, companies: Iterable[Company], today: date, given: Mapping[Places, int] | None = None) -> None:
        self._companies = list(companies)
        self._today = today
        self._given = Counter(given or {})
        self._near: dict[tuple[str, str, str], list[Company]] = {}

    def choose(self, house: House, target_on: date) -> Choice:
        """The choice for one house; its first company has a place less from now on."""
        month = max(target_on, self._today).replace(day=1)
        ranked = rank(house, [self._then(company, month) for company in self._nearby(house)], self._today)
        fit = [one for one in ranked if _fits(one)]
        fit.sort(key=lambda one: (-_worth(one), self._given[one.id, month], one.id))
        if not fit:
            return Choice(house.id, target_on)
        first, *rest = fit[: QUEUE + 1]
        self._given[first.id, month] += 1
        return Choice(house.id, target_on, first.id, first.reasons, tuple(one.id for one in rest))

    def _nearby(self, house: House) -> list[Company]:
        """Looked for once for every place: a closing company's houses stand in few towns."""
        place = (house.municipality, house.town, house.backup_servicer_id)
        if place not in self._near:
            ranked = rank(house, self._companies, self._today)
            self._near[place] = [one.company for one in ranked[:LOOKED_AT]]
        return self._near[place]

    def _then(self, company: Company, month: date) -> Company:
        """The company as busy as it will be in that month, as far as we know."""
        busy = company.load if month == self._today.replace(day=1) else 0
        return replace(company, load=busy + self._given[company.person.id, month])


def _fits(one: Ranked) -> bool:
    """Whether it may be asked by itself: it has room, may work, and the house is not far away for all we know."""
    unknown = "backup" in one.reasons and not one.company.area
    return not UNFIT.intersection(one.reasons) and (unknown or not NEAR.isdisjoint(one.reasons))


def _worth(one: Ranked) -> int:
    return sum(WORTH[reason] for reason in one.reasons)
