"""The watched folder or bucket, looked into by a single run: twice, as the service does, where anything lies there."""

from asyncio import sleep
from datetime import datetime
from typing import Any

import typer
from sqlalchemy import func, select

from handlers.web.intake.tray import DOOR
from main import Service, collector
from scheduler.collecting import PAUSE
from storage.tables import imports


async def collected(service: Service, now: datetime) -> list[dict[str, Any]]:
    """What came in, file by file. What changed between the two looks is being written still, and left for later."""
    found = collector(service)
    if found is None:
        return []
    before = await _newest(service)
    try:
        await found.look(now)
        if found.lying:
            waits = f"{found.lying} files in the watched place; a second look in {PAUSE:.0f} seconds"
            typer.echo(f"engawa: {waits}", err=True)
            await sleep(PAUSE)
            while await found.look(now):  # some of each company at a time
                continue
    except OSError as error:
        typer.echo(f"engawa: the watched place cannot be reached ({type(error).__name__})", err=True)
    return await _since(service, before)


async def _newest(service: Service) -> int:
    async with service.store.read() as connection:
        return int((await connection.execute(select(func.max(imports.c.id)))).scalar() or 0)


async def _since(service: Service, number: int) -> list[dict[str, Any]]:
    columns = {
        "import": imports.c.id,
        "company": imports.c.submitter,
        "verdict": imports.c.verdict,
        "rows": imports.c.rows_accepted,
        "of": imports.c.rows_total,
    }
    query = select(*(column.label(name) for name, column in columns.items())).order_by(imports.c.id)
    async with service.store.read() as connection:
        rows = await connection.execute(query.where(imports.c.id > number, imports.c.door == DOOR))
        return [dict(row._mapping) for row in rows]
