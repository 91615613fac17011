"""Whatever order the guarantor's events come in, and however often: in the end it is the same."""

import asyncio
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select, update

from bot.core.guarantee import Kind, Told
from storage.commit import commit
from storage.guarantees import take_told
from storage.tables import cases, facts, guarantor_events, houses, outbox
from tests.counterparts.database import POSTGRESQL, SQLITE
from tests.stories.town import Town, town_at

HOUSES, NUMBERS, FILED = ("H1", "H2", "H3"), ("Z-1", "Z-2", "F-3"), "F-3"
START = datetime(2026, 11, 1, tzinfo=UTC)


@st.composite
def stories(draw: st.DrawFn) -> tuple[list[Told], list[int]]:
    """Some events, contradicting each other as they like, and the order in which they come: each once at the least."""
    count = draw(st.integers(1, 7))
    told = [
        Told(
            id=f"e{n}",
            kind=draw(st.sampled_from(Kind)),
            guarantee_no=draw(st.sampled_from(NUMBERS)),
            on=date(2026, 11, 1) + timedelta(days=draw(st.integers(0, 9))),
            at=START + timedelta(hours=draw(st.integers(0, 5))),
            common_id=f"C-{draw(st.sampled_from((*HOUSES, 'nowhere')))}",
            residual_month=draw(st.sampled_from((None, date(2047, 3, 1), date(2048, 4, 1)))),
        )
        for n in range(count)
    ]
    again = draw(st.lists(st.integers(0, count - 1), max_size=4))
    return told, draw(st.permutations([*range(count), *again]))


async def ends(town: Town, told: list[Told]) -> tuple[Any, Any]:
    """What stands in the end, from a town in which nothing was told yet."""
    now = town.service.clock.now()
    async with town.service.store.write() as connection:
        for table in (cases, outbox, guarantor_events, facts):
            await connection.execute(delete(table))
        fresh = {"guarantee_no": None, "residual_month": None, "guarantee_ended_on": None, "case_count": 0}
        await connection.execute(update(houses).values(**fresh, fact_count=0, fact_mac=""))
        await connection.execute(update(houses).where(houses.c.id == "H3").values(guarantee_no=FILED))
    for one in told:
        async with town.service.store.write() as connection:
            await commit(connection, town.service.store.pins, await take_told(connection, one, now), now)
    columns = (houses.c.id, houses.c.guarantee_no, houses.c.residual_month, houses.c.guarantee_ended_on)
    async with town.service.store.read() as connection:
        stand = [tuple(row) for row in await connection.execute(select(*columns).order_by(houses.c.id))]
        homes = select(guarantor_events.c.id, guarantor_events.c.house_id).order_by(guarantor_events.c.id)
        return stand, [tuple(row) for row in await connection.execute(homes)]


@pytest.mark.parametrize(("database_url", "examples"), [(SQLITE, 60), (POSTGRESQL, 15)], indirect=["database_url"])
def test_any_order_and_repetition_ends_the_same(tmp_path: Path, database_url: str, examples: int):
    """Three houses, one of them with a number from its file, and three numbers; fewer orders on the slower database."""
    with asyncio.Runner() as runner:
        town_of = town_at(tmp_path, database_url, "2026-11-01")
        town = runner.run(town_of.__aenter__())
        runner.run(town.companies())
        for house_id in HOUSES:
            runner.run(town.house(house_id))

        @settings(max_examples=examples, deadline=None)
        @given(stories())
        def any_order(story: tuple[list[Told], list[int]]) -> None:
            told, order = story
            by_time = sorted(told, key=lambda one: one.order)
            assert runner.run(ends(town, [told[n] for n in order])) == runner.run(ends(town, by_time)), [
                asdict(one) for one in by_time
            ]

        try:
            any_order()
        finally:
            runner.run(town_of.__aexit__(None, None, None))
