"""The guarantor's core system and we: what each tells the other, and what a person decides all the same."""

import csv
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest_asyncio
from sqlalchemy import select

from bot.cli.guarantor import _compare, _replay
from bot.core.book.standing import standing_on
from bot.core.outcome import Deed, Outcome
from bot.core.standing import State
from engawa_fakes import Trouble
from engawa_fakes.guarantor import FakeGuarantor
from scheduler.reconcile import listing_of
from storage.commit import commit
from storage.guarantees import unmatched
from storage.inbound import keep
from storage.reconciled import gaps_after
from storage.standing import standing_sources
from storage.tables import houses, outbox
from tests.stories.town import Town, town_at

OWNER, COMPANY, STAFF = "owner:O-H1", "servicer:B1", "staff:desk"
LINK = "guarantor_http"
AHEAD = ("2027-01-04", "2027-02-01", "2027-03-20", "2027-04-02", "2027-04-20", "2027-04-30")


@pytest_asyncio.fixture
async def linked(tmp_path: Path, database_url: str, fake_guarantor: FakeGuarantor) -> AsyncIterator[Town]:
    """A town whose guarantor has a core system."""
    settings = {"ENGAWA_GUARANTOR_URL": fake_guarantor.url, "ENGAWA_GUARANTOR_SECRET": fake_guarantor.secret}
    async with town_at(tmp_path, database_url, "2026-11-01", settings) as town:
        await town.companies()
        yield town


def event(kind: str, number: str = "Z-0001", id: str = "", on: str = "2026-11-01", **more: str) -> dict[str, str]:
    """One event of the guarantor's, as it would be posted."""
    told = {"id": id or f"{kind}-{number}", "kind": kind, "guarantee_no": number, "on": on}
    return {"at": f"{on}T09:00:00+09:00", **told, **more}


async def tells(town: Town, *events: dict[str, str]) -> None:
    """What came in through the door, and is understood in the next round."""
    now = town.service.clock.now()
    for told in events:
        async with town.service.store.write() as connection:
            await keep(connection, LINK, told["id"], told, now)
    await town.run()


async def house(town: Town, house_id: str = "H1") -> Any:
    async with town.service.store.read() as connection:
        return (await connection.execute(select(houses).where(houses.c.id == house_id))).one()


async def stands(town: Town, day: date) -> State:
    async with town.service.store.read() as connection:
        found = await standing_sources(connection, ["H1"])
    return standing_on(found["H1"], day, town.today).state


async def reasons(town: Town, house_id: str = "H1") -> list[str]:
    return [case["reason"] for case in (await town.view(house_id))["cases"] if case["reason"]]


async def lost(town: Town) -> list[str]:
    async with town.service.store.read() as connection:
        return [one.told.id for one in await unmatched(connection)]


async def test_the_guarantor_hears_that_a_guarantee_is_at_risk(linked: Town, fake_guarantor: FakeGuarantor):
    """By its number, with the reasons as codes, and nobody's name."""
    fake_guarantor.guarantees.add("Z-0001")
    await linked.house(guarantee_no="Z-0001")
    for day in (*AHEAD, "2027-05-02"):
        await linked.skip_to(day)
    (told,) = fake_guarantor.told
    assert (told["kind"], told["guarantee_no"], told["state"]) == ("standing", "Z-0001", "at_risk")
    assert (told["reasons"], told["on"]) == (["overdue"], "2027-05-02")
    assert "山田" not in str(told)
    assert "H1" not in str(told)
    await linked.all_is_well()


async def test_once_it_is_mended_the_guarantor_hears_that_it_is_good_again(linked: Town, fake_guarantor: FakeGuarantor):
    fake_guarantor.guarantees.add("Z-0001")
    await linked.house(guarantee_no="Z-0001")
    for day in (*AHEAD, "2027-05-02"):
        await linked.skip_to(day)
    await linked.says(COMPANY, "5月1日に点検しました。異常ありません")
    await linked.taps(COMPANY, "yes")
    await linked.skip_to("2027-05-03")
    await linked.taps(OWNER, "done_ok")
    assert [told["state"] for told in fake_guarantor.told] == ["at_risk", "good"]
    assert fake_guarantor.told[1]["reasons"] == []
    assert fake_guarantor.told[0]["at"] < fake_guarantor.told[1]["at"]


async def test_a_lapse_and_that_it_was_a_mistake_reach_the_guarantor(linked: Town, fake_guarantor: FakeGuarantor):
    """The second word says which one it takes back; a span that is told again says both, in their order."""
    fake_guarantor.guarantees.add("Z-0001")
    await linked.house(guarantee_no="Z-0001")
    lapse = {"reasons": ["overdue H1-1-1"], "proposed_by": "staff:sato", "on": "2026-11-01"}
    undone = {"lapse": 3, "proposed_by": "staff:sato", "state": "at_risk", "reasons": ["overdue H1-1-1"]}
    for hour, deed in (
        (11, Deed("guarantee_lapsed", "staff:tanaka", lapse)),
        (12, Deed("lapse_undone", STAFF, undone)),
    ):
        await linked.skip_to("2026-11-01", hour)
        async with linked.service.store.write() as connection:
            outcome = Outcome("H1", deeds=(deed,))
            await commit(connection, linked.service.store.pins, [outcome], linked.service.clock.now())
        await linked.run()
    expected = [("lapsed", None), ("at_risk", "lapsed")]
    assert [(told["state"], told.get("corrects")) for told in fake_guarantor.told] == expected
    assert await _replay(linked.service, date(2026, 11, 1)) == 2
    await linked.run()
    again = sorted(fake_guarantor.told[2:], key=lambda told: str(told["at"]))
    assert [told["id"] for told in again] == [told["id"] for told in fake_guarantor.told[:2]]


async def test_the_guarantor_hears_that_the_owner_changed_and_not_who(linked: Town, fake_guarantor: FakeGuarantor):
    fake_guarantor.guarantees.add("Z-0001")
    await linked.house(guarantee_no="Z-0001")
    await linked.house(guarantee_no="Z-0001", owner_id="O-9", owner_name="佐藤 太郎")
    await linked.run()
    (told,) = fake_guarantor.told
    assert (told["kind"], told["guarantee_no"], told["on"]) == ("owners", "Z-0001", "2026-11-01")
    assert "佐藤" not in str(told)
    assert "O-9" not in str(told)


async def test_of_a_sale_the_day_of_the_document_is_told_once(linked: Town, fake_guarantor: FakeGuarantor):
    fake_guarantor.guarantees.add("Z-0001")
    await linked.house(guarantee_no="Z-0001")
    passed = Deed("ownership_passed", STAFF, {"from": [OWNER], "to": ["owner:N"], "on": "2026-10-20"})
    changed = Deed("owners_changed", STAFF, {"now": ["owner:N"], "ended": [OWNER]})
    async with linked.service.store.write() as connection:
        outcome = Outcome("H1", deeds=(changed, passed))
        await commit(connection, linked.service.store.pins, [outcome], linked.service.clock.now())
    await linked.run()
    assert [told["on"] for told in fake_guarantor.told] == ["2026-10-20"]


async def test_a_house_without_a_guarantee_is_nobodys_business(linked: Town, fake_guarantor: FakeGuarantor):
    await linked.house()
    await linked.house(owner_id="O-9", owner_name="佐藤 太郎")
    await linked.run()
    assert [call.path for call in fake_guarantor.calls if call.method == "POST"] == []


async def test_a_machine_that_is_down_hears_it_later_and_once(linked: Town, fake_guarantor: FakeGuarantor):
    fake_guarantor.guarantees.add("Z-0001")
    await linked.house(guarantee_no="Z-0001")
    await linked.house(guarantee_no="Z-0001", owner_id="O-9", owner_name="佐藤 太郎")
    await linked.service.understanding(linked.service.clock.now())
    fake_guarantor.next(Trouble.LOST)
    await linked.run()
    assert await states(linked) == ["waiting"]
    async with linked.service.store.write() as connection:
        await connection.execute(outbox.update().values(retry_at=None))
    await linked.run()
    assert await states(linked) == ["sent"]
    assert len(fake_guarantor.told) == 1


async def states(town: Town) -> list[str]:
    query = select(outbox.c.state).where(outbox.c.channel == LINK).order_by(outbox.c.id)
    async with town.service.store.read() as connection:
        return list((await connection.execute(query)).scalars())


async def test_what_the_machine_refuses_lies_with_the_staff(linked: Town, fake_guarantor: FakeGuarantor):
    """It knows no such number: nothing is dropped, and no letter is written to a machine."""
    await linked.house(guarantee_no="Z-0001")
    await linked.house(guarantee_no="Z-0001", owner_id="O-9", owner_name="佐藤 太郎")
    await linked.run()
    assert await states(linked) == ["unknown"]


async def test_a_span_is_told_again_with_the_same_ids(linked: Town, fake_guarantor: FakeGuarantor):
    """After the guarantor lost a week, or on the first day of the link."""
    fake_guarantor.guarantees.add("Z-0001")
    await linked.house(guarantee_no="Z-0001")
    await linked.house(guarantee_no="Z-0001", owner_id="O-9", owner_name="佐藤 太郎")
    await linked.run()
    assert await _replay(linked.service, date(2026, 11, 1)) == 1
    assert await _replay(linked.service, date(2026, 11, 2)) == 0
    await linked.run()
    first, again = fake_guarantor.told
    assert first["id"] == again["id"]
    keys = [call.headers["Idempotency-Key"] for call in fake_guarantor.calls if call.method == "POST"]
    assert len(set(keys)) == 2


async def test_a_new_guarantee_finds_its_house(linked: Town):
    """By the common ID: from then on it is watched over, and the residual month is a date of its own."""
    await linked.house()
    await tells(linked, event("new", common_id="C-H1", residual_month="2047-03"))
    row = await house(linked)
    assert (row.guarantee_no, str(row.residual_month)) == ("Z-0001", "2047-03-01")
    await linked.skip_to("2026-11-02")
    assert (await stands(linked, date(2026, 10, 31)), await stands(linked, date(2026, 11, 1))) == (
        State.NONE,
        State.GOOD,
    )
    assert {"guarantee_told", "residual_month_told"} <= set(await linked.facts())
    await linked.all_is_well()


async def test_what_finds_no_house_waits_on_the_list_until_the_file_comes(linked: Town, fake_guarantor: FakeGuarantor):
    await tells(linked, event("new", common_id="C-H1"), event("option_used"))
    assert await lost(linked) == ["new-Z-0001", "option_used-Z-0001"]
    await linked.skip_to("2026-11-02")
    assert "staff_guarantees" in await linked.hears(STAFF)
    await linked.house()
    await linked.skip_to("2026-11-03")
    assert await lost(linked) == []
    assert (await house(linked)).guarantee_no == "Z-0001"
    assert await reasons(linked) == ["option_used"]


async def test_two_houses_of_one_certificate_are_not_guessed(linked: Town):
    await linked.house(certificate_no="R3-1")
    await linked.house("H2", certificate_no="R3-1")
    await tells(linked, event("new", certificate_no="R3-1"))
    assert await lost(linked) == ["new-Z-0001"]
    assert (await house(linked)).guarantee_no is None


async def test_a_number_from_the_builders_file_is_not_replaced_by_a_machine(linked: Town):
    await linked.house(guarantee_no="F-1")
    await tells(linked, event("new", common_id="C-H1"))
    assert (await house(linked)).guarantee_no == "F-1"
    assert await reasons(linked) == ["guarantee_differs"]
    await linked.all_is_well()


async def test_a_death_and_an_option_are_for_a_person_to_decide(linked: Town):
    """The owner hears nothing of it from us, and stays the owner."""
    await linked.house(guarantee_no="Z-0001")
    await tells(linked, event("death"), event("option_used"))
    assert sorted(await reasons(linked)) == ["guarantor_death", "option_used"]
    assert {case["holder"] for case in (await linked.view())["cases"]} == {STAFF}
    assert await linked.hears(OWNER) == []
    await linked.skip_to("2026-11-04")
    assert await stands(linked, linked.today) is State.GOOD
    await linked.all_is_well()


async def test_a_guarantee_that_was_repaid_is_none_from_that_day(linked: Town):
    """By a fact; the house is looked after all the same, and how it stood before stays as it was."""
    await linked.house(guarantee_no="Z-0001")
    await linked.skip_to("2026-11-10")
    await tells(linked, event("repaid", on="2026-11-20"))
    found = {}
    for day in ("2026-11-19", "2026-11-20", "2026-11-25"):
        await linked.skip_to(day)
        found[linked.today] = await stands(linked, linked.today)
    assert list(found.values()) == [State.GOOD, State.NONE, State.NONE]
    assert {day: await stands(linked, day) for day in found} == found
    assert (await linked.facts()).count("guarantee_ended") == 1
    assert (await house(linked)).guarantee_no == "Z-0001"
    await linked.all_is_well()


async def test_an_end_that_was_told_by_mistake_is_moved_and_taken_back(linked: Town):
    """Each by a later word; what was known on the days in between stays as it was."""
    await linked.house(guarantee_no="Z-0001", common_id="C-H1")
    await linked.skip_to("2026-11-10")
    await tells(linked, event("end", on="2026-11-10", at="2026-11-10T09:00:00+09:00"))
    assert await stands(linked, linked.today) is State.NONE
    await linked.skip_to("2026-11-11")
    await tells(linked, event("end", id="end-2", on="2026-12-24", at="2026-11-11T09:00:00+09:00"))
    assert await stands(linked, linked.today) is State.GOOD
    await linked.skip_to("2026-12-24")
    assert await stands(linked, linked.today) is State.NONE
    await tells(linked, event("new", on="2026-12-24", at="2026-12-24T09:00:00+09:00", common_id="C-H1"))
    assert await stands(linked, linked.today) is State.GOOD
    assert (await house(linked)).guarantee_ended_on is None
    assert await stands(linked, date(2026, 11, 10)) is State.NONE
    await linked.all_is_well()


async def test_what_was_at_risk_is_over_when_the_guarantee_is(linked: Town):
    """Nobody is asked to save what has ended."""
    await linked.house(guarantee_no="Z-0001")
    for day in (*AHEAD, "2027-05-02"):
        await linked.skip_to(day)
    await linked.hears(OWNER)
    await tells(linked, event("end", on="2027-05-02"))
    await linked.skip_to("2027-05-03")
    (case,) = [case for case in (await linked.view())["cases"] if case["ladder"] == "standing/1"]
    assert case["phase"] == "closed"
    assert "owner_secure" not in await linked.hears(OWNER)
    await linked.all_is_well()


async def test_the_options_of_a_guarantee_that_was_repaid_are_nothing_to_be_reminded_of(linked: Town):
    """Of two houses with the same residual month only the one whose guarantee lives is told of it."""
    for house_id in ("H1", "H2"):
        await linked.house(house_id, guarantee_no=f"Z-{house_id}", residual_month="2027-12")
    await tells(linked, event("repaid", "Z-H1"))
    for day in ("2026-12-01", "2026-12-02", "2026-12-03"):
        await linked.skip_to(day)
    told = {house_id: [work["code"] for work in (await linked.view(house_id))["works"]] for house_id in ("H1", "H2")}
    assert ("residual" in told["H1"], "residual" in told["H2"]) == (False, True)


async def test_the_same_event_twice_is_one_matter(linked: Town):
    await linked.house(guarantee_no="Z-0001")
    await tells(linked, event("death"), event("death"), event("death"))
    assert await reasons(linked) == ["guarantor_death"]


async def test_the_lists_are_compared_once_a_day(linked: Town, fake_guarantor: FakeGuarantor, tmp_path: Path):
    """What only one of us has is one entry with counts, and a table; said once, and again when there is more."""
    await linked.house(guarantee_no="Z-1")
    await linked.house("H2", guarantee_no="Z-2")
    await linked.house("H3", guarantee_no="Z-3")
    fake_guarantor.guarantees = {"Z-1", "Z-9", *(f"Z-1{n:04}" for n in range(700))}
    await linked.skip_to("2026-11-02")
    await linked.run()
    assert (await linked.hears(STAFF)).count("staff_guarantees") == 1
    await linked.skip_to("2026-11-04")
    assert "staff_guarantees" not in await linked.hears(STAFF)
    count = await _compare(linked.service, tmp_path / "gaps.csv")
    assert (count.ours, count.theirs) == (2, 701)
    with (tmp_path / "gaps.csv").open(encoding="utf-8-sig") as file:
        rows = {row["guarantee_no"]: row for row in csv.DictReader(file)}
    assert (rows["Z-2"]["only_with"], rows["Z-2"]["house_id"], rows["Z-2"]["since_on"]) == ("us", "H2", "2026-11-02")
    assert (rows["Z-9"]["only_with"], rows["Z-9"]["house_id"]) == ("them", "")
    fake_guarantor.guarantees = {"Z-1", "Z-2", "Z-3"}
    await linked.skip_to("2026-11-05")
    async with linked.service.store.read() as connection:
        assert await gaps_after(connection) == []


async def test_what_has_ended_on_both_sides_is_no_difference(linked: Town, fake_guarantor: FakeGuarantor):
    """Repaid: their list has it no more, and ours keeps the number without missing it there."""
    await linked.house(guarantee_no="Z-0001")
    await linked.house("H2", guarantee_no="Z-2")
    fake_guarantor.guarantees, fake_guarantor.ended = {"Z-2"}, {"Z-0001"}
    await tells(linked, event("repaid", on="2026-11-01"))
    await linked.skip_to("2026-11-02")
    assert "staff_guarantees" not in await linked.hears(STAFF)
    async with linked.service.store.read() as connection:
        assert await gaps_after(connection) == []
    assert (await house(linked)).guarantee_no == "Z-0001"


async def test_a_list_that_breaks_off_says_nothing(linked: Town, fake_guarantor: FakeGuarantor):
    """Half a list would make every other house look forgotten: it is tried again in the next hour."""
    await linked.house(guarantee_no="Z-1")
    fake_guarantor.next(Trouble.BROKEN)
    await linked.skip_to("2026-11-02", 10)
    assert "staff_guarantees" not in await linked.hears(STAFF)
    await linked.skip_to("2026-11-02", 11)
    await linked.run()
    assert "staff_guarantees" in await linked.hears(STAFF)


async def test_without_the_link_nothing_changes(town: Town):
    await town.house(guarantee_no="Z-0001")
    await town.house(guarantee_no="Z-0001", owner_id="O-9", owner_name="佐藤 太郎")
    await town.run()
    assert await states(town) == []
    assert listing_of(town.service.post) is None
