"""What the guarantor's core system is told: one outbox row for each change of a standing, or of owners."""

import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.days import TOKYO, civil
from bot.core.guarantee import GUARANTOR, TOLD, news_of, once_each, tell
from bot.core.outcome import Deed
from storage.outbox import Letterhead, put
from storage.pins import Pins
from storage.record import append, canonical
from storage.tables import addresses, facts, houses, people

BATCH = 200  # houses whose facts are read at once when a span is told again
Fact = tuple[str, Deed, datetime]


async def ensure_guarantor(connection: AsyncConnection, place: tuple[str, str] | None) -> None:
    """The core system is somebody like any other, reached at this channel and address; None where it has none."""
    known = (await connection.execute(select(people.c.id).where(people.c.id == GUARANTOR))).scalar()
    if known is None and place is not None:
        await connection.execute(insert(people).values(id=GUARANTOR, name="保証機関", hour_from=0, hour_until=24))
    mine = addresses.c.person_id == GUARANTOR
    rows = await connection.execute(select(addresses.c.channel, addresses.c.address).where(mine))
    if [tuple(row) for row in rows] == ([place] if place else []):
        return
    await connection.execute(delete(addresses).where(mine))
    if place is not None:
        row = {"person_id": GUARANTOR, "channel": place[0], "address": place[1]}
        await connection.execute(insert(addresses).values(**row))


async def tell_guarantor(
    connection: AsyncConnection, pins: Pins, deeds: Iterable[tuple[str, Deed]], now: datetime
) -> None:
    """Writes the rows for whatever of these facts concerns the guarantor, in the transaction of the facts."""
    found = [(house_id, deed, now) for house_id, deed in once_each(deeds)]
    if found and await is_linked(connection):
        await _put(connection, pins, found, now)


async def tell_again(connection: AsyncConnection, pins: Pins, span: tuple[date, str], now: datetime) -> tuple[int, str]:
    """What was told of some houses since a day, under new keys and the same ids. ``span``: the day, and the house
    after which to go on. How many rows, and the last house; empty where there is none left."""
    since, after = span
    guaranteed = select(houses.c.id).where(houses.c.guarantee_no.is_not(None), houses.c.id > after)
    ids = list((await connection.execute(guaranteed.order_by(houses.c.id).limit(BATCH))).scalars())
    if not ids:
        return 0, ""
    begin = datetime(since.year, since.month, since.day, tzinfo=TOKYO)
    query = select(facts).where(facts.c.house_id.in_(ids), facts.c.kind.in_(TOLD), facts.c.at >= begin)
    rows = (await connection.execute(query.order_by(facts.c.house_id, facts.c.seq))).all()
    by_moment: dict[tuple[str, datetime], list[tuple[str, Deed]]] = {}
    for row in rows:
        deed = Deed(row.kind, row.by, json.loads(row.data), row.case_id)
        by_moment.setdefault((row.house_id, row.at), []).append((row.house_id, deed))
    told = [(house_id, deed, at) for (_, at), some in by_moment.items() for house_id, deed in once_each(some)]
    return await _put(connection, pins, told, now), ids[-1]


async def _put(connection: AsyncConnection, pins: Pins, told: Sequence[Fact], now: datetime) -> int:
    numbers = await _numbers(connection, {house_id for house_id, _, _ in told})
    says = []
    for house_id, deed, at in told:
        news = news_of(deed, civil(at))
        if news is not None and numbers.get(house_id):
            moment = at.replace(microsecond=0).astimezone(TOKYO).isoformat()
            word = f"guarantor:{house_id}:{moment}:{deed.kind}:{canonical(deed.data)}"
            known = {"guarantee_no": numbers[house_id], "id": pins.seal.digest(word), "at": moment}
            says.append((tell(news, known), Letterhead(house_id, "", None)))
    await append(connection, pins.seal, await put(connection, says, pins.versions, now), now)
    return len(says)


async def _numbers(connection: AsyncConnection, house_ids: set[str]) -> dict[str, str]:
    query = select(houses.c.id, houses.c.guarantee_no).where(houses.c.id.in_(house_ids))
    return {row.id: row.guarantee_no or "" for row in await connection.execute(query)}


async def is_linked(connection: AsyncConnection) -> bool:
    """Whether there is a core system to be told."""
    query = select(addresses.c.address).where(addresses.c.person_id == GUARANTOR, addresses.c.ended_at.is_(None))
    return (await connection.execute(query)).first() is not None
