"""Mail keeps what every channel keeps."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from urllib.parse import unquote

import pytest

from bot.channels.mail import MailChannel, open_channel, read_settings
from bot.channels.mail.pool import Limits
from bot.channels.mail.settings import ImapServer
from bot.core.arrival import Answer, Event
from bot.core.message import Button
from tests.bot.channels.contract import CallingOut
from tests.bot.channels.contract_inward import Inward
from tests.bot.channels.mail.mails import OWNER, event, reply
from tests.bot.channels.mail.samples import SENDER, WORDS
from tests.bot.channels.mail.sink import DROP, LOST, SILENT, Sink

NOBODY = "nobody@example.ne.jp"
MAILBOX = ImapServer("127.0.0.1", 1, False, "INBOX", "engawa", "hunter2")
ODD = ("HTTP/1.1 200 OK", "<html>", "\xff\xfe", "999 what", "451 4.3.0 \x07 later", DROP)


class MailRig:
    """The server as the contract wants it. Mail knows no repeat: the same Message-ID is one mail to its reader."""

    refusals: Mapping[str, int] = {}  # a mailbox is asked, and refuses nobody

    def __init__(self, sink: Sink, channel: MailChannel, hasty: MailChannel) -> None:
        self._sink = sink
        self.hasty = hasty
        self._number = 0
        self.channel = channel
        self.address = OWNER
        self.blocked = NOBODY
        self.secrets: Sequence[str] = ("hunter2",)

    def reached(self, address: str) -> list[str]:
        mails = [message_from_bytes(t.raw, policy=default) for t in self._sink.taken if f"<{address}>" in t.rcpt_line]
        return [_shown(mail) for mail in {mail["Message-ID"]: mail for mail in mails}.values()]

    def busy(self) -> float | None:
        self._sink.answers["RCPT"].append("451 4.7.1 Greylisted")
        return None

    def broken(self) -> None:
        self._sink.answers["MAIL"].append("451 4.3.0 Internal error")

    def odd(self) -> Sequence[str]:
        return ODD

    def strange(self, how: str) -> None:
        self._sink.answers["CONTENT"].append(how)

    def lost(self) -> None:
        self._sink.answers["CONTENT"].append(LOST)

    def hangs(self) -> None:
        self._sink.answers["CONTENT"].append(SILENT)

    def locked_out(self) -> None:
        self._sink.answers["MAIL"].append("530 5.7.0 Authentication required")

    async def says(self, text: str) -> Event:
        self._number += 1
        return event(reply(text, Message_ID=f"<{self._number}@example.ne.jp>"))

    async def presses(self, button: Button) -> Event:
        """Buttons are links to the person's page; a mail has none of its own."""
        return await self.says(button.label)

    async def sends_file(self, data: bytes) -> Event:
        message = reply("写真です")
        message.add_attachment(data, maintype="image", subtype="jpeg", filename="a.jpg")
        return event(message)

    async def knocks(self, headers: Mapping[str, str], body: bytes) -> Answer | None:
        return None

    def signed(self, body: bytes) -> Mapping[str, str]:
        return {}

    def genuine(self) -> bytes:
        return bytes(reply())


def _shown(mail: EmailMessage) -> str:
    plain = mail.get_body(("plain",))
    assert plain is not None
    return f"{mail['Subject']}\n{unquote(plain.get_content())}"


class Refusing(Sink):
    """One address is nobody's, however often it is asked for."""

    def answer(self, verb: str):
        if verb == "RCPT" and NOBODY in self.lines[-1]:
            return "550 5.1.1 User unknown"
        return super().answer(verb)


@pytest.fixture
async def rig(tmp_path: Path) -> AsyncIterator[MailRig]:
    sink = Refusing()
    await sink.start()
    settings = read_settings(f"smtp://127.0.0.1:{sink.port}", SENDER.address, tmp_path / "mail", "")
    moments = iter(range(0, 1_000_000, 10))  # each look at the clock is past the pool's rest
    settings = replace(settings, mailbox=MAILBOX)
    limits = (Limits(answer=2.0), Limits(answer=0.5))
    channels = [open_channel(settings, WORDS, lambda: float(next(moments)), each) for each in limits]
    yield MailRig(sink, *channels)
    for channel in channels:
        await channel.close()
    await sink.stop()


@pytest.fixture
def hearing(rig: MailRig) -> MailRig:
    return rig


class TestOutward(CallingOut):
    pass


class TestInward(Inward):
    async def test_a_pressed_button_says_what_was_on_it(self, hearing):
        pytest.skip("a mail's buttons are links to the person's page")
