"""A person's own page: who they are, what was said to them and by them, and what they have not agreed to yet."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.case import Phase
from bot.core.days import civil
from bot.core.nearby import KINDS
from bot.core.outcome import Mode
from bot.core.people import Role, role_of
from bot.core.transfer import OF_THE_CHANGE
from storage.inbound import keep
from storage.outbox import SENT
from storage.scopes import acts_at, near_since
from storage.tables import cases, houses, inbound, mandates, outbox, people

LINES = 50  # messages of each side that a page looks back on


@dataclass(frozen=True, slots=True)
class Told:
    """A message that went out to a person, through whichever channel."""

    id: int
    at: datetime
    channel: str
    language: str
    parts: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Heard:
    """Something that a person said or pressed; ``label`` is what stood on the button, ``wordless`` that their words
    have expired."""

    id: int
    at: datetime
    channel: str
    text: str
    action: str
    label: str
    files: Sequence[Mapping[str, Any]]
    state: str
    wordless: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a case stands, as far as a button offered for it needs to know."""

    open: bool
    round: int
    matter: bool
    reported: frozenset[str]  # the sides whose report is there
    offered: frozenset[str]  # the days to choose from


@dataclass(frozen=True, slots=True)
class Farewells:
    """When a person's support ended at their own wish, and when they were erased."""

    ended_on: date | None
    erased_on: date | None


async def farewells(connection: AsyncConnection, person_id: str) -> Farewells | None:
    """None for nobody we know."""
    query = select(people.c.ended_on, people.c.erased_on).where(people.c.id == person_id)
    row = (await connection.execute(query)).one_or_none()
    return Farewells(row.ended_on, row.erased_on) if row is not None else None


async def message_row(connection: AsyncConnection, outbox_id: int) -> Row[Any] | None:
    return (await connection.execute(select(outbox).where(outbox.c.id == outbox_id))).one_or_none()


async def lines(connection: AsyncConnection, person_id: str, limit: int = LINES) -> list[Told | Heard]:
    """What was said on both sides, the latest last.

    Instants are whole seconds. Within one, a person's words stand after the newest message that there was when they
    spoke; where that was not noted, after what we had begun and before what answers them.
    """
    told = select(outbox).where(outbox.c.person_id == person_id, outbox.c.state == SENT)
    heard = select(inbound).where(inbound.c.person_id == person_id)
    found: list[tuple[tuple[datetime, int, int, int], Told | Heard]] = []
    begun: dict[datetime, int] = {}
    for row in await connection.execute(told.order_by(outbox.c.day.desc(), outbox.c.id.desc()).limit(limit)):
        found.append(((row.sent_at, row.id, 0, 0), Told(row.id, row.sent_at, row.channel, row.language, row.parts)))
        if row.mode != Mode.REPLY:
            begun[row.sent_at] = max(row.id, begun.get(row.sent_at, 0))
    for row in await connection.execute(heard.order_by(inbound.c.id.desc()).limit(limit)):
        if row.raw and row.state != "new":
            after = int(row.raw.get("after", begun.get(row.received_at, 0)))
            found.append(((row.received_at, after, 1, row.id), _heard(row)))
    return [line for _, line in sorted(found, key=lambda pair: pair[0])][-limit:]


async def own_lines(connection: AsyncConnection, person_id: str) -> list[Told | Heard]:
    """The same as the person's own page shows it: of a house that is not theirs any more, only the last word."""
    found = await lines(connection, person_id)
    if role_of(person_id) is not Role.OWNER:
        return found
    owned = set((await connection.execute(acts_at(person_id))).scalars())
    since = await near_since(connection, person_id)
    kept = (_of_their_own(line, owned, since) if isinstance(line, Told) else line for line in found)
    return [line for line in kept if not isinstance(line, Told) or line.parts]


def _of_their_own(line: Told, owned: set[str], since: Mapping[str, date]) -> Told:
    def shown(part: Mapping[str, Any]) -> bool:
        house = part["house"]
        near = house in since and (part["kind"] in KINDS or civil(line.at) > since[house])
        return not house or house in owned or part["kind"] in OF_THE_CHANGE or near

    return replace(line, parts=[part for part in line.parts if shown(part)])


def _heard(row: Row[Any]) -> Heard:
    raw = row.raw | row.said
    return Heard(
        id=row.id,
        at=row.received_at,
        channel=row.channel,
        text=str(raw.get("text", "")),
        action=str(raw.get("action", "")),
        label=str(raw.get("label", "")),
        files=raw.get("files", []),
        state=row.state,
        wordless=bool(raw.get("wordless")),
    )


async def keep_said(
    connection: AsyncConnection, channel: str, event: Mapping[str, Any], now: datetime
) -> tuple[int, bool]:
    """Stores what a person did on a page of ours; the row, and whether it is new."""
    person_id, event_id = event["person_id"], event["event_id"]
    newest = select(func.max(outbox.c.id)).where(outbox.c.person_id == person_id)
    after = (await connection.execute(newest)).scalar() or 0
    row_id = await keep(connection, channel, event_id, {**event, "after": after}, now)
    if row_id is None:
        known = select(inbound.c.id).where(inbound.c.channel == channel, inbound.c.event_id == event_id)
        return int((await connection.execute(known)).scalar_one()), False
    await connection.execute(update(inbound).where(inbound.c.id == row_id).values(person_id=person_id))
    return row_id, True


async def channel_above(connection: AsyncConnection, row_id: int) -> str:
    """The channel of the message through whose link the page was opened on which this was written; "" for none."""
    raw = (await connection.execute(select(inbound.c.raw).where(inbound.c.id == row_id))).scalar_one()
    above = str(raw.get("under", ""))
    row = await message_row(connection, int(above)) if above.isdigit() else None
    return str(row.channel) if row is not None else ""


async def texts_of(connection: AsyncConnection, row_ids: set[int]) -> dict[int, str]:
    """The words of some events as they were understood, by their row."""
    rows = await connection.execute(select(inbound.c.id, inbound.c.said).where(inbound.c.id.in_(row_ids)))
    return {row.id: str(row.said.get("text", "")) for row in rows}


async def standings(connection: AsyncConnection, case_ids: set[str]) -> dict[str, Standing]:
    columns = (cases.c.id, cases.c.phase, cases.c.round, cases.c.state)
    rows = await connection.execute(select(*columns).where(cases.c.id.in_(case_ids)))
    return {
        row.id: Standing(
            open=row.phase != Phase.CLOSED,
            round=row.round,
            matter=row.state["matter"] is not None,
            reported=frozenset(report["side"] for report in row.state["reports"]),
            offered=frozenset(row.state["offered"]),
        )
        for row in rows
    }


async def unconsented(connection: AsyncConnection, person_id: str, today: date) -> list[str]:
    """The houses at which they decide and have not given (or have withdrawn) the two consents themselves."""
    living = (
        (mandates.c.house_id == houses.c.id)
        & (mandates.c.person_id == person_id)
        & (mandates.c.information_on <= today)
        & (mandates.c.mandate_on <= today)
        & or_(mandates.c.withdrawn_on.is_(None), mandates.c.withdrawn_on > today)
    )
    query = (
        select(houses.c.id)
        .where(houses.c.id.in_(acts_at(person_id)))
        .where(houses.c.mandated.is_(False), ~select(mandates.c.id).where(living).exists())
    )
    return sorted((await connection.execute(query)).scalars())
