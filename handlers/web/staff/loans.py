"""A house's loans: the staff see them, enter and correct them, and note that one is repaid. Each showing is a look."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from fastapi import APIRouter, Request
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, Response

from bot.core.days import civil
from bot.core.loan import REDUCTIONS, STEPS, Loan
from bot.core.people import Person
from bot.programmes.edition import editions
from bot.programmes.milestones import told_days
from handlers.web.forms import Posted, row_number
from handlers.web.intake.loans import loan_told
from handlers.web.loan_form import (
    BETWEEN,
    BORROWER,
    CHANGED,
    CHOICES,
    DATES,
    REPAID,
    Typed,
    cells_of,
    checked,
    keep_loan,
    mark_of,
    next_number,
    opened,
    read_loan,
)
from handlers.web.loans import shown
from handlers.web.staff.acting import back
from handlers.web.staff.entrance import StaffHere
from handlers.web.staff.session import Session
from storage.desk import names_of
from storage.households import load_households, lock_houses
from storage.intake.loans import TYPED
from storage.loans import loans_at, numbers_at

routes = APIRouter(include_in_schema=False)
NEW = "new"


@dataclass(frozen=True, slots=True)
class Lent:
    """The loans of those who own the house now, by number, and the number of the next one."""

    house_id: str
    owners: tuple[Person, ...]
    loans: Mapping[int, Loan]
    next: int


@routes.get("/staff/houses/{house_id}/loans")
async def show(session: StaffHere, house_id: str, number: str = "") -> HTMLResponse:
    """``number``: the loan whose form is open; NEW for one more."""
    async with session.site.store.read() as connection:
        found = await _found(connection, house_id)
        chosen = found.next if number == NEW else row_number(number)
        known = chosen in found.loans or (number == NEW and found.owners)
        seal = session.site.store.pins.seal
        form = opened(chosen, found.loans.get(chosen), seal) if known else None
        return await _page(connection, session, found, form)


@routes.post("/staff/houses/{house_id}/loans")
async def tell(request: Request, session: StaffHere, house_id: str) -> Response:
    """404 for a loan that nobody who owns the house has; a form that cannot be taken comes back as it was sent."""
    form, site = await session.posted(request), session.site
    async with site.store.write() as connection:
        await lock_houses(connection, [house_id])
        found = await _found(connection, house_id)
        sent = _sent(session, form, found)
        if sent.row is None:
            return await _page(connection, session, found, sent)
        await keep_loan(connection, site, loan_told(sent.row, sent.borrower) | TYPED, session.person.id)
    return back(f"/staff/houses/{house_id}/loans")


def _sent(session: Session, form: Posted, found: Lent) -> Typed:
    """What was sent, held against what is on record now: the same once more is no change, anything else is asked."""
    number, today = row_number(form.text("number")), civil(session.site.now())
    loan = found.loans.get(number)
    if loan is None and (number != found.next or not found.owners):
        raise HTTPException(404)
    if form.text("step") == REPAID:
        cells = cells_of(loan) | {REPAID: form.text(REPAID)}
        sent = checked(Typed(number, cells, form.text("was")), found.house_id, today)
        sent = sent if form.text(REPAID) else replace(sent, wrong=(REPAID,), row=None)
    else:
        sent = read_loan(form, (found.house_id, number), today)
    told_before = form.text("was") == mark_of(loan, session.site.store.pins.seal)
    sent = _borrowed(sent, form, found)
    same = loan is not None and (sent.values, sent.borrower or loan.person_id) == (cells_of(loan), loan.person_id)
    return sent if told_before or same else replace(sent, wrong=(CHANGED,), row=None)


def _borrowed(sent: Typed, form: Posted, found: Lent) -> Typed:
    """With who borrowed, of those who own the house now; the form of a repayment names nobody."""
    named = form.text(BORROWER)
    if named and named not in {one.id for one in found.owners}:
        return replace(sent, wrong=(*sent.wrong, BORROWER), row=None)
    return replace(sent, borrower=named)


async def _found(connection: AsyncConnection, house_id: str) -> Lent:
    household = (await load_households(connection, [house_id])).get(house_id)
    if household is None:
        raise HTTPException(404)
    lent = await loans_at(connection, house_id)
    taken = await numbers_at(connection, house_id)
    return Lent(house_id, household.owners, {one.number: one for one in lent}, next_number(taken))


async def _page(connection: AsyncConnection, session: Session, found: Lent, form: Typed | None) -> HTMLResponse:
    today, seal = civil(session.site.now()), session.site.store.pins.seal
    return session.page(
        "loans",
        422 if form is not None and form.wrong else 200,
        house=found.house_id,
        owned=bool(found.owners),
        loans=[shown(one, session.language, today) for one in found.loans.values()],
        marks={one.number: mark_of(one, seal) for one in found.loans.values()},
        people=await names_of(connection, {one.id for one in found.owners}),
        owners=[one.id for one in found.owners],
        borrower=_borrower(found, form),
        steps=_steps(found, form),
        form=form,
        old=form is not None and form.number in found.loans,
        choices=CHOICES,
        dates=DATES,
        reductions=REDUCTIONS,
        editions=_editions(session.language),
    )


def _borrower(found: Lent, form: Typed | None) -> str:
    """Who stands in an open form as the borrower."""
    if form is None or form.borrower:
        return form.borrower if form else ""
    loan = found.loans.get(form.number)
    return loan.person_id if loan else next((one.id for one in found.owners), "")


def _steps(found: Lent, form: Typed | None) -> dict[str, str]:
    """By code, what stands in an open form as the day of each step that somebody has to tell; of the loan's edition."""
    loan = found.loans.get(form.number) if form else None
    if form is None or loan is None or loan.edition not in editions():
        return {}
    typed = dict(part.split(":", 1) for part in form.values["step_days"].split(BETWEEN) if part)
    names = {code: name for name, code in STEPS.items()}
    asked = (code for code in told_days(editions()[loan.edition]) if code in names)
    return {code: typed.get(names[code], "") for code in asked}


def _editions(language: str) -> dict[str, Any]:
    return {id: one.name_ja if language == "ja" else one.name_en for id, one in editions().items()}
