"""The record in sentences: every fact that can be written is told, in both languages, and none stands as a code."""

import ast
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.ladder import LADDERS, rungs
from storage.outbox import DROPPED, MOVED, SENT, SHADOW, UNKNOWN
from templates.catalogue import LANGUAGES, Catalogue
from templates.facts import Facts, Names

ROOT = Path(__file__).parents[2]
CATALOGUE = Catalogue()
FACTS = {language: Facts(language, CATALOGUE.words[language]) for language in LANGUAGES}
NAMES = Names({"owner:O1": "山田 花子", "servicer:S1": "丸太工務店"}, {"A1": "外壁・屋根", "B1": "土台・床組"})
WHEN = datetime(2028, 1, 12, 1, tzinfo=UTC)
DATA = {
    "due_on": "2028-03-12",
    "loan": 1,
    "applied_on": "2023-07-03",
    "repaid_on": "2028-02-08",
    "done_on": "2028-02-08",
    "day": "2028-02-08",
    "days": ["2028-02-08", "2028-02-15"],
    "until": "2028-01-19",
    "result": "ok",
    "basis": "both",
    "reason": "overdue",
    "said": "will_do",
    "kinds": ["owner_ask"],
    "fields": {"address": "0" * 64},
    "channel": "chat",
    "scope": "servicer:S1",
    "servicer": "S1",
    "person": "owner:O1",
    "from": "servicer:S9",
    "with": "owner:O1",
    "for": "owner:O1",
    "via": "letter",
    "to": "servicer:S1",
    "level": 1,
    "evidence": 2,
    "items": 5,
    "version": 1,
    "year": 10,
    "sent_on": "2027-10-05",
    "number": 7,
    "heads": 12,
    "month": "2027-03",
    "houses": 4,
    "servicers": 2,
    "kind": "sale",
    "on": "2028-01-10",
    "document": "registry",
    "keeper": "staff:desk",
    "of": "owner:O1",
    "holds": True,
    "reference": "R-0001",
    "files": ["0" * 40],
    "count": 4,
    "found": 1,
    "provider": "P1",
    "says": "confirmed",
    "hazard": "earthquake",
    "event": "jma-20280112054600",
    "state": "released",
    "topic": "entrance",
    "line": "order",
    "house": "H1",
    "from_on": "2028-01-10",
    "handover": 3,
    "on_day": "2028-01-10",
    "paper": "letter",
    "paper_on": "2028-01-10",
    "corrects": 1,
    "hook": "wh_0",
    "submitter": "S1",
}
UNTOLD = {"rung_reached", "history_asked"}  # the message that goes with it is told


def fact(kind: str, by: str = "owner:O1", **data: object) -> dict[str, object]:
    return {"seq": 1, "at": WHEN, "kind": kind, "by": by, "case_id": "H1-1", "data": {**DATA, **data}}


def written() -> Iterator[str]:
    """The kinds of facts that the code names where it writes them."""
    for folder in ("bot/core", "handlers", "scheduler", "storage"):
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                yield from _kinds(node)


def _kinds(node: ast.AST) -> Iterator[str]:
    if not isinstance(node, ast.Call):
        return
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    place = {"Deed": 0, "fact": 1}.get(name)
    if place is not None and len(node.args) > place and not isinstance(node.args[place], ast.JoinedStr):
        for inner in ast.walk(node.args[place]):
            if isinstance(inner, ast.Constant) and isinstance(inner.value, str):
                yield inner.value


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_fact_that_the_code_writes_has_a_sentence(language):
    """Whoever adds a fact adds the words for it."""
    notices = {f"notice_{state}" for state in (SENT, MOVED, DROPPED, UNKNOWN, SHADOW)}
    known = set(written())
    assert len(known) > 20
    assert known | notices <= FACTS[language].kinds


def test_no_sentence_is_left_over():
    """A sentence for a fact that nothing writes any more would never be read again, so it goes."""
    sources = "".join(
        path.read_text("utf-8")
        for folder in ("bot/core", "handlers", "storage")
        for path in (ROOT / folder).rglob("*.py")
    )
    for kind in FACTS["ja"].kinds:
        assert kind.startswith("notice_") or f'"{kind}"' in sources, kind


def test_both_languages_tell_the_same_facts():
    """What one language tells the other tells too."""
    assert FACTS["ja"].kinds == FACTS["en"].kinds
    assert FACTS["ja"].notices == FACTS["en"].notices


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_message_that_we_begin_has_a_name_in_the_record(language):
    """Only answers to what a person just wrote have none: the line about what they wrote stands there already."""
    begun = {kind for kind in CATALOGUE.names(language) if not kind.startswith("reply_")}
    assert begun <= FACTS[language].notices


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_is_whole(language):
    """With everything at hand no sentence is empty, shows a code or has a gap."""
    for kind in FACTS[language].kinds - UNTOLD:
        (line,) = FACTS[language].tell([fact(kind, item="A1")], NAMES)
        assert kind not in line.text
        assert "None" not in line.text
        assert "  " not in line.text
        assert "（）" not in line.text
        assert "()" not in line.text


def test_works_that_open_together_are_told_in_one_sentence():
    """Three parts that fall due on one day are one visit, and one line."""
    opened = [fact("work_opened", "engawa", item=code) | {"seq": seq} for seq, code in enumerate(("A1", "B1"))]
    (line,) = FACTS["ja"].tell(opened, NAMES)
    assert line.text == "2028年3月12日(日)が期日の外まわり・床下について、準備を始めました。"
    assert line.role == "engawa"


def test_the_same_word_twice_is_told_twice():
    """Two answers are two lines even when they say the same at the same moment."""
    twice = [fact("work_not_done") | {"seq": seq} for seq in (1, 2)]
    assert [line.text for line in FACTS["ja"].tell(twice, NAMES)] == ["山田 花子さまの返事は「まだ」でした。"] * 2


def test_who_was_erased_is_told_without_a_name():
    """The record names nobody by itself; where the name is gone, the role stands for it."""
    (line,) = FACTS["ja"].tell([fact("mandate_withdrawn", "owner:O7")], NAMES)
    assert line.text.startswith("所有者が、同意を取り下げました。")


def test_answers_of_ours_and_rungs_are_left_out():
    """What another line tells as well is not told twice."""
    quiet = [fact("rung_reached", "engawa"), fact("notice_sent", "engawa", kinds=["reply_offered"])]
    assert FACTS["ja"].tell(quiet, NAMES) == []


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        (
            fact("rung_reached", "engawa", rung="owner_overdue_2"),
            "次の段階に進みました：期日を過ぎたことを所有者に知らせる（2回目）。",
        ),
        (
            fact("rung_reached", "engawa", rung="owner_told_365"),
            "次の段階に進みました：前もって所有者に知らせる（365日前）。",
        ),
        (fact("notice_sent", "engawa", to="staff:desk", kinds=["staff_alert"]), "担当窓口に送りました：対応のお願い。"),
        (fact("notice_sent", "engawa", to="owner:O1", kinds=["reply_over"]), "山田 花子さまに送りました：お返事。"),
        (fact("work_not_done"), "山田 花子さまの返事は「まだ」でした。"),
        (fact("of_tomorrow"), "of_tomorrow"),
    ],
)
def test_the_whole_record_says_of_everything_what_it_was(told, sentence):
    """Nobody can ask in fifty years which step it was, or what was sent to whom."""
    assert FACTS["ja"].whole(told, NAMES) == sentence


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_rung_and_every_notice_is_named_there(language):
    """In words, and with no code."""
    ladders = [*LADDERS.values(), rungs("milestone/1/owner/730,91,14"), rungs("milestone/1/staff/90")]
    for rung in (rung for ladder in ladders for rung in ladder):
        assert rung.name not in FACTS[language].whole(fact("rung_reached", rung=rung.name), NAMES)
    answer = FACTS[language].whole(fact("notice_sent", kinds=["reply_over"]), NAMES)
    for kind in (kind for kind in FACTS[language].notices if not FACTS[language].said([kind])):
        assert FACTS[language].whole(fact("notice_sent", kinds=[kind]), NAMES) != answer, kind


def test_a_date_around_the_plan_is_told_by_its_name():
    """The console knows the works of a case, and a milestone's has no part."""
    names = Names(people=NAMES.people, parts={"common-id": ""})
    (line,) = FACTS["ja"].tell([fact("work_opened", "engawa", item="common-id")], names)
    assert CATALOGUE.words["ja"]["milestones"]["common-id"]["title"] in line.text


@given(
    kind=st.sampled_from(sorted(FACTS["ja"].kinds)) | st.text(max_size=20),
    language=st.sampled_from(LANGUAGES),
    missing=st.sets(st.sampled_from(sorted(DATA))),
)
def test_an_old_fact_is_told_whatever_it_lacks(kind, language, missing):
    """Rows outlive code: a field that was never written leaves a blank, and a kind that nobody knows its code."""
    old = fact(kind)
    old["data"] = {name: value for name, value in DATA.items() if name not in missing}
    for line in FACTS[language].tell([old], Names()):
        assert line.text
