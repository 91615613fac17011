"""The one inbound door: what came in is parsed, its writer and case are found, and what follows is committed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.action import read_action
from bot.core.case import Phase, Scene
from bot.core.days import civil
from bot.core.delivery import Inbound
from bot.core.meaning import Context
from bot.core.outcome import Mode, Outcome, Say
from bot.core.people import STAFF_DESK, Person, Role
from bot.core.turn import Reply, Turn
from bot.language.understand import understand
from handlers import owner, servicer, staff
from storage.chat import unconsented
from storage.commit import commit
from storage.concern import (
    candidates,
    case_house,
    houses_of,
    next_case_number,
    open_cases,
    scenes_of,
    talk_of,
)
from storage.households import load_households, lock_houses
from storage.inbound import FAILED, next_new, settle, stumble, take
from storage.people import load_people, person_at
from storage.store import Store

log = structlog.get_logger()
Parse = Callable[[dict[str, Any]], Inbound]
DECIDES: Mapping[Role, Callable[[Turn], list[Outcome]]] = {
    Role.OWNER: owner.reply,
    Role.SERVICER: servicer.reply,
    Role.STAFF: staff.reply,
}
ASKED = {
    "ask_date": Context.ASK_DATE,
    "ask_day": Context.ASK_DATE,
    "ask_offer": Context.ASK_DATE,
    "ask_result": Context.ASK_RESULT,
    "confirm_date": Context.CONFIRM_DATE,
    "confirm_day": Context.CONFIRM_DATE,
    "confirm_offer": Context.CONFIRM_DATE,
    "consent": Context.ASK_CONSENT,
}


@dataclass(frozen=True, slots=True)
class Inbox:
    """Understands stored events.

    ``consent`` holds version and hash of the consent text by language; ``own`` names the channels that are pages of
    ours, where a signed link says who is writing.
    """

    store: Store
    parsers: Mapping[str, Parse]
    consent: Mapping[str, Mapping[str, str]]
    own: frozenset[str]

    async def work(self, now: datetime) -> int:
        """Every event that nobody has understood yet, in the order of arrival; one that fails stops no other."""
        seen, last = 0, 0
        while True:
            async with self.store.read() as connection:
                row_id = await next_new(connection, last)
            if row_id is None:
                return seen
            last, seen = row_id, seen + 1
            await self.handle(row_id, now)

    async def handle(self, row_id: int, now: datetime) -> None:
        """One event. The edge of the loop: whatever goes wrong here is written down with the event."""
        try:
            await self._handle(row_id, now)
        except Exception as error:
            log.exception("inbound_failed", inbound=row_id)
            await self._stumbled(row_id, error, now)

    async def _stumbled(self, row_id: int, error: Exception, now: datetime) -> None:
        async with self.store.write() as connection:
            if await stumble(connection, row_id, type(error).__name__) == FAILED:
                params = {"who": "", "reason": "inbound_failed", "house": "", "inbound": row_id}
                note = Outcome(says=(Say(STAFF_DESK, "staff_note", params, Mode.PROMPT),))
                await commit(connection, self.store.pins, [note], now)

    async def _handle(self, row_id: int, now: datetime) -> None:
        async with self.store.write() as connection:
            row = await take(connection, row_id)
            if row is None:
                return
            event = self.parsers[row.channel](row.raw)
            person_id = await self._writer(connection, event)
            person = (await load_people(connection, [person_id])).get(person_id)
            if person is not None:
                turn = await self._turn(connection, person, event, f"inbound:{row_id}", now)
                outcomes = DECIDES[person.role](turn)
                await commit(connection, self.store.pins, outcomes, now)
            await settle(connection, row_id, person_id if person else "")

    async def _writer(self, connection: AsyncConnection, event: Inbound) -> str:
        if event.channel in self.own:
            return event.address
        return await person_at(connection, event.channel, event.address) or ""

    async def _turn(
        self, connection: AsyncConnection, person: Person, event: Inbound, source: str, now: datetime
    ) -> Turn:
        talk = await talk_of(connection, person.id)
        reply = Reply(
            via=event.channel,
            source=source,
            text=event.text,
            action=read_action(event.action) if event.action else None,
            evidence=tuple(attachment.ref for attachment in event.attachments),
        )
        found = await open_cases(connection, person.id)
        named = reply.action.case_id if reply.action else ""
        wanted = named or talk.case_id
        if person.role is Role.STAFF and wanted:
            house = await case_house(connection, wanted)
            found = [(wanted, house)] if house else []
        await lock_houses(connection, {house for _, house in found})
        scenes = await scenes_of(connection, found)
        scene = _scene(scenes, wanted, person) if not named else _named(scenes, named)
        turn = Turn(person, reply, talk, now, scene=scene, scenes=scenes)
        turn = await self._at_home(connection, turn)
        return replace(turn, reply=replace(reply, meaning=_meaning(turn)))

    async def _at_home(self, connection: AsyncConnection, turn: Turn) -> Turn:
        """The turn with the house it is about, the text to consent to and who could take the house over."""
        household = turn.scene.household if turn.scene else None
        if household is None and turn.person.role is Role.OWNER:
            owned = await houses_of(connection, turn.person.id)
            known = await load_households(connection, owned)
            asked = await unconsented(connection, turn.person.id, civil(turn.now))
            household = next((known[house] for house in [*asked, *owned] if house in known), None)
        number = await next_case_number(connection, household.house.id) if household else 0
        backup = household.house.backup_servicer_id if household else ""
        others = await candidates(connection, backup) if turn.person.role is Role.STAFF else ()
        consent = self.consent[turn.person.language]
        return replace(turn, household=household, next_number=number, candidates=others, consent=consent)


def _named(scenes: tuple[Scene, ...], case_id: str) -> Scene | None:
    """The case a button was offered for; None if it is not theirs or is over."""
    return next((scene for scene in scenes if scene.case.id == case_id), None)


def _scene(scenes: tuple[Scene, ...], wanted: str, person: Person) -> Scene | None:
    """The case that free words are about: the one we are talking about, or the only one we asked about."""
    talked = _named(scenes, wanted)
    if talked is not None or len(scenes) < 2:
        return talked or next(iter(scenes), None)
    asked = [scene for scene in scenes if scene.case.silence.get(person.role, 0)]
    return asked[0] if len(asked) == 1 else None


def _meaning(turn: Turn) -> Any:
    if not turn.reply.text.strip():
        return None
    return understand(turn.reply.text, turn.now, turn.person.role, _context(turn))


def _context(turn: Turn) -> Context:
    """What was last asked of them."""
    if turn.talk.question in ASKED:
        return ASKED[turn.talk.question]
    if turn.scene is None:
        return Context.NONE
    case = turn.scene.case
    late = case.target_on < civil(turn.now) or case.phase is Phase.CONFIRMING
    return Context.OVERDUE if late else Context.REMINDER_DUE
