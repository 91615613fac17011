"""What is on record of companies, counted over the year before: see bot.core.signs for what it says."""

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.people import servicer_key
from bot.core.signs import WINDOW, Counted
from storage.companies import loads_of
from storage.tables import OF_COMPANIES, addresses, facts, houses, servicers

DEAD = "dead"  # why an address ended: nothing arrives there
KINDS = ("rung_reached", "visit_fixed", "visit_moved", "visit_fell_through", "matter_raised", "servicer_changed")
ASKED = frozenset({"servicer_asked", "servicer_confirm"})  # the rungs that ask; their reminders are called NAME_2, _3
HOUSES = 500  # in one statement
NOT_TAKEN = ("candidate_declined", "candidate_silent")


@dataclass(slots=True)
class _Tally:
    """What was found of one company so far."""

    requests: set[tuple[str, str]] = field(default_factory=set)
    late: set[tuple[str, str]] = field(default_factory=set)
    visits: int = 0
    fell_through: int = 0
    declines: int = 0


async def counted(connection: AsyncConnection, servicer_ids: Sequence[str], now: datetime) -> dict[str, Counted]:
    """These companies by their id, as the record of their houses stands at ``now``.

    A house that has another company since is still looked at: what was said of the first is not over with it.
    """
    since = now - WINDOW
    aside = await _of_companies(connection, since)
    tallies: dict[str, _Tally] = defaultdict(_Tally)
    for fact in aside:
        if fact.kind in NOT_TAKEN:
            tallies[json.loads(fact.data)["candidate"]].declines += 1
    left = {fact.house_id for fact in aside if json.loads(fact.data).get("from") in map(servicer_key, servicer_ids)}
    present = await _houses(connection, servicer_ids, left)
    for part in _parts(sorted(present)):
        for house_id, told in (await _facts(connection, part, since)).items():
            _count(tallies, told, servicer_key(present[house_id]))
    return await _whole(connection, servicer_ids, tallies)


async def _of_companies(connection: AsyncConnection, since: datetime) -> Sequence[Any]:
    """What the record says of companies beside their houses: declined, silent, replaced."""
    query = select(facts.c.house_id, facts.c.kind, facts.c.data).where(text(OF_COMPANIES), facts.c.at >= since)
    return (await connection.execute(query)).all()


async def _houses(connection: AsyncConnection, servicer_ids: Sequence[str], left: set[str]) -> dict[str, str]:
    """The houses that these companies have or had, each with the company that it has now."""
    query = select(houses.c.id, houses.c.servicer_id)
    rows = list((await connection.execute(query.where(houses.c.servicer_id.in_(servicer_ids)))).all())
    for part in _parts(sorted(left)):
        rows += (await connection.execute(query.where(houses.c.id.in_(part)))).all()
    return {row.id: row.servicer_id or "" for row in rows}


async def _facts(connection: AsyncConnection, part: Sequence[str], since: datetime) -> dict[str, list[Row[Any]]]:
    table = facts.c
    mine = select(facts).where(table.house_id.in_(part), table.at >= since, table.kind.in_(KINDS))
    found: dict[str, list[Row[Any]]] = defaultdict(list)
    for row in (await connection.execute(mine.order_by(table.house_id, table.seq))).all():
        found[row.house_id].append(row)
    return found


def _count(tallies: dict[str, _Tally], told: Sequence[Row[Any]], now: str) -> None:
    """The record of one house in its order; ``now`` is its company today."""
    read = [(fact, json.loads(fact.data)) for fact in told]
    changes = [data["from"] for fact, data in read if fact.kind == "servicer_changed"]
    company = changes[0] if changes else now
    for fact, data in read:
        if fact.kind == "servicer_changed":
            company = data["to"]
        else:
            _add(tallies[company], fact, data)


def _add(tally: _Tally, fact: Row[Any], data: dict[str, Any]) -> None:
    if fact.kind == "rung_reached":
        name, _, again = data["rung"].rpartition("_")
        root = name if again.isdigit() else data["rung"]
        if root in ASKED:
            tally.requests.add((fact.case_id, root))
            tally.late |= {(fact.case_id, root)} if again.isdigit() else set()
    tally.visits += fact.kind in ("visit_fixed", "visit_moved")
    tally.fell_through += fact.kind == "visit_fell_through"
    tally.declines += fact.kind == "matter_raised" and data["reason"] == "cannot" and fact.by.startswith("servicer:")


async def _whole(
    connection: AsyncConnection, servicer_ids: Sequence[str], tallies: dict[str, _Tally]
) -> dict[str, Counted]:
    """The tallies with what stands in the companies' own rows."""
    rows = (await connection.execute(select(servicers).where(servicers.c.id.in_(servicer_ids)))).all()
    loads = await loads_of(connection, servicer_ids)
    mine = addresses.c.person_id.in_([servicer_key(servicer_id) for servicer_id in servicer_ids])
    reach: dict[str, tuple[tuple[str, ...], bool]] = defaultdict(lambda: ((), False))
    query = select(addresses.c.person_id, addresses.c.channel, addresses.c.ended_at, addresses.c.ended_why)
    for row in (await connection.execute(query.where(mine).order_by(addresses.c.channel))).all():
        dead, reached = reach[row.person_id]
        gone = (row.channel,) if row.ended_at is not None and row.ended_why == DEAD else ()
        reach[row.person_id] = ((*dead, *gone), reached or row.ended_at is None)
    keys = {row.id: servicer_key(row.id) for row in rows}
    return {row.id: _counted(row, tallies[keys[row.id]], loads.get(row.id, 0), reach[keys[row.id]]) for row in rows}


def _counted(row: Row[Any], tally: _Tally, load: int, reach: tuple[tuple[str, ...], bool]) -> Counted:
    """``reach``: the channels that are dead, and whether another lives."""
    dead, reached = reach
    return Counted(
        requests=len(tally.requests),
        late=len(tally.late),
        visits=max(tally.visits, tally.fell_through),
        fell_through=tally.fell_through,
        declines=tally.declines,
        load=load,
        capacity=row.capacity_per_month,
        licence_until=row.licence_until,
        dead=tuple(dict.fromkeys(dead)),
        reached=reached,
    )


def _parts(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    return (ids[start : start + HOUSES] for start in range(0, len(ids), HOUSES))
