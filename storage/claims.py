"""Taking rows from the outbox to send them. What has been overtaken since it was written is dropped, and never sent."""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import BindParameter, ColumnElement, Row, and_, bindparam, exists, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.dml import ReturningUpdate

from bot.core.access import OF_OTHERS
from bot.core.days import civil
from bot.core.outcome import Mode
from bot.core.pause import ALL, CHANNEL, RESTORED, SERVICER
from bot.core.people import Person, Role, role_of
from bot.core.reach import URGENCY, opening
from bot.core.transfer import OF_THE_CHANGE
from storage.events import holds_at
from storage.leases import LEASE
from storage.outbox import DROPPED, PAPER, SENDING, WAITING
from storage.paces import FREE, Pace, allowance, rested, spend
from storage.people import load_people
from storage.scopes import concerned_with
from storage.tables import cases, houses, outbox, pauses, spelled

LAST_WORDS = frozenset({"owner_parted", "owner_called_off"})
MOST_APART = 100  # machines that are told something at the same time
LONG_AGO = datetime.fromtimestamp(0, UTC)
STAFF_KINDS = frozenset({Mode.REPLY, Mode.ALARM})
BEGUN = frozenset({Mode.PROMPT, Mode.RELAY, Mode.CHECK})  # bound to their hours, also at the moment of sending

# The statements of every batch, put together once: building the longer ones costs more than running them.
PAUSED = select(pauses.c.scope).where(or_(pauses.c.until_at.is_(None), pauses.c.until_at > bindparam("now")))
_wanted: BindParameter[Any] = bindparam("wanted", expanding=True)
OF_HOUSES = select(houses.c.id, houses.c.servicer_id, houses.c.mandated).where(houses.c.id.in_(_wanted))
# What a prompt is held against: not the whole state, which is the most of a case's row.
STANDING = select(
    *(cases.c.id, cases.c.phase, cases.c.round, cases.c.reason, cases.c.state["heard_in"].label("heard_in"))
).where(cases.c.id.in_(_wanted))


# What may be sent now, by both clocks.
DUE = (
    outbox.c.state == spelled(WAITING),
    outbox.c.send_at <= bindparam("now"),
    or_(outbox.c.retry_at.is_(None), outbox.c.retry_at <= bindparam("machine")),
    outbox.c.urgency <= bindparam("least"),
)


def _claim(lane: ColumnElement[bool], *, alone: bool) -> ReturningUpdate[Any]:
    """Claims the first rows of a lane that are due. ``alone``: nobody else writes meanwhile, as on SQLite."""
    due = (
        select(outbox.c.id)
        .where(
            *DUE,
            lane,
            or_(
                outbox.c.urgency == URGENCY[Mode.ALARM],
                and_(
                    outbox.c.servicer_id.not_in(bindparam("servicers", expanding=True)),
                    outbox.c.person_id.not_in(bindparam("companies", expanding=True)),
                ),
            ),
        )
        .order_by(outbox.c.urgency, outbox.c.send_at, outbox.c.id)
        .limit(bindparam("most"))
    )
    if not alone:
        due = due.with_for_update(skip_locked=True)
    # An inner LIMIT may be run more than once and claim too much: PostgreSQL is told to work it out first.
    picked = due.cte("picked", nesting=False).prefix_with("MATERIALIZED", dialect="postgresql")
    taken = update(outbox).where(outbox.c.id.in_(select(picked.c.id)))
    return taken.values(state=SENDING, lease=bindparam("token"), lease_until=bindparam("until")).returning(
        *(outbox.c.id, outbox.c.key, outbox.c.lease, outbox.c.lease_until),
        *(outbox.c.person_id, outbox.c.channel, outbox.c.address),
        *(outbox.c.language, outbox.c.mode, outbox.c.parts, outbox.c.servicer_id, outbox.c.urgency),
        *(outbox.c.written_at, outbox.c.send_at, outbox.c.attempts, outbox.c.ticket),
    )


ONE_CHANNEL = outbox.c.channel == bindparam("lane")
ONE_PERSON = and_(ONE_CHANNEL, outbox.c.person_id == bindparam("person"))
THE_REST = outbox.c.channel.not_in(bindparam("others", expanding=True))
CLAIM = {alone: _claim(ONE_CHANNEL, alone=alone) for alone in (True, False)}
CLAIM_THEIRS = {alone: _claim(ONE_PERSON, alone=alone) for alone in (True, False)}
CLAIM_REST = {alone: _claim(THE_REST, alone=alone) for alone in (True, False)}
POSTPONED = ("send_at", "day", "retry_at")
POSTPONE = (
    update(outbox)
    .where(outbox.c.id == bindparam("row_id"))
    .values({name: bindparam(name) for name in POSTPONED} | {"state": WAITING, "lease": ""})
)
WAIT_FOR = (
    update(outbox)
    .where(outbox.c.id == bindparam("row_id"))
    .values(state=WAITING, lease="", servicer_id=bindparam("firm"))
)
# The row says what was really sent: a retry is the same, and the person's page shows no more.
KEEP_PARTS = update(outbox).where(outbox.c.id == bindparam("row_id")).values(parts=bindparam("parts"))


@dataclass(frozen=True, slots=True)
class Moment:
    """One instant by both clocks, and the servicers for whose houses sending is paused."""

    civil: datetime
    machine: datetime
    paused: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Lane:
    """One channel's way out, so that none waits for another. Without a channel: the rows of all but ``others``.

    ``least``: how urgent a row must be to go this way (the smaller, the sooner). ``person``: only what this machine is
    told; a channel to many offices' machines has such a lane for each.
    """

    channel: str = ""
    others: tuple[str, ...] = ()
    pace: Pace = FREE
    least: int = max(URGENCY.values())
    person: str = ""

    @property
    def name(self) -> str:
        """No other lane has it."""
        return f"{self.channel}/{self.person}" if self.person else self.channel

    @property
    def claims(self) -> Mapping[bool, ReturningUpdate[Any]]:
        """The statement that takes its rows, by whether nobody else writes meanwhile."""
        if not self.channel:
            return CLAIM_REST
        return CLAIM_THEIRS if self.person else CLAIM


@dataclass(frozen=True, slots=True)
class Claimed:
    """A row in hand, with the parts that still hold. ``dead_end``: its address ended since it was written.

    ``until``: the machine's instant until which it was leased when it was claimed.
    """

    id: int
    key: str
    lease: str
    until: datetime
    person: Person
    channel: str
    address: str
    language: str
    mode: Mode
    parts: tuple[Mapping[str, Any], ...]
    servicer_id: str
    written_at: datetime
    send_at: datetime
    attempts: int
    ticket: str = ""
    dead_end: bool = False

    @property
    def topic(self) -> str:
        """The case that all of it is about; empty where it is about several, or none."""
        named = {part["case"] for part in self.parts}
        return named.pop() if len(named) == 1 else ""


@dataclass(frozen=True, slots=True)
class Hand:
    """What a claim took. ``wait``: seconds until the platform's pace allows more; None where nothing more is due."""

    rows: list[Claimed]
    wait: float | None = None


async def busy(connection: AsyncConnection, lanes: Sequence[Lane], now: datetime, machine: datetime) -> list[Lane]:
    """The lanes in which something is due, though a pause or a pace may still hold it."""
    if not lanes:
        return []
    waits = [exists().where(*DUE, _of(lane)).label(f"lane_{number}") for number, lane in enumerate(lanes)]
    wanted = {"now": now, "machine": machine, "least": max(lane.least for lane in lanes)}
    found = (await connection.execute(select(*waits), wanted)).one()
    return [lane for lane, waiting in zip(lanes, found, strict=True) if waiting]


async def apart(connection: AsyncConnection, lane: Lane, now: datetime, machine: datetime) -> list[Lane]:
    """A lane for each machine that is to be told something through this channel, those first that took it at once so
    far: one that answers nothing holds up no other."""
    wanted = {"now": now, "machine": machine, "least": lane.least}
    query = select(outbox.c.person_id).where(*DUE, _of(lane)).group_by(outbox.c.person_id)
    first = query.order_by(func.min(outbox.c.attempts), outbox.c.person_id).limit(MOST_APART)
    return [replace(lane, person=person_id) for person_id in (await connection.execute(first, wanted)).scalars()]


def _of(lane: Lane) -> ColumnElement[bool]:
    return outbox.c.channel == lane.channel if lane.channel else outbox.c.channel.not_in(lane.others)


async def claim(connection: AsyncConnection, lane: Lane, now: datetime, machine: datetime, limit: int) -> Hand:
    """Up to ``limit`` rows of a lane, the most urgent first; what was overtaken is dropped on the way."""
    scopes = await _paused(connection, now)
    servicers = _named(scopes, SERVICER)
    shut = not scopes.isdisjoint((ALL, RESTORED, f"{CHANNEL}{lane.channel}"))
    allowed, wait = await allowance(connection, lane.channel, lane.pace, machine, limit)
    wanted = {
        "now": now,
        "machine": machine,
        "lane": lane.channel,
        "person": lane.person,
        "others": [*lane.others, *_named(scopes, CHANNEL)],
        "least": URGENCY[Mode.ALARM] if shut else lane.least,  # danger is told in any case
        "servicers": servicers,
        "companies": [f"{SERVICER}{name}" for name in servicers],
        "most": max(allowed, 1),
        "token": uuid4().hex,
        "until": machine + LEASE,
    }
    statement = lane.claims[connection.dialect.name == "sqlite"]
    while found := (await connection.execute(statement, wanted)).all():
        if not allowed:
            await _release(connection, [(row.id, None) for row in found])
            return Hand([], wait)
        rows, wait = await _rested(connection, lane, found, machine)
        rows.sort(key=lambda row: (row.urgency, row.send_at, row.id))
        held = await _checked(connection, rows, Moment(now, machine, frozenset(servicers)))
        if held or wait:
            await spend(connection, lane.channel, lane.pace, machine, len(held))
            return Hand(held, wait if wait else None)
    return Hand([])


async def _rested(
    connection: AsyncConnection, lane: Lane, rows: Sequence[Row[Any]], machine: datetime
) -> tuple[list[Row[Any]], float]:
    """Those whose address may be written to again; the others wait, the last of them for so many seconds."""
    waits = await rested(connection, lane.channel, lane.pace, machine, [row.address for row in rows])
    until = [machine + timedelta(seconds=wait) for wait in waits]
    await _release(connection, [(row.id, at) for row, at, wait in zip(rows, until, waits, strict=True) if wait])
    return [row for row, wait in zip(rows, waits, strict=True) if not wait], max(waits, default=0.0)


async def _release(connection: AsyncConnection, late: Sequence[tuple[int, datetime | None]]) -> None:
    """Back among those that wait, not to be looked at before that instant."""
    for row_id, at in late:
        values = {"state": WAITING, "lease": "", "retry_at": at}
        await connection.execute(update(outbox).where(outbox.c.id == row_id).values(**values))


async def _paused(connection: AsyncConnection, now: datetime) -> set[str]:
    return set((await connection.execute(PAUSED, {"now": now})).scalars())


def _named(scopes: Iterable[str], prefix: str) -> list[str]:
    return [scope.removeprefix(prefix) for scope in scopes if scope.startswith(prefix)]


async def _checked(connection: AsyncConnection, rows: Sequence[Row[Any]], moment: Moment) -> list[Claimed]:
    people = await load_people(connection, {row.person_id for row in rows})
    known = await _cases(connection, {part["case"] for row in rows for part in row.parts if part["case"]})
    houses_told = {part["house"] for row in rows for part in row.parts if part["house"]}
    firms, theirs = await _firms(connection, houses_told), await concerned_with(connection, houses_told)
    holds = await holds_at(connection, {part["house"] for row in rows for part in _reminders(row)}, moment.civil)
    held: list[Claimed] = []
    dropped, early, thinner, mixed = [], [], [], []
    for row in rows:
        person = people[row.person_id]
        parts = tuple(
            part for part in row.parts if _holds(part, person, known, firms) and _theirs(part, person, theirs)
        )
        opens = opening(person, max(moment.civil, _held_until(row, parts, holds)))
        if not parts:
            dropped.append(row.id)
        elif firm := _paused_firm(row, parts, firms, moment):
            mixed.append({"row_id": row.id, "firm": firm})
        elif row.mode in BEGUN and opens > moment.civil:
            early.append(_postponed(row, opens, moment))
        else:
            held.append(_claimed(row, person, parts))
            thinner += [{"row_id": row.id, "parts": list(parts)}] if len(parts) < len(row.parts) else []
    if thinner:
        await connection.execute(KEEP_PARTS, thinner)
    if mixed:
        await connection.execute(WAIT_FOR, mixed)
    if early:
        await connection.execute(POSTPONE, early)
    if dropped:
        values = {"state": DROPPED, "detail": "overtaken", "lease": ""}
        await connection.execute(update(outbox).where(outbox.c.id.in_(dropped)).values(**values))
    return held


def _reminders(row: Row[Any]) -> Sequence[Mapping[str, Any]]:
    """What of a message is routine, and waits for some days where something has happened to the house."""
    return row.parts if row.mode == Mode.PROMPT and role_of(row.person_id) is not Role.STAFF else ()


def _held_until(row: Row[Any], parts: Iterable[Mapping[str, Any]], holds: Mapping[str, datetime]) -> datetime:
    """Until when one of the houses in a reminder is left in peace: all of it waits for that one; long ago for none."""
    mine = (holds[part["house"]] for part in parts if part["house"] in holds) if _reminders(row) else iter(())
    return max(mine, default=LONG_AGO)


def _paused_firm(
    row: Row[Any], parts: Iterable[Mapping[str, Any]], firms: Mapping[str, str], moment: Moment
) -> str | None:
    """The paused servicer of one of the houses in a message about several: all of it waits for that one."""
    if not moment.paused or row.mode not in BEGUN or role_of(row.person_id) is Role.STAFF:
        return None
    return next((firms[part["house"]] for part in parts if firms.get(part["house"]) in moment.paused), None)


def _postponed(row: Row[Any], opens: datetime, moment: Moment) -> dict[str, Any]:
    """A row whose hour has passed while it could not go out: it waits for the person's next one.

    What was tried before keeps the instant from which its patience counts.
    """
    fresh = row.attempts == 0
    return {
        "row_id": row.id,
        "send_at": opens if fresh else row.send_at,
        "day": civil(opens if fresh else row.send_at),
        "retry_at": None if fresh else moment.machine + (opens - moment.civil),
    }


def _claimed(row: Row[Any], person: Person, parts: tuple[Mapping[str, Any], ...]) -> Claimed:
    living = {(address.channel, address.address) for address in person.addresses}
    return Claimed(
        id=row.id,
        key=row.key,
        lease=row.lease,
        until=row.lease_until,
        person=person,
        channel=row.channel,
        address=row.address,
        language=row.language,
        mode=Mode(row.mode),
        parts=parts,
        servicer_id=row.servicer_id,
        written_at=row.written_at,
        send_at=row.send_at,
        attempts=row.attempts,
        ticket=row.ticket,
        dead_end=row.mode in BEGUN and (row.channel, row.address) not in living,
    )


async def _cases(connection: AsyncConnection, case_ids: set[str]) -> dict[str, Any]:
    return {row.id: row for row in (await connection.execute(STANDING, {"wanted": list(case_ids)})).all()}


async def _firms(connection: AsyncConnection, house_ids: set[str]) -> dict[str, str]:
    """The servicer of each house that has its owner's mandate."""
    rows = (await connection.execute(OF_HOUSES, {"wanted": list(house_ids)})).all()
    return {row.id: row.servicer_id or "" for row in rows if row.mandated}


def _theirs(part: Mapping[str, Any], person: Person, concerned: Container[tuple[str, str]]) -> bool:
    """Whether the house is (still) the reader's own: who sold it hears no more of it, whatever was written before."""
    begun = person.role is Role.OWNER and part["mode"] in BEGUN and part["house"]
    return not begun or part["kind"] in OF_THE_CHANGE or (part["house"], person.id) in concerned


def _holds(part: Mapping[str, Any], person: Person, known: Mapping[str, Any], firms: Mapping[str, str]) -> bool:
    """Whether a part may still be said: the mandate stands, the company has the house, the case is as it was."""
    if part["mode"] in STAFF_KINDS:
        return True
    if not person.active:
        return False
    if person.role is not Role.STAFF and part["house"] and part["house"] not in firms:
        return part["kind"] in OF_THE_CHANGE
    if person.role is Role.SERVICER and _of_another(part, person, firms):
        return False
    if person.role is Role.HOOK and part["params"]["servicer"] not in ("", firms.get(part["house"])):
        return False  # whoever has the house now did not have it then
    if not part["asks"] or not part["case"]:
        return True
    case = known.get(part["case"])
    if case is not None and person.role is Role.STAFF:
        return bool(case.reason)  # a matter lies with them, whatever else happens to the visit
    if case is None or (case.phase, case.round) != (part["phase"], part["round"]):
        return False
    return bool(case.heard_in.get(person.role, 0) <= part["version"])


def _of_another(part: Mapping[str, Any], person: Person, firms: Mapping[str, str]) -> bool:
    """Whether a company would be told of a house that has another one by now."""
    named = part["house"] and part["kind"] not in OF_OTHERS
    return bool(named) and f"{SERVICER}{firms[part['house']]}" != person.id


async def drop_letters(connection: AsyncConnection) -> None:
    """Letters that nobody has posted yet and that nobody should: what they ask was answered, or their reader left."""
    rows = (await connection.execute(select(outbox).where(outbox.c.state == spelled(PAPER)))).all()
    if not rows:
        return
    people = await load_people(connection, {row.person_id for row in rows})
    known = await _cases(connection, {part["case"] for row in rows for part in row.parts if part["case"]})
    firms = await _firms(connection, {part["house"] for row in rows for part in row.parts if part["house"]})
    theirs = await concerned_with(connection, {part["house"] for row in rows for part in row.parts if part["house"]})
    idle = [row.id for row in rows if not _stands(row, people[row.person_id], known, firms) or _left(row, theirs)]
    if idle:
        values = {"state": DROPPED, "detail": "overtaken"}
        await connection.execute(update(outbox).where(outbox.c.id.in_(idle)).values(**values))


def _left(row: Row[Any], concerned: Container[tuple[str, str]]) -> bool:
    """Whether a letter is about a house that is not its reader's any more; the last word is."""
    part = row.parts[0]
    ours = role_of(row.person_id) is not Role.OWNER or not part["house"] or part["kind"] in LAST_WORDS
    return not ours and (part["house"], row.person_id) not in concerned


def _stands(row: Row[Any], person: Person, known: Mapping[str, Any], firms: Mapping[str, str]) -> bool:
    """Whether a letter may still go out. One about no case asks for the mandate itself."""
    part = row.parts[0]
    return _holds(part, person, known, firms) if part["case"] else person.active
