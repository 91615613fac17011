"""`engawa cost`: yen for a house and year, by channel, from what went out and the price lists."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Any

import typer

from bot.channels.prices import price_lists
from bot.cli.layout import show
from bot.cli.opening import print_json, with_service
from bot.config import SettingsError
from bot.core.cost import MONTHS, Cost, PriceList, cost_of, yen
from bot.core.days import add_months, civil
from bot.core.tally import HOUSES, NOW
from main import Service
from scheduler.tallying import tally_all
from storage.sends import paid_for, sent_by_month
from storage.tallies import tallied, whole_day

AsJson = Annotated[bool, typer.Option("--json", help="answer as one line of JSON")]
Year = Annotated[str, typer.Option("--year", help="a calendar year, such as 2027; otherwise the last twelve months")]


def command(year: Year = "", as_json: AsJson = False) -> None:
    """What messages cost for a house and year, by channel, postage included."""
    told = with_service(lambda service: year_of(service, year))
    print_json(told) if as_json else show(told)


async def year_of(service: Service, year: str = "") -> dict[str, Any]:
    """The answer as it is shown. Raises SettingsError for a year that is none, or has not begun."""
    now = service.clock.now()
    months = _months(year, now)
    await tally_all(service.store, now)
    async with service.store.read() as connection:
        told = paid_for(await sent_by_month(connection, ("", ""), months))
        day = await whole_day(connection)
        houses = (await tallied(connection, day, ("", "")))[HOUSES, NOW] if day else 0
    prices = price_lists(service.settings.postage_file)
    return {
        "months": f"{months[0]} to {months[-1]}",
        **cost_table(cost_of(told, prices, houses)),
        "prices": [one for name in prices for one in _sources(name, prices[name])],
    }


def cost_table(cost: Cost) -> dict[str, Any]:
    """Whole yen; for a house and year to a hundredth. ``alone``: all messages through this channel."""
    return {
        "houses": cost.houses,
        "yen": yen(cost.yen),
        "yen_per_house_and_year": f"{cost.per_house(cost.yen):.2f}",
        "channels": [
            {
                "channel": name,
                "sent": one.sent,
                "answers": one.answers,
                "yen": yen(one.yen),
                "yen_per_house_and_year": f"{cost.per_house(one.yen):.2f}",
                "alone_per_house_and_year": f"{cost.per_house(one.alone):.2f}",
            }
            for name, one in cost.channels.items()
        ],
    }


def _months(year: str, now: datetime) -> Sequence[str]:
    """Whole months, the running one included; none that has not begun."""
    this = civil(now).replace(day=1)
    first = _year(year) if year else add_months(this, 1 - MONTHS)
    if first > this:
        raise SettingsError(f"{year} has not begun")
    months = [add_months(first, place) for place in range(MONTHS)]
    return [f"{month:%Y-%m}" for month in months if month <= this]


def _year(text: str) -> date:
    if len(text) == 4 and text.isascii() and text.isdigit() and text != "0000":
        return date(int(text), 1, 1)
    raise SettingsError("--year must be a year such as 2027")


def _sources(name: str, prices: PriceList) -> list[dict[str, Any]]:
    told: list[dict[str, Any]] = [
        {
            "channel": name,
            "what": part.name,
            "yen": str(part.yen),
            "source": part.source,
            "on": part.on.isoformat(),
            "assumption": part.assumed,
        }
        for part in prices.parts
    ]
    on = prices.on.isoformat() if prices.on else ""
    for tariff in prices.tariffs:
        where = {"source": prices.source, "on": on, "assumption": False}
        told.append({"channel": name, "what": tariff.name, "yen": str(tariff.fee)} | where)
    return told
