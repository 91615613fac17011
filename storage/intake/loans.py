"""Loans that a file tells of."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.loan import Dated, Loan, placed, uncertified_since
from storage.intake.batch import Arrival, Row, add
from storage.loans import columns_of, days_known, fields_of, loan_of_row, put_dates
from storage.tables import house_owners, loans
from storage.witness import loan_witness

TYPED = {"typed": True}  # a row that somebody typed: also what it leaves blank of the steps is meant
Days = Callable[[Loan], Sequence[Dated]]  # what the edition of its programme gives a loan


async def take_loans(connection: AsyncConnection, arrival: Arrival, rows: Sequence[Row]) -> None:
    """Adds loans, corrects those that say something else, and notes those that are repaid.

    Each row holds a ``loan``, and what gives it its ``days``. The borrower of a new loan is the owner whom the row
    names, or whom the house names first; that of a loan which is known stays, unless the row names another owner. The
    loan of somebody who owns it no longer is left as it is: the buyer has none. A file that tells of no step leaves the
    days that owner or staff told.
    """
    ids = {row["loan"].house_id for row in rows}
    known = {(row.house_id, row.number): loan_of_row(row) for row in await connection.execute(_at(ids))}
    owners = await _owners(connection, ids)
    for row in rows:
        told: Loan = row["loan"]
        own, before = owners.get(told.house_id, []), known.get((told.house_id, told.number))
        holder = before.person_id if before else next(iter(own), "")
        borrower = told.person_id or holder
        if before and not row.get("typed") and not told.terms.step_days:
            told = replace(told, terms=replace(told.terms, step_days=before.terms.step_days))
        if holder in own and borrower in own:
            await put_loan(connection, arrival, (before, replace(told, person_id=borrower)), row["days"])


async def put_loan(connection: AsyncConnection, arrival: Arrival, loan: tuple[Loan | None, Loan], days: Days) -> None:
    """The loan as it is told now, in the place of what was known of it; nothing where that is the same.

    The edition that it was recorded under stays: what was promised under it stays under it.
    """
    before, told = loan
    told = replace(told, edition=before.edition) if before else told
    told = replace(told, uncertified_since=uncertified_since(before, told, arrival.today))
    if told == before:
        return
    place = (loans.c.house_id == told.house_id, loans.c.number == told.number)
    if before is None:
        await add(connection, loans, [columns_of(told)])
    else:
        await connection.execute(update(loans).where(*place).values(**columns_of(told)))
    known = await days_known(connection, told.house_id, told.number)
    kept = () if told.repaid_on else placed(days(told), known, arrival.today)
    await put_dates(connection, told.house_id, told.number, kept)
    arrival.fact(told.house_id, _kind(before, told), **_said(arrival, told))
    arrival.touched.add(told.house_id)


def _kind(before: Loan | None, told: Loan) -> str:
    if before is None:
        return "loan_recorded"
    return "loan_repaid" if told.repaid_on and not before.repaid_on else "loan_corrected"


def _said(arrival: Arrival, loan: Loan) -> dict[str, Any]:
    """As a fact may hold it: codes, counts and dates; sums and rates as a salted digest."""
    place = {"loan": loan.number, "edition": loan.edition, "person": loan.person_id}
    return place | {"terms": loan_witness(arrival.seal, loan), **fields_of(loan)}


def _at(house_ids: Collection[str]) -> Any:
    return select(loans).where(loans.c.house_id.in_(house_ids))


async def _owners(connection: AsyncConnection, house_ids: Collection[str]) -> dict[str, list[str]]:
    """Who owns each house now, the one named first before the others."""
    query = select(house_owners.c.house_id, house_owners.c.person_id).where(
        house_owners.c.house_id.in_(house_ids), house_owners.c.until_on.is_(None)
    )
    found: dict[str, list[str]] = {}
    for row in await connection.execute(query.order_by(house_owners.c.rank, house_owners.c.person_id)):
        found.setdefault(row.house_id, []).append(row.person_id)
    return found
