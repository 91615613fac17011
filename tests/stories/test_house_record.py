"""The record of the house, as its owner holds it in their hands: complete, corrected in the open, and nobody else's."""

import json
from datetime import date
from io import BytesIO
from typing import Any

from pypdf import PdfReader

from bot.core.book.notice import notice
from bot.core.book.section import Book
from bot.core.book.whole import book
from storage.book import book_sources
from templates.book.file import book_json
from templates.book.paper import book_pdf, signed_pdf
from templates.book.spoken import Spoken
from templates.catalogue import LANGUAGES
from tests.stories.town import Town

OWNER = "owner:O-H1"


async def book_of(town: Town, on: str = "", house_id: str = "H1") -> Book:
    async with town.service.store.read() as connection:
        sources = await book_sources(connection, house_id)
    assert sources is not None
    return book(sources, town.today, date.fromisoformat(on) if on else None)


def spoken(town: Town) -> dict[str, Spoken]:
    return {language: Spoken(language, town.service.catalogue.words[language]) for language in LANGUAGES}


def file(town: Town, found: Book) -> dict[str, Any]:
    """Section by section, its rows."""
    return {section["code"]: section["rows"] for section in json.loads(book_json(found, spoken(town)))["sections"]}


def paper(town: Town, found: Book) -> str:
    pages = PdfReader(BytesIO(book_pdf(found, spoken(town)["ja"]))).pages
    return "".join(page.extract_text() for page in pages).replace("\n", "").replace(" ", "")


def said(value: Any) -> Any:
    return value["ja"] if isinstance(value, dict) else value


async def test_the_owner_prints_what_was_done_by_whom_and_on_whose_word(town: Town):
    """山田さん: いつ、どこを、だれが見たのか、紙で残しておきたい。"""
    await town.house()
    await town.take(records=[{"house_id": "H1", "item_code": "P1", "done_on": "2026-06-01", "performer": "丸太工務店"}])
    found = await book_of(town)
    done = file(town, found)["upkeep"][0]
    assert (done["done_on"], done["part"], done["entrusted_to"]) == ("2026-06-01", "屋根", "丸太工務店")
    assert (said(done["activity"]), said(done["word"])) == ("点検", "取り込んだファイルの記録による")
    assert said(done["result"]) == "記録なし"
    printed = paper(town, found)
    assert all(
        words in printed for words in ("2026年6月1日", "屋根", "丸太工務店", "山田花子", "施行規則第14条第1項第10号")
    )


async def test_a_correction_stands_beside_what_it_corrects(town: Town):
    """The company looked again: 良 becomes 要補修, and both stay to be read, with their numbers."""
    await town.house()
    row = {"house_id": "H1", "item_code": "P1", "done_on": "2026-06-01", "result": "良"}
    await town.take(records=[row])
    await town.skip_clock("2026-12-01")
    await town.take(records=[row | {"result": "要補修"}])
    found = file(town, await book_of(town))
    done = found["upkeep"][0]
    assert said(done["result"]) == "指摘あり"
    numbers = [fact["fact"] for fact in found["facts"] if fact["kind"] in ("record_taken_in", "record_updated")]
    assert [said(each) for each in done["facts"]] == [f"#{numbers[0]}", "異常なし", f"#{numbers[1]}", "指摘あり"]
    before = file(town, await book_of(town, on="2026-11-15"))
    assert said(before["upkeep"][0]["result"]) == "異常なし"


async def test_as_it_stood_on_a_day_before_it_was_closed(town: Town):
    """What became known later is not in it: the work is open, and what was done is not on record yet."""
    await town.house(plan=[("G1", "雨どい", "点検", 5, 1, "所有者")])
    await town.until("2027-03-03")
    await town.taps(OWNER, "self_ok")
    await town.taps(OWNER, "checked")
    await town.skip_clock("2027-05-01")
    now, then = file(town, await book_of(town)), file(town, await book_of(town, on="2027-03-02"))
    assert now["upkeep"][0]["done_on"] == "2027-03-03"
    assert said(now["upkeep"][0]["entrusted_to"]) == "頼まずに所有者が行った"
    assert said(then["upkeep"][0]["done_on"]) == "記録なし"
    assert [work["part"] for work in then["open_works"]] == ["雨どい"]
    assert len(then["facts"]) < len(now["facts"])
    assert said(then["chain"][0]["closing_seal"]) == "記録なし"


async def test_every_fact_is_in_it_in_order_with_its_meaning(town: Town):
    """No number is missing, and none is only a code."""
    await town.house()
    await town.until("2027-02-20")
    found = file(town, await book_of(town))
    assert [fact["fact"] for fact in found["facts"]] == list(range(1, len(found["facts"]) + 1))
    assert found["chain"][0]["facts"] == len(found["facts"])
    assert [fact for fact in found["facts"] if not fact["told"]["ja"] or not fact["told"]["en"]] == []
    assert [fact for fact in found["facts"] if fact["told"]["ja"] in (fact["kind"], "そのほかの記録です。")] == []


async def test_companies_and_owners_over_time(town: Town):
    """Who looked after it until when; of who owned it before, only that they did."""
    await town.house()
    await town.until("2026-11-10")
    await town.house(servicer_id="B2", owner_id="O2", owner_name="鈴木 次郎")
    found = await book_of(town)
    rows = file(town, found)
    assert [(row["company"], said(row["until"])) for row in rows["companies"][1:]] == [("あおぞら建設", "いまも")]
    assert rows["companies"][0]["company"] == "丸太工務店"
    assert rows["companies"][0]["until"] == rows["companies"][1]["since"] == "2026-11-10"
    assert [(said(row["owner"]), said(row["until"])) for row in rows["owners"]] == [
        ("前の所有者", "2026-11-10"),
        ("鈴木 次郎", "いまも"),
    ]
    then = file(town, await book_of(town, on="2026-11-05"))
    assert [(row["company"], said(row["until"])) for row in then["companies"]] == [("丸太工務店", "いまも")]
    assert [(said(row["owner"]), said(row["until"])) for row in then["owners"]] == [
        ("所有者（お名前は載せていません）", "いまも"),
    ]
    assert "山田" not in book_json(found, spoken(town)) + paper(town, found)


async def test_a_gap_is_said_to_be_one(town: Town):
    """Years of which nobody sent anything are no proof of neglect, and not hidden either."""
    await town.house(plan=[("P1", "屋根", "点検", 1, 1)])
    await town.take(records=[{"house_id": "H1", "item_code": "P1", "done_on": "2025-04-01"}])
    await town.run()
    gaps = file(town, await book_of(town))["gaps"]
    assert [(gap["part"], gap["due_on"]) for gap in gaps] == [("屋根", "2023-04-01"), ("屋根", "2024-04-01")]


async def test_what_is_not_on_record_is_one_line_and_every_name_of_it_is_there(town: Town):
    """「記録なしばかり並ぶと、読む気がなくなります」: said once for each part, and nothing is left out."""
    await town.house()
    found, words = await book_of(town), spoken(town)["ja"]
    printed = paper(town, found)
    house = next(section for section in found.sections if section.code == "house")
    missing = [words.column(house, name) for name in house.columns if house.rows[0][name] is None]
    known = [words.column(house, name) for name in house.columns if house.rows[0][name] is not None]
    assert len(missing) > 3
    assert "記録なし" + "、".join(missing).replace(" ", "") in printed
    assert all(name.replace(" ", "") in printed for name in known)
    unknown = sum(value is None for section in found.sections for row in section.rows for value in row.values())
    assert printed.count("記録なし") < unknown / 2


async def test_what_the_owner_signs_keeps_a_line_for_each_thing(town: Town):
    """There the blanks are written in by hand."""
    await town.house()
    async with town.service.store.read() as connection:
        sources = await book_sources(connection, "H1")
    assert sources is not None
    found, words = notice(sources, town.today), spoken(town)["ja"]
    pages = PdfReader(BytesIO(signed_pdf(found, words, "notice"))).pages
    printed = "".join(page.extract_text() for page in pages).replace("\n", "").replace(" ", "")
    for name in ("認定番号", "認定年月日", "変更前の会社", "変更の理由"):
        assert f"{name}記録なし" in printed
