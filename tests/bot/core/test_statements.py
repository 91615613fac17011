"""What is stated for the law's list: by whom, what counts as news, what is corrected by whom, and what a fact holds."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.statements import (
    FIELDS,
    LAW_IN_FORCE,
    LONGEST,
    NOTHING,
    Content,
    Line,
    Paper,
    Source,
    Stated,
    Statement,
    faults,
    in_force,
    stated,
)

TODAY = date(2027, 1, 12)
OWNER, STAFF = "owner:O1", "staff:sato"
NAMES = {OWNER: "山田 花子", "owner:O2": "佐藤 次郎"}
DAY = date(2026, 10, 5)

people = st.sampled_from((OWNER, "owner:O2", "owner:O9", "servicer:B1", "guest:G1", STAFF, "staff:desk"))
texts = st.one_of(st.just(""), st.text("命令書基礎の改修a\n<&>", max_size=20), st.just("改" * (LONGEST["text"] + 1)))
names = st.one_of(st.just(""), st.sampled_from(("山田　花子", "みどり不動産", "名" * (LONGEST["name"] + 1))))
days = st.one_of(st.none(), st.dates(LAW_IN_FORCE - timedelta(days=9), TODAY + timedelta(days=5000)))
contents = st.builds(Content, texts, names, days, days)
sources = st.builds(Source, people, st.just(TODAY), st.one_of(st.none(), st.sampled_from(Paper)), days)
statements = st.builds(Statement, st.sampled_from(Line), contents, sources, st.integers(0, 4))


def house(*kept: Statement) -> Stated:
    return Stated("H1", frozenset({OWNER}), NAMES, kept)


def after(found: Stated, told: Statement) -> Stated:
    """The house once that was said; as it was where it is nothing."""
    made = [change.data["statement"] for change in stated(found, told).changes]
    return replace(found, kept=(*found.kept, *made))


def order(text: str = "基礎を改修する", by: str = OWNER, corrects: int = 0) -> Statement:
    paper = (Paper.LETTER, DAY) if by.startswith("staff:") else (None, None)
    content = Content(text, on_day=DAY, second_on=date(2027, 6, 30)) if text else NOTHING
    return Statement(Line.ORDER, content, Source(by, TODAY, *paper), corrects)


@given(st.lists(statements, max_size=6))
def test_nothing_is_ever_written_over(told: list[Statement]):
    """Whatever is said in whatever order: a statement more, under the next number, and those before it as they were."""
    found = house()
    for one in told:
        outcome, more = stated(found, one), after(found, one)
        assert len(outcome.deeds) == len(outcome.changes) <= 1
        assert list(more.kept[: len(found.kept)]) == list(found.kept)
        assert [each.number for each in more.kept] == list(range(1, len(more.kept) + 1))
        found = more
    places = [one.corrects for one in found.kept if one.corrects]
    assert len(places) == len(set(places))  # no two take the same place


@given(statements, st.lists(statements, max_size=3))
def test_a_fact_holds_no_word_and_no_name(told: Statement, before: list[Statement]):
    found = house()
    for one in before:
        found = after(found, one)
    for deed in stated(found, told).deeds:
        known = {"number", "line", "told_on", "on_day", "second_on", "paper", "paper_on", "person", "corrects"}
        assert set(deed.data) <= known
        assert deed.by == told.source.told_by
        assert deed.kind == ("statement_taken_back" if told.content == NOTHING else "statement_made")


@given(statements)
def test_whoever_is_neither_owner_nor_staff_states_nothing(told: Statement):
    """A company, a stranger, an owner of another house, or one of before."""
    for _ in stated(house(), told).deeds:
        assert told.source.told_by == OWNER or told.source.by_staff


@given(statements)
def test_the_staff_name_their_paper_and_an_owner_needs_none(told: Statement):
    for _ in stated(house(), told).deeds:
        both = told.source.paper is not None and told.source.paper_on is not None
        assert both == told.source.by_staff


@given(statements)
def test_saying_it_again_is_no_news(told: Statement):
    once = after(house(), told)
    assert after(once, told) == once


@pytest.mark.parametrize("line", Line)
def test_every_line_takes_what_the_law_asks_of_it_and_cannot_be_empty(line: Line):
    full = {"text": "内容", "name": "みどり不動産", "on_day": DAY, "second_on": DAY}
    asked = {name: value for name, value in full.items() if name in FIELDS[line]}
    source = Source(OWNER, TODAY)
    assert faults(house(), Statement(line, Content(**asked), source)) == ()  # type: ignore[arg-type]
    assert FIELDS[line][0] in faults(house(), Statement(line, NOTHING, source))
    for name, value in full.items():
        if name not in asked:
            more = Content(**asked | {name: value})  # type: ignore[arg-type]
            assert faults(house(), Statement(line, more, source)) == (name,)


def test_a_correction_takes_the_place_of_what_it_corrects():
    found = after(after(house(), order("基礎を改修")), order("基礎と屋根を改修", corrects=1))
    assert [(one.number, one.content.text) for one in in_force(found.kept)] == [(2, "基礎と屋根を改修")]
    gone = after(found, order("", corrects=2))
    assert in_force(gone.kept) == []
    assert [one.content.text for one in gone.kept] == ["基礎を改修", "基礎と屋根を改修", ""]
    assert faults(gone, order("もう一度", corrects=1)) == ("corrects",)  # its place is taken


def test_one_whose_name_was_erased_still_stands_and_can_be_taken_back():
    told = Statement(Line.IMPLEMENTER, Content(name="山田 花子"), Source(OWNER, TODAY))
    found = after(house(), told)
    erased = replace(found, kept=[replace(one, content=NOTHING) for one in found.kept])
    assert [one.number for one in in_force(erased.kept)] == [1]
    gone = after(erased, Statement(Line.IMPLEMENTER, NOTHING, Source(OWNER, TODAY), corrects=1))
    assert in_force(gone.kept) == []


def test_a_former_owner_is_named_to_no_other():
    """An owner of now and a company are."""
    found = house()
    for name in ("山田 花子", "佐藤 次郎", "みどり不動産"):
        found = after(found, Statement(Line.SUCCESSION, Content(name=name), Source(STAFF, TODAY, Paper.OTHER, DAY)))
    assert [one.content.name for one in found.to_owners().kept] == ["山田 花子", "", "みどり不動産"]


def test_the_owners_word_does_not_stand_against_a_paper():
    """What the staff keyed in from the authority's letter, an owner neither changes nor takes back."""
    found = after(house(), order(by=STAFF))
    for text in ("別の内容", ""):
        assert faults(found, order(text, corrects=1)) == ("corrects",)
        assert not stated(found, order(text, corrects=1)).deeds
    assert stated(found, order("改めた内容", STAFF, corrects=1)).deeds


def test_a_paper_that_says_what_the_owner_said_takes_its_place():
    """So that the order does not stand there twice; the owner's report stays to be read."""
    found = after(after(house(), order()), order(by=STAFF))
    assert [(one.number, one.corrects) for one in in_force(found.kept)] == [(2, 1)]
    assert [one.number for one in in_force(after(found, order("別の命令")).kept)] == [2, 3]


def test_a_house_has_one_funding_plan_and_any_number_of_orders():
    source = Source(OWNER, TODAY)
    found = house()
    for text in ("毎月1万円", "毎月2万円"):
        found = after(found, Statement(Line.FUNDING, Content(text), source))
    assert [one.content.text for one in in_force(found.kept)] == ["毎月2万円"]
    assert found.kept[1].corrects == 1


def test_an_owner_is_known_by_name_however_it_is_spaced():
    """So that the name goes with them; a company, or whoever had the house before our time, is nobody of ours."""
    for name, person in (("山田　花子", OWNER), ("山田花子", OWNER), ("みどり不動産", ""), ("", "")):
        told = Statement(Line.IMPLEMENTER, Content(name=name), Source(OWNER, TODAY))
        assert [change.data["statement"].person_id for change in stated(house(), told).changes] == [person][: len(name)]


@pytest.mark.parametrize(
    ("on_day", "second_on", "wrong"),
    [
        (LAW_IN_FORCE - timedelta(days=1), None, ("on_day",)),
        (TODAY + timedelta(days=1), None, ("on_day",)),
        (TODAY, TODAY - timedelta(days=1), ("second_on",)),
        (LAW_IN_FORCE, date(2037, 1, 12), ()),
        (None, date(2037, 1, 13), ("second_on",)),
    ],
)
def test_days_that_cannot_be(on_day: date | None, second_on: date | None, wrong: tuple[str, ...]):
    """An order is followed by a day to come, everything else lies behind."""
    told = Statement(Line.ORDER, Content("改修", on_day=on_day, second_on=second_on), Source(OWNER, TODAY))
    assert faults(house(), told) == wrong
    approved = Statement(Line.SUCCESSION, Content(name="名", second_on=TODAY + timedelta(days=1)), Source(OWNER, TODAY))
    assert faults(house(), approved) == ("second_on",)
