"""Whatever owners, companies and staff do, in any order: no obligation is orphaned, and nothing closes on one word.

Everybody presses buttons they were really shown, also old ones, writes in their own words, or falls silent; consent
is withdrawn and given again, channels end, files name other companies. The auditor looks after every step.
"""

import random
from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.core.closing import AGREE_DAYS
from storage.tables import inbound
from tests.counterparts.database import walks
from tests.stories.town import Town

HOUSES = {"H1": "山田 花子", "H2": "小林 次郎"}
OWNERS = {house: f"owner:O-{house}" for house in HOUSES}
COMPANIES = ("servicer:B1", "servicer:B2")
STAFF = "staff:desk"
PLAN = [("P1", "屋根", "点検", 5, 5), ("P2", "給水管", "点検", 5, 10), ("G1", "雨どい", "点検", 5, 1, "所有者")]
PHOTO = {"ref": "a1.jpg", "media_type": "image/jpeg", "size": 1000}
WORDS = (
    *("はい", "はい", "いいえ", "承知しました", "まだです", "あとで", "終わりました。異常なしです", "異常なし"),
    *("指摘がありました", "都合が悪いので別の日にしてください", "やったことにしてください"),
    *("高橋工務店が点検しました。異常なしです", "同意します", "同意します"),
)
RARE = ("担当者と話したいです", "天井にシミがあります", "ガス臭いです", "同意を撤回します", "停止")
RARELY = frozenset({"human", "problem", "cannot", "stop_channel", "stop_support", "call"})
SKIPPED = frozenset({"erase", "new_link"})  # an erased owner is gone for good; that ends every walk alike
STEPS = 60
Step = Callable[[], Awaitable[Any]]


class Life:
    """The two houses of a town, lived through at random."""

    def __init__(self, town: Town, seed: int) -> None:
        self.town, self.chance, self.log = town, random.Random(seed), [f"seed {seed}"]

    async def begin(self) -> None:
        await self.town.companies()
        for house, name in HOUSES.items():
            await self.town.house(house, plan=PLAN, owner_name=name, email=f"{house.lower()}@example.jp")
        await self.town.until("2027-01-02")

    async def step(self) -> None:
        deeds: list[tuple[int, Step]] = [(4, self.time), (6, self.press), (5, self.write), (2, self.decide)]
        deeds += [(1, self.send_photo), (1, self.name_company)]
        await self.chance.choices([deed for _, deed in deeds], [weight for weight, _ in deeds])[0]()

    def somebody(self) -> str:
        return self.chance.choice([*OWNERS.values(), *COMPANIES])

    async def says(self, person: str, text: str = "", action: str = "", files: Any = ()) -> None:
        self.log.append(f"{self.town.today} {person} {text or action or files}")
        await self.town.says(person, text, action, files)

    async def time(self) -> None:
        days = self.chance.choice([1, 1, 2, 5, 14, 40])
        self.log.append(f"{days} days pass")
        if self.chance.random() < 0.3:
            await self.town.skip_to((self.town.today + timedelta(days=days)).isoformat())
        else:
            await self.town.until(self.town.today + timedelta(days=min(days, 6)))

    async def press(self) -> None:
        await self._press(self.somebody())

    async def decide(self) -> None:
        await self._press(STAFF)
        if self.chance.random() < 0.5:
            await self.says(STAFF, "電話で確かめた")

    async def _press(self, person: str) -> None:
        left_out = SKIPPED if self.chance.random() < 0.1 else SKIPPED | RARELY
        actions = [action for action in await self.town.shown(person) if action.partition(":")[0] not in left_out]
        if actions:  # mostly one of the latest, sometimes one that has long been overtaken
            latest = actions[-8:] if self.chance.random() < 0.8 else actions
            await self.says(person, action=self.chance.choice(latest))

    async def write(self) -> None:
        person = self.somebody()
        day = self.town.today + timedelta(days=self.chance.randint(-12, 25))
        about = self.chance.choice([*HOUSES.values(), ""]).partition(" ")[0]
        named = f"{about}様邸、" if about and person in COMPANIES else ""
        dated = f"{day.year}年{day.month}月{day.day}日に"
        usual = RARE if self.chance.random() < 0.1 else WORDS
        text = self.chance.choice([*usual, f"{dated}点検が終わりました。異常なしです", f"{dated}点検に行きます"])
        await self.says(person, named + text)

    async def send_photo(self) -> None:
        await self.says(self.somebody(), files=[PHOTO])

    async def name_company(self) -> None:
        house, company = self.chance.choice(list(HOUSES)), self.chance.choice(["B1", "B2"])
        self.log.append(f"{self.town.today} a file gives {house} to {company}")
        await self.town.house(house, (), owner_name=HOUSES[house], servicer_id=company)
        await self.town.run()

    async def holds(self) -> None:
        await self.town.all_is_well()
        async with self.town.service.store.read() as connection:
            stumbled = select(inbound.c.error).where(inbound.c.tries > 0)
            assert list((await connection.execute(stumbled)).scalars()) == []
        for house in HOUSES:
            view = await self.town.view(house)
            facts = view["facts"]
            for work in view["works"]:
                self.stands_on_something(work, [fact for fact in facts if fact["case_id"] == work["case_id"]])
            for case in view["cases"]:
                assert case["phase"] == "closed" or case["holder"] in {OWNERS[house], *COMPANIES, STAFF}

    def stands_on_something(self, work: dict[str, Any], facts: list[dict[str, Any]]) -> None:
        if work["basis"] is None:
            return
        assert work["done_on"] <= self.town.today
        said = {fact["by"]: fact["data"] for fact in facts if fact["kind"] == "work_reported"}
        closed = next(f["data"] for f in facts if f["kind"] == "work_closed" and f["data"]["work"] == work["id"])
        assert (closed["done_on"], closed["basis"]) == (work["done_on"].isoformat(), work["basis"])
        owner = [data for by, data in said.items() if by.startswith("owner:")]
        company = [data for by, data in said.items() if by.startswith("servicer:")]
        if work["basis"] == "both":
            assert any(_agree(one, other) for one in owner for other in company)
        elif work["basis"] == "unconfirmed":
            assert any(data["evidence"] for data in company)
        elif work["basis"] == "owner" and work["kind"] != "milestone":
            assert any(data["evidence"] or data["checklist"] for data in owner)


def _agree(one: dict[str, Any], other: dict[str, Any]) -> bool:
    apart = date.fromisoformat(one["done_on"]) - date.fromisoformat(other["done_on"])
    return one["result"] == other["result"] and abs(apart) <= timedelta(days=AGREE_DAYS)


async def live(town: Town, seed: int, steps: int) -> None:
    life = Life(town, seed)
    await life.begin()
    for _ in range(steps):
        try:
            await life.step()
            await life.holds()
        except Exception as error:
            error.add_note("\n".join(life.log))
            raise


@walks(range(6), [1])
async def test_no_life_orphans_an_obligation(empty_town: Town, seed: int):
    """Some lives, the same ones every time."""
    await live(empty_town, seed, STEPS)


@pytest.mark.soak
@walks(range(1000, 1040), range(1040, 1050))
async def test_many_lives_orphan_none(empty_town: Town, seed: int):
    """Many more, and longer."""
    await live(empty_town, seed, 200)
