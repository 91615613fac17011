"""What a provider's machine answered, or that it did not take what it was told: what follows at the house."""

import hashlib
import json
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from bot.core.history.access import Entry, Held
from bot.core.history.step import noted
from bot.core.outcome import Change, Deed, Outcome

LONGEST = 64  # characters of a reference or word of theirs that are kept
STATUSES = frozenset({"confirmed", "unknown", "ended", "differs"})
Params = Mapping[str, Any]


def answered(part: Mapping[str, Any], by: str, answer: Mapping[str, Any], today: date) -> Outcome:
    """What one part of a message to a machine came to. ``by`` is the provider; ``answer`` is data from outside."""
    outcome = ANSWERS[part["kind"]](part["params"], by, answer, today)
    return Outcome(part["house"], deeds=outcome.deeds, changes=(*outcome.changes, noted(look_on=today)))


def passed_on(part: Mapping[str, Any]) -> Outcome:
    """It was not taken, and goes on as a letter that staff send."""
    if part["kind"] != "provider_record":
        return Outcome(part["house"])
    works = [work["work"] for work in part["params"]["works"]]
    return Outcome(part["house"], changes=(Change("entries_noted", {"works": works, "state": Entry.LETTER}),))


def taken_away(part: Mapping[str, Any], today: date) -> Outcome:
    """The file was taken back, or went with whoever sent it, before anybody else had it."""
    values = {"state": Held.GONE, "gone_on": today}
    change = Change("evidence_noted", {"files": [part["params"]["enclose"]], **values})
    return Outcome(part["house"], changes=(change,))


def _record(params: Params, by: str, answer: Mapping[str, Any], today: date) -> Outcome:
    works, reference = [work["work"] for work in params["works"]], _text(answer, "reference")
    data = {"works": works, "on": today.isoformat(), "reference": reference}
    values = {"state": Entry.DONE, "registered_on": today, "reference": reference, "told_by": by}
    change = Change("entries_noted", {"works": works, **values})
    return Outcome(deeds=(Deed("work_registered", by, data),), changes=(change,))


def _file(params: Params, by: str, answer: Mapping[str, Any], today: date) -> Outcome:
    reference = _text(answer, "reference")
    deed = Deed("evidence_handed_over", by, {"to": by, "files": [params["digest"]], "reference": reference})
    values = {"state": Held.HANDED, "handed_on": today, "handed_to": by, "reference": reference}
    return Outcome(deeds=(deed,), changes=(Change("evidence_noted", {"files": [params["enclose"]], **values}),))


def _contract(params: Params, by: str, answer: Mapping[str, Any], today: date) -> Outcome:
    status = _text(answer, "status")
    says = status if status in STATUSES else "unknown"
    values: dict[str, Any] = {"provider_says": says}
    if says == "confirmed":
        values |= {"confirmed_on": today, "confirmed_by": by}
    return Outcome(deeds=(Deed("history_confirmed", by, {"says": says}),), changes=(noted(**values),))


def _list(params: Params, by: str, answer: Mapping[str, Any], today: date) -> Outcome:
    """The list itself is the owner's: how many lines it has, and a digest by which it is known again, remain."""
    records = answer.get("records")
    lines = records if isinstance(records, list) else []
    text = json.dumps(lines, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    digest = hashlib.sha256(text.encode()).hexdigest()[:40]
    deed = Deed("history_listed", by, {"count": len(lines), "digest": digest})
    return Outcome(deeds=(deed,), changes=(noted(listed_on=today, listed_count=len(lines)),))


def _lookup(params: Params, by: str, answer: Mapping[str, Any], today: date) -> Outcome:
    """Who keeps it, as the council knows: shown to the staff, who confirm it with the owner."""
    raw = answer.get("found")
    rows = [row for row in raw if isinstance(row, Mapping)] if isinstance(raw, list) else []
    found = [{name: _text(row, name) for name in ("provider", "common_id")} for row in rows[:10]]
    deed = Deed("history_looked_up", by, {"found": len(found)})
    return Outcome(deeds=(deed,), changes=(noted(looked_up_on=today, looked_up=found),))


def _text(answer: Mapping[str, Any], name: str) -> str:
    value = answer.get(name)
    return value[:LONGEST] if isinstance(value, str) and value.isprintable() else ""


ANSWERS: Mapping[str, Callable[[Params, str, Mapping[str, Any], date], Outcome]] = {
    "provider_record": _record,
    "provider_file": _file,
    "provider_contract": _contract,
    "provider_list": _list,
    "provider_lookup": _lookup,
}
