"""What people wrote is not kept for ever: the words go, and what followed from them stays.

The staff's own words stay, since they are the reasons for what was decided, and so do files, which are evidence.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.inbound import DONE, EXPIRED, FAILED
from storage.tables import EXPIRING, inbound, spelled

BATCH = 200  # rows in one round: after a long outage they go over many rounds, and hold up none
SHOWN = ("after", "label")  # of an event on a page of ours: its place in the talk, and what stood on the button


async def forget_words(connection: AsyncConnection, before: datetime) -> int:
    """Blanks what was understood and came before this instant, the oldest first; how many rows that were."""
    query = select(inbound.c.id, inbound.c.raw, inbound.c.said).where(
        inbound.c.state == spelled(DONE), text(EXPIRING), inbound.c.received_at < before
    )
    rows = (await connection.execute(query.order_by(inbound.c.received_at).limit(BATCH))).all()
    if rows:
        blank = update(inbound).where(inbound.c.id == bindparam("row_id"))
        values = {name: bindparam(name, type_=inbound.c[name].type) for name in ("raw", "said")}
        await connection.execute(blank.values(state=EXPIRED, **values), [_blank(*row) for row in rows])
    return len(rows) + await _forget_laid_aside(connection, before)


async def _forget_laid_aside(connection: AsyncConnection, before: datetime) -> int:
    """What could never be understood stays with the staff, without its words; there is little of it."""
    query = select(inbound.c.id, inbound.c.raw).where(
        inbound.c.state == spelled(FAILED), inbound.c.received_at < before
    )
    old = [row.id for row in await connection.execute(query) if row.raw]
    await connection.execute(update(inbound).where(inbound.c.id.in_(old)).values(raw={}, said={}))
    return len(old)


def _blank(row_id: int, raw: dict[str, Any], said: dict[str, Any]) -> dict[str, Any]:
    """What was withdrawn or erased is blank already."""
    known = {**raw, **said}
    kept = {name: raw[name] for name in SHOWN if name in raw}
    words = {"action": known.get("action", ""), "files": known.get("files", []), "wordless": bool(known.get("text"))}
    return {"row_id": row_id, "raw": kept | words if raw else {}, "said": words if said else {}}
