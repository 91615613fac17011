"""Which month's file for the guarantor was written last, and since when its place has taken none: one row."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.book.month import Month
from bot.core.days import civil
from bot.core.outcome import Deed
from storage.record import SERVICE, Seal, append, get_value, set_value

KEPT = "month_file"


@dataclass(frozen=True, slots=True)
class Filed:
    """``last`` is the last month that was written, ``tried`` the civil hour of the last try that failed, and
    ``failing`` the instant (ISO) since which every try has; each is "" where there is none."""

    last: str = ""
    tried: str = ""
    failing: str = ""

    @property
    def month(self) -> Month | None:
        return Month.read(self.last) if self.last else None

    @property
    def failing_since(self) -> datetime | None:
        return datetime.fromisoformat(self.failing) if self.failing else None

    def failed(self, hour: str, now: datetime) -> "Filed":
        return replace(self, tried=hour, failing=self.failing or now.isoformat())


async def filed(connection: AsyncConnection) -> Filed:
    kept = await get_value(connection, KEPT)
    return Filed(**json.loads(kept)) if kept else Filed()


async def keep_filed(connection: AsyncConnection, state: Filed) -> None:
    await set_value(connection, KEPT, json.dumps(asdict(state)))


async def note_filed(
    connection: AsyncConnection, seal: Seal, month: Month, counts: Mapping[str, int], now: datetime
) -> None:
    """The month is written: a fact of the installation, once, whoever wrote the files besides."""
    if (await filed(connection)).last >= str(month):
        return
    await append(connection, seal, [(SERVICE, Deed("month_filed", "engawa", {"month": str(month), **counts}))], now)
    await keep_filed(connection, Filed(str(month)))


async def place_failing_since(connection: AsyncConnection) -> date | None:
    """The civil day since which the month's file could not be laid down."""
    since = (await filed(connection)).failing_since
    return civil(since) if since else None
