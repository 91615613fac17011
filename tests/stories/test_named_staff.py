"""An office without Slack: its people have names all the same, and what one of them leaves behind is nobody's loss."""

import pytest
import pytest_asyncio
from sqlalchemy import select

from bot.core.rights import StaffRole
from bot.core.standing import State
from scheduler.handover import Closing, carry_on, prepare
from storage.guests import staff_at
from storage.people import person_at
from storage.reviews import HandoverError, approve
from storage.staff import Member, all_staff, remove, take_in
from storage.tables import cases, houses
from tests.handlers.web.street import HOST, Reader, Street, street_at
from tests.stories.test_a_company_closes import COMPANIES, HERE
from tests.stories.test_guarantee_lapsed import AHEAD, letter_posted, state
from tests.stories.test_new_owner import form_of, owners_page, records

DESK, SATO, TANAKA = "staff:desk", "staff:sato", "staff:tanaka"
OWNER = "owner:O-H1"


@pytest_asyncio.fixture
async def street(tmp_path, database_url):
    """An office of two, on either database."""
    async with street_at(tmp_path, "2026-11-01", database_url) as found:
        for person_id, name in ((SATO, "佐藤"), (TANAKA, "田中")):
            await supervises(found, Member(person_id, name, StaffRole.SUPERVISOR))
        yield found


async def supervises(street: Street, member: Member) -> None:
    """They may sign what cannot be undone."""
    service = street.town.service
    async with service.store.write() as connection:
        assert await take_in(connection, service.store.pins.seal, member, service.clock.now())


def door(street: Street, person_id: str) -> str:
    """The link that `engawa staff add` prints."""
    return street.town.service.links.entrance(person_id.partition(":")[2]).removeprefix(HOST)


async def enters(street: Street, person_id: str) -> Reader:
    return await (await street.reader().opens(door(street, person_id))).presses("入る")


async def leaves(street: Street, person_id: str) -> int | None:
    return await remove(street.town.service.store, person_id, street.town.service.clock.now())


async def holders(street: Street) -> dict[str, str]:
    async with street.town.service.store.read() as connection:
        query = select(cases.c.id, cases.c.holder).where(cases.c.phase != "closed")
        return {row.id: row.holder for row in await connection.execute(query)}


async def closes(street: Street) -> int:
    """B1 closes; the handover of its two houses lies ready for approval."""
    town = street.town
    await town.companies(COMPANIES)
    await town.house("H1", **HERE)
    await town.house("H2", **HERE, owner_name="小林 次郎", consent_mandate_on="")
    await town.until("2027-01-11")
    return await prepare(town.service.store, Closing("B1", "closed"), town.service.clock.now())


async def test_one_of_them_approves_the_handover_of_a_company_that_closes(street: Street):
    """The desk is refused, with the command that helps; by name it is approved, and they hold the houses."""
    number, service = await closes(street), street.town.service
    with pytest.raises(HandoverError, match="no named person of the staff; `engawa staff add`"):
        await approve(service.store, number, DESK, service.clock.now())
    await approve(service.store, number, SATO, service.clock.now())
    await street.town.run()
    assert set((await holders(street)).values()) == {SATO}
    await street.town.all_is_well()


async def test_two_of_them_record_a_lapse_each_at_their_own_entrance(street: Street):
    """「失効を提案する」「失効を確定する」: at the desk neither is taken."""
    town = street.town
    await town.house(guarantee_no="Z-0001", email="yamada@example.jp")
    for day in (*AHEAD, "2027-05-16", "2027-05-30"):
        await town.skip_to(day)
    await letter_posted(town)
    at_desk = await (await street.staff()).opens("/staff/case/H1-2")
    assert "engawa staff add" in (await at_desk.presses("失効を提案する")).text
    first = await (await enters(street, SATO)).opens("/staff/case/H1-2")
    await first.presses("失効を提案する")
    assert await state(town) is State.AT_RISK
    second = await (await enters(street, TANAKA)).opens("/staff/case/H1-2")
    await second.presses("失効を確定する")
    assert await state(town) is State.LAPSED
    facts = {fact["kind"]: fact["by"] for fact in (await town.view())["facts"]}
    assert (facts["lapse_proposed"], facts["guarantee_lapsed"]) == (SATO, TANAKA)


async def test_who_takes_a_matter_holds_it_until_they_leave(street: Street):
    """「引き受ける」 under their own name; after they left the desk is told of it again."""
    town = street.town
    await town.house()
    await town.until("2027-02-01")
    await town.says(OWNER, "担当の方と話したいです")
    case = min(one for one, holder in (await holders(street)).items() if holder == DESK)
    await (await (await enters(street, SATO)).opens(f"/staff/case/{case}")).presses("引き受ける")
    assert (await holders(street))[case] == SATO
    await town.hears(DESK)
    assert await leaves(street, SATO) == 1
    await town.run()
    assert (await holders(street))[case] == DESK
    assert await town.hears(DESK) == ["staff_alert"]
    assert "case_given_back" in await town.facts()
    await town.all_is_well()


async def test_who_was_removed_comes_in_no_more(street: Street):
    """Neither by the link, nor with the page that was still open, nor by a word."""
    town = street.town
    await town.house()
    staff, link = await enters(street, SATO), door(street, SATO)
    await staff.opens("/staff/")
    assert staff.status == 200
    assert await leaves(street, SATO) == 0
    assert (await staff.opens("/staff/")).status == 401
    assert (await street.reader().opens(link)).status == 404
    assert (await street.reader().opens(street.link(SATO))).status == 404
    assert await town.says(SATO, action="pending:::") == []
    assert (await (await enters(street, TANAKA)).opens("/staff/")).status == 200
    async with town.service.store.read() as connection:
        known = {one["id"]: one["removed_on"] for one in await all_staff(connection, town.service.clock.now())}
    assert known == {SATO: town.today.isoformat(), TANAKA: None}


async def test_an_account_at_the_desk_does_not_bring_back_who_was_removed(street: Street):
    """In Slack the name comes with the first word; after the removal there is none, and no address either."""
    async with street.town.service.store.write() as connection:
        person = await staff_at(connection, "slack", "U0123", "鈴木")
        assert await person_at(connection, "slack", "U0123") == person
    await leaves(street, person)
    async with street.town.service.store.write() as connection:
        assert await staff_at(connection, "slack", "U0123", "鈴木") == ""
        assert await person_at(connection, "slack", "U0123") is None


async def test_the_houses_of_a_handover_go_to_the_desk_when_who_approved_it_leaves(street: Street):
    """Also those whose turn has not come yet; no alert for each of many."""
    number, town = await closes(street), street.town
    service = town.service
    await approve(service.store, number, SATO, service.clock.now())
    assert await leaves(street, SATO)
    await carry_on(service.store, service.clock.now())
    found = await holders(street)
    assert set(found.values()) == {DESK}
    assert {case.partition("-")[0] for case in found} == {"H1", "H2"}
    with pytest.raises(HandoverError, match="no named person"):
        await approve(service.store, number, SATO, service.clock.now())
    await town.all_is_well()


async def test_what_had_begun_of_a_handover_goes_to_the_desk_too(street: Street):
    """A company that is asked stays asked."""
    number, town = await closes(street), street.town
    await approve(town.service.store, number, SATO, town.service.clock.now())
    await town.run()
    before = await holders(street)
    await town.hears(DESK)
    assert await leaves(street, SATO) == len(before)
    assert set((await holders(street)).values()) == {DESK}
    assert (await town.case())["candidate_id"] == "servicer:B2"
    await town.run()
    assert await town.hears(DESK) == []
    await town.all_is_well()


async def test_after_a_death_somebody_has_the_house_by_name(street: Street):
    """「お預かりする人」: the desk will not do; after they left, the house is the desk's until another is named."""
    town = street.town
    await town.house()
    await town.until("2027-02-01")
    staff = await owners_page(street)
    assert [option["value"] for option in staff.page.select("#keeper option")] == ["", SATO, TANAKA]
    day = town.today.isoformat()
    death = {"kind": "death", "on": day, "document": "family_register", "step": "record", f"leaves-{OWNER}": "1"}
    for keeper in ("", DESK, "staff:nobody", OWNER):
        await staff.sends(form_of(staff, "#kind"), {**death, "keeper": keeper})
        assert staff.status == 422, keeper
        assert "お預かりする担当者を、お名前で選んでください" in staff.text
    assert "death_recorded" not in await town.facts()
    await records(street, new=(), kind="death", document="family_register", keeper=TANAKA)
    assert set((await holders(street)).values()) == {TANAKA}
    await leaves(street, TANAKA)
    assert set((await holders(street)).values()) == {DESK}
    async with town.service.store.read() as connection:
        assert (await connection.execute(select(houses.c.keeper_id))).scalar_one() == ""
    await town.all_is_well()
