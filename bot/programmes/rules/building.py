"""Rules about the building, its site and its floor areas. Areas are square metres, compared exactly."""

from decimal import Decimal
from typing import Any

from bot.programmes.given import BadInput, Given
from bot.programmes.rules.finding import OUTSIDE, TO_CONFIRM, WITHIN, Finding, verdict

COMMUNAL, MANSION, NONE = "communal", "mansion_rebuilding", "none"


def unit_area(values: Given, limit: Any) -> Finding:
    """The least area of a unit, which is less where the reduction of the rate applies."""
    return verdict(values["unit_m2"] >= limit["at_least_reduced" if values["reduced"] else "at_least"])


def all_but(values: Given, limit: Any) -> Finding:
    """Everywhere except in some prefectures."""
    return verdict(values["prefecture"] not in limit["but"])


def all_true(values: Given, limit: Any) -> Finding:
    """Whether all of it holds; what nobody told is to be asked about, unless something else fails already."""
    told = [values[name] for name in limit["all"]]
    return Finding(OUTSIDE if False in told else TO_CONFIRM if None in told else WITHIN)


def no_limit(values: Given, limit: Any) -> Finding:
    """What an edition says it does not limit, whatever was given."""
    return Finding(limit)


def _part_of(values: Given, part: str, whole: str) -> tuple[Decimal, Decimal]:
    """Both areas. Raises BadInput for a part that is larger than the whole, or for a whole of nothing."""
    if values[whole] == 0:
        raise BadInput(f"{whole} must be more than 0")
    if values[part] > values[whole]:
        raise BadInput(f"{part} cannot be more than {whole}")
    return values[part], values[whole]


def floor_area_factor(values: Given, limit: Any) -> Finding:
    """By what the units' own areas are multiplied: by form, and of a communal building by its storeys."""
    form, storeys = values["building_form"], values["storeys"]
    if form in limit.get("ask", ()):
        return Finding(TO_CONFIRM)
    if form not in limit and form != COMMUNAL:
        return Finding(OUTSIDE)
    if form != COMMUNAL:
        return Finding(limit[form])
    if storeys is None:
        raise BadInput("storeys is missing: the factor of a communal building depends on it")
    return Finding(limit["communal_low" if storeys <= limit["low_storeys"] else "communal_high"])


def housing_floor_area(values: Given, limit: Any) -> Finding:
    """The floor area of the housing: the units' own areas times the factor, exact."""
    factor = floor_area_factor(values, limit).out
    if factor in (OUTSIDE, TO_CONFIRM):
        return Finding(factor)
    return Finding(values["units_total_m2"] * Decimal(str(factor)), facts={"factor": (Decimal(str(factor)), "")})


def mixed_use(values: Given, limit: Any) -> Finding:
    """Whether the own dwelling and shops are small enough for the whole building to be financed."""
    other, total = _part_of(values, "other_use_m2", "total_m2")
    return verdict(other * limit["at_most_one_in"] <= total)


def financed_area(values: Given, limit: Any) -> Finding:
    """The whole building where only own use stands beside the rental units and is small; else those units."""
    other, total = _part_of(values, "other_use_m2", "total_m2")
    unfit = values["unfit_rental_m2"] or Decimal(0)
    if other + unfit > total:
        raise BadInput("other_use_m2 and unfit_rental_m2 together cannot be more than total_m2")
    if unfit == 0 and other * limit["at_most_one_in"] <= total:
        return Finding(total, case="whole")
    return Finding(total - other - unfit, case="unfit" if unfit else "other")


def housing_share(values: Given, limit: Any) -> Finding:
    """More than one half of the building is housing; of a mansion that is rebuilt a quarter is enough."""
    housing, total = _part_of(values, "housing_m2", "total_m2")
    if values["project"] == MANSION:
        return verdict(housing * limit["mansion_at_least_one_in"] >= total)
    return verdict(housing * limit["over_one_in"] > total)


def floor_ratio_use(values: Given, limit: Any) -> Finding:
    """How much of the floor-area ratio that the law allows is used: one half, for a mansion that is rebuilt a third."""
    if values["legal_ratio_pct"] == 0:
        raise BadInput("legal_ratio_pct must be more than 0")
    part = limit["mansion_at_least_one_in" if values["project"] == MANSION else "at_least_one_in"]
    return verdict(values["used_ratio_pct"] * part >= values["legal_ratio_pct"])


def zone(values: Given, limit: Any) -> Finding:
    """The zone for which the land is meant; commerce only up to a floor-area ratio. Mansions are rebuilt anywhere."""
    if values["project"] == MANSION:
        return Finding(WITHIN, case="mansion")
    if values["zone"] != "commercial":
        return verdict(values["zone"] in limit["one_of"])
    if values["legal_ratio_pct"] is None:
        raise BadInput("legal_ratio_pct is missing: a commercial zone has a limit to it")
    return verdict(values["legal_ratio_pct"] <= limit["commercial_at_most_pct"])


def district(values: Given, limit: Any) -> Finding:
    """The district that needs improvement; more count than are printed, so another is to be asked about."""
    if values["project"] == MANSION:
        return Finding(WITHIN, case="mansion")
    if values["district"] == "other":
        return Finding(TO_CONFIRM)
    return verdict(values["district"] in limit["one_of"])


def structure_or_ask(values: Given, limit: Any) -> Finding:
    """How the building withstands fire, of a leaflet that is silent about some of the structures."""
    return (
        Finding(TO_CONFIRM) if values["structure"] in limit["ask"] else verdict(values["structure"] in limit["one_of"])
    )


def structure_of_project(values: Given, limit: Any) -> Finding:
    """How the building withstands fire; one of the structures is not for every project."""
    barred = values["structure"] in limit["not_for"] and values["project"] in limit["not_for"][values["structure"]]
    return verdict(values["structure"] in limit["one_of"] and not barred)


def joint_rebuilding(values: Given, limit: Any) -> Finding:
    """Several buildings are rebuilt together, or one with a piece of land beside it."""
    buildings, joined = values["existing_buildings"], values["adjoining_joined"]
    return verdict(buildings >= limit["buildings"] or (buildings == 1 and joined))


def adjoining_land(values: Given, limit: Any) -> Finding:
    """The land that is joined is as large as the smallest sites around, and what is left over is large enough."""
    left = values["left_over_m2"] or Decimal(0)
    enough = values["adjoining_m2"] >= values["smallest_site_m2"]
    return verdict(enough and (left == 0 or left >= limit["left_over_at_least"]))


def floor_sound(values: Given, limit: Any) -> Finding:
    """A communal building's floors keep sound out, in one of three ways; other buildings need not."""
    if values["building_form"] != COMMUNAL:
        return Finding(WITHIN, case="not_needed")
    slab, equal, impact = values["slab_cm"], values["equivalent_slab_cm"], values["impact_sound_level"]
    return verdict(
        (slab is not None and slab >= limit["slab_cm"])
        or (equal is not None and equal >= limit["equivalent_slab_cm"])
        or (impact is not None and impact <= limit["impact_sound_level"])
    )
