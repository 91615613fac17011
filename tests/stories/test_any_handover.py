"""Prepared, approved, begun, answered, taken back, broken off, in any order: every work has a holder at any moment."""

import random
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from scheduler.handover import Closing, carry_on, prepare
from scheduler.taking_back import undo, undo_house
from storage.pins import Pins
from storage.reviews import HandoverError, approve
from storage.store import Store
from storage.tables import cases, people, works
from tests.stories.town import Town

SATO, HOUSES, STEPS = "staff:sato", ("H1", "H2", "H3"), 25
COMPANIES = [
    {"servicer_id": "B1", "name": "丸太工務店", "status": "営業"},
    {"servicer_id": "B2", "name": "あおぞら建設", "status": "営業", "area": "東京都世田谷区"},
    {"servicer_id": "B3", "name": "みどり点検", "status": "営業", "area": "東京都世田谷区"},
]


class CrashError(RuntimeError):
    """The process died."""


@dataclass(frozen=True)
class Dying:
    """A store whose process dies with everything done and nothing committed."""

    store: Store

    @property
    def pins(self) -> Pins:
        return self.store.pins

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        async with self.store.write() as connection:
            yield connection
            raise CrashError

    def read(self) -> Any:
        return self.store.read()


class Closure:
    """A town whose company closes, lived through at random."""

    def __init__(self, town: Town, seed: int) -> None:
        self.town, self.chance, self.store = town, random.Random(seed), town.service.store
        self.log = [f"seed {seed}"]

    async def begin(self) -> None:
        await self.town.companies(COMPANIES)
        async with self.store.write() as connection:
            await connection.execute(insert(people).values(id=SATO, name="佐藤", staff_role="supervisor"))
        for house, day in zip(HOUSES, ("2022-04-01", "2022-04-01", "2024-04-01"), strict=True):
            await self.town.house(house, address="東京都世田谷区太子堂1-2-3", handed_over_on=day)
        await self.town.until("2027-01-05")

    async def step(self) -> None:
        deeds: list[Callable[[Store], Awaitable[Any]]] = [self.prepared, self.approved, self.carried, self.carried]
        deeds += [self.answered] * 6 + [self.taken_back, self.house_back, self.time]
        deed = self.chance.choice(deeds)
        dies = self.chance.random() < 0.2
        self.log.append(f"{deed.__name__}{', and dies' if dies else ''}")
        try:
            await deed(Dying(self.store) if dies else self.store)
        except (HandoverError, CrashError) as error:
            self.log.append(f"  {error!r}")

    async def prepared(self, store: Store) -> None:
        await prepare(store, Closing("B1", "closed"), self.town.service.clock.now())

    async def approved(self, store: Store) -> None:
        await approve(store, self.chance.randint(1, 2), SATO, self.town.service.clock.now())

    async def carried(self, store: Store) -> None:
        await carry_on(store, self.town.service.clock.now())

    async def taken_back(self, store: Store) -> None:
        if self.chance.random() < 0.4:
            await undo(store, self.chance.randint(1, 2), self.town.service.clock.now())

    async def house_back(self, store: Store) -> None:
        await undo_house(store, self.chance.randint(1, 2), self.chance.choice(HOUSES), self.town.service.clock.now())

    async def time(self, store: Store) -> None:
        await self.town.skip_to((self.town.today + timedelta(days=self.chance.choice((1, 3, 12)))).isoformat())

    async def answered(self, store: Store) -> None:
        """Whoever is asked about a house says something: a company yes, with a fee, or no; an owner yes or no."""
        asked = [case for house in HOUSES for case in (await self.town.view(house))["cases"]]
        asked = [case for case in asked if case["state"].get("candidacy")]
        if not asked:
            return
        case = self.chance.choice(asked)
        company = case["state"]["candidacy"]["servicer"]
        about, yes = f"{case['id']}:{case['round']}", self.chance.random() < 0.7
        if case["state"]["candidacy"]["accepted"]:
            await self.town.says(f"owner:O-{case['house_id']}", action=f"{'agree' if yes else 'disagree'}:{about}")
        elif yes:
            await self.town.says(company, action=f"take_on:{about}")
            await self.town.says(company, "3万円です")
            await self.town.says(company, "はい")
        else:
            await self.town.says(company, action=f"turn_down:{about}")

    async def all_are_held(self) -> None:
        async with self.store.read() as connection:
            query = select(works.c.id, cases.c.holder, cases.c.next_action_at).join(
                cases, cases.c.id == works.c.case_id
            )
            rows = (await connection.execute(query.where(works.c.basis.is_(None)))).all()
        assert rows
        assert all(row.holder and row.next_action_at for row in rows)
        await self.town.all_is_well()


@pytest.mark.parametrize("seed", range(4))
async def test_every_work_has_a_holder_whatever_happens(town: Town, seed: int):
    closure = Closure(town, seed)
    await closure.begin()
    for _ in range(STEPS):
        await closure.step()
        try:
            await closure.all_are_held()
        except AssertionError as error:
            raise AssertionError("\n".join([*closure.log, str(error)])) from error
    assert any(line.startswith(("prepared", "approved")) for line in closure.log)
