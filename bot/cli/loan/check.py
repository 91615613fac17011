"""`engawa loan check`: one rule, asked with its inputs."""

import sys
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any

import typer

from bot.cli.loan.edition import At, Language, named, one_line, spoken, today
from bot.cli.opening import print_json
from bot.config import SettingsError
from bot.intake.dates import read_date
from bot.programmes.check import Answer, check
from bot.programmes.given import BadInput, given
from bot.programmes.lines import objects
from bot.programmes.loan import BadLoan
from bot.programmes.rule import Rule, UnknownRule, rule, rules

AsJson = Annotated[bool, typer.Option("--json", help="answer as one line of JSON")]
Name = Annotated[str, typer.Argument(metavar="RULE", help="<edition>/<rule>, as `engawa loan list --json` names it")]
Values = Annotated[
    list[str] | None,
    typer.Argument(metavar="INPUT=VALUE", help="its inputs; without any a JSON object is read from stdin"),
]
TRUTHS = {"true": True, "yes": True, "はい": True, "false": False, "no": False, "いいえ": False}


def command(name: Name, values: Values = None, at: At = "", language: Language = "ja", as_json: AsJson = False) -> None:
    """Whether inputs lie within a rule, or what it computes from them, with its limit, its source and the reason."""
    asked, on, language = _rule(name), today(at), spoken(language)
    try:
        by_hand = values or not (asked.inputs or as_json)
        rows = [_typed(asked, values)] if by_hand else _on_stdin(asked)
        answers = [_answer(asked, row, on, number if len(rows) > 1 else 0) for number, row in enumerate(rows, 1)]
    except (BadInput, BadLoan) as bad:
        raise SettingsError(str(bad)) from None
    for each in answers:  # all of them are right before one is answered
        print_json(told(each)) if as_json else _show(each, language)


def _answer(asked: Rule, row: Mapping[str, Any], on: date, number: int) -> Answer:
    """The answer to one object; where there are several, what is wrong is said of which."""
    try:
        return check(asked, given(asked, row, _day), on)
    except BadInput as bad:
        raise (BadInput(f"object {number}: {bad}") if number else bad) from None


def told(answer: Answer) -> dict[str, Any]:
    """An answer in the form that scripts rely on."""
    return {
        "out": answer.out,
        "rule": answer.rule,
        "limit": answer.limit,
        "source": answer.source,
        "reason_ja": answer.reason.ja,
        "reason_en": answer.reason.en,
        "status": answer.status.value,
    }


def _rule(name: str) -> Rule:
    """Raises SettingsError for a rule that nobody wrote."""
    try:
        return rule(name)
    except UnknownRule:
        edition = named(name.partition("/")[0]).id
        own = ", ".join(each.id for each in rules().values() if each.edition.id == edition)
        raise SettingsError(f"no rule {one_line(name)}; what {edition} has is {own}") from None


def _on_stdin(asked: Rule) -> list[Mapping[str, Any]]:
    """One object or several; a rule that asks for nothing may be given nothing. Raises BadInput or BadLoan."""
    found = objects(sys.stdin.buffer.read()) or ([] if asked.inputs else [{}])
    if not found or not all(isinstance(one, dict) for one in found):
        raise BadInput("a JSON object with the rule's inputs is wanted on stdin")
    return found


def _typed(asked: Rule, values: list[str] | None) -> dict[str, Any]:
    """Inputs as they were typed; what the rule does not know is left to be refused by name."""
    types = {each.name: each.type for each in asked.inputs}
    found: dict[str, Any] = {}
    for text in values or ():
        name, sign, value = text.partition("=")
        if not sign:
            raise BadInput(f"{text[:60]!r} must be written as INPUT=VALUE")
        if name in found:
            raise BadInput(f"{name} stands twice")
        found[name] = _value(types.get(name, ""), value)
    return found


def _value(kind: str, text: str) -> Any:
    if kind == "boolean":
        return TRUTHS.get(text.lower(), text)
    return [one.strip() for one in text.split(",") if one.strip()] if kind == "choices" else text


def _day(text: str) -> date | None:
    return read_date(text).day


def _show(answer: Answer, language: str) -> None:
    """The answer as scripts have it, and why, in one language."""
    out = ", ".join(answer.out) if isinstance(answer.out, list) else str(answer.out)
    typer.echo(out)
    typer.echo(answer.reason.ja if language == "ja" else answer.reason.en)
