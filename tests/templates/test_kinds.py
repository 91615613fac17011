"""The message kinds and the code that says them agree."""

import ast
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from bot.core.action import read_action
from bot.core.particulars import about
from bot.core.people import MACHINES, Role
from templates.catalogue import BESIDE, LANGUAGES, Catalogue, TemplateError, _kind
from templates.render import NO_CASE
from tests.templates.samples import CATALOGUE, RENDERER, begun_parts, desk_scene, part, reply_parts, scenes
from tests.templates.spoken import ROOT, named, roles_of, said_by_ladders, spoken, spoken_in

TEMPLATES = ROOT / "templates"
BY_LADDERS = {says.partition(":")[2] for says in said_by_ladders() if not says.startswith(Role.STAFF)}
SAID = {place.kind for place in spoken()} | BY_LADDERS | named()
REPLIES = sorted(kind for kind in SAID if kind.startswith(("reply_", "consent_")))
BEGUN = sorted(
    kind for kind in SAID - set(REPLIES) if not kind.startswith(("provider_", "guarantor_", "hook_"))
)  # a machine answers
PEOPLE = [role for role in Role if role not in MACHINES]
# The buttons that answer a question, by the question that was asked.
ANSWERING = {
    "consent": {"consent", "decline"},
    "end_support": {"yes", "no"},
    "erase": {"yes", "no"},
    "ask_date": {"day"},
    "confirm_date": {"yes", "no"},
    "ask_result": {"result_ok", "result_issues"},
    "ask_check": {"checked"},
    "confirm_day": {"yes", "no"},
    "ask_offer": {"offer_these"},
    "confirm_offer": {"yes", "no"},
    "ask_call": {"called"},
    "ask_reference": {"no"},
    "stranger": set(),  # a code is typed, or sent by a link
    "files": set(),  # what sent files are about is told like anything else
    "ask_day": {"day"},  # or one is typed
    "ask_reason": set(),  # and so is a reason
    "ask_words": set(),  # and an answer of the staff's
    "ask_heard": set(),  # and what they heard on the telephone
    "ask_fee": set(),  # and what an inspection costs
    "ask_their_fee": set(),
    "confirm_fee": {"yes", "no"},
    "ask_seen": {"seen"},
    "ask_provider": {"keeper_none"},  # or its name is typed
    "confirm_provider": {"yes", "no"},
}


def kind_files(language: str) -> dict[str, dict[str, Any]]:
    """Every kind's file, by its name without the ending (a kept old version has its number in it)."""
    paths = [path for path in (TEMPLATES / language).glob("*.toml") if path.name not in BESIDE]
    return {path.stem: tomllib.loads(path.read_text("utf-8")) for path in paths}


def understood(role: Role) -> dict[str, set[str]]:
    return {table: set(verbs) for table, verbs in _understood(role).items()}


@cache
def _understood(role: Role) -> dict[str, set[str]]:
    """The verbs that a role's handler knows, by the table they stand in."""
    tables: dict[str, set[str]] = {"PRESSED": set(), "FREE": set(), "ANSWERS": set(), "KEYED": set()}
    files = [role, *(["candidate"] if role is Role.SERVICER else [])]
    trees = [ast.parse((ROOT / f"handlers/{file}.py").read_text("utf-8")) for file in files]
    for node in (node for tree in trees for node in tree.body):
        target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
        if isinstance(target, ast.Name) and target.id in tables:
            texts = (inner.value for inner in ast.walk(node) if isinstance(inner, ast.Constant))
            tables[target.id] |= {text for text in texts if isinstance(text, str)}
    return tables


def offered(language: str, told: dict[str, Any]) -> Iterator[str]:
    """The verbs of the buttons in one message."""
    for button in RENDERER.part(told, language, "山田 花子").buttons:
        action = read_action(button.action)
        assert action is not None, f"{told['kind']}: {button.action} is no action"
        yield action.verb


def test_everything_that_is_said_is_written_in_both_languages():
    """A kind that the code says has its file in Japanese and in English."""
    assert {language: SAID - CATALOGUE.names(language) for language in LANGUAGES} == {"ja": set(), "en": set()}


def test_nothing_is_written_that_nobody_says():
    """A file of a kind that no code says any more is removed."""
    assert set(CATALOGUE.versions) - SAID == set()


def test_a_new_kind_without_a_file_would_be_seen():
    """However it is written: named, chosen, built with a side, or handed through a name."""
    source = (
        "from handlers.answers import answer, done\nfrom bot.core.moves import tell\n"
        "def f(turn, side):\n    kind = 'reply_b' if turn else 'reply_c'\n"
        "    answer(turn, 'reply_a')\n    done(turn, None, kind)\n    tell(turn, side, f'{side}_new')\n"
    )
    found = {place.kind for place in spoken_in({"handlers.owner": source})}
    assert found == {"reply_a", "reply_b", "reply_c", "owner_new", "servicer_new"}


def test_a_kind_that_cannot_be_told_is_refused():
    """Rather than not seen."""
    source = "from handlers.answers import answer\ndef f(turn):\n    answer(turn, KINDS[turn])\n"
    with pytest.raises(LookupError, match="cannot tell"):
        spoken_in({"handlers.owner": source})


def test_both_languages_offer_the_same():
    """The same versions, buttons, facts and paragraphs: the English is a twin of the Japanese."""
    japanese, english = kind_files("ja"), kind_files("en")
    shapes = [
        {
            name: (
                kind["version"],
                len(kind.get("paragraphs", [])),
                len(kind.get("facts", [])),
                [{key: value for key, value in button.items() if key != "label"} for button in kind.get("buttons", [])],
            )
            for name, kind in files.items()
        }
        for files in (japanese, english)
    ]
    assert shapes[0] == shapes[1]


def test_what_is_kept_of_old_versions_stands_under_its_number():
    """KIND.2.toml is version 2 of KIND, and the file without a number is the newest."""
    for language in LANGUAGES:
        for name, kind in kind_files(language).items():
            base, _, number = name.partition(".")
            newest = CATALOGUE.versions[base]
            assert kind["version"] == (int(number) if number else newest)
            assert not number or int(number) < newest


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", REPLIES)
def test_a_reply_needs_no_case(language: str, kind: str):
    """It is said with the house alone, or not even that; nothing is asked of it that it is not given."""
    for known in ({"house": "H-0001"}, {"house": ""}):
        for _, told in reply_parts(kind, known):
            message = RENDERER.part(told, language, "")
            assert message.title
            assert [fact for fact in message.facts if fact[1] == "H-0001"] == [] or known["house"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", REPLIES)
def test_a_reply_offers_only_what_its_reader_can_do(language: str, kind: str):
    """Every button of an answer is known to the handler of whoever reads it, and answers what was asked."""
    questions = {place.question for place in spoken() if place.kind == kind} - {""}
    answering = set().union(*(ANSWERING[question] for question in questions))
    for scene in [*scenes().values(), desk_scene(), None]:
        for role, told in reply_parts(kind, about(scene) if scene else {"house": "H-0001"}):
            known = understood(role)
            verbs = set(offered(language, told))
            if scene is None or not told["case"]:
                known["PRESSED"] &= answering  # without a case there is nothing to press a button for
            always = known["PRESSED"] | known["FREE"] | known["KEYED"]
            assert verbs <= always | (known["ANSWERS"] & answering), (role, told["params"])


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", BEGUN)
def test_what_we_begin_offers_only_what_its_reader_can_do(language: str, kind: str):
    """Every button is known to the handler of whoever is written to, without anything having been asked before."""
    role = Role(kind.partition("_")[0])
    known = understood(role)
    for told in begun_parts(kind):
        assert set(offered(language, told)) <= known["PRESSED"] | known["FREE"]


@pytest.mark.parametrize("kind", sorted({place.kind for place in spoken() if place.question}))
def test_a_question_can_be_answered_with_a_button(kind: str):
    """Whoever is asked something may tap, unless a day or a reason has to be typed."""
    for question in {place.question for place in spoken() if place.kind == kind} - {""}:
        asked = [told for _, told in reply_parts(kind, about(scenes()["asked"]))]
        verbs = {verb for told in asked for verb in offered("ja", told)}
        typed = kind.startswith("reply_day_") or kind in ("reply_ask_day", "reply_ask_weekday")
        assert typed or ANSWERING[question] <= verbs


@pytest.mark.parametrize("role", PEOPLE)
def test_every_verb_of_a_handler_is_offered_somewhere(role: Role):
    """A handler knows no verb that nobody can ever press (an answer by words alone aside)."""
    known = understood(role)
    written = {
        button["verb"]
        for name, kind in kind_files("ja").items()
        if role in roles_of(name)
        for button in kind.get("buttons", [])
    }
    elsewhere = {"stop_channel", "new_link", "language", "event_cancel", "pass_on", "release"}  # below a mail, pages
    if role is not Role.STAFF:
        elsewhere |= {"choose", "help"}  # where several houses are in one message
    assert (known["PRESSED"] | known["FREE"] | known["ANSWERS"]) - written - elsewhere == set()


def test_without_a_case_every_particular_is_empty():
    """What bot.core.particulars tells of a case, the renderer knows to be empty where there is none."""
    assert set(about(scenes()["asked"])) | {"role", "today"} == set(NO_CASE)
    assert [name for name, value in NO_CASE.items() if value and name != "reports"] == []


@pytest.mark.parametrize(
    "raw",
    [
        {"version": 1},
        {"title": "x"},
        {"version": 1, "title": "x", "footer": "y"},
        {"version": 1, "title": "x", "facts": [["only a label"]]},
        {"version": 1, "title": "x", "buttons": [{"label": "no verb"}]},
        {"version": 1, "title": "x", "buttons": [{"label": "l", "verb": "v", "colour": "red"}]},
    ],
)
def test_a_slip_in_a_file_is_told_when_it_is_read(raw: dict[str, Any]):
    """Not on the day on which the message is wanted."""
    with pytest.raises(TemplateError, match="kind"):
        _kind(Catalogue().kind("ja", "owner_ask", 1).text.environment, "kind", raw)


def test_no_verb_is_too_long_for_a_platform():
    """A button's action stays far below the 250 bytes that the code allows itself."""
    found = {button["verb"] for kind in kind_files("ja").values() for button in kind.get("buttons", [])}
    assert all(re.fullmatch(r"[a-z_]{1,16}", verb) for verb in found)


def test_every_file_is_in_its_place():
    """Only kinds and what BESIDE names stand beside them."""
    assert {path.name for path in Path(TEMPLATES / "ja").glob("*.toml")} == {
        path.name for path in Path(TEMPLATES / "en").glob("*.toml")
    }


def test_a_part_keeps_the_round_that_its_text_told_of():
    """An answer's buttons are bound to the case as it stood when the answer was written."""
    told = part("reply_help", {**about(scenes()["moved"]), "role": "owner"}, "reply", round=0)
    actions = [read_action(button.action) for button in RENDERER.part(told, "ja", "").buttons]
    assert {action.round for action in actions if action} == {2}
