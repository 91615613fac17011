"""The Slack channel, outward: into the thread, the modal or the corner a thing was asked for in, or as a message.

At the desk a case has one message, which always shows how the case stands; its thread is the history.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from aiohttp import ClientTimeout
from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import ContextBlock

from bot.channels.raw import text_at
from bot.channels.registry import Context
from bot.channels.slack.blocks import blocks_of, clean, cut, escaped, fallback, plain
from bot.channels.slack.events import NAME, parse
from bot.channels.slack.line import PATIENCE, Line
from bot.channels.slack.modal import modal_of
from bot.channels.slack.settings import SlackSettings
from bot.channels.slack.ticket import Ticket, read_ticket
from bot.channels.slack.words import Words, words_of
from bot.core.arrival import GoneError, Inbound, Remote
from bot.core.delivery import Abilities, Envelope, Outcome, Receipt

LARGEST_FILE = 10 * 1024 * 1024  # bytes
# The message is not there any more, or too old to be edited: the case gets a new one, and its thread goes on there.
NOT_EDITED = frozenset({"message_not_found", "cant_update_message", "edit_window_closed", "thread_not_found"})


class SlackChannel:
    """Outward, and what both ways of hearing share."""

    name = NAME
    abilities = Abilities(repeatable=False, answers=True, topics=True, at_once=4, per_second=1.0, rest=1)

    def __init__(self, settings: SlackSettings, context: Context, patience: ClientTimeout = PATIENCE) -> None:
        self.desk = settings.staff_channel
        self._settings = settings
        self._line = Line(settings, patience)
        self._words: Mapping[str, Words] = words_of(context.words)
        self._machine_now: Callable[[], datetime] = context.machine_now

    def parse(self, raw: Mapping[str, Any]) -> Inbound:
        return parse(raw, self.desk)

    async def send(self, envelope: Envelope) -> Receipt:
        """Never raises for what Slack answers, nor for what cannot be put into blocks."""
        try:
            return await self._send(envelope)
        except SlackObjectFormationError:
            return Receipt(Outcome.REFUSED, detail="blocks")

    async def fetch(self, remote: Remote) -> bytes:
        """A file that somebody sent, by its id. A right that the bot was not given does not come by asking again."""
        receipt, answer = await self._line.file(remote.id)
        if receipt.outcome in (Outcome.DEAD, Outcome.REFUSED) or receipt.detail == "missing_scope":
            raise GoneError("gone")
        if receipt.outcome is not Outcome.SENT:
            raise OSError(f"file: {receipt.detail}")
        file = answer.get("file")
        told = file if isinstance(file, Mapping) else {}
        size = told.get("size")
        if isinstance(size, int) and size > LARGEST_FILE:
            raise GoneError("large")
        return await self._downloaded(text_at(told, "url_private_download") or text_at(told, "url_private"))

    async def verified(self, address: str) -> str:
        """The mail address in the account's profile; the bot needs users:read.email to see it."""
        _, answer = await self._line.user(address)
        user = answer.get("user")
        if not isinstance(user, Mapping) or user.get("is_email_confirmed") is not True or user.get("deleted"):
            return ""
        return text_at(user, "profile", "email")

    async def check(self) -> str:
        receipt, _ = await self._line.whoami()
        return "" if receipt.outcome is Outcome.SENT else receipt.detail

    async def _downloaded(self, url: str) -> bytes:
        status, data = await self._line.download(url, LARGEST_FILE)
        if status in (302, 403, 404, 410):  # 302: to the page on which people log in
            raise GoneError("gone")
        if status != 200:
            raise OSError(f"file: {status}")
        if len(data) > LARGEST_FILE:
            raise GoneError("large")
        return data

    async def close(self) -> None:
        await self._line.close()

    async def _send(self, envelope: Envelope) -> Receipt:
        if envelope.address == self.desk:
            return await (self._edit(envelope) if envelope.topic and envelope.earlier else self._desk_post(envelope))
        ticket = read_ticket(envelope.ticket)
        opened = await self._open(envelope, ticket)
        if opened is not None:
            return opened
        if ticket.channel:
            receipt = await self._into(envelope, ticket)
            if receipt.outcome not in (Outcome.DEAD, Outcome.REFUSED):
                return receipt
        return await self._post(envelope, envelope.address)  # a place that is gone says nothing about the person

    async def _open(self, envelope: Envelope, ticket: Ticket) -> Receipt | None:
        """A modal, while its trigger lives; None where it has to be asked otherwise."""
        if not ticket.lives(self._machine_now()):
            return None
        view = modal_of(envelope.message, ticket, self._words[envelope.message.language])
        if view is None:
            return None
        receipt, answer = await self._line.open(ticket.trigger, view)
        shown = answer.get("view")
        if receipt.outcome is not Outcome.SENT or not isinstance(shown, Mapping):
            return None  # asked twice is better than not asked
        return Receipt(Outcome.SENT, provider_id=str(shown.get("id", "")))

    async def _into(self, envelope: Envelope, ticket: Ticket) -> Receipt:
        """Where it was asked: unseen by others, or in the thread."""
        if not ticket.unseen:
            return await self._post(envelope, ticket.channel, ticket.thread)
        drawn = self._drawn(envelope)
        return (await self._line.whisper(ticket.channel, envelope.address, *drawn))[0]

    async def _desk_post(self, envelope: Envelope) -> Receipt:
        """The desk's channel being gone is for the staff to mend: it is no person's address that has died."""
        receipt = await self._post(envelope, self.desk)
        dead = receipt.outcome is Outcome.DEAD
        return Receipt(Outcome.REFUSED, detail=receipt.detail) if dead else receipt

    async def _edit(self, envelope: Envelope) -> Receipt:
        """The case's one message shows the new state, and its thread keeps a line of it.

        The edit can be repeated as often as need be, the line cannot: so it comes last.
        """
        receipt, _ = await self._line.update(self.desk, envelope.earlier, *self._drawn(envelope))
        if receipt.detail in NOT_EDITED:
            return replace(await self._desk_post(envelope), anew=True)
        if receipt.outcome in (Outcome.DEAD, Outcome.UNKNOWN):
            again = Outcome.LATER if receipt.outcome is Outcome.UNKNOWN else Outcome.REFUSED
            return Receipt(again, detail=receipt.detail)
        if receipt.outcome is not Outcome.SENT:
            return receipt
        line = clean(envelope.message.title) or envelope.message.kind
        history = [ContextBlock(elements=[plain(cut(line, 1000))])]
        return (await self._line.post(self.desk, escaped(line), history, envelope.earlier))[0]

    async def _post(self, envelope: Envelope, channel: str, thread: str = "") -> Receipt:
        return (await self._line.post(channel, *self._drawn(envelope), thread))[0]

    def _drawn(self, envelope: Envelope) -> tuple[str, list[Any]]:
        message = envelope.message
        return fallback(message), blocks_of(message, self._words[message.language], envelope.page_url, envelope.opens)
