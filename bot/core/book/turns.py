"""How companies and owners followed each other, from the facts."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.core.days import civil

Facts = Iterable[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Turn:
    """Another company from that day on. ``before`` is empty where the fact does not tell who it was until then."""

    on: date
    before: str
    now: str
    fact: int | None


def turns(facts: Facts) -> Iterator[Turn]:
    """By the staff's choice or by a builder's file; companies by their own ids."""
    for fact in facts:
        data, day = fact["data"], civil(fact["at"])
        if fact["kind"] == "servicer_changed":
            before, now = (data[name].removeprefix("servicer:") for name in ("from", "to"))
            yield Turn(day, before, now, fact["seq"])
        elif fact["kind"] == "house_updated" and "servicer_id" in data["fields"]:
            before = data.get("from", "").removeprefix("servicer:")  # older facts do not tell it
            yield Turn(day, before, data["fields"]["servicer_id"], fact["seq"])


def came_by(facts: Facts, owner_id: str) -> Mapping[str, Any] | None:
    """The fact by which somebody came to own the house; None for whoever owned it when it was taken in."""
    for fact in facts:
        if fact["kind"] == "owners_changed":
            if owner_id in fact["data"]["now"]:
                return fact
            if owner_id in fact["data"]["ended"]:
                return None
    return None
