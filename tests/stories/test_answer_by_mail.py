"""An owner who has nothing but mail: asked, answers in their own words, is read back, and says yes; all by mail."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest_asyncio
from sqlalchemy import delete, select

from bot.channels.mail.kept import Place, event_of
from storage.inbound import keep
from storage.tables import addresses, outbox
from tests.bot.channels.mail.mails import report
from tests.stories.town import Town, town_at

OWNER, STAFF, ADDRESS = "owner:O-H1", "staff:desk", "hanako@example.jp"
MAILBOX = {
    "ENGAWA_IMAP_URL": "imap://engawa:secret@127.0.0.1:1",
    "ENGAWA_MAIL_FROM": "縁側 <engawa@engawa.example.jp>",
}


@dataclass
class Post:
    """The town, the folder that its mails go to, and the owner's mail program."""

    town: Town
    seen: set[str] = field(default_factory=set)
    numbers: int = 0

    def arrived(self) -> list[EmailMessage]:
        """The mails that have come to the owner since last asked, oldest first."""
        found = sorted((self.town.folder / "mail" / "new").glob("*"), key=lambda path: path.stat().st_mtime_ns)
        fresh = [path for path in found if path.name not in self.seen]
        self.seen |= {path.name for path in fresh}
        mails = [message_from_bytes(path.read_bytes(), policy=default) for path in fresh]
        return [mail for mail in mails if ADDRESS in str(mail["To"])]

    async def comes_in(self, data: bytes, number: int) -> list[EmailMessage]:
        """Something reaches the mailbox; what the owner is answered."""
        event = event_of(data, Place(1, number, datetime(2026, 11, 26, tzinfo=UTC)), whole=True)
        async with self.town.service.store.write() as connection:
            await keep(connection, "email", event.id, event.raw, self.town.service.clock.now())
        await self.town.run()
        return self.arrived()

    async def answers(self, mail: EmailMessage, text: str, **headers: str) -> list[EmailMessage]:
        """The owner answers a mail as phones do it, the whole mail quoted below."""
        quoted = "\n".join(f"> {line}" for line in words(mail).splitlines())
        back = EmailMessage()
        back["From"], back["To"] = f"山田 花子 <{ADDRESS.title()}>", mail["Reply-To"]
        back["Subject"], back["In-Reply-To"] = f"Re: {mail['Subject']}", mail["Message-ID"]
        number = self.numbers = self.numbers + 1
        back["Message-ID"] = f"<{number}@example.jp>"
        for name, value in headers.items():
            del back[name]
            back[name.replace("_", "-")] = value
        back.set_content(
            f"{text}\n\niPhoneから送信\n\n2026/11/26 9:00、縁側 <engawa@example.jp>のメール:\n\n{quoted}\n"
        )
        return await self.comes_in(bytes(back), number)

    async def living(self) -> list[str]:
        query = select(addresses.c.address).where(addresses.c.person_id == OWNER, addresses.c.ended_at.is_(None))
        async with self.town.service.store.read() as connection:
            return list((await connection.execute(query)).scalars())


@pytest_asyncio.fixture
async def post(tmp_path: Path, database_url: str) -> AsyncIterator[Post]:
    async with town_at(tmp_path, database_url, "2026-11-01", MAILBOX) as town:
        await town.companies()
        await town.house(email=ADDRESS)
        async with town.service.store.write() as connection:
            chat = (addresses.c.person_id == OWNER, addresses.c.channel == "chat")
            await connection.execute(delete(addresses).where(*chat))
        yield Post(town)


def words(mail: EmailMessage) -> str:
    """The plain text of a mail."""
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


async def asked(post: Post) -> EmailMessage:
    """The mail in which the owner is asked for a date."""
    await post.town.until("2027-02-02")
    return post.arrived()[-1]


async def test_an_owner_fixes_the_day_by_answering_mails(post: Post):
    mail = await asked(post)
    assert re.fullmatch(r".*<engawa\+[0-9a-f]{32}@engawa\.example\.jp>", str(mail["Reply-To"]))
    assert mail["List-Unsubscribe"].count("mailto:engawa+") == 1
    (back,) = await post.answers(mail, "2027年2月24日に来てもらうことになりました")
    assert "2月24日" in words(back)
    assert back["In-Reply-To"] == back["References"]
    assert "2027-02-24" not in str((await post.town.case())["state"])
    (done,) = await post.answers(back, "はい")
    assert "2月24日" in words(done)
    assert "2027-02-24" in str((await post.town.case())["state"])
    await post.town.all_is_well()


async def test_an_out_of_office_note_changes_nothing(post: Post):
    mail = await asked(post)
    before = await post.town.view()
    assert await post.answers(mail, "2027年2月24日に来てもらいました", Auto_Submitted="auto-replied") == []
    assert await post.answers(mail, "終わりました", Precedence="bulk") == []
    assert await post.town.view() == before


async def test_a_mail_in_their_name_alone_changes_nothing(post: Post):
    """Anybody can write an address into From; only an answer to a mail of ours to them is theirs."""
    mail = await asked(post)
    del mail["Reply-To"], mail["Message-ID"]
    mail["Reply-To"], mail["Message-ID"] = "engawa@engawa.example.jp", "<x@y>"
    await post.answers(mail, "2027年2月1日に終わりました。異常なしです")
    assert (await post.town.case())["state"]["reports"] == []


async def test_a_stop_by_mail_ends_mail_and_not_the_support(post: Post):
    mail = await asked(post)
    stop = EmailMessage()
    stop["From"], stop["To"], stop["Subject"], stop["Message-ID"] = ADDRESS, mail["Reply-To"], "stop", "<s@example.jp>"
    stop.set_content("")
    await post.comes_in(bytes(stop), 90)
    assert await post.living() == []
    facts = await post.town.facts()
    assert "channel_ended" in facts
    assert "mandate_withdrawn" not in facts


async def test_a_hard_bounce_ends_the_address_and_the_letter_goes(post: Post):
    mail = await asked(post)
    key = str(mail["Message-ID"]).strip("<>").partition("@")[0]
    bounce = report("Action: failed", "Status: 5.1.1", to=str(mail["Reply-To"]), envelope="X: y", key="no")
    bounce = bounce.replace(b"taro@example.ne.jp", ADDRESS.encode())
    forged = bounce.replace(str(mail["Reply-To"]).encode(), b"engawa@engawa.example.jp").replace(b".B1@", b".B2@")
    await post.comes_in(forged, 91)
    assert await post.living() == [ADDRESS]
    assert await post.comes_in(bounce, 92) == []
    assert await post.living() == []
    assert "address_ended" in await post.town.facts()
    async with post.town.service.store.read() as connection:
        rows = [tuple(r) for r in await connection.execute(select(outbox.c.channel, outbox.c.state, outbox.c.key))]
    assert ("email", "moved", key) in rows
    assert "owner_ask" in await post.town.letters(OWNER)
    await post.town.until("2027-02-03")
    assert "staff_note" in await post.town.hears(STAFF)
    await post.town.all_is_well()


async def test_an_address_in_another_case_is_the_same_person(post: Post):
    """The builder typed Hanako.Y@Example.JP, her phone writes hanako.y@example.jp: it is her, not a stranger."""
    await post.town.house("H2", owner_id="O-2", email="Hanako.Y@Example.JP")
    async with post.town.service.store.write() as connection:
        await connection.execute(
            delete(addresses).where(addresses.c.person_id == "owner:O-2", addresses.c.channel == "chat")
        )
        kept = select(addresses.c.address).where(addresses.c.person_id == "owner:O-2")
        assert (await connection.execute(kept)).scalar_one() == "Hanako.Y@example.jp"
    await post.town.until("2027-02-02")
    folder = (post.town.folder / "mail" / "new").glob("*")
    mails = [message_from_bytes(path.read_bytes(), policy=default) for path in folder]
    mail = next(mail for mail in mails if "Hanako.Y@example.jp" in str(mail["To"]))
    await post.answers(mail, "2027年2月24日に来てもらうことになりました", From="hanako.y@EXAMPLE.jp")
    await post.answers(mail, "はい", From="hanako.y@EXAMPLE.jp")
    assert "2027-02-24" in str((await post.town.case("H2"))["state"])
    await post.town.all_is_well()
