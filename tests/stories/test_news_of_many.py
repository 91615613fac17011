"""The guarantor's and an association's systems hear of a whole company's houses, and of cases, what they may know."""

from collections.abc import AsyncIterator
from datetime import date
from typing import Any

import pytest_asyncio
from sqlalchemy import insert, update

from bot.core.api_key import Scope
from bot.core.hook import News
from engawa_fakes import Trouble
from engawa_fakes.submitter import FakeSubmitter
from scheduler.handover import Closing, carry_on, prepare
from storage.reviews import approve
from storage.tables import houses, people
from tests.handlers.web.api.machine import machine_of
from tests.handlers.web.street import Street, street_at
from tests.stories.test_a_company_closes import HERE, SATO
from tests.stories.test_webhooks_out import PRIVATE, at_once, registered

HEARS = (Scope.READ, Scope.HOOK)
COMPANIES = [
    {"servicer_id": "A1", "name": "ひなた工務店会", "role": "団体"},
    {"servicer_id": "G1", "name": "ひなた保証基金", "role": "保証機関"},
    {"servicer_id": "B1", "name": "丸太工務店", "status": "営業", "association": "ひなた工務店会"},
    {"servicer_id": "B2", "name": "あおぞら建設", "status": "営業", "backup": "はい", "area": "東京都世田谷区"},
]


@pytest_asyncio.fixture
async def street(tmp_path, database_url) -> AsyncIterator[Street]:
    """H1 is guaranteed and H2 is not; B1 has both and belongs to A1."""
    async with street_at(tmp_path, "2026-11-01", database_url) as found:
        await found.town.companies(COMPANIES)
        await found.town.house("H1", **HERE, guarantee_no="G-001")
        await found.town.house("H2", **HERE, owner_name="小林 次郎", guarantee_no="")
        async with found.town.service.store.write() as connection:
            await connection.execute(insert(people).values(id=SATO, name="佐藤", staff_role="supervisor"))
        yield found


async def hears(street: Street, who: str, fake: FakeSubmitter, *events: News) -> None:
    await registered(await machine_of(street, who, HEARS), fake, *events)


def told(fake: FakeSubmitter, kind: str = "") -> list[tuple[str, dict[str, Any]]]:
    return [(one["type"], one["data"]) for one in fake.told.values() if one["type"].startswith(kind)]


async def closes(street: Street) -> int:
    """B1 closes; its houses are shared out, signed for and begun."""
    store, now = street.town.service.store, street.town.service.clock.now()
    number = await prepare(store, Closing("B1", "closed"), now)
    await approve(store, number, SATO, now)
    await carry_on(store, now)
    await carry_on(store, now)
    await street.town.run()
    return number


async def test_the_guarantor_hears_of_a_whole_handover_step_by_step(street: Street, fake_submitter: FakeSubmitter):
    """保証基金: 会社がたたまれるとき、どこまで進んだかを、うちの仕組みでも知りたいのです。"""
    async with FakeSubmitter() as association, FakeSubmitter() as another:
        await hears(street, "G1", fake_submitter)
        await hears(street, "A1", association)
        await hears(street, "B2", another)
        number, today = await closes(street), street.town.today.isoformat()
        about = {"handover_id": str(number), "from": "B1", "on": today}
        steps = [(f"handover_batch.{step}", about) for step in ("prepared", "approved", "carried_out")]
        assert sorted(told(fake_submitter, "handover_batch")) == sorted(steps)
        assert sorted(told(association, "handover_batch")) == sorted(steps)
        assert told(another, "handover_batch") == []
        said = str([*told(fake_submitter), *told(association)])
        assert [private for private in PRIVATE if private in said] == []
    await street.town.all_is_well()


async def test_of_cases_the_guarantor_hears_only_where_its_guarantee_stands(
    street: Street, fake_submitter: FakeSubmitter
):
    """That something lies with the staff is told; why is not."""
    async with FakeSubmitter() as company:
        await hears(street, "G1", fake_submitter, News.WORK_DUE, News.RAISED, News.SETTLED)
        await hears(street, "B1", company, News.RAISED)
        await street.town.until("2027-01-26")
        assert (await street.town.case("H1"))["reason"] == "servicer_silent"
        raised = [data for kind, data in told(fake_submitter, "case.raised")]
        assert [(one["house_id"], one["case_id"]) for one in raised] == [("H1", "H1-1")]
        assert raised[0].keys() == {"house_id", "case_id", "on"}
        assert {data["house_id"] for _, data in told(company)} == {"H1", "H2"}
        assert {data["house_id"] for _, data in told(fake_submitter)} == {"H1"}
        await street.town.says("servicer:B1", "H1は3月10日にうかがいます")
        await street.town.taps("servicer:B1", "yes")
        assert [data["case_id"] for _, data in told(fake_submitter, "case.settled")] == ["H1-1"]


async def test_what_waited_is_told_to_the_guarantor_also_when_another_company_has_the_house(
    street: Street, fake_submitter: FakeSubmitter
):
    await hears(street, "G1", fake_submitter, News.WORK_DUE)
    fake_submitter.next(*[Trouble.BROKEN] * 3)
    await street.town.skip_to("2027-01-12")
    await street.town.house("H1", **HERE, guarantee_no="G-001", servicer_id="B2", builder_id="B2")
    await at_once(street)
    assert [data["house_id"] for _, data in told(fake_submitter)] == ["H1"] * 3


async def test_where_a_guarantee_is_over_its_guarantor_hears_nothing(street: Street, fake_submitter: FakeSubmitter):
    await hears(street, "G1", fake_submitter)
    async with street.town.service.store.write() as connection:
        over = update(houses).where(houses.c.id == "H1")
        await connection.execute(over.values(guarantee_ended_on=date(2026, 10, 1)))
    await street.town.skip_to("2027-01-12")
    assert told(fake_submitter) == []
