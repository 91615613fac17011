"""`engawa show standing`: where the guarantee of a house stands, or stood on an earlier day, and why."""

from dataclasses import asdict
from datetime import date
from typing import Annotated, Any

import typer
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.cli.layout import show
from bot.cli.loan.edition import told
from bot.cli.opening import print_json, with_service
from bot.config import SettingsError
from bot.core.book.standing import standing_on
from bot.core.days import civil
from bot.core.loan import Loan, wholly_certified
from bot.programmes.edition import Edition, editions
from bot.programmes.stake import stake
from main import Service
from storage.loans import loans_at
from storage.standing import standing_sources

AsJson = Annotated[bool, typer.Option("--json", help="answer as one line of JSON")]
At = Annotated[
    str, typer.Option("--at", help="as it stood at the end of that day, such as 2027-04-01; by default today")
]


def command(house_id: str, at: At = "", as_json: AsJson = False) -> None:
    """A guarantee's standing: none, good, at risk or lapsed, with its reasons and what would mend each."""
    day = _day(at)
    found = with_service(lambda service: _standing(service, house_id, day))
    if found is None:
        typer.echo(f"engawa: no house {house_id}", err=True)
        raise typer.Exit(1)
    if as_json:
        print_json(found)
    else:
        show(found)


async def _standing(service: Service, house_id: str, day: date | None) -> dict[str, Any] | None:
    """Raises SettingsError for a day of which nothing is known."""
    today = civil(service.clock.now())
    if day is not None and day > today:
        raise SettingsError(f"--at {day} is still to come: a standing is known until today, {today}")
    async with service.store.read() as connection:
        sources = (await standing_sources(connection, [house_id])).get(house_id)
        if sources is not None and day is not None and day < (since := sources.house["taken_in_on"]):
            raise SettingsError(f"{house_id} was taken in on {since}: nothing before")
        found = await standing_of(service, connection, house_id, day or today)
        lent = await loans_at(connection, house_id)
    return found | {"loans": [_at_stake(loan, day or today) for loan in lent]} if found and lent else found


async def standing_of(service: Service, connection: AsyncConnection, house_id: str, day: date) -> dict[str, Any] | None:
    """The standing on a civil day, not after today, as plain values; None for a house that is not there."""
    sources = (await standing_sources(connection, [house_id])).get(house_id)
    if sources is None:
        return None
    found = standing_on(sources, day, civil(service.clock.now()))
    reasons = [asdict(reason) | {"mend": reason.mend} for reason in found.reasons]
    return {"house": house_id, "state": found.state, "on": day, "lapsed_on": found.since, "reasons": reasons}


def _at_stake(loan: Loan, on: date) -> dict[str, Any]:
    """What more is paid in all, in yen, if the certification were lost that day; None where it is not known."""
    known = editions().get(loan.edition)
    found = stake(known, loan.terms, on) if known and loan.repaid_on is None else None
    lent = {"loan": loan.number, "edition": loan.edition} | (_status(known, on) if known else {})
    lent |= {"all_units_certified": wholly_certified(loan.terms)}
    lent |= {"method": loan.terms.method, "method_assumed": loan.terms.method is None}
    return lent | {"at_stake_yen": found.total if found else None}


def _status(known: Edition, on: date) -> dict[str, Any]:
    """Whether one could apply under it on that day: what is lent goes on either way."""
    return {name: value for name, value in told(known, on).items() if name.startswith("status")}


def _day(at: str) -> date | None:
    try:
        return date.fromisoformat(at) if at else None
    except ValueError:
        raise SettingsError("--at must be a date such as 2027-04-01") from None
