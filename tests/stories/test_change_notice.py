"""Another company looks after the house: the owner finds the notice for the authority, filled from their own record."""

from io import BytesIO
from typing import Any

from pypdf import PdfReader

from bot.core.book.notice import notice
from bot.core.book.section import Book, Coded
from storage.book import book_sources
from templates.book.paper import signed_pdf
from templates.book.spoken import Spoken
from tests.stories.town import Town

STAFF = "staff:desk"
HOME: Any = {"certificate_no": "第28-0123号", "authority": "縁側市", "address": "東京都世田谷区太子堂1-2-3"}


async def notice_of(town: Town) -> Book:
    async with town.service.store.read() as connection:
        sources = await book_sources(connection, "H1")
    assert sources is not None
    return notice(sources, town.today)


def lines(town: Town, found: Book) -> dict[str, tuple[Any, str]]:
    """What stands in each line, and the record it rests on, as the owner reads it."""
    spoken = Spoken("ja", town.service.catalogue.words["ja"])
    rows = [row for section in found.sections for row in section.rows]
    return {row["heading"].code: tuple(spoken.value(found, row[name]) for name in ("stands", "cited")) for row in rows}  # type: ignore[union-attr,misc]


async def changed(town: Town) -> None:
    await town.house(**HOME)
    await town.until("2027-01-25")
    await town.changes_company()


async def test_every_line_names_the_record_it_rests_on(town: Town):
    """山田さん: 役所に出す紙に、何を書けばいいのか。"""
    await changed(town)
    told = lines(town, await notice_of(town))
    assert (told["before"][0], told["after"][0]) == ("丸太工務店", "あおぞら建設")
    assert told["certificate_no"][0] == "第28-0123号"
    assert "2026年11月1日" in told["certificate_no"][1]
    assert "2027年1月25日" in told["after"][1]
    assert "新しい会社に決めました" in told["after"][1]
    for stands, cited in told.values():
        assert (stands == "記録なし") == (cited == "記録なし")


async def test_what_the_record_cannot_know_is_left_to_the_owner(town: Town):
    await changed(town)
    told = lines(town, await notice_of(town))
    blank = {name for name, (stands, _) in told.items() if stands == "記録なし"}
    assert blank == {"certified_on", "implementer", "method_changes", "reason"}


async def test_beside_a_blank_line_stands_what_belongs_there(town: Town):
    """「理由と宛先が空欄でした。何を書けばいいのですか」: the reason's line offers what their own record tells."""
    await town.house(certificate_no="第28-0123号")
    await town.until("2027-01-25")
    await town.changes_company()
    found, spoken = await notice_of(town), Spoken("ja", town.service.catalogue.words["ja"])
    rows = {row["heading"].code: row for section in found.sections for row in section.rows}  # type: ignore[union-attr]
    hints = {name: spoken.value(found, row["hint"]) for name, row in rows.items() if row["hint"]}
    assert set(hints) == {name for name, row in rows.items() if row["stands"] is None}
    assert {"authority", "reason"} <= set(hints)
    assert "認定通知書を出した市長・区長・知事" in hints["authority"]
    assert "事業者から返事がありません" in hints["reason"]
    assert "電話しました：つながらなかった" in hints["reason"]
    pages = PdfReader(BytesIO(signed_pdf(found, spoken, "notice"))).pages
    printed = "".join(page.extract_text() for page in pages).replace("\n", "").replace(" ", "")
    assert "書き方：宛先です。" in printed
    assert "書き方：記録なし" not in printed


async def test_where_nothing_is_on_record_the_reason_has_an_example(town: Town):
    await town.house(**HOME)
    spoken, found = Spoken("ja", town.service.catalogue.words["ja"]), await notice_of(town)
    reason = next(row for row in found.sections[1].rows if row["heading"] == Coded("notice", "reason"))
    assert "（例：" in spoken.value(found, reason["hint"])
    assert "お宅の記録では" not in spoken.value(found, reason["hint"])


async def test_a_company_that_only_a_file_names_is_not_confirmed(town: Town):
    """Nobody but the builder's file says so: the owner has agreed to nothing, and the lines stay blank."""
    await town.house(**HOME)
    await town.house(**HOME, servicer_id="B2")
    told = lines(town, await notice_of(town))
    assert {told[name][0] for name in ("before", "after", "changed_on")} == {"記録なし"}


async def test_a_file_after_the_owner_s_word_makes_it_open_again(town: Town):
    await changed(town)
    await town.take(servicers=[{"servicer_id": "B3", "name": "みどり点検", "status": "営業"}])
    await town.house(**HOME, servicer_id="B3")
    told = lines(town, await notice_of(town))
    assert told["after"][0] == "記録なし"


async def test_the_message_leads_to_it(town: Town):
    await changed(town)
    assert "役所への届出（軽微な変更）" in await town.words("owner:O-H1")
    assert "お返事のページにご用意しました" in await town.words("owner:O-H1")
