"""One rule of an edition: what it asks for, what it answers, its limit, and where it stands written.

A rule that only compares stands whole in the edition's file: its tests name an input and a limit, and either every
test must hold, or some. A rule that computes names a function of ``bot.programmes.rules``, which is handed the inputs
and the rule's ``limit``, so that its numbers stand in the file too. What an input is called, and what it means, stands
in ``inputs.toml`` once for all rules. Sources: each rule names the page of its leaflet.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from bot.core.municipality import PREFECTURES, ROMAN
from bot.programmes.edition import Edition, Status, editions
from bot.programmes.words import Words

OPERATIONS = ("at_least", "at_most", "over", "under", "is", "one_of", "among", "multiple_of")
VERDICT = "verdict"


class UnknownRule(LookupError):
    """No rule has this name."""


@dataclass(frozen=True, slots=True)
class Input:
    """What a rule asks for. ``least`` is the smallest value that makes sense, not a limit of the rule."""

    name: str
    type: str
    unit: str
    title: Words
    choices: Mapping[str, Words]
    least: Decimal
    required: bool = True


@dataclass(frozen=True, slots=True)
class Test:
    """One comparison of an input with a limit; ``limit`` is a number, day, code, truth or list of codes."""

    input: Input
    operation: str
    limit: Any


@dataclass(frozen=True, slots=True)
class Out:
    """What a rule answers: a verdict, or a value of this kind and unit, where there is one."""

    kind: str
    unit: str
    choices: Mapping[str, Words]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. ``by`` names the function that computes it, and ``means`` says in words what it computes; without one
    its ``tests`` decide, and are said as they stand. ``opens_on`` and ``closes_on`` are the first and the last day on
    which it is asked, where its text prints them for it alone (``from`` and ``until`` in the file, or ``begins`` of an
    edition for the rules of its leaflet). ``unless`` are the codes of inputs with which nothing is asked.
    """

    edition: Edition
    id: str
    title: Words
    inputs: tuple[Input, ...]
    tests: tuple[Test, ...]
    some: bool
    by: str
    limit: Any
    out: Out
    means: Words
    reasons: Mapping[str, Words]
    note: Words
    source: Words
    opens_on: date | None = None
    closes_on: date | None = None
    unless: Mapping[str, list[str]] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """As it is called on the command line."""
        return f"{self.edition.id}/{self.id}"

    def status(self, on: date) -> Status:
        """Whether it is asked on that day: by its own days where it has them, otherwise as its edition.

        What has a last day was in force until then, also where the edition that tells of it had not opened yet, or
        nobody knows whether it had.
        """
        if self.closes_on is not None and on > self.closes_on:
            return Status.CLOSED
        if self.opens_on is not None and on < self.opens_on:
            return Status.ANNOUNCED
        whole = self.edition.status(on)
        began = whole not in (Status.ANNOUNCED, Status.TO_CONFIRM)
        return whole if began or self.closes_on is None else Status.IN_FORCE


def rule(name: str) -> Rule:
    """The rule of this name, ``<edition>/<rule>``. Raises UnknownRule."""
    try:
        return rules()[name]
    except KeyError:
        raise UnknownRule(name) from None


@cache
def rules() -> Mapping[str, Rule]:
    """All rules of all editions by name."""
    found = [_rule(each, row) for each in editions().values() for row in each.data.get("rule", ())]
    named = {each.name: each for each in found}
    if len(named) < len(found):
        raise ValueError("two rules of one edition have the same id")
    return MappingProxyType(named)


@cache
def known_inputs() -> Mapping[str, Input]:
    """Every input that a rule may ask for, by name."""
    text = files("bot.programmes").joinpath("inputs.toml").read_text(encoding="utf-8")
    return MappingProxyType({name: _input(name, row) for name, row in tomllib.loads(text, parse_float=Decimal).items()})


def _input(name: str, row: dict[str, Any]) -> Input:
    choices = {code: Words(*words) for code, words in row.get("choices", {}).items()}
    if row["type"] == "prefecture":
        choices = {place: Words(place, name) for place, name in zip(PREFECTURES, ROMAN, strict=True)}
    least = Decimal(row.get("least", 0))
    return Input(name, row["type"], row.get("unit", ""), Words(*row["title"]), choices, least)


def _asked(row: dict[str, Any]) -> tuple[Input, ...]:
    optional = [_optional(known_inputs()[name]) for name in row.get("optional", ())]
    return (*(known_inputs()[name] for name in row.get("inputs", ())), *optional)


def _optional(each: Input) -> Input:
    return Input(each.name, each.type, each.unit, each.title, each.choices, each.least, required=False)


def _rule(edition: Edition, row: dict[str, Any]) -> Rule:
    inputs = _asked(row)
    rows = row.get("some", row.get("every", []))
    single = {name: row[name] for name in OPERATIONS if name in row}
    tests = tuple(_test(inputs, one) for one in ([single] if single else rows))
    codes = {code: Words(*words) for code, words in row.get("codes", {}).items()}
    return Rule(
        edition=edition,
        id=row["id"],
        title=Words(*row["title"]),
        inputs=inputs,
        tests=tests,
        some="some" in row,
        by=row.get("by", ""),
        limit=_limit(row, tests),
        out=Out(row.get("out", VERDICT), row.get("unit", ""), codes),
        means=Words(*row.get("means", ("", ""))),
        reasons={case: Words(*words) for case, words in row.get("reason", {}).items()},
        note=Words(*row.get("note", ("", ""))),
        source=Words(*row["source"]),
        opens_on=row.get("from", _begins(edition, row["id"])),
        closes_on=row.get("until"),
        unless=row.get("unless", {}),
    )


def _begins(edition: Edition, rule_id: str) -> date | None:
    """The first day of what one leaflet says of several loans, where it began later for this one."""
    begins = edition.data.get("begins", {})
    return begins["on"] if rule_id in begins.get("rules", ()) else None


def _test(inputs: tuple[Input, ...], row: dict[str, Any]) -> Test:
    """Without a name the first input is meant. Raises KeyError or ValueError for a test that the file has wrong."""
    asked = {each.name: each for each in inputs}
    about = asked[row["input"]] if "input" in row else inputs[0]
    (operation,) = (name for name in OPERATIONS if name in row)
    limit = row[operation]
    if isinstance(limit, str) and about.type == "number":
        limit = Decimal(limit)
    return Test(about, operation, limit)


def _limit(row: dict[str, Any], tests: tuple[Test, ...]) -> Any:
    """One number, code or day where one test decides; otherwise by input, each with its comparison."""
    if not tests:
        return row.get("limit", {})
    if len(tests) == 1:
        return tests[0].limit
    found: dict[str, dict[str, Any]] = {}
    for one in tests:
        found.setdefault(one.input.name, {})[one.operation] = one.limit
    return found
