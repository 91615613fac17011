"""Five ways in which people of a town reach us and are reached: each phone speaks its platform's own protocol.

What somebody does arrives at the real door, signed, and as platforms do it: twice.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import EmailMessage
from typing import Any, ClassVar
from uuid import uuid4

import httpx2

from bot.channels import chat
from bot.channels.mail.kept import Place, event_of
from engawa_fakes.line import FakeLine
from engawa_fakes.slack import FakeSlack
from engawa_fakes.telegram import FakeTelegram
from scheduler.clock import machine_now
from storage.chat import keep_said
from storage.guests import new_code
from storage.inbound import keep
from tests.counterparts.smtp import Sink
from tests.stories.town import Town


@dataclass
class Platforms:
    """The town with every platform on loopback, and the door they call at."""

    town: Town
    client: httpx2.AsyncClient
    line: FakeLine
    telegram: FakeTelegram
    slack: FakeSlack
    mail: Sink
    telegram_secret: str = ""

    async def knocks(self, path: str, body: bytes, headers: Mapping[str, str]) -> None:
        """The same request twice, as after an answer that the platform did not hear."""
        for _ in range(2):
            answer = await self.client.post(path, content=body, headers=dict(headers))
            assert answer.status_code == 200
        await self.town.run()

    async def code(self, person_id: str) -> str:
        """A one-time code that ties an account to a person."""
        store = self.town.service.store
        async with store.write() as connection:
            return await new_code(connection, store.pins.seal, person_id, self.town.service.clock.now())


@dataclass
class Phone(ABC):
    """One person's way to us. A button is named by how its label begins."""

    channel: ClassVar[str]
    at: Platforms
    person_id: str

    @abstractmethod
    async def links(self) -> None:
        """The account becomes theirs by a one-time code, where the platform has accounts."""

    @abstractmethod
    async def shown(self) -> list[str]:
        """Everything that reached them, one entry for each message."""

    @abstractmethod
    async def says(self, text: str) -> None:
        """They write."""

    @abstractmethod
    async def presses(self, label: str) -> None:
        """They press the newest such button."""


@dataclass
class LinePhone(Phone):
    channel = "line"
    user: str = field(init=False)

    def __post_init__(self) -> None:
        self.user = self.at.line.people.user(self.person_id)

    async def links(self) -> None:
        await self.says(await self.at.code(self.person_id))

    async def shown(self) -> list[str]:
        return self.at.line.received(self.user)

    async def says(self, text: str) -> None:
        await self._does(self.at.line.people.say(self.user, text))

    async def presses(self, label: str) -> None:
        sent = reversed(self.at.line.of(self.user))
        actions = (action for each in sent for action in _postbacks(each.messages))
        data = next(action["data"] for action in actions if action["label"].startswith(label))
        await self._does(self.at.line.people.press(self.user, data))

    async def _does(self, event: dict[str, Any]) -> None:
        """A stranger's event comes in the same request, before theirs."""
        people = self.at.line.people
        body = people.body(people.sticker(people.user("通りがかり")), event)
        await self.at.knocks("/webhooks/line", body, people.signed(body))


def _postbacks(found: Any) -> Iterator[dict[str, Any]]:
    if isinstance(found, dict):
        if found.get("type") == "postback":
            yield found
        found = list(found.values())
    if isinstance(found, (list, tuple)):
        for each in found:
            yield from _postbacks(each)


@dataclass
class TelegramPhone(Phone):
    channel = "telegram"
    chat: int = field(init=False)

    def __post_init__(self) -> None:
        self.chat = self.at.telegram.starts()
        self.at.telegram.updates.clear()

    async def links(self) -> None:
        await self.says(f"/start {await self.at.code(self.person_id)}")

    async def shown(self) -> list[str]:
        return [message.text for message in self.at.telegram.received(self.chat)]

    async def says(self, text: str) -> None:
        self.at.telegram.says(self.chat, text)
        await self._deliver()

    async def presses(self, label: str) -> None:
        offered = (each for message in reversed(self.at.telegram.received(self.chat)) for each in message.labels)
        self.at.telegram.presses(self.chat, next(each for each in offered if each.startswith(label)))
        await self._deliver()

    async def _deliver(self) -> None:
        updates, self.at.telegram.updates = self.at.telegram.updates, []
        headers = {"x-telegram-bot-api-secret-token": self.at.telegram_secret}
        for update in updates:
            request = httpx2.Request("POST", "http://x", json=update, headers=headers)
            await self.at.knocks("/webhooks/telegram", request.content, request.headers)


@dataclass
class SlackPhone(Phone):
    channel = "slack"
    user: str = "U0FIRM"

    async def links(self) -> None:
        await self.says(await self.at.code(self.person_id))

    async def shown(self) -> list[str]:
        return [message.words for message in self.at.slack.received(self.user)]

    async def says(self, text: str) -> None:
        await self._does(self.at.slack.message(self.user, text))

    async def presses(self, label: str) -> None:
        sent = reversed(self.at.slack.received(self.user))
        message, found = next((each, name) for each in sent for name in each.buttons if name.startswith(label))
        await self._does(self.at.slack.press(self.user, message, found))

    async def _does(self, body: Mapping[str, Any]) -> None:
        path, packed = self.at.slack.packed(body)
        await self.at.knocks(path, packed, self.at.slack.sign(packed, machine_now().timestamp()))


@dataclass
class MailPhone(Phone):
    """Answers come into the mailbox; who presses nothing writes what stands on the button."""

    channel = "email"
    address: str = ""
    numbers: int = 0

    async def links(self) -> None:
        """A mail address comes with the builder's file."""

    async def shown(self) -> list[str]:
        return [str(mail["Subject"]) for mail in self._mails()]

    async def says(self, text: str) -> None:
        mail, back = self._mails()[-1], EmailMessage()
        back["From"], back["To"], back["Subject"] = self.address, mail["Reply-To"], f"Re: {mail['Subject']}"
        back["In-Reply-To"], back["Message-ID"] = mail["Message-ID"], f"<{uuid4().hex}@example.jp>"
        back.set_content(text)
        self.numbers += 1
        event = event_of(bytes(back), Place(1, self.numbers, datetime(2027, 1, 4, tzinfo=UTC)), whole=True)
        town = self.at.town
        for _ in range(2):
            async with town.service.store.write() as connection:
                await keep(connection, "email", event.id, event.raw, town.service.clock.now())
        await town.run()

    async def presses(self, label: str) -> None:
        await self.says(label)
        if (await self.shown())[-1].endswith("日にちの確認です"):
            await self.says("はい")

    def _mails(self) -> list[EmailMessage]:
        """The mails in their box: one that came twice under one Message-ID is shown once."""
        mine = [mail.parsed() for mail in self.at.mail.messages if self.address in mail.recipients]
        return list({str(mail["Message-ID"]): mail for mail in mine}.values())


@dataclass
class ChatPhone(Phone):
    channel = "chat"

    async def links(self) -> None:
        await self.at.town.chats(self.person_id)

    async def shown(self) -> list[str]:
        return await self.at.town.titles(self.person_id, chat.NAME)

    async def says(self, text: str) -> None:
        await self._does(text=text)

    async def presses(self, label: str) -> None:
        buttons = reversed(await self.at.town.buttons(self.person_id))
        await self._does(action=next(button.action for button in buttons if button.label.startswith(label)))

    async def _does(self, text: str = "", action: str = "") -> None:
        town = self.at.town
        now = town.service.clock.now()
        said = {"event_id": uuid4().hex, "person_id": self.person_id, "at": now.isoformat()}
        for _ in range(2):
            async with town.service.store.write() as connection:
                await keep_said(connection, chat.NAME, {**said, "text": text, "action": action}, now)
        await town.run()
