"""What a house's row says of its guarantee, against the facts that told it."""

from collections.abc import Iterator, Mapping

from storage.audit.finding import Finding
from storage.audit.rows import Kept, Told, differing
from storage.record import Seal
from storage.witness import number_witness

GUARANTEED = ("guarantee_lapsed", "risk_began")  # what befalls a guarantee alone
UNDOING = {"guarantee_lapsed": "lapse_undone"}  # by what such a fact is taken back


def guarantees(kept: Kept, seal: Seal) -> Iterator[Finding]:
    """Number, month, end and lapse. An older house's first number and month stand in no fact: these are let be."""
    where = f"{kept.house.id}:guarantee"
    yield from _number(kept, seal, where)
    months = [(fact, _month(fact)) for fact in kept.facts]
    told = next(((fact, month) for fact, month in reversed(months) if month is not None), None)
    if told is not None:
        yield from differing(where, told[0], {"residual_month": (kept.house.residual_month, told[1])})
    for kind, name in (("guarantee_lapsed", "lapsed_on"), ("guarantee_ended", "guarantee_ended_on")):
        yield from _day(kept, kind, name)


def _number(kept: Kept, seal: Seal, where: str) -> Iterator[Finding]:
    """The last fact of a number, or of something that befalls a guarantee alone."""
    mine = number_witness(seal, kept.house.id, kept.house.guarantee_no) if kept.house.guarantee_no else ""
    for fact in reversed(kept.facts):
        if fact.kind in GUARANTEED and not mine:
            yield Finding("row_differs", where, f"no number, fact #{fact.seq} tells of a guarantee")
            return
        told = _told(fact)
        if told is not None:
            if mine != told and (told != "?" or not mine):
                yield Finding("row_differs", where, f"the number is not that of fact #{fact.seq}")
            return


def _told(fact: Told) -> str | None:
    """The digest of the number that a fact tells; empty for none, ``?`` for one unknown; None: it tells nothing."""
    data: Mapping[str, object] = fact.data
    if fact.kind == "guarantee_told":
        return str(data.get("witness", "?")) if data["guaranteed"] else ""
    name = "guarantee" if fact.kind == "house_taken_in" else "fields"
    given = data.get(name)
    if fact.kind not in ("house_taken_in", "house_updated") or not isinstance(given, dict):
        return None
    return given.get("guarantee_no", "" if fact.kind == "house_taken_in" else None)


def _month(fact: Told) -> str | None:
    """The month that a fact tells; empty for none."""
    if fact.kind == "residual_month_told":
        return str(fact.data["on"])
    if fact.kind == "house_taken_in" and "guarantee" in fact.data:
        return str(fact.data["guarantee"].get("residual_month", ""))
    fields = fact.data.get("fields") if fact.kind == "house_updated" else None
    return fields.get("residual_month") if fields else None


def _day(kept: Kept, kind: str, name: str) -> Iterator[Finding]:
    """The day of the last such fact; an end goes with the number that it was of."""
    stored = kept.house._mapping[name]
    fact = next((fact for fact in reversed(kept.facts) if fact.kind in (kind, UNDOING.get(kind))), None)
    where = f"{kept.house.id}:guarantee"
    if fact is None:
        if stored is not None:
            yield Finding("row_untold", where, f"no fact tells {name} {stored}")
    elif fact.kind != kind:
        yield from differing(where, fact, {name: (stored, None)})
    elif stored is not None or not any(_told(later) is not None for later in kept.facts if later.seq > fact.seq):
        yield from differing(where, fact, {name: (stored, fact.data["on"])})
