"""An edition and its rules as plain values, so that a program can ask a rule that it has never seen."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from bot.programmes.check import as_json, limits
from bot.programmes.edition import Edition
from bot.programmes.rule import VERDICT, Input, Rule
from bot.programmes.rules.finding import OUTSIDE, TO_CONFIRM, WITHIN
from bot.programmes.words import Words

# In place of a value: text, never an empty list, nor null.
OR_NOT = "; outside where there is none for these inputs; to_confirm where the leaflet leaves it open"
OUTS = {
    "verdict": "within or outside; to_confirm where the leaflet leaves it open",
    "date": f"a day, YYYY-MM-DD{OR_NOT}",
    "dates": f"a list of days, YYYY-MM-DD{OR_NOT}",
    "percent": f"text as it is printed, such as 0.5{OR_NOT}",
    "yen": f"whole yen, a number{OR_NOT}",
    "integer": f"a whole number{OR_NOT}",
    "number": f"a whole number, or text with decimals{OR_NOT}",
    "code": f"one of the choices{OR_NOT}",
    "codes": f"a list of one or more of the choices{OR_NOT}",
    "open": "to_confirm: nothing is computed",
}
VERDICTS = {
    WITHIN: Words("当てはまります", "the condition is met"),
    OUTSIDE: Words("当てはまりません", "the condition is not met"),
}
OPEN = {TO_CONFIRM: Words("要確認", "to be confirmed with the office")}


def described(rule: Rule, on: date) -> dict[str, Any]:
    """What a rule asks for and answers, its limit and source, and whether it is in force.

    ``opens_on`` and ``closes_on`` are its own; None where it is asked as long as its edition.
    """
    said = OPEN[TO_CONFIRM] if rule.out.kind == "open" else limits(rule)
    choices = {VERDICT: VERDICTS, "open": OPEN}.get(rule.out.kind, rule.out.choices)
    return {
        "rule": rule.name,
        "edition": rule.edition.id,
        "status": rule.status(on).value,
        "opens_on": as_json(rule.opens_on),
        "closes_on": as_json(rule.closes_on),
        "title_ja": rule.title.ja,
        "title_en": rule.title.en,
        "inputs": [_input(each) for each in rule.inputs],
        "out": {"kind": rule.out.kind, "unit": rule.out.unit, "form": OUTS[rule.out.kind], "choices": _codes(choices)},
        "limit": as_json(rule.limit),
        "limit_ja": said.ja,
        "limit_en": said.en,
        "source": f"{rule.edition.source_ja} {rule.source.ja}",
        "source_en": f"{rule.edition.source_en}, {rule.source.en}",
    }


def summary(edition: Edition, on: date) -> dict[str, Any]:
    """An edition by itself: what it is called, where it stands written, and from when until when one can apply.

    ``opens_on`` is None where no first day is printed; by ``open_by`` it is shown to be open.
    """
    return {
        "edition": edition.id,
        "programme": edition.programme,
        "name_ja": edition.name_ja,
        "name_en": edition.name_en,
        "status": edition.status(on).value,
        "opens_on": edition.opens_on.isoformat() if edition.opens_on else None,
        "open_by": edition.open_by.isoformat(),
        "closes_on": edition.closes_on.isoformat() if edition.closes_on else None,
        "superseded_by": edition.superseded_by,
        "source_ja": edition.source_ja,
        "source_en": edition.source_en,
    }


def offices(edition: Edition, prefecture: str = "") -> list[dict[str, Any]]:
    """Whom to ask; with a prefecture those that serve it, and those that serve every place."""
    every = edition.data.get("contacts", {}).get("office", [])
    return [dict(one) for one in every if not prefecture or prefecture in one.get("prefectures", [prefecture])]


def _input(asked: Input) -> dict[str, Any]:
    return {
        "name": asked.name,
        "type": asked.type,
        "unit": asked.unit,
        "required": asked.required,
        "title_ja": asked.title.ja,
        "title_en": asked.title.en,
        "choices": _codes(asked.choices),
    }


def _codes(choices: Mapping[str, Words]) -> list[dict[str, str]]:
    return [{"code": code, "ja": words.ja, "en": words.en} for code, words in choices.items()]
