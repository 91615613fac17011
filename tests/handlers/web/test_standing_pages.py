"""Where a guarantee stands, on the owner's own page and on the staff's; two of the staff record its lapse there."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, text

from bot.core.book.standing import standing_on
from bot.core.guarantee import news_of
from bot.core.links import STAFF
from bot.core.outcome import Deed
from storage.audit import audit
from storage.letters import mark_posted, unposted
from storage.standing import standing_sources
from storage.tables import people
from tests.handlers.web.street import Reader, Street

OWNER = "owner:O-H1"
ROOT = Path(__file__).parents[3]
AHEAD = ("2027-01-04", "2027-02-01", "2027-03-20", "2027-04-02", "2027-04-20", "2027-04-30", "2027-05-02")
LATE = "外まわり・基礎・配管の点検・お手入れが、計画の期日を過ぎています。"


async def at_risk(street: Street, *later: str, **given: Any) -> None:
    await street.town.house(guarantee_no="Z-0001", **given)
    for day in (*AHEAD, *later):
        await street.town.skip_to(day)


async def named(street: Street, name: str, role: str = "") -> Reader:
    """Somebody of the staff who came in by a link of their own."""
    async with street.town.service.store.write() as connection:
        await connection.execute(insert(people).values(id=f"staff:{name}", name=name, staff_role=role))
    reader = street.reader()
    await reader.opens(f"/staff/enter/{street.town.service.links.token(STAFF, name)}")
    return await reader.presses("入る")


async def test_the_owner_sees_how_the_guarantee_stands_and_what_mends_it(street: Street):
    await at_risk(street)
    owner = await street.reader().opens(f"{street.link(OWNER)}/record")
    assert "残価保証の状態： 注意が必要" in owner.text
    assert LATE in owner.text


async def test_of_a_house_without_a_guarantee_the_page_says_nothing_of_one(street: Street):
    await street.town.house()
    owner = await street.reader().opens(f"{street.link(OWNER)}/record")
    assert "残価保証の状態" not in owner.text


async def test_the_staff_see_it_on_the_list_at_the_case_and_at_the_house(street: Street):
    await at_risk(street, "2027-05-06")
    staff = await street.staff()
    assert "保証の状態に、注意が必要です" in (await staff.opens("/staff/")).text
    assert LATE in (await staff.opens("/staff/case/H1-2")).text
    assert LATE in (await staff.opens("/staff/houses/H1")).text


async def test_at_the_shared_entrance_a_lapse_is_refused_with_a_plain_line(street: Street):
    await at_risk(street)
    staff = await (await street.staff()).opens("/staff/case/H1-2")
    assert "別々の担当者2人の名前が要ります" in (await staff.presses("失効を提案する")).text


async def lapsed(street: Street) -> tuple[Reader, Reader]:
    """Two of the staff, by name, have recorded the lapse; the owner had been told everywhere before."""
    await at_risk(street, "2027-05-16", "2027-05-30", email="yamada@example.jp")
    store, now = street.town.service.store, street.town.service.clock.now()
    async with store.write() as connection:
        ids = [letter.outbox_id for letter in await unposted(connection)]
        await mark_posted(connection, store.pins.seal, ids, "staff:desk", now)
    first, second = await named(street, "sato", "supervisor"), await named(street, "tanaka", "supervisor")
    await (await first.opens("/staff/case/H1-2")).presses("失効を提案する")
    await (await second.opens("/staff/case/H1-2")).presses("失効を確定する")
    return first, second


async def test_two_of_the_staff_record_a_lapse(street: Street):
    """Each with the name under which they came in; the first cannot be the second."""
    await at_risk(street, "2027-05-16", "2027-05-30", email="yamada@example.jp")
    store, now = street.town.service.store, street.town.service.clock.now()
    async with store.write() as connection:
        ids = [letter.outbox_id for letter in await unposted(connection)]
        await mark_posted(connection, store.pins.seal, ids, "staff:desk", now)
    first, second = await named(street, "sato", "supervisor"), await named(street, "tanaka", "supervisor")
    await first.opens("/staff/case/H1-2")
    assert "失効の提案を記録しました" in (await first.presses("失効を提案する")).text
    assert "提案した本人は確定できません" in (await first.presses("失効を確定する")).text
    await second.opens("/staff/case/H1-2")
    assert "satoが2027年5月30日(日)に提案しました" in second.text
    assert "保証の失効を記録しました" in (await second.presses("失効を確定する")).text
    assert "失効（記録済み）" in (await second.opens("/staff/houses/H1")).text


async def test_a_lapse_recorded_by_mistake_is_taken_back_by_two(street: Street):
    """「点検は済んでいたのに、失効にしてしまいました」: nothing is deleted, and the owner hears of it once."""
    town = street.town
    first, second = await lapsed(street)
    assert "owner_lapsed" in await town.letters(OWNER)
    await town.hears(OWNER)
    await (await first.opens("/staff/houses/H1")).presses("取り消しを提案する")
    assert "失効（記録済み）" in (await first.opens("/staff/houses/H1")).text
    assert "提案した本人は確定できません" in (await first.presses("失効を取り消す")).text
    await second.opens("/staff/houses/H1")
    assert "satoが2027年5月30日(日)に、取り消しを提案しました" in second.text
    await second.presses("失効を取り消す")
    after = await second.opens("/staff/houses/H1")
    assert after.page.select("button[value=agree], button[value=propose]") == []
    assert "残価保証の失効を、2027年5月30日(日)付けで記録しました" in after.text
    assert "誤りでしたので、取り消しました" in after.text
    await town.until("2027-06-03")
    assert (await town.hears(OWNER)).count("owner_lapse_undone") == 1
    assert "owner_lapsed" not in await town.letters(OWNER)
    facts = {fact["kind"]: fact for fact in (await town.view())["facts"]}
    told = facts["lapse_undone"]
    assert (told["by"], told["data"]["proposed_by"]) == ("staff:tanaka", "staff:sato")
    assert told["data"]["lapse"] == facts["guarantee_lapsed"]["seq"]
    assert "注意が必要" in (await street.reader().opens(f"{street.link(OWNER)}/record")).text
    async with town.service.store.read() as connection:
        stored = (await standing_sources(connection, ["H1"]))["H1"]
    days = [date(2027, 5, 29), date(2027, 5, 30), date(2027, 6, 3)]
    assert [standing_on(stored, day, town.today).state for day in days] == ["at_risk", "at_risk", "at_risk"]
    await town.all_is_well()


async def test_who_took_it_back_wrongly_drops_the_proposal(street: Street):
    first, second = await lapsed(street)
    await (await first.opens("/staff/houses/H1")).presses("取り消しを提案する")
    await (await second.opens("/staff/houses/H1")).presses("提案を取り下げる")
    assert "失効（記録済み）" in (await second.opens("/staff/houses/H1")).text
    desk = await (await street.staff()).opens("/staff/houses/H1")
    assert "共用の入口ではなく" in (await desk.presses("取り消しを提案する")).text
    await street.town.all_is_well()


async def test_of_a_house_without_a_lapse_there_is_nothing_to_take_back(street: Street):
    await at_risk(street)
    staff = await named(street, "sato")
    await staff.opens("/staff/houses/H1")
    given = {"verb": "propose", "stamp": staff.stamp}
    assert (await staff.client.post("/staff/houses/H1/lapse", data=given)).status_code == 404


@pytest.mark.parametrize("forged", ["lapsed_on = NULL", "lapsed_on = '2027-01-01'"])
async def test_a_lapse_that_no_two_people_took_back_is_found(street: Street, forged: str):
    """Taking it out of the row is no way to mend it, nor is putting it back after it was taken back."""
    first, second = await lapsed(street)
    if "NULL" not in forged:
        await (await first.opens("/staff/houses/H1")).presses("取り消しを提案する")
        await (await second.opens("/staff/houses/H1")).presses("失効を取り消す")
    await street.town.all_is_well()
    store = street.town.service.store
    async with store.write() as connection:
        await connection.execute(text(f"UPDATE houses SET {forged}"))
    async with store.read() as connection:
        seal, now = store.pins.seal, street.town.service.clock.now()
        found = [(one.kind, one.where) async for one in audit(connection, seal, now)]
    assert ("row_differs", "H1:guarantee") in found


def test_the_guarantor_hears_that_it_was_a_mistake():
    data = {"lapse": 9, "proposed_by": "staff:sato", "state": "at_risk", "reasons": ["overdue H1-1-1"]}
    kind, told = news_of(Deed("lapse_undone", "staff:tanaka", data), date(2027, 5, 31)) or ("", {})
    assert kind == "guarantor_standing"
    assert told == {"state": "at_risk", "reasons": ["overdue"], "on": "2027-05-31", "corrects": "lapsed"}
    schema = json.loads((ROOT / "docs" / "guarantor-api.json").read_text("utf-8"))["components"]["schemas"]["standing"]
    assert set(told) <= set(schema["properties"])
