"""That somebody of the staff looked, at what, and why."""

from collections.abc import Iterable, Mapping
from typing import Any

from fastapi import Request
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.exceptions import HTTPException

from handlers.web.forms import row_number
from handlers.web.staff.session import Session
from storage.concern import case_house
from storage.looks import (
    FILE,
    LIST,
    Look,
    in_handover,
    matter_of,
    matter_with,
    note_looks,
    reason_given,
    with_staff,
)

WHY = ("call", "letter", "check", "audit", "other")  # what somebody may look for, beside a case
LONGEST = 100  # letters of a reason: a file's name is 71 at most


class ReasonAskedError(Exception):
    """Somebody opens the page of a house or a person about whom nothing lies with the staff: why, is to be said."""

    def __init__(self, session: Session, to: str, subject: tuple[str, str]) -> None:
        super().__init__(session.door)
        self.session, self.to = session, to
        self.house_id, self.seen = subject


async def look(session: Session, request: Request) -> None:
    """Puts the look on record before anything is shown. Raises ReasonAskedError where nobody knows why."""
    async with session.site.store.read() as connection:
        house_id, seen, why = await _subject(connection, request.path_params)
        if not why and (house_id or seen):
            why = await reason_given(connection, session.id, house_id, seen)
    if not why and (house_id or seen):
        to = f"{request.url.path}?{request.url.query}".removesuffix("?")
        raise ReasonAskedError(session, to, (house_id, seen))
    await _note(session, why or LIST, [(house_id, seen)])


async def say_why(session: Session, why: str, subject: tuple[str, str]) -> None:
    """The reason that somebody gives; it holds for this house or person until they leave."""
    await _note(session, why, [subject])


async def saw(session: Session, shown: Iterable[tuple[str, str]]) -> None:
    """A list or a print shows these, each a house and a person or one of the two: whoever searches by them finds it."""
    await _note(session, LIST, list(dict.fromkeys(pair for pair in shown if any(pair))))


async def _note(session: Session, why: str, subjects: list[tuple[str, str]]) -> None:
    if not subjects:
        return
    async with session.site.store.write() as connection:
        seen = [Look(session.person.id, session.id, session.door, why, *one) for one in subjects]
        await note_looks(connection, seen, session.site.now())


async def _subject(connection: AsyncConnection, named: Mapping[str, Any]) -> tuple[str, str, str]:
    """The house, the person, and the reason where it is plain: a case that lies with the staff, as it stands now.

    An address can be guessed. So a case that is closed or lies with somebody else is no reason, and a handover is one
    for its own houses alone.
    """
    if handover := named.get("handover", ""):
        return await _of_handover(connection, handover, named.get("house_id", ""))
    if case_id := named.get("case_id", ""):
        lies_here = await with_staff(connection, case_id)
        return await case_house(connection, case_id) or "", "", f"case:{case_id}" if lies_here else ""
    if house_id := named.get("house_id", ""):
        case = await matter_of(connection, house_id)
        return house_id, "", f"case:{case}" if case else ""
    person_id = named.get("person_id", "")
    if ref := named.get("ref", ""):
        return "", person_id, f"{FILE}:{ref}"[:LONGEST]
    if person_id:
        case = await matter_with(connection, person_id)
        return "", person_id, f"case:{case}" if case else ""
    return "", "", f"event:{named['event_id']}" if "event_id" in named else ""


async def _of_handover(connection: AsyncConnection, handover: str, house_id: str) -> tuple[str, str, str]:
    if house_id and not await in_handover(connection, row_number(handover), house_id):
        raise HTTPException(404)  # there is no such page, whatever somebody looks for
    return house_id, "", f"handover:{handover}"[:40]
