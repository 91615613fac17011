"""A handover looked through by a person: another company chosen for a house, and the signature that sets it going.

HandoverError   what was asked for cannot be; its ``code`` is a word of the templates' list
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, Select, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.allotment import QUEUE
from bot.core.candidates import Ranked
from bot.core.days import civil
from bot.core.handover import was_approved, was_chosen, was_taken_back, was_wanted
from bot.core.outcome import Deed
from bot.core.people import of_named_staff, servicer_key
from bot.core.rights import Right, rights_of
from storage import handovers
from storage.away import away_now
from storage.companies import ranked_for
from storage.households import load_households
from storage.mandates import wake_candidacies
from storage.news import tell_submitters
from storage.people import hold_staff, load_people
from storage.pins import Pins
from storage.record import SERVICE, append
from storage.store import Store
from storage.tables import handover_houses
from storage.tables import handovers as batches

MINE = handover_houses.c


class HandoverError(ValueError):
    """What was asked for cannot be; the message is one plain line."""

    def __init__(self, message: str, code: str = "over") -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class Chosen:
    """Another company for one house of a handover, or nobody: then whoever approves it holds the house."""

    handover: int
    house_id: str
    company: str  # a person's id; empty for nobody
    by: str


async def known_handover(connection: AsyncConnection, number: int, *, lock: bool = False) -> Row[Any]:
    """Raises HandoverError for one that is not there."""
    query = select(batches).where(batches.c.id == number)
    if lock and connection.dialect.name != "sqlite":
        query = query.with_for_update()
    row = (await connection.execute(query)).one_or_none()
    if row is None:
        raise HandoverError(f"no handover {number}", "none")
    return row


async def approve(store: Store, number: int, by: str, now: datetime) -> None:
    """A supervisor approves it by name: the company's access ends, and until others agree they hold its works.

    Raises HandoverError. Approved once is approved: a second time changes nothing.
    """
    async with store.write() as connection:
        await hold_staff(connection, by)
        row = await known_handover(connection, number, lock=True)
        await may_sign(connection, by)
        if row.state in (handovers.APPROVED, handovers.BEGUN):
            return
        if row.state != handovers.PREPARED:
            raise HandoverError(f"handover {number} is {row.state}", row.state)
        if left := await handovers.left_out(connection, number, row.servicer_id):
            raise HandoverError(f"houses that came since it was prepared: {left}; prepare it again, and look", "more")
        before = await handovers.close_company(connection, row.servicer_id, civil(now))
        values = {"approved_at": now, "approved_by": by, "status_before": before}
        await handovers.set_state(connection, number, handovers.APPROVED, **values)
        await handovers.hold_cases(connection, row.servicer_id, by)
        await wake_candidacies(connection, [servicer_key(row.servicer_id)], civil(now))
        await note_batch(connection, store.pins, was_approved(number, row.servicer_id, by), now)


async def note_batch(connection: AsyncConnection, pins: Pins, deed: Deed, now: datetime) -> None:
    """A step of a whole handover: a fact of the installation, of which whom it concerns is told."""
    await append(connection, pins.seal, [(SERVICE, deed)], now)
    await tell_submitters(connection, pins, [(SERVICE, deed)], now)


async def may_sign(connection: AsyncConnection, by: str) -> None:
    """Raises HandoverError for anybody but a named supervisor of the staff who is here."""
    person = (await load_people(connection, [by])).get(by)
    if person is None or not of_named_staff(by) or not person.active:
        message = f"{by} is no named person of the staff; `engawa staff add` makes one, `list` shows them"
        raise HandoverError(message, "unnamed")
    if by in await away_now(connection):
        raise HandoverError(f"{by} is away, and would hold its houses", "away")
    if Right.SIGN not in rights_of(person):
        message = f"{by} is no supervisor, whose signature it needs; see `engawa staff add --role`"
        raise HandoverError(message, "no_supervisor")


async def choose(store: Store, chosen: Chosen, now: datetime) -> None:
    """The company that is asked first about this house; who was to be asked first is asked after it.

    Raises HandoverError where the handover is not in review any more, or the company could not be asked.
    """
    async with store.write() as connection:
        batch = await known_handover(connection, chosen.handover, lock=True)
        if batch.state != handovers.PREPARED:
            raise HandoverError(f"handover {batch.id} is {batch.state}", batch.state)
        row = await row_in_review(connection, chosen.handover, chosen.house_id)
        ranked = await could_be_asked(connection, row, civil(now))
        first = next((one for one in ranked if one.id == chosen.company), None)
        if chosen.company and first is None:
            raise HandoverError(f"{chosen.company} could not be asked", "company")
        if chosen.company == row.candidate_id:
            return
        waiting = (each for each in (row.candidate_id, *row.queue) if each and each != chosen.company)
        values = {"candidate_id": chosen.company, "queue": list(waiting)[:QUEUE] if first else []}
        values["reasons"] = list(first.reasons) if first else []
        mine = (MINE.handover_id == chosen.handover, MINE.house_id == chosen.house_id)
        await connection.execute(update(handover_houses).where(*mine).values(**values))
        deed = was_chosen((chosen.handover, chosen.house_id), row.candidate_id, chosen.company, chosen.by)
        await append(connection, store.pins.seal, [(SERVICE, deed)], now)


async def drop(store: Store, number: int, by: str, now: datetime) -> None:
    """What nobody has signed is not to be. Raises HandoverError for any other; dropped twice is dropped."""
    async with store.write() as connection:
        row = await known_handover(connection, number, lock=True)
        if row.state == handovers.UNDONE:
            return
        if row.state not in (handovers.PREPARED, handovers.PREPARING):
            raise HandoverError(f"handover {number} is {row.state}", row.state)
        await handovers.set_state(connection, number, handovers.UNDONE)
        await note_batch(connection, store.pins, was_taken_back(number, row.servicer_id, by), now)


async def prepare_again(store: Store, number: int, by: str, now: datetime) -> int:
    """The number of a handover of the same company that the next round prepares: anew where the last one was dropped,
    or with the houses that came since. It is reviewed and signed like the first.

    Raises HandoverError where one is under way that lacks no house. Asked twice, it is one.
    """
    async with store.write() as connection:
        row = await known_handover(connection, number, lock=True)
        standing = await handovers.open_handover(connection, row.servicer_id)
        if standing is not None and standing.state == handovers.PREPARING:
            return int(standing.id)
        fresh, complete = await handovers.opened(connection, row.servicer_id, row.reason, now)
        if complete:
            raise HandoverError(f"handover {fresh} of the same company is under way", "again")
        await append(connection, store.pins.seal, [(SERVICE, was_wanted(fresh, row.servicer_id, by))], now)
    return fresh


async def row_in_review(connection: AsyncConnection, number: int, house_id: str) -> Row[Any]:
    """What is proposed for one house. Raises HandoverError where it is in no such handover."""
    mine = (MINE.handover_id == number, MINE.house_id == house_id)
    row = (await connection.execute(select(handover_houses).where(*mine))).one_or_none()
    if row is None:
        raise HandoverError(f"no house {house_id} in handover {number}", "none")
    return row


async def could_be_asked(connection: AsyncConnection, row: Row[Any], today: date) -> tuple[Ranked, ...]:
    """The best companies for the house of this row, the one that is proposed always among them."""
    household = (await load_households(connection, [row.house_id]))[row.house_id]
    return await ranked_for(connection, household.house, today, row.candidate_id.partition(":")[2])


def in_review() -> Select[Any]:
    """Handovers that wait for a signature, each with how many houses are in it."""
    houses = select(func.count()).where(MINE.handover_id == batches.c.id).scalar_subquery().label("houses")
    return select(batches, houses).where(batches.c.state == handovers.PREPARED)
