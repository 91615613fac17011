"""An owner takes home the record of their own house, and answers the authority's letter from it."""

from io import BytesIO

import httpx2
from pypdf import PdfReader
from sqlalchemy import update

from storage.tables import outbox
from tests.handlers.web.street import Reader, Street

OWNER, OTHER, STAFF = "owner:O-H1", "owner:O-H2", "staff:desk"


async def gets(reader: Reader, path: str) -> httpx2.Response:
    return await reader.client.get(path)


def printed(answer: httpx2.Response) -> str:
    assert answer.headers["content-type"] == "application/pdf"
    pages = PdfReader(BytesIO(answer.content)).pages
    return "".join("".join(page.extract_text() for page in pages).split())


async def test_the_owner_finds_the_record_on_their_page(street: Street):
    """By one link, and there as paper and as data."""
    await street.town.house()
    owner = await street.visits(OWNER)
    link = next(found["href"] for found in owner.page.select("a") if found.get_text(strip=True) == "家の記録")
    await owner.opens(str(link))
    assert "住宅番号 H1" in owner.text
    paper, data = (str(found["href"]) for found in owner.page.select(".way a")[:2])
    assert "山田花子" in printed(await gets(owner, paper))
    answer = await gets(owner, data)
    assert answer.json()["house"] == "H1"
    assert answer.headers["cache-control"] == "no-store"


async def test_nobody_elses_house_is_there(street: Street):
    """Neither by a guessed address, nor for a company, nor with a link that has grown old."""
    await street.town.house()
    await street.town.house("H2", owner_id="O-H2", owner_name="鈴木 次郎")
    for person, paths in ((OTHER, ("/H1.pdf", "/H1.json")), ("servicer:B1", ("", "/H1.pdf"))):
        reader = street.reader()
        for path in paths:
            assert (await gets(reader, f"{street.link(person)}/record{path}")).status_code == 404
    assert (await gets(street.reader(), f"{street.link(OTHER)}/report/H1")).status_code == 404
    await street.town.skip_to("2027-02-01")
    old = await street.message_link(OWNER)
    async with street.town.service.store.write() as connection:
        await connection.execute(update(outbox).values(written_at=street.town.service.clock.now()))
    await street.town.skip_clock("2027-06-01")
    assert (await gets(street.reader(), f"{old}/record/H1.pdf")).status_code == 404


async def test_who_has_sold_the_house_no_longer_sees_it(street: Street):
    await street.town.house()
    await street.town.house(owner_id="O2", owner_name="鈴木 次郎")
    assert (await gets(street.reader(), f"{street.link(OWNER)}/record/H1.pdf")).status_code == 404
    assert (await gets(street.reader(), f"{street.link('owner:O2')}/record/H1.pdf")).status_code == 200


async def test_the_authoritys_letter_comes_in_year_ten(street: Street):
    """山田さん: 役所から手紙が来たけれど、何を書けばいいのか。 What nobody confirmed is left to her."""
    town = street.town
    await town.house(handed_over_on="2017-04-01", certificate_no="第28-0123号", address="縁側市ひなた町1-2-3")
    await town.skip_clock("2027-10-05")
    done = {"house_id": "H1", "item_code": "P1", "done_on": "2027-03-01", "performer": "丸太工務店", "result": "良"}
    await town.take(records=[done])
    owner = await street.visits(OWNER)
    assert "役所への10年目の報告" in owner.text
    link = next(found["href"] for found in owner.page.select("a") if found.get_text(strip=True) == "報告書を見る")
    await owner.opens(str(link))
    lines = [[cell.get_text(strip=True) for cell in row.select("td")] for row in owner.page.select("tbody tr")]
    roof = next(line for line in lines if line[0] == "屋根")
    assert roof[1:5] == ["2027年4月1日", "2027年3月1日", "異常なし", "丸太工務店"]
    foundation = next(line for line in lines if line[0] == "基礎")
    assert foundation[1:] == ["2027年4月1日", "記録なし", "記録なし", "記録なし", "記録なし"]
    assert owner.page.select("input[type=text], textarea") == []
    paper = printed(await gets(owner, f"{link}/report.pdf"))
    assert all(words in paper for words in ("第28-0123号", "縁側市ひなた町1-2-3", "お名前", "記録なし", "山田花子"))


async def test_that_it_went_to_the_authority_is_put_on_record_once(street: Street):
    """By the owner's own press, with the day; it answers the law's item on reports."""
    await street.town.house(handed_over_on="2017-04-01")
    await street.town.skip_clock("2027-10-05")
    owner = await (await street.reader().opens(f"{street.link(OWNER)}/report/H1")).presses("役所に出しました")
    assert "記録しました" in owner.text
    await owner.presses("役所に出しました")
    facts = [fact for fact in (await street.town.view())["facts"] if fact["kind"] == "authority_reported"]
    assert [(fact["by"], fact["data"]) for fact in facts] == [(OWNER, {"year": 10, "sent_on": "2027-10-05"})]
    data = (await gets(owner, f"{street.link(OWNER)}/record/H1.json")).json()
    reports = next(section["rows"] for section in data["sections"] if section["code"] == "reports")
    assert (reports[0]["reported_on"], reports[0]["content"]["ja"]) == ("2027-10-05", "完成から10年目の報告")


async def test_outside_the_years_no_card_is_shown(street: Street):
    await street.town.house()
    assert "年目の報告" not in (await street.visits(OWNER)).text


async def test_the_notice_of_another_company_stands_ready_until_it_is_filed(street: Street):
    """山田さん: 新しい会社に決めました。役所には何を出せばいいですか。"""
    town = street.town
    await town.house(certificate_no="第28-0123号")
    await town.until("2027-01-25")
    await town.changes_company()
    owner = await street.visits(OWNER)
    link = next(found["href"] for found in owner.page.select("a") if found.get_text(strip=True) == "届出書を見る")
    await owner.opens(str(link))
    assert all(words in owner.text for words in ("丸太工務店", "あおぞら建設", "第28-0123号", "記録なし"))
    assert "書き方: 宛先です。認定通知書を出した市長・区長・知事" in owner.text
    assert "書き方: 記録なし" not in owner.text
    assert owner.page.select("input[type=text], textarea") == []
    paper = printed(await gets(owner, f"{link}/notice.pdf"))
    assert all(words in paper for words in ("軽微な変更", "あおぞら建設", "お名前", "記録なし", "番号"))
    assert "記録しました" in (await owner.presses("役所に出しました")).text
    assert "届出書を見る" not in (await street.visits(OWNER)).text
    facts = [fact for fact in (await town.view())["facts"] if fact["kind"] == "change_notice_sent"]
    assert [(fact["by"], fact["data"]["sent_on"]) for fact in facts] == [(OWNER, "2027-01-25")]
    assert (await gets(street.reader(), f"{street.link('servicer:B2')}/notice/H1")).status_code == 404


async def test_no_door_of_the_staff_drafts_the_notice(street: Street):
    """The owner fills in what they sign: with a link of the staff there is no such page, and the console has none."""
    town = street.town
    await town.house(certificate_no="第28-0123号")
    await town.until("2027-01-25")
    await town.changes_company()
    inside = await street.staff()
    for path in (f"{street.link(STAFF)}/notice/H1", f"{street.link(STAFF)}/notice/H1/notice.pdf"):
        assert (await gets(street.reader(), path)).status_code == 404
        assert (await gets(inside, path)).status_code == 404
        posted = await inside.client.post(path.removesuffix("/notice.pdf"), data={"stamp": inside.stamp})
        assert posted.status_code == 404
    assert (await gets(inside, "/staff/houses/H1/notice")).status_code == 404
    assert (await inside.opens("/staff/houses/H1")).status == 200
    assert "届出書を見る" not in inside.text
    assert [found["href"] for found in inside.page.select("a[href*='/notice']")] == []
    assert "change_notice_sent" not in await town.facts()
    assert "届出書を見る" in (await street.visits(OWNER)).text
