"""What the words promise: who writes, what is asked, law in its own file, and nothing that chat should not carry."""

import re
import tomllib
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from bot.channels.mail import MailWords
from bot.channels.registry import CHANNELS
from bot.core.case import Basis, Phase, Result
from bot.core.history.access import PROVIDER_CLOSED
from bot.core.message import Message
from bot.core.milestones import milestones, named
from bot.core.particulars import AREAS, about
from bot.core.people import LETTER, Role
from bot.core.plan import Kind
from bot.programmes.edition import editions
from templates.catalogue import LANGUAGES
from tests.templates.samples import CATALOGUE, HOUSE, OFFICE, RENDERER, WHEN, every_part, part, scenes
from tests.templates.spoken import ROOT, reasons, roles_of

KINDS = sorted(CATALOGUE.versions)
# Words that belong to sentences on law, penalty or guarantee.
LAW = {
    "ja": re.compile(r"法律|法令|条例|罰|違反|義務|認定|残価保証|保証書|長期の保証|第\d+条|承認|届出"),
    "en": re.compile(r"\b(law|laws|legal\w*|fine|fined|penalt\w*|punish\w*|dut(y|ies)|certif\w*|guarantees?)\b", re.I),
}
# The days of loans that somebody is told of, by any edition of a programme.
LINES = [line for edition in editions().values() for line in edition.data.get("milestone", ())]
OF_LOANS = {line["code"] for line in LINES if "leads" in line} | {
    f"ask-{line['code']}" for line in LINES if "ask" in line
}
# What neither blames, sells, nor has a place in chat.
NEVER = {
    "ja": re.compile(r"責任者|お得|キャンペーン|割引|特別価格|万円|認定番号|証書番号|残高|必ず.{0,8}してください|怠"),
    "en": re.compile(
        r"responsible|discount|campaign|special offer|certificate number|loan balance|neglect|you must", re.I
    ),
}
POLITE = re.compile(r"(です|ます|ません|ました|でした|ください|ましょう|か)$")
NOTHING_NOW = {"ja": "いま、していただくことはありません", "en": "There is nothing for you to do now"}


def told(kind: str, language: str) -> Iterator[Message]:
    """Every form of a kind, rendered."""
    return (RENDERER.render([each], language, "山田 花子") for each in every_part(kind))


def texts(value: Any) -> Iterator[str]:
    """Every text in a file, however deep, without what is put in from elsewhere."""
    if isinstance(value, str):
        yield re.sub(r"\{[{%] *(?!')[^'}]*[}%]\}", "", value)
    elif isinstance(value, dict):
        for inner in value.values():
            yield from texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts(inner)


def file(language: str, name: str) -> dict[str, Any]:
    return tomllib.loads((ROOT / "templates" / language / name).read_text("utf-8"))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_sentences_on_law_stand_in_one_file(language: str, kind: str):
    """No kind and no word list speaks of law, penalty or guarantee: law.toml does, with its source."""
    assert [text for text in texts(file(language, f"{kind}.toml")) if LAW[language].search(text)] == []
    assert [text for text in texts(file(language, "words.toml")) if LAW[language].search(text)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_on_law_has_its_source_and_date(language: str):
    """And is said somewhere: a sentence that nobody says any more is removed."""
    law = file(language, "law.toml")
    folder = ROOT / "templates" / language
    said = "".join(path.read_text("utf-8") for path in folder.glob("*.toml") if path.name != "law.toml")
    said += (ROOT / "templates" / "forms.py").read_text("utf-8")
    said += "".join(page.read_text("utf-8") for page in (ROOT / "handlers" / "web" / "pages").rglob("*.html"))
    for name, sentence in law.items():
        assert sentence.keys() == {"text", "source", "as_of"}
        assert sentence["text"].endswith(("。", "."))
        assert sentence["source"]
        assert isinstance(sentence["as_of"], date)
        assert re.search(rf'law\.{name}\b|why = "{name}"|"{name}"', said), name


def test_the_law_is_the_same_in_both_languages():
    """The same sentences from the same sources."""
    japanese, english = file("ja", "law.toml"), file("en", "law.toml")
    sources = [
        {name: (sentence["source"], sentence["as_of"]) for name, sentence in law.items()} for law in (japanese, english)
    ]
    assert sources[0] == sources[1]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_no_message_blames_sells_or_tells_too_much(language: str, kind: str):
    """Nobody is called 責任者, nothing is offered, no figure or certificate stands in a chat."""
    for message in told(kind, language):
        shown = "\n".join([message.title, *message.paragraphs, *(button.label for button in message.buttons)])
        assert NEVER[language].findall(shown.replace("30万円以下の罰金", "")) == []


@pytest.mark.parametrize("kind", KINDS)
def test_the_japanese_is_polite_in_every_sentence(kind: str):
    """です・ます throughout; staff's own notes aside, which name what is the matter."""
    if roles_of(kind) == {Role.STAFF}:
        return
    for message in told(kind, "ja"):
        for sentence in re.split(r"。|\n", "。".join(message.paragraphs[1 if _greeted(message) else 0 :])):
            spoken = re.sub(
                r"例：.*$", "", sentence.replace(f"（{OFFICE.hours}）", "").replace(OFFICE.phone, "")
            ).strip()
            assert not spoken or _listed(kind) or POLITE.search(spoken), sentence


def _greeted(message: Message) -> bool:
    return bool(message.paragraphs) and message.paragraphs[0].endswith("さま")


def _listed(kind: str) -> bool:
    """A list of houses, or of what was done, is no sentence."""
    return kind in ("reply_servicer_list", "reply_history")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_a_message_is_short(language: str, kind: str):
    """At most four paragraphs beside the greeting and a title that fits a line or two."""
    for message in told(kind, language):
        assert len(message.paragraphs) <= 5
        assert len(message.title) <= (40 if language == "ja" else 80), message.title
        assert all(len(button.label) <= 40 for button in message.buttons)
        assert not message.title.endswith(("。", "."))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind.startswith(("owner_", "servicer_"))])
def test_what_we_begin_says_who_writes_for_whom_that_it_is_free_and_how_to_stop(language: str, kind: str):
    """With the house by its number, in the facts."""
    free = {"ja": ("無料", "お金をいただく", "「停止」"), "en": ("free", "never ask you for money", "“stop”")}[language]
    for message in told(kind, language):
        footer = "\n".join(message.footer)
        assert all(word in footer for word in (OFFICE.name, OFFICE.guarantor, OFFICE.phone, *free))
        assert 2 <= len(message.footer) <= 3
        # A company that is only asked whether it takes a house on learns no number either.
        # A company that is only asked whether it takes a house on learns no number either; of many there is a list.
        unnamed = kind.startswith(
            ("servicer_candidate", "servicer_introduce", "servicer_houses", "servicer_access_back")
        )
        assert (HOUSE.id in [value for _, value in message.facts]) != unnamed
        assert "山田 花子" in message.paragraphs[0]


@pytest.mark.parametrize("kind", [kind for kind in KINDS if roles_of(kind) == {Role.STAFF}])
def test_staff_read_numbers_and_no_names(kind: str):
    """Their channel is outside the country: the owner's and the company's names stay out of it."""
    for message in told(kind, "ja"):
        shown = str(message).replace("あおぞら建設", "")  # the one that staff themselves have to choose by name
        assert "山田" not in shown
        assert "みどり工務店" not in shown


FIRST = ("owner_ask", "owner_wait", "owner_overdue", "owner_self", "owner_fixed", "owner_confirm", "owner_company")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", FIRST)
def test_the_first_message_of_a_visit_says_whose_duty_it_is(language: str, kind: str):
    """Once, in one sentence; and only for what the law asks is it called a duty by law."""
    known = about(scenes()["visited"])
    law = CATALOGUE.words[language]["law"]
    for first, statutory, said in ((True, True, "duty"), (True, False, "plan_only"), (False, True, "")):
        message = RENDERER.part(part(kind, known | {"first": first, "statutory": statutory}), language, "")
        found = {name for name in ("duty", "plan_only") if law[name] in message.paragraphs}
        assert found == ({said} if said else set())


def test_nothing_else_forgets_that_it_may_be_the_first():
    """Every visit's message to an owner that can come first carries the sentence (a repair says what it is instead)."""
    written = {kind for kind in WHEN if kind.startswith("owner_") and "{{ duty() }}" in str(file("ja", f"{kind}.toml"))}
    assert written == set(FIRST)


@pytest.mark.parametrize("kind", [kind for kind in WHEN if "finding" in WHEN[kind]])
def test_what_an_inspection_found_is_no_date_of_the_plan(kind: str):
    """The day by which it is to be mended follows from the finding: the plan knows nothing of it."""
    message = RENDERER.part(part(kind, about(scenes()["finding"])), "ja", "")
    shown = "\n".join([message.title, *message.paragraphs, *(label for label, _ in message.facts)])
    assert "計画の" not in shown


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", ["owner_wait", "owner_company", "owner_visit_off", "owner_closed", "reply_wished"])
def test_while_others_act_the_owner_is_told_that_nothing_is_asked(language: str, kind: str):
    """In these words, so that nobody wonders."""
    for message in told(kind, language):
        assert NOTHING_NOW[language] in "".join(message.paragraphs)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_day_after_carries_day_and_company_and_what_the_company_said(language: str):
    """So that one tap answers it all."""
    for name, result in (("visited", ""), ("servicer reported", CATALOGUE.words[language]["results"]["issues"])):
        message = RENDERER.part(part("owner_confirm", about(scenes()[name])), language, "")
        values = {value for _, value in message.facts}
        assert "みどり工務店" in values
        assert result in "".join(message.paragraphs)
        assert [button.action.partition(":")[0] for button in message.buttons] == ["done_ok", "done_issues", "not_yet"]


@pytest.mark.parametrize("kind", [kind for kind in WHEN if kind.startswith("owner_")] + ["owner_closed"])
def test_every_word_of_a_visit_names_the_company(kind: str):
    """Who comes, or came; only while that is being settled there is none, and what owners do themselves has none."""
    named = [any(value == "みどり工務店" for _, value in message.facts) for message in told(kind, "ja")]
    assert any(named) != (kind in ("owner_wait", "owner_self", "owner_event", "owner_event_off"))


def test_an_emergency_says_whom_to_call():
    """Gas, fire and water, each with its number or office; and that staff know."""
    shown = "".join(next(iter(told("reply_emergency", "ja"))).paragraphs)
    assert all(word in shown for word in ("ガス会社", "119番", "元栓", "水道局", "担当者にも知らせました"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_code_has_its_word(language: str):
    """Whatever a code is stored as, people read a word."""
    words = CATALOGUE.words[language]
    assert reasons() <= words["reasons"].keys() == words["steps"].keys()
    assert {area for area, _ in AREAS} == words["areas"].keys()
    assert set(Result) == words["results"].keys()
    assert set(Basis) == words["bases"].keys()
    assert set(Phase) == words["phases"].keys()
    assert {*CHANNELS, LETTER} <= words["channels"].keys()
    of_houses = {named(milestone.code) for milestone in milestones(HOUSE)} | {PROVIDER_CLOSED}
    assert of_houses | OF_LOANS == words["milestones"].keys()
    assert set(Kind) - {Kind.MILESTONE} <= words["occasion"].keys()
    assert all(milestone["why"] in words["law"] for milestone in words["milestones"].values())
    assert MailWords(**words["mail"])


def test_both_languages_know_the_same_words():
    """Table by table."""
    japanese, english = (CATALOGUE.words[language] for language in LANGUAGES)
    assert _keys(japanese) == _keys(english)


def _keys(value: Any) -> Any:
    return {key: _keys(inner) for key, inner in value.items()} if isinstance(value, dict) else None
