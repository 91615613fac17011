"""Loans on houses, as rows. Their sums are the borrower's: they go with them, and reach nobody who buys the house.

A loan counts for a house only while its borrower owns it.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Row, Select, and_, delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.loan import CERTIFIED, REDUCTION_END, Dated, Loan, Method, Reduction, Terms
from bot.core.people import Role
from storage.tables import house_owners, loan_dates, loans

SAME = (
    *("applied_on", "contracted_on", "first_payment_on", "months", "principal", "fixed_years", "restricted"),
    *("inspection_on", "insured_until", "units", "certified_units"),
)
DATES = ("applied_on", "contracted_on", "first_payment_on", "inspection_on", "insured_until")
COUNTS = ("fixed_years", "units", "certified_units")
TOLD_OF = ("contracted_on", "first_payment_on", "insured_until", "repaid_on")
OWNS = and_(
    house_owners.c.house_id == loans.c.house_id,
    house_owners.c.person_id == loans.c.person_id,
    house_owners.c.until_on.is_(None),
)


async def dates_of(connection: AsyncConnection, house_ids: Collection[str]) -> dict[str, tuple[Dated, ...]]:
    """By house, what the loans of those who own it now put on its plan."""
    query = (
        select(loan_dates, loans.c.reductions)
        .join(loans, and_(loans.c.house_id == loan_dates.c.house_id, loans.c.number == loan_dates.c.number))
        .join(house_owners, OWNS)
        .where(loan_dates.c.house_id.in_(house_ids))
        .order_by(loan_dates.c.due_on, loan_dates.c.number, loan_dates.c.code)
    )
    found: dict[str, list[Dated]] = defaultdict(list)
    for row in await connection.execute(query):
        leads = tuple(int(days) for days in row.leads.split(","))
        found[row.house_id].append(
            Dated(
                row.number,
                row.code,
                row.due_on,
                leads,
                Role(row.asks),
                yearly_until=row.yearly_until,
                certified=row.code == REDUCTION_END and CERTIFIED in row.reductions.split(","),
            )
        )
    return {house_id: tuple(days) for house_id, days in found.items()}


async def uncertified_at(
    connection: AsyncConnection, house_ids: Collection[str]
) -> dict[str, tuple[tuple[int, date], ...]]:
    """By house, the loans of those who own it now for units that are not all certified, and since when."""
    short = (loans.c.house_id.in_(house_ids), loans.c.uncertified_since.is_not(None))
    query = select(loans.c.house_id, loans.c.number, loans.c.uncertified_since).join(house_owners, OWNS).where(*short)
    found: dict[str, list[tuple[int, date]]] = defaultdict(list)
    for house_id, number, since in await connection.execute(query.order_by(loans.c.number)):
        found[house_id].append((number, since))
    return {house_id: tuple(lent) for house_id, lent in found.items()}


async def loans_at(connection: AsyncConnection, house_id: str, person_id: str = "") -> list[Loan]:
    """The loans of those who own the house now, or of one of them."""
    query = select(loans).join(house_owners, OWNS).where(loans.c.house_id == house_id).order_by(loans.c.number)
    if person_id:
        query = query.where(loans.c.person_id == person_id)
    return [loan_of_row(row) for row in await connection.execute(query)]


async def numbers_at(connection: AsyncConnection, house_id: str) -> list[int]:
    """The numbers of all loans that were recorded at the house, also of those who own it no longer."""
    return list((await connection.execute(select(loans.c.number).where(loans.c.house_id == house_id))).scalars())


def loan_of_row(row: Row[Any]) -> Loan:
    kept = {name: getattr(row, name) for name in SAME}
    reductions = tuple(Reduction(code) for code in row.reductions.split(",") if code)
    steps = tuple((first, rate) for first, rate in row.steps)
    told = tuple((code, date.fromisoformat(day)) for code, day in row.step_days or ())
    method = Method(row.method) if row.method else None
    terms = Terms(**kept, steps=steps, reductions=reductions, method=method, step_days=told)
    return Loan(row.house_id, row.number, row.edition, row.person_id, terms, row.repaid_on, row.uncertified_since)


def columns_of(loan: Loan) -> dict[str, Any]:
    """A loan as its row has it."""
    terms = loan.terms
    place = {"house_id": loan.house_id, "number": loan.number, "person_id": loan.person_id, "edition": loan.edition}
    kept = {name: getattr(terms, name) for name in SAME} | {"repaid_on": loan.repaid_on}
    kept |= {"uncertified_since": loan.uncertified_since}
    kept |= {"steps": [list(step) for step in terms.steps], "reductions": ",".join(terms.reductions)}
    told = [[code, day.isoformat()] for code, day in terms.step_days]
    return place | kept | {"method": terms.method, "step_days": told}


def fields_of(loan: Loan) -> dict[str, Any]:
    """What a fact tells of a loan beside its sums, as codes, counts and days; what is not known is left out.

    ``whole`` says that the fact tells all of these: one of an earlier day tells the days alone.
    """
    terms = loan.terms
    days = {name: getattr(terms, name) for name in DATES}
    days |= {"repaid_on": loan.repaid_on, "uncertified_since": loan.uncertified_since}
    told: dict[str, Any] = {name: day.isoformat() for name, day in days.items() if day is not None}
    told |= {name: getattr(terms, name) for name in COUNTS if getattr(terms, name) is not None}
    told |= {"restricted": True} if terms.restricted else {}
    told |= {"method": terms.method.value} if terms.method else {}
    told |= {"reductions": ",".join(terms.reductions)} if terms.reductions else {}
    steps = ",".join(f"{code}:{day.isoformat()}" for code, day in terms.step_days)
    return told | ({"step_days": steps} if steps else {}) | {"whole": True}


async def loan_days(connection: AsyncConnection, house_ids: Collection[str]) -> dict[str, list[dict[str, Any]]]:
    """By house, each loan of those who own it now, with its days and what decides how they are told.

    No sum and no rate: those are the borrower's, the days are every owner's.
    """
    lent = select(loans).join(house_owners, OWNS).where(loans.c.house_id.in_(house_ids)).order_by(loans.c.number)
    rows = (await connection.execute(lent)).all()
    days = await dates_of(connection, {row.house_id for row in rows})
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        of_it = {one.code: one.due_on.isoformat() for one in days.get(row.house_id, ()) if one.loan == row.number}
        told = {"number": row.number, "edition": row.edition, "reductions": bool(row.reductions)}
        told |= {"fixed_years": row.fixed_years, "restricted": row.restricted, "days": of_it}
        known = {name: getattr(row, name) for name in TOLD_OF}
        found[row.house_id].append(told | {name: day.isoformat() if day else "" for name, day in known.items()})
    return found


async def days_known(connection: AsyncConnection, house_id: str, number: int) -> dict[str, date]:
    """By code, the days that a loan puts on the plan now."""
    query = select(loan_dates.c.code, loan_dates.c.due_on)
    mine = (loan_dates.c.house_id == house_id, loan_dates.c.number == number)
    return {row.code: row.due_on for row in await connection.execute(query.where(*mine))}


async def put_dates(connection: AsyncConnection, house_id: str, number: int, dates: Sequence[Dated]) -> None:
    """The days of one loan, in the place of those it had."""
    mine = (loan_dates.c.house_id == house_id, loan_dates.c.number == number)
    await connection.execute(delete(loan_dates).where(*mine))
    rows = [
        {
            "house_id": house_id,
            "number": number,
            "code": one.code,
            "due_on": one.due_on,
            "leads": ",".join(map(str, one.leads)),
            "asks": one.asks,
            "yearly_until": one.yearly_until,
        }
        for one in dates
    ]
    if rows:
        await connection.execute(insert(loan_dates), rows)


async def forget_loans_of(connection: AsyncConnection, person_id: str) -> None:
    """Nothing of what somebody borrowed is kept; the facts say that there was a loan, of which edition, and when."""
    mine = select(loans.c.house_id, loans.c.number).where(loans.c.person_id == person_id)
    for row in (await connection.execute(mine)).all():
        await put_dates(connection, row.house_id, row.number, ())
    await connection.execute(delete(loans).where(loans.c.person_id == person_id))


def own_loans(person_id: str) -> Select[Any]:
    """What a person borrowed."""
    return select(loans).where(loans.c.person_id == person_id).order_by(loans.c.house_id, loans.c.number)
