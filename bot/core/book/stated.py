"""What was stated for the law's list, as the book tells it: what stands, on whose word, and everything it replaced."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from bot.core.book.section import Coded, Section, Sources, Value, listed
from bot.core.statements import FIELDS, Line, Statement, in_force

STATED = ("word", "facts")
STATEMENTS = ("line", "named", "content", "on_day", "second_on", "word", "paper_on", "fact", "replaced_by")
KINDS = frozenset({"statement_made", "statement_taken_back"})
NOT_ASKED = Coded("asked", "no")


def rows_of(sources: Sources, line: Line) -> Iterator[tuple[Statement, dict[str, Value]]]:
    """What stands of a line, with whom it names, whose word it is, and the facts: the last corrects those before it."""
    facts = _facts(sources)
    for one in in_force(sources.statements):
        if one.line is line:
            row: dict[str, Value] = {"named": _name(sources, one)} if "name" in FIELDS[line] else {}
            numbers = (facts.get(each.number) for each in _course(sources, one))
            yield one, row | {"word": word(one), "facts": tuple(f"#{number}" for number in numbers if number)}


def text_of(sources: Sources, line: Line) -> Value:
    """Of a line that a house has once."""
    return next((one.content.text for one, _ in rows_of(sources, line)), None)


def implementer(sources: Sources) -> Value:
    """To whom the certification was given."""
    return next((row["named"] for _, row in rows_of(sources, Line.IMPLEMENTER)), None)


def holder(sources: Sources) -> tuple[Value, Mapping[str, Any]] | None:
    """Who has the certification now, with the fact: whose succession was approved last, or to whom it was given.

    None where nobody told, where the house has passed on since, and where it would name a former owner.
    """
    approved = [found for found in rows_of(sources, Line.SUCCESSION) if found[0].content.second_on]
    last = next(reversed(approved or list(rows_of(sources, Line.IMPLEMENTER))), None)
    if last is None or isinstance(last[1]["named"], Coded):
        return None
    since, passed = last[0].content.on_day or date.min, _passed_on(sources)
    number = last[0].number
    told = (fact for fact in sources.facts if fact["kind"] in KINDS and fact["data"]["number"] == number)
    fact = next(told, None)
    return (last[1]["named"], fact) if fact is not None and since >= passed else None


def _passed_on(sources: Sources) -> date:
    """When the house passed to another owner last, as far as we know."""
    undone = {fact["data"]["transfer"] for fact in sources.facts if fact["kind"] == "transfer_undone"}
    passed = (fact["data"] for fact in sources.facts if fact["kind"] == "ownership_passed")
    days = (date.fromisoformat(data["on"]) for data in passed if data["transfer"] not in undone)
    return max(days, default=date.min)


def word(one: Statement | None) -> Coded:
    """Whose word it is: the kind of the paper from which the staff keyed it in, or the owner's own."""
    paper = one.source.paper if one else None
    return Coded("papers", paper) if paper else Coded("stated_by", "owner")


def stated_section(sources: Sources) -> Section:
    """All that was stated, also what was corrected or taken back since."""
    facts = _facts(sources)
    later = {one.corrects: one for one in sources.statements if one.corrects}
    rows = [
        _row(sources, one) | {"fact": facts.get(one.number), "replaced_by": _after(later.get(one.number), facts)}
        for one in sources.statements
        if not one.takes_back
    ]
    return listed("statements", STATEMENTS, rows)


def _row(sources: Sources, one: Statement) -> dict[str, Value]:
    content, asked = one.content, FIELDS[one.line]
    row: dict[str, Value] = {"line": Coded("lines", one.line), "word": word(one)}
    row |= {"named": _name(sources, one) if "name" in asked else NOT_ASKED}
    row |= {"content": content.text if "text" in asked else NOT_ASKED}
    row |= {"on_day": content.on_day if "on_day" in asked else NOT_ASKED}
    row |= {"second_on": content.second_on if "second_on" in asked else NOT_ASKED}
    return row | {"paper_on": one.source.paper_on if one.source.paper else NOT_ASKED}


def _after(later: Statement | None, facts: Mapping[int, int]) -> Value:
    if later is None:
        return Coded("until", "now")
    return (Coded("replaced", "taken_back" if later.takes_back else "corrected"), f"#{facts.get(later.number)}")


def _name(sources: Sources, one: Statement) -> Value:
    """A company's or a stranger's name as it was stated; of an owner who owns it no longer only that they did."""
    if one.person_id and not (one.content.name and sources.names.get(one.person_id)):
        return Coded("owner", "before")
    return one.content.name


def _course(sources: Sources, last: Statement) -> list[Statement]:
    """The statements that this one has replaced, one after the other, and itself at the end."""
    known, found = {one.number: one for one in sources.statements}, [last]
    while (before := known.get(found[0].corrects)) is not None and before not in found:
        found.insert(0, before)
    return found


def _facts(sources: Sources) -> dict[int, int]:
    """The number of the fact that tells each statement, by the statement's own."""
    return {fact["data"]["number"]: fact["seq"] for fact in sources.facts if fact["kind"] in KINDS}
