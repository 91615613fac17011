"""A company that grows quiet is noticed before it is silent: from its record, once a month, and with its reasons."""

from datetime import datetime
from typing import Any

from sqlalchemy import update

from bot.core.days import civil
from bot.core.signs import Counted
from storage.companies import ranked_for
from storage.households import load_households
from storage.signs import counted
from storage.tables import addresses
from storage.watches import Look, Watched, settle, watched
from tests.stories.town import Town

STAFF, SILENT = "staff:desk", "servicer:B1"


async def on_list(town: Town) -> dict[str, Watched]:
    async with town.service.store.read() as connection:
        return {one.servicer_id: one for one in await watched(connection)}


async def known_of(town: Town, servicer_id: str) -> Counted:
    async with town.service.store.read() as connection:
        return (await counted(connection, [servicer_id], town.service.clock.now()))[servicer_id]


async def licensed(town: Town, until: str, **more: str) -> None:
    await town.take(
        servicers=[{"servicer_id": "B1", "name": "丸太工務店", "status": "営業", "licence_until": until, **more}]
    )


def codes(one: Watched) -> list[str]:
    return [sign.code for sign in one.watch.signs]


async def told(town: Town) -> int:
    return (await town.hears(STAFF)).count("staff_signs")


async def test_a_licence_that_runs_out_is_on_the_list_with_a_holder_and_a_day(town: Town):
    """担当者: 許可が切れる前に、会社に聞いておきたい。"""
    await licensed(town, "2027-01-31")
    await town.until("2026-11-04")
    assert (await on_list(town))["B1"].watch.next_on is not None
    assert await told(town) == 1
    one = (await on_list(town))["B1"]
    assert (codes(one), one.watch.holder) == (["licence_soon"], STAFF)
    await town.until("2026-11-06")
    assert await told(town) == 0


async def test_nobody_is_on_the_list_without_a_reason(town: Town):
    await town.house()
    await town.until("2026-12-02")
    assert await on_list(town) == {}
    assert await told(town) == 0


async def test_what_nobody_looks_at_is_told_again_and_what_was_looked_at_rests(town: Town):
    await licensed(town, "2026-10-01")
    await town.until("2026-11-04")
    assert await told(town) == 1
    await town.until("2026-11-13")
    assert await told(town) == 1
    async with town.service.store.write() as connection:
        seal = town.service.store.pins.seal
        assert await settle(connection, seal, Look("B1", STAFF, town.service.clock.now()))
    await town.until("2027-01-20")
    assert await told(town) == 0
    await town.until("2027-02-16")
    assert await told(town) == 1


async def test_a_sign_that_is_gone_leaves_the_list(town: Town):
    """会社: 許可は更新しました。"""
    await licensed(town, "2026-10-01")
    await town.until("2026-11-04")
    await licensed(town, "2031-10-01")
    await town.until("2026-11-13")
    assert await on_list(town) == {}


async def test_late_answers_are_counted_from_the_record(town: Town):
    """Three houses were asked about, and each needed a reminder."""
    for house in ("H1", "H2", "H3"):
        await town.house(house)
    await town.until("2027-01-20")
    known = await known_of(town, "B1")
    assert (known.requests, known.late) == (3, 3)
    await town.until("2027-02-02")
    assert codes((await on_list(town))["B1"]) == ["late"]


async def test_what_a_company_did_is_not_forgotten_with_the_house(town: Town):
    """The house is another's now; that the first company was silent there still counts, and not for the second."""
    await town.house()
    await town.until("2027-01-25")
    await town.changes_company()
    assert (await known_of(town, "B1")).late == 1
    assert (await known_of(town, "B2")).late == 0


async def test_who_declines_twice_is_noted(town: Town):
    await town.take(servicers=[{"servicer_id": "B3", "name": "みどり点検", "status": "営業"}])
    for house in ("H1", "H2"):
        await town.house(house)
    await town.until("2027-01-25")
    for case in ("H1-1", "H2-1"):
        await town.says(STAFF, action=f"called:{case}:0:no_answer")
        await town.says(STAFF, action=f"assign:{case}:0:B2")
        await town.taps("servicer:B2", "turn_down")
    assert (await known_of(town, "B2")).declines == 2


async def test_an_address_that_is_dead_is_a_sign_and_one_that_they_closed_is_none(town: Town):
    async def ended(person_id: str, why: str) -> None:
        values: dict[str, Any] = {"ended_at": now, "ended_why": why}
        async with town.service.store.write() as connection:
            await connection.execute(update(addresses).where(addresses.c.person_id == person_id).values(**values))

    now: datetime = town.service.clock.now()
    await ended("servicer:B1", "dead")
    await ended("servicer:B2", "stopped")
    await town.until("2026-11-04")
    assert {name: codes(one) for name, one in (await on_list(town)).items()} == {"B1": ["unreachable"]}


async def test_candidates_are_ranked_with_their_signs(town: Town):
    """Two companies of the same town: the one whose licence ends soon comes second, with its reason."""
    near = {"status": "営業", "area": "東京都世田谷区"}
    await town.take(
        servicers=[
            {"servicer_id": "B2", "name": "あおぞら建設", "licence_until": "2026-12-01", **near},
            {"servicer_id": "B3", "name": "みどり点検", "licence_until": "2031-12-01", **near},
        ]
    )
    await town.house(address="東京都世田谷区太子堂1-2-3")
    async with town.service.store.read() as connection:
        house = (await load_households(connection, ["H1"]))["H1"].house
        ranked = await ranked_for(connection, house, civil(town.service.clock.now()))
    assert [(one.id, one.reasons) for one in ranked] == [
        ("servicer:B3", ("town",)),
        ("servicer:B2", ("town", "licence_soon")),
    ]
