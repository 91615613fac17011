"""What still holds of what was written: the mandate, the company, the owner, the case as it stood then."""

from collections.abc import Container, Mapping
from typing import Any

from sqlalchemy import BindParameter, Row, bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.access import OF_OTHERS
from bot.core.outcome import Mode
from bot.core.pause import SERVICER
from bot.core.people import Person, Role, role_of
from bot.core.transfer import OF_THE_CHANGE
from storage.outbox import DROPPED, PAPER
from storage.people import load_people
from storage.scopes import concerned_with
from storage.tables import cases, houses, outbox, spelled

LAST_WORDS = frozenset({"owner_parted", "owner_called_off"})
STAFF_KINDS = frozenset({Mode.REPLY, Mode.ALARM})
BEGUN = frozenset({Mode.PROMPT, Mode.RELAY, Mode.CHECK})  # bound to their hours, also at the moment of sending

# The statements of every batch, put together once: building them costs more than running them.
_wanted: BindParameter[Any] = bindparam("wanted", expanding=True)
OF_HOUSES = select(houses.c.id, houses.c.servicer_id, houses.c.mandated).where(houses.c.id.in_(_wanted))
# What a prompt is held against: not the whole state, which is the most of a case's row.
STANDING = select(
    *(cases.c.id, cases.c.phase, cases.c.round, cases.c.reason, cases.c.state["heard_in"].label("heard_in"))
).where(cases.c.id.in_(_wanted))


async def cases_told(connection: AsyncConnection, case_ids: set[str]) -> dict[str, Any]:
    """The cases that parts are about, as they stand now."""
    return {row.id: row for row in (await connection.execute(STANDING, {"wanted": list(case_ids)})).all()}


async def firms_of(connection: AsyncConnection, house_ids: set[str]) -> dict[str, str]:
    """The servicer of each house that has its owner's mandate."""
    rows = (await connection.execute(OF_HOUSES, {"wanted": list(house_ids)})).all()
    return {row.id: row.servicer_id or "" for row in rows if row.mandated}


def is_theirs(part: Mapping[str, Any], person: Person, concerned: Container[tuple[str, str]]) -> bool:
    """Whether the house is (still) the reader's own: who sold it hears no more of it, whatever was written before."""
    begun = person.role is Role.OWNER and part["mode"] in BEGUN and part["house"]
    return not begun or part["kind"] in OF_THE_CHANGE or (part["house"], person.id) in concerned


def still_holds(part: Mapping[str, Any], person: Person, known: Mapping[str, Any], firms: Mapping[str, str]) -> bool:
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
    known = await cases_told(connection, {part["case"] for row in rows for part in row.parts if part["case"]})
    firms = await firms_of(connection, {part["house"] for row in rows for part in row.parts if part["house"]})
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
    return still_holds(part, person, known, firms) if part["case"] else person.active
