"""A handover of all houses of a company is taken back, as far as no other company has accepted."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.days import civil
from bot.core.handover import Approved, Told, concerned, may_take_back, resumed, take_back, was_taken_back
from bot.core.outcome import Outcome
from bot.core.people import STAFF_DESK
from scheduler.handover import BATCH, Life, Watch, lives
from storage import handovers
from storage.commit import commit
from storage.people import IN_BUSINESS
from storage.reviews import HandoverError, known_handover, note_batch
from storage.store import Store


async def undo(store: Store, number: int, now: datetime, watch: Watch = lambda more: None) -> list[str]:
    """Takes back what no company has accepted yet; the houses for which it is too late. Raises HandoverError.

    The company is in business again if it was before. Broken off, it is gone on with when called again.
    """
    async with store.write() as connection:
        row = await known_handover(connection, number)
        await _reopened(connection, store, row, now)
    after, late = "", list[str]()
    while True:
        async with store.write() as connection:
            page = await handovers.rows_of(connection, number, after, BATCH, handovers.STANDING)
            if not page:
                await handovers.set_state(connection, number, handovers.UNDONE)
                return late
            late += await _back(connection, store, row, page, now)
        after = page[-1].house_id
        watch(len(page))


async def undo_house(store: Store, number: int, house_id: str, now: datetime) -> list[str]:
    """The same for one house, which the staff hold from then on; the house itself if it is too late."""
    async with store.write() as connection:
        row = await known_handover(connection, number)
        page = await handovers.row_of(connection, number, house_id, handovers.STANDING)
        if not page or row.approved_at is None:
            raise HandoverError(f"nothing was begun for {house_id} in handover {number}, or it was taken back")
        return await _back(connection, store, row, page, now)


async def _reopened(connection: AsyncConnection, store: Store, row: Row[Any], now: datetime) -> None:
    if row.state == handovers.UNDONE:
        raise HandoverError(f"handover {row.id} was taken back")
    if row.state == handovers.UNDOING:
        return
    if row.approved_at is not None:
        later = await handovers.later_approved(connection, row.id, row.servicer_id)
        if later is not None:
            raise HandoverError(f"take back handover {later} first: it goes on with houses of the same company")
        await handovers.reopen_company(connection, row.servicer_id, row.status_before, civil(now))
        if row.status_before in IN_BUSINESS:
            houses = await handovers.still_its_own(connection, row.servicer_id)
            await commit(connection, store.pins, [resumed(row.servicer_id, houses)], now)
    await handovers.set_state(connection, row.id, handovers.UNDOING)
    deed = was_taken_back(row.id, row.servicer_id, STAFF_DESK)
    await note_batch(connection, store.pins, deed, now)


async def _back(
    connection: AsyncConnection, store: Store, handover: Row[Any], page: Sequence[Row[Any]], now: datetime
) -> list[str]:
    house_ids = [row.house_id for row in page]
    lived, since = await lives(connection, house_ids), handover.approved_at
    off = await handovers.visits_off(connection, house_ids, since) if since else {}
    outcomes, changed, late = list[Outcome](), [], []
    for row in page:
        told = Told(off.get(row.case_id)) if row.state in (handovers.ASKED, handovers.HELD) else None
        found = _taken_back((handover, told), row, lived[row.house_id], now)
        if found is None:
            late.append(row.house_id)
            continue
        outcomes += found
        changed.append({"house": row.house_id, "now": handovers.UNDONE, "case": row.case_id, "on": row.asked_on})
    await commit(connection, store.pins, outcomes, now)
    await handovers.set_houses(connection, handover.id, changed)
    return late


def _taken_back(begun: tuple[Row[Any], Told | None], row: Row[Any], life: Life, now: datetime) -> list[Outcome] | None:
    """None where a company has accepted the house, or has it by now. ``begun``: the handover, what the owner knows."""
    handover, told = begun
    household, scenes, _ = life
    if household.house.servicer_id != handover.servicer_id:
        return None
    approved = Approved(handover.id, handover.approved_by, (), civil(now))
    mine = [scene for scene in scenes if scene.case.id == row.case_id or concerned(scene, approved)]
    if handover.approved_at is None:
        return []
    if not all(may_take_back(scene, handover.id) for scene in mine):
        return None
    by = handover.approved_by
    return [take_back(scene, by, now, told if scene.case.id == row.case_id else None) for scene in mine]
