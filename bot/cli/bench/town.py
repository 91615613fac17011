"""A town of any size, written straight into the tables: five-year-old houses of which so many are due on each day.

Every house has twenty lines of the guide plan, its smaller inspections of the years two, three and four on record, an
owner and a servicer with mail addresses, and both consents. Dates are those that the sweep itself would have written
on the quiet day before anything is due.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from random import Random
from typing import Any

from sqlalchemy import Table, insert, literal, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.cli.bench.past import Visit, company_of, live, mailbox_of
from bot.core.days import add_months, add_years, morning
from bot.core.history.access import CHECK_MONTHS, NOBODY
from bot.core.house import House, Household
from bot.core.ladder import VISIT_LEAD
from bot.core.ledger import Ledger
from bot.core.opening import sweep
from bot.core.outcome import Deed
from bot.core.people import owner_key, servicer_key
from bot.core.plan import DoneBy, Kind, PlanItem, Record, occurrences
from bot.intake.guide import guide_plan
from storage.record import Seal, append
from storage.store import Store
from storage.tables import addresses, histories, house_owners, houses, mandates, people, plan_items, records, servicers
from storage.witness import plan_witness, witness

QUIET_DAY = date(2027, 1, 18)
TAKEN_IN_ON = date(2026, 1, 5)
YEARS, PLAN_YEARS = 5, 50
HOUSES_EACH = 100  # of one servicer
CHUNK = 5000  # houses written in one transaction
SEED = 20270118
BEYOND = ("雨どい", "軒裏")  # what the guide plan holds beyond twenty lines
KINDS = {"点検": Kind.INSPECTION, "修繕": Kind.REPAIR, "交換": Kind.REPLACEMENT}
Row = dict[str, Any]


@cache
def items() -> tuple[PlanItem, ...]:
    """The plan of every house of the town."""
    lines = [line for line in guide_plan("") if line.item_name not in BEYOND]
    return tuple(
        PlanItem(
            code=line.item_code,
            part=line.item_name,
            kind=KINDS[line.kind],
            first_year=line.first_year,
            interval_years=line.interval_years,
            statutory=line.statutory,
            done_by=DoneBy.SERVICER,
            source=line.source,
        )
        for line in lines
    )


@dataclass(frozen=True, slots=True)
class Model:
    """The first house of a handover date: all others of that date are copies of it.

    ``done`` is what files told of, the latest last; ``visited`` what we saw to ourselves, where anything was.
    """

    house_id: str
    handed_over_on: date
    wake_on: date
    plan: list[Row]
    done: list[Row]
    visited: Record | None = None


def model_for(house_id: str, due: date, *, lived: bool = False) -> Model:
    """A house for which the sweep has something to do on ``due``, and not before.

    Where it is ``lived`` in we saw to what was done last ourselves.
    """
    handed_over_on = add_years(due + timedelta(days=VISIT_LEAD), -YEARS)
    house = House(house_id, handed_over_on, handed_over_on, PLAN_YEARS, handed_over_on, common_id="known")
    plan = items()
    done = [
        Record(item.code, item.part, day)
        for item in plan
        for day in occurrences(handed_over_on, item, PLAN_YEARS)
        if day <= QUIET_DAY
    ]
    done.sort(key=lambda record: record.done_on)
    seen = sweep(Ledger(Household(house, (), None, mandated=True), tuple(plan), tuple(done)), morning(QUIET_DAY))
    assert not seen.cases, "a house of the town is due too early"
    noted = seen.changes[0].data
    filed, visited = (done[:-1], done[-1]) if lived else (done, None)
    return Model(
        house_id,
        handed_over_on,
        seen.wake_on or due,
        [_plan_row(house_id, item, *noted[item.code]) for item in plan],
        [{"house_id": house_id, "code": r.code, "part": r.part, "done_on": r.done_on, "result": "良"} for r in filed],
        visited,
    )


def _plan_row(house_id: str, item: PlanItem, next_due_on: date | None, stop: date | None, gaps: int) -> Row:
    given = {"item_name": item.part, "kind": item.kind, "first_year": item.first_year}
    return {
        "house_id": house_id,
        "code": item.code,
        "version": item.version,
        "part": item.part,
        "kind": item.kind,
        "first_year": item.first_year,
        "interval_years": item.interval_years,
        "statutory": item.statutory,
        "done_by": item.done_by,
        "fields": given | {"interval_years": item.interval_years, "done_by": None, "legal_class": None},
        "source": item.source,
        "current": True,
        "next_due_on": next_due_on,
        "backstop_on": stop,
        "gaps_noted": gaps,
    }


def due_days(count: int, due: Mapping[date, int], rest: Sequence[date]) -> list[date]:
    """The day on which each house is due: so many on each day of ``due``, all others spread over ``rest``.

    Mixed by a fixed seed, so that what is due on one day lies scattered among all houses.
    """
    days = [day for day, many in due.items() for _ in range(many)][:count]
    days += [rest[n % len(rest)] for n in range(count - len(days))]
    Random(SEED).shuffle(days)
    return days


async def settle(store: Store, days: Sequence[date], *, told: bool = False, lived: bool = False) -> None:
    """Writes a town of as many houses as there are days, each due on its own.

    With ``told`` the facts of taking them in too; ``lived``, those and what lies behind each house.
    """
    firms = [f"B{n:05d}" for n in range(-(-len(days) // HOUSES_EACH))]
    async with store.write() as connection:
        await _companies(connection, firms)
    models: dict[date, Model] = {}
    for start in range(0, len(days), CHUNK):
        numbered = [(start + n, day) for n, day in enumerate(days[start : start + CHUNK])]
        first = {day: n for n, day in reversed(numbered) if day not in models}
        new = {day: model_for(_house_id(n), day, lived=lived) for day, n in first.items()}
        models |= new
        async with store.write() as connection:
            await _houses(connection, [(n, models[day]) for n, day in numbered], firms)
            await _plans(connection, list(new.values()), _house_id(start))
            if told or lived:
                await _facts(connection, store, [(n, models[day]) for n, day in numbered])
            if lived:
                await live(connection, store, [_visit(n, models[day], firms) for n, day in numbered])


async def _companies(connection: AsyncConnection, firms: Sequence[str]) -> None:
    named = [{"id": servicer_key(firm), "name": company_of(firm)} for firm in firms]
    await connection.execute(insert(people), named)
    await connection.execute(insert(servicers), [{"id": firm, "status": "営業"} for firm in firms])
    await connection.execute(insert(addresses), [mailbox_of(row["id"]) for row in named])


async def _houses(connection: AsyncConnection, chunk: Sequence[tuple[int, Model]], firms: Sequence[str]) -> None:
    pairs = [{"house_id": _house_id(n), "person_id": owner_key(f"{n:07d}")} for n, _ in chunk]
    given = {"information_on": QUIET_DAY, "mandate_on": QUIET_DAY}
    await connection.execute(insert(people), [{"id": pair["person_id"], "name": "山田 太郎"} for pair in pairs])
    await connection.execute(insert(addresses), [mailbox_of(pair["person_id"]) for pair in pairs])
    await connection.execute(insert(houses), [_house(n, model, firms[n // HOUSES_EACH]) for n, model in chunk])
    # Its owner has said on the quiet day that nobody keeps its history: nobody is asked again for a year.
    said = {"answer": NOBODY, "answered_on": QUIET_DAY, "look_on": add_months(QUIET_DAY, CHECK_MONTHS)}
    await connection.execute(insert(histories), [{"house_id": row["house_id"], **said} for row in pairs])
    await connection.execute(insert(house_owners), pairs)
    await connection.execute(insert(mandates), [pair | given for pair in pairs])


def _visit(n: int, model: Model, firms: Sequence[str]) -> Visit:
    assert model.visited is not None
    (item,) = (item for item in items() if item.code == model.visited.code)
    return Visit(n, _house_id(n), firms[n // HOUSES_EACH], item, model.visited.done_on)


def _house_id(n: int) -> str:
    return f"H{n:07d}"


def _house(n: int, model: Model, firm: str) -> Row:
    return {
        "id": _house_id(n),
        "common_id": f"C{n:07d}",
        "certificate_no": model.house_id,  # serves here as the house whose copy it is
        "builder_id": firm,
        "servicer_id": firm,
        "address": "東京都縁側区桜町1-2-3",
        "handed_over_on": model.handed_over_on,
        "plan_years": PLAN_YEARS,
        "taken_in_on": model.handed_over_on,
        "mandated": True,
        "wake_on": model.wake_on,
        "plan_version": 1,
    }


async def _plans(connection: AsyncConnection, new: Sequence[Model], first: str) -> None:
    """Plan rows and records: those of new models, and copies for all other houses from ``first`` on."""
    for table, rows in (
        (plan_items, [row for model in new for row in model.plan]),
        (records, [row for model in new for row in model.done]),
    ):
        if rows:
            await connection.execute(insert(table), rows)
        await _copy(connection, table, first)


async def _copy(connection: AsyncConnection, table: Table, first: str) -> None:
    """Inside the database, because these are the most rows by far."""
    own = ("id", "house_id")
    columns = [column for column in table.c if column.name not in own]
    copies = (
        select(houses.c.id, *columns)
        .join_from(houses, table, table.c.house_id == houses.c.certificate_no)
        .where(houses.c.id >= literal(first), houses.c.id != houses.c.certificate_no)
        .order_by(houses.c.id)
    )
    await connection.execute(insert(table).from_select(["house_id", *(c.name for c in columns)], copies))


async def _facts(connection: AsyncConnection, store: Store, chunk: Sequence[tuple[int, Model]]) -> None:
    """What taking these houses in would have written."""
    seal = store.pins.seal
    deeds = [(_house_id(n), deed) for n, model in chunk for deed in _deeds(seal, _house_id(n), model)]
    await append(connection, seal, deeds, morning(TAKEN_IN_ON))


def _deeds(seal: Seal, house_id: str, model: Model) -> Iterator[Deed]:
    yield Deed("house_taken_in", "import", {"guarantee": {}})
    rows = plan_witness(seal, [row | {"house_id": house_id} for row in model.plan])
    yield Deed("plan_taken_in", "import", {"version": 1, "items": len(model.plan), "default": True, "witness": rows})
    for row in model.done:
        words = witness(seal, house_id, row["part"], "")
        told = {"item": row["code"], "done_on": row["done_on"].isoformat(), "result": row["result"], "witness": words}
        yield Deed("record_taken_in", "import", told)
