"""CSV files of every make are read, and what is wrong with one line costs that line only."""

import csv
import io
from contextlib import suppress

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.intake.csv_file import LONGEST_LINE, CsvPart, encoding_of, records
from bot.intake.reasons import Refused

CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20)


def lines_of(text):
    """Rows of a CSV text as (line, cells, reasons)."""
    read = records(io.StringIO(text, newline=""))
    return [(row.line, list(row.cells), [fault.reason for fault in row.faults]) for row in read]


@given(st.lists(st.lists(CELLS, min_size=1, max_size=5), max_size=8), st.sampled_from(["\n", "\r\n", "\r"]))
def test_whatever_was_written_is_read_back(rows, line_end):
    """Commas, quotes and line breaks in cells, with any line end, come back as they were."""
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator=line_end, quoting=csv.QUOTE_ALL).writerows(rows)
    assert [cells for _, cells, _ in lines_of(out.getvalue())] == rows


def test_mixed_line_ends_are_all_line_ends():
    """Files glued together from several machines."""
    assert lines_of("a\rb\nc\r\nd") == [(1, ["a"], []), (2, ["b"], []), (3, ["c"], []), (4, ["d"], [])]


def test_a_row_is_found_on_the_line_where_it_begins():
    """Line breaks in quoted cells and blank lines count, as in an editor."""
    text = 'h1,h2\r\n"one\r\ntwo",x\r\n\r\nlast,y\r\n'
    assert [(line, cells) for line, cells, _ in lines_of(text)] == [
        (1, ["h1", "h2"]),
        (2, ["one\r\ntwo", "x"]),
        (4, []),
        (5, ["last", "y"]),
    ]


def test_a_quotation_mark_never_closed_costs_its_own_line_only():
    """The good rows after it are good."""
    text = "\n".join(["a,b", '1,"open', *(f"{n},x" for n in range(3, 2000))])
    read = lines_of(text)
    assert read[1] == (2, ['1,"open'], ["broken_quotes"])
    assert [line for line, _, faults in read if not faults] == [1, *range(3, 2000)]
    assert read[-1] == (1999, ["1999", "x"], [])


def test_a_quote_closed_in_a_later_row_is_found_out():
    """The quote that opens a later cell would close it, with text behind."""
    read = lines_of('a,b\n1,"open\n2,"good"\n3,x\n')
    assert [(line, faults) for line, _, faults in read] == [(1, []), (2, ["broken_quotes"]), (3, []), (4, [])]
    assert read[2][1] == ["2", "good"]


def test_text_behind_a_closing_quote_is_not_joined_to_it():
    """ "abc"def means nothing certain."""
    assert lines_of('"abc"def,x\n')[0][2] == ["broken_quotes"]


def test_an_endless_line_is_one_refused_row():
    """It is cut, not kept in memory, and the next line is read."""
    read = lines_of("a,b\n" + "x" * (3 * LONGEST_LINE) + ",y\n1,2\n")
    assert [(line, faults) for line, _, faults in read] == [(1, []), (2, ["line_too_long"]), (3, [])]


def test_an_endless_row_of_many_quoted_lines_is_given_up():
    """A row goes on over at most so much text."""
    read = lines_of("a,b\n" + '"x\n",' * LONGEST_LINE + "\n1,2\n")
    assert any("line_too_long" in faults for _, _, faults in read)
    assert read[-1][1] == ["1", "2"]


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        ("住宅ID\r\n".encode("utf-8-sig"), "utf-8-sig"),
        ("住宅ID\r\n".encode(), "utf-8"),
        ("住宅ID,①髙﨑㈱～\r\n".encode("cp932"), "cp932"),
        (b"house_id\r\n", "utf-8"),
    ],
)
def test_the_encoding_is_found_by_trial(sent, content, encoding):
    """UTF-8 with and without BOM, and cp932 with the characters that only it has."""
    assert encoding_of(sent("a.csv", content)) == encoding


@pytest.mark.parametrize(
    "content",
    [
        "住宅ID".encode("utf-16"),
        "住宅ID,住所".encode("euc_jp"),
        "住宅ID".encode("utf-8-sig") + b"\xff",
        b"house_id\r\n\x80",
        b"house_id\r\n\xfd",
        "house_id\r\n日本".encode() + "東京都".encode("cp932") + b"\x85",
    ],
)
def test_what_is_neither_is_refused(sent, content):
    """Also where Python's cp932 would let a stray byte pass."""
    with pytest.raises(Refused) as refused:
        encoding_of(sent("a.csv", content))
    assert refused.value.faults[0].reason == "unknown_encoding"


def test_the_trial_reads_to_the_end(sent):
    """One cp932 row behind a megabyte of ASCII decides."""
    content = b"house_id\r\n" + b"H-1\r\n" * 300_000 + "山田".encode("cp932")
    assert encoding_of(sent("a.csv", content)) == "cp932"


@settings(max_examples=200)
@given(st.binary(max_size=300))
@example(b'"')
@example(b"\xef\xbb\xbf")
@example(b'house_id,item_code,done_on\r\n"')
def test_any_bytes_are_read_or_refused(tmp_path_factory, content):
    """Random files end in rows or in one refusal, never in a crash."""
    path = tmp_path_factory.mktemp("bytes") / "a.csv"
    path.write_bytes(content)
    with suppress(Refused):
        part = CsvPart(path)
        assert all(row.line > part.heading_line for row in part.rows())
