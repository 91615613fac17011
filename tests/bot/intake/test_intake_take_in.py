"""A call of several files: read in the right order, each with its own report, the same dry as wet."""

import csv
import json
import socket
from datetime import date

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.intake.known import Ask, MemoryStore
from bot.intake.part import is_blank
from bot.intake.report import FileReport, exit_status
from bot.intake.tables import TABLES
from bot.intake.take_in import Batch, run, take_in

TODAY = date(2026, 11, 21)
TABLE_NAMES = ["servicers", "houses", "plan", "records"]


@pytest.fixture
def four_files(sent, csv_text, good):
    """One good row of every table, the last table first."""
    return [sent(f"{name}.csv", csv_text([good(name)])) for name in reversed(TABLE_NAMES)]


def test_files_are_read_in_their_natural_order_whatever_the_order_of_the_call(take, four_files, verdicts):
    """And answered in the order of the call."""
    reports = take(*four_files)
    assert verdicts(reports) == ["accept"] * 4
    assert [report.table for report in reports] == list(reversed(TABLE_NAMES))
    assert [report.file for report in reports] == [str(path) for path in four_files]
    assert exit_status(reports) == 0


def test_japanese_headers_and_old_encodings_are_the_same_file(take, sent, verdicts):
    """As Excel in Japan saves it."""
    servicers = "事業者ID,名称,種別\r\nS-1,髙﨑工務店㈱,工務店\r\n".encode("cp932")
    houses = "\ufeff住宅ID,施工事業者ID,維持管理事業者ID,引渡日,所有者氏名,情報取得許諾日,支援委託日,メール\r"
    houses += "H-1,S-1,S-1,R2.4.1,山田,令和2年3月1日,2020/3/1,a@example.jp\r"
    reports = take(sent("s.csv", servicers), sent("h.csv", houses))
    assert verdicts(reports) == ["accept", "accept_normalised"]
    assert [problem.row for problem in reports[1].problems] == [2, 2, 2]


def test_a_workbook_of_four_sheets_is_one_file_with_one_report(take, tmp_path, good, store):
    """Counts are sums, the table is none of them."""
    book = openpyxl.Workbook()
    for name, sheet in zip(TABLE_NAMES, ["事業者", "住宅", "維持保全計画", "実施記録"], strict=True):
        row = good(name)
        book.create_sheet(sheet).append(list(row))
        book[sheet].append([int(cell) if cell.isdigit() else cell for cell in row.values()])
    del book["Sheet"]
    book.save(tmp_path / "all.xlsx")
    report = take(tmp_path / "all.xlsx")[0]
    assert (report.table, report.verdict.name) == (None, "accept")
    assert (report.rows_total, report.rows_accepted) == (4, 4)
    assert len(store.records) == 1


def test_one_json_object_may_hold_all_tables(take, sent, good, found):
    """Rows count from 1 in each list; each problem names its table."""
    content = {name: [good(name)] for name in reversed(TABLE_NAMES)}
    content["houses"].append(good("houses", house_id=7))
    report = take(sent("all.json", json.dumps(content)))[0]
    assert (report.table, report.verdict.name) == (None, "reject_row")
    assert (report.rows_total, report.rows_accepted) == (5, 4)
    assert [(problem.table, problem.row, problem.field) for problem in report.problems] == [("houses", 2, "house_id")]


def test_a_plan_of_a_refused_house_is_refused_with_it(take, sent, csv_text, good, found):
    """Its house is unknown; the other house's plan stands."""
    houses = [good("houses", plan_years="1"), good("houses", house_id="H-002", common_id="C-2")]
    plan = [good("plan"), good("plan", house_id="H-002")]
    files = [("servicers", [good("servicers")]), ("houses", houses), ("plan", plan)]
    reports = take(*(sent(f"{name}.csv", csv_text(rows)) for name, rows in files))
    assert found(reports[2]) == [(2, "house_id", "unknown_house")]
    assert [report.rows_accepted for report in reports] == [1, 1, 1]
    assert exit_status(reports) == 3


def test_a_house_without_a_plan_gets_the_guide_plan(take, sent, csv_text, good, store, verdicts):
    """Which is no problem of the file, and is not made again."""
    houses = [good("houses"), good("houses", house_id="H-002", common_id="C-2")]
    files = [("servicers", [good("servicers")]), ("houses", houses), ("plan", [good("plan")])]
    paths = [sent(f"{name}.csv", csv_text(rows)) for name, rows in files]
    for _ in range(2):
        assert verdicts(take(*paths)) == ["accept"] * 3
        assert list(store.plans["H-001"]) == ["P01"]
        assert all(row.source for row in store.plans["H-002"].values())


def test_rows_of_broken_make_cost_only_themselves(take, sent, found):
    """Cells too many or too few, an open quote, a blank row, a formula's text."""
    text = 'servicer_id,name\r\nS-1,工務店,x\r\nS-2\r\nS-3,=1+1\r\n,\r\n\r\n"S-4,工務店\r\nS-5,良い工務店\r\n'
    report = take(sent("s.csv", text))[0]
    assert found(report) == [
        (2, None, "wrong_cell_count"),
        (3, None, "wrong_cell_count"),
        (7, None, "broken_quotes"),
    ]
    assert (report.rows_total, report.rows_accepted) == (5, 2)


def test_what_is_odd_about_the_heading_is_told_at_its_line(take, sent, found):
    """The header is line 1; a blank line before it counts."""
    report = take(sent("s.csv", "\n servicer_id,name,memo\nS-1,工務店,x\n"))[0]
    assert found(report) == [(2, "memo", "unknown_column"), (2, "servicer_id", "header_form")]
    assert report.verdict.name == "accept_with_warning"


def test_an_unknown_key_in_a_refused_json_row_is_still_told(take, sent, found):
    """It is about the file, not the row."""
    rows = [{"servicer_id": "", "name": "工務店", "memo": "x"}]
    report = take(sent("s.json", json.dumps({"servicers": rows})))[0]
    assert sorted(found(report), key=str) == [(1, "memo", "unknown_column"), (1, "servicer_id", "required")]


def test_hidden_sheets_and_unknown_lists_are_warnings_about_the_file(take, sent, good, found):
    """Without a row."""
    report = take(sent("s.json", json.dumps({"servicers": [good("servicers")], "people": []})))[0]
    assert found(report) == [(None, None, "unknown_list")]
    assert report.verdict.name == "accept_with_warning"


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.csv", "", "file_empty"),
        ("a.csv", "\ufeff \r\n", "file_empty"),
        ("a.csv", "person,city\r\nx,y\r\n", "unknown_table"),
        ("a.csv", "house_id,item_code,result\r\nx,y,良\r\n", "missing_column"),
        ("a.csv", b"\x00\x01\x02\x03", "unknown_table"),
        ("a.csv", b"\x89PNG\r\n\x1a\n\x00\xff\xfe", "unknown_encoding"),
        ("a.csv", b"PK\x03\x04broken", "broken_xlsx"),
        ("a.xlsx", "house_id,item_code\r\n", "broken_xlsx"),
        ("a.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1....", "unknown_format"),
        ("a.json", "servicer_id,name\r\n", "broken_json"),
        ("a.json", '[{"servicer_id":"S-1"}]', "json_shape"),
        ("a.txt", '{"houses":', "broken_json"),
    ],
)
def test_a_file_that_is_none_of_ours_is_refused_with_one_reason(take, sent, name, content, reason):
    """In words a person understands; the other files of the call are taken."""
    good_one = sent("s.csv", "servicer_id,name\r\nS-1,工務店\r\n")
    refused, taken = take(sent(name, content), good_one)
    assert [(problem.row, problem.reason, problem.severity) for problem in refused.problems] == [
        (None, reason, "error")
    ]
    assert (refused.verdict.name, refused.rows_total, refused.rows_accepted) == ("reject_file", 0, 0)
    assert taken.verdict.name == "accept"
    assert exit_status([refused, taken]) == 4


def test_what_is_no_readable_file_is_refused(take, tmp_path, monkeypatch):
    """A missing file, a folder, a device, a socket, a name no system knows."""
    with socket.socket(socket.AF_UNIX) as listening:
        monkeypatch.chdir(tmp_path)  # the path of a socket is short
        listening.bind("a.sock")
        paths = [tmp_path / "none.csv", tmp_path, "/dev/zero", tmp_path / "a.sock", "x\0y", tmp_path / ("x" * 300)]
        reasons = [[problem.reason for problem in report.problems] for report in take(*paths)]
    assert reasons == [
        ["file_not_found"],
        ["not_a_file"],
        ["not_a_file"],
        ["not_a_file"],
        ["file_not_found"],
        ["file_unreadable"],
    ]


def test_the_content_decides_what_a_file_is(take, sent, verdicts):
    """A workbook or JSON under a wrong name is what it is."""
    assert verdicts(take(sent("a.csv", '{"servicers":[{"servicer_id":"S-1","name":"工務店"}]}'))) == ["accept"]


def test_batches_are_of_one_table_and_tell_how_far_they_are(take, sent):
    """So that a bar can be drawn and each batch stored at once."""
    rows = "".join(f"S-{number},工務店{number}\r\n" for number in range(1200))
    steps = list(run(take_in([sent("s.csv", "servicer_id,name\r\n" + rows)], TODAY), MemoryStore()))
    batches = [step for step in steps if isinstance(step, Batch) and step.file]
    assert [len(batch.rows) for batch in batches] == [500, 500, 200]
    assert [batch.progress for batch in batches] == sorted(batch.progress for batch in batches)
    assert all(0 < batch.progress <= 1 for batch in batches)


def test_nothing_is_asked_that_the_call_itself_answers(take, four_files):
    """A first import needs little of the store."""
    steps = take_in(four_files, TODAY)
    asks = []
    step = next(steps)
    while True:
        if isinstance(step, Ask):
            asks.append(step)
        try:
            step = steps.send(None)
        except StopIteration:
            break
    assert not any(ask.servicers for ask in asks)
    assert [ask.houses for ask in asks if ask.plans and ask.records] == [frozenset()]


def test_a_call_left_halfway_leaves_nothing_behind(sent, tmp_path):
    """Neither temporary lists nor open files."""
    path = sent("s.csv", "servicer_id,name\r\n,x\r\n" + "S,x\r\n" * 2000)
    steps = take_in([path], TODAY)
    next(steps)
    steps.close()
    assert [entry.name for entry in tmp_path.iterdir()] == ["s.csv"]


NASTY = [
    "",
    " ",
    "\u200b",
    "H-1",
    "S-1",
    "2018-09-30",
    "R1.5.1",
    "23/4/1",
    "５年ごと",
    "=1",
    "a\r\nb",
    '"',
    "x" * 300,
    "\0",
]


@given(st.data())
@settings(max_examples=150)
def test_every_row_is_either_accepted_or_told_and_listed(tmp_path_factory, data):
    """Whatever the cells say: the counts, the report and the list of refused rows agree."""
    table = data.draw(st.sampled_from(TABLES))
    keys = [column.key for column in table.columns]
    cell = st.sampled_from(NASTY) | st.text(st.characters(codec="utf-8"), max_size=5)
    rows = data.draw(st.lists(st.lists(cell, min_size=len(keys), max_size=len(keys) + 1), max_size=5))
    path = tmp_path_factory.mktemp("nasty") / "a.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, quoting=csv.QUOTE_ALL).writerows([keys, *rows])
    report = next(step for step in run(take_in([path], TODAY), MemoryStore()) if isinstance(step, FileReport))
    refused = {problem.row for problem in report.problems if problem.severity == "error"}
    assert report.rows_total == sum(not is_blank(row) for row in rows)
    assert report.rows_accepted == report.rows_total - len(refused)
    listed = path.with_name("a.rejected.csv")
    assert listed.exists() == bool(refused)
    if refused:
        with listed.open(encoding="utf-8-sig", newline="") as file:
            assert len(list(csv.reader(file))) == 1 + len(refused)


IDS = st.sampled_from(["H-1", "H-2", "H-3"])
HOUSES = st.fixed_dictionaries(
    {
        "house_id": IDS,
        "common_id": st.sampled_from(["", "C-1", "C-2"]),
        "builder_id": st.just("S-1"),
        "servicer_id": st.sampled_from(["S-1", "S-2"]),
        "handed_over_on": st.sampled_from(["2018-09-30", "2020-02-29"]),
        "owner_id": st.sampled_from(["", "O-1", "O-2"]),
        "owner_name": st.sampled_from(["山田", "佐藤"]),
        "email": st.sampled_from(["", "a@example.jp", "b@example.jp"]),
    }
)
PLANS = st.fixed_dictionaries(
    {
        "house_id": IDS,
        "item_code": st.sampled_from(["P1", "P2"]),
        "item_name": st.just("外壁"),
        "kind": st.just("点検"),
        "first_year": st.sampled_from(["5", "6"]),
        "interval_years": st.just("5"),
    }
)
RECORDS = st.fixed_dictionaries(
    {
        "house_id": IDS,
        "item_code": st.sampled_from(["P1", "P2", "G-基礎"]),
        "done_on": st.sampled_from(["2019-01-01", "2024-01-01"]),
        "result": st.sampled_from(["良", "要補修"]),
    }
)
CALLS = st.lists(
    st.fixed_dictionaries({"houses": st.lists(HOUSES, max_size=4), "plan": st.lists(PLANS, max_size=4)})
    | st.fixed_dictionaries({"records": st.lists(RECORDS, max_size=4)}),
    min_size=1,
    max_size=3,
)


def answers(paths, store):
    """The reports of a call as plain data."""
    steps = run(take_in(paths, TODAY, rejected_files=False), store)
    return [step.to_json() for step in steps if isinstance(step, FileReport)]


@pytest.fixture(scope="module")
def call_files(tmp_path_factory):
    """Files of a call, with the companies they name."""
    folder = tmp_path_factory.mktemp("calls")
    servicers = {"servicers": [{"servicer_id": "S-1", "name": "工務店"}]}

    def write(contents):
        paths = []
        for number, content in enumerate([servicers, *contents]):
            path = folder / f"{number}.json"
            path.write_text(json.dumps(content))
            paths.append(path)
        return paths

    return write


@given(CALLS)
@settings(max_examples=150)
def test_a_dry_run_says_what_the_import_would_say(call_files, contents):
    """What the call itself accepted counts, whether it was stored or not."""
    paths = call_files(contents)
    assert answers(paths, MemoryStore(keeps=False)) == answers(paths, MemoryStore())


@given(st.lists(HOUSES, max_size=5), st.lists(PLANS, max_size=4), st.lists(RECORDS, max_size=4))
@settings(max_examples=150)
def test_the_same_file_again_changes_nothing(call_files, houses, plan, records):
    """The rows that stood stand, what is stored is the same, and only records say that they came again."""
    paths, store = call_files([{"houses": houses, "plan": plan, "records": records}]), MemoryStore()
    first = answers(paths, store)
    before = [dict(store.houses), dict(store.plans), dict(store.records), dict(store.owners)]
    second = answers(paths, store)
    assert [store.houses, store.plans, store.records, store.owners] == before
    assert [report["rows_accepted"] for report in second] == [report["rows_accepted"] for report in first]


def test_a_file_that_changes_while_it_is_read_is_refused(sent, csv_text, good):
    """Its encoding was tried before; what comes now is not to be trusted."""
    servicers = sent("s.csv", csv_text([good("servicers")]))
    houses = sent("h.csv", csv_text([good("houses")]))
    reports = []
    for step in run(take_in([servicers, houses], TODAY), MemoryStore()):
        if isinstance(step, Batch) and step.table == "servicers":
            houses.write_bytes(b"house_id\r\n\xff\xff\r\n")
        if isinstance(step, FileReport):
            reports.append(step)
    assert [report.verdict.name for report in reports] == ["accept", "reject_file"]
    assert reports[1].rows_accepted == 0
