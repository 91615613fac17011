"""The same Excel back: problems at their cells, everything else as it was, and nothing that runs."""

import io
import re
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill

from bot.cli.workbook_words import Language
from bot.intake.tables import HOUSES, PLAN, RECORDS, SERVICERS, table_named
from bot.intake.workbook.echo import LONGEST_CELL, held
from bot.intake.workbook.shades import Shade
from bot.intake.xlsx_cells import unescaped
from tests.bot.intake.books import WORDS, book_of, colour, copied, load, marked, taken, told

SERVICER_HEADERS = ["事業者ID", "名称", "メール", "状態"]
GOOD = ["B1", "丸太工務店", "b1@example.jp", "営業"]
BAD = ["B2", "杉田工務店", "b2＠example", "営業中"]


def servicers(path: Path, *rows, headers=SERVICER_HEADERS, **sheets) -> Path:
    return book_of(path / "sent.xlsx", {"事業者": [headers, *rows], **sheets})


def opened(path: Path, sheet: str = "事業者"):
    return load(path)[sheet]


def repacked(path: Path, change) -> Path:
    """The workbook with its parts changed."""
    with zipfile.ZipFile(path) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    change(parts)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name, content in parts.items():
            new.writestr(name, content)
    return path


def test_a_refused_row_is_red_and_says_why(tmp_path):
    """The cells themselves in a stronger red, with a comment each; the row's reasons stand at its end."""
    sheet = opened(marked(servicers(tmp_path, GOOD, BAD)))
    assert [colour(cell) for cell in sheet[2]] == [None] * 5
    assert [colour(cell) for cell in sheet[3]] == [
        *(Shade.REFUSED_ROW, Shade.REFUSED_ROW, Shade.ERROR, Shade.ERROR, Shade.REFUSED_ROW)
    ]
    assert [cell.value for cell in sheet[1]] == [*SERVICER_HEADERS, "理由"]
    assert sheet["C3"].comment.text == "「メール」の形が正しくないか、複数書かれています（b2＠example）"
    assert sheet["E3"].value == f"{sheet['C3'].comment.text} / {sheet['D3'].comment.text}"
    assert sheet["E2"].value is None


def test_a_warning_has_another_colour_and_a_note_none(tmp_path):
    """What was only written in standard form is told on the first sheet alone."""
    rows = ["B1", "丸太工務店", "b1＠example.jp", "火々"], ["B2", "杉田工務店", "b2@example.jp", "火水"]
    path = marked(servicers(tmp_path, *rows, headers=["事業者ID", "名称", "メール", "定休日"]))
    sheet = opened(path)
    assert [colour(cell) for cell in sheet[2]] == [None, None, None, Shade.WARNING, Shade.WARNING]
    assert sheet["C2"].comment is None
    listed = [row for row in opened(path, "取込結果").iter_rows(values_only=True) if row[2] in ("C2", "D2")]
    assert [(row[0], row[2], row[3]) for row in listed] == [
        ("ご確認ください", "D2", "定休日"),
        ("そろえました", "C2", "メール"),
    ]


def test_a_missing_cell_is_put_in_to_be_coloured(tmp_path):
    """A required cell that nobody filled in has no cell in the file."""
    sheet = opened(marked(servicers(tmp_path, ["B1"])))
    assert [colour(cell) for cell in sheet[2]][:2] == [Shade.REFUSED_ROW, Shade.ERROR]
    assert sheet["B2"].comment.text == "「名称」が空です"


def test_what_a_column_that_is_not_there_is_told_of_stands_at_the_first(tmp_path):
    """Nobody finds a comment where there is no column."""
    path = book_of(
        tmp_path / "sent.xlsx",
        {
            "住宅": [
                ["住宅ID", "施工事業者ID", "維持管理事業者ID", "引渡日", "所有者氏名"],
                ["H1", *"BB", "2020-01-01", "山田"],
            ],
            "事業者": [["事業者ID", "名称"], ["B", "丸太工務店"]],
        },
    )
    sheet = opened(marked(path), "住宅")
    assert colour(sheet["A2"]) == Shade.WARNING
    assert "「情報取得許諾日」がありません" in sheet["A2"].comment.text


def test_the_first_sheet_counts_and_leads_to_each_cell(tmp_path):
    """In numbers, and by a link; it is the sheet that is opened, alone."""
    path = marked(servicers(tmp_path, GOOD, BAD))
    book = load(path)
    assert book.sheetnames == ["取込結果", "事業者"]
    assert book.active.title == "取込結果"
    assert [bool(sheet.sheet_view.tabSelected) for sheet in book] == [True, False]
    sheet = book["取込結果"]
    counts = {row[0]: row[2] for row in sheet.iter_rows(values_only=True, min_row=3, max_row=7)}
    assert list(counts.values()) == ["2", "1", "1", "0", "0"]
    links = [cell.hyperlink.location for row in sheet.iter_rows() for cell in row if cell.hyperlink]
    assert links == ["'事業者'!C3", "'事業者'!D3"]


@pytest.mark.parametrize("language", Language)
def test_the_person_reads_their_language(tmp_path, language):
    path = servicers(tmp_path, ["B1", ""])
    sheet = opened(marked(path, taken(path)[0], language))
    assert sheet["B2"].comment.text == {"ja": "「名称」が空です", "en": "“名称” is blank"}[language]


def test_what_was_sent_stays_as_it_was(tmp_path):
    """Formats, order and hidden columns, other sheets, charts, names, comments, widths: all but what is marked."""
    path = servicers(tmp_path, GOOD, BAD, メモ=[["わたしの控え", 1], ["二", 2]])
    book = load(path)
    sheet = book["事業者"]
    sheet["A2"].font, sheet["A2"].fill = Font(bold=True, name="メイリオ"), PatternFill("solid", fgColor="FF00B0F0")
    sheet["B2"].comment = Comment("自分のメモ", "丸太")
    sheet["D3"].comment = Comment("ここは後で", "丸太")
    sheet.column_dimensions["C"].hidden = True
    sheet.column_dimensions["B"].width = 33
    sheet.column_dimensions.group("E", "XFD", hidden=True)
    sheet.auto_filter.ref = "A1:D3"
    sheet["D1"].font = Font(italic=True)
    book["メモ"].sheet_state = "hidden"
    chart = BarChart()
    chart.add_data(Reference(book["メモ"], min_col=2, min_row=1, max_row=2))
    book["メモ"].add_chart(chart, "D4")
    sheet.defined_names.add(openpyxl.workbook.defined_name.DefinedName("範囲", attr_text="事業者!$A$1:$D$3"))
    book.save(path)
    copy = marked(path)
    book = load(copy)
    sheet = book["事業者"]
    assert (sheet["A2"].font.b, sheet["A2"].font.name, colour(sheet["A2"])) == (True, "メイリオ", "FF00B0F0")
    assert (sheet["B2"].comment.text, sheet["D3"].comment.text) == ("自分のメモ", "ここは後で")
    assert sheet["C3"].comment.text.startswith("「メール」")
    assert sheet.column_dimensions["C"].hidden
    assert sheet.column_dimensions["B"].width == 33
    assert not sheet.column_dimensions["E"].hidden
    assert (sheet["E1"].value, sheet["E1"].font.i) == ("理由", True)
    assert sheet.auto_filter.ref == "A1:D3"
    assert list(sheet.defined_names) == ["範囲"]
    assert book["メモ"].sheet_state == "hidden"
    assert len(book["メモ"]._charts) == 1
    with zipfile.ZipFile(path) as before, zipfile.ZipFile(copy) as after:
        kept = {name for name in before.namelist() if name.startswith(("xl/charts", "xl/theme", "docProps"))}
        assert kept
        assert all(before.read(name) == after.read(name) for name in kept)


def test_sent_again_unmended_it_gives_the_same_report(tmp_path):
    """And the copy of the copy has each mark once."""
    path = servicers(tmp_path, GOOD, BAD, ["B3", ""], [*GOOD, "余分"], メモ=[["控え"]])
    (first,) = taken(path)
    again = marked(path)
    for _ in range(2):
        (report,) = taken(again)
        assert told(report) == told(first)
        again = marked(again, report)
    sheet = opened(again)
    assert [cell.value for cell in sheet[1]] == [*SERVICER_HEADERS, "理由", None]
    assert load(again).sheetnames == ["取込結果", "事業者", "メモ"]
    assert sheet["B4"].comment.text == "「名称」が空です"
    assert [cell.value for cell in sheet[5]][3:] == ["営業", "セルの数が見出しと合いません（5 / 4）", "余分"]


def test_mended_and_sent_again_it_is_accepted(tmp_path):
    """With its marks still on it."""
    copy = marked(servicers(tmp_path, GOOD, BAD))
    book = load(copy)
    book["事業者"]["C3"], book["事業者"]["D3"] = "b2@example.jp", "営業"
    book.save(copy)
    assert (taken(copy)[0].verdict.name, taken(copy)[0].rows_accepted) == ("accept", 2)


def test_a_row_that_was_emptied_is_no_row(tmp_path):
    """Its reasons alone, which we wrote, do not make one."""
    copy = marked(servicers(tmp_path, GOOD, BAD))
    book = load(copy)
    for cell in book["事業者"][3][:4]:
        cell.value = None
    book.save(copy)
    assert (taken(copy)[0].verdict.name, taken(copy)[0].rows_total) == ("accept", 1)


def test_a_mended_row_has_its_own_colours_back(tmp_path):
    """Also where a spreadsheet saved the copy in between."""
    path = servicers(tmp_path, BAD, ["B3", ""])
    book = load(path)
    book["事業者"]["A2"].fill = book["事業者"]["A3"].fill = PatternFill("solid", fgColor="FF00B0F0")
    book.save(path)
    copy = marked(path)
    book = load(copy)
    assert colour(book["事業者"]["A2"]) == Shade.REFUSED_ROW
    book["事業者"]["C2"], book["事業者"]["D2"] = "b2@example.jp", "営業"
    book.save(copy)
    sheet = opened(marked(copy))
    assert [colour(cell) for cell in sheet[2]] == ["FF00B0F0", None, None, None, None]
    assert (sheet["E2"].value, sheet["C2"].comment, sheet["D2"].comment) == (None, None, None)
    assert [colour(cell) for cell in sheet[3]][:2] == [Shade.REFUSED_ROW, Shade.ERROR]


def test_each_comment_has_its_box(tmp_path):
    """Beside those of the person's own, under numbers of its own, and none is left where a comment went."""
    path = servicers(tmp_path, GOOD, BAD)
    book = load(path)
    book["事業者"]["A2"].comment = Comment("自分のメモ", "丸太")
    book.save(path)
    copy = marked(path)
    assert boxes(copy) == {(1, 0), (2, 2), (2, 3)}
    repacked(copy, lambda parts: parts.update({"xl/worksheets/sheet1.xml": mended(parts["xl/worksheets/sheet1.xml"])}))
    assert boxes(marked(copy)) == {(1, 0), (2, 3)}


def boxes(path: Path) -> set[tuple[int, int]]:
    """Row and column of each box that is drawn for a comment, counted from 0."""
    with zipfile.ZipFile(path) as package:
        (name,) = (name for name in package.namelist() if name.endswith(".vml"))
        drawing = package.read(name).decode()
    shapes = ElementTree.fromstring(drawing).findall("{urn:schemas-microsoft-com:vml}shape")
    assert len({shape.attrib["id"] for shape in shapes}) == len(shapes)
    office = "{urn:schemas-microsoft-com:office:excel}"
    places = [[str(shape.findtext(f".//{office}{name}")) for name in ("Row", "Column")] for shape in shapes]
    return {(int(row), int(column)) for row, column in places}


def mended(sheet: bytes) -> bytes:
    """C3 says something that is an address."""
    good = rb'\1 t="inlineStr"><is><t>b2@example.jp</t></is></c>'
    return re.sub(rb'(<c r="C3")[^>]*>.*?</c>', good, sheet)


def test_a_row_that_is_refused_as_such_names_no_column(tmp_path):
    """It leads to its first cell."""
    copy = marked(servicers(tmp_path, [*GOOD, "余分"]))
    (listed,) = (row for row in opened(copy, "取込結果").iter_rows(values_only=True) if row[0] == "お直しください")
    assert listed[2:4] == ("A2", None)


def test_a_text_never_becomes_a_formula(tmp_path):
    """Neither in its own cell, nor in what we say about it, nor on the first sheet."""
    evil = '=HYPERLINK("http://x","y")'
    copy = marked(servicers(tmp_path, [evil, evil, evil, evil]))
    for sheet in load(copy):
        assert [cell.coordinate for row in sheet.iter_rows() for cell in row if cell.data_type == "f"] == []
    assert opened(copy)["A2"].value == evil
    with zipfile.ZipFile(copy) as package:
        assert not any(b"<f>" in package.read(name) for name in package.namelist() if "worksheets/" in name)


def test_a_formula_keeps_its_result(tmp_path):
    """It comes back as it was sent, with the value that it had; beyond the table only the value comes back."""
    path = servicers(tmp_path, [*GOOD, "9"], BAD)

    def change(parts):
        sheet = parts["xl/worksheets/sheet1.xml"].decode()
        sheet = re.sub(
            r'(<c r="B2")[^>]*>.*?</c>', r'\1 t="str"><f>"丸太"&amp;"工務店"</f><v>丸太工務店</v></c>', sheet
        )
        sheet = re.sub(r'(<c r="E2")[^>]*>.*?</c>', r"\1><f>NOW()</f><v>7</v></c>", sheet)
        parts["xl/worksheets/sheet1.xml"] = sheet.encode()

    repacked(path, change)
    copy = marked(path)
    with zipfile.ZipFile(copy) as package:
        sheet = package.read("xl/worksheets/sheet1.xml").decode()
    assert '<f>"丸太"&amp;"工務店"</f><v>丸太工務店</v>' in sheet
    assert re.search(r'<c r="F2"[^>]*><v>7</v></c>', sheet)
    assert "NOW()" not in sheet
    assert told(taken(copy)[0]) == told(taken(path)[0])


def test_macros_and_a_signature_do_not_come_back(tmp_path):
    """The copy is a plain workbook."""
    path = servicers(tmp_path, BAD)

    def change(parts):
        parts["xl/vbaProject.bin"] = b"MACRO"
        parts["_xmlsignatures/origin.sigs"] = b""
        types = parts["[Content_Types].xml"].decode()
        types = types.replace("spreadsheetml.sheet.main+xml", "ms-excel.sheet.macroEnabled.main+xml")
        extra = '<Override PartName="/xl/vbaProject.bin" ContentType="application/vnd.ms-office.vbaProject"/></Types>'
        parts["[Content_Types].xml"] = types.replace("</Types>", extra).encode()
        related = parts["xl/_rels/workbook.xml.rels"].decode()
        kind = "http://schemas.microsoft.com/office/2006/relationships/vbaProject"
        link = f'<Relationship Id="v" Type="{kind}" Target="vbaProject.bin"/>'
        parts["xl/_rels/workbook.xml.rels"] = related.replace("</Relationships>", link + "</Relationships>").encode()

    with zipfile.ZipFile(marked(repacked(path, change))) as package:
        assert not [name for name in package.namelist() if "vba" in name or "signature" in name]
        assert b"vba" not in package.read("[Content_Types].xml") + package.read("xl/_rels/workbook.xml.rels")
        assert b"spreadsheetml.sheet.main+xml" in package.read("[Content_Types].xml")


def test_a_persons_own_column_of_reasons_is_theirs(tmp_path):
    """Ours comes behind it; when the copy comes back, ours is the one that is written anew."""
    headers = [*SERVICER_HEADERS, "理由"]
    path = servicers(tmp_path, [*GOOD, "前からの客"], [*BAD, "紹介"], headers=headers)
    copy = marked(marked(path))
    sheet = opened(copy)
    assert [cell.value for cell in sheet[1]] == [*headers, "理由"]
    assert [cell.value for cell in sheet["E"]] == ["理由", "前からの客", "紹介"]
    assert sheet["F3"].value.startswith("「メール」")


def test_two_sheets_of_one_table_are_marked_each(tmp_path):
    """A row number alone does not say on which of them it stands."""
    path = servicers(tmp_path, GOOD, 昨年=[SERVICER_HEADERS, BAD])
    copy = marked(path)
    assert colour(opened(copy)["A2"]) is None
    assert colour(opened(copy, "昨年")["A2"]) == Shade.REFUSED_ROW


def test_an_apostrophe_of_the_persons_own_stays(tmp_path):
    """Only a list of refused rows has apostrophes of ours, which come off."""
    path = servicers(tmp_path, ["B1", "'=名前"], ["B2", ""])
    (first,), (again,) = taken(path), taken(marked(path))
    assert told(first) == told(again)
    assert opened(marked(path))["B2"].value == "'=名前"


def test_headings_that_are_missing_are_told_on_the_first_sheet(tmp_path):
    """The file was refused as a whole, and nothing on it is coloured."""
    path = servicers(tmp_path, ["B1"], headers=["事業者ID"])
    sheet = opened(marked(path), "取込結果")
    texts = [cell for row in sheet.iter_rows(values_only=True) for cell in row if cell]
    assert "必須の列「名称」がありません" in texts
    assert texts[0] == WORDS.verdicts["reject_file"]


def test_more_problems_than_anybody_reads_are_counted(tmp_path, monkeypatch):
    """The list ends, the comments end, and both say so."""
    monkeypatch.setattr("bot.intake.workbook.findings.MOST_LISTED", 3)
    monkeypatch.setattr("bot.intake.workbook.said.MOST_SAID", 2)
    copy = marked(servicers(tmp_path, *(["B1", ""] for _ in range(5))))
    texts = [cell for row in opened(copy, "取込結果").iter_rows(values_only=True) for cell in row if cell]
    assert texts.count("お直しください") == 3
    assert WORDS.counted("more", 2) in texts
    assert sum(cell.comment is not None for row in opened(copy).iter_rows() for cell in row) == 2


def test_a_csv_comes_back_as_a_workbook(tmp_path):
    """Every cell a text; each row of the file a row of the sheet."""
    text = '事業者ID,名称,メール\r\n007,"丸太\n工務店",a@example.jp\r\n\r\n=1+1,,c@example.jp\r\n'
    path = tmp_path / "sent.csv"
    path.write_bytes(text.encode("cp932"))
    copy = marked(path)
    sheet = opened(copy)
    assert [[cell.value for cell in row] for row in sheet.iter_rows()] == [
        ["事業者ID", "名称", "メール", "理由"],
        ["007", "丸太\n工務店", "a@example.jp", None],
        [None] * 4,
        ["=1+1", None, "c@example.jp", "「名称」が空です"],
    ]
    assert sheet["A4"].data_type == "s"
    assert colour(sheet["B4"]) == Shade.ERROR
    assert [problem[2:] for problem in told(taken(copy)[0])] == [problem[2:] for problem in told(taken(path)[0])]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("B1", "wrong_cell_count"),
        ("B1,名,a@example.jp,,", "wrong_cell_count"),
        ('B1,"名"x,a@example.jp', "broken_quotes"),
    ],
)
def test_what_only_a_csv_can_get_wrong_stays_refused(tmp_path, row, reason):
    """A sheet has no row with too few cells: it is refused until somebody has looked, and then taken in."""
    path = tmp_path / "sent.csv"
    path.write_text(f"事業者ID,名称,メール\n{row}\nB2,杉田工務店,b2@example.jp\n", "utf-8")
    assert [problem.reason for problem in taken(path)[0].problems] == [reason]
    copy = marked(path)
    assert [problem.reason for problem in taken(copy)[0].problems] == ["wrong_cell_count"]
    book = load(copy)
    note = next(cell for cell in book["事業者"][2] if cell.value == WORDS.result["row_cells"])
    note.value, book["事業者"]["A2"], book["事業者"]["B2"] = None, "B1", "丸太工務店"
    book.save(copy)
    assert taken(copy)[0].verdict.name == "accept"


def test_a_list_of_refused_rows_comes_back_as_it_is_written(tmp_path):
    """Its reasons stay in front, so that the apostrophes of ours come off."""
    path = tmp_path / "sent.csv"
    path.write_text("理由,事業者ID,名称\nふるい,'=B1,'=名\n", "utf-8")
    copy = marked(path)
    assert [cell.value for cell in opened(copy)[1]] == ["理由", "事業者ID", "名称"]
    assert told(taken(copy)[0]) == told(taken(path)[0])


@pytest.mark.parametrize(
    "content",
    [
        b'{"servicers": [{"name": "x"}]}',
        b"",
        b"PK\x03\x04 no zip",
        b"\xff\xfe\x00",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    ],
)
def test_what_is_no_table_has_no_copy(tmp_path, content):
    """JSON is answered with the report; what cannot be opened cannot be marked."""
    path = tmp_path / "sent"
    path.write_bytes(content)
    assert copied(path) is None


def test_a_bomb_is_not_opened_again(tmp_path):
    """Refused by the importer, it is not unpacked for a copy."""
    path = servicers(tmp_path, GOOD)
    repacked(path, lambda parts: parts.update({"xl/media/x.bin": b"\0" * (401 << 20)}))
    assert [problem.reason for problem in taken(path)[0].problems] == ["unpacked_too_large"]
    assert copied(path) is None


@pytest.mark.parametrize(
    "part", ["xl/styles.xml", "xl/workbook.xml", "[Content_Types].xml", "xl/_rels/workbook.xml.rels"]
)
def test_a_document_type_is_refused_in_every_part_that_is_read(tmp_path, part):
    """Nothing is expanded on the way back either."""
    path = servicers(tmp_path, BAD)
    (report,) = taken(path)
    declared = b'<!DOCTYPE x [<!ENTITY a "aaaa">]>'
    repacked(path, lambda parts: parts.update({part: declared + parts[part].split(b"?>")[-1]}))
    assert copied(path, report) is None


def test_names_that_lead_out_of_the_package_are_left_out(tmp_path):
    """What somebody unpacks later writes nothing elsewhere."""
    path = repacked(servicers(tmp_path, BAD), lambda parts: parts.update({"../evil": b"x", "a\\..\\b": b"x"}))
    with zipfile.ZipFile(marked(path)) as package:
        assert not [name for name in package.namelist() if ".." in name or "\\" in name]


def test_a_workbook_without_styles_gets_some(tmp_path):
    """As simple programs write them."""
    path = servicers(tmp_path, BAD)

    def change(parts):
        del parts["xl/styles.xml"]
        parts["xl/_rels/workbook.xml.rels"] = re.sub(
            rb'<Relationship [^>]*styles"[^>]*/>', b"", parts["xl/_rels/workbook.xml.rels"]
        )
        parts["[Content_Types].xml"] = re.sub(
            rb'<Override [^>]*/xl/styles.xml"[^>]*/>', b"", parts["[Content_Types].xml"]
        )
        parts["xl/worksheets/sheet1.xml"] = re.sub(rb' s="\d+"', b"", parts["xl/worksheets/sheet1.xml"])

    assert colour(opened(marked(repacked(path, change)))["D2"]) == Shade.ERROR


def test_names_with_a_prefix_keep_it(tmp_path):
    """Some programs write x:row for row."""
    path = servicers(tmp_path, BAD, ["B3"])

    def change(parts):
        for part in ("xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml"):
            text = re.sub(r"<(/?)(?=[A-Za-z])(?!\w+:)", r"<\1x:", parts[part].decode())
            parts[part] = text.replace(' xmlns="', ' xmlns:x="', 1).encode()

    sheet = opened(marked(repacked(path, change)))
    assert colour(sheet["D2"]) == Shade.ERROR
    assert colour(sheet["B3"]) == Shade.ERROR
    assert sheet["E3"].value == "「名称」が空です"


CELLS = st.one_of(
    st.none(),
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12),
    st.sampled_from(
        [
            "",
            " ",
            "B1",
            "H1",
            "P1",
            "=1+1",
            "'=x",
            "2020-01-01",
            "令和2年1月1日",
            "_x000D_",
            "a@b.jp",
            "営業",
            "点検",
            "5",
        ]
    ),
    st.integers(-5, 60_000),
    st.floats(allow_nan=False, allow_infinity=False, width=32),
    st.dates(),
    st.booleans(),
)


@st.composite
def books(draw):
    """Workbooks of our tables with any cells in them, at times more of them than there are headings."""
    sheets = {}
    for table in draw(st.lists(st.sampled_from([HOUSES, PLAN, RECORDS, SERVICERS]), min_size=1, unique=True)):
        columns = [c for c in table.columns if c.required or draw(st.booleans())]
        headers = draw(st.permutations([*(c.header for c in columns), *draw(st.sampled_from([[], ["メモ"]]))]))
        widths = st.integers(0, len(headers) + 2)
        rows = [draw(st.lists(CELLS, min_size=n, max_size=n)) for n in draw(st.lists(widths, max_size=5))]
        sheets[table.sheet] = [*draw(st.sampled_from([[], [[]]])), list(headers), *rows]
    return sheets


@given(books())
@settings(max_examples=60, deadline=None)
def test_whatever_was_sent_the_copy_is_judged_the_same(tmp_path_factory, sheets):
    """And every cell that was in the table is in it, as it was."""
    path = book_of(tmp_path_factory.mktemp("any") / "sent.xlsx", sheets)
    (first,) = taken(path)
    copy = marked(path, first)
    (again,) = taken(copy)
    assert told(again) == told(first)
    with zipfile.ZipFile(copy) as package:
        for part in package.namelist():
            ElementTree.fromstring(package.read(part))
    before, after = load(path), load(copy)
    for name, rows in sheets.items():
        width = len(next(filter(None, rows)))
        for row in before[name].iter_rows(max_col=width):
            for cell in row:
                there = after[name][cell.coordinate]
                assert (there.value, there.data_type, there.number_format) == (
                    *(cell.value, cell.data_type, cell.number_format),
                )
    for found in first.problems:
        sheet = after[table_named(found.table).sheet] if found.table and found.row else None
        if sheet is None or found.severity == "normalised":
            continue
        row = sheet[found.row or 0]
        assert any(found.message in unescaped(cell.comment.text) for cell in row if cell.comment)
        assert Shade.ERROR in map(colour, row) if found.severity == "error" else Shade.WARNING in map(colour, row)


@given(st.text(max_size=30) | st.sampled_from(["_x000D_", "_x0041\0", "__x005F_", "_x_x0000_"]))
def test_any_text_can_be_held(text):
    """What XML cannot hold, and what looks like such, comes out again as it went in."""
    assert unescaped(held(text)) == text
    assert len(held("\0" * (LONGEST_CELL + 9))) == 7 * LONGEST_CELL


def test_the_same_file_gives_the_same_bytes(tmp_path):
    """No clock is read."""
    path = servicers(tmp_path, GOOD, BAD)
    first = marked(path).read_bytes()
    assert marked(path).read_bytes() == first
    assert zipfile.is_zipfile(io.BytesIO(first))


@pytest.fixture(scope="module")
def parts_of_a_copy(tmp_path_factory):
    """The parts of a workbook that has everything we touch, and the report of it as it was."""
    path = servicers(tmp_path_factory.mktemp("whole"), GOOD, BAD, [*GOOD, "余分"])
    book = load(path)
    book["事業者"]["A2"].comment = Comment("自分のメモ", "丸太")
    book.save(path)
    copy = marked(path)
    with zipfile.ZipFile(copy) as package:
        return {name: package.read(name) for name in package.namelist()}, taken(copy)[0]


@given(st.data())
@settings(max_examples=80, deadline=None)
def test_a_damaged_part_never_breaks_us(tmp_path_factory, parts_of_a_copy, data):
    """There is a copy or there is none."""
    parts, report = parts_of_a_copy
    name = data.draw(st.sampled_from(sorted(parts)))
    content = parts[name]
    at = data.draw(st.integers(0, len(content)))
    put = data.draw(st.sampled_from([b"", b"9" * 5000, b'"', b"<", b"-", b"<c/>", b"</row>", b"\xff", b"&x;"]))
    path = tmp_path_factory.mktemp("damaged") / "sent.xlsx"
    with zipfile.ZipFile(path, "w") as package:
        for part, good in parts.items():
            cut = at + data.draw(st.integers(0, 40)) if part == name else at
            package.writestr(part, content[:at] + put + content[cut:] if part == name else good)
    copied(path, report)
    copied(path, taken(path)[0])


def test_a_wide_heading_costs_no_more_than_what_is_written(tmp_path):
    """Of a refused row only cells of the table are put in; a column that nobody knows is marked where it stands."""
    headers = ["事業者ID", "名称", *(f"列{n}" for n in range(3000))]
    path = servicers(tmp_path, *(["B1", ""] for _ in range(50)), headers=headers)
    copy = marked(path)
    with zipfile.ZipFile(copy) as package:
        assert package.read("xl/worksheets/sheet1.xml").count(b"<c ") < 3003 + 50 * 4
    sheet = opened(copy)
    assert (colour(sheet.cell(1, 3000)), colour(sheet["A1"])) == (Shade.WARNING, None)
