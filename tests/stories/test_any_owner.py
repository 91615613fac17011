"""Whatever is reported, recorded, undone, agreed to, declined or withdrawn, in any order: nothing is ever an orphan."""

import random
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from bs4 import Tag
from sqlalchemy import select

from bot.core.people import Role
from storage.tables import house_owners
from tests.counterparts.database import walks
from tests.handlers.web.street import Street, street_at
from tests.stories.test_new_owner import SATO, joins

KINDS = ("sale", "inheritance", "divorce", "buyback", "death")
STEPS = 14


@pytest_asyncio.fixture
async def street(tmp_path: Path, database_url: str) -> AsyncIterator[Street]:
    async with street_at(tmp_path, "2026-11-01", database_url) as found:
        yield found


class Ownership:
    """One house that changes hands at random."""

    def __init__(self, street: Street, seed: int) -> None:
        self.street, self.town, self.chance = street, street.town, random.Random(seed)
        self.log, self.born = [f"seed {seed}"], 0

    async def begin(self) -> None:
        await joins(self.street)
        await self.town.house(co_owners="山田 一郎", email="hanako@example.jp")
        await self.town.until("2027-01-03")

    async def owners(self) -> list[str]:
        query = select(house_owners.c.person_id).where(house_owners.c.until_on.is_(None))
        async with self.town.service.store.read() as connection:
            found = list((await connection.execute(query.order_by(house_owners.c.person_id))).scalars())
        await self.town.chats(*found)
        return found

    async def step(self) -> None:
        steps: list[tuple[int, Callable[[], Awaitable[Any]]]] = [
            *((3, self.time), (3, self.record), (2, self.undo), (4, self.agree), (1, self.decline)),
            *((1, self.report), (1, self.hear_of_death), (1, self.withdraw), (1, self.arrange)),
        ]
        await self.chance.choices([step for _, step in steps], [weight for weight, _ in steps])[0]()

    async def time(self) -> None:
        days = self.chance.choice([1, 3, 12, 35])
        self.log.append(f"{days} days")
        await self.town.skip_to((self.town.today + timedelta(days=days)).isoformat())

    async def _says(self, person: str, words: str) -> None:
        self.log.append(f"{self.town.today} {person} {words}")
        await self.town.says(person, words)

    async def _one(self) -> str:
        return self.chance.choice([*await self.owners(), "servicer:B1"])

    async def report(self) -> None:
        await self._says(await self._one(), self.chance.choice(["この家を売りました", "父が亡くなりました"]))

    async def withdraw(self) -> None:
        person = await self._one()
        await self._says(person, "同意を撤回します")
        await self._says(person, "はい、やめます")

    async def agree(self) -> None:
        person = await self._one()
        await self._says(person, "同意します")
        await self._says(person, "はい、同意します")

    async def decline(self) -> None:
        person = await self._one()
        await self._says(person, "同意します")
        await self._says(person, "いいえ、同意しません")

    async def arrange(self) -> None:
        day = self.town.today + timedelta(days=20)
        await self._says(await self._one(), f"希望日は{day.month}月{day.day}日です")
        await self._says("servicer:B1", f"{day.month}月{day.day}日に行きます")

    async def record(self) -> None:
        kind, owners = self.chance.choice(KINDS), await self.owners()
        leaving = [owner for owner in owners if self.chance.random() < 0.7]
        values = {
            "kind": kind,
            "on": self.town.today.isoformat(),
            "document": "registry",
            "step": "record",
            "keeper": SATO,
        }
        values |= {f"leaves-{owner}": "1" for owner in leaving}
        for place in range(1, 1 + self.chance.choice([0, 1, 1, 2])):
            self.born += 1
            values |= {f"name-{place}": f"佐藤 {self.born}", f"contact-{place}": self.chance.choice(["", "x@y.jp"])}
        self.log.append(f"{self.town.today} {values}")
        await self._send("#kind", values)

    async def undo(self) -> None:
        await self._send("button[name=transfer]", {})

    async def hear_of_death(self) -> None:
        await self._send("button[name=owner]", {})

    async def _send(self, holding: str, values: dict[str, str]) -> None:
        staff = await (await self.street.staff()).opens("/staff/houses/H1/owners")
        forms: list[Tag] = staff.page.select(f"form:has({holding})")
        if not forms:
            return
        form = self.chance.choice(forms)
        for box in form.select("input[checked]"):
            del box["checked"]
        button = form.select_one("button")
        assert button is not None
        pressed = {} if values else {str(button["name"]): str(button["value"])}
        self.log.append(f"{form['action']} {pressed}")
        await staff.sends(form, values | pressed)
        assert staff.status in (200, 409, 422), staff.text[:300]

    async def holds(self) -> None:
        await self.town.all_is_well()
        owners = set(await self.owners())
        for case in (await self.town.view())["cases"]:
            of_staff = case["holder"].startswith(f"{Role.STAFF}:")
            assert case["phase"] == "closed" or of_staff or case["holder"] in {*owners, "servicer:B1", "servicer:B2"}


async def live(street: Street, seed: int, steps: int) -> None:
    life = Ownership(street, seed)
    await life.begin()
    for _ in range(steps):
        try:
            await life.step()
            await life.holds()
        except BaseException as error:
            error.add_note("\n".join(life.log))
            raise


@walks(range(6), [1])
async def test_no_change_of_owners_orphans_an_obligation(street: Street, seed: int):
    """Some lives, the same ones every time."""
    await live(street, seed, STEPS)


@pytest.mark.soak
@walks(range(100, 130), range(130, 140))
async def test_many_changes_of_owners_orphan_none(street: Street, seed: int):
    """Many more, and longer."""
    await live(street, seed, 80)
