"""A house's loan as the staff type it into a form: checked like a row of a builder's file, and kept the same way."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.days import civil
from bot.core.loan import METHODS, REDUCTIONS, STEPS, Loan
from bot.intake.cells import read_cell
from bot.intake.reasons import Fault, refuses
from bot.intake.rows import LoanRow, made
from bot.intake.rules import judge
from bot.intake.tables import LOANS
from handlers.web.forms import Posted
from handlers.web.intake.loans import SAME
from handlers.web.site import Site
from storage.intake.batch import Arrival
from storage.intake.loans import take_loans
from storage.news import tell_machines
from storage.record import Seal

FIELDS = tuple(column.key for column in LOANS.columns if column.key not in ("house_id", "loan_no"))
DATES = frozenset(name for name in FIELDS if name.endswith("_on") or name == "insured_until")
CHOICES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {name: LOANS.column(name).choices for name in ("edition", "prepayment_restricted", "method")}
)
REPAID, CHANGED, BORROWER = "repaid_on", "changed", "borrower"
BETWEEN, THEN = "・", ">"  # reductions, and rates, as a file has them


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed, by field, and which fields cannot be taken as they are; the row only where all of them can.

    ``was`` tells apart what was on record when the form was shown. ``wrong`` is CHANGED where that is another now.
    """

    number: int
    values: Mapping[str, str]
    was: str
    wrong: tuple[str, ...] = ()
    row: LoanRow | None = None
    borrower: str = ""  # who was chosen; empty for whoever it is already

    def __repr__(self) -> str:
        return f"Typed({self.number}, wrong={self.wrong})"  # what was typed is the borrower's own


def opened(number: int, loan: Loan | None, seal: Seal) -> Typed:
    """The form of a loan as it is on record, or of one that is not yet."""
    return Typed(number, cells_of(loan), mark_of(loan, seal))


def read_loan(form: Posted, place: tuple[str, int], today: date) -> Typed:
    """A form that was sent for the loan of this house and number."""
    reductions = BETWEEN.join(name for name in REDUCTIONS if form.text(f"reductions-{name}"))
    days = _days({name: form.text(f"step-{code}") for name, code in STEPS.items()})
    cells = {name: form.text(name) for name in FIELDS} | {"reductions": reductions, "step_days": days}
    return checked(Typed(place[1], cells, form.text("was")), place[0], today)


def checked(typed: Typed, house_id: str, today: date) -> Typed:
    """With its row, or with the fields that a file's row would be refused for."""
    faults: list[Fault] = []
    cells = {"house_id": house_id, "loan_no": str(typed.number), **typed.values}
    values: dict[str, Any] = {name: read_cell(cell, LOANS.column(name), faults) for name, cell in cells.items()}
    faults += judge(LOANS.name, values, today)
    wrong = tuple(dict.fromkeys(fault.field or "" for fault in faults if refuses([fault])))
    row = made(LOANS, values) if not wrong else None
    return Typed(typed.number, typed.values, typed.was, wrong, row if isinstance(row, LoanRow) else None)


def cells_of(loan: Loan | None) -> dict[str, str]:
    """A loan in the cells of a file's row; blank ones for none."""
    if loan is None:
        return dict.fromkeys(FIELDS, "")
    terms = loan.terms
    found = {name: _cell(getattr(terms, name)) for name in SAME} | {"edition": loan.edition}
    return found | {
        "principal_yen": _cell(terms.principal),
        "rate_steps": THEN.join(f"{first}:{rate}" for first, rate in terms.steps),
        "reductions": BETWEEN.join(name for name, code in REDUCTIONS.items() if code in terms.reductions),
        "method": next((name for name, method in METHODS.items() if method is terms.method), ""),
        "step_days": _days({name: _cell(dict(terms.step_days).get(code)) for name, code in STEPS.items()}),
        "prepayment_restricted": CHOICES["prepayment_restricted"][0 if terms.restricted else 1],
        REPAID: _cell(loan.repaid_on),
    }


def mark_of(loan: Loan | None, seal: Seal) -> str:
    """What stands for a loan in its form, and says nothing of it."""
    if loan is None:
        return ""
    return seal.digest(f"{loan.house_id}:loan {loan.number}:{loan.person_id}:{sorted(cells_of(loan).items())}")


def next_number(taken: Iterable[int]) -> int:
    """The number of a house's next loan, also after those of owners who have left."""
    return max(taken, default=0) + 1


async def keep_loan(connection: AsyncConnection, site: Site, told: Mapping[str, Any], by: str) -> None:
    """As from a file, with who typed it as its source."""
    pins, now = site.store.pins, site.now()
    arrival = Arrival(by, now, civil(now), pins.seal)
    await take_loans(connection, arrival, [told])
    deeds = arrival.deeds
    await arrival.write(connection)
    await tell_machines(connection, pins, deeds, now)


def _days(told: Mapping[str, str]) -> str:
    """Days of steps in the cell of a file's row, by the names that builders write."""
    return BETWEEN.join(f"{name}:{day}" for name, day in told.items() if day)


def _cell(value: date | int | None) -> str:
    return "" if value is None else value.isoformat() if isinstance(value, date) else str(value)
