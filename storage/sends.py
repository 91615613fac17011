"""What came of messages, by month, channel, company and area: counted once as attempts are added, and kept for good.

Attempts are only ever added, so each is counted once, a portion at a time; how far the count has come is written with
it.
A question is looked at a second time when its reader has had two weeks. What is read here is small at any number of
houses: some rows a month for every company and municipality.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Result, Row, exists, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.cost import Counts
from bot.core.days import civil
from bot.core.outcome import Mode
from bot.core.people import Role, role_of
from storage.outbox import SENT
from storage.record import set_value
from storage.tables import attempts, houses, inbound, outbox, sends, service

PORTION = 500  # attempts counted in one transaction
SENDS, ANSWERS = "sends_counted", "answers_counted"  # up to which attempt each count has come
SETTLED = timedelta(minutes=10)  # after which no other process adds an attempt with a smaller number
TO_ANSWER = timedelta(days=14)
ASKED, ANSWERED, REPLY = "asked", "answered", "reply"
Key = tuple[str, str, str, str, str]  # area, company, month, channel, what
HOUSE = outbox.c.parts[0]["house"].as_string()
OF_OUTBOX = (outbox.c.channel, outbox.c.mode, outbox.c.person_id, outbox.c.servicer_id, HOUSE.label("house"))


async def count_sends(connection: AsyncConnection, now: datetime) -> bool:
    """Counts a portion; False where nothing is left to be counted."""
    more = await _portion(connection, SENDS, _settled(connection, now), _of_attempts)
    later = await _portion(connection, ANSWERS, now - TO_ANSWER, _of_questions)
    return more or later


async def sent_by_month(
    connection: AsyncConnection, where: tuple[str, str], months: Collection[str]
) -> dict[str, dict[str, Counter[str]]]:
    """By month and channel: how often what came of it. ``where``: area and company, "" for all."""
    mine = (sends.c.area == where[0], sends.c.servicer_id == where[1], sends.c.month.in_(list(months)))
    found: dict[str, dict[str, Counter[str]]] = {month: defaultdict(Counter) for month in months}
    for row in await connection.execute(select(sends).where(*mine)):
        found[row.month][row.channel][row.what] += row.total
    return found


def paid_for(told: Mapping[str, Mapping[str, Counter[str]]]) -> dict[str, dict[str, Counts]]:
    """The same as the arithmetic of costs takes it."""
    return {
        month: {name: Counts(what[SENT], what[REPLY]) for name, what in channels.items()}
        for month, channels in told.items()
    }


def margins(area: str, servicer_id: str) -> Iterable[tuple[str, str]]:
    """Where something counts: everywhere, in its prefecture and municipality, and with its company in each."""
    areas = dict.fromkeys(("", area[:2], area))
    companies = dict.fromkeys(("", servicer_id))
    return ((one, company) for one in areas for company in companies)


async def _portion(connection: AsyncConnection, cursor: str, until: datetime, what: Any) -> bool:
    kept = await connection.execute(select(service.c.value).where(service.c.name == cursor).with_for_update())
    after = int(kept.scalar() or 0)
    query = select(attempts.c.id, attempts.c.at, attempts.c.answer, *OF_OUTBOX)
    query = query.join(outbox, outbox.c.id == attempts.c.outbox_id).where(attempts.c.id > after)
    found: Result[Any] = await connection.execute(query.order_by(attempts.c.id).limit(PORTION))
    rows = list(found)
    whole = len(rows) == PORTION
    ready = _until(rows, until)
    if not ready:
        return False
    areas = await _areas(connection, {row.house for row in ready if row.house})
    counted: Counter[Key] = Counter()
    async for row, name in what(connection, ready):
        month = civil(row.at).strftime("%Y-%m")
        counted.update((*at, month, row.channel, name) for at in margins(areas.get(row.house, ""), row.servicer_id))
    await _add(connection, counted)
    await set_value(connection, cursor, str(ready[-1].id))
    return whole and len(ready) == len(rows)


async def _of_attempts(connection: AsyncConnection, rows: list[Row[Any]]) -> Any:
    for row in rows:
        yield row, row.answer
        if row.answer == SENT and row.mode == Mode.REPLY:
            yield row, REPLY


async def _of_questions(connection: AsyncConnection, rows: list[Row[Any]]) -> Any:
    """Of what was asked of owners and companies, and whether they were heard within two weeks."""
    for row in rows:
        people = role_of(row.person_id) in (Role.OWNER, Role.SERVICER)
        if row.answer != SENT or row.mode not in (Mode.PROMPT, Mode.CHECK) or not people:
            continue
        yield row, ASKED
        heard = (inbound.c.person_id == row.person_id, inbound.c.received_at.between(row.at, row.at + TO_ANSWER))
        if (await connection.execute(select(exists().where(*heard)))).scalar():
            yield row, ANSWERED


def _settled(connection: AsyncConnection, now: datetime) -> datetime:
    """SQLite has one writer, so what is there is all there is; on PostgreSQL a smaller number may still come."""
    return now - SETTLED if connection.dialect.name == "postgresql" else now


def _until(rows: list[Row[Any]], until: datetime) -> list[Row[Any]]:
    """The rows up to the first that is newer."""
    new = next((place for place, row in enumerate(rows) if row.at > until), len(rows))
    return rows[:new]


async def _areas(connection: AsyncConnection, house_ids: Collection[str]) -> dict[str, str]:
    query = select(houses.c.id, houses.c.municipality_code).where(houses.c.id.in_(house_ids))
    return {row.id: row.municipality_code for row in await connection.execute(query)}


async def _add(connection: AsyncConnection, counted: Mapping[Key, int]) -> None:
    rows = [
        {"area": area, "servicer_id": company, "month": month, "channel": channel, "what": what, "total": count}
        for (area, company, month, channel, what), count in counted.items()
    ]
    if rows:
        insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
        new = insert(sends)
        more = {"total": sends.c.total + new.excluded.total}
        keys = ["area", "servicer_id", "month", "channel", "what"]
        await connection.execute(new.on_conflict_do_update(index_elements=keys, set_=more), rows)
