"""Plan rows and records."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.plan import DoneBy, Kind
from storage.intake.batch import Arrival, Row, add, change
from storage.tables import houses, plan_items, records
from storage.witness import plan_witness, witness

KINDS = {"点検": Kind.INSPECTION, "修繕": Kind.REPAIR, "交換": Kind.REPLACEMENT}
DONE_BY = {"所有者": DoneBy.OWNER, "事業者": DoneBy.SERVICER, "どちらでも": DoneBy.EITHER, None: DoneBy.SERVICER}
COMPARED = ("part", "kind", "first_year", "interval_years", "statutory", "done_by")


async def take_plans(connection: AsyncConnection, arrival: Arrival, rows: Sequence[Row]) -> None:
    """Adds or updates plan rows: a builder's row replaces a guide, and what differs makes a new version of the plan.

    One version for all that a file changes, however many batches its rows come in.
    """
    wanted: dict[str, dict[str, dict[str, Any]]] = defaultdict(dict)
    for row in rows:
        wanted[row["house_id"]][row["item_code"]] = _columns(row)
    known = await _current(connection, wanted)
    versions = await _versions(connection, wanted)
    new: list[dict[str, Any]] = []
    over: list[dict[str, str]] = []
    for house_id, items in wanted.items():
        before = known[house_id]
        changed = {code: item for code, item in items.items() if _differs(item, before.get(code))}
        if not changed:
            continue
        replaced = _replaced(before, changed)
        another = before and house_id not in arrival.renewed
        version = versions[house_id] + 1 if another else max(versions[house_id], 1)
        new += [item | {"version": version, "gaps_noted": _noted(item, before)} for item in changed.values()]
        over += [{"house": house_id, "item": code} for code in replaced]
        versions[house_id] = version
        arrival.renewed.add(house_id)
        arrival.touched.add(house_id)
        told = {"witness": plan_witness(arrival.seal, changed.values())}
        default = bool(next(iter(changed.values()))["source"])
        arrival.fact(house_id, "plan_taken_in", version=version, items=len(changed), default=default, **told)
    if over:
        mine = (plan_items.c.house_id == bindparam("house"), plan_items.c.code == bindparam("item"))
        ended = update(plan_items).where(*mine, plan_items.c.current).values(current=False)
        await connection.execute(ended, over)
    await add(connection, plan_items, new)
    await change(connection, houses, [{"id": house_id, "plan_version": n} for house_id, n in versions.items()])


def _columns(row: Row) -> dict[str, Any]:
    given = {
        name: row[name] for name in ("item_name", "kind", "first_year", "interval_years", "legal_class", "done_by")
    }
    return {
        "house_id": row["house_id"],
        "code": row["item_code"],
        "part": row["item_name"],
        "kind": KINDS[row["kind"]],
        "first_year": row["first_year"],
        "interval_years": row["interval_years"],
        "statutory": row["statutory"],
        "done_by": DONE_BY[row["done_by"]],
        "fields": given,
        "source": row["source"],
    }


async def _current(connection: AsyncConnection, house_ids: Iterable[str]) -> dict[str, dict[str, Any]]:
    known: dict[str, dict[str, Any]] = defaultdict(dict)
    query = select(plan_items).where(plan_items.c.house_id.in_(list(house_ids)), plan_items.c.current)
    for row in await connection.execute(query):
        known[row.house_id][row.code] = row._mapping
    return known


async def _versions(connection: AsyncConnection, house_ids: Iterable[str]) -> dict[str, int]:
    query = select(houses.c.id, houses.c.plan_version).where(houses.c.id.in_(list(house_ids)))
    return {row.id: row.plan_version for row in await connection.execute(query)}


def _differs(item: Mapping[str, Any], before: Mapping[str, Any] | None) -> bool:
    return before is None or any(item[name] != before[name] for name in (*COMPARED, "fields", "source"))


def _noted(item: Mapping[str, Any], before: Mapping[str, Any]) -> int:
    """Of how many occurrences the gaps are facts: those known before where the days stay, none of a new grid."""
    old = before.get(item["code"])
    grid = ("first_year", "interval_years")
    return int(old["gaps_noted"]) if old and all(old[name] == item[name] for name in grid) else 0


def _replaced(before: Mapping[str, Any], changed: Mapping[str, Any]) -> list[str]:
    """The rows that end: those of the same code, and the whole guide plan when the builder's own comes."""
    own = any(not item["source"] for item in changed.values())
    return [code for code, row in before.items() if code in changed or (own and row["source"])]


async def take_records(connection: AsyncConnection, arrival: Arrival, rows: Sequence[Row]) -> None:
    """Adds records; one that is known by house, item and day is updated where it differs."""
    ids = list({row["house_id"] for row in rows})
    parts = {
        (house_id, code): item["part"]
        for house_id, items in (await _current(connection, ids)).items()
        for code, item in items.items()
    }
    query = select(records).where(records.c.house_id.in_(ids), records.c.source != "engawa")
    known = {(row.house_id, row.code, row.done_on): row for row in await connection.execute(query)}
    new, changed = {}, []
    for row in rows:
        key = (row["house_id"], row["item_code"], row["done_on"])
        before = known.get(key)
        values = {name: row[name] or getattr(before, name, "") for name in ("performer", "result", "note")}
        part = parts.get(key[:2], "") if before is None else before.part
        if before is None:
            place = {"house_id": key[0], "code": key[1], "done_on": key[2], "part": part}
            new[key] = place | values | {"source": f"file:{arrival.source}"}
        elif any(value != getattr(before, name) for name, value in values.items()):
            changed.append({"id": before.id, **values})
        else:
            continue
        kind = "record_taken_in" if before is None else "record_updated"
        words = witness(arrival.seal, key[0], part, values["performer"], values["note"])
        arrival.fact(key[0], kind, item=key[1], done_on=key[2].isoformat(), result=values["result"], witness=words)
        arrival.touched.add(key[0])
    await add(connection, records, list(new.values()))
    await change(connection, records, changed)
