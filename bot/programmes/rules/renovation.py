"""Which works to a used house count for 【フラット35】リノベ: only standards that it newly meets through the work.

Source: 【フラット35】リノベのご案内（平成28年10月）, inner pages. In a group that bars (energy; for plan B also
earthquakes) no standard counts where the house already met one of that group. What was not given is taken as not met.
"""

from collections.abc import Callable, Mapping
from typing import Any

from bot.programmes.given import BadInput, Given
from bot.programmes.rules.finding import OUTSIDE, Finding

Standard = Callable[["Side"], bool]


class Side:
    """The house before the work or after it."""

    def __init__(self, values: Given, when: str, limit: Mapping[str, Any]) -> None:
        self._values, self._when, self.limit = values, when, limit

    def has(self, name: str) -> bool:
        """Whether something true or false was said of this side to be true."""
        return bool(self._values.get(f"{self._when}_{name}"))

    def grade(self, name: str, least: int) -> bool:
        """Whether a grade was given for this side and reaches the least."""
        found = self._values.get(f"{self._when}_{name}_grade")
        return found is not None and found >= least

    @property
    def communal(self) -> bool:
        """Whether the house is a flat."""
        return bool(self._values.get("communal"))

    def plan_certified(self) -> bool:
        """A certified plan to improve the energy performance, of a house completed on the right side of a day."""
        if not self.has("performance_plan"):
            return False
        completed = self._values.get("completed_on")
        if completed is None:
            raise BadInput("completed_on is missing: a certified performance plan depends on it")
        if "completed_from" in self.limit:
            return bool(completed >= self.limit["completed_from"])
        return bool(completed <= self.limit["completed_until"])


def _barrier_free_a(side: Side) -> bool:
    return side.grade("barrier_free", 4) or (side.communal and side.grade("barrier_free", 3))


def _durable(side: Side) -> bool:
    lasting = side.grade("deterioration", 3) and side.grade("maintenance", 2)
    return lasting and (not side.communal or side.has("update_measure"))


PLAN_A: Mapping[str, Standard] = {
    "low_carbon": lambda side: side.has("low_carbon"),
    "primary_energy": lambda side: side.grade("primary_energy", 5),
    "performance_plan": lambda side: side.plan_certified(),
    "seismic": lambda side: side.grade("seismic", 3),
    "barrier_free": _barrier_free_a,
    "long_life": lambda side: side.has("long_life"),
}
PLAN_B: Mapping[str, Standard] = {
    "insulation": lambda side: side.grade("insulation", 4),
    "primary_energy": lambda side: side.grade("primary_energy", 4) or side.plan_certified(),
    "seismic": lambda side: side.grade("seismic", 2),
    "seismic_isolation": lambda side: side.has("seismic_isolation"),
    "barrier_free": lambda side: side.grade("barrier_free", 3),
    "durable": _durable,
}


def _newly(standards: Mapping[str, Standard], values: Given, limit: Mapping[str, Any]) -> Finding:
    if values["total_rebuilding"]:
        return Finding(OUTSIDE, case="rebuilt")
    before, after = Side(values, "before", limit), Side(values, "after", limit)
    had = [code for code, met in standards.items() if met(before)]
    new = [code for code, met in standards.items() if met(after) and code not in had]
    barred = {code for group in limit["barring"] if set(group) & set(had) for code in group}
    counted = [code for code in new if code not in barred]
    if counted:
        return Finding(counted)
    return Finding(OUTSIDE, case="barred" if new else "")


def plan_a(values: Given, limit: Any) -> Finding:
    """The standards of plan A that the work newly meets."""
    return _newly(PLAN_A, values, limit)


def plan_b(values: Given, limit: Any) -> Finding:
    """The standards of plan B that the work newly meets."""
    return _newly(PLAN_B, values, limit)


def plan(values: Given, limit: Any) -> Finding:
    """The better plan that the work qualifies for."""
    both = {"plan_a": plan_a(values, limit["plan_a"]), "plan_b": plan_b(values, limit["plan_b"])}
    better = next((code for code, found in both.items() if found.out != OUTSIDE), None)
    if better is not None:
        return Finding(better)
    cases = [found.case for found in both.values()]
    return Finding(OUTSIDE, case=next((case for case in ("rebuilt", "barred") if case in cases), ""))


def upkeep(values: Given, limit: Any) -> Finding:
    """Which of the four upkeep measures are taken; one is enough."""
    met = [code for code, ways in limit.items() if any(values[way] for way in ways)]
    return Finding(met or OUTSIDE)
