"""Rendering: nothing that anybody writes into a file changes what a message is made of."""

import json
import unicodedata
from dataclasses import fields, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.action import LIMIT, read_action
from bot.core.message import Message
from bot.core.particulars import about
from templates.catalogue import LANGUAGES
from templates.forms import plain
from templates.render import Office, Renderer
from templates.several import MOST_BUTTONS
from tests.templates.samples import CATALOGUE, OFFICE, RENDERER, every_part, part, scenes

KINDS = sorted(CATALOGUE.versions)
Params = dict[str, Any]
# Whatever somebody may write for a name: markup, template signs, line ends, control and direction characters.
MARKUP = ("{{ owner }}", "{% raw %}", "{#", "<b>", "&amp;", "<!channel>", "*太*", "{name}", "%s", "\\", "'")
UNSEEN = ("\n", "\r\n", "\x1e", "\x1f", "\x00", "\x85", "\u2028", "\u202e", "\u2066", "\u200b", "\ufeff", "\ud800")
pieces = st.one_of(st.text(max_size=60), st.lists(st.sampled_from(MARKUP + UNSEEN), max_size=6).map("".join))
hostile = pieces.map(lambda text: f"山{text}")


def shape(message: Message) -> tuple[int, ...]:
    lines = [*message.paragraphs, *(value for _, value in message.facts)]
    return (
        len(message.paragraphs),
        len(message.facts),
        len(message.buttons),
        len(message.footer),
        sum(line.count("\n") for line in lines),
    )


def shown(message: Message) -> str:
    """Every text of a message that a person sees, in one."""
    pieces = [message.title, *message.paragraphs, *message.footer, *(button.label for button in message.buttons)]
    return "\n".join([*pieces, *(text for fact in message.facts for text in fact)])


def renamed(told: Params, name: str) -> Params:
    """A part in which everything that comes from outside is called by this name."""
    params = dict(told["params"])
    for key in {"owner", "company", "company_new", "who"} & params.keys():
        params[key] = name
    if params.get("areas"):
        params["areas"] = [name]
    for key, outside in (("options", "name"), ("cases", "owner")):
        if key in params:
            params[key] = [each | {outside: name} for each in params[key]]
    return {**told, "params": params}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_everything_renders_whole(language: str, kind: str):
    """In every form, alone and with its greeting: no blank sentence, no sign of a template, every button usable."""
    for told in every_part(kind):
        message = RENDERER.render([told], language, "山田 花子")
        assert not any(sign in shown(message) for sign in ("{", "}", "None", "Undefined", "  "))
        assert all(text.strip() == text != "" for text in shown(message).split("\n"))
        for button in message.buttons:
            assert read_action(button.action) is not None
            assert len(button.action.encode()) <= LIMIT
        assert len({button.label for button in message.buttons}) == len(message.buttons)
        assert len({button.action for button in message.buttons}) == len(message.buttons)


@pytest.mark.parametrize("kind", KINDS)
def test_no_kind_is_disturbed_by_a_hostile_name(kind: str):
    """In every form of every kind: it never adds a line, a fact or a button, and is never taken for a template."""
    for told in every_part(kind):
        undisturbed(told, "山" + "".join(MARKUP + UNSEEN))


@given(kind=st.sampled_from(KINDS), name=hostile)
def test_a_hostile_name_stays_a_name(kind: str, name: str):
    """Whatever it is."""
    undisturbed(next(iter(every_part(kind))), name)


def undisturbed(told: Params, name: str) -> None:
    """The message with this name is made of the same pieces as the one with a plain name."""
    for language in LANGUAGES:
        expected = called("山").render([renamed(told, "山")], language, "山")
        message = called(name).render([renamed(told, name)], language, name)
        assert shape(message) == shape(expected)
        assert [button.action for button in message.buttons] == [button.action for button in expected.buttons]
        assert all(char == "\n" or unicodedata.category(char) not in ("Cc", "Cf", "Cs") for char in shown(message))
        assert shown(message).count("\n") == shown(expected).count("\n")


def called(name: str) -> Renderer:
    """The renderer of an office of that name."""
    return Renderer(CATALOGUE, Office(name, name, name, name))


@given(name=hostile)
def test_what_can_be_seen_of_a_name_is_shown_as_it_is(name: str):
    """Markup and template signs are text like any other."""
    message = RENDERER.part(part("owner_ask", about(scenes()["asked"]) | {"company": name}), "ja", "")
    assert ("うかがう会社", plain(name)) in message.facts
    seen = [char for char in name if not char.isspace() and unicodedata.category(char) not in ("Cc", "Cf", "Cs")]
    assert list(plain(name).replace(" ", "")) == seen


def house(number: int, name: str = "asked", **params: Any) -> Params:
    """The part about one of several houses."""
    known = about(scenes()[name]) | {"house": f"H-{number}", "owner": f"山田 {number}"} | params
    return part("owner_confirm", known, house=f"H-{number}", case=f"H-{number}-1")


def to_servicer(told: Params) -> Params:
    return {**told, "kind": "servicer_confirm", "v": CATALOGUE.versions["servicer_confirm"]}


def test_several_houses_in_one_message_are_told_apart():
    """Each has its heading and its buttons say which house they are for; what differs stands with its house."""
    message = RENDERER.render([house(1, "visited"), house(2, "fixed", visit="2027-02-25")], "ja", "山田 花子")
    assert message.title == "お知らせが2件あります"
    assert message.paragraphs[0] == "山田 花子さま"
    assert [line.split()[1] for line in message.paragraphs if line.startswith("■")] == ["H-1", "H-2"]
    assert [button.label for button in message.buttons][:4] == [
        "H-1: 終わった・異常なし",
        "H-1: 終わった・指摘あり",
        "H-1: まだ",
        "H-2: 終わった・異常なし",
    ]
    assert [read_action(button.action).case_id for button in message.buttons] == ["H-1-1"] * 3 + ["H-2-1"] * 3  # type: ignore[union-attr]
    assert message.facts == (("うかがう会社", "みどり工務店"),)
    assert "住宅番号: H-2\n日にち: 2027年2月25日(木)" in message.paragraphs
    assert len(message.footer) == 3


def test_a_servicer_reads_whose_house_it_is():
    """By the owner's name; by its number where two houses have owners of one name."""
    message = RENDERER.render([to_servicer(house(1)), to_servicer(house(2))], "ja", "みどり工務店")
    assert {button.label.split(": ")[0] for button in message.buttons} == {"山田 1様邸", "山田 2様邸"}
    same = [to_servicer(house(number, owner="山田 花子")) for number in (1, 2)]
    assert {b.label.split(": ")[0] for b in RENDERER.render(same, "ja", "").buttons} == {"H-1", "H-2"}


def test_two_cases_of_one_house_are_numbered():
    """Where the house does not tell them apart."""
    other = house(1) | {"case": "H-1-2"}
    message = RENDERER.render([house(1), other], "ja", "")
    assert {button.label.split(": ")[0] for button in message.buttons} == {"1", "2"}
    assert [line.split()[1] for line in message.paragraphs if line.startswith("■")] == ["1", "2"]


def test_two_words_about_one_case_need_no_telling_apart():
    """It is the same house and the same matter."""
    message = RENDERER.render([house(1), house(1)], "ja", "")
    assert not any(":" in button.label for button in message.buttons)


@pytest.mark.parametrize("count", [5, 12, 13, 40])
def test_too_many_houses_open_one_by_one(count: int):
    """A tap per house that opens it, rather than some houses without an answer; the last leads to the others."""
    message = RENDERER.render([to_servicer(house(number)) for number in range(count)], "ja", "みどり工務店")
    actions = [read_action(button.action) for button in message.buttons]
    assert len(actions) == min(count, MOST_BUTTONS)
    opened = [action.case_id for action in actions if action and action.verb == "choose"]
    assert opened == [f"H-{number}-1" for number in range(len(opened))]
    assert len(opened) == (count if count <= MOST_BUTTONS else MOST_BUTTONS - 1)


def test_many_alerts_offer_to_be_taken():
    """Staff see the first answer of each: taking it. The rest is offered after that."""
    known = about(scenes()["asked"]) | {"reason": "overdue", "level": 0, "since": "2027-02-01"}
    alerts = [part("staff_alert", known | {"house": f"H-{n}"}, house=f"H-{n}", case=f"H-{n}-1") for n in range(4)]
    message = RENDERER.render(alerts, "ja", "事務局")
    assert [button.label for button in message.buttons] == [f"H-{n}: 引き受ける" for n in range(4)]
    assert "事務局" not in shown(message)


@given(st.lists(hostile, min_size=2, max_size=4))
def test_hostile_names_cannot_disturb_a_message_of_several(names: list[str]):
    """Neither its headings nor whose button is whose."""
    parts = [to_servicer(house(number, owner=name, company=name)) for number, name in enumerate(names)]
    message = RENDERER.render(parts, "ja", "みどり工務店")
    assert sum(line.startswith("■") for line in message.paragraphs) == len(names)
    assert [read_action(b.action).case_id for b in message.buttons] == [p["case"] for p in parts for _ in range(3)]  # type: ignore[union-attr]
    assert not any("\n" in button.label for button in message.buttons)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_long_plan_keeps_a_short_title(language: str):
    """A builder's own long names for parts stand in the message, not in its title."""
    many = ["outside", "foundation", "underfloor", "frame", "pipes", "ソーラーパネルの取り付け金物まわりの防水"]
    known = about(scenes()["self"]) | {"areas": many}
    message = RENDERER.part(part("owner_self", known), language, "")
    assert "ソーラー" not in message.title
    assert len(message.title) < (50 if language == "ja" else 100)
    assert any("ソーラー" in value for _, value in message.facts)


def test_a_builders_own_name_for_a_part_is_said_as_it_is():
    """A short one stands in the title like any other."""
    message = RENDERER.part(part("owner_ask", about(scenes()["asked"]) | {"areas": ["畳"], "year": 3}), "ja", "")
    assert message.title == "3年目の点検（畳）の時期です"


@pytest.mark.parametrize(
    ("kinds", "year", "called"),
    [
        (["inspection"], 5, "5年目の点検"),
        (["inspection", "repair"], 10, "10年目の点検・修繕"),
        (["replacement"], 20, "20年目の交換"),
        (["inspection"], 0, "点検"),
    ],
)
def test_a_visit_is_named_as_people_say_it(kinds: list[str], year: int, called: str):
    """By its year and what is done."""
    known = about(scenes()["asked"]) | {"kinds": kinds, "year": year, "areas": ["outside", "pipes"]}
    assert RENDERER.part(part("owner_ask", known), "ja", "").title.startswith(f"{called}（外まわり・配管）の")


def test_a_fixed_visit_carries_its_calendar_entry():
    """Under the case's own id, counted up when the visit moves; nothing else carries one."""
    visit = RENDERER.part(part("owner_fixed", about(scenes()["moved"]), round=2), "ja", "").visit
    assert visit is not None
    assert (visit.uid, visit.on.isoformat(), visit.sequence, visit.cancelled) == (
        "H-0001-1@engawa",
        "2027-02-20",
        2,
        False,
    )
    assert RENDERER.part(part("owner_ask", about(scenes()["fixed"])), "ja", "").visit is None


def test_an_answer_has_neither_greeting_nor_footer():
    """Who just wrote knows with whom they are talking; what we begin says so."""
    known = about(scenes()["fixed"])
    answered = RENDERER.render([part("owner_fixed", known, "reply")], "ja", "山田 花子")
    begun = RENDERER.render([part("owner_fixed", known, "relay")], "ja", "山田 花子")
    assert begun.paragraphs == ("山田 花子さま", *answered.paragraphs)
    assert (answered.footer == (), begun.footer == ()) == (True, False)


def test_who_has_no_name_any_more_is_not_greeted():
    """An erased person, or a company that was imported without one."""
    assert not RENDERER.render([house(1)], "ja", "").paragraphs[0].endswith("さま")


def test_an_office_without_a_telephone_promises_none():
    """No line ends in a blank where a number should stand."""
    silent = Renderer(CATALOGUE, replace(OFFICE, phone="", hours=""))
    for kind in KINDS:
        for told in every_part(kind):
            message = silent.render([told], "ja", "山田 花子")
            assert "電話 " not in shown(message)
            assert "（）" not in shown(message)


def test_a_part_is_rendered_the_same_every_time():
    """What a row holds says everything: a retry is the same bytes."""
    told = json.loads(json.dumps(house(1)))
    first, again = (RENDERER.render([told], "ja", "山田 花子") for _ in range(2))
    assert all(getattr(first, each.name) == getattr(again, each.name) for each in fields(Message))


@pytest.mark.parametrize(
    ("by", "who"), [("owner:O1", "所有者："), ("servicer:B1", "事業者："), ("engawa", ""), ("sato", "sato：")]
)
def test_the_desk_reads_who_moved_a_matter_on_in_a_word(by: str, who: str):
    """Not as the id under which we know them."""
    told = {"state": "settled", "by": by, "until": "", "open": False, "talking": False, "house": "H-0001"}
    message = RENDERER.part(part("staff_moved", told), "ja", "")
    assert message.title == f"{who}用が済みました（H-0001）"


@pytest.mark.parametrize(
    ("today", "language", "read_back"),
    [
        ("2027-02-21", "ja", "2月20日(土)"),
        ("2026-06-01", "ja", "2月20日(土)"),
        ("2028-02-20", "ja", "2027年2月20日(土)"),
        ("2026-02-20", "ja", "2027年2月20日(土)"),
        ("", "ja", "2027年2月20日(土)"),
        ("2027-02-21", "en", "Sat 20 February"),
    ],
)
def test_a_day_is_read_back_as_people_say_it(today: str, language: str, read_back: str):
    """The year is said only where another one could be meant."""
    for kind, named in (
        ("reply_read_back", {"day": "2027-02-20", "what": "done"}),
        ("reply_read_back_days", {"days": ["2027-02-20"]}),
    ):
        told = part(kind, {"house": "H-0001", "today": today, **named}, "reply", case="")
        shown = "".join(RENDERER.part(told, language, "").paragraphs)
        assert read_back in shown
        assert ("2027" in shown) == ("2027" in read_back)
