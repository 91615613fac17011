"""What is to be said, until it has been said. One row is one transmission under one key.

A row's ``parts`` are what is said in it: each names its template and version, what the template needs, and the case
as it stood, so that a prompt that has been overtaken is dropped and never sent.
"""

import json
import secrets
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import ColumnElement, String, and_, bindparam, cast, false, insert, or_, select, true, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.case import Case
from bot.core.days import civil
from bot.core.outcome import Deed, Mode, Say
from bot.core.people import LETTER, MACHINES, STAFF_DESK, Address, Person, Role, of_named_staff
from bot.core.reach import AT_ONCE, URGENCY, Route, day_after, route
from storage.people import load_people
from storage.tables import letters, outbox, spelled

# The states of a row. What is waiting may be sent; what is paper waits for the staff to print and post it; what was
# moved lives on in another row, through the person's next channel; in shadow mode nothing leaves.
WAITING, SENDING, SENT, UNKNOWN = "waiting", "sending", "sent", "unknown"
DROPPED, MOVED, PAPER, SHADOW = "dropped", "moved", "paper", "shadow"
HELD = "held"  # may have been said by a database that was lost; see storage.restored


FEW = 20  # cases that rows are looked through for
REWRITTEN = ("parts", "mode", "urgency", "channel", "address")  # of a row that something joins
Facts = list[tuple[str, Deed]]


@dataclass(frozen=True, slots=True)
class Letterhead:
    """What a part is about: the house, its servicer and the case as committed."""

    house_id: str
    servicer_id: str
    case: Case | None


@dataclass(slots=True)
class Draft:
    """A row being put together: an existing one that still waits, or a new one."""

    person: Person
    way: Route
    mode: Mode
    parts: list[dict[str, Any]]
    servicer_id: str
    row_id: int | None = None
    ticket: str = ""
    cases: set[str] = field(default_factory=set)  # told of in it: one row may be about thousands of houses

    def __post_init__(self) -> None:
        self.cases.update(part["case"] for part in self.parts)

    def tell(self, part: dict[str, Any]) -> None:
        """Adds what is said, in the place of what it overtakes."""
        if part["case"] in self.cases:
            self.parts = [old for old in self.parts if not _overtaken(old, part)]
        self.cases.add(part["case"])
        self.parts.append(part)


async def put(
    connection: AsyncConnection,
    says: Iterable[tuple[Say, Letterhead]],
    versions: Mapping[str, int],
    now: datetime,
) -> Facts:
    """Writes messages into the outbox: what a person is told on one day goes into one row. The facts that follow.

    ``versions`` are the newest template versions by kind; they are pinned here.
    """
    wanted = list(says)
    people = await load_people(connection, {say.to for say, _ in wanted})
    at_desk = {say.case_id for say, _ in wanted if say.to == STAFF_DESK}
    drafts = _Drafts(await _standing(connection, people, at_desk, now))
    for say, head in wanted:
        person = people.get(say.to)
        if person is None or (say.mode not in AT_ONCE and (not person.active or _reads_the_list(person))):
            continue
        drafts.add(say, person, _part(say, head, versions), _pausable(say, person, head), now)
    return await _write(connection, drafts.all, now)


def _reads_the_list(person: Person) -> bool:
    """Whether that is one of the staff who has no account anywhere: nobody writes them letters, the console tells."""
    return of_named_staff(person.id) and not person.addresses


def _pausable(say: Say, person: Person, head: Letterhead) -> str:
    """The servicer with whom a message is paused: never the staff's, nor an answer to somebody else."""
    return "" if say.mode in AT_ONCE or person.role is Role.STAFF else head.servicer_id


def _part(say: Say, head: Letterhead, versions: Mapping[str, int]) -> dict[str, Any]:
    case = head.case
    return {
        "kind": say.kind,
        "v": versions[say.kind],
        "params": dict(say.params),
        "mode": say.mode,
        "asks": say.asks or say.mode is Mode.PROMPT,
        "house": head.house_id,
        "case": say.case_id,
        "version": case.version if case else 0,
        "round": case.round if case else 0,
        "phase": case.phase if case else "",
    }


class _Drafts:
    """The rows of one transaction: one for everything a person is told together."""

    def __init__(self, standing: Mapping[str, list[Any]]) -> None:
        self._standing = standing
        self._open: dict[tuple[str, bool, str], Draft] = {}
        self._answers: dict[tuple[str, Address, str], Draft] = {}
        self.all: list[Draft] = []

    def add(self, say: Say, person: Person, part: dict[str, Any], servicer_id: str, now: datetime) -> None:
        way = route(say, person, now)
        if person.role in MACHINES:  # an office's machine, or letter, is told one thing at a time
            self._new(person, way, say.mode, servicer_id).tell(part)
            return
        if say.mode in AT_ONCE:
            place = (person.id, way.address, say.mode)
            draft = self._answers.get(place)
            if draft is None:
                draft = self._answers[place] = self._new(person, way, say.mode, servicer_id)
            draft.ticket = draft.ticket or say.ticket
        else:
            draft = self._joined(say, person, way, servicer_id)
        draft.tell(part)

    def _joined(self, say: Say, person: Person, way: Route, servicer_id: str) -> Draft:
        """The row that still waits for this person, or a new one: on a day on which nothing was begun yet.

        Through whichever channel it waits, it stays one message. Paper is apart: a letter's code and slip answer for
        one case; and so is what is about an event. The desk is no one person's day either: each case is a message of
        its own there, so that it can be taken, followed and found again on its own.
        """
        paper = way.address.channel == LETTER
        topic = say.case_id if paper or person.id == STAFF_DESK else Mode.CHECK if say.mode is Mode.CHECK else ""
        place = (person.id, paper, topic)
        if place not in self._open:
            rows = self._standing.get(person.id, [])
            mine = [row for row in rows if _goes_with(row, say) and (person.id != STAFF_DESK or _of_topic(row, topic))]
            self._open[place] = self._waiting(person, way, mine) or self._new(
                person, self._free(say, person, way, rows), say.mode, servicer_id
            )
        draft = self._open[place]
        silent = say.mode in (Mode.PROMPT, Mode.CHECK) and say.turn > 0
        if silent or draft.way.address not in person.addresses:
            draft.way = replace(draft.way, address=way.address)
        draft.mode = max(draft.mode, say.mode, key=URGENCY.__getitem__)  # what we begin counts for its day
        return draft

    def _waiting(self, person: Person, way: Route, rows: list[Any]) -> Draft | None:
        """A row that was never tried: one that was goes out again as it is, to the byte."""
        row = next((row for row in rows if row.state == WAITING and row.attempts == 0), None)
        if row is None or way.address.channel == LETTER:
            return None
        there = next((at for at in person.addresses if (at.channel, at.address) == (row.channel, row.address)), None)
        there = there or way.address
        draft = Draft(
            person, Route(there, row.send_at, row.day), Mode(row.mode), list(row.parts), row.servicer_id, row.id
        )
        self.all.append(draft)
        return draft

    def _free(self, say: Say, person: Person, way: Route, rows: list[Any]) -> Route:
        """What we begin ourselves is said once a day: after that, on their next day. The desk hears as it happens."""
        if say.mode is not Mode.PROMPT or way.address.channel == LETTER or person.id == STAFF_DESK:
            return way
        begun = {row.day for row in rows if row.state != WAITING or row.attempts}
        while way.day in begun:
            send_at = day_after(person, way.day)
            way = Route(way.address, send_at, civil(send_at))
        return way

    def _new(self, person: Person, way: Route, mode: Mode, servicer_id: str) -> Draft:
        draft = Draft(person, way, mode, [], servicer_id)
        self.all.append(draft)
        return draft


def _of_topic(row: Any, topic: str) -> bool:
    return {part["case"] for part in row.parts} == {topic}


def _goes_with(row: Any, say: Say) -> bool:
    """What is about an event goes in a message of its own: what is routine may have to wait there."""
    return bool((row.mode == Mode.CHECK) == (say.mode is Mode.CHECK))


def _overtaken(old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    """Whether the new part makes the old one idle: said again, or a later question about the same case."""
    both_ask = old["mode"] == new["mode"] == Mode.PROMPT
    return bool(new["case"]) and old["case"] == new["case"] and (old["kind"] == new["kind"] or both_ask)


async def _standing(
    connection: AsyncConnection, people: Mapping[str, Person], at_desk: Collection[str], now: datetime
) -> dict[str, list[Any]]:
    """Today's rows and those that still wait, for the people concerned, of what we began ourselves.

    Of the desk's only those that wait and are about one of the cases ``at_desk``: on a day on which a company of
    thousands of houses closes it is told of hundreds, and reading all of them for each took longer than all else.
    """
    others = outbox.c.person_id.in_([person_id for person_id in people if person_id != STAFF_DESK])
    waits = and_(outbox.c.state == spelled(WAITING), outbox.c.attempts == 0)
    begun = or_(outbox.c.mode == Mode.PROMPT, outbox.c.state == WAITING)
    standing = [and_(others, outbox.c.day >= civil(now), begun), and_(others, waits)]
    if STAFF_DESK in people:
        standing.append(and_(outbox.c.person_id == STAFF_DESK, waits, _may_tell_of(at_desk)))
    query = select(
        *(outbox.c.id, outbox.c.person_id, outbox.c.channel, outbox.c.mode, outbox.c.day, outbox.c.send_at),
        *(outbox.c.state, outbox.c.parts, outbox.c.servicer_id, outbox.c.address, outbox.c.attempts),
    ).where(
        or_(*standing),
        outbox.c.mode.in_((Mode.PROMPT, Mode.RELAY, Mode.CHECK)),
        outbox.c.state.in_((WAITING, SENDING, SENT, UNKNOWN, MOVED, SHADOW)),
    )
    if connection.dialect.name != "sqlite":
        query = query.with_for_update()
    found: dict[str, list[Any]] = defaultdict(list)
    for row in (await connection.execute(query)).all():
        found[row.person_id].append(row)
    return found


def _may_tell_of(case_ids: Collection[str]) -> ColumnElement[bool]:
    """Whether a row may be about one of these cases: which it is is seen in its parts. Of many all are looked at."""
    if len(case_ids) > FEW:
        return true()
    said = cast(outbox.c.parts, String)
    return or_(false(), *(said.contains(json.dumps(case_id), autoescape=True) for case_id in case_ids))


async def _write(connection: AsyncConnection, drafts: list[Draft], now: datetime) -> Facts:
    new = [_row(draft, now) for draft in drafts if draft.row_id is None and draft.way.address.channel != LETTER]
    if new:
        await connection.execute(insert(outbox), new)
    old = [
        {"row_id": draft.row_id, **{name: value for name, value in _row(draft, now).items() if name in REWRITTEN}}
        for draft in drafts
        if draft.row_id is not None
    ]
    if old:
        statement = update(outbox).where(outbox.c.id == bindparam("row_id"))
        await connection.execute(statement.values({name: bindparam(name) for name in REWRITTEN}), old)
    on_paper = [draft for draft in drafts if draft.row_id is None and draft.way.address.channel == LETTER]
    for draft in on_paper:
        await _write_letter(connection, draft, now)
    return [_letter_written(draft) for draft in on_paper]


def _letter_written(draft: Draft) -> tuple[str, Deed]:
    first = draft.parts[0]
    data = {"to": draft.person.id, "kinds": [part["kind"] for part in draft.parts]}
    return first["house"], Deed("letter_written", "engawa", data, first["case"])


def _row(draft: Draft, now: datetime) -> dict[str, Any]:
    paper = draft.way.address.channel == LETTER
    return {
        "key": str(uuid4()),
        "person_id": draft.person.id,
        "channel": draft.way.address.channel,
        "address": draft.way.address.address,
        "language": draft.person.language,
        "parts": draft.parts,
        "mode": draft.mode,
        "servicer_id": draft.servicer_id,
        "ticket": draft.ticket,
        "urgency": URGENCY[draft.mode],
        "day": draft.way.day,
        "written_at": now,
        "send_at": draft.way.send_at,
        "state": PAPER if paper else WAITING,
    }


async def _write_letter(connection: AsyncConnection, draft: Draft, now: datetime) -> None:
    """A letter lies on the staff's list, with a code of its own by which it is answered.

    One about the same case that still lies there is overtaken by it.
    """
    case_id = draft.parts[0]["case"]
    before = select(letters.c.outbox_id).where(letters.c.case_id == case_id, letters.c.case_id != "")
    idle = (outbox.c.person_id == draft.person.id, outbox.c.state == spelled(PAPER), outbox.c.id.in_(before))
    await connection.execute(update(outbox).where(*idle).values(state=DROPPED, detail="overtaken"))
    written = await connection.execute(insert(outbox).values(**_row(draft, now)))
    taken = 1
    while taken:
        code = f"{secrets.randbelow(1_000_000):06d}"
        taken = len((await connection.execute(select(letters.c.code).where(letters.c.code == code))).all())
    key = written.inserted_primary_key
    assert key is not None
    row = {"outbox_id": key[0], "code": code, "person_id": draft.person.id, "case_id": case_id}
    await connection.execute(insert(letters).values(**row, written_on=civil(now)))


@dataclass(frozen=True, slots=True)
class Moving:
    """A message that goes on through another channel: what of its row is needed for that."""

    person: Person
    parts: tuple[Mapping[str, Any], ...]
    mode: Mode
    servicer_id: str
    send_at: datetime


async def move(connection: AsyncConnection, claimed: Any, to: Address, now: datetime) -> Facts:
    """The same message through the person's next channel, under a key of its own; the facts that follow."""
    way = Route(to, max(now, claimed.send_at), civil(now))
    parts = [dict(part) for part in claimed.parts]
    draft = Draft(claimed.person, way, claimed.mode, parts, claimed.servicer_id)
    return await _write(connection, [draft], now)
