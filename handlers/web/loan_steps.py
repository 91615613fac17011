"""Where a borrower tells the days of the steps before their money comes: no leaflet prints them, so they are asked."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date

from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse

from bot.core.loan import Loan
from bot.intake.dates import read_date
from bot.programmes.edition import editions
from bot.programmes.milestones import INSPECTION
from handlers.web.forms import Posted, posted, row_number
from handlers.web.intake.loans import days_of
from handlers.web.loan_form import keep_loan
from handlers.web.loans import asked, loans_page
from handlers.web.record import owner_of, today
from handlers.web.site import SiteHere
from storage.households import lock_houses
from storage.intake.loans import TYPED
from storage.loans import loans_at

routes = APIRouter(include_in_schema=False)
YEARS_AROUND = 10  # from the application; a day further off is mistyped
YEARS_OF_LOAN = 60  # a review of the rate may lie as far off
AFTERWARDS = "rate-review-next"


@routes.post("/c/{token}/loans/{house_id}")
async def tell(request: Request, site: SiteHere, token: str, house_id: str) -> HTMLResponse:
    """404 for a loan that is not the visitor's own, or asks for no day. All days are kept, or none."""
    async with site.store.read() as connection:
        visitor = await owner_of(connection, site, token)
    form = await posted(request, site.links, visitor.person.id)
    number = row_number(form.text("number"))
    async with site.store.write() as connection:
        await lock_houses(connection, [house_id])
        visitor = await owner_of(connection, site, token)
        mine = await loans_at(connection, house_id, visitor.person.id) if not visitor.lapsed else []
        loan = next((one for one in mine if one.number == number), None)
        names = _names(loan, today(site)) if loan else {}
        told = _told(form, loan, names) if loan else None
        if loan is not None and told is not None:
            row = {"loan": _with(loan, told, names), "days": days_of} | TYPED
            await keep_loan(connection, site, row, visitor.person.id)
        lent = await loans_at(connection, house_id)
    if loan is None:
        raise HTTPException(404)
    return loans_page(site, visitor, house_id, lent, **({"wrong": number} if told is None else {"told": number}))


def _names(loan: Loan, on: date) -> Collection[str]:
    """What is asked for now. 404 where that is nothing."""
    edition = editions().get(loan.edition)
    names = asked(edition, loan, on) if edition else {}
    if not names:
        raise HTTPException(404)
    return names


def _told(form: Posted, loan: Loan, names: Collection[str]) -> Mapping[str, date] | None:
    """What was told, by what is asked for; None where one of the days cannot be."""
    found: dict[str, date] = {}
    for name in names:
        text = form.text(f"day-{name}")
        day = read_date(text).day if text else None
        around = YEARS_OF_LOAN if name == AFTERWARDS else YEARS_AROUND
        if text and (day is None or abs(day.year - loan.terms.applied_on.year) > around):
            return None
        if day is not None:
            found[name] = day
    return found


def _with(loan: Loan, told: Mapping[str, date], names: Collection[str]) -> Loan:
    """The loan with the days of all its steps as they are told now."""
    others = [(code, day) for code, day in loan.terms.step_days if code not in names]
    days = tuple(sorted([*others, *((name, day) for name, day in told.items() if name != INSPECTION)]))
    inspection = told.get(INSPECTION) if INSPECTION in names else loan.terms.inspection_on
    return replace(loan, terms=replace(loan.terms, step_days=days, inspection_on=inspection))
