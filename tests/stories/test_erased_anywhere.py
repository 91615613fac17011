"""Whoever is erased, at whatever moment of whatever life: the record still verifies, and nothing in it names them."""

import random

import pytest
from sqlalchemy import select

from storage.tables import facts, people
from tests.counterparts.database import walks
from tests.stories.test_any_life import HOUSES, OWNERS, Life
from tests.stories.town import Town

STEPS = 24


async def erases(life: Life, house: str) -> None:
    """Their own words, and a yes to what it means."""
    await life.says(OWNERS[house], "個人情報を消して")
    await life.says(OWNERS[house], "はい、消してください")


async def sells(life: Life, house: str) -> None:
    """A file names another owner, and the thirty days pass."""
    life.log.append(f"{life.town.today} {house} is sold")
    await life.town.house(house, (), owner_id=f"O-NEW-{house}", owner_name="佐藤 三郎")
    await life.town.until(life.town.today.replace(day=1))
    for _ in range(5):
        await life.town.skip_to((life.town.today.fromordinal(life.town.today.toordinal() + 7)).isoformat())


@walks(range(4), range(2))
async def test_the_record_verifies_whatever_was_erased_when(empty_town: Town, seed: int):
    """Random acts, an erasure among them, and random acts after it."""
    life, chance = Life(empty_town, seed), random.Random(seed)
    await life.begin()
    when, house = chance.randrange(STEPS), chance.choice(list(HOUSES))
    goes = erases if seed % 2 else sells
    for number in range(STEPS):
        await (goes(life, house) if number == when else life.step())
        await empty_town.all_is_well()
    async with empty_town.service.store.read() as connection:
        record = "\n".join((await connection.execute(select(facts.c.data))).scalars())
        named = list((await connection.execute(select(people.c.name, people.c.erased_on))).all())
        changed = set((await connection.execute(select(facts.c.kind))).scalars())
    assert not any(name in record for name in (*HOUSES.values(), "佐藤 三郎"))
    assert HOUSES[house] not in [name for name, _ in named]
    assert changed & {"person_erased", "contact_expired"}


async def test_a_record_that_was_touched_while_erasing_is_found(empty_town: Town):
    """The check can fail: who also cleans the record of a person breaks its chain."""
    life = Life(empty_town, 1)
    await life.begin()
    await erases(life, "H1")
    await empty_town.all_is_well()
    async with empty_town.service.store.write() as connection:
        await connection.execute(facts.update().where(facts.c.kind == "person_erased").values(by="staff:desk"))
    with pytest.raises(AssertionError):
        await empty_town.all_is_well()
