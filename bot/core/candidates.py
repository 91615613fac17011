"""Which companies could take a house over, and what speaks for each: the staff choose, this only says why."""

from dataclasses import dataclass
from datetime import date

from bot.core.house import House
from bot.core.people import Person
from bot.core.signs import licence_signs
from bot.core.trades import KINDS, kind_of, structures_of

PREFECTURE = 2  # leading figures of a municipality code (JIS X 0401)
ASSOCIATION = "団体"  # the 種別 of who takes on no house itself, and can be asked for a company that does
GUARANTOR = "保証機関"  # that of the guarantor, who brings data in and looks after no house
NO_FIRMS = (ASSOCIATION, GUARANTOR)  # of them none is judged, or asked to take a house on
CODE = 5  # figures of a municipality code without its check digit


@dataclass(frozen=True, slots=True)
class Company:
    """A registered company. ``area`` is as it was given: names or codes of municipalities or prefectures.

    ``load`` is how many visits it has open now, ``capacity`` how many it can do in a month, if it said.
    """

    person: Person
    area: str = ""
    backup: bool = False
    capacity: int | None = None
    load: int = 0
    licence_until: date | None = None
    association: str = ""
    signs: tuple[str, ...] = ()  # what was last found worrying about it, see bot.core.signs
    role: str = ""  # 種別 and 対応構造, as they were given
    structures: str = ""


@dataclass(frozen=True, slots=True)
class Ranked:
    """A company with what speaks for it and against it, as codes of the templates' list."""

    company: Company
    reasons: tuple[str, ...]

    @property
    def id(self) -> str:
        return self.company.person.id


# What each reason is worth: the house's own backup before any other, the place before the room; who is worrying
# already comes after who is not, unless nobody else is near.
WORTH = {
    "own_backup": 100,
    "town": 40,
    "prefecture": 20,
    "structure": 15,
    "backup": 10,
    "room": 5,
    **dict.fromkeys(KINDS, 0),  # speaks for none: the staff see whom they would ask
    "licence_soon": -10,
    "declines": -10,
    "bounced": -15,
    "late": -15,
    "fell_through": -25,
    "no_room": -60,
    "other_structure": -80,
    "unreachable": -100,
    "licence_over": -200,
}
OF_SIGNS = frozenset({"declines", "bounced", "late", "fell_through", "unreachable"})  # as they were last judged
# They may be chosen, and are never asked by themselves.
UNFIT = frozenset({"no_room", "other_structure", "licence_over", "unreachable"})


def rank(house: House, companies: list[Company], today: date) -> list[Ranked]:
    """All that are in business and not the house's own company now, the best first; equal ones by their id."""
    others = (known for known in companies if known.person.id.partition(":")[2] != house.servicer_id)
    ranked = [Ranked(company, tuple(_reasons(house, company, today))) for company in others if company.person.active]
    return sorted(ranked, key=lambda one: (-sum(WORTH[reason] for reason in one.reasons), one.id))


def _reasons(house: House, company: Company, today: date) -> list[str]:
    own = company.person.id.partition(":")[2] == house.backup_servicer_id
    room = company.capacity is None or company.load < company.capacity
    licence = {sign.code for sign in licence_signs(company.licence_until, today)}
    found = {
        "own_backup": own,
        "backup": company.backup and not own,
        "town": _in_town(house, company.area),
        "room": company.capacity is not None and room,
        "no_room": not room,
        kind_of(company.role): True,
    } | dict.fromkeys(licence | OF_SIGNS.intersection(company.signs), True)
    works_on, built_of = structures_of(company.structures), structures_of(house.structure)
    if works_on and built_of:
        found["structure" if built_of <= works_on else "other_structure"] = True
    found["prefecture"] = not found["town"] and _in_prefecture(house, company.area)
    return [reason for reason in WORTH if found.get(reason)]


def in_area(house: House, area: str) -> bool:
    """Whether somebody who gave this area works where the house stands; who gave none works anywhere."""
    return not area or _in_town(house, area) or _in_prefecture(house, area)


def _in_town(house: House, area: str) -> bool:
    code, town = house.municipality[:CODE], house.town
    return bool((code and code in area) or (town and (town in area or _short(town) in area)))


def _in_prefecture(house: House, area: str) -> bool:
    codes = (part for part in area.replace("、", " ").replace(",", " ").split() if part.isdigit())
    same_code = house.municipality and any(code[:PREFECTURE] == house.municipality[:PREFECTURE] for code in codes)
    return bool(same_code or (house.town and house.town[:3] in area))


def _short(town: str) -> str:
    """「世田谷区」 of 「東京都世田谷区」."""
    for end in "都道府県":
        head, found, rest = town.partition(end)
        if found and len(head) <= 3 and rest:
            return rest
    return town
