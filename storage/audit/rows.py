"""What was done to a house, as its rows say it, against the facts that made them: both ways, field by field."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row

from bot.core.case import Basis
from bot.core.plan import Kind
from storage.audit.finding import Finding
from storage.record import Seal
from storage.witness import witness

OF_FILES = ("record_taken_in", "record_updated")


@dataclass(frozen=True, slots=True)
class Told:
    """A fact that rows follow from."""

    seq: int
    kind: str
    case_id: str
    data: Mapping[str, Any]
    by: str = ""


@dataclass(frozen=True, slots=True)
class Kept:
    """One house: its row, the facts that tell of the others, and those."""

    house: Row[Any]
    facts: Sequence[Told]
    works: Sequence[Row[Any]]
    records: Sequence[Row[Any]]
    plan: Sequence[Row[Any]]
    statements: Sequence[Row[Any]] = ()  # with the day on which whoever is named was erased
    loans: Sequence[Row[Any]] = ()
    only_here: frozenset[str] = frozenset()  # of who borrowed, those who never had another house

    def told(self, *kinds: str) -> Iterator[Told]:
        return (fact for fact in self.facts if fact.kind in kinds)

    def place(self, table: str, name: object) -> str:
        return f"{self.house.id}:{table}#{name}"


def rows(kept: Kept, seal: Seal) -> Iterator[Finding]:
    """Works and records that say otherwise than the facts, that no fact tells of, and that are gone."""
    yield from _opened(kept)
    yield from _closed(kept, seal)
    yield from _recorded(kept, seal)
    yield from _filed(kept, seal)


def differing(where: str, fact: Told, pairs: Mapping[str, tuple[object, object]]) -> Iterator[Finding]:
    """``pairs``: by name what the row says, and what the fact does."""
    for name, (said, told) in pairs.items():
        here, there = _plain(said), _plain(told)
        if here != there:
            yield Finding("row_differs", where, f"{name}: {here or 'nothing'}, fact #{fact.seq}: {there or 'nothing'}")


def _plain(value: object) -> str:
    return "" if value is None else str(value)


def gone(where: str, fact: Told) -> Finding:
    return Finding("row_gone", where, f"fact #{fact.seq} tells of it")


def _opened(kept: Kept) -> Iterator[Finding]:
    """What fell due, and when: a work keeps its days for good."""
    there = {work.id: work for work in kept.works}
    for fact in kept.told("work_opened"):
        data, work = fact.data, there.get(fact.data["work"])
        where = kept.place("works", data["work"])
        if work is None:
            yield gone(where, fact)
            continue
        pairs = {"code": (work.code, data["item"]), "due_on": (work.due_on, data["due_on"])}
        yield from differing(where, fact, pairs | {"backstop_on": (work.backstop_on, data["backstop_on"])})


def _closed(kept: Kept, seal: Seal) -> Iterator[Finding]:
    """A work is over because a fact says so, or because a person called its event off."""
    closed = {fact.data["work"]: fact for fact in kept.told("work_closed")}
    confirmed = {work for fact in kept.told("closure_confirmed") for work in fact.data["works"]}
    off = {fact.case_id for fact in kept.told("check_called_off", "loan_date_over", "provider_stays")}
    for work in kept.works:
        fact, where = closed.pop(work.id, None), kept.place("works", work.id)
        if fact is not None:
            basis = _basis(fact, confirmed)
            yield from differing(where, fact, _done(work, fact) | {"basis": (work.basis, basis)})
            yield from _words(where, fact, work, seal)
        elif work.basis is not None and not (work.basis == Basis.CALLED_OFF and work.case_id in off):
            yield Finding("row_untold", where, "no fact tells that it is over")
        elif work.basis is None and (work.done_on or work.result or work.performer):
            yield Finding("row_untold", where, "no fact tells that it was done")
    for work_id, fact in closed.items():
        yield gone(kept.place("works", work_id), fact)


def _basis(fact: Told, confirmed: set[str]) -> str:
    basis = str(fact.data["basis"])
    return Basis.BOTH if basis == Basis.UNCONFIRMED and fact.data["work"] in confirmed else basis


def _done(row: Row[Any], fact: Told) -> dict[str, tuple[object, object]]:
    return {
        "code": (row.code, fact.data["item"]),
        "done_on": (row.done_on, fact.data["done_on"]),
        "result": (row.result, fact.data["result"]),
    }


def _words(where: str, fact: Told, row: Row[Any], seal: Seal) -> Iterator[Finding]:
    """Part, performer and remark by the digest in the fact; an older fact knows only whether anybody was named."""
    note = row._mapping.get("note", "")
    if "witness" in fact.data:
        if fact.data["witness"] != witness(seal, row.house_id, row.part, row.performer, note):
            yield Finding("row_differs", where, f"part, performer or note: not those of fact #{fact.seq}")
        return
    entrusted = fact.data.get("entrusted_to")
    if (entrusted == "" and row.performer) or (entrusted == "other" and not row.performer):
        yield from differing(where, fact, {"performer": (row.performer, entrusted)})


def _recorded(kept: Kept, seal: Seal) -> Iterator[Finding]:
    """What came of our own works: one row for each, but for milestones, and for what a file's own row settled."""
    wanted = {fact.data["work"]: fact for fact in kept.told("work_closed") if _leaves_record(fact)}
    for row in kept.records:
        if not row.work_id:
            continue
        fact, where = wanted.pop(row.work_id, None), kept.place("records", row.id)
        if fact is None:
            yield Finding("row_untold", where, "no fact tells that this was done")
        else:
            yield from differing(where, fact, _done(row, fact))
            yield from _words(where, fact, row, seal)
    for work_id, fact in wanted.items():
        yield gone(kept.place("records", f"work {work_id}"), fact)


def _leaves_record(fact: Told) -> bool:
    return bool(fact.data["kind"] != Kind.MILESTONE and fact.data["basis"] != Basis.FILE)


def _filed(kept: Kept, seal: Seal) -> Iterator[Finding]:
    """What files told: known by item and day, as it was told last."""
    wanted = {(fact.data["item"], fact.data["done_on"]): fact for fact in kept.told(*OF_FILES)}
    for row in kept.records:
        if row.work_id:
            continue
        fact, where = wanted.pop((row.code, row.done_on.isoformat()), None), kept.place("records", row.id)
        if fact is None:
            yield Finding("row_untold", where, "no fact tells of it")
        else:
            yield from differing(where, fact, {"result": (row.result, fact.data["result"])})
            yield from _words(where, fact, row, seal)
    for (item, day), fact in wanted.items():
        yield gone(kept.place("records", f"{item} {day}"), fact)
