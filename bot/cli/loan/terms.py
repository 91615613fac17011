"""A loan as it is given on the command line, in options or on stdin."""

import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Annotated

import typer

from bot.cli.loan.gathered import Option
from bot.config import YEARS, SettingsError
from bot.programmes.benefit import Benefit, reduced
from bot.programmes.lines import benefits, loans, rate_of
from bot.programmes.loan import BadLoan, Loan, Method, Step
from bot.programmes.yen import yen_of

Principal = Annotated[str, typer.Option("--principal", help="yen, such as 1億円, 3,000万円 or 100000000")]
Years = Annotated[int, typer.Option("--years", help="for how many years it is paid back")]
Months = Annotated[int, typer.Option("--months", help="instead of --years: the number of payments")]
Rate = Annotated[str, typer.Option("--rate", help="per cent a year, such as 1.70")]
Steps = Annotated[
    list[str] | None, typer.Option("--step", help="another rate from a payment on, such as 181:1.70; may be repeated")
]
By = Annotated[Method, typer.Option("--method", help="level: 元利均等, principal: 元金均等")]
Off = Annotated[str, typer.Option("--reduction", help="by how many per cent a year the rate is lower, such as 0.2")]
For = Annotated[int, typer.Option("--for-years", help="for how many years it is lower")]
Residual = Annotated[str, typer.Option("--residual", help="yen that come with the last payment (死亡時一括償還)")]
Only = Annotated[int, typer.Option("--interest-only-from", help="the first payment that is interest alone")]
AsJson = Annotated[
    bool, typer.Option("--json", help="answer as JSON; where no loan is given in options, JSON is read from stdin")
]
Together = Annotated[
    bool,
    typer.Option("--together", help="loans on stdin are paid side by side, such as one for 35 years and one for 15"),
]
AsCsv = Annotated[bool, typer.Option("--csv", help="every payment as a line of CSV")]
Of = Annotated[str, typer.Option("--edition", help="whose loan it is: the answer says whether one can apply under it")]
STEP = re.compile(r"([0-9]{1,4}):([0-9.]+)")


@dataclass(frozen=True, slots=True)
class Given:
    """Options as they were typed."""

    principal: str
    years: int
    months: int
    rate: str
    steps: Sequence[str] | None = None
    method: Method = Method.LEVEL
    residual: str = ""
    interest_only_from: int = 0

    def __bool__(self) -> bool:
        """Whether a loan was given at all."""
        return bool(self.principal or self.years or self.months or self.rate or self.steps)


@dataclass(frozen=True, slots=True)
class Wanted:
    """In which form the answer is wanted; neither is a table for people. Raises SettingsError for both."""

    as_json: bool
    as_csv: bool

    def __post_init__(self) -> None:
        if self.as_json and self.as_csv:
            raise SettingsError("--json and --csv do not go together")


PLAIN: Mapping[str, Option] = MappingProxyType(
    {
        "principal": Option(Principal, "", "principal"),
        "years": Option(Years, 0, "years"),
        "months": Option(Months, 0, "months"),
        "rate": Option(Rate, "", "rate"),
        "step": Option(Steps, None, "steps"),
        "method": Option(By, Method.LEVEL, "method"),
    }
)
WITH_RESIDUAL: Mapping[str, Option] = MappingProxyType(
    {
        **PLAIN,
        "residual": Option(Residual, "", "residual"),
        "interest_only_from": Option(Only, 0, "interest_only_from"),
    }
)
FORMS: Mapping[str, Option] = MappingProxyType(
    {"as_json": Option(AsJson, False, "as_json"), "as_csv": Option(AsCsv, False, "as_csv")}
)


def loan_of(given: Given) -> Loan:
    """Raises SettingsError with one plain line for what is missing or cannot be."""
    if not given.principal or not given.rate or bool(given.years) == bool(given.months):
        raise SettingsError(
            "--principal, --rate and one of --years and --months are wanted, or --json and a loan on stdin"
        )
    try:
        return Loan(
            principal=yen(given.principal, "--principal"),
            months=given.months or given.years * 12,
            steps=(Step(1, rate_of(given.rate, "--rate")), *map(step_of, given.steps or ())),
            method=given.method,
            residual=yen(given.residual, "--residual") if given.residual else 0,
            interest_only_from=given.interest_only_from or None,
        )
    except BadLoan as bad:
        raise SettingsError(str(bad)) from None


def benefit_of(given: Given, reduction: str, years: int) -> Benefit:
    """A loan whose rate is lower for its first years. Raises SettingsError."""
    if not reduction or years < 1:
        raise SettingsError("--reduction and --for-years are wanted, or --edition, or --json and a loan on stdin")
    try:
        return reduced(loan_of(given), rate_of(reduction, "--reduction"), years * 12)
    except BadLoan as bad:
        raise SettingsError(str(bad)) from None


def loans_on_stdin() -> list[Loan]:
    """Raises SettingsError for what is no loan."""
    try:
        return loans(sys.stdin.buffer.read())
    except BadLoan as bad:
        raise SettingsError(str(bad)) from None


def benefits_on_stdin() -> list[Benefit]:
    """Raises SettingsError for what is no loan with and without a benefit."""
    try:
        return benefits(sys.stdin.buffer.read())
    except BadLoan as bad:
        raise SettingsError(str(bad)) from None


def yen(text: str, option: str) -> int:
    """Raises BadLoan for what is no sum."""
    found = yen_of(text)
    if found is None:
        raise BadLoan(f"{option} must be yen, such as 1億円, 3,000万円 or 100000000")
    return found


def day_of(text: str, option: str) -> date:
    """A civil day, a hundred years before the calendar's end at the latest. Raises SettingsError."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = date.min
    if not YEARS[0] <= day.year <= YEARS[1]:
        raise SettingsError(f"{option} must be a date such as 2027-04-27")
    return day


def step_of(text: str) -> Step:
    """A step of ``--step``. Raises BadLoan."""
    found = STEP.fullmatch(text)
    if found is None:
        raise BadLoan("--step must be a payment and a rate, such as 181:1.70")
    return Step(int(found[1]), rate_of(found[2], "--step"))


def per_cent(rate: Decimal) -> str:
    """As a leaflet prints it, with two digits after the point or more: 1.70%."""
    return f"{rate:.2f}%" if rate == round(rate, 2) else f"{rate.normalize():f}%"
