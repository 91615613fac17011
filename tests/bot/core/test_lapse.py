"""A lapse rests on reasons of which the owner was told in two channels and by letter: the same ones in each."""

from dataclasses import replace
from datetime import date

import pytest

from bot.core.case import Case, Risk, Scene
from bot.core.house import House, Household
from bot.core.lapse import Notice, lacking, told_of
from bot.core.standing import Reason

SATO = "staff:sato"
DAY = date(2027, 5, 16)
ROOF, WALL = Reason("overdue", "H1-1-1", DAY, "屋根"), Reason("overdue", "H1-1-2", DAY, "外壁")
CHAT, MAIL, LETTER = (Notice(name, name, DAY, frozenset({ROOF.key})) for name in ("chat", "mail", "letter"))
HOUSE = House("H1", date(2022, 4, 1), date(2022, 4, 1), 50, date(2026, 11, 1))


def of_another(notice: Notice) -> Notice:
    """The same message, which told of the wall instead."""
    return replace(notice, reasons=frozenset({WALL.key}))


def at_risk(*reasons: Reason) -> Scene:
    case = Case("H1-2", "H1", 2, "desk/1", DAY, DAY, risk=Risk(reasons))
    return Scene(Household(HOUSE, (), None, True), case, (), 3)


@pytest.mark.parametrize(
    ("notices", "why"),
    [
        ((CHAT, MAIL, LETTER), ""),
        ((CHAT, MAIL, of_another(LETTER)), "no_letter"),
        ((CHAT, of_another(MAIL), LETTER), "one_channel"),
        ((of_another(CHAT), MAIL, LETTER), "one_channel"),
        ((CHAT, of_another(MAIL), of_another(LETTER)), "one_channel"),
        (tuple(map(of_another, (CHAT, MAIL, LETTER))), "not_told"),
    ],
)
def test_a_notice_of_another_reason_does_not_count(notices: tuple[Notice, ...], why: str):
    """担当: 手紙やメールに書いた理由が違えば、その理由で失効とは記録できません。"""
    assert lacking(at_risk(ROOF), SATO, notices) == why
    assert bool(told_of(Risk((ROOF,)), notices)) is (why == "")


@pytest.mark.parametrize(
    ("notices", "why"),
    [
        ((CHAT, of_another(MAIL), LETTER), "one_channel"),
        ((CHAT, of_another(MAIL), LETTER, of_another(LETTER)), "one_channel"),
        ((CHAT, MAIL, of_another(LETTER)), "no_letter"),
    ],
)
def test_two_reasons_do_not_add_up_to_one(notices: tuple[Notice, ...], why: str):
    """The roof in the chat and the wall by mail are each told once, though two channels and a letter went out."""
    assert lacking(at_risk(ROOF, WALL), SATO, notices) == why
    assert told_of(Risk((ROOF, WALL)), notices) == ()


def test_only_the_reason_that_was_told_everywhere_is_proposed():
    told = (CHAT, MAIL, LETTER, of_another(MAIL), of_another(LETTER))
    assert told_of(Risk((ROOF, WALL)), told) == (ROOF,)
    assert lacking(at_risk(ROOF, WALL), SATO, told) == ""
