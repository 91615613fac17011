"""What was announced is corrected, cancelled, told anew, or told twice; and one earthquake follows another."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.event import State
from bot.core.outcome import Change, Outcome
from scheduler.asking import carry_out
from storage.commit import commit
from storage.event_list import lines_of
from storage.store import Store
from storage.tables import cases
from tests.stories.event_town import SETAGAYA, STAFF, SUGINAMI, at, bulletin, comes, shaken
from tests.stories.town import Town

HERE: dict[str, Any] = {"municipality_code": "131121"}
THERE: dict[str, Any] = {"municipality_code": "131156"}
EVENT, AGAIN = "jma-20261101220500", "20261104030000"
OWNER, OTHER = "owner:O-H1", "owner:O-H2"


async def listed(town: Town, event: str = EVENT) -> list[str]:
    async with town.service.store.read() as connection:
        return [line.house_id for line in await lines_of(connection, event)]


async def test_a_correction_adds_places_once_the_staff_have_looked_again(town: Town):
    await town.house("H1", **HERE)
    await town.house("H2", **THERE)
    await shaken(town)
    await town.hears(STAFF)
    more = bulletin({SETAGAYA: "6-", SUGINAMI: "5+"}, info="訂正", serial=2, told="2026-11-02T09:10:00")
    await at(town, "2026-11-02T09:15")
    await comes(town, more)
    assert await town.hears(STAFF) == ["staff_event"]
    assert "続報" in await town.words(STAFF)
    assert await town.hears(OTHER) == []
    await town.taps(STAFF, "event_release")
    assert await listed(town) == ["H1", "H2"]
    assert await town.hears(OTHER) == ["owner_event"]
    assert await town.hears(OWNER) == ["owner_event"]
    await town.all_is_well()


async def test_a_correction_takes_places_away_and_says_so_to_those_who_were_asked(town: Town):
    """Setagaya was asked already; Suginami was to be asked in the morning, and never hears of it."""
    await town.house("H1", **HERE)
    await town.house("H2", **THERE, channel_order="")
    await at(town, "2026-11-01T22:15")
    await comes(town, bulletin({SETAGAYA: "6-", SUGINAMI: "6-"}))
    await town.taps(STAFF, "event_release")
    await town.run()
    assert await listed(town) == ["H1", "H2"]
    await comes(town, bulletin({SETAGAYA: "6-", SUGINAMI: "3"}, info="訂正", serial=2, told="2026-11-01T22:14:00"))
    assert await listed(town) == ["H1"]
    await at(town, "2026-11-02T09:05")
    assert (await town.hears(OWNER), await town.hears(OTHER)) == (["owner_event"], [])
    await at(town, "2026-11-02T11:15")
    await comes(town, bulletin({SETAGAYA: "4", SUGINAMI: "3"}, info="訂正", serial=3, told="2026-11-02T11:10:00"))
    assert (await town.hears(OWNER), await town.hears(OTHER)) == (["owner_event_off"], [])
    assert await listed(town) == []
    assert [work["basis"] for work in (await town.view())["works"]] == ["called_off"]
    assert (await town.view())["records"] == []
    await town.all_is_well()


async def test_a_cancellation_ends_it_and_damage_that_was_seen_stays(town: Town):
    """There was no earthquake; the tiles have fallen all the same."""
    await town.house("H1", **HERE)
    await town.house("H2", **HERE)
    await shaken(town)
    await town.says(OTHER, "瓦が落ちてます")
    await town.hears(STAFF)
    await at(town, "2026-11-02T12:15")
    await comes(town, bulletin({}, info="取消", serial=2, told="2026-11-02T12:10:00"))
    assert "取り消し" in await town.words(STAFF)
    assert "owner_event_off" in await town.hears(OWNER)
    assert "owner_event_off" not in await town.hears(OTHER)
    still = [case["house_id"] for case in await open_event_cases(town)]
    assert still == ["H2"]
    await town.all_is_well()


async def open_event_cases(town: Town) -> list[dict[str, Any]]:
    query = select(cases).where(cases.c.ladder == "event/1", cases.c.phase != "closed").order_by(cases.c.house_id)
    async with town.service.store.read() as connection:
        return [dict(row._mapping) for row in await connection.execute(query)]


async def test_a_cancellation_before_anybody_has_looked(town: Town):
    await town.house("H1", **HERE)
    await at(town, "2026-11-01T22:15")
    await comes(town, bulletin({SETAGAYA: "6-"}))
    button = await town.button(STAFF, "event_release")
    await comes(town, bulletin({}, info="取消", serial=2, told="2026-11-01T22:13:00"))
    await town.hears(STAFF)
    assert await town.says(STAFF, action=button) == ["reply_event_over"]
    await at(town, "2026-11-02T09:05")
    assert await town.hears(OWNER) == []


async def test_a_button_under_an_older_bulletin_decides_nothing(town: Town):
    await town.house("H1", **HERE)
    await at(town, "2026-11-01T22:15")
    await comes(town, bulletin({SETAGAYA: "5+"}))
    button = await town.button(STAFF, "event_release")
    await comes(town, bulletin({SETAGAYA: "5+", SUGINAMI: "6-"}, serial=2, told="2026-11-01T22:12:00"))
    await town.hears(STAFF)
    assert await town.says(STAFF, action=button) == ["reply_event_changed"]
    assert await listed(town) == []


async def test_what_the_staff_called_off_is_not_begun_again_by_a_bulletin(town: Town):
    """It was a mistake, they found: whatever comes after that is looked at again first."""
    await town.house("H1", **HERE)
    await shaken(town)
    await town.hears(OWNER)
    await town.says(STAFF, action=f"event_cancel::0:{EVENT}=1")
    assert await town.hears(OWNER) == ["owner_event_off"]
    await town.hears(STAFF)
    await at(town, "2026-11-02T12:15")
    await comes(town, bulletin({SETAGAYA: "6-", SUGINAMI: "4"}, serial=2, told="2026-11-02T12:10:00"))
    assert await town.hears(STAFF) == ["staff_event"]
    assert await listed(town) == []
    assert await town.taps(STAFF, "event_release") == ["reply_event_decided"]
    assert await listed(town) == ["H1"]
    assert await town.hears(OWNER) == ["owner_event"]
    await town.all_is_well()


async def test_the_same_bulletin_twice_and_an_older_one_late_change_nothing(town: Town):
    await town.house("H1", **HERE)
    await shaken(town)
    await town.hears(STAFF)
    await comes(town, bulletin({SETAGAYA: "6-"}))
    await comes(town, bulletin({SETAGAYA: "3"}, told="2026-11-01T22:08:00"))
    assert await town.hears(STAFF) == []
    assert await listed(town) == ["H1"]


async def test_two_earthquakes_are_one_question(town: Town):
    """Nobody has answered yet: they are asked about the house as it is now, once."""
    await town.house("H1", **HERE)
    await shaken(town)
    await town.hears(OWNER)
    await at(town, "2026-11-02T10:15")
    second = bulletin({SETAGAYA: "6+"}, number=AGAIN, at="2026-11-02T10:05:00", told="2026-11-02T10:10:00")
    await comes(town, second)
    await town.taps(STAFF, "event_release")
    await at(town, "2026-11-03T09:05")
    assert await town.hears(OWNER) == ["owner_event"]
    assert "震度6強" in await town.words(OWNER)
    assert await listed(town) == await listed(town, f"jma-{AGAIN}") == ["H1"]
    assert len(await open_event_cases(town)) == 1
    await comes(town, bulletin({}, number=AGAIN, info="取消", serial=2, told="2026-11-03T09:04:00"))
    assert await town.hears(OWNER) == []
    assert await listed(town) == ["H1"]
    await town.all_is_well()


async def test_after_the_second_earthquake_what_was_in_order_is_asked_anew(town: Town):
    await town.house("H1", **HERE)
    await shaken(town)
    await town.taps(OWNER, "seen", "outside=none")
    await town.taps(OWNER, "seen", "inside=none")
    old = await town.button(OWNER, "seen", "sticker=none")
    await town.hears(OWNER)
    await at(town, "2026-11-02T10:15")
    await comes(town, bulletin({SETAGAYA: "6+"}, number=AGAIN, at="2026-11-02T10:05:00", told="2026-11-02T10:10:00"))
    await town.taps(STAFF, "event_release")
    assert await town.says(OWNER, action=old) == ["reply_changed"]
    await at(town, "2026-11-03T09:05")
    assert await town.hears(OWNER) == ["owner_event"]
    assert "外まわり" in await town.words(OWNER)
    await town.all_is_well()


async def test_a_visit_that_is_open_already_goes_on(town: Town):
    """The plan's visit is a case of its own; its answers and the house's are not taken for each other."""
    await town.house("H1", **HERE)
    await town.until("2027-02-01")
    assert "owner_ask" in await town.hears(OWNER)
    await at(town, "2027-02-01T22:15")
    await comes(town, bulletin({SETAGAYA: "6-"}, at="2027-02-01T22:05:00", told="2027-02-01T22:10:00"))
    await town.taps(STAFF, "event_release")
    await at(town, "2027-02-02T09:05")
    assert await town.hears(OWNER) == ["owner_event"]
    assert await town.says(OWNER, "何もありません") == ["reply_event"]
    visit = await town.case()
    assert (visit["ladder"], visit["state"]["reports"]) == ("visit/1", [])
    await town.all_is_well()


class Mortal:
    """A store whose process dies in the middle of its so-manieth transaction: nothing of that one stays."""

    def __init__(self, store: Store, lives: int) -> None:
        self._store, self._lives, self.pins = store, lives, store.pins

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        self._lives -= 1
        async with self._store.write() as connection:
            yield connection
            if self._lives < 0:
                raise DiedError

    def read(self) -> AbstractAsyncContextManager[AsyncConnection]:
        return self._store.read()


class DiedError(RuntimeError):
    """What kill -9 looks like from the database."""


@pytest.mark.parametrize("lives", range(6))
async def test_killed_in_the_middle_it_goes_on_where_it_stopped(town: Town, monkeypatch, lives: int):
    """Whichever batch it dies in: nobody is asked twice, and nobody is left out."""
    monkeypatch.setattr("scheduler.asking.BATCH", 2)
    for number in range(1, 6):
        await town.house(f"H{number}", **(HERE if number % 2 else THERE))
    await at(town, "2026-11-01T22:15")
    await comes(town, bulletin({SETAGAYA: "6-", SUGINAMI: "7"}))
    store, now = town.service.store, town.service.clock.now()
    decided = Change("event_decided", {"event": EVENT, "version": 1, "state": State.RELEASED, "by": STAFF})
    async with store.write() as connection:
        await commit(connection, store.pins, [Outcome(changes=(decided,))], now)
    with pytest.raises(DiedError):
        await carry_out(Mortal(store, lives), now)
    await town.all_is_well()
    await at(town, "2026-11-02T09:05")
    assert await listed(town) == [f"H{number}" for number in range(1, 6)]
    assert [await town.hears(f"owner:O-H{number}") for number in range(1, 6)] == [["owner_event"]] * 5
    await town.all_is_well()
