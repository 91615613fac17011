"""All houses at a glance: what is due and done, where guarantees stand, who is silent, how channels do, the cost."""

from datetime import date

from fastapi import APIRouter
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, Response

from bot.core.cost import MONTHS
from bot.core.days import civil
from bot.core.municipality import NUMBERED
from bot.core.people import servicer_key
from bot.core.tally import AHEAD, NOW, SILENT, months_of
from handlers.web.spreadsheet import as_csv, csv_response
from handlers.web.staff.entrance import StaffHere
from handlers.web.staff.portfolio_tables import TABLES, Figures, Table, plots, tables
from handlers.web.staff.session import Session
from storage.desk import names_of
from storage.sends import paid_for, sent_by_month
from storage.tallies import areas_with_houses, silent_companies, tallied, whole_day

routes = APIRouter(include_in_schema=False)
PATH = "/staff/portfolio"
EVERYWHERE = ("", "")


@routes.get(PATH)
async def show(session: StaffHere, area: str = "", company: str = "") -> HTMLResponse:
    where = _where(area, company)
    async with session.site.store.read() as connection:
        day = await whole_day(connection)
        areas = await areas_with_houses(connection, day) if day else []
        figures = await _figures(session, connection, where, day) if day else None
        name = (await names_of(connection, {servicer_key(company)})).get(servicer_key(company), "") if company else ""
    found = tables(session, figures) if figures else {}
    return session.page(
        "portfolio",
        day=day,
        areas=areas,
        area=where[0],
        company=where[1],
        prefectures=NUMBERED,
        company_name=name,
        figures=figures,
        tables=found,
        plots=plots(session, figures) if figures else {},
    )


@routes.get(PATH + "/{what}.csv")
async def as_table(session: StaffHere, what: str, area: str = "", company: str = "") -> Response:
    """One of the tables, as a spreadsheet opens it."""
    async with session.site.store.read() as connection:
        day = await whole_day(connection)
        if what not in TABLES or day is None:
            raise HTTPException(404)
        figures = await _figures(session, connection, _where(area, company), day)
    table: Table = tables(session, figures)[what]
    return csv_response(what, as_csv(table.header, table.rows))


def _where(area: str, company: str) -> tuple[str, str]:
    """Area and company as the counts have them; 400 for what is no area."""
    if area and not (area.isascii() and area.isdigit() and len(area) in (2, 5)):
        raise HTTPException(400)
    return area, company[:64]


async def _figures(session: Session, connection: AsyncConnection, where: tuple[str, str], day: date) -> Figures:
    months = months_of(civil(session.site.now()))
    past = months[: len(months) - AHEAD]
    sent = await sent_by_month(connection, where, past)
    year = past[-MONTHS:]
    whole = paid_for(await sent_by_month(connection, EVERYWHERE, year)) if where != EVERYWHERE else None
    counted = await tallied(connection, day, where)
    silent = await silent_companies(connection, day, where[0])
    if where[1]:
        silent = [(where[1], counted[SILENT, NOW])] if counted[SILENT, NOW] else []
    return Figures(
        day=day,
        months=months,
        tallied=counted,
        sent=sent,
        year=year,
        paid=paid_for({month: sent[month] for month in year}),
        whole=whole,
        silent=silent,
        names=await names_of(connection, {servicer_key(company) for company, _ in silent}),
    )
