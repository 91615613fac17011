"""How values are written for people: dates with their weekday, parts as people name them, a visit's own name."""

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from jinja2 import pass_context
from jinja2.runtime import Context

from bot.core.closing import FINDING
from bot.core.plan import Kind

WEEKDAYS = {"ja": "月火水木金土日", "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")}
MONTHS: tuple[str, ...] = ("January", "February", "March", "April", "May", "June")
MONTHS += ("July", "August", "September", "October", "November", "December")
# Control characters, direction marks, zero-width and half characters: nobody sees them, and they change what is seen.
UNSEEN = frozenset({"Cc", "Cf", "Cs"})
YEAR = timedelta(days=365)
NAMED_AREAS = 4  # so many areas stand in a visit's name; the message itself lists all of them
LONG_AREA = 12  # characters; a builder's own name for a part that is longer has no place in a title


def day(language: str, iso: str) -> str:
    """2027-03-01 → 2027年3月1日(月), or Mon 1 March 2027."""
    if not iso:
        return ""
    it = date.fromisoformat(iso)
    weekday = WEEKDAYS[language][it.weekday()]
    if language == "ja":
        return f"{it.year}年{it.month}月{it.day}日({weekday})"
    return f"{weekday} {it.day} {MONTHS[it.month - 1]} {it.year}"


def short_day(language: str, iso: str) -> str:
    """The same without the year, for titles and buttons: 3月1日(月)."""
    if not iso:
        return ""
    it = date.fromisoformat(iso)
    weekday = WEEKDAYS[language][it.weekday()]
    return f"{it.month}月{it.day}日({weekday})" if language == "ja" else f"{weekday} {it.day} {MONTHS[it.month - 1]}"


def near_day(language: str, iso: str, today: date) -> str:
    """Without the year where that is this year's, for lists: 3月1日(月), or 2026年3月1日(日)."""
    return short_day(language, iso) if iso.startswith(f"{today.year}-") else day(language, iso)


def month(language: str, iso: str) -> str:
    """2027年3月, or March 2027."""
    if not iso:
        return ""
    it = date.fromisoformat(iso)
    return f"{it.year}年{it.month}月" if language == "ja" else f"{MONTHS[it.month - 1]} {it.year}"


def yen(language: str, amount: int, free: str) -> str:
    """30,000円(税込), or what free of charge is called."""
    return free if not amount else f"{amount:,}円（税込）" if language == "ja" else f"¥{amount:,} (tax included)"


def spoken_day(language: str, iso: str, today: str) -> str:
    """A day as it is said today: without its year while no other year can be meant."""
    if not iso or not today or abs(date.fromisoformat(iso) - date.fromisoformat(today)) >= YEAR:
        return day(language, iso)
    return short_day(language, iso)


def plain(value: Any) -> str:
    """A value from outside as one line of ordinary text."""
    text = str(value)
    if not text.isprintable():  # true of nearly every value, and far quicker than looking at each character
        text = "".join(" " if char.isspace() else char for char in text if _seen(char))
    return " ".join(text.split())


def _seen(char: str) -> bool:
    return char.isspace() or unicodedata.category(char) not in UNSEEN


def forms(language: str, words: Mapping[str, Any]) -> dict[str, Callable[..., str]]:
    """The filters that templates may use, in one language."""

    def areas(found: Sequence[str]) -> str:
        return str(words["dot"].join(filter(None, (words["areas"].get(area, plain(area)) for area in found))))

    def days(found: Sequence[str], today: str = "") -> str:
        return str(words["comma"]).join(spoken_day(language, iso, today) for iso in found)

    def word(code: str, of: str) -> str:
        return str(words[of].get(code, code))

    return {
        "day": lambda iso: day(language, iso),
        "spoken_day": lambda iso, today: spoken_day(language, iso, today),
        "short_day": lambda iso: short_day(language, iso),
        "month": lambda iso: month(language, iso),
        "yen": lambda amount: yen(language, int(amount), words["free"]),
        "areas": areas,
        "days": days,
        "word": word,
        "plain": plain,
    }


def occasion(words: Mapping[str, Any]) -> Callable[[Context], str]:
    """What people call the visit, from the particulars of the case: 5年目の点検（外まわり・床下・配管）."""
    forms_of = words["occasion"]

    @pass_context
    def called(context: Context) -> str:
        kinds, code = context["kinds"], context["code"]
        if Kind.MILESTONE in kinds:
            return str(words["milestones"][code]["title"])
        if Kind.EXTRA in kinds:
            return str(forms_of["extra"])
        what = _what(kinds, code, words)
        if not _mends(kinds, code) and context["year"] > 0:
            what = forms_of["year"].format(year=context["year"], what=what)
        where = _where(context["areas"], words)
        return str(forms_of["where"].format(what=what, areas=where) if where else what)

    return called


def errand(words: Mapping[str, Any]) -> Callable[[Context], str]:
    """What is done there, in a word: 点検, 修繕; 点検 where no case says."""

    @pass_context
    def called(context: Context) -> str:
        kinds = [kind for kind in context.get("kinds") or () if kind != Kind.MILESTONE]
        return _what(kinds, context.get("code") or "", words)

    return called


def _mends(kinds: Sequence[str], code: str) -> bool:
    """Whether the visit is for what an inspection found."""
    return code == FINDING and list(kinds) == [Kind.REPAIR]


def _what(kinds: Sequence[str], code: str, words: Mapping[str, Any]) -> str:
    forms_of = words["occasion"]
    if _mends(kinds, code):
        return str(forms_of["finding"])
    return str(words["dot"].join(forms_of[kind] for kind in kinds) or forms_of["inspection"])


def duty(words: Mapping[str, Any]) -> Callable[[Context], str]:
    """What the first message of a visit says once: whose duty this is, and what it is not."""

    @pass_context
    def said(context: Context) -> str:
        if not context["first"] or Kind.EXTRA in context["kinds"]:
            return ""
        if context["code"] == FINDING:
            return str(words["occasion"]["found"])
        return str(words["law"]["duty" if context["statutory"] else "plan_only"])

    return said


def _where(found: Sequence[str], words: Mapping[str, Any]) -> str:
    """The areas of a visit as its name carries them: the first few, and that there are others."""
    known = words["areas"]
    fits = [known.get(area, area) for area in found if area and (area in known or len(area) <= LONG_AREA)]
    named = str(words["dot"].join(fits[:NAMED_AREAS]))
    others = len(fits) > NAMED_AREAS or len(fits) < len([area for area in found if area])
    if not others:
        return named
    return str(words["occasion"]["and_others"].format(areas=named)) if named else ""
