"""Workbooks: cells as a person sees them, in both date systems; hostile packages end in one clear refusal."""

import io
import struct
import zipfile
from contextlib import suppress
from datetime import date, datetime
from functools import cache

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from bot.intake.cells import DateCell, Number, Odd
from bot.intake.reasons import Refused
from bot.intake.xlsx_cells import column_number, unescaped
from bot.intake.xlsx_file import open_xlsx
from bot.intake.xlsx_styles import is_date_format

HEADERS = ["住宅ID", "項目コード", "実施日", "実施者", "結果", "備考"]
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


@pytest.fixture
def saved(tmp_path):
    """A workbook in a file."""

    def save(book):
        path = tmp_path / "book.xlsx"
        book.save(path)
        return path

    return save


@pytest.fixture
def repacked(saved):
    """A good workbook in which parts are replaced or added, as bytes or text."""

    def repack(changes, compression=zipfile.ZIP_DEFLATED):
        path = saved(book_with(["H-1", "P1", "2024-01-01"]))
        with zipfile.ZipFile(path) as old:
            parts = {name: old.read(name) for name in old.namelist()}
        with zipfile.ZipFile(path, "w", compression) as new:
            for name, content in {**parts, **changes}.items():
                new.writestr(name, content)
        return path

    return repack


def book_with(*rows, sheet="実施記録"):
    book = openpyxl.Workbook()
    book.worksheets[0].title = sheet
    for row in [HEADERS, *rows]:
        book.worksheets[0].append(row)
    return book


def rows_of(path):
    parts, faults, package = open_xlsx(path)
    read = [(row.line, list(row.cells)) for part in parts for row in part.rows()]
    package.close()
    return read, [(fault.reason, fault.value) for fault in faults]


def missing(path):
    """The columns that its tables lack."""
    parts, _, package = open_xlsx(path)
    package.close()
    return [fault.field for part in parts for fault in part.heading.wrong]


def refusal(path):
    with pytest.raises(Refused) as refused:
        open_xlsx(path)
    return refused.value.faults[0].reason


def sheet_xml(rows):
    cells = "".join(f"<row>{''.join(row)}</row>" for row in rows)
    return f'<worksheet xmlns="{MAIN}"><sheetData>{cells}</sheetData></worksheet>'


def text_cell(text):
    return f'<c t="inlineStr"><is><t>{text}</t></is></c>'


HEADING = [text_cell(header) for header in HEADERS]


def test_cells_are_what_a_person_sees(saved):
    """Texts are texts, numbers numbers, dates dates; what is blank at the end is filled up."""
    day = date(2024, 1, 31)
    book = book_with(["H-1", 7, day, "=x", True, 1.5], ["H-2", None, datetime(2024, 1, 31, 9, 30)])
    book.worksheets[0].cell(2, 4).data_type = "s"
    read, faults = rows_of(saved(book))
    assert read == [
        (2, ["H-1", Number("7"), DateCell(day, "2024-01-31"), "=x", Number("TRUE"), Number("1.5")]),
        (3, ["H-2", "", DateCell(day, "2024-01-31", exact=False), "", "", ""]),
    ]
    assert faults == []


@given(st.lists(st.dates(date(1904, 1, 2), date(2100, 1, 1)), min_size=1, max_size=10), st.booleans())
@settings(max_examples=20)
def test_dates_are_the_same_in_both_date_systems(tmp_path_factory, days, from_1904):
    """The 1904 system of old Macs moves no date."""
    book = book_with(*(["H-1", "P1", day] for day in days))
    if from_1904:
        book.epoch = CALENDAR_MAC_1904
    path = tmp_path_factory.mktemp("xlsx") / "book.xlsx"
    book.save(path)
    read, _ = rows_of(path)
    assert [cells[2] for _, cells in read] == [DateCell(day, day.isoformat()) for day in days]


@given(
    st.lists(st.text(st.characters(min_codepoint=32, exclude_categories=["Cs", "Co", "Cn"]), max_size=30), max_size=8)
)
@settings(max_examples=50)
def test_texts_come_back_as_written(tmp_path_factory, texts):
    """Whatever the alphabet, with spaces at the ends."""
    texts = [text for text in texts if not text.startswith("=") and text == unescaped(text)]
    book = book_with(*(["H-1", "P1", "2024-01-01", "", "", text] for text in texts))
    path = tmp_path_factory.mktemp("xlsx") / "book.xlsx"
    book.save(path)
    read, _ = rows_of(path)
    assert [cells[5] for _, cells in read] == texts


def test_a_formula_counts_by_its_value(repacked):
    """An empty text is a value; nothing at all is none, however the file spells it."""
    row = [
        '<c t="str"><f>A1</f><v>H-1</v></c>',
        '<c t="str"><f>IF(TRUE,"")</f><v></v></c>',
        "<c><f>TODAY()</f></c>",
        "<c><f>1+1</f><v/></c>",
        "<c><f>1+1</f><v>2</v></c>",
        '<c t="e"><f>1/0</f><v>#DIV/0!</v></c>',
    ]
    read, _ = rows_of(repacked({"xl/worksheets/sheet1.xml": sheet_xml([HEADING, row])}))
    none = Odd("formula_without_value", "")
    assert read[0][1] == ["H-1", "", none, none, Number("2"), Odd("error_value", "#DIV/0!")]


def test_a_formula_that_was_never_calculated_has_no_value(saved):
    """As libraries write them."""
    read, _ = rows_of(saved(book_with(["H-1", "P1", "=TODAY()"])))
    assert read[0][1][2] == Odd("formula_without_value", "")


def test_readings_of_kanji_are_not_part_of_the_text(repacked):
    """Japanese Excel writes the furigana beside the text; rich text comes in pieces."""
    strings = (
        f'<sst xmlns="{MAIN}"><si><t>山田</t><rPh sb="0" eb="2"><t>ヤマダ</t></rPh></si>'
        "<si><r><t>太</t></r><r><t>郎</t></r></si><si><t>a_x000D_b_x005F_</t></si></sst>"
    )
    row = ['<c t="s"><v>0</v></c>', '<c t="s"><v>1</v></c>', '<c t="s"><v>2</v></c>']
    kinds = (("worksheet", "worksheets/sheet1.xml"), ("sharedStrings", "/xl/sharedStrings.xml"))
    relations = "".join(
        f'<Relationship Type="http://x/relationships/{kind}" Target="{target}" Id="rId{number}"/>'
        for number, (kind, target) in enumerate(kinds, start=1)
    )
    path = repacked(
        {
            "xl/sharedStrings.xml": strings,
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{RELATIONS}">{relations}</Relationships>',
            "xl/worksheets/sheet1.xml": sheet_xml([HEADING, row]),
        }
    )
    assert rows_of(path)[0][0][1][:3] == ["山田", "太郎", "a\rb_"]


def test_hidden_sheets_are_never_read(saved):
    """Neither hidden nor very hidden ones; each is a warning."""
    book = book_with(["H-1", "P1", "2024-01-01"])
    for name, state in (("住宅", "hidden"), ("事業者", "veryHidden")):
        sheet = book.create_sheet(name)
        sheet.append(["事業者ID", "名称"])
        sheet.sheet_state = state
    read, faults = rows_of(saved(book))
    assert len(read) == 1
    assert faults == [("hidden_sheet", "住宅"), ("hidden_sheet", "事業者")]


def test_a_workbook_of_hidden_sheets_only_has_no_table(saved):
    """It is refused, and says that sheets were hidden."""
    book = book_with(["H-1", "P1", "2024-01-01"])
    book.create_sheet("表紙")
    book["実施記録"].sheet_state = "hidden"
    with pytest.raises(Refused) as refused:
        open_xlsx(saved(book))
    assert [fault.reason for fault in refused.value.faults] == ["no_table", "hidden_sheet"]


def test_tables_are_known_from_their_headers_and_other_sheets_are_left(saved):
    """Empty sheets are nothing, a page of explanations is a warning."""
    book = book_with(["H-1", "P1", "2024-01-01"], sheet="Sheet1")
    book.create_sheet("Sheet2")
    book.create_sheet("説明").append(["記入のしかた"])
    read, faults = rows_of(saved(book))
    assert len(read) == 1
    assert faults == [("unknown_sheet", "説明")]


def test_a_sheet_that_should_be_a_table_and_is_none_refuses_the_file(saved):
    book = openpyxl.Workbook()
    book.worksheets[0].title = "住宅"
    book.worksheets[0].append(["氏名"])
    assert refusal(saved(book)) == "unknown_table"


@pytest.mark.parametrize(("sheet", "first"), [("実施記録", "done_on"), ("Sheet1", "item_name")])
def test_a_sheet_without_a_required_column_is_a_table_of_which_nothing_is_taken(saved, sheet, first):
    """On a sheet of ours, which says what it should be, or on the only one."""
    book = openpyxl.Workbook()
    book.worksheets[0].title = sheet
    book.worksheets[0].append(HEADERS[:2])
    assert missing(saved(book))[0] == first


def test_notes_that_are_nearly_a_table_are_none_beside_a_table(saved):
    book = book_with(["H-1", "P1", "2024-01-01"], sheet="Sheet1")
    book.create_sheet("控え").append(HEADERS[:2])
    read, faults = rows_of(saved(book))
    assert (len(read), faults) == (1, [("unknown_sheet", "控え")])


def test_rows_keep_their_number_and_may_lie_apart(saved):
    """The header need not be in the first row; blank rows count."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for column, header in enumerate(HEADERS, start=1):
        sheet.cell(3, column, header)
    sheet.cell(10, 1, "H-1")
    read, _ = rows_of(saved(book))
    assert read == [(10, ["H-1", "", "", "", "", ""])]


def test_cells_beyond_the_heading_are_told_by_their_number(saved):
    """Blank ones are nothing."""
    read, _ = rows_of(saved(book_with(["H-1", "P1", "2024-01-01", "", "", "", "  "], ["H-2", "", "", "", "", "", "x"])))
    assert [len(cells) for _, cells in read] == [6, 7]


@pytest.mark.parametrize(
    ("code", "is_date"),
    [
        ("yyyy-mm-dd", True),
        ("yyyy/m/d", True),
        ('[$-411]ggge"年"m"月"d"日"', True),
        ("[$-ja-JP]gge.m.d;@", True),
        ("m/d", True),
        ("mmm-yy", True),
        ("aaa", True),
        ("m/d/yy h:mm", True),
        ("h:mm AM/PM", False),
        ("[h]:mm:ss", False),
        ("mm:ss.0", False),
        ("General", False),
        ("G/標準", False),
        ("0.00E+00", False),
        ('#,##0"円"', False),
        ('0"day"', False),
        ("[Red]-0.0", False),
        ("0_d", False),
        ("@", False),
    ],
)
def test_formats_that_show_a_day_are_dates(code, is_date):
    """Eras of Japanese Excel as well; times, exponents and units are not."""
    assert is_date_format(code) is is_date


@pytest.mark.parametrize(
    ("number", "is_date"), [(14, True), (22, True), (57, True), (31, True), (20, False), (0, False)]
)
def test_built_in_formats_of_japanese_excel_are_known(repacked, number, is_date):
    """Format 57 (R8.4.1) has no code in the file."""
    styles = f'<styleSheet xmlns="{MAIN}"><cellXfs><xf numFmtId="0"/><xf numFmtId="{number}"/></cellXfs></styleSheet>'
    sheet = sheet_xml([HEADING, ['<c s="1"><v>46113</v></c>']])
    read, _ = rows_of(repacked({"xl/styles.xml": styles, "xl/worksheets/sheet1.xml": sheet}))
    assert isinstance(read[0][1][0], DateCell if is_date else Number)


@given(st.integers(0, 16383))
def test_column_letters_count_like_a_spreadsheet(place):
    """A is the first, XFD the last."""
    assert column_number(get_column_letter(place + 1)) == place


@pytest.mark.parametrize(
    "part",
    ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml", "xl/_rels/workbook.xml.rels", "_rels/.rels"],
)
@pytest.mark.parametrize(
    "declaration",
    [
        '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">',
        '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>',
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_declarations_of_entities_are_refused_unread(repacked, part, declaration, encoding):
    """No entity, external or expanding, in any part or encoding, is ever looked at."""
    text = f'<?xml version="1.0" encoding="{encoding}"?>{declaration}<x>&a;</x>'
    assert refusal(repacked({part: text.encode(encoding)})) == "unsafe_xml"


def test_a_package_that_unpacks_beyond_measure_is_refused(repacked):
    """By what it says of itself, before anything is unpacked."""
    assert refusal(repacked({"xl/bomb.xml": bytes(401 << 20)})) == "unpacked_too_large"


def test_a_part_that_says_less_than_it_unpacks_is_refused(repacked):
    """A size that lies makes a broken file, not a full memory."""
    path = repacked({"xl/worksheets/sheet1.xml": sheet_xml([HEADING, [text_cell("x" * 50_000)]])})
    with zipfile.ZipFile(path) as package:
        info = package.getinfo("xl/worksheets/sheet1.xml")
    content = path.read_bytes()
    path.write_bytes(content.replace(struct.pack("<L", info.file_size), struct.pack("<L", 1000)))
    assert refusal(path) == "broken_xlsx"


def test_a_package_of_too_many_parts_is_refused(tmp_path):
    """Its table of contents alone would fill the memory."""
    path = tmp_path / "many.xlsx"
    with zipfile.ZipFile(path, "w") as package:
        for number in range(20_000):
            package.writestr(f"xl/part{number:06}", b"")
    assert refusal(path) == "unpacked_too_large"


def test_a_file_beyond_the_stated_size_is_refused(tmp_path):
    """It is not even opened."""
    path = tmp_path / "large.xlsx"
    with path.open("wb") as file:
        file.write(b"PK\x03\x04")
        file.truncate((64 << 20) + 1)
    assert refusal(path) == "file_too_large"


def test_old_and_encrypted_workbooks_are_named(tmp_path):
    """Both are OLE2 files."""
    path = tmp_path / "old.xlsx"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1000))
    assert refusal(path) == "unknown_format"


@pytest.mark.parametrize(
    "cells",
    [
        ['<c t="s"><v>99</v></c>'],
        ['<c t="s"><v>x</v></c>'],
        ["<c><v>abc</v></c>"],
        ['<c s="x"><v>1</v></c>'],
        ["<c/>"] * 16_385,
        ["<c"],
        ["</row>"],
    ],
)
def test_cells_that_make_no_sense_are_a_broken_file(repacked, cells):
    """One refusal, nothing kept."""
    assert refusal(repacked({"xl/worksheets/sheet1.xml": sheet_xml([HEADING, cells])})) == "broken_xlsx"


@cache
def _saved_once() -> bytes:
    """The same bytes in every example: a workbook carries the moment at which it was saved."""
    buffer = io.BytesIO()
    book_with(["H-1", "P1", date(2024, 1, 1)]).save(buffer)
    return buffer.getvalue()


@given(st.data())
@settings(max_examples=150)
def test_a_damaged_workbook_is_read_or_refused(tmp_path_factory, data):
    """Cut off, or with bytes changed, anywhere."""
    content = bytearray(_saved_once())
    for _ in range(data.draw(st.integers(0, 3))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    path = tmp_path_factory.mktemp("xlsx") / "book.xlsx"
    path.write_bytes(content[: data.draw(st.integers(0, len(content)) | st.just(len(content)))])
    with suppress(Refused):
        assert len(rows_of(path)) < 1000


def test_text_beyond_any_cell_is_refused(repacked):
    """One cell cannot fill the memory."""
    path = repacked({"xl/worksheets/sheet1.xml": sheet_xml([HEADING, [text_cell("x" * 20_000_000)]])})
    assert refusal(path) == "broken_xlsx"


def test_days_outside_the_calendar_are_no_dates(saved):
    """A negative or endless serial number in a date format."""
    book = book_with(["H-1", "P1", -5], ["H-1", "P1", 1e10], ["H-1", "P1", 0.5])
    for row in range(2, 5):
        book.worksheets[0].cell(row, 3).number_format = "yyyy-mm-dd"
    read, _ = rows_of(saved(book))
    assert [cells[2].day for _, cells in read] == [None, None, None]


def test_iso_dates_in_cells_are_dates(repacked):
    """The form of strict workbooks."""
    row = ['<c t="d"><v>2024-01-31</v></c>', '<c t="d"><v>2024-01-31T09:30:00</v></c>', '<c t="d"><v>x</v></c>']
    read, _ = rows_of(repacked({"xl/worksheets/sheet1.xml": sheet_xml([HEADING, row])}))
    day = date(2024, 1, 31)
    assert read[0][1][:3] == [DateCell(day, "2024-01-31"), DateCell(day, "2024-01-31", False), DateCell(None, "x")]
