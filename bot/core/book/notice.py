"""The notice of a minor change, 軽微な変更: another company does the maintenance (法第8条、施行規則第7条).

The owner files it, with the authority that certified the plan; it is filled from their own record, and every line cites
the fact it rests on. What no owner has confirmed, as a company that only a file names, stays 記録なし, and so does
what the record cannot know: the reason, and whether the plan's method or its times change as well. Beside a blank line
stands what belongs there, and beside the reason what the owner's own record tells of the time before. The company named
in the certified duplicate (認定書副本) is on no record of ours; the line before the change says who had the house.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from bot.core.book.beside import parts_of
from bot.core.book.law import company
from bot.core.book.section import Book, Coded, Sources, Value, listed
from bot.core.book.stated import holder
from bot.core.days import civil

AGREED, SENT = "company_agreed", "change_notice_sent"
SHOWN = timedelta(days=90)  # after the owner agreed, for as long as their page points to it
LINES = ("heading", "stands", "cited", "hint")
# What happened before the change and may be why: silence, a wish, a company that ends. The owner says which it was.
WHY = frozenset({"servicer_silent", "unreported", "company_wish", "closing", "no_servicer"})
MOST = 3  # of them that are shown, the latest
CERTIFIED = ("certificate_no", "certified_on", "authority")

Fact = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Change:
    """The last change of company to which an owner said yes; ``changed`` is the fact that carried it out."""

    agreed: Fact
    changed: Fact


def notice(sources: Sources, today: date) -> Book:
    """The notice as it can be made today, from what is on record."""
    sections = (
        listed("notice_house", LINES, list(_house(sources))),
        listed("notice_change", LINES, list(_change(sources))),
    )
    return Book(sources.house["id"], today, sections, tuple(sources.facts), sources.names, parts_of(sources))


def last_change(facts: Iterator[Fact] | Any) -> Change | None:
    """None where no owner has agreed to another company, or where a file has named yet another since."""
    agreed, found = None, None
    for fact in facts:
        if fact["kind"] == AGREED:
            agreed = fact
        elif fact["kind"] == "servicer_changed":
            same = agreed is not None and agreed["data"]["servicer"] == fact["data"]["to"]
            found = Change(agreed, fact) if agreed is not None and same else None
            agreed = None
        elif fact["kind"] == "house_updated" and "servicer_id" in fact["data"]["fields"]:
            found = None
    return found


def to_be_filed(facts: Any, today: date) -> Change | None:
    """The change that the owner's page points to: of the last months, and not filed yet."""
    facts = list(facts)
    change = last_change(facts)
    if change is None or civil(change.agreed["at"]) + SHOWN < today:
        return None
    sent = (fact for fact in facts if fact["kind"] == SENT)
    return None if any(fact["data"]["change"] == change.changed["seq"] for fact in sent) else change


def _house(sources: Sources) -> Iterator[dict[str, Value]]:
    present = [sources.names.get(owner["id"], "") for owner in sources.owners if owner["until_on"] is None]
    owners = tuple(filter(None, present)) or None
    moved = next((fact for fact in reversed(sources.facts) if fact["kind"] == "owners_changed"), None)
    yield _line("owners", owners, moved or _taken_in(sources))
    for name in ("address", *CERTIFIED):
        yield _line(name, sources.house[name], _told(sources, name))
    held = holder(sources)
    yield _line("implementer", *(held or (None, None)))


def _change(sources: Sources) -> Iterator[dict[str, Value]]:
    change = last_change(sources.facts)
    data = change.changed["data"] if change else {"from": "", "to": ""}
    before, after = (company(sources, data[name].removeprefix("servicer:")) for name in ("from", "to"))
    agreed, changed = (change.agreed, change.changed) if change else (None, None)
    yield _line("before", before, changed)
    yield _line("after", after, agreed)
    yield _line("changed_on", civil(changed["at"]) if changed else None, changed)
    yield _line("method_changes", None, None)
    yield _line("reason", None, None) | {"hint": _why(sources.facts, change)}


def _line(name: str, value: Value, fact: Fact | None) -> dict[str, Value]:
    """What stands without a fact is not known."""
    known = fact is not None and value not in (None, "")
    cited = Coded("cited", str(fact["seq"])) if fact is not None and known else None
    hint = None if known else Coded("notice_hint", name)
    return {"heading": Coded("notice", name), "stands": value if known else None, "cited": cited, "hint": hint}


def _why(facts: Sequence[Fact], change: Change | None) -> Value:
    """What the owner's record tells of why, since the company before came; else what to write."""
    until = change.agreed["seq"] if change else 0
    since = max(
        (fact["seq"] for fact in facts if fact["kind"] == "servicer_changed" and fact["seq"] < until), default=0
    )
    told = [fact for fact in facts if since < fact["seq"] < until and _may_be_why(fact)][-MOST:]
    if not told:
        return Coded("notice_hint", "reason")
    return (Coded("notice_hint", "reason_recorded"), *(Coded("cited", str(fact["seq"])) for fact in told))


def _may_be_why(fact: Fact) -> bool:
    return fact["kind"] == "servicer_called" or (fact["kind"] == "matter_raised" and fact["data"]["reason"] in WHY)


def _told(sources: Sources, name: str) -> Fact | None:
    """The fact by which a value of the house last came in."""
    updated = (fact for fact in reversed(sources.facts) if fact["kind"] == "house_updated")
    return next((fact for fact in updated if name in fact["data"]["fields"]), None) or _taken_in(sources)


def _taken_in(sources: Sources) -> Fact | None:
    return next((fact for fact in sources.facts if fact["kind"] == "house_taken_in"), None)
