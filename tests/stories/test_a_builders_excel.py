"""A builder's office of two sends last year's Excel, gets it back with marks, mends it there and sends it again.

「うちの表をそのまま送ったら、赤くなって返ってきた。そこを直して送り返したら、それで済んだ。」
"""

from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.styles import Font, PatternFill

from bot.cli.imports import take_files
from bot.cli.workbook_words import Language, words_in
from bot.intake.report import FileReport
from bot.intake.workbook.blank import blank_workbook
from bot.intake.workbook.marked import write_marked
from tests.stories.town import Town

WORDS = words_in(Language.JA)
HEADERS = [
    "担当",
    "住宅ID",
    "引渡日",
    "所有者氏名",
    "メール",
    "施工事業者ID",
    "維持管理事業者ID",
    "情報取得許諾日",
    "支援委託日",
]
CONSENTS = ["B1", "B1", date(2026, 1, 1), date(2026, 1, 1)]
BAND = PatternFill("solid", fgColor="FFDDEBF7")
RED, PALE = "FFFF9C9D", "FFFFE3E4"


@pytest.fixture
def last_years(tmp_path: Path) -> Path:
    """Our own table, as it has grown: a hidden column of ours in front, dates as we write them, a sheet of notes."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "住宅"
    sheet.append(HEADERS)
    sheet.append(["佐", "0101", date(2021, 4, 1), "山田 花子", "hanako@example.jp", *CONSENTS])
    sheet.append(["佐", 102, "令和3年10月1日", "鈴木 一郎", "ichiro＠example.jp", *CONSENTS])
    sheet.append(["高", "0103", "21/12/1", "田中 次郎", "", *CONSENTS])
    for row in sheet.iter_rows(min_row=3, max_row=3):
        for cell in row:
            cell.fill = BAND
    sheet.column_dimensions["A"].hidden = True
    sheet["D2"].font = Font(bold=True)
    book.create_sheet("社内メモ").append(["来月 電話する"])
    path = tmp_path / "昨年の引渡し.xlsx"
    book.save(path)
    return path


async def sent(town: Town, path: Path) -> FileReport:
    (report,) = await take_files(town.service, [path], rejected_files=False)
    return report


def back(path: Path, report: FileReport) -> Path:
    to = path.with_name(f"{path.stem}.返送.xlsx")
    with to.open("wb") as file:
        assert write_marked(path, report, WORDS, file)
    return to


def colours(sheet: Any, line: int) -> list[str | None]:
    return [cell.fill.fgColor.rgb if cell.fill.fill_type else None for cell in sheet[line]]


async def test_it_comes_back_marked_is_mended_there_and_the_houses_are_here(town: Town, last_years: Path):
    """One good house is in at once; the others when we have mended what is red, in the very file that came back."""
    report = await sent(town, last_years)
    assert (report.rows_total, report.rows_accepted) == (3, 1)
    copy = back(last_years, report)
    book: Any = openpyxl.load_workbook(copy)
    ours = book["住宅"]
    assert book.active["A1"].value == WORDS.verdicts["reject_row"]
    assert colours(ours, 3)[:3] == [PALE, RED, PALE]
    assert "文字列で入力してください" in ours["B3"].comment.text
    assert "YYYY-MM-DD" in ours["C4"].comment.text
    assert ours["D2"].font.b
    assert ours.column_dimensions["A"].hidden
    assert book["社内メモ"]["A1"].value == "来月 電話する"

    ours["B3"].number_format, ours["B3"].value = "@", "0102"
    ours["C4"].value = datetime(2021, 12, 1)
    book.save(copy)
    report = await sent(town, copy)
    assert report.rows_accepted == report.rows_total == 3
    for house in ("0101", "0102", "0103"):
        assert (await town.view(house))["house"]["id"] == house

    book = openpyxl.load_workbook(back(copy, report))
    assert set(colours(book["住宅"], 3)[:9]) == {BAND.fgColor.rgb}
    assert "連絡手段が一つもありません" in [cell.value for row in book["取込結果"] for cell in row]


async def test_sent_back_as_it_is_it_says_the_same_again(town: Town, last_years: Path):
    """Nobody has mended anything: nothing is new, and nothing is taken in by mistake."""
    first = await sent(town, last_years)
    copy = back(last_years, first)
    again = await sent(town, copy)
    assert again.to_json() | {"file": ""} == first.to_json() | {"file": ""}
    sheets = openpyxl.load_workbook(back(copy, again)).sheetnames
    assert sheets == ["取込結果", "住宅", "社内メモ"]


async def test_the_blank_one_sent_too_early(town: Town, tmp_path: Path):
    """We pressed send before writing anything: it says so, and blames nobody."""
    path = tmp_path / "空.xlsx"
    path.write_bytes(blank_workbook(WORDS, for_builder=True))
    report = await sent(town, path)
    assert report.verdict.name == "accept_with_warning"
    front = openpyxl.load_workbook(back(path, report))["取込結果"]
    texts = [str(cell.value) for row in front for cell in row if cell.value]
    assert [text for text in texts if "まだ何も記入されていません" in text]
    assert not [text for text in texts if "お直しください" in text]
