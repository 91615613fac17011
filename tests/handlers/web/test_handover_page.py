"""The company that a house was given to takes its papers; the one before it sees nothing of the house any more."""

import hashlib
import io
import json
import re
import zipfile
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any
from urllib.parse import urlsplit

import pypdf
from sqlalchemy import update

from bot.cli.imports import take_files
from bot.core.disclosure import disclosures
from storage.tables import addresses
from storage.view import house_facts
from tests.handlers.web.street import Reader, Street
from tests.stories.town import town_at

OWNER, BEFORE, NOW, STAFF = "owner:O-H1", "servicer:B1", "servicer:B2", "staff:desk"
HOUSE: dict[str, Any] = {
    "owner_name": "山田 花子",
    "phone": "090-1234-5678",
    "address": "東京都千代田区1-2-3",
    "lender": "みどり銀行",
    "guarantee_no": "G-777",
    "history_provider": "住まい履歴センター",
    "structure": "木造",
}


async def handed_over(street: Street) -> None:
    """The first company was silent; the second one takes the house on, and the owner agrees."""
    town = street.town
    await town.house("H1", **HOUSE)
    await town.until("2027-01-12")
    await town.says(BEFORE, "山田様邸の件、2月3日にうかがえます")
    await town.says(BEFORE, action="cannot:H1-1:" + str((await town.case())["round"]))
    await town.changes_company()
    await town.until("2027-01-14")


def body_of(mail: EmailMessage) -> str:
    part = mail.get_body(("plain",))
    return str(part.get_content()) if part is not None else ""


async def taken(reader: Reader) -> dict[str, bytes]:
    form = reader.page.select_one("main form[action$='/handover/H1']")
    assert form is not None
    given = await reader.client.post(str(form["action"]), data={"stamp": reader.stamp})
    assert (given.status_code, given.headers["content-type"]) == (200, "application/zip")
    archive = zipfile.ZipFile(io.BytesIO(given.content))
    return {name: archive.read(name) for name in archive.namelist()}


async def given_to(street: Street, company: str) -> list[Any]:
    async with street.town.service.store.read() as connection:
        facts = await house_facts(connection, "H1")
    manifests = [fact["data"] for fact in facts if "manifest" in fact["data"]]
    assert len(manifests) == len([one for one in disclosures(facts) if one.what == ("handover",)])
    return [data for data in manifests if data["to"] == company]


async def test_the_new_company_is_told_and_finds_the_papers_on_its_page(street: Street):
    await handed_over(street)
    assert "servicer_pack" in await street.town.hears(NOW)
    page = await street.visits(NOW)
    link = page.page.select_one("a[href$='/handover/H1']")
    assert link is not None
    papers = await page.opens(str(link["href"]))
    assert "まで受け取れます" in papers.text
    assert await given_to(street, NOW) == []  # looking at the page gives nothing out


async def test_the_mail_leads_to_the_papers_themselves(street: Street):
    """One tap from the mail, and no search on the page."""
    async with street.town.service.store.write() as connection:
        reached = update(addresses).where(addresses.c.person_id == NOW)
        await connection.execute(reached.values(channel="email", address="b2@example.jp"))
    await handed_over(street)
    mails = [path.read_bytes() for path in (street.town.folder / "mail" / "new").glob("*")]
    texts = [body_of(message_from_bytes(mail, policy=default)) for mail in mails]
    (text,) = [text for text in texts if "引継ぎの資料がそろいました" in text]
    found = re.search(r"\[引継ぎの資料を受け取る\]\s+(\S+)", text)
    assert found is not None
    papers = await street.reader().opens(urlsplit(found[1]).path)
    assert (papers.status, "まで受け取れます" in papers.text) == (200, True)


async def test_the_papers_hold_what_is_needed_and_no_loan(street: Street):
    """To read, to load, and a manifest that ties them; on record by its hash, under the owner's consent."""
    await handed_over(street)
    files = await taken(await (await street.visits(NOW)).opens(f"{street.link(NOW)}/handover/H1"))
    manifest = json.loads(files["manifest.json"])
    assert {one["name"]: one["sha256"] for one in manifest["files"]} == {
        name: hashlib.sha256(data).hexdigest() for name, data in files.items() if name != "manifest.json"
    }
    read = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(files["handover.pdf"])).pages)
    for needed in (
        "山田 花子",
        "090-1234-5678",
        "東京都千代田区1-2-3",
        "住まい履歴センター",
        "C-H1",
        "屋根",
        "2032年4月1日",
    ):
        assert needed in read
    told = read + "".join(data.decode() for name, data in files.items() if not name.endswith(".pdf"))
    for secret in ("みどり銀行", "G-777"):
        assert secret not in told
    letter = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(files["history-request.pdf"])).pages)
    for needed in ("住まい履歴センター", "C-H1", "2022年4月1日", "あおぞら建設"):
        assert needed in letter
    (data,) = await given_to(street, NOW)
    assert data["manifest"] == hashlib.sha256(files["manifest.json"]).hexdigest()
    assert data["under"] == "fact:2"


async def test_another_installation_takes_the_tables_in(street: Street, tmp_path):
    await handed_over(street)
    files = await taken(await (await street.visits(NOW)).opens(f"{street.link(NOW)}/handover/H1"))
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    paths = [elsewhere / name for name in ("houses.csv", "plan.csv")]
    for path in paths:
        path.write_bytes(files[path.name])
    async with town_at(elsewhere, f"sqlite+aiosqlite:///{elsewhere / 'e.db'}", "2027-01-14") as other:
        await other.companies()
        reports = await take_files(other.service, paths)
        assert [report.rows_accepted for report in reports] == [1, 3]
        assert (await other.view())["house"]["address"] == "東京都千代田区1-2-3"


async def test_after_the_stated_day_they_are_no_longer_there(street: Street):
    await handed_over(street)
    await street.town.until("2027-02-12")
    over = await (await street.visits(NOW)).client.get(f"{street.link(NOW)}/handover/H1")
    assert over.status_code == 410
    assert "過ぎました" in over.text


async def test_nobody_else_finds_them(street: Street):
    """Neither the owner, nor the company that had the house, nor one that is given its first house by a file."""
    await handed_over(street)
    await street.town.house("H2", servicer_id="B2", owner_name="佐藤 次郎")
    for person, house in ((OWNER, "H1"), (BEFORE, "H1"), (NOW, "H2")):
        reader = await street.visits(person)
        assert (await reader.client.get(f"{street.link(person)}/handover/{house}")).status_code == 404


async def test_the_company_before_is_told_and_sees_nothing_of_the_house_any_more(street: Street):
    town = street.town
    await town.house("H3", owner_name="小林 三郎")
    await handed_over(street)
    assert "servicer_access_over" in await town.hears(BEFORE)
    page = await street.visits(BEFORE)
    assert "別の会社に替わりました" in page.text
    assert "小林" in page.text  # a house that it still has
    for gone in ("山田", "2月3日"):
        assert gone not in page.text
    assert "access_ended" in await town.facts()
    await town.says(BEFORE, "山田様邸の点検は終わりました。異常なしです")
    assert "work_reported" not in await town.facts()
    await town.all_is_well()


async def test_without_the_owners_consent_nothing_is_given(street: Street):
    await handed_over(street)
    papers = await (await street.visits(NOW)).opens(f"{street.link(NOW)}/handover/H1")
    await street.town.says(OWNER, "同意を撤回します")
    await street.town.taps(OWNER, "yes")
    form = papers.page.select_one("main form[action$='/handover/H1']")
    assert form is not None
    refused = await papers.client.post(str(form["action"]), data={"stamp": papers.stamp})
    assert refused.status_code == 404
    assert await given_to(street, NOW) == []
