"""A rule, applied: what comes out for these inputs, and why, in Japanese and English.

Every answer names the rule's limit and source, and says of an edition that takes no more applications that it does not
(受付終了), or not yet, or that this is not known: what an edition promised holds for those who have it, and is no offer
to anybody else. So does the answer of a rule that ended, or has not begun, by itself.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from bot.programmes.edition import Status, edition
from bot.programmes.given import Given
from bot.programmes.rule import Input, Rule, Test
from bot.programmes.rules import COMPUTED
from bot.programmes.rules.finding import OUTSIDE, TO_CONFIRM, VALUE, WITHIN, Finding
from bot.programmes.words import Words, joined, month, plain, quantity, written

OPENINGS = {
    Status.CLOSED: Words("【受付終了】", "[no longer taking applications] "),
    Status.ANNOUNCED: Words("【受付開始前】", "[not yet taking applications] "),
    Status.TO_CONFIRM: Words(
        "【受付の開始日は要確認】", "[first day of applications not printed, please ask the office] "
    ),
    Status.IN_FORCE: Words("", ""),
}
NO_END = Words(
    "資料に受付の終了日が書かれていないため、受付中としています。",
    "It is taken to be open, as no last day of applications is printed.",
)
FOLLOWED = Words(
    "受付終了は、後の版（{named}）の受付が{since}には始まっていたことによるもので、終了日は資料に書かれていません。",
    "No last day of applications is printed: they ended as those of the later edition ({named}) had begun by {since}.",
)
GIVEN = Words("ご入力の内容は、{values}です。", "Given: {values}.")
REASONS = {
    WITHIN: Words(
        "「{title}」の条件（{limits}）に当てはまります。", "This meets the condition for “{title}” ({limits}). "
    ),
    OUTSIDE: Words(
        "「{title}」の条件（{missed}）に当てはまりません。",
        "This does not meet the condition for “{title}” ({missed}). ",
    ),
    TO_CONFIRM: Words(
        "「{title}」は資料に書かれていないため、お答えできません。要確認ですので、窓口におたずねください。",
        "“{title}”: this is not printed and is not computed here. Please ask the office. ",
    ),
    VALUE: Words("「{title}」は{out}です（{limits}）。", "“{title}”: {out} ({limits}). "),
}
COMPARED: Mapping[str, Callable[[Any, Any], bool]] = {
    "at_least": lambda value, limit: bool(value >= limit),
    "at_most": lambda value, limit: bool(value <= limit),
    "over": lambda value, limit: bool(value > limit),
    "under": lambda value, limit: bool(value < limit),
    "is": lambda value, limit: bool(value == limit),
    "one_of": lambda value, limit: value in limit,
    "among": lambda value, limit: bool(value) and set(value) <= set(limit),
    "multiple_of": lambda value, limit: value % limit == 0,
}
PHRASES = {
    "at_least": Words("{}以上", "at least {}"),
    "at_most": Words("{}以下", "at most {}"),
    "over": Words("{}超", "over {}"),
    "under": Words("{}未満", "under {}"),
    "is": Words("{}", "{}"),
    "one_of": Words("次のいずれか：{}", "one of: {}"),
    "among": Words("次のものだけ：{}", "only of: {}"),
    "multiple_of": Words("{}単位", "in steps of {}"),
}
DAY_PHRASES = {"at_least": Words("{}以後", "on or after {}"), "at_most": Words("{}まで", "until {}")}
AND_OR = {False: ("・", "; "), True: ("、または", ", or ")}


@dataclass(frozen=True, slots=True)
class Answer:
    """What came out: ``out`` is ``within``, ``outside``, ``to_confirm`` or the value in the form for programs."""

    out: str | int | list[str]
    rule: str
    limit: Any
    source: str
    reason: Words
    status: Status


def check(rule: Rule, values: Given, on: date) -> Answer:
    """The rule's answer for these inputs, on a civil day. Raises BadInput where inputs contradict each other."""
    found = _found(rule, values)
    status = rule.status(on)
    text, opening, rests = _reason(rule, values, found), OPENINGS[status], _rests(rule, status)
    reason = Words(
        f"{opening.ja}{text.ja}{rule.note.ja}{rests.ja}（出典：{rule.edition.source_ja} {rule.source.ja}）",
        " ".join(filter(None, (f"{opening.en}{text.en.rstrip()}", rule.note.en, rests.en)))
        + f" (Source: {rule.edition.source_en}, {rule.source.en})",
    )
    source = f"{rule.edition.source_ja} {rule.source.ja}"
    return Answer(as_json(found.out), rule.name, as_json(rule.limit), source, reason, status)


def _rests(rule: Rule, status: Status) -> Words:
    """Where no last day is printed: on what it rests that one can apply, or no longer can."""
    follower = edition(rule.edition.superseded_by) if rule.edition.superseded_by else None
    if rule.closes_on or rule.edition.closes_on:
        return Words("", "")
    if status is Status.CLOSED and follower is not None:
        named, since = Words(follower.name_ja, follower.name_en), written(follower.open_by)
        return Words(*(text.format(named=one, since=on) for text, one, on in zip(FOLLOWED, named, since, strict=True)))
    return NO_END if status is Status.IN_FORCE else Words("", "")


def as_json(value: Any) -> Any:
    """A value in the form for programs: whole numbers as they are, others and days as text."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else plain(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {name: as_json(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [as_json(one) for one in value]
    return value


def limits(rule: Rule) -> Words:
    """The limits of a rule in words."""
    return rule.means if rule.means.ja else _said(rule, rule.tests)


def _said(rule: Rule, tests: tuple[Test, ...]) -> Words:
    named = len({one.input.name for one in rule.tests}) > 1
    parts = [_limit(one, named) for one in tests]
    ja, en = AND_OR[rule.some]
    return Words(ja.join(one.ja for one in parts), en.join(one.en for one in parts))


def _missed(rule: Rule, values: Given) -> Words:
    """Of a rule whose tests must all hold, those that do not; otherwise its limits."""
    if rule.means.ja or rule.some:
        return limits(rule)
    return _said(rule, tuple(one for one in rule.tests if not _holds(one, values)))


def _holds(test: Test, values: Given) -> bool:
    """An input that was left out meets nothing."""
    value = values[test.input.name]
    return value is not None and COMPARED[test.operation](value, test.limit)


def _found(rule: Rule, values: Given) -> Finding:
    if any(values[name] in codes for name, codes in rule.unless.items()):
        return Finding(WITHIN, case="not_needed")
    return COMPUTED[rule.by](values, rule.limit) if rule.by else _tested(rule, values)


def _tested(rule: Rule, values: Given) -> Finding:
    held = [_holds(one, values) for one in rule.tests]
    return Finding(WITHIN if (any(held) if rule.some else all(held)) else OUTSIDE)


def _limit(test: Test, named: bool) -> Words:
    """One test in words; a condition that is true or false is said by its title alone."""
    title = test.input.title
    if isinstance(test.limit, bool):
        return title if test.limit else Words(f"「{title.ja}」に当たらないこと", f"not: {title.en}")
    is_day = test.input.type in ("date", "month")
    phrase = (DAY_PHRASES if is_day and test.operation in DAY_PHRASES else PHRASES)[test.operation]
    value = written(test.limit, test.input.unit, test.input.choices)
    said = Words(phrase.ja.format(value.ja), phrase.en.format(value.en))
    return Words(f"{title.ja}が{said.ja}", f"{title.en}: {said.en}") if named else said


def _reason(rule: Rule, values: Given, found: Finding) -> Words:
    """The words of the case; where the rule has none of its own, those that all rules share."""
    words = rule.reasons.get(found.case) or _shared(found, bool(rule.inputs))
    said = {each.name: _input(each, values[each.name]) for each in rule.inputs}
    said |= {name: written(value, unit) for name, (value, unit) in found.facts.items()}
    said |= {"title": rule.title, "limits": limits(rule), "values": _given(rule, values), "out": _out(rule, found)}
    said["missed"] = _missed(rule, values)
    return Words(
        words.ja.format_map({name: one.ja for name, one in said.items()}),
        words.en.format_map({name: one.en for name, one in said.items()}),
    )


def _shared(found: Finding, asks: bool) -> Words:
    words = REASONS[found.out if isinstance(found.out, str) and found.out in REASONS else VALUE]
    return Words(words.ja + GIVEN.ja, words.en + GIVEN.en) if asks else words


def _input(asked: Input, value: Any) -> Words:
    """What was given, as it is read; of a month no day is said, though its first stands for it."""
    if asked.type == "month" and value is not None:
        return month(value)
    return written(value, asked.unit, asked.choices)


def _given(rule: Rule, values: Given) -> Words:
    said = [
        Words(f"{each.title.ja}：{one.ja}", f"{each.title.en}: {one.en}")
        for each in rule.inputs
        if values[each.name] is not None
        for one in [_input(each, values[each.name])]
    ]
    return joined(said) if said else Words("なし", "nothing")


def _out(rule: Rule, found: Finding) -> Words:
    if rule.out.kind == "percent" and isinstance(found.out, str):
        return Words(f"{found.out}％", f"{found.out} %")
    if isinstance(found.out, Decimal | int):
        return quantity(found.out, rule.out.unit)
    return written(found.out, rule.out.unit, rule.out.choices)
