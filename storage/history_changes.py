"""The changes to what is on its way to a house's history that an outcome may ask for."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.days import civil
from bot.core.history.access import Entry, Held
from storage.tables import entries, evidence, histories

Data = Mapping[str, Any]


async def wait_again(connection: AsyncConnection, house_id: str) -> None:
    """It is known who keeps the history: works that lay with the staff for that wait to be entered there."""
    lying = (entries.c.house_id == house_id, entries.c.state == Entry.STAFF)
    await connection.execute(update(entries).where(*lying).values(state=Entry.NEW))


async def history_noted(connection: AsyncConnection, house_id: str, data: Data, now: datetime) -> None:
    """Columns of the house's row."""
    if data.get("provider_id"):
        await wait_again(connection, house_id)
    await connection.execute(update(histories).where(histories.c.house_id == house_id).values(**data))


async def look_now(connection: AsyncConnection, house_ids: Iterable[str], today: date) -> None:
    """Something about these houses has changed that their history may depend on."""
    wanted = list(house_ids)
    if wanted:
        await connection.execute(update(histories).where(histories.c.house_id.in_(wanted)).values(look_on=today))


async def want_list(connection: AsyncConnection, house_ids: Iterable[str], today: date) -> None:
    """Another company has these houses: it is to know what was done there before."""
    wanted = list(house_ids)
    if wanted:
        mine = update(histories).where(histories.c.house_id.in_(wanted))
        await connection.execute(mine.values(list_wanted=True, look_on=today))


async def works_closed(connection: AsyncConnection, house_id: str, data: Data, now: datetime) -> None:
    """Works that are over are to be entered, their photos and reports to be handed over. Known ones stay."""
    today = civil(now)
    known = select(entries.c.work_id).where(entries.c.work_id.in_(data["works"]))
    there = set((await connection.execute(known)).scalars())
    new = [work for work in data["works"] if work not in there]
    row = {"house_id": house_id, "case_id": data["case"], "closed_on": today, "servicer": data["servicer"]}
    if new:
        await connection.execute(insert(entries), [{**row, "work_id": work, "state": Entry.NEW} for work in new])
    kept = select(evidence.c.ref).where(evidence.c.house_id == house_id, evidence.c.ref.in_(data["files"]))
    had = set((await connection.execute(kept)).scalars())
    files = [ref for ref in data["files"] if ref not in had]
    held = {"house_id": house_id, "case_id": data["case"], "kept_on": today, "state": Held.KEPT}
    if files:
        await connection.execute(insert(evidence), [{**held, "ref": ref} for ref in files])
    await look_now(connection, [house_id], today)


async def entries_noted(connection: AsyncConnection, house_id: str, data: Data, now: datetime) -> None:
    """``works`` come to a state, with whatever else is told of them. What is entered already stays so."""
    values = {name: value for name, value in data.items() if name != "works"}
    mine = (entries.c.house_id == house_id, entries.c.work_id.in_(data["works"]), entries.c.state != Entry.DONE)
    await connection.execute(update(entries).where(*mine).values(**values))


async def entry_referenced(connection: AsyncConnection, house_id: str, data: Data, now: datetime) -> None:
    """Under which reference the provider knows what was entered."""
    mine = (entries.c.house_id == house_id, entries.c.work_id.in_(data["works"]), entries.c.state == Entry.DONE)
    await connection.execute(update(entries).where(*mine).values(reference=data["reference"]))


async def evidence_noted(connection: AsyncConnection, house_id: str, data: Data, now: datetime) -> None:
    """``files`` come to a state, with whatever else is told of them."""
    values = {name: value for name, value in data.items() if name != "files"}
    mine = (evidence.c.house_id == house_id, evidence.c.ref.in_(data["files"]), evidence.c.state != Held.GONE)
    await connection.execute(update(evidence).where(*mine).values(**values))


async def files_handed(connection: AsyncConnection, house_id: str, data: Data, now: datetime) -> None:
    """Somebody says that everything we hold of this house was handed over to who keeps its history."""
    open_ = (evidence.c.house_id == house_id, evidence.c.state.in_((Held.KEPT, Held.SENT, Held.HANDED)))
    values = {"state": Held.TOLD, "handed_on": civil(now), "handed_to": data["to"]}
    await connection.execute(update(evidence).where(*open_).values(**values))
