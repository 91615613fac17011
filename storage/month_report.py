"""The month's figures for the guarantor as files: houses-MONTH and servicers-MONTH, each as CSV and as JSON."""

import asyncio
from contextlib import AsyncExitStack
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from bot.core.book.month import HouseMonth, Line, Month
from storage.month_file import Table, growing
from storage.monthly import company_names, months_of
from storage.store import Store

FIGURES = ("due", "on_time", "on_time_rate", "overdue", "unconfirmed", "findings", "days_silent")
OF_HOUSE = ("month", "house_id", "servicer_id", "standing", "reasons", *FIGURES)
OF_COMPANY = ("month", "servicer_id", "name", "houses", "at_risk", "lapsed", *FIGURES)


class BrokenOffError(RuntimeError):
    """The service is being stopped; no file of the month has its name yet."""


@dataclass(frozen=True, slots=True)
class MonthReport:
    """Writes months to ``place``: a folder, or an address that fsspec knows. ``closing``, once set, breaks it off."""

    store: Store
    place: str = field(repr=False)  # it may hold a password
    today: date
    closing: asyncio.Event = field(default_factory=asyncio.Event)

    async def write(self, month: Month) -> dict[str, int]:
        """How many houses and companies the files have. Raises PlaceUrlError or OSError where the place takes none,
        and BrokenOffError; a month that is written again has the same bytes."""
        companies: dict[str, Line] = {}
        async with AsyncExitStack() as stack:
            houses = await self._table(stack, f"houses-{month}", OF_HOUSE)
            async for batch in months_of(self.store, month, self.today):
                if self.closing.is_set():
                    raise BrokenOffError
                for one in batch:
                    houses.add(_of_house(one, month))
                    companies[one.servicer_id] = companies.get(one.servicer_id, Line()).plus(one.line)
            async with self.store.read() as connection:
                names = await company_names(connection)
            servicers = await self._table(stack, f"servicers-{month}", OF_COMPANY)
            for servicer_id, line in sorted(companies.items()):
                servicers.add(_of_company(servicer_id, names.get(servicer_id, ""), line, month))
            return {"houses": houses.end(), "servicers": servicers.end()}

    async def _table(self, stack: AsyncExitStack, name: str, columns: tuple[str, ...]) -> Table:
        as_csv, as_json = [
            await stack.enter_async_context(growing(self.place, f"{name}.{form}")) for form in ("csv", "json")
        ]
        return Table(as_csv, as_json, columns)


def _of_house(one: HouseMonth, month: Month) -> dict[str, Any]:
    told: dict[str, Any] = {"month": str(month), "house_id": one.house_id, "servicer_id": one.servicer_id}
    return told | {"standing": str(one.state), "reasons": list(one.reasons)} | _figures(one.line)


def _of_company(servicer_id: str, name: str, line: Line, month: Month) -> dict[str, Any]:
    told: dict[str, Any] = {"month": str(month), "servicer_id": servicer_id, "name": name}
    return told | {name: getattr(line, name) for name in ("houses", "at_risk", "lapsed")} | _figures(line)


def _figures(line: Line) -> dict[str, Any]:
    known = asdict(line) | {"on_time_rate": line.rate}
    return {name: known[name] for name in FIGURES}
