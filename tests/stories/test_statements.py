"""What the authority wrote and who has the certification: said once, corrected in the open, kept with the house."""

import io
import json
import zipfile
from datetime import date
from typing import Any

import pytest_asyncio
from bs4 import Tag
from sqlalchemy import select

from storage.tables import facts
from tests.handlers.web.street import Reader, Street, street_at
from tests.stories.test_house_record import book_of, file, paper, said
from tests.stories.test_new_owner import newcomer, records
from tests.stories.test_notes import another_company, papers

OWNER = "owner:O-H1"
CERTIFICATE = {"paper": "certificate", "paper_on": "2022-02-01"}
ORDER = {"text": "床下の防蟻処理をやり直すこと", "on_day": "2026-10-05", "second_on": "2027-03-31"}
ADVICE = {"text": "雨どいの点検を毎年にすること", "on_day": "2026-10-20"}
CHANGE = {"text": "点検の間隔を10年から5年にした", "on_day": "2025-06-10"}
REPORT = {"text": "5年目の維持保全の状況", "on_day": "2026-10-28"}


@pytest_asyncio.fixture
async def street(tmp_path, database_url):
    """A town with its pages, on either database."""
    async with street_at(tmp_path, "2026-11-01", database_url) as found:
        yield found


async def sends(reader: Reader, values: dict[str, str]) -> None:
    form = reader.page.select_one("form[action*='statements']")
    assert isinstance(form, Tag)
    await reader.sends(form, values)
    assert reader.status == 200, reader.text
    assert not reader.page.select("[aria-invalid]"), reader.text


async def owner_says(street: Street, asked: str, values: dict[str, str], person: str = OWNER) -> None:
    """``asked``: a new statement (line=order), or what is corrected (corrects=3)."""
    await sends(await street.reader().opens(f"{street.link(person)}/statements/H1?{asked}"), values)


async def staff_key_in(street: Street, asked: str, values: dict[str, str], seen: dict[str, str] = CERTIFICATE) -> None:
    await sends(await (await street.staff()).opens(f"/staff/houses/H1/statements?{asked}"), {**values, **seen})


async def record(street: Street, on: str = "") -> dict[str, list[dict[str, Any]]]:
    """The record of the house as data, section by section."""
    return file(street.town, await book_of(street.town, on))


async def test_the_letter_of_the_authority_is_in_the_record(street: Street):
    """山田さん: 役所から命令の文書が来ました。家の記録にも残してください。"""
    await street.town.house()
    for line, values in (("order", ORDER), ("advice", ADVICE), ("plan_change", CHANGE), ("report", REPORT)):
        await owner_says(street, f"line={line}", values)
    found = await record(street)
    (order,), (advice,) = found["orders"], found["advice"]
    assert (order["ordered_on"], order["content"], order["follow_by"]) == (
        *(ORDER[name] for name in ("on_day", "text", "second_on")),
    )
    assert (said(order["ordered"]), said(order["word"])) == ("あり", "所有者の報告")
    assert (advice["advised_on"], advice["content"]) == (ADVICE["on_day"], ADVICE["text"])
    assert (found["plan_changes"][0]["content"], found["reports"][0]["content"]) == (CHANGE["text"], REPORT["text"])
    numbers = {fact["fact"]: fact["kind"] for fact in found["facts"]}
    assert numbers[int(order["facts"][0].removeprefix("#"))] == "statement_made"
    printed = paper(street.town, await book_of(street.town))
    for words in (ORDER["text"], ADVICE["text"], CHANGE["text"], "2027年3月31日", "施行規則第14条第1項第6号"):
        assert words in printed
    await street.town.all_is_well()


async def test_what_nobody_stated_is_not_on_record(street: Street):
    """And none of it is made up: every place reads 記録なし."""
    await street.town.house()
    found = await record(street)
    assert said(found["house"][0]["equipment"]) == said(found["upkeep_plan"][0]["funding"]) == "記録なし"
    assert said(found["certification"][0]["implementer"]) == "記録なし"
    for code in ("plan_changes", "orders", "advice", "reports", "statements"):
        (row,) = found[code]
        assert {said(value) for value in row.values()} == {"記録なし"}


async def test_the_staff_copy_the_papers_of_the_certification(street: Street):
    """担当: 認定通知書が届いたので、認定計画実施者と資金計画と設備を入れます。"""
    await street.town.house()
    await staff_key_in(street, "line=implementer", {"name": "みどり不動産株式会社"})
    application = {"paper": "application", "paper_on": "2021-12-20"}
    await staff_key_in(street, "line=funding", {"text": "毎月1万円を積み立てる"}, application)
    await staff_key_in(street, "line=equipment", {"text": "給水・給湯・排水の配管"}, application)
    found = await record(street)
    assert found["certification"][0]["implementer"] == "みどり不動産株式会社"
    assert found["upkeep_plan"][0]["funding"] == "毎月1万円を積み立てる"
    assert found["house"][0]["equipment"] == "給水・給湯・排水の配管"
    assert [(said(row["word"]), row["paper_on"]) for row in found["statements"]] == [
        ("認定通知書", "2022-02-01"),
        ("認定申請書の副本", "2021-12-20"),
        ("認定申請書の副本", "2021-12-20"),
    ]
    await street.town.all_is_well()


async def test_a_correction_leaves_what_it_corrects(street: Street):
    """山田さん: 日を書きまちがえました。直せますか。 Both can be read, and the day before shows the first alone."""
    await street.town.house()
    await owner_says(street, "line=advice", ADVICE | {"on_day": "2026-10-02"})
    await street.town.until("2026-11-10")
    await owner_says(street, "corrects=1", ADVICE)
    (advice,) = (await record(street))["advice"]
    assert advice["advised_on"] == "2026-10-20"
    first, second = advice["facts"]
    both = (await record(street))["statements"]
    assert [row["on_day"] for row in both] == ["2026-10-02", "2026-10-20"]
    assert [said(one) if isinstance(one, dict) else one for one in both[0]["replaced_by"]] == ["訂正された", second]
    assert (f"#{both[0]['fact']}", said(both[1]["replaced_by"])) == (first, "いまも")
    (then,) = (await record(street, "2026-11-05"))["advice"]
    assert (then["advised_on"], then["facts"]) == ("2026-10-02", [first])
    await street.town.all_is_well()


async def test_what_was_said_in_error_is_taken_back_and_stays_to_be_read(street: Street):
    """山田さん: これは隣の家への文書でした。"""
    await street.town.house()
    await owner_says(street, "line=order", ORDER)
    page = await street.reader().opens(f"{street.link(OWNER)}/statements/H1?corrects=1")
    await page.presses("この記載を取り消す")
    found = await record(street)
    assert said(found["orders"][0]["ordered"]) == "記録なし"
    assert found["statements"][0]["content"] == ORDER["text"]
    assert found["statements"][0]["replaced_by"][0]["ja"] == "取り消された"
    assert found["facts"][-1]["told"]["ja"] == "山田 花子さまが、改善の命令の記載を取り消しました。"
    await street.town.all_is_well()


async def test_the_next_company_reads_what_the_authority_ordered(street: Street):
    """It carries that out; of the funding plan it learns nothing."""
    await street.town.house()
    await owner_says(street, "line=order", ORDER)
    await owner_says(street, "line=plan_change", CHANGE)
    await owner_says(street, "line=funding", {"text": "毎月1万円を積み立てる"})
    await owner_says(street, "line=equipment", {"text": "給湯器は2022年製"})
    await another_company(street)
    sections, printed = await papers(street)
    assert [(row["ordered_on"], row["content"], row["follow_by"]) for row in sections["orders"]] == [
        (ORDER["on_day"], ORDER["text"], ORDER["second_on"]),
    ]
    assert sections["plan_changes"][0]["content"] == CHANGE["text"]
    assert sections["house"][0]["equipment"] == "給湯器は2022年製"
    assert said(sections["advice"][0]["content"]) == "記録なし"
    assert "改善の命令" in printed
    assert "積み立て" not in json.dumps(sections, ensure_ascii=False) + printed


async def test_the_record_goes_with_the_house_and_the_name_does_not(street: Street):
    """山田さん: 家を売りました。 The buyer reads the order and the certification, and of whom it was only that they
    owned it; the name itself goes with her other data."""
    town = street.town
    await town.house(email="hanako@example.jp")
    await owner_says(street, "line=implementer", {"name": "山田　花子"})
    await owner_says(street, "line=order", ORDER)
    assert (await record(street))["certification"][0]["implementer"] == "山田 花子"
    await records(street)
    buyer = await newcomer(street)
    page = await street.reader().opens(f"{street.link(buyer)}/statements/H1")
    assert ("花子" in page.text, "前の所有者" in page.text, ORDER["text"] in page.text) == (False, True, True)
    form = await page.opens(f"{street.link(buyer)}/statements/H1?corrects=1")
    assert "花子" not in str(form.page)
    found = await record(street)
    assert said(found["certification"][0]["implementer"]) == "前の所有者"
    assert found["orders"][0]["content"] == ORDER["text"]
    await owner_says(street, "corrects=2", ORDER | {"second_on": "2027-06-30"}, buyer)
    await town.until("2026-12-20")
    assert [row["name"] for row in (await town.view())["statements"]] == ["", "", ""]
    async with town.service.store.read() as connection:
        kept = "\n".join((await connection.execute(select(facts.c.data))).scalars())
    assert not any(words in kept for words in ("花子", ORDER["text"]))
    assert (await record(street))["orders"][0]["follow_by"] == "2027-06-30"
    await town.all_is_well()


async def test_who_is_erased_is_not_named_any_more(street: Street):
    """山田さん: 個人情報を消してください。 What the authority ordered stays, for the house must show it."""
    town = street.town
    await town.house()
    await staff_key_in(street, "line=implementer", {"name": "山田花子"})
    await staff_key_in(street, "line=succession", {"name": "みどり不動産株式会社", "on_day": "2024-05-01"})
    await owner_says(street, "line=order", ORDER)
    await town.says(OWNER, "個人情報を消して")
    await town.says(OWNER, "はい、消してください")
    rows = (await town.view())["statements"]
    assert [(row["line"], row["name"]) for row in rows] == [
        ("implementer", ""),
        ("succession", "みどり不動産株式会社"),
        ("order", ""),
    ]
    assert rows[2]["text"] == ORDER["text"]
    assert said((await record(street))["certification"][0]["implementer"]) == "前の所有者"
    await town.all_is_well()


async def test_the_certification_passed_on_before_the_house_came_to_us(street: Street):
    """担当: 承継の承認通知書に、承継の日と承認の日があります。 The notice names who has it now."""
    await street.town.house()
    await staff_key_in(street, "line=implementer", {"name": "みどり不動産株式会社"})
    approval = {"paper": "approval", "paper_on": "2024-07-01"}
    passed = {"name": "山田 花子", "on_day": "2024-05-01", "second_on": "2024-07-01"}
    await staff_key_in(street, "line=succession", passed, approval)
    (row,) = (await record(street))["successions"]
    assert (row["successor"], row["succeeded_on"], row["approved_on"]) == tuple(passed.values())
    assert said(row["word"]) == "承継の承認通知書"
    page = await street.reader().opens(f"{street.link(OWNER)}/notice/H1")
    line = next(found for found in page.page.select("tr") if "認定計画実施者" in found.get_text())
    assert "山田 花子" in line.get_text()
    assert "みどり不動産" not in line.get_text()


async def test_a_house_that_passed_on_since_names_no_holder_on_the_notice(street: Street):
    """Until the succession is approved, who has the certification is for the owner to write."""
    await street.town.house(email="hanako@example.jp")
    await staff_key_in(street, "line=implementer", {"name": "みどり不動産株式会社"})
    await records(street)
    page = await street.reader().opens(f"{street.link(await newcomer(street))}/notice/H1")
    line = next(found for found in page.page.select("tr") if "認定計画実施者" in found.get_text())
    assert "記録なし" in line.get_text()


async def test_the_report_to_the_authority_lists_certified_changes(street: Street):
    await street.town.house()
    await owner_says(street, "line=plan_change", CHANGE)
    page = await street.reader().opens(f"{street.link(OWNER)}/report/H1")
    assert CHANGE["text"] in page.text


async def test_it_is_among_ones_own_data(street: Street):
    """What they said, and where they are named; nothing of another's house."""
    await street.town.house()
    await street.town.house("H2", owner_name="佐藤 次郎")
    await staff_key_in(street, "line=implementer", {"name": "山田 花子"})
    await owner_says(street, "line=order", ORDER)
    found = {}
    for person in (OWNER, "owner:O-H2"):
        page = await street.reader().opens(f"{street.link(person)}/data")
        given = await page.client.post(f"{street.link(person)}/data", data={"stamp": page.stamp})
        data = json.loads(zipfile.ZipFile(io.BytesIO(given.content)).read("data.json"))
        found[person] = [(row["line"], row["name"] or row["text"]) for row in data["statements"]]
    assert found == {OWNER: [("implementer", "山田 花子"), ("order", ORDER["text"])], "owner:O-H2": []}


async def test_nothing_of_it_is_in_any_message_or_fact(street: Street):
    """The table is the only place."""
    await street.town.house(email="hanako@example.jp")
    await owner_says(street, "line=order", ORDER)
    await owner_says(street, "line=implementer", {"name": "みどり不動産株式会社"})
    await street.town.until("2027-01-12")
    everything = await street.everything()
    words = (ORDER["text"], "みどり不動産")
    places = {table for table, rows in everything.items() if any(word in str(row) for row in rows for word in words)}
    assert places == {"statements"}
    assert street.town.today == date(2027, 1, 12)
