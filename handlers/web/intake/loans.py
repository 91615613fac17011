"""A loan as a file tells it, with the days that the edition of its programme gives it."""

from typing import Any

from bot.core.loan import METHODS, REDUCTIONS, STEPS, Dated, Loan, Terms
from bot.intake.rows import LoanRow
from bot.programmes.edition import edition
from bot.programmes.milestones import dates

SAME = (
    *("applied_on", "contracted_on", "first_payment_on", "months", "fixed_years", "inspection_on"),
    *("insured_until", "units", "certified_units"),
)


def loan_told(row: LoanRow, borrower: str = "") -> dict[str, Any]:
    """What is stored of a checked row: see storage.intake.loans. Whose loan it is, a file does not say."""
    terms = Terms(
        principal=row.principal_yen,
        steps=row.rate_steps,
        reductions=tuple(sorted(REDUCTIONS[name] for name in set(row.reductions))),
        restricted=row.prepayment_restricted,
        method=METHODS[row.method] if row.method else None,
        step_days=tuple(sorted((STEPS[name], day) for name, day in row.step_days)),
        **{name: getattr(row, name) for name in SAME},
    )
    return {"loan": Loan(row.house_id, row.loan_no, row.edition, borrower, terms, row.repaid_on), "days": days_of}


def days_of(loan: Loan) -> tuple[Dated, ...]:
    """The days that its edition gives it. Raises UnknownEdition."""
    return dates(edition(loan.edition), loan.number, loan.terms)
