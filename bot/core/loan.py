"""A loan on a house, as it was recorded: what was promised, from when, and the days that follow from it.

The edition of its programme is pinned for good: a newer edition never changes what was promised under an older one.
Its sums are the borrower's personal data. They stand in no fact, no message in a chat or by mail and no log, and are
shown to the borrower and the staff alone.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from bot.core.days import add_years, days_after
from bot.core.people import Role


class Reduction(StrEnum):
    """Why the rate of a loan is reduced for its first years."""

    LONG_LIFE = "long-life"
    ZEH = "zeh"
    CHILD_CARE = "child-care"
    PLAN_A = "plan-a"
    PLAN_B = "plan-b"


# As builders write them.
REDUCTIONS: Mapping[str, Reduction] = MappingProxyType(
    {
        "長期優良住宅": Reduction.LONG_LIFE,
        "ZEH": Reduction.ZEH,
        "子育て配慮": Reduction.CHILD_CARE,
        "金利Aプラン": Reduction.PLAN_A,
        "金利Bプラン": Reduction.PLAN_B,
    }
)


class Method(StrEnum):
    """How principal is paid back: 元利均等 (every payment alike) or 元金均等 (every share of principal alike)."""

    LEVEL = "level"
    PRINCIPAL = "principal"


METHODS: Mapping[str, Method] = MappingProxyType({"元利均等": Method.LEVEL, "元金均等": Method.PRINCIPAL})
# The steps on the way to the money, and after a review of the rate, whose day no text fixes: somebody tells it, or it
# is asked for. Of the money on the way the first (着工時) is 中間資金.
STEPS: Mapping[str, str] = MappingProxyType(
    {
        "設計検査": "design-inspection",
        "書類提出": "contract-papers",
        "中間資金": "interim-payments",
        "総額決定": "total-decided",
        "屋根工事時資金": "interim-roofed",
        "竣工時資金": "interim-completed",
        "融資契約": "loan-contract",
        "資金受取": "receipt",
        "事前確認": "pre-check",
        "工事計画の確認": "plan-check",
        "現場検査": "site-inspection",
        "次の金利見直し": "rate-review-next",
    }
)
CERTIFIED = Reduction.LONG_LIFE  # the one that the certification of the house carries
REDUCTION_END = "reduction-end"  # the code of the day on which it ends


@dataclass(frozen=True, slots=True)
class Terms:
    """What was agreed. Sums are yen, rates the per cent a year as they are printed, periods months or years.

    ``steps`` are (from which payment on, rate); ``fixed_years`` is for how long the rate is fixed, None for the whole
    term; ``restricted``: the first ten years without a prepayment were promised. ``method`` is None where nobody told
    it. ``step_days`` are (code of a step, the day that was told of it). The sums are in no ``repr``.
    """

    applied_on: date
    contracted_on: date | None = None
    first_payment_on: date | None = None
    months: int | None = field(default=None, repr=False)
    principal: int | None = field(default=None, repr=False)
    steps: tuple[tuple[int, str], ...] = field(default=(), repr=False)
    reductions: tuple[Reduction, ...] = ()
    fixed_years: int | None = None
    restricted: bool = False
    inspection_on: date | None = None
    insured_until: date | None = None
    units: int | None = None
    certified_units: int | None = None
    method: Method | None = None
    step_days: tuple[tuple[str, date], ...] = ()


@dataclass(frozen=True, slots=True)
class Loan:
    """One loan: ``number`` counts within the house, from 1; ``person_id`` is who borrowed."""

    house_id: str
    number: int
    edition: str
    person_id: str
    terms: Terms
    repaid_on: date | None = None
    uncertified_since: date | None = None  # since when it is on record that units which it pays for are not certified


@dataclass(frozen=True, slots=True)
class Dated:
    """One day that a programme puts on a house's plan. ``leads`` are the days before it on which it is told.

    ``yearly_until``: it comes again each year, up to that day. ``loan`` is the number of the loan. ``told``: it is the
    day of a step as somebody told it. ``before``: it is asked for until then alone.
    """

    loan: int
    code: str
    due_on: date
    leads: tuple[int, ...]
    asks: Role = Role.OWNER
    yearly_until: date | None = None
    certified: bool = False  # the end of a reduction that hangs on the certification of the house
    told: bool = False
    before: date | None = None

    @property
    def ours(self) -> bool:
        """Whether the day is ours: on it the owner is asked for the day of a step, which nobody knows yet."""
        return self.code.startswith(ASK)

    def days(self) -> Iterator[date]:
        """Every day on which it is due, in order."""
        yield self.due_on
        years = 1
        while self.yearly_until is not None and (day := add_years(self.due_on, years)) <= self.yearly_until:
            yield day
            years += 1

    def named(self, day: date) -> str:
        """What it is called at its house for good: a loan that is corrected gives other days, and other names."""
        return f"{self.code}{AT}{self.loan}.{day:%Y%m%d}"


ASK = "ask-"  # before the code of a step whose day is asked for
ASKED_FOR = 14  # days that an owner has at least to answer
AT = "@"  # between the code of a programme's day and the loan that gives it


def loan_of(code: str) -> int:
    """Of which loan a milestone of this code comes; 0 for those that come of none."""
    number = code.partition(AT)[2].partition(".")[0]
    return int(number) if number else 0


def reduced_for_certification(days: Iterable[Dated], on: date) -> bool:
    """Whether on that day a reduction still runs that hangs on the certification of the house."""
    return any(one.certified and on <= one.due_on for one in days)


def wholly_certified(terms: Terms) -> bool:
    """Whether every unit of a rental building that the loan pays for is certified, as far as that is told.

    Source: 「全ての融資対象住戸で認定を受ける必要があります」, in the leaflets of 2023 and of January 2026.
    """
    if terms.units is None or terms.certified_units is None:
        return True
    return terms.certified_units >= terms.units


def uncertified_since(before: Loan | None, told: Loan, today: date) -> date | None:
    """Since when units that a loan pays for are known not to be certified; None once all are, or it is repaid."""
    if told.repaid_on is not None or wholly_certified(told.terms):
        return None
    return (before.uncertified_since if before else None) or today


def placed(days: Iterable[Dated], before: Mapping[str, date], today: date) -> tuple[Dated, ...]:
    """The days of a loan as they are kept; ``before`` holds those that it had, by code.

    A day on which we ask stays where it once stood, and does not lie in the past when it is new. A step whose day had
    passed before anybody told it is history and no task; nor is a question once what it comes before is there.
    """
    days = [one for one in days if one.before is None or one.before > today]
    soonest = days_after(today, ASKED_FOR)
    found = (replace(one, due_on=before.get(one.code) or max(one.due_on, soonest)) if one.ours else one for one in days)
    found = (one for one in found if one.before is None or one.due_on < one.before)
    return tuple(one for one in found if not one.told or one.due_on >= today or before.get(one.code) == one.due_on)
