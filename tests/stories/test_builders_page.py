"""A builder brings last year's Excel in on its own page: sees what is wrong, mends it, and sees the houses."""

from datetime import date
from io import BytesIO
from typing import Any
from urllib.parse import unquote

import httpx2
import pytest
from openpyxl import Workbook, load_workbook

from handlers.web.intake.page import MOST_LOOKS
from storage.imports import MOST_IN_A_SPAN, Came, begin_import
from storage.submitters import submitter_of
from tests.handlers.web.street import Reader, Street
from tests.stories.test_submitters import entered

HEADERS = (
    "住宅ID",
    "施工事業者ID",
    "維持管理事業者ID",
    "引渡日",
    "所有者氏名",
    "メール",
    "情報取得許諾日",
    "支援委託日",
)
GOOD = ("N1", "B1", "B1", "2024-04-01", "佐藤 一郎", "ichiro@example.jp", "2024-04-01", "2024-04-01")
WRONG = ("N2", "B1", "B1", "24/4/1", "鈴木 二郎", "jiro@example.jp", "", "")
MENDED = ("N2", "B1", "B1", "2024-04-01", "鈴木 二郎", "jiro@example.jp", "", "")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def excel(*rows: tuple[str, ...]) -> bytes:
    book = Workbook()
    sheet: Any = book.active
    sheet.title = "住宅"
    for row in (HEADERS, *rows):
        sheet.append(row)
    to = BytesIO()
    book.save(to)
    return to.getvalue()


async def uploads(reader: Reader, data: bytes, name: str = "昨年.xlsx") -> Reader:
    form = reader.page.select_one("#upload")
    assert form is not None
    return await reader.sends(form, {}, ((name, data, XLSX),))


async def at_the_page(street: Street, company: str = "B1") -> Reader:
    return await street.reader().opens(f"{street.link(f'servicer:{company}')}/intake")


async def rows(street: Street, *but: str) -> dict[str, list[tuple[object, ...]]]:
    return {name: found for name, found in (await street.everything()).items() if name not in but}


async def test_last_years_excel_is_mended_and_the_houses_are_there(street: Street):
    """丸太工務店: 去年の表をそのまま送ってみます。"""
    await entered(street.town, "B1")
    page = await (await street.visits("servicer:B1")).opens(f"{street.link('servicer:B1')}/intake")
    before = await rows(street, "uploads")
    await uploads(page, excel(GOOD, WRONG))
    assert "新しい住宅 1 件" in page.text
    assert "住宅 3行目" in page.text
    assert "24/4/1" in page.text
    assert await rows(street, "uploads") == before
    await page.presses("取り込む")
    assert (page.status, "取り込みました" in page.text) == (200, True)
    link = next(str(one["href"]) for one in page.page.select("a") if "印を付けた" in one.get_text())
    copy = await page.client.get(link)
    assert called(copy) == "昨年.marked.xlsx"
    marked = load_workbook(BytesIO(copy.content))
    assert "理由" in [cell.value for cell in next(marked["住宅"].iter_rows(max_row=1))]
    await page.opens(f"{street.link('servicer:B1')}/intake")
    assert "昨年.xlsx" in page.text
    await uploads(page, excel(GOOD, MENDED))
    assert "直すところはありません" not in page.text  # a consent is missing: that is worth a look
    await page.presses("取り込む")
    assert [str(link["href"]) for link in page.page.select("a") if "今月の仕事" in link.get_text()] == [
        f"{street.link('servicer:B1')}/works"
    ]
    assert (await street.town.view("N2"))["house"]["builder_id"] == "B1"
    await street.town.all_is_well()


def called(answer: httpx2.Response) -> str:
    """Under which name a workbook is laid down where it is downloaded: it is never shown as a page."""
    assert answer.headers["content-type"] == XLSX
    assert answer.headers["x-content-type-options"] == "nosniff"
    kind, plain, coded = answer.headers["content-disposition"].split("; ")
    assert (kind, plain) == ("attachment", 'filename="engawa.xlsx"')
    return unquote(coded.removeprefix("filename*=UTF-8''"))


async def test_what_lacks_a_column_is_told_with_everything_else(street: Street):
    """丸太工務店: 足りない列も、まちがった日付も、一度で分かった。"""
    await entered(street.town, "B1")
    page = await at_the_page(street)
    await uploads(page, "住宅ID,施工事業者ID,引渡日\nN1,B1,24/4/1\n".encode(), "昨年.csv")
    for said in (
        "「維持管理事業者ID」がありません",
        "「所有者氏名」がありません",
        "住宅 2行目",
        "取り込める行がありません",
    ):
        assert said in page.text
    assert "直すところのある行" not in page.text  # no row is at fault for what the file lacks
    link = next(str(one["href"]) for one in page.page.select("a") if "印を付けた" in one.get_text())
    marked = load_workbook(BytesIO((await page.client.get(link)).content))["住宅"]
    assert "24/4/1" in str(marked["D2"].value)


async def test_a_blank_workbook_is_had_on_the_page_filled_in_and_taken(street: Street):
    """丸太工務店: 決まった表をもらえれば、選ぶだけで埋まります。"""
    await entered(street.town, "B1")
    page = await at_the_page(street)
    link = next(str(one["href"]) for one in page.page.select("a") if "記入用の Excel" in one.get_text())
    answer = await page.client.get(link)
    assert called(answer) == "engawa.xlsx"
    book = load_workbook(BytesIO(answer.content))
    offered = {rule.formula1 for rule in book["住宅"].data_validations.dataValidation if rule.formula1}
    assert '"新築,増改築,既存,なし"' in offered
    examples = [row for row in book["記入例"].iter_rows(values_only=True) if any(row)]
    assert len(examples) > len(book.sheetnames)
    columns = {cell.value: at for at, cell in enumerate(book["住宅"][1], 1)}
    assert "LINE" not in columns
    for name, value in zip(HEADERS, GOOD, strict=True):
        book["住宅"].cell(2, columns[name], date.fromisoformat(value) if name.endswith("日") else value)
    filled = BytesIO()
    book.save(filled)
    await (await uploads(page, filled.getvalue(), "記入用.xlsx")).presses("取り込む")
    assert (await street.town.view("N1"))["house"]["builder_id"] == "B1"


async def test_what_was_brought_into_form_is_folded_below_what_is_to_be_mended(street: Street):
    """A table of Japanese dates gives a line for each: they hide nothing that somebody has to mend."""
    await entered(street.town, "B1")
    written = (*GOOD[:3], "令和6年4月1日", *GOOD[4:6], "R6.4.1", "R6.4.1")
    page = await uploads(await at_the_page(street), excel(written, WRONG))
    folded = page.page.select_one("#found ~ details")
    assert folded is not None
    assert "書き方をそろえたところ（3 件）" in folded.get_text()
    assert "24/4/1" not in folded.get_text()
    await uploads(page, excel(written))
    assert "直すところはありません" in page.text


async def test_a_second_click_takes_nothing_in_twice(street: Street):
    await entered(street.town, "B1")
    page = await uploads(await at_the_page(street), excel(GOOD))
    form = page.page.select_one("form[action$='/take']")
    assert form is not None
    first = (await page.sends(form, {})).path.partition("?")[0]
    assert (await page.sends(form, {})).path.partition("?")[0] == first
    assert len((await street.everything())["import_houses"]) == 1


async def test_another_company_sees_nothing_of_it(street: Street):
    """Neither its imports, nor its files by their hash, nor its houses."""
    await entered(street.town, "B1", "B2")
    page = await uploads(await at_the_page(street), excel(GOOD, WRONG))
    digest = str(page.page.select_one("input[name=file]")["value"])  # type: ignore[index]
    await page.presses("取り込む")
    number = page.path.partition("?")[0].rpartition("/")[2]
    marked = next(str(one["href"]) for one in page.page.select("a") if "印を付けた" in one.get_text())
    other, theirs = await at_the_page(street, "B2"), street.link("servicer:B2")
    assert "昨年" not in other.text
    before = await street.everything()
    for path in (f"/intake/{number}", f"/intake/marked/{marked.rpartition('/')[2]}", f"/files/{digest}"):
        assert (await street.reader().opens(theirs + path)).status == 404
    stolen = {"stamp": other.stamp, "file": digest}
    answer = await other.client.post(f"{theirs}/intake/take", data=stolen)
    assert answer.headers["location"].endswith("/intake?note=gone")
    assert (await other.client.post(f"{theirs}/intake/take", data={"file": digest})).status_code == 403
    assert await street.everything() == before
    await uploads(other, excel(("N1", "B2", "B2", "2024-04-01", "別人", "", "", "")))
    assert "「住宅ID」はお使いになれません（N1）" in other.text
    assert other.page.select_one("form[action$='/take']") is None


async def test_a_company_without_an_entry_sees_whom_to_ask(street: Street):
    page = await at_the_page(street)
    assert "担当窓口にご連絡ください" in page.text
    assert page.page.select_one("#upload") is None
    data = {"stamp": (await street.visits("servicer:B1")).stamp}
    answer = await page.client.post(page.path, data=data, files={"files": ("a.xlsx", excel(GOOD), XLSX)})
    assert "担当窓口にご連絡ください" in answer.text
    assert (await street.everything())["uploads"] == []
    await street.town.house()
    assert (await street.reader().opens(f"{street.link('owner:O-H1')}/intake")).status == 404


@pytest.mark.parametrize(
    ("name", "shown"),
    [("../../etc/passwd\r\nSet-Cookie: a=b", "passwd Set-Cookie: a=b"), ("<script>alert(1)</script>.xlsx", "script>")],
)
async def test_a_files_name_is_a_word_and_nothing_else(street: Street, name: str, shown: str):
    await entered(street.town, "B1")
    page = await at_the_page(street)
    form = {"stamp": page.stamp}
    answer = await page.client.post(page.path, data=form, files={"files": (name, excel(GOOD), XLSX)})
    assert "<script>alert" not in answer.text
    assert answer.status_code == 200
    assert not list(street.town.folder.rglob("*passwd*"))


async def test_what_is_no_file_of_ours_is_said_kindly(street: Street):
    """Nothing, several, one that is too large, a bomb, and what no spreadsheet can read."""
    await entered(street.town, "B1")
    page = await at_the_page(street)
    for data, said in ((b"", "もう一度お選びください"), (b"x" * (4 * 1024 * 1024 + 1), "分けてお送りください")):
        await uploads(page, data)
        assert said in page.text
    bomb = excel(*(("0" * 100,) * 8 for _ in range(70_000)))
    assert len(bomb) < 4 * 1024 * 1024
    await uploads(page, bomb)
    assert "分けてお送りください" in page.text
    await uploads(page, b"PK\x03\x04 nothing")
    assert "取り込める行がありません" in page.text


async def test_a_formula_is_never_run(street: Street):
    """What begins like one is text on the page, and stays text in the marked Excel."""
    await entered(street.town, "B1")
    data = ",".join(HEADERS) + '\nN1,B1,B1,"=HYPERLINK(""http://x"")",<b>佐藤</b>,,,\n'
    page = await uploads(await at_the_page(street), data.encode(), "a.csv")
    assert page.page.select_one("b") is None
    link = next(str(one["href"]) for one in page.page.select("a") if "印を付けた" in one.get_text())
    book = load_workbook(BytesIO((await page.client.get(link)).content))
    cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row]
    assert any(str(cell.value).startswith("=HYPERLINK") for cell in cells)
    assert not [cell for cell in cells if cell.data_type == "f" and 'HYPERLINK("http://x' in str(cell.value)]


async def test_what_was_looked_at_lies_ready_for_a_day(street: Street):
    await entered(street.town, "B1")
    page = await uploads(await at_the_page(street), excel(GOOD))
    await street.town.skip_to("2026-11-03")
    await page.presses("取り込む")
    assert "お預かりは一日です" in page.text
    assert not list((street.town.folder / "files").rglob("*.sent"))


async def test_too_many_files_at_once_wait(street: Street):
    """Whether they are looked at or taken in: 429, and when there is room again; an hour later there is."""
    await entered(street.town, "B1", "B2")
    page = await uploads(await at_the_page(street), excel(GOOD))
    async with street.town.service.store.write() as connection:
        who = await submitter_of(connection, "B1")
        assert who is not None
        for _ in range(MOST_IN_A_SPAN):
            await begin_import(connection, Came(who, "servicer:B1", "page"), street.town.service.clock.now())
    await page.presses("取り込む")
    assert (page.status, int(page.headers["retry-after"])) == (429, 3600)
    assert "1時間ほどおいて" in page.text
    door, blank = f"{street.link('servicer:B1')}/intake", {"stamp": page.stamp}
    looks = [(await page.client.post(door, data=blank)).status_code for _ in range(MOST_LOOKS - 1)]
    assert set(looks) == {303}
    assert (await uploads(page, excel(GOOD))).status == 429
    assert (await uploads(await at_the_page(street, "B2"), excel(GOOD))).status == 200
    await street.town.skip_clock("2026-11-02")
    await page.opens(door)
    await (await uploads(page, excel(GOOD))).presses("取り込む")
    assert (await street.town.view("N1"))["house"]["builder_id"] == "B1"
