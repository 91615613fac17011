"""Where a guarantee stands, on the owner's own page and on the staff's; two of the staff record its lapse there."""

from typing import Any

from sqlalchemy import insert

from bot.core.links import STAFF
from storage.letters import mark_posted, unposted
from storage.tables import people
from tests.handlers.web.street import Reader, Street

OWNER = "owner:O-H1"
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
