"""What the edition of a programme puts on a house's plan: the days that follow from a loan, the steps, the duties.

A day stands here only where the text prints from what it is counted, or somebody told it. Where the text prints none
(「所定の期限」,「書類により提出時期が異なります」) and nobody told it, no day is made up: the owner is asked for it.
The day on which we ask is ours (``ask``: so many days after the application, or after what its ``anchor`` names, while
what holds, and before what), as is the look at the papers of a loan that is applied for and not contracted yet. So
somebody holds every step that is still ahead.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType
from typing import Any

from bot.core.days import add_months, add_years, days_after
from bot.core.loan import ASK, ASKED_FOR, Dated, Terms
from bot.core.people import Role
from bot.programmes.edition import Edition
from bot.programmes.windows import rate_fixed_on, rate_reviewed_on, reduction_span, restriction_ends_on

MOST_YEARS = 50  # that something comes every year where nobody told the last payment; once it is repaid it ends


@dataclass(frozen=True, slots=True)
class Step:
    """One step on the way to the money, or an inspection, with the papers it needs, by their codes.

    ``on`` is its day where the text fixes one, or somebody told it, for a loan that is known; None is "as told, please
    ask". ``told`` names what has to be told for it: its own code, or INSPECTION; empty where its day is fixed.
    ``parts`` are what comes in its course on days of their own, after its own day, such as the money with the roof.
    """

    number: int
    code: str
    documents: tuple[str, ...]
    on: date | None = None
    told: str = ""
    parts: tuple["Step", ...] = ()


@dataclass(frozen=True, slots=True)
class Duty:
    """Something that holds until the loan is repaid and has no day of its own."""

    code: str
    source: str


def steps(edition: Edition, terms: Terms | None = None) -> tuple[Step, ...]:
    """The steps in their order. Raises ValueError for an anchor that nobody knows."""
    found = (line for line in _lines(edition) if "step" in line)
    ordered = sorted(found, key=lambda line: int(line["step"]))
    parts = [line for line in _lines(edition) if "part_of" in line]
    return tuple(
        replace(
            _step(line["step"], line, terms),
            parts=tuple(_step(line["step"], part, terms) for part in parts if part["part_of"] == line["code"]),
        )
        for line in ordered
    )


def told_days(edition: Edition) -> tuple[str, ...]:
    """The codes of the days that somebody has to tell, in the order of the file."""
    return tuple(line["code"] for line in _lines(edition) if _told_as(line))


def to_tell(edition: Edition, terms: Terms, on: date) -> dict[str, date | None]:
    """What the borrower may tell on this day, by what it is told as, with the day that was told of it.

    The steps that are ahead of the loan as it is, and what the end of a fixed rate leaves open once it has come.
    """
    return {
        _told_as(line): _on(line, terms)
        for line in _lines(edition)
        if "ask" in line and _told_as(line) and _may_tell(line, terms, on)
    }


def duties(edition: Edition) -> tuple[Duty, ...]:
    """What the edition asks of the borrower for as long as the loan runs."""
    return tuple(Duty(line["code"], line["source"]) for line in edition.data.get("duty", ()))


def dates(edition: Edition, number: int, terms: Terms) -> tuple[Dated, ...]:
    """The days of one loan, in the order of the file, its ``number`` at the house in each.

    Days that hang on something not told yet are left out. Raises ValueError for an anchor that nobody knows.
    """
    return tuple(_dates(edition, number, terms))


def printed_days(edition: Edition) -> frozenset[str]:
    """The codes of the days that this edition has at all, whatever is known of a loan."""
    return frozenset(line["code"] for line in _lines(edition) if "leads" in line)


def reduced_years(edition: Edition, terms: Terms) -> int | None:
    """For how many years the rate of this loan is reduced; None where it is not."""
    found = (line for line in _lines(edition) if line.get("anchor") == "reduced-until" and _holds(line, terms))
    return next((int(line["years"]) for line in found), None)


def ends_on(terms: Terms) -> date | None:
    """The day of the last payment; None while the first payment or the months are not known."""
    if terms.first_payment_on is None or not terms.months:
        return None
    return add_months(terms.first_payment_on, terms.months - 1)


def _dates(edition: Edition, number: int, terms: Terms) -> Iterator[Dated]:
    for line in _lines(edition):
        if line.get("leads") is None or not _holds(line, terms):
            continue
        day = _on(line, terms)
        if day is not None:
            until = (ends_on(terms) or add_years(day, MOST_YEARS)) if line.get("yearly") else None
            told = line["anchor"] in TOLD
            holder = Role(line.get("asks", Role.OWNER))
            yield Dated(number, line["code"], day, tuple(line["leads"]), holder, until, told=told)
        elif (asked_on := _asked_on(line, terms)) is not None:
            yield Dated(number, f"{ASK}{line['code']}", asked_on, (ASKED_FOR,), before=_before(line, terms))


def _asked_on(line: Mapping[str, Any], terms: Terms) -> date | None:
    """On which day its own day is asked for; None where it is not."""
    ask = line.get("ask")
    if ask is None or not _all(ask.get("when", ()), terms):
        return None
    base = ANCHORS[ask["anchor"]](terms, line) if "anchor" in ask else terms.applied_on
    return days_after(base, ask["after"]) if base is not None else None


def _before(line: Mapping[str, Any], terms: Terms) -> date | None:
    """From which day on it is asked for no more, where that is known."""
    anchor = line["ask"].get("before")
    return ANCHORS[anchor](terms, line) if anchor else None


def _may_tell(line: Mapping[str, Any], terms: Terms, on: date) -> bool:
    base, before = line["ask"].get("anchor"), _before(line, terms)
    if not _all(line["ask"].get("when", ()), terms) or (before is not None and before <= on):
        return False
    begun = ANCHORS[base](terms, line) if base in ENDED else date.min
    return _holds(line, terms) and begun is not None and begun <= on


def _lines(edition: Edition) -> Sequence[Mapping[str, Any]]:
    found: Sequence[Mapping[str, Any]] = edition.data.get("milestone", ())
    return found


def _holds(line: Mapping[str, Any], terms: Terms) -> bool:
    """Whether this loan is one that the line speaks of: any of what it needs, and all of its conditions."""
    needs = line.get("needs", ())
    if needs and not any(reduction in needs for reduction in terms.reductions):
        return False
    return _all(line.get("when", ()), terms)


def _all(names: Sequence[str], terms: Terms) -> bool:
    return all(CONDITIONS[name](terms) for name in names)


def _on(line: Mapping[str, Any], terms: Terms | None) -> date | None:
    anchor = line.get("anchor", "")
    if not anchor or terms is None:
        return None
    if anchor not in ANCHORS:
        raise ValueError(f"no anchor {anchor!r}")
    day = ANCHORS[anchor](terms, line)
    return days_after(day, line.get("days", 0)) if day is not None else None


def _step(number: int, line: Mapping[str, Any], terms: Terms | None) -> Step:
    return Step(number, line["code"], tuple(line["documents"]), _on(line, terms), _told_as(line))


def _reduced_until(terms: Terms, line: Mapping[str, Any]) -> date | None:
    return reduction_span(terms.first_payment_on, line["years"]).last_on if terms.first_payment_on else None


def _reviewed(terms: Terms, line: Mapping[str, Any]) -> date | None:
    return (
        rate_reviewed_on(terms.contracted_on, terms.fixed_years) if terms.contracted_on and terms.fixed_years else None
    )


def _restricted_until(terms: Terms, line: Mapping[str, Any]) -> date | None:
    return restriction_ends_on(terms.contracted_on, line["years"]) if terms.contracted_on else None


def _told_as(line: Mapping[str, Any]) -> str:
    """What the day of a step is told as; empty where the text fixes it."""
    anchor = line.get("anchor", "")
    return str(INSPECTION if anchor == INSPECTION else line["code"]) if anchor in TOLD else ""


def _told(terms: Terms, line: Mapping[str, Any]) -> date | None:
    return dict(terms.step_days).get(line["code"])


def _first_interim(terms: Terms, line: Mapping[str, Any]) -> date | None:
    return dict(terms.step_days).get(line["part_of"])


INSPECTION = "inspection"
TOLD = frozenset({"told", INSPECTION, "contracted"})  # days that nothing but somebody's word gives
ENDED = frozenset({"reviewed"})  # what follows is not known, and told by nobody, before that day
ANCHORS: Mapping[str, Callable[[Terms, Mapping[str, Any]], date | None]] = MappingProxyType(
    {
        "applied": lambda terms, _: terms.applied_on,
        "rate-fixed": lambda terms, _: rate_fixed_on(terms.applied_on),
        "told": _told,
        "inspection": lambda terms, _: terms.inspection_on,
        "contracted": lambda terms, line: terms.contracted_on or _told(terms, line),
        "first-payment": lambda terms, _: terms.first_payment_on,
        "part-of": _first_interim,
        "reduced-until": _reduced_until,
        "reviewed": _reviewed,
        "restricted-until": _restricted_until,
        "insured-until": lambda terms, _: terms.insured_until,
    }
)
CONDITIONS: Mapping[str, Callable[[Terms], bool]] = MappingProxyType(
    {
        "pending": lambda terms: terms.contracted_on is None,
        "restricted": lambda terms: terms.restricted,
        "outlives-its-rate": lambda terms: bool(terms.fixed_years and (terms.months or 0) > terms.fixed_years * 12),
    }
)
