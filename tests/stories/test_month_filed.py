"""The guarantor finds each month's file where it was agreed, without anybody writing it: once, and whole."""

import asyncio
import csv
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from fsspec.implementations.memory import MemoryFileSystem
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.cli.check import looked_at
from bot.core.book.month import Month, to_be_filed
from bot.core.days import add_months
from bot.core.waiting import Kind
from scheduler.filing import file_months
from scheduler.shift import Shift
from storage.beside import beside
from storage.gauges import gauges
from storage.month_report import BrokenOffError
from storage.store import Live
from storage.tables import facts
from tests.stories.town import Town

NAMES = tuple(f"{of}-2026-11.{form}" for of in ("houses", "servicers") for form in ("csv", "json"))


@pytest.fixture
def out(town: Town, tmp_path: Path) -> Path:
    """The place that was agreed with the guarantor."""
    _lays_down(town, str(tmp_path / "guarantor"))
    return tmp_path / "guarantor"


def _lays_down(town: Town, place: str, **more: Any) -> None:
    town.service = replace(town.service, post=replace(town.service.post, reports=place, **more))


async def filed(town: Town) -> list[str]:
    """The months on record as written."""
    query = select(facts.c.data).where(facts.c.house_id == "", facts.c.kind == "month_filed").order_by(facts.c.seq)
    async with town.service.store.read() as connection:
        return [json.loads(data)["month"] for data in await connection.scalars(query)]


async def waits(town: Town) -> list[date | None]:
    async with town.service.store.read() as connection:
        lines = await beside(connection, town.service.clock.now())
    return [line.since for line in lines if line.kind is Kind.REPORT]


async def failing(town: Town) -> float:
    async with town.service.store.read() as connection:
        found = await gauges(connection, town.service.clock.now())
    return next(one.value for one in found if one.name == "month_file_failing_seconds")


def lying(place: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in place.iterdir()} if place.exists() else {}


def fetched(place: Path) -> None:
    """The guarantor takes the files away."""
    for path in place.iterdir():
        path.unlink()


def breaks(place: Path) -> None:
    place.write_text("a file stands where the folder was")


def is_mended(place: Path) -> None:
    place.unlink()


async def test_it_lies_there_after_the_first_round_of_the_new_month_and_is_written_once(town: Town, out: Path):
    """11月の報告は、日本で12月になった最初の回に1度。書いたことは記録に残る。"""
    await town.house(guarantee_no="Z-1")
    await town.skip_to("2026-11-30", hour=23)  # 30 November 14:00 UTC
    assert "houses-2026-11.csv" not in lying(out)
    await town.skip_to("2026-12-01", hour=0)  # still November in UTC
    assert set(NAMES) <= set(lying(out))
    with (out / "houses-2026-11.csv").open(encoding="utf-8-sig", newline="") as file:
        assert [(row["house_id"], row["standing"]) for row in csv.DictReader(file)] == [("H1", "good")]
    fetched(out)
    await town.skip_to("2026-12-01")
    await town.skip_to("2026-12-31")
    assert lying(out) == {}
    assert await filed(town) == ["2026-10", "2026-11"]
    await town.all_is_well()


async def test_months_that_were_missed_come_one_after_the_other(town: Town, out: Path):
    """The service was down over the new year."""
    await town.house()
    await town.skip_to("2026-12-01")
    await town.skip_to("2027-03-05")
    assert await filed(town) == ["2026-11", "2026-12", "2027-01", "2027-02"]
    assert {"houses-2026-12.csv", "houses-2027-01.csv", "houses-2027-02.csv"} <= set(lying(out))


async def test_killed_before_it_was_noted_it_is_written_again_with_the_same_bytes(town: Town, out: Path):
    await town.house(guarantee_no="Z-1")
    await town.skip_clock("2026-12-01")

    class Cut(Exception):
        pass

    class Killed(Live):
        @asynccontextmanager
        async def write(self) -> AsyncIterator[AsyncConnection]:
            raise Cut
            yield

    post, store = town.service.post, town.service.store
    with pytest.raises(Cut):
        await file_months(replace(post, store=Killed(town.service.database, store.pins)), town.service.clock.now())
    before = lying(out)
    assert before
    assert await filed(town) == []
    await town.run()
    assert lying(out) == before
    await town.skip_to("2027-01-01")
    assert await filed(town) == ["2026-11", "2026-12"]


async def test_a_stop_in_the_middle_leaves_no_file_of_that_name(town: Town, out: Path):
    await town.house()
    await town.skip_clock("2026-12-01")
    town.service.post.closing.set()
    await file_months(town.service.post, town.service.clock.now())
    assert (lying(out), await filed(town), await waits(town)) == ({}, [], [])
    assert issubclass(BrokenOffError, RuntimeError)


async def test_a_place_that_fails_lies_with_the_staff_and_is_tried_again_in_the_next_hour(town: Town, out: Path):
    """保証機関の置き場が止まっている間は、一覧に残る。直ったら、置いて消える。"""
    await town.house()
    breaks(out)
    await town.skip_to("2026-12-01", hour=9)
    is_mended(out)
    await town.run()  # in the same hour nothing is tried
    assert (lying(out), await waits(town)) == ({}, [date(2026, 12, 1)])
    breaks(out)
    await town.skip_to("2026-12-02", hour=9)
    assert (await waits(town), await failing(town)) == ([date(2026, 12, 1)], 24 * 3600)
    assert ("report", "not ok") in {(line.about, line.state) for line in await looked_at(town.service)}
    is_mended(out)
    await town.skip_to("2026-12-02", hour=10)
    assert set(NAMES) <= set(lying(out))
    assert (await waits(town), await failing(town)) == ([], 0)
    assert await filed(town) == ["2026-11"]


async def test_once_no_place_is_set_nothing_waits_for_one(town: Town, out: Path):
    await town.house()
    breaks(out)
    await town.skip_to("2026-12-01")
    _lays_down(town, "")
    await town.run()
    assert (await waits(town), await filed(town)) == ([], [])


async def test_a_bucket_that_breaks_off_keeps_nothing_of_that_name(town: Town, monkeypatch: pytest.MonkeyPatch):
    """What another library raises is the place's trouble, and not the round's."""
    await town.house()
    bucket = f"/{uuid4().hex}"  # every town of a process shares its memory
    _lays_down(town, f"memory:/{bucket}")

    def cut(*_: object, **__: object) -> None:
        raise RuntimeError("the line broke")  # S3's errors, for one, are no OSError

    with monkeypatch.context() as broken:
        broken.setattr(MemoryFileSystem, "put_file", cut)
        await town.skip_to("2026-12-01")
    assert await waits(town) == [date(2026, 12, 1)]
    assert MemoryFileSystem().find(bucket) == []
    await town.skip_to("2026-12-02")
    assert {Path(path).name for path in MemoryFileSystem().find(bucket)} == set(NAMES)
    assert await waits(town) == []


async def test_two_workers_write_it_once(town: Town, out: Path):
    """Both begin their slow part at the same time."""
    await town.house()
    await town.skip_clock("2026-12-01")
    service = town.service
    shifts = [Shift(service.watch, service.database, service.clock) for _ in range(2)]
    await asyncio.gather(*(shift.aside() for shift in shifts))
    assert set(lying(out)) == set(NAMES)
    assert await filed(town) == ["2026-11"]


async def test_neither_a_shadow_nor_a_rehearsal_lays_anything_down(town: Town, out: Path):
    await town.house()
    await town.skip_clock("2026-12-01")
    now = town.service.clock.now()
    await file_months(replace(town.service.post, shadow=True), now)
    await file_months(town.service.on(town.service.store).post, now)
    assert (lying(out), await filed(town)) == ({}, [])


@given(st.dates(date(2000, 1, 1), date(2199, 12, 31)), st.integers(0, 40))
def test_whatever_was_filed_each_ended_month_comes_once_and_in_order(today: date, missed: int):
    last = Month(add_months(today.replace(day=1), -1 - missed))
    came, at = list[Month](), to_be_filed(last, today)
    while at is not None:
        came.append(at)
        at = to_be_filed(at, today)
    assert came == [Month(add_months(last.first, number)) for number in range(1, missed + 1)]
    assert all(month.last < today for month in came)
    assert to_be_filed(None, today) == Month(add_months(today.replace(day=1), -1))
