"""The law's list is answered line by line, whatever a house has and has not: nothing left out, nothing made up."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from bot.core.book.report import asked, report, year_of
from bot.core.book.section import Coded, Sources
from bot.core.book.whole import book
from bot.core.case import Basis
from bot.core.days import add_years
from bot.core.house import House
from bot.core.statements import FIELDS, Content, Line, Paper, Source, Stated, Statement, in_force, stated
from templates.book.file import book_json
from templates.book.paper import book_pdf
from templates.book.spoken import Spoken
from templates.catalogue import LANGUAGES, Catalogue

WORDS = Catalogue().words
SPOKEN = {language: Spoken(language, WORDS[language]) for language in LANGUAGES}
TAKEN_IN = date(2026, 11, 1)
# 施行規則第14条第1項: what each item asks for, and in which column of which section it is answered.
LAW: dict[int, dict[str, tuple[str, ...]]] = {
    1: {
        "house": ("address", "structure", "equipment", "floor_area_m2", "storeys"),
        "upkeep_plan": ("plan_from", "plan_until", "plan_items", "funding"),
    },
    2: {"certification": ("certified", "certified_on", "implementer", "certificate_no")},
    3: {"plan_changes": ("changed", "changed_on", "content")},
    4: {"successions": ("successor", "succeeded_on", "approved_on")},
    5: {"reports": ("reported", "reported_on", "content")},
    6: {"orders": ("ordered", "ordered_on", "content")},
    7: {"advice": ("advised", "advised_on", "content")},
    8: {"drawings": ("drawings", "kept_at")},
    9: {"drawings": ("drawings", "kept_at")},
    10: {"upkeep": ("done_on", "part", "activity", "result", "entrusted_to")},
}
# In which section a line is told, and in which column its words stand.
STATED = (
    ("house", Line.EQUIPMENT, "equipment"),
    ("upkeep_plan", Line.FUNDING, "funding"),
    ("plan_changes", Line.PLAN_CHANGE, "content"),
    ("reports", Line.REPORT, "content"),
    ("orders", Line.ORDER, "content"),
    ("advice", Line.ADVICE, "content"),
)
words = st.text("屋根外壁基礎配管給水abc（）-0123", min_size=1, max_size=12)
maybe = st.one_of(st.just(""), words)
days = st.dates(date(2009, 6, 4), date(2026, 10, 31))


@st.composite
def houses(draw: st.DrawFn) -> dict[str, Any]:
    """A house as it is stored, with whatever may be missing missing."""
    texts = ("address", "postcode", "municipality_code", "structure", "history_provider", "certificate_no", "authority")
    row: dict[str, Any] = {name: draw(maybe) for name in (*texts, "lender")}
    row |= {
        name: draw(st.one_of(st.none(), words)) for name in ("common_id", "guarantee_no", "builder_id", "servicer_id")
    }
    row |= {name: draw(st.one_of(st.none(), days)) for name in ("completed_on", "certified_on", "residual_month")}
    row["storeys"] = draw(st.one_of(st.none(), st.integers(1, 5)))
    row["floor_area_m2"] = draw(st.one_of(st.none(), st.floats(20, 900).map(lambda size: round(size, 1))))
    row["certification_kind"] = draw(st.sampled_from(("新築", "増改築", "既存", "なし")))
    row["plan_years"] = draw(st.one_of(st.none(), st.integers(30, 80)))
    return row | {"id": "H1", "handed_over_on": draw(days), "taken_in_on": TAKEN_IN}


@st.composite
def plans(draw: st.DrawFn) -> list[dict[str, Any]]:
    found = []
    for code in draw(st.lists(st.sampled_from(("P1", "P2", "P3")), unique=True)):
        row: dict[str, Any] = {
            "code": code,
            "part": draw(words),
            "kind": draw(st.sampled_from(("inspection", "repair", "replacement"))),
        }
        row |= {name: draw(st.integers(least, 30)) for name, least in (("first_year", 1), ("interval_years", 0))}
        row |= {
            "version": 1,
            "statutory": draw(st.booleans()),
            "done_by": "servicer",
            "source": draw(st.sampled_from(("", "guide"))),
        }
        found.append(row | {"current": True, "next_due_on": None, "backstop_on": None})
    return found


@st.composite
def filed(draw: st.DrawFn) -> list[dict[str, Any]]:
    rows = []
    for _ in range(draw(st.integers(0, 12))):
        row: dict[str, Any] = {
            "code": draw(st.sampled_from(("P1", "P2", "X9"))),
            "part": draw(maybe),
            "done_on": draw(days),
        }
        row |= {"performer": draw(maybe), "result": draw(st.sampled_from(("", "良", "要補修"))), "note": draw(maybe)}
        rows.append(row | {"work_id": "", "source": "file:r.csv"})
    return rows


@st.composite
def sources(draw: st.DrawFn) -> Sources:
    stated = draw(spoken())
    told = [fact(1, "house_taken_in", {"source": "houses.csv"})]
    told += [fact(1 + one.number, "statement_made", {"number": one.number}, one.source.told_by) for one in stated]
    known = Sources(draw(houses()), [], draw(plans()), draw(filed()), [], [], [], told, {}, (len(told), "0" * 64))
    return replace(known, statements=stated)


@st.composite
def spoken(draw: st.DrawFn) -> list[Statement]:
    """What an owner said and the staff keyed in, in any order, some of it in the place of what was there."""
    found = Stated("H1", frozenset({"owner:O1"}))
    for _ in range(draw(st.integers(0, 5))):
        line, paper = draw(st.sampled_from(Line)), draw(st.one_of(st.none(), st.sampled_from(Paper)))
        day, second = sorted(draw(st.tuples(days, days)))
        asked: dict[str, Any] = {"text": draw(words), "name": draw(words), "on_day": day, "second_on": second}
        content = Content(**{name: asked[name] for name in FIELDS[line]})
        source = Source("staff:desk" if paper else "owner:O1", TAKEN_IN, paper, day if paper else None)
        outcome = stated(found, Statement(line, content, source, draw(st.integers(0, len(found.kept)))))
        more = [change.data["statement"] for change in outcome.changes]
        found = replace(found, kept=(*found.kept, *more))
    return list(found.kept)


def fact(seq: int, kind: str, data: dict[str, Any], by: str = "import") -> dict[str, Any]:
    at = datetime(2026, 11, 1, 1, tzinfo=UTC) + timedelta(days=seq - 1)
    return {
        "seq": seq,
        "at": at,
        "kind": kind,
        "by": by,
        "case_id": "",
        "data": data,
        "sealed": json.dumps(data),
        "mac": "0",
    }


def unspaced(text: str) -> str:
    return "".join(text.split())


def printed(pdf: bytes) -> Iterator[str]:
    return (page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)


@given(sources())
@settings(max_examples=60)
def test_every_line_of_the_laws_list_is_in_the_file(given_sources: Sources):
    """Under its item, in every row, as a value or as not on record."""
    told = json.loads(book_json(book(given_sources, TAKEN_IN), SPOKEN))
    found = {section["code"]: section for section in told["sections"]}
    for number, places in LAW.items():
        for code, columns in places.items():
            assert str(number) in found[code]["law"]["ja"].partition("項")[2]
            assert found[code]["rows"]
            for row in found[code]["rows"]:
                assert all(row[name] not in (None, "") for name in columns)


@given(sources())
@settings(max_examples=25)
def test_every_line_of_the_laws_list_is_on_paper(given_sources: Sources):
    """Its heading, every name of a column, and every value that is known; pages are numbered to the last."""
    found = book(given_sources, TAKEN_IN)
    pages = list(printed(book_pdf(found, SPOKEN["ja"])))
    whole = unspaced("".join(pages))
    spoken = SPOKEN["ja"]
    for section in found.sections:
        assert unspaced(spoken.title(section)) in whole
        assert unspaced(spoken.law(section)) in whole
        for row in section.rows if section.law else ():
            for name in section.columns:
                # A cell is set line by line, so that the pieces of a long value do not follow each other.
                value = unspaced(spoken.value(found, row[name]))
                assert value in whole or set(value) <= set(whole)
    assert [f"{n}/{len(pages)}" in unspaced(page) for n, page in enumerate(pages, 1)] == [True] * len(pages)


@given(sources())
@settings(max_examples=60)
def test_nothing_is_made_up(given_sources: Sources):
    """What a file did not give is not on record, and what it gave stands as it was given."""
    told = {section.code: section for section in book(given_sources, TAKEN_IN).sections}
    house, shown = given_sources.house, {**told["house"].rows[0], **told["certification"].rows[0]}
    for name in ("address", "structure", "storeys", "floor_area_m2", "certified_on", "certificate_no", "completed_on"):
        assert shown[name] == (house[name] if house[name] != "" else None)
    for code, line, column in STATED:
        texts: list[str | None] = [one.content.text for one in in_force(given_sources.statements) if one.line is line]
        assert [row[column] for row in told[code].rows] == (texts or [None])
    everything = [(row["content"], row["named"]) for row in told["statements"].rows]
    assert len(everything) == max(len(given_sources.statements), 1)  # what was corrected stands there too
    done = told["upkeep"].rows
    assert len(done) == max(len(given_sources.records), 1)
    assert {row["done_on"] for row in done} == ({row["done_on"] for row in given_sources.records} or {None})


def test_before_a_house_was_taken_in_nothing_is_on_record():
    """A day before has no book, and one in the future is today's."""
    known = Sources(HOUSE, [], [], [], [], [], [], [fact(1, "house_taken_in", {})], {}, (1, "0"))
    with pytest.raises(ValueError, match="taken in"):
        book(known, date(2027, 1, 1), date(2026, 10, 31))
    assert book(known, date(2027, 1, 1), date(2030, 1, 1)).on == date(2027, 1, 1)


def test_every_section_and_column_is_named_in_both_languages():
    """A name that is missing would be found by a reader."""
    known = Sources(HOUSE, [], [], [], [], [], [], [], {}, (0, ""))
    sections = (*book(known, TAKEN_IN).sections, *report(known, CORE, TAKEN_IN).sections)
    for spoken in SPOKEN.values():
        assert all(spoken.title(section) for section in sections)
        assert all(spoken.column(section, name) for section in sections for name in section.columns)
    japanese, english = (SPOKEN[language].said for language in LANGUAGES)
    assert keys(japanese) == keys(english)


def keys(value: Any) -> Any:
    return {name: keys(inner) for name, inner in value.items()} if isinstance(value, dict) else None


TEXTS = ("address", "postcode", "municipality_code", "structure", "history_provider", "certificate_no", "authority")
HOUSE: dict[str, Any] = dict.fromkeys((*TEXTS, "lender"), "") | dict.fromkeys(
    ("common_id", "guarantee_no", "builder_id", "servicer_id", "completed_on", "certified_on", "residual_month")
)
HOUSE |= {"storeys": None, "floor_area_m2": None, "certification_kind": "新築", "plan_years": 50, "id": "H1"}
HOUSE |= {"handed_over_on": date(2017, 4, 1), "taken_in_on": TAKEN_IN}
CORE = House("H1", date(2017, 4, 1), date(2017, 3, 20), 50, TAKEN_IN)
ROOF = {"code": "P1", "part": "屋根", "kind": "inspection", "first_year": 5, "interval_years": 5, "statutory": True}
ROOF |= {"done_by": "servicer", "version": 1, "source": "", "current": True, "next_due_on": None, "backstop_on": None}
DONE = {
    "code": "P1",
    "part": "屋根",
    "done_on": date(2027, 3, 1),
    "performer": "丸太工務店",
    "result": "ok",
    "note": "",
}
DONE |= {"work_id": "W1", "source": "engawa"}
CLOSED = {"work": "W1", "item": "P1", "done_on": "2027-03-01", "result": "ok", "entrusted_to": "servicer:B1"}


def part(today: date, basis: str = "", **item: Any) -> dict[str, Any]:
    """The report's line on the roof; ``basis`` is what the year's inspection was closed on."""
    work = {"id": "W1", "case_id": "H1-1", "kind": "inspection", "basis": basis}
    records, works, told = ([DONE], [work], [fact(2, "work_closed", CLOSED, "servicer:B1")]) if basis else ([], [], [])
    known = Sources(HOUSE, [], [dict(ROOF) | item], records, works, [], [], told, {}, (1, ""))
    section = next(it for it in report(known, CORE, today).sections if it.code == "report_parts")
    return dict(section.rows[0])


def test_what_both_confirmed_is_filled_in_with_its_fact():
    """The authority's letter comes in year 10; the inspection of year 10 is done."""
    line = part(date(2027, 10, 1), Basis.BOTH)
    assert (line["planned_on"], line["done_on"]) == (date(2027, 4, 1), date(2027, 3, 1))
    assert (line["entrusted_to"], line["facts"]) == ("丸太工務店", ("#2", Coded("results", "ok")))


def test_what_only_the_company_said_stays_unfilled():
    """It is not for the owner to sign what they have not confirmed."""
    line = part(date(2027, 10, 1), Basis.UNCONFIRMED)
    assert (line["planned_on"], line["done_on"], line["result"], line["facts"]) == (date(2027, 4, 1), None, None, None)


def test_before_the_plans_first_time_the_line_does_not_apply():
    """A plan that begins in year 15 has nothing to answer in year 10."""
    line = part(date(2027, 10, 1), first_year=15)
    assert line["planned_on"] == line["done_on"] == Coded("report", "not_yet")


def test_a_guide_plan_answers_nothing():
    """No authority has certified it, so its dates are not told to one."""
    line = part(date(2027, 10, 1), source="guide")
    assert (line["planned_on"], line["done_on"]) == (None, None)


@given(st.integers(0, 40 * 366))
def test_a_sampling_year_is_told_from_summer_to_the_end_of_winter(after: int):
    """Only years 5, 10, 20 and 30, and only around their autumn."""
    today = CORE.completed_on + timedelta(days=after)
    known = asked(CORE, today)
    if known is None:
        return
    autumn = date(add_years(CORE.completed_on, known.year).year, 9, 1)
    assert known.year in (5, 10, 20, 30)
    assert -60 <= (today - autumn).days <= 210
    assert year_of(CORE, today) == known.year
