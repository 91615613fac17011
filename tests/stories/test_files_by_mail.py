"""A company mails last year's Excel to its own address: over a real mailbox in, and back by mail."""

import re
import zipfile
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from openpyxl import load_workbook
from sqlalchemy import select

from bot.channels.mail.address import Mailbox
from bot.channels.mail.imap import read_imap
from bot.channels.mail.line import Line
from bot.channels.mail.settings import ImapServer
from bot.core.arrival import Addressed
from handlers.web.intake.looking import LARGEST_UPLOAD
from main import pages
from storage.imports import MOST_IN_A_SPAN, Came, begin_import
from storage.inbound import keep
from storage.submitters import Entry, end, enter, submitter_of, token_of
from storage.tables import imports, inbound, uploads
from tests.counterparts.dovecot import MailFolder
from tests.handlers.web.street import HOST, Street
from tests.photos import photo
from tests.stories.test_builders_page import GOOD, MENDED, WRONG, excel
from tests.stories.test_submitters import entered
from tests.stories.town import Town, town_at

COMPANY, OWNER, SERVER = "b1@example.jp", "ichiro@example.jp", "mx.engawa.example.jp"
SURE = f"{SERVER}; spf=pass smtp.mailfrom={COMPANY}; dkim=pass header.d=example.jp; dmarc=pass header.from=example.jp"


@dataclass
class Office:
    """The company's mail program, and the town that reads its mails."""

    town: Town
    mailbox: MailFolder
    server: ImapServer
    address: str = ""
    seen: set[str] = field(default_factory=set)
    numbers: int = 0

    async def sends(self, *files: tuple[str, bytes], sure: str = SURE, **headers: str) -> list[EmailMessage]:
        """A mail with these attached; what the company is answered."""
        self.numbers += 1
        mail = EmailMessage()
        usual = {"From": f"丸太工務店 <{COMPANY.upper()}>", "To": self.address, "Subject": "昨年分"}
        usual |= {"Message-ID": f"<{self.numbers}@example.jp>", "Authentication-Results": sure}
        for name, value in {**usual, **{name.replace("_", "-"): said for name, said in headers.items()}}.items():
            if value:
                mail[name] = value
        mail.set_content("お世話になります。添付のとおりです。")
        for name, data in files:
            mail.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
        return await self.comes_in(bytes(mail).replace(b"CODED", b"=?utf-8?q?example.jp?="))

    async def comes_in(self, data: bytes) -> list[EmailMessage]:
        """It lies in the mailbox, and is fetched from there as the listening channel does."""
        self.mailbox.deliver(data)
        line = Line(self.server, 60)
        try:
            await line.run(line.open)
            for uid in await line.run(line.unseen):
                event = await line.run(partial(line.read, uid))
                assert event is not None
                async with self.town.service.store.write() as connection:
                    await keep(connection, "email", event.id, event.raw, self.town.service.clock.now())
                await line.run(partial(line.tick, uid))
        finally:
            line.drop()
        await self.town.run()
        return self.arrived()

    def arrived(self) -> list[EmailMessage]:
        """The mails that have gone out since last asked, but those to the owner of the new house."""
        found = [path for path in (self.town.folder / "mail" / "new").glob("*") if path.name not in self.seen]
        self.seen |= {path.name for path in found}
        found.sort(key=lambda path: path.stat().st_mtime_ns)
        mails = [message_from_bytes(path.read_bytes(), policy=default) for path in found]
        return [mail for mail in mails if OWNER not in str(mail["To"])]

    async def rows(self, table: Any) -> list[Any]:
        async with self.town.service.store.read() as connection:
            return list((await connection.execute(select(table))).all())

    async def brought(self) -> list[Any]:
        found = [row for row in await self.rows(imports) if row.door == "mail"]
        return sorted(found, key=lambda row: row.id)


@pytest_asyncio.fixture
async def office(tmp_path: Path, database_url: str, mail_folder: MailFolder) -> AsyncIterator[Office]:
    environment = {
        "ENGAWA_IMAP_URL": mail_folder.url,
        "ENGAWA_MAIL_FROM": "縁側 <engawa@engawa.example.jp>",
        "ENGAWA_MAIL_AUTHSERV_ID": SERVER,
    }
    async with town_at(tmp_path, database_url, "2026-11-01", environment) as town:
        await town.take(servicers=[{"servicer_id": "B1", "name": "丸太工務店", "status": "営業", "email": COMPANY}])
        await entered(town, "B1")
        channel, pins = town.service.post.channels["email"], town.service.store.pins
        assert isinstance(channel, Addressed)
        async with town.service.store.read() as connection:
            address = channel.own_address(await token_of(connection, pins.seal, "B1"))
        server = read_imap(mail_folder.url, Mailbox("engawa@engawa.example.jp"))
        assert server is not None
        yield Office(town, mail_folder, server, address)


def words(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


async def test_last_years_excel_by_mail(office: Office):
    """丸太工務店: メールに付けて送るだけなら、うちでもできます。"""
    (back,) = await office.sends(("昨年.xlsx", excel(GOOD, WRONG)))
    assert (back["To"].addresses[0].addr_spec, back["In-Reply-To"]) == (COMPANY, "<1@example.jp>")
    assert back["Subject"] == "メールのファイルを取り込みました"
    assert "2行のうち1行を取り込みました" in words(back)
    assert "住宅 3行目" in words(back)
    assert "24/4/1" not in words(back)
    (marked,) = back.iter_attachments()
    sheet = load_workbook(BytesIO(marked.get_content()))["住宅"]
    assert "理由" in [cell.value for cell in next(sheet.iter_rows(max_row=1))]
    (again,) = await office.sends(("直した.xlsx", excel(GOOD, MENDED)))
    assert "2行をすべて取り込みました" in words(again)
    assert (await office.town.view("N2"))["house"]["builder_id"] == "B1"
    assert [row.verdict for row in await office.brought()] == ["reject_row", "accept_with_warning"]
    await office.town.all_is_well()


async def test_the_guarantor_mails_what_it_guarantees(office: Office):
    """保証基金: 保証した家の一覧を、メールに付けて送ります。"""
    fund = {"servicer_id": "G1", "name": "ひなた保証基金", "role": "保証機関", "email": "fund@example.jp"}
    await office.town.take(servicers=[fund])
    await entered(office.town, "G1")
    channel, pins = office.town.service.post.channels["email"], office.town.service.store.pins
    assert isinstance(channel, Addressed)
    async with office.town.service.store.read() as connection:
        office.address = channel.own_address(await token_of(connection, pins.seal, "G1"))
    header = "住宅ID,残価保証番号,施工事業者ID,維持管理事業者ID,引渡日,所有者氏名\n"
    rows = "N1,G-1,B1,B1,2024-04-01,佐藤 一郎\nN2,,B1,B1,2024-04-01,鈴木 二郎\n"
    sender = {"From": "ひなた保証基金 <fund@example.jp>", "sure": SURE.replace(COMPANY, "fund@example.jp")}
    (back,) = await office.sends(("保証.csv", (header + rows).encode()), **sender)
    assert back["To"].addresses[0].addr_spec == "fund@example.jp"
    assert "2行のうち1行を取り込みました" in words(back)
    assert "新しい住宅には「残価保証番号」をご記入ください" in words(back)
    (row,) = await office.brought()
    assert (row.submitter, row.representative, row.acquired) == ("G1", "丸太 太郎", "contract")


@pytest.mark.parametrize(
    "headers",
    [
        {"sure": ""},
        {"sure": SURE.replace(SERVER, "mx.elsewhere.example")},
        {"sure": SURE.replace("pass", "fail")},
        {"sure": SURE.replace("example.jp", "evil.example")},
        {"From": "だれか <someone@example.jp>"},
        {"From": f"{COMPANY}, someone@example.jp"},
    ],
    ids=["nothing said", "another server's word", "failed", "another domain", "a colleague", "two authors"],
)
async def test_who_is_not_certain_changes_nothing_before_the_company_has_looked(
    office: Office, headers: dict[str, str]
):
    """The link goes to the address that we know, whoever wrote; nothing is answered to anybody else."""
    (back,) = await office.sends(("昨年.xlsx", excel(GOOD)), **headers)
    assert back["To"].addresses[0].addr_spec == COMPANY
    assert "まだ取り込んでいません" in back["Subject"]
    assert back["In-Reply-To"] is None
    assert re.search(r"/c/[\w.-]+/intake/sent/[0-9a-f]{40}", words(back))
    assert await office.brought() == []
    assert [row.person_id for row in await office.rows(uploads)] == ["servicer:B1"]


async def test_what_lies_ready_is_taken_in_by_a_press_on_the_page(office: Office):
    """The mail came from an address that we do not know; the company knows it, and sees what is in it first."""
    (back,) = await office.sends(("昨年.xlsx", excel(GOOD, WRONG)), sure="")
    found = re.search(r"http://127\.0\.0\.1:8000(/c/[\w.-]+/intake)/sent/[0-9a-f]{40}", words(back))
    assert found is not None
    reader = Street(office.town, pages(office.town.service, _received)).reader()
    await reader.opens(found[0].removeprefix(HOST))
    assert "「昨年.xlsx」を取り込むと" in reader.text
    await reader.presses("取り込む")
    assert "取り込みました" in reader.text
    assert (await office.town.view("N1"))["house"]["builder_id"] == "B1"
    await reader.opens(found[1])
    assert office.address in reader.text
    other = found[0].rpartition("/")[0].removeprefix(HOST) + "/" + "0" * 40
    assert "お預かりは一日です" in (await reader.opens(other)).text
    await reader.client.aclose()


async def _received(row_id: int) -> None:
    """Nothing is said on these pages."""


async def test_a_reader_of_the_letterhead_cannot_forge_our_servers_word(office: Office):
    """A comment, a quoted name or a coded word may say anything; what our server found stays what it found."""
    for said in (
        f'{SERVER}; spf=fail smtp.mailfrom="x; dmarc=pass header.from=example.jp"@evil.example',
        f"{SERVER}; spf=fail (dmarc=pass header.from=example.jp; dkim=pass header.d=example.jp)",
        f"{SERVER}; dkim=pass header.d=CODED",
    ):
        (back,) = await office.sends(("昨年.xlsx", excel(GOOD)), sure=said)
        assert "まだ取り込んでいません" in back["Subject"]
    assert await office.brought() == []


async def test_each_thing_that_is_no_table_has_a_clear_answer(office: Office):
    packed, bomb = BytesIO(), BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        file.writestr("昨年.csv", "a,b")
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("[Content_Types].xml", "")
        file.writestr("xl/workbook.xml", b"0" * (100 << 20))
    protected = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
    (back,) = await office.sends()
    assert "ファイルが添付されていませんでした" in words(back)
    files = (("a.zip", packed.getvalue()), ("b.xlsx", protected), ("c.csv", b" \n"), ("d.xlsx", bomb.getvalue()))
    (back,) = await office.sends(*files, ("e.jpg", photo()))
    for said in ("圧縮された", "パスワード付き", "中身が空", "大きすぎる", "JSON ではない"):
        assert said in words(back)
    (back,) = await office.sends(("big.csv", b"x" * (LARGEST_UPLOAD + 1)))
    assert "大きすぎる" in words(back)
    (back,) = await office.sends(*[(f"{number}.xlsx", excel(GOOD)) for number in range(6)])
    assert "数が多い" in words(back)
    assert await office.brought() == []
    (back,) = await office.sends(("a.zip", packed.getvalue()), ("h.xlsx", excel(GOOD)))
    assert "1行をすべて取り込みました" in words(back)
    assert "圧縮された" in words(back)


@pytest.mark.parametrize(
    "headers",
    [{"Auto_Submitted": "auto-replied"}, {"Precedence": "list", "List_Id": "<x.example.jp>"}, {"Return_Path": "<>"}],
    ids=["an automatic answer", "a mailing list", "a bounce"],
)
async def test_what_nobody_wrote_is_not_answered(office: Office, headers: dict[str, str]):
    assert await office.sends(("昨年.xlsx", excel(GOOD)), **headers) == []
    assert await office.brought() == []


async def test_an_address_ends_with_its_entry(office: Office):
    """A new entry has a new address; a mail to the old one is answered like any stranger's, and tells nothing."""
    async with office.town.service.store.write() as connection:
        await enter(connection, Entry("B1", "丸太 太郎", "東京都港区1-1", "contract"), office.town.today)
    old = await office.sends(("昨年.xlsx", excel(GOOD)))
    assert await office.brought() == []
    assert not [mail for mail in old if "取り込" in str(mail["Subject"])]
    async with office.town.service.store.write() as connection:
        await end(connection, "B1", office.town.today)


async def test_the_same_mail_twice_and_a_try_that_broke_off_are_one_import(office: Office):
    (_,) = await office.sends(("昨年.xlsx", excel(GOOD)), Message_ID="<same@example.jp>")
    async with office.town.service.store.write() as connection:
        await connection.execute(inbound.update().values(state="new"))  # as if it had died before its last step
    await office.town.run()
    assert len(await office.brought()) == 1
    assert len([mail for mail in office.arrived() if "取り込みました" in str(mail["Subject"])]) == 1
    await office.town.all_is_well()


async def test_too_many_in_an_hour_are_taken_in_later(office: Office):
    now = office.town.service.clock.now()
    async with office.town.service.store.write() as connection:
        who = await submitter_of(connection, "B1")
        assert who is not None
        for _ in range(MOST_IN_A_SPAN):
            await begin_import(connection, Came(who, "servicer:B1", "page"), now)
    assert await office.sends(("昨年.xlsx", excel(GOOD))) == []
    await office.town.skip_to("2026-11-02")
    (back,) = [mail for mail in office.arrived() if "取り込みました" in str(mail["Subject"])]
    assert "1行をすべて取り込みました" in words(back)
