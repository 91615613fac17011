"""Both companies of a handover read each step of it in their own systems, and neither more than it may know."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from bot.core.api_key import Scope
from engawa_fakes.submitter import FakeSubmitter
from tests.handlers.web.api.machine import Machine, machine_of
from tests.handlers.web.street import Street, street_at
from tests.stories.test_another_company import COMPANIES, OWNER, SECOND, STAFF
from tests.stories.test_webhooks_out import registered
from tests.stories.town import Town

PRIVATE = ("H1", "山田", "太子堂", "丸太", "B1", "0001")


@pytest_asyncio.fixture
async def street(tmp_path, database_url) -> AsyncIterator[Street]:
    """B1 has been silent for weeks, and the staff have called it."""
    async with street_at(tmp_path, "2026-11-01", database_url) as found:
        town = found.town
        await town.companies(COMPANIES)
        await town.house(address="東京都世田谷区太子堂1-2-3", structure="木造", municipality_code="131121")
        await town.until("2027-01-25")
        await town.taps(STAFF, "call")
        await town.taps(STAFF, "called", "no_answer")
        yield found


async def asks_second(town: Town) -> None:
    await town.taps(STAFF, "servicers")
    await town.taps(STAFF, "assign", "B2")


async def takes_on(town: Town) -> None:
    await town.taps(SECOND, "take_on")
    await town.says(SECOND, "3万円です")
    await town.taps(SECOND, "yes")


async def steps(machine: Machine) -> list[dict[str, Any]]:
    """The oldest first."""
    items: list[dict[str, Any]] = (await machine.asks("/handovers")).json()["items"]
    return items[::-1]


async def test_each_reads_its_own_side_of_it(street: Street, fake_submitter: FakeSubmitter):
    """あおぞら建設: 打診が来たら、こちらの画面に出したい。決まるまで、どの家かは要りません。"""
    town = street.town
    old, new = await machine_of(street, "B1"), await machine_of(street, "B2")
    await registered(new, fake_submitter)
    await asks_second(town)
    (mine,) = await steps(new)
    assert (mine["state"], mine["house_id"], mine["from"], mine["to"]) == ("proposed", None, None, "B2")
    assert (mine["about"]["municipality_code"], mine["about"]["structure"]) == ("131121", "木造")
    assert (len(mine["about"]["works"]), mine["about"]["month"]) == (3, "2027-04")
    assert [one for one in PRIVATE if one in json.dumps([mine, *fake_submitter.told.values()])] == []
    (theirs,) = await steps(old)
    assert (theirs["state"], theirs["house_id"], theirs["from"], theirs["to"]) == ("proposed", "H1", "B1", None)
    assert (theirs["handover_id"], theirs["about"]) == (mine["handover_id"], None)
    await takes_on(town)
    assert [(one["state"], one["house_id"]) for one in await steps(new)] == [("proposed", None), ("accepted", None)]
    await town.taps(OWNER, "agree")
    assert [(one["state"], one["house_id"]) for one in await steps(new)][-1] == ("done", "H1")
    assert [(one["state"], one["house_id"], one["from"]) for one in await steps(old)] == [("done", "H1", "B1")]
    news = [(told["type"], told["data"]["house_id"]) for told in fake_submitter.told.values()]
    assert news[:3] == [("handover.proposed", None), ("handover.accepted", None), ("handover.done", "H1")]
    assert {told["data"]["handover_id"] for told in list(fake_submitter.told.values())[:3]} == {mine["handover_id"]}
    assert "H1" in [house["id"] for house in (await new.asks("/houses")).json()["items"]]
    await town.all_is_well()


async def test_who_says_no_is_told_nothing_more_of_the_house(street: Street):
    """And who is asked next reads nothing of that; the guarantor reads all of it."""
    town = street.town
    await asks_second(town)
    new, third = await machine_of(street, "B2"), await machine_of(street, "B3")
    guarantor = await machine_of(street, "operator", (Scope.READ,))
    await town.taps(SECOND, "turn_down")
    assert [(one["state"], one["about"]) for one in await steps(new)] == [("proposed", None), ("declined", None)]
    assert [(one["state"], one["to"]) for one in await steps(third)] == [("proposed", "B3")]
    read = {(one["state"], one["house_id"], one["from"], one["to"]) for one in await steps(guarantor)}
    assert read == {(step, "H1", "B1", to) for step, to in (("proposed", "B2"), ("declined", "B2"), ("proposed", "B3"))}


@pytest.mark.parametrize("limit", [1, 2])
async def test_the_steps_are_read_page_by_page(street: Street, limit: int):
    await asks_second(street.town)
    await takes_on(street.town)
    new = await machine_of(street, "B2")
    found: list[dict[str, Any]] = []
    whole, cursor = await steps(new), ""
    while cursor is not None:
        answer = (await new.asks(f"/handovers?limit={limit}&cursor={cursor}")).json()
        found, cursor = [*found, *answer["items"]], answer["next"]
    assert found[::-1] == whole
