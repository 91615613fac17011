"""What the importer has to know of what is stored, asked in batches and answered by whoever stores.

The importer itself never looks anything up: it hands out an ``Ask`` and is sent the ``Known`` that answers it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from bot.core.submitter import HeldHouse
from bot.intake.rows import HouseRow, LoanRow, PlanRow, RecordRow, Row, ServicerRow

RecordKey = tuple[str, str, date]  # house, item, day


@dataclass(frozen=True, slots=True)
class Contacts:
    """How an owner is reached, and called."""

    owner_name: str
    owner_kana: str | None = None
    language: str = "ja"
    addresses: tuple[tuple[str, str], ...] = ()
    phone: str | None = None
    channel_order: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class KnownHouse:
    """A stored house, as far as rows about it are judged by it."""

    handed_over_on: date
    owner_id: str | None = None


@dataclass(frozen=True, slots=True)
class KnownPlan:
    """The item codes of a house's current plan; ``guide`` where it is a default that any real row replaces."""

    item_codes: frozenset[str]
    guide: bool = False


@dataclass(frozen=True, slots=True)
class Ask:
    """What must be known before the rows at hand can be judged. A field left empty asks for nothing.

    ``guarded`` asks whose everything is that is named: see bot.intake.scope.
    """

    servicers: frozenset[str] = frozenset()
    closed: frozenset[str] = frozenset()  # servicer ids
    houses: frozenset[str] = frozenset()
    common_ids: frozenset[str] = frozenset()
    guarantee_nos: frozenset[str] = frozenset()
    owners: frozenset[str] = frozenset()
    plans: frozenset[str] = frozenset()  # house ids
    records: frozenset[RecordKey] = frozenset()
    guarded: bool = False


@dataclass(frozen=True, slots=True)
class Known:
    """The answer: only what is stored is in it. Ids of houses hold the value asked about (common ID, number).

    ``closed`` are companies that a handover has closed, which no file reopens. ``held`` are all houses that a guarded
    answer names, ``owned`` those of each owner who is known.
    """

    servicers: frozenset[str] = frozenset()
    closed: frozenset[str] = frozenset()
    houses: Mapping[str, KnownHouse] = field(default_factory=dict)
    common_ids: Mapping[str, str] = field(default_factory=dict)
    guarantee_nos: Mapping[str, str] = field(default_factory=dict)
    owners: Mapping[str, Contacts] = field(default_factory=dict)
    plans: Mapping[str, KnownPlan] = field(default_factory=dict)
    records: Mapping[RecordKey, RecordRow] = field(default_factory=dict)
    held: Mapping[str, HeldHouse] = field(default_factory=dict)
    owned: Mapping[str, frozenset[str]] = field(default_factory=dict)


class Store(Protocol):
    """Somewhere rows are kept: answers what is asked, and takes what was accepted."""

    def answer(self, ask: Ask) -> Known: ...

    def keep(self, rows: tuple[Row, ...]) -> None: ...


def contacts_of(house: HouseRow) -> Contacts:
    """What a row says about how its owner is reached."""
    return Contacts(
        house.owner_name, house.owner_kana, house.language, house.addresses, house.phone, house.channel_order
    )


class MemoryStore:
    """Everything in memory: for trials and tests. With ``keeps`` false it forgets, as a dry run does."""

    def __init__(self, keeps: bool = True) -> None:
        self._keeps = keeps
        self.servicers: dict[str, ServicerRow] = {}
        self.houses: dict[str, HouseRow] = {}
        self.plans: dict[str, dict[str, PlanRow]] = {}
        self.records: dict[RecordKey, RecordRow] = {}
        self.loans: dict[tuple[str, int], LoanRow] = {}
        self.owners: dict[str, Contacts] = {}

    def answer(self, ask: Ask) -> Known:
        return Known(
            servicers=ask.servicers & self.servicers.keys(),
            houses={
                id: KnownHouse(self.houses[id].handed_over_on, self.houses[id].owner_id)
                for id in ask.houses & self.houses.keys()
            },
            common_ids={h.common_id: h.house_id for h in self.houses.values() if h.common_id in ask.common_ids},
            guarantee_nos={
                h.guarantee_no: h.house_id for h in self.houses.values() if h.guarantee_no in ask.guarantee_nos
            },
            owners={id: self.owners[id] for id in ask.owners & self.owners.keys()},
            plans={
                id: KnownPlan(frozenset(self.plans[id]), any(row.source for row in self.plans[id].values()))
                for id in ask.plans & self.plans.keys()
            },
            records={key: self.records[key] for key in ask.records & self.records.keys()},
        )

    def keep(self, rows: tuple[Row, ...]) -> None:
        for row in rows if self._keeps else ():
            self._keep(row)

    def _keep(self, row: Row) -> None:
        match row:
            case ServicerRow():
                self.servicers[row.servicer_id] = row
            case HouseRow():
                self.houses[row.house_id] = row
                if row.owner_id and row.contacts_hold:
                    self.owners[row.owner_id] = contacts_of(row)
            case PlanRow():
                plan = self.plans.setdefault(row.house_id, {})
                if not row.source and any(item.source for item in plan.values()):
                    plan.clear()
                plan[row.item_code] = row
            case RecordRow():
                self.records[(row.house_id, row.item_code, row.done_on)] = row
            case LoanRow():
                self.loans[(row.house_id, row.loan_no)] = row
