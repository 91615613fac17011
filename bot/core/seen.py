"""What an owner saw of the house after an event: three questions, and how urgent the answers are.

Outside and inside: none, damage, danger. The sticker is what 応急危険度判定 leaves on a house: red (危険), yellow
(要注意), green (調査済), or none. Who speaks of danger is asked nothing more: nobody goes back in for a question.
"""

from collections.abc import Mapping
from dataclasses import replace
from enum import StrEnum

from bot.core.case import Check

OUTSIDE, INSIDE, STICKER = "outside", "inside", "sticker"
QUESTIONS = (OUTSIDE, INSIDE, STICKER)
NONE, DAMAGE, DANGER = "none", "damage", "danger"
ANSWERS: Mapping[str, tuple[str, ...]] = {
    OUTSIDE: (NONE, DAMAGE, DANGER),
    INSIDE: (NONE, DAMAGE, DANGER),
    STICKER: ("red", "yellow", "green", NONE),
}
RED, YELLOW = "red", "yellow"


class Found(StrEnum):
    """How urgent a house is, the most urgent first; SILENT while nothing is known."""

    DANGER = "danger"
    DAMAGE = "damage"
    SILENT = "silent"
    NONE = "none"


ORDER = tuple(Found)


def sorted_as(check: Check) -> Found:
    """What the answers so far say. Somebody who said "none" to some of it and then nothing more is still silent."""
    seen = (check.outside, check.inside)
    if DANGER in seen or check.sticker == RED:
        return Found.DANGER
    if DAMAGE in seen or check.sticker == YELLOW:
        return Found.DAMAGE
    return Found.NONE if not question_of(check) else Found.SILENT


def question_of(check: Check) -> str:
    """What is asked next; empty when nothing is."""
    if DANGER in (check.outside, check.inside) or check.sticker == RED:
        return ""
    return next((name for name in QUESTIONS if not getattr(check, name)), "")


def with_answers(check: Check, answers: Mapping[str, str]) -> Check:
    """The check with these answers, by question. Raises ValueError for what is no answer to its question."""
    for name, answer in answers.items():
        if answer not in ANSWERS.get(name, ()):
            raise ValueError(f"{answer} is no answer to {name}")
        check = _with(check, name, answer)
    return check


def _with(check: Check, name: str, answer: str) -> Check:
    if name == OUTSIDE:
        return replace(check, outside=answer)
    return replace(check, inside=answer) if name == INSIDE else replace(check, sticker=answer)
