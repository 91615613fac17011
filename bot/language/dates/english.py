"""What English words of days contribute to a mention."""

import re

from bot.language.dates import words
from bot.language.dates.when import When

ALSO_VERBS = ("may", "mar", "march")  # months only in the company of a preposition: "it may leak"
PREPOSITION = re.compile(r"\b(?:in|by|until|next|last) $")
WEEKS = {"last week": -1, "this week": 0, "next week": 1}


def number(text: str) -> int:
    """A figure or a word for one."""
    return words.NUMBERS.get(text) or int(text)


def month_day(m: re.Match[str]) -> When | None:
    """ "July 15th, 2026", "late July", "in July"."""
    part = (m["em_part"] or "").replace("the ", "").replace("-", " ").split(" ")[0]
    bare = not m["em_d"] and not part
    if bare and m["em_m"] in ALSO_VERBS and not PREPOSITION.search(m.string[: m.start()]):
        return None
    year, day = (int(figure) if figure else None for figure in (m["em_y"], m["em_d"]))
    return When(year=year, month=_month(m["em_m"]), day=day, part=words.PARTS.get(part))


def day_month(m: re.Match[str]) -> When:
    """ "15 July 2026"."""
    return When(year=int(m["ed_y"]) if m["ed_y"] else None, month=_month(m["ed_m"]), day=int(m["ed_d"]))


def _month(name: str) -> int:
    return next(i for i, month in enumerate(words.MONTHS, 1) if month.startswith(name[:3]))


def stretch(m: re.Match[str]) -> When:
    """ "last week", "next month", "this year"."""
    offset = {"last": -1, "this": 0}.get(m["er_way"], 1)
    if m["er_unit"] == "year":
        return When(year_off=offset)
    return When(week_off=offset) if m["er_unit"] == "week" else When(month_off=offset)


def weekday(m: re.Match[str]) -> When:
    """ "last Friday", "this Friday", "Friday next week"; "next Friday" may be either of two."""
    day = next(i for i, name in enumerate(words.EN_WEEKDAYS) if name.startswith(m["ew_d"][:3]))
    if m["ew_next"]:
        return When(week_off=WEEKS[m["ew_next"]], weekday=day)
    if m["ew_way"] == "this":
        return When(week_off=0, weekday=day)
    return When(weekday=day, lean={"last": -1, "next": 2}.get(m["ew_way"] or "", 0))


def weekend(m: re.Match[str]) -> When:
    """ "last weekend", "this weekend"."""
    return When(weekend=True, week_off={"last": -1, "next": 1}.get(m["ew"] or ""))
