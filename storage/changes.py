"""The changes beside the cases that an outcome may ask for, one small function each."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, delete, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.case import Basis
from bot.core.days import civil
from bot.core.outcome import Mode
from bot.core.people import Role
from bot.core.reach import next_address
from storage.erasure import contact_forgotten, person_erased
from storage.events import check_found, check_moved, decided
from storage.history_changes import (
    entries_noted,
    entry_referenced,
    evidence_noted,
    files_handed,
    history_noted,
    want_list,
    works_closed,
)
from storage.inbound import DONE
from storage.mandates import refresh_mandates, wake_cases
from storage.notes import note_taken_back, note_told
from storage.outbox import DROPPED, MOVED, PAPER, SENT, WAITING, Facts, Moving, move
from storage.people import LEFT, end_address, load_people
from storage.sheets import sheet_sent
from storage.statements import statement_made
from storage.tables import (
    addresses,
    cases,
    house_owners,
    houses,
    inbound,
    letters,
    link_codes,
    mandates,
    outbox,
    pauses,
    people,
    plan_items,
    spelled,
    works,
)
from storage.transfers import (
    alive,
    death_reported,
    house_passed,
    mandate_outlives,
    near_ended,
    near_set,
    passing_undone,
    settle_agreed,
)

LINK_WAITS = timedelta(days=7)  # for the address that an account would replace to agree
Data = Mapping[str, Any]
Apply = Callable[[AsyncConnection, str, Data, datetime], Awaitable[Facts | None]]  # with the facts that follow


async def items_next(connection: AsyncConnection, house_id: str, data: Data, now: datetime) -> None:
    """The next dates of plan items: code → (due date, backstop, occurrences whose gaps are facts)."""
    table = plan_items.c
    statement = update(plan_items).where(
        table.house_id == bindparam("house"), table.code == bindparam("item"), table.current
    )
    values: dict[str, Any] = {
        "next_due_on": bindparam("due"),
        "backstop_on": bindparam("stop"),
        "gaps_noted": bindparam("gaps"),
    }
    rows = [
        {"house": house_id, "item": code, "due": due, "stop": stop, "gaps": gaps}
        for code, (due, stop, gaps) in data.items()
    ]
    await connection.execute(statement.values(values), rows)


async def servicer_chosen(connection: AsyncConnection, house_id: str, data: Data, now: datetime) -> None:
    await connection.execute(
        update(houses).where(houses.c.id == house_id).values(servicer_id=data["servicer_id"], wake_on=civil(now))
    )
    await wake_cases(connection, cases.c.house_id == house_id, civil(now))
    await want_list(connection, [house_id], civil(now))


async def mandate_given(connection: AsyncConnection, house_id: str, data: Data, now: datetime) -> Facts:
    """The owner's two consents: text version and hash, channel and evidence. With them a change of owners settles."""
    await connection.execute(
        insert(mandates).values(
            house_id=house_id,
            person_id=data["person_id"],
            information_on=civil(now),
            mandate_on=civil(now),
            text_version=data["text_version"],
            text_hash=data["text_hash"],
            channel=data["channel"],
            source=data["source"],
            given_at=now,
        )
    )
    await refresh_mandates(connection, [house_id], civil(now))
    return await settle_agreed(connection, house_id, now)


async def mandate_withdrawn(connection: AsyncConnection, house_id: str, data: Data, now: datetime) -> None:
    """From now on nothing is said about the house to anybody but staff."""
    mine = and_(mandates.c.house_id == house_id, mandates.c.person_id == data["person_id"])
    living = and_(mine, mandates.c.withdrawn_on.is_(None))
    await connection.execute(update(mandates).where(living).values(withdrawn_on=civil(now)))
    await refresh_mandates(connection, [house_id], civil(now))


async def guarantee_lapsed(connection: AsyncConnection, house_id: str, data: Data, now: datetime) -> None:
    await connection.execute(
        update(houses).where(houses.c.id == house_id).values(lapsed_on=data["on"], wake_on=civil(now))
    )


async def lapse_undone(connection: AsyncConnection, house_id: str, data: Data, now: datetime) -> None:
    """The house has its guarantee as before; a letter that told of the lapse and was not posted yet stays here."""
    await connection.execute(update(houses).where(houses.c.id == house_id).values(lapsed_on=None, wake_on=civil(now)))
    lies = (outbox.c.person_id.in_(data["owners"]), outbox.c.state == spelled(PAPER))
    rows = (await connection.execute(select(outbox.c.id, outbox.c.parts).where(*lies))).all()
    ids = [
        row.id
        for row in rows
        if any(part["kind"] == "owner_lapsed" and part["house"] == house_id for part in row.parts)
    ]
    await connection.execute(update(outbox).where(outbox.c.id.in_(ids)).values(state=DROPPED, detail="overtaken"))


async def guarantee_set(connection: AsyncConnection, house_id: str, data: Data, now: datetime) -> None:
    """The number, its month and its end, as the guarantor has told them."""
    await connection.execute(update(houses).where(houses.c.id == house_id).values(**data, wake_on=civil(now)))


async def closure_confirmed(connection: AsyncConnection, house_id: str, data: Data, now: datetime) -> None:
    """The owner says, later, that what the company reported was so."""
    mine = (works.c.house_id == house_id, works.c.id.in_(data["works"]), works.c.basis == Basis.UNCONFIRMED)
    await connection.execute(update(works).where(*mine).values(basis=Basis.BOTH))


async def channel_ended(connection: AsyncConnection, house_id: str, data: Data, now: datetime) -> None:
    """What waits there for its next attempt goes the next way at once."""
    await end_address(connection, data["person_id"], data["channel"], data["why"], now)
    mine = (outbox.c.person_id == data["person_id"], outbox.c.channel == data["channel"])
    waits = update(outbox).where(*mine, outbox.c.state == spelled(WAITING))
    await connection.execute(waits.values(retry_at=None))


async def address_back(connection: AsyncConnection, house_id: str, data: Data, now: datetime) -> None:
    """A channel that a person had closed themselves serves again."""
    mine = (addresses.c.person_id == data["person_id"], addresses.c.channel == data["channel"])
    back = update(addresses).where(*mine, addresses.c.ended_why == LEFT)
    await connection.execute(back.values(ended_at=None, ended_why=""))


async def linked(connection: AsyncConnection, house_id: str, data: Data, now: datetime) -> None:
    """An account becomes a person's, first in their order; the guest it was is gone, and so is the code.

    Whoever else had the account loses it, and nothing beside it.
    """
    theirs = addresses.c.person_id == data["person_id"]
    mine = and_(theirs, addresses.c.channel == data["channel"])
    first = (await connection.execute(select(func.min(addresses.c.rank)).where(theirs))).scalar()
    here = and_(addresses.c.channel == data["channel"], addresses.c.address == data["address"])
    guests = and_(here, addresses.c.person_id.like(f"{Role.GUEST}:%"))
    await connection.execute(delete(addresses).where(guests))
    await connection.execute(delete(addresses).where(mine, addresses.c.address == data["address"]))
    others = (or_(mine, here), addresses.c.ended_at.is_(None))
    await connection.execute(update(addresses).where(*others).values(ended_at=now, ended_why="replaced"))
    row = {"person_id": data["person_id"], "channel": data["channel"], "address": data["address"]}
    await connection.execute(insert(addresses).values(**row, rank=(first or 0) - 1))
    await connection.execute(update(link_codes).where(_spent(data)).values(used_at=now))


async def link_waits(connection: AsyncConnection, house_id: str, data: Data, now: datetime) -> None:
    """The code is used up; the account waits a while until the address that it would replace agrees."""
    values = {"used_at": now, "channel": data["channel"], "address": data["address"], "expires_at": now + LINK_WAITS}
    await connection.execute(update(link_codes).where(_spent(data)).values(used_at=now))
    await connection.execute(update(link_codes).where(link_codes.c.digest == data["digest"]).values(**values))


def _spent(data: Data) -> ColumnElement[bool]:
    """The code or the nonce, and with either whatever of that person's was given on a page of ours."""
    mine = and_(link_codes.c.person_id == data["person_id"], link_codes.c.used_at.is_(None))
    return or_(link_codes.c.digest == data["digest"], and_(mine, link_codes.c.channel != ""))


async def link_agreed(connection: AsyncConnection, house_id: str, data: Data, now: datetime) -> None:
    """The old address agreed: the account that waited takes its place."""
    await linked(connection, house_id, data, now)
    await link_settled(connection, house_id, data, now)


async def link_settled(connection: AsyncConnection, house_id: str, data: Data, now: datetime) -> None:
    """No account waits any more."""
    mine = (link_codes.c.digest == data["digest"], link_codes.c.person_id == data["person_id"])
    await connection.execute(update(link_codes).where(*mine).values(address=""))


async def message_forgotten(connection: AsyncConnection, house_id: str, data: Data, now: datetime) -> None:
    """The words of one inbound row are gone; the row itself stays, so that it is not taken in again.

    One that had been laid aside is nobody's task any more.
    """
    row_id = int(data["source"].partition(":")[2] or 0)
    await connection.execute(update(inbound).where(inbound.c.id == row_id).values(raw={}, said={}, state=DONE))


async def undelivered(connection: AsyncConnection, house_id: str, data: Data, now: datetime) -> Facts:
    """A message that had been taken and came back goes on through the person's next channel."""
    query = select(outbox).where(outbox.c.key == data["key"], outbox.c.state == SENT)
    row = (await connection.execute(query)).one_or_none()
    if row is None or row.person_id != data["person_id"]:
        return []
    person = (await load_people(connection, [row.person_id]))[row.person_id]
    await connection.execute(update(outbox).where(outbox.c.id == row.id).values(state=MOVED, detail="came back"))
    again = Moving(person, tuple(row.parts), Mode(row.mode), row.servicer_id, row.send_at)
    return await move(connection, again, next_address(person, row.channel, row.address), now)


async def support_ended(connection: AsyncConnection, house_id: str, data: Data, now: datetime) -> None:
    """A person's support ends: every mandate of theirs, for every house."""
    mine = (mandates.c.person_id == data["person_id"], mandates.c.withdrawn_on.is_(None))
    await connection.execute(update(mandates).where(*mine).values(withdrawn_on=civil(now)))
    await connection.execute(update(people).where(people.c.id == data["person_id"]).values(ended_on=civil(now)))
    owned = select(house_owners.c.house_id).where(house_owners.c.person_id == data["person_id"])
    await refresh_mandates(connection, list((await connection.execute(owned)).scalars()), civil(now))


async def person_set(connection: AsyncConnection, house_id: str, data: Data, now: datetime) -> None:
    """A person's own settings: language, hours."""
    values = {name: data[name] for name in ("language", "hour_from", "hour_until") if name in data}
    if "language" in data:
        values["own_language"] = True
    await connection.execute(update(people).where(people.c.id == data["person_id"]).values(**values))


async def owner_resumed(connection: AsyncConnection, house_id: str, data: Data, now: datetime) -> None:
    await connection.execute(update(people).where(people.c.id == data["person_id"]).values(ended_on=None))


async def letter_answered(connection: AsyncConnection, house_id: str, data: Data, now: datetime) -> None:
    await connection.execute(update(letters).where(letters.c.code == data["code"]).values(returned_on=civil(now)))


async def paused(connection: AsyncConnection, house_id: str, data: Data, now: datetime) -> None:
    row = {"scope": data["scope"], "reason": data["reason"], "by": data["by"], "since_at": now}
    await connection.execute(insert(pauses).values(**row))


async def unpaused(connection: AsyncConnection, house_id: str, data: Data, now: datetime) -> None:
    mine = (pauses.c.scope == data["scope"], pauses.c.until_at.is_(None))
    await connection.execute(update(pauses).where(*mine).values(until_at=now))


APPLY: dict[str, Apply] = {
    "items_next": items_next,
    "servicer_chosen": servicer_chosen,
    "mandate_given": mandate_given,
    "mandate_withdrawn": mandate_withdrawn,
    "guarantee_lapsed": guarantee_lapsed,
    "lapse_undone": lapse_undone,
    "guarantee_set": guarantee_set,
    "closure_confirmed": closure_confirmed,
    "channel_ended": channel_ended,
    "address_back": address_back,
    "linked": linked,
    "link_waits": link_waits,
    "link_agreed": link_agreed,
    "link_refused": link_settled,
    "message_forgotten": message_forgotten,
    "undelivered": undelivered,
    "support_ended": support_ended,
    "owner_resumed": owner_resumed,
    "contact_forgotten": contact_forgotten,
    "person_erased": person_erased,
    "person_set": person_set,
    "letter_answered": letter_answered,
    "sheet_sent": sheet_sent,
    "house_passed": house_passed,
    "near_set": near_set,
    "near_ended": near_ended,
    "mandate_outlives": mandate_outlives,
    "passing_undone": passing_undone,
    "death_reported": death_reported,
    "alive": alive,
    "note_told": note_told,
    "note_taken_back": note_taken_back,
    "statement_made": statement_made,
    "paused": paused,
    "unpaused": unpaused,
    "history_noted": history_noted,
    "works_closed": works_closed,
    "entries_noted": entries_noted,
    "entry_referenced": entry_referenced,
    "evidence_noted": evidence_noted,
    "files_handed": files_handed,
    "event_decided": decided,
    "check_found": check_found,
    "check_moved": check_moved,
}
