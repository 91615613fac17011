"""The loans of a house, behind an owner's own link: the only page on which they see sums, of what they borrowed.

Of what another owner borrowed they see the days, which the house's plan tells of anyway, and no sum.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, Response

from bot.core.loan import Dated, Loan, wholly_certified
from bot.programmes.edition import Edition, Status, UnknownEdition, edition
from bot.programmes.milestones import dates, duties, steps, to_tell
from bot.programmes.stake import stake
from handlers.web.forms import stamp
from handlers.web.lapsed import lapsed_page
from handlers.web.record import owner_of, today
from handlers.web.site import Site, SiteHere, page
from handlers.web.visitor import Visitor
from storage.concern import houses_of
from storage.loans import loans_at

routes = APIRouter(include_in_schema=False)


@routes.get("/c/{token}/loans/{house_id}")
async def show(site: SiteHere, token: str, house_id: str) -> Response:
    """404 for any other house, and for whoever owns none."""
    async with site.store.read() as connection:
        visitor = await owner_of(connection, site, token)
        if visitor.lapsed:
            return await lapsed_page(connection, site, visitor)
        if house_id not in await houses_of(connection, visitor.person.id):
            raise HTTPException(404)
        lent = await loans_at(connection, house_id)
    return loans_page(site, visitor, house_id, lent)


def loans_page(site: Site, visitor: Visitor, house_id: str, lent: Sequence[Loan], **said: int) -> HTMLResponse:
    """``said``: of which loan days were just told, or could not be taken."""
    language = visitor.person.language
    mine = [shown(loan, language, today(site)) for loan in lent if loan.person_id == visitor.person.id]
    others = [without_sums(loan, language, today(site)) for loan in lent if loan.person_id != visitor.person.id]
    mark = stamp(site.links, visitor.person.id)
    marks = {"told": 0, "wrong": 0} | said
    return page(
        site, "loans", language, visitor=visitor, house=house_id, stamp=mark, loans=mine, others=others, marks=marks
    )


def without_sums(loan: Loan, language: str, on: date) -> Mapping[str, Any]:
    """What a page says of another owner's loan: its programme, how far it is, and its days."""
    told = shown(loan, language, on)
    bare = replace(loan, terms=replace(loan.terms, principal=None, months=None, steps=()))
    return {name: told[name] for name in ("name", "source", "closed", "days")} | {"loan": bare, "terms": bare.terms}


def shown(loan: Loan, language: str, on: date) -> Mapping[str, Any]:
    """What a page says of a loan; of an edition that is in no file any more, what was told of the loan alone."""
    told = {"loan": loan, "terms": loan.terms, "wholly": wholly_certified(loan.terms)}
    try:
        known = edition(loan.edition)
    except UnknownEdition:
        return told | {
            "name": loan.edition,
            "source": "",
            "closed": True,
            "steps": (),
            "days": (),
            "duties": (),
            "asked": {},
        }
    ja = language == "ja"
    running = loan.repaid_on is None
    return told | {
        "name": known.name_ja if ja else known.name_en,
        "source": known.source_ja if ja else known.source_en,
        "closed": known.status(on) is Status.CLOSED,
        "steps": steps(known, loan.terms) if running and loan.terms.contracted_on is None else (),
        "days": _days(known, loan) if running else (),
        "duties": duties(known) if running else (),
        "stake": stake(known, loan.terms, on) if running else None,
        "asked": asked(known, loan, on),
    }


def _days(known: Edition, loan: Loan) -> list[Dated]:
    """The days of a programme; those on which we ask are ours, and none of its."""
    found = (one for one in dates(known, loan.number, loan.terms) if not one.ours)
    return sorted(found, key=lambda one: one.due_on)


def asked(known: Edition, loan: Loan, on: date) -> dict[str, str]:
    """What a borrower may tell of the steps that are ahead, by its code, with the day that was told of it."""
    if loan.repaid_on is not None:
        return {}
    return {name: day.isoformat() if day else "" for name, day in to_tell(known, loan.terms, on).items()}
