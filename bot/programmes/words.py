"""How a value of a rule is written for people, in Japanese and English."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

JOINED = ("、", ", ")
YES_NO = (("はい", "いいえ"), ("yes", "no"))
UNITS = {
    "m2": ("{}㎡", "{} m²"),
    "m": ("{}m", "{} m"),
    "cm": ("{}cm", "{} cm"),
    "pct": ("{}％", "{} %"),
    "yen": ("{}円", "{} yen"),
    "years": ("{}年", "{} years"),
    "age": ("{}歳", "{} years of age"),
    "units": ("{}戸", "{} units"),
    "storeys": ("{}階", "{} storeys"),
    "people": ("{}人", "{} people"),
    "rooms": ("{}室", "{} rooms"),
    "buildings": ("{}棟", "{} buildings"),
    "payment": ("第{}回", "payment {}"),
    "grade": ("等級{}", "grade {}"),
    "": ("{}", "{}"),
}
ONE = {"age": "{} year of age", "people": "{} person"}  # of others the s goes
MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]


class Words(NamedTuple):
    """The same in Japanese and English."""

    ja: str
    en: str


def plain(number: Decimal | int) -> str:
    """A number in figures, without an exponent and without zeros that say nothing."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def quantity(number: Decimal | int, unit: str) -> Words:
    """A number with its unit; thousands are set apart."""
    ja, en = UNITS[unit]
    whole, _, rest = plain(number).partition(".")
    figures = f"{int(whole):,}" + (f".{rest}" if rest else "")
    return Words(ja.format(figures), (ONE.get(unit, en.removesuffix("s")) if number == 1 else en).format(figures))


def day(one: date) -> Words:
    """A civil date."""
    return Words(f"{one.year}年{one.month}月{one.day}日", f"{one.day} {MONTHS[one.month - 1]} {one.year}")


def month(one: date) -> Words:
    """The month that a day lies in."""
    return Words(f"{one.year}年{one.month}月", f"{MONTHS[one.month - 1]} {one.year}")


def joined(parts: list[Words]) -> Words:
    """Several things, one after the other."""
    return Words(JOINED[0].join(one.ja for one in parts), JOINED[1].join(one.en for one in parts))


def written(value: Any, unit: str = "", codes: Mapping[str, Words] | None = None) -> Words:
    """Any value of an input or an answer; codes are said by their names."""
    if value is None:
        return Words("記入なし", "not given")
    if isinstance(value, bool):
        return Words(*(names[not value] for names in YES_NO))
    if isinstance(value, date):
        return day(value)
    if isinstance(value, Decimal | int):
        return quantity(value, unit)
    if isinstance(value, list | tuple):
        return joined([written(one, unit, codes) for one in value]) if value else Words("なし", "none")
    return (codes or {}).get(value, Words(value, value))
