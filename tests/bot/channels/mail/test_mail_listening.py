"""The mailbox, on a real IMAP server: everything comes in once, in order, whatever the server and the network do."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from bot.channels.mail import files, line, listener
from bot.channels.mail.connection import tls_context
from bot.channels.mail.imap import read_imap
from bot.channels.mail.listener import Pace
from bot.channels.mail.reading import parse
from bot.channels.mail.settings import ImapServer
from bot.core.arrival import Event, GoneError, Remote
from tests.bot.channels.mail.mails import reply
from tests.bot.channels.mail.samples import SENDER
from tests.counterparts.dovecot import Mailboxes, MailFolder

PACE = Pace(patience=20, look=0.05, idle=30, again=0.05)


class Kept:
    """What was kept, and a way to wait for it; ``fails`` times it cannot be kept."""

    def __init__(self, fails: int = 0) -> None:
        self.events: list[Event] = []
        self._change = asyncio.Condition()
        self._fails = fails

    async def keep(self, event: Event) -> None:
        if self._fails:
            self._fails -= 1
            raise OSError("the database is away")
        async with self._change:
            self.events.append(event)
            self._change.notify_all()

    async def number(self, count: int) -> list[str]:
        async with asyncio.timeout(60), self._change:
            await self._change.wait_for(lambda: len(self.events) >= count)
        return [event.id for event in self.events]


def server(folder: MailFolder) -> ImapServer:
    found = read_imap(folder.url, SENDER)
    assert found is not None
    return found


@asynccontextmanager
async def listening(server: ImapServer, kept: Kept, pace: Pace = PACE) -> AsyncIterator[None]:
    task = asyncio.create_task(listener.Listener(server, pace).listen(kept.keep))
    yield
    task.cancel()
    await asyncio.wait({task})
    assert task.cancelled()


@pytest.fixture
async def ticked(monkeypatch: pytest.MonkeyPatch) -> asyncio.Semaphore:
    """Released once for each mail that has been marked as read."""
    event, loop, tick = asyncio.Semaphore(0), asyncio.get_running_loop(), line.Line.tick

    def telling(self: line.Line, uid: int) -> None:
        tick(self, uid)
        loop.call_soon_threadsafe(event.release)

    monkeypatch.setattr(line.Line, "tick", telling)
    return event


def mail(number: int, text: str = "はい") -> bytes:
    return bytes(reply(text, Message_ID=f"<m{number}@example.ne.jp>"))


async def test_what_lies_there_and_what_comes_later_is_kept_in_order_and_ticked(
    mail_folder: MailFolder, ticked: asyncio.Semaphore
):
    for number in (1, 2, 3):
        mail_folder.deliver(mail(number))
    kept = Kept()
    async with listening(server(mail_folder), kept):
        assert await kept.number(3) == [f"<m{n}@example.ne.jp>" for n in (1, 2, 3)]
        mail_folder.deliver(mail(4))
        await kept.number(4)
        for _ in range(4):
            await ticked.acquire()
    assert mail_folder.unread() == []
    assert parse(kept.events[3].raw, SENDER).text == "はい"


def by_tls(folder: MailFolder) -> ImapServer:
    found = read_imap(folder.url_by_tls, SENDER)
    assert found is not None
    return found


@pytest.mark.usefixtures("trusted")
async def test_mail_comes_in_over_tls(mail_folder: MailFolder):
    """As at every provider."""
    mail_folder.deliver(mail(1))
    kept = Kept()
    async with listening(by_tls(mail_folder), kept):
        await kept.number(1)


async def test_nobody_untrusted_is_told_the_password(mail_folder: MailFolder):
    """Whoever answers in the mailbox's place with a certificate of their own is not logged in to."""
    mail_folder.deliver(mail(1))
    tls_context.cache_clear()
    nobodys = line.Line(by_tls(mail_folder), PACE.patience)
    with pytest.raises(line.LineError, match="SSLCertVerificationError"):
        await nobodys.run(nobodys.open)
    nobodys.drop()
    assert mail_folder.unread() != []


async def test_a_server_that_cannot_tell_is_asked(mail_folder: MailFolder, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(line.Line, "wait", lambda self, seconds: False)
    kept = Kept()
    async with listening(server(mail_folder), kept):
        mail_folder.deliver(mail(1))
        await kept.number(1)


async def test_what_could_not_be_kept_comes_again(mail_folder: MailFolder):
    """Marked as read only once it is stored."""
    mail_folder.deliver(mail(1))
    with pytest.raises(OSError, match="the database is away"):
        await listener.Listener(server(mail_folder), PACE).listen(Kept(fails=1).keep)
    assert mail_folder.unread() != []
    kept = Kept()
    async with listening(server(mail_folder), kept):
        await kept.number(1)


async def test_a_server_that_goes_away_is_found_again(mailboxes: Mailboxes, mail_folder: MailFolder):
    """It says BYE in the middle of the wait; nobody is there for a while; then it is back."""
    kept = Kept()
    mail_folder.deliver(mail(1))
    async with listening(server(mail_folder), kept):
        await kept.number(1)
        mailboxes.stop()
        mail_folder.deliver(mail(2))
        mailboxes.start()
        assert "<m2@example.ne.jp>" in await kept.number(2)


class Log:
    """What is logged, and a way to wait for it."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.twice = asyncio.Event()

    def warning(self, *words: str, **more: str) -> None:
        self.said.append(repr((words, more)))
        if len(self.said) >= 2:
            self.twice.set()


async def test_a_wrong_password_is_tried_again_and_never_told(mailboxes: Mailboxes, monkeypatch: pytest.MonkeyPatch):
    folder = mailboxes.folder()
    folder.deliver(mail(1))
    log, kept = Log(), Kept()
    monkeypatch.setattr(listener, "log", log)
    async with listening(replace(server(folder), password="hunter2"), kept):
        await log.twice.wait()
    assert "AUTHENTICATIONFAILED" in log.said[0]
    assert "hunter2" not in "".join(log.said)
    assert folder.user not in "".join(log.said)
    assert kept.events == []


async def test_a_server_that_says_nothing_holds_nobody_up():
    """Cancelled in the middle of connecting, it is left at once."""
    reached: asyncio.Queue[asyncio.StreamWriter] = asyncio.Queue()
    silent = await asyncio.start_server(lambda _, writer: reached.put_nowait(writer), "127.0.0.1", 0)
    port = silent.sockets[0].getsockname()[1]
    async with listening(ImapServer("127.0.0.1", port, False, "INBOX", "a", "b"), Kept()):
        writer = await reached.get()
    writer.close()
    await writer.wait_closed()
    silent.close()


@pytest.mark.parametrize(
    "greeting", [b"* BYE full\r\n", b"HTTP/1.1 400\r\n\r\n", b"\xff\xfe\r\n", b"", b"* OK hi\r\n\xff\r\n"]
)
async def test_whatever_a_server_says_it_is_tried_again(greeting: bytes):
    calls: list[int] = []
    thrice = asyncio.Event()

    async def answer(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(greeting)
        writer.close()
        calls.append(1)
        if len(calls) >= 3:
            thrice.set()

    odd = await asyncio.start_server(answer, "127.0.0.1", 0)
    port = odd.sockets[0].getsockname()[1]
    async with listening(ImapServer("127.0.0.1", port, False, "INBOX", "a", "b"), Kept(), replace(PACE, again=0)):
        await thrice.wait()
    odd.close()


ANSWERS = {  # of a server with one mail, which nobody has read yet
    b"CAPABILITY": b"* CAPABILITY IMAP4rev1 IDLE\r\n",
    b"SELECT": b"* 0 EXISTS\r\n* OK [UIDVALIDITY 1] ok\r\n",
    b"UID": b"* SEARCH\r\n",
}


async def test_a_mail_announced_in_one_breath_with_the_beginning_of_the_wait_is_heard():
    """The announcement lies read already, so nothing more comes through the connection: the wait ends all the same."""
    told: list[bytes] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"* OK ready\r\n")
        tag = b""
        async for words in reader:
            told.append(words)
            if words == b"DONE\r\n":
                writer.write(tag + b" OK done\r\n")
                continue
            tag, command = words.split()[:2]
            end = b"+ idling\r\n* 1 EXISTS\r\n" if command == b"IDLE" else tag + b" OK done\r\n"
            writer.write(ANSWERS.get(command, b"") + end)
        writer.close()

    odd = await asyncio.start_server(answer, "127.0.0.1", 0)
    one = line.Line(ImapServer("127.0.0.1", odd.sockets[0].getsockname()[1], False, "INBOX", "a", "b"), 60)
    await one.run(one.open)
    assert await one.run(one.unseen) == []
    async with asyncio.timeout(60):
        assert await one.run(lambda: one.wait(600))
    assert told[-1] == b"DONE\r\n"
    one.drop()
    odd.close()


async def test_a_poisoned_mail_holds_up_nothing_behind_it(mail_folder: MailFolder):
    deep = b"".join(b'Content-Type: multipart/mixed; boundary="%d"\r\n\r\n--%d\r\n' % (n, n) for n in range(1500))
    for data in (b"", b"\xff\x00\xfe\r\n\r\n\x00", b"From: a@b.jp\r\n" + deep, mail(1)):
        mail_folder.deliver(data)
    kept = Kept()
    async with listening(server(mail_folder), kept):
        assert (await kept.number(4))[-1] == "<m1@example.ne.jp>"


async def test_a_mail_too_large_is_kept_without_being_fetched(mail_folder: MailFolder, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(line, "LARGEST_MAIL", 1000)
    mail_folder.deliver(mail(1, "長い" * 2000))
    kept = Kept()
    async with listening(server(mail_folder), kept):
        await kept.number(1)
    heard = parse(kept.events[0].raw, SENDER)
    assert (heard.text, heard.refused) == ("", True)


async def test_files_are_fetched_later_while_the_mail_is_there(
    mail_folder: MailFolder, monkeypatch: pytest.MonkeyPatch
):
    photo = bytes(range(256)) * 500
    message = reply("写真です")
    message.add_attachment(photo, maintype="image", subtype="jpeg", filename="屋根.jpg")
    message.add_attachment("結果=良\n" * 5, subtype="csv", cte="quoted-printable", filename="a.csv")
    mail_folder.deliver(bytes(message))
    kept = Kept()
    async with listening(server(mail_folder), kept):
        await kept.number(1)
    first, second = parse(kept.events[0].raw, SENDER).remote
    where = server(mail_folder)
    assert await files.fetch(where, 20, first) == photo
    assert (await files.fetch(where, 20, second)).decode() == "結果=良\r\n" * 5
    monkeypatch.setattr(files, "LARGEST_FILE", 1000)
    with pytest.raises(GoneError, match="large"):
        await files.fetch(where, 20, first)
    for odd in (Remote("1:1:1:"), Remote("x"), Remote(f"{first.id[:-8]}9:base64")):
        with pytest.raises(GoneError, match="gone"):
            await files.fetch(where, 20, odd)
    mail_folder.empty()
    with pytest.raises(GoneError, match="gone"):
        await files.fetch(where, 20, second)
    with pytest.raises(OSError, match="Error"):
        await files.fetch(replace(where, port=1), 20, first)
