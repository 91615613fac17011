"""Rules about a building's quality: its energy, its walls, and what it offers to families with children."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from bot.programmes.given import BadInput, Given
from bot.programmes.rules.finding import OUTSIDE, TO_CONFIRM, WITHIN, Finding, verdict


def _zeh_class(values: Given, limit: Any) -> str | None:
    """The best class that the figures reach, whatever the storeys; None for none."""
    without, including = values["saved_without_renewables_pct"], values["saved_with_renewables_pct"]
    if not values["envelope_in_all_units"] or without < limit["without_pct"]:
        return None
    if values["renewables"]:
        if including is None:
            raise BadInput("saved_with_renewables_pct is missing: with renewables the class depends on it")
        if including < without:
            raise BadInput("saved_with_renewables_pct cannot be less than saved_without_renewables_pct")
        for name, least in limit["with_pct"].items():
            if including >= least:
                return str(name)
    return "zeh_m_oriented"


def zeh_class(values: Given, limit: Any) -> Finding:
    """The class for which the rate is reduced. The storeys decide which classes count."""
    found = _zeh_class(values, limit)
    if found is None:
        return Finding(OUTSIDE)
    if values["storeys"] < limit["from_storeys"][found]:
        return Finding(OUTSIDE, case="storeys", facts={"from_storeys": (limit["from_storeys"][found], "storeys")})
    return Finding(found)


def zeh_storeys(values: Given, limit: Any) -> Finding:
    """Whether a class counts at this number of storeys."""
    least = limit[values["zeh_class"]]
    return verdict(values["storeys"] >= least, from_storeys=(least, "storeys"))


def zeh_proof(values: Given, limit: Any) -> Finding:
    """When the proof is handed in: a certificate serves every class, other papers only some of them."""
    if values["bels"]:
        return Finding(limit["with_bels"])
    if values["zeh_class"] is None:
        return Finding(TO_CONFIRM)
    return Finding(limit["without_bels"] if values["zeh_class"] in limit["without_bels_for"] else OUTSIDE)


def _reaches(values: Given, least: Mapping[str, int]) -> list[bool]:
    return [values[name] is not None and values[name] >= grade for name, grade in least.items()]


def _is_old(values: Given, limit: Any) -> bool:
    """Whether the standard before the revision may be used: applied before it, or asked in time and applied in time."""
    if values["applied_on"] < limit["revised_from"]:
        return True
    asked = values["consulted_on"] is not None and values["consulted_on"] <= limit["consulted_by"]
    return asked and bool(values["applied_on"] <= limit["applied_by"])


def energy_edition(values: Given, limit: Any) -> Finding:
    """Which of the two standards an application may go by."""
    return Finding("before_revision" if _is_old(values, limit) else "revised")


def energy_revised(values: Given, limit: Any) -> Finding:
    """The energy standard with its transition: who may go by the old one may as well meet the new."""
    old = _reaches(values, limit["before"])
    meets_old = any(old) if limit["before_any"] else all(old)
    meets_new = all(_reaches(values, limit["revised"])) or bool(values["energy_standard_met"])
    if values["applied_on"] < limit["revised_from"]:
        return Finding(WITHIN if meets_old else OUTSIDE, case="old_within" if meets_old else "old_outside")
    if meets_new:
        return Finding(WITHIN)
    if _is_old(values, limit):
        return Finding(WITHIN if meets_old else OUTSIDE, case="old_within" if meets_old else "old_outside")
    return Finding(OUTSIDE)


def wall_quantity(values: Given, limit: Any) -> Finding:
    """From a day on a house whose strength is shown by its quantity of walls must meet the revised quantity."""
    needed = values["by_wall_quantity"] and values["applied_on"] >= limit["from"]
    return verdict(values["revised_walls_met"]) if needed else Finding(WITHIN, case="not_needed")


def child_rearing_type(values: Given, limit: Any) -> Finding:
    """Which types a unit meets: safe (both of safety and security), quiet (both of floors and walls)."""
    met = ["safe"] if values["safety"] and values["security"] else []
    quiet = all(_reaches(values, limit["quiet"]))
    if quiet and not values.get("detached"):
        met.append("quiet")
    if met:
        return Finding(met)
    return Finding(OUTSIDE, case="detached" if quiet else "")


def child_rearing_units(values: Given, limit: Any) -> Finding:
    """Enough units meet it: five, or all where there are fewer; each of those large enough."""
    financed, meeting = values["financed_units"], values["meeting_units"]
    if meeting > financed:
        raise BadInput("meeting_units cannot be more than financed_units")
    needed = min(limit["units"], financed)
    large = values["smallest_meeting_m2"] >= limit["area_m2"]
    return verdict(meeting >= needed and large, needed=(needed, "units"))


def all_units(values: Given, limit: Any) -> Finding:
    """A rental building is one house with units: the certification counts only where all financed units have it."""
    if values["certified_units"] > values["financed_units"]:
        raise BadInput("certified_units cannot be more than financed_units")
    return verdict(values["certified_units"] == values["financed_units"])


def insulation_works(values: Given, limit: Any) -> Finding:
    """Works to insulate: a part meets the standard (ア), or enough is used in walls, ceilings and floors (イ)."""
    parts = values["parts"]
    found = ["standard"] if parts and values["spec_standard_met"] else []
    if values["enough_insulation"] and any(part in limit["insulated"] for part in parts):
        found.append("quantity")
    return Finding(found or OUTSIDE)


def equipment(values: Given, limit: Any) -> Finding:
    """Equipment that saves energy: by its kind, and for heaters of water by their efficiency."""
    kind = values["equipment"]
    if kind in limit["any"]:
        return Finding(WITHIN, case="any")
    if kind not in limit["least"]:
        return Finding(OUTSIDE, case="unknown")
    if values["efficiency"] is None:
        raise BadInput("efficiency is missing: a heater of water is judged by it")
    cold = values["cold_climate"] and kind in limit["least_cold"]
    least = Decimal(limit["least_cold" if cold else "least"][kind])
    return verdict(values["efficiency"] >= least, least=(least, ""))
