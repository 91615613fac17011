"""Every event, in the order of arrival: parsed, its files fetched, decided and committed; none stops another."""

import asyncio
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection
from structlog.contextvars import bound_contextvars

from bot.core.action import Action, read_action, tag
from bot.core.arrival import Answered, Attachment, Fetching, GoneError, Inbound, Remote, Vouching, What
from bot.core.meaning import Context
from bot.core.outcome import Mode, Outcome, Say
from bot.core.people import STAFF_DESK, Person, Role, role_of
from bot.core.turn import Turn
from bot.language.text.normal import normalise
from bot.language.understand import understand
from handlers import arrivals, files, guest, owner, servicer, staff
from handlers.inbox.bringing import Bringing, Intake
from handlers.inbox.turn import Occasion, turn_of
from handlers.inbox.writer import writer_of
from storage.commit import commit
from storage.files import FileRefusedError, Files
from storage.guarantees import take_told
from storage.inbound import (
    FAILED,
    TRIES,
    Said,
    Tried,
    hold_message,
    in_no_other,
    read,
    settle,
    stumble,
    take,
    taken_back,
    told,
)
from storage.people import hold_staff, load_people, person_at
from storage.proposals import with_proposals
from storage.store import Store
from storage.survey import colleague_in

log = structlog.get_logger()
DECIDES: Mapping[Role, Callable[[Turn], list[Outcome]]] = {
    Role.OWNER: owner.reply,
    Role.SERVICER: servicer.reply,
    Role.STAFF: staff.reply,
    Role.GUEST: guest.reply,
}
HURRY = 3.0  # seconds in which a file has to come that came with words of danger
LOST = str(Action("lost"))  # a button of which nothing is known any more: answered like one whose case is over


def in_danger(text: str, now: datetime) -> bool:
    """Whether words speak of danger, whoever says them and whatever they were asked."""
    return bool(text) and understand(text, now, Role.OWNER, Context.NONE).urgent


@dataclass(frozen=True, slots=True)
class Inbox:
    """Understands stored events.

    ``channels`` are those in which people answer. ``consent`` holds version and hash of the consent text by language;
    ``own`` names the channels that are pages of ours, where a signed link says who is writing; ``called`` is what
    people call each channel; ``offered`` tells the actions on a message, from its parts and its language; ``mail`` is
    the channel whose addresses other platforms vouch for; ``intake`` takes in files that companies mail.
    """

    store: Store
    channels: Mapping[str, Answered]
    files: Files
    consent: Mapping[str, Mapping[str, str]]
    own: frozenset[str]
    called: Mapping[str, re.Pattern[str]]
    offered: Callable[[Sequence[Mapping[str, Any]], str], Iterable[str]]
    mail: str = ""
    intake: Intake | None = None

    async def asks(self, channel: str, raw: Mapping[str, Any], now: datetime) -> bool:
        """Whether its platform has to be asked before this event can be understood, which can take a while.

        Danger is not put behind whatever else that platform is being asked.
        """
        try:
            event = self.channels[channel].parse(raw)
        except Exception:  # what cannot be read is told when it is handled
            return False
        return (bool(event.remote) or await self._may_vouch(event)) and not in_danger(event.text, now)

    async def handle(self, row_id: int, now: datetime) -> None:
        """One event. The edge of the loop: whatever goes wrong here is written down with the event."""
        with bound_contextvars(inbound=row_id):
            await self._taken_up(row_id, now)

    async def _taken_up(self, row_id: int, now: datetime) -> None:
        async with self.store.read() as connection:
            row = await read(connection, row_id)
        if row is None:
            return
        tried = Tried(row_id, row.tries)
        try:
            event = self.channels[row.channel].parse(row.raw)
            tried = replace(tried, message_id=event.message_id)
            if await self._brought(tried, event, now):
                return
            event = await self._vouched(await self._fetched(event, row.tries, now), now)
            await self._handle(row_id, event, now)
        except Exception as error:
            log.exception("inbound_failed", inbound=row_id)
            await self._stumbled(tried, error, now)

    async def _brought(self, tried: Tried, event: Inbound, now: datetime) -> bool:
        """Whether it was a company's mail with its files, which nobody talks about; words of danger go their way."""
        fetching = self.channels[event.channel]
        if not event.intake or self.intake is None or not isinstance(fetching, Fetching) or in_danger(event.text, now):
            return False
        return await Bringing(self.store, self.intake, fetching.fetch).taken(tried, event, now)

    async def _stumbled(self, tried: Tried, error: Exception, now: datetime) -> None:
        async with self.store.write() as connection:
            if await stumble(connection, tried, type(error).__name__, now) == FAILED:
                params = {"who": "", "reason": "inbound_failed", "house": "", "inbound": tried.row_id}
                note = Outcome(says=(Say(STAFF_DESK, "staff_note", params, Mode.PROMPT),))
                await commit(connection, self.store.pins, [note], now)

    async def _fetched(self, event: Inbound, tries: int, now: datetime) -> Inbound:
        """The event with its files here. A file that cannot be had or kept is left out, and the person told so.

        Raises OSError where the platform may have them later. Words do not wait for a file for ever, and words of
        danger for a moment only.
        """
        if not event.remote:
            return event
        danger = in_danger(event.text, now)
        async with self.store.write() as connection:
            if await taken_back(connection, event.channel, event.message_id):
                return replace(event, remote=())
            person_id = await writer_of(connection, event, self.own, self.store.pins.seal, now)
        whose = (event.channel, person_id)
        try:
            kept = [found for remote in event.remote if (found := await self._kept(whose, remote, hurried=danger))]
        except OSError:
            if tries + 1 < TRIES and not danger:
                raise
            kept = []
        refused = len(kept) < len(event.remote)
        return replace(event, attachments=(*event.attachments, *kept), remote=(), refused=refused)

    async def _may_vouch(self, event: Inbound) -> bool:
        """Whether its platform may tell the mail address of whoever wrote, whom we do not know."""
        if not isinstance(self.channels[event.channel], Vouching) or event.at_desk or event.what is not What.SAID:
            return False
        async with self.store.read() as connection:
            known = await person_at(connection, event.channel, event.address)
        return known is None or role_of(known) is Role.GUEST

    async def _vouched(self, event: Inbound, now: datetime) -> Inbound:
        """Of somebody whom we do not know, the event with the mail address that their platform has verified."""
        channel = self.channels[event.channel]
        if not isinstance(channel, Vouching) or not await self._may_vouch(event) or in_danger(event.text, now):
            return event
        return replace(event, mail=await channel.verified(event.address))

    async def _kept(self, whose: tuple[str, str], remote: Remote, *, hurried: bool) -> Attachment | None:
        """Of a channel and a person. Raises OSError where the platform may still have it later; None where it cannot
        be had, or kept."""
        channel, person_id = whose
        fetching = self.channels[channel]
        if not isinstance(fetching, Fetching):
            return None
        try:
            async with asyncio.timeout(HURRY if hurried else None):  # TimeoutError is an OSError
                data = await fetching.fetch(remote)
            return await self.files.keep(person_id, data)
        except (GoneError, FileRefusedError) as error:
            log.warning("file_not_kept", channel=channel, why=str(error))
            return None

    async def _handle(self, row_id: int, event: Inbound, now: datetime) -> None:
        async with self.store.write() as connection:
            if await take(connection, row_id) is None:
                return
            await hold_message(connection, event.channel, event.about or event.message_id)
            if event.told is not None:  # a machine's word: nobody is answered
                await settle(connection, row_id, event.address, Said())
                await commit(connection, self.store.pins, await take_told(connection, event.told, now), now)
                return
            person_id = await writer_of(connection, event, self.own, self.store.pins.seal, now)
            await hold_staff(connection, person_id, colleague_in(read_action(event.action)))
            person = (await load_people(connection, [person_id])).get(person_id)
            event = await self._whole(connection, person_id, event) if person is not None else event
            outcomes = [] if person is None else await self._outcomes(connection, person, event, row_id, now)
            await self._forget(outcomes)
            withdraws = event.about if event.what is What.TOOK_BACK else ""
            said = Said(event.text, event.action, event.attachments, event.message_id, withdraws)
            # First, so that an erasure takes these words along.
            await settle(connection, row_id, person_id if person is not None else "", said)
            await commit(connection, self.store.pins, await with_proposals(connection, outcomes, now), now)

    async def _forget(self, outcomes: Sequence[Outcome]) -> None:
        """Files go before the rows: broken off in between, it is all done once more."""
        for change in (change for outcome in outcomes for change in outcome.changes):
            if change.kind == "person_erased":
                await self.files.forget(str(change.data["person_id"]))
            for ref in change.data["files"] if change.kind == "message_forgotten" else ():
                await self.files.remove(ref)

    def _named_channels(self, text: str) -> tuple[str, ...]:
        said = normalise(text)
        return tuple(channel for channel, names in self.called.items() if names.search(said))

    async def _whole(self, connection: AsyncConnection, person_id: str, event: Inbound) -> Inbound:
        """The event with its action, where the platform had only room for that action's tag."""
        if not event.pressed:
            return event
        message = await told(connection, person_id, event.answers_key)
        offered = self.offered(message.parts, message.language) if message is not None else ()
        return replace(event, action=next((action for action in offered if tag(action) == event.pressed), LOST))

    async def _outcomes(
        self, connection: AsyncConnection, person: Person, event: Inbound, row_id: int, now: datetime
    ) -> list[Outcome]:
        if event.what is What.NOTHING:
            return []
        named = self._named_channels(event.text)
        occasion = Occasion(event, row_id, now, self.store.pins.seal, named, self.mail)
        turn = await turn_of(connection, person, occasion)
        turn = replace(turn, consent=self.consent[person.language])
        if await taken_back(connection, event.channel, event.message_id):
            refs = [attachment.ref for attachment in event.attachments]
            gone = tuple(await in_no_other(connection, row_id, person.id, refs))
            return [arrivals.forgotten(replace(turn, about=turn.reply.source, gone=gone))]
        if event.what is What.SAID and not turn.proved:
            return arrivals.unproved(turn)
        if event.what is What.SAID:
            return files.with_refused_files(turn, DECIDES[person.role](turn))
        return arrivals.DECIDES[event.what](turn)
