"""A lapse and its undoing take weeks and several people: somebody leaves, an inspection is done, all stays true."""

from datetime import date

import pytest_asyncio

from bot.core.book.standing import standing_on
from bot.core.rights import StaffRole
from storage.staff import Member
from storage.standing import standing_sources
from tests.handlers.web.street import Street, street_at
from tests.stories.test_guarantee_lapsed import AHEAD, letter_posted
from tests.stories.test_named_staff import enters, leaves, supervises

OWNER, COMPANY, DESK = "owner:O-H1", "servicer:B1", "staff:desk"
SATO, TANAKA, SUZUKI, ITO, KATO = (f"staff:{name}" for name in ("sato", "tanaka", "suzuki", "ito", "kato"))
CASE, HOUSE = "/staff/case/H1-2", "/staff/houses/H1"


@pytest_asyncio.fixture
async def street(tmp_path, database_url):
    """An office of five supervisors; a house long at risk, whose owner was told in the chat, by mail and by letter."""
    async with street_at(tmp_path, "2026-11-01", database_url) as found:
        names = zip((SATO, TANAKA, SUZUKI, ITO, KATO), ("佐藤", "田中", "鈴木", "伊藤", "加藤"), strict=True)
        for person_id, name in names:
            await supervises(found, Member(person_id, name, StaffRole.SUPERVISOR))
        await found.town.house(guarantee_no="Z-0001", email="yamada@example.jp")
        for day in (*AHEAD, "2027-05-16", "2027-05-30"):
            await found.town.skip_to(day)
        await letter_posted(found.town)
        yield found


async def does(street: Street, who: str, path: str, button: str) -> str:
    """One of them comes in at their own entrance and presses this; what the page says then."""
    return (await (await (await enters(street, who)).opens(path)).presses(button)).text


async def standings(street: Street, *days: str) -> list[str]:
    """How it stood at the end of each day, from what was known by then."""
    async with street.town.service.store.read() as connection:
        stored = (await standing_sources(connection, ["H1"]))["H1"]
    today = street.town.today
    return [standing_on(stored, date.fromisoformat(day), today).state.value for day in days]


async def kinds(street: Street, *, without: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    """Everything on record of the lapse, in its order: what, and who."""
    facts = (await street.town.view())["facts"]
    return [(fact["kind"], fact["by"]) for fact in facts if "lapse" in fact["kind"] and fact["kind"] not in without]


async def lapsed(street: Street) -> None:
    """Proposed on 30 May, fallen with who proposed it on 1 June, proposed again by another, confirmed on the 4th."""
    town = street.town
    await does(street, SATO, CASE, "失効を提案する")
    await town.until("2027-06-01")
    assert await leaves(street, SATO) is not None
    await town.run()
    assert (await town.hears(DESK))[-1] == "staff_lapse"
    page = await (await enters(street, TANAKA)).opens(CASE)
    assert "失効を確定する" not in page.text
    await page.presses("失効を提案する")
    await town.until("2027-06-04")
    await does(street, SUZUKI, CASE, "失効を確定する")


async def test_a_proposal_falls_with_who_made_it_and_is_made_again(street: Street):
    """「提案した佐藤さんは、もう担当ではありません」: the second person could not ask them any more."""
    await lapsed(street)
    assert await kinds(street) == [
        *(("lapse_proposed", SATO), ("lapse_fallen", DESK), ("lapse_proposed", TANAKA)),
        ("guarantee_lapsed", SUZUKI),
    ]
    assert await standings(street, "2027-05-30", "2027-06-03", "2027-06-04") == ["at_risk", "at_risk", "lapsed"]
    shown = (await (await enters(street, ITO)).opens(HOUSE)).text
    assert "担当の佐藤が担当を離れたので、失効の提案はなくなりました。" in shown
    assert "2027年6月4日(金)付けで記録しました（担当者2人の確認）" in shown
    await street.town.all_is_well()


async def test_taking_it_back_outlives_who_began_it_and_what_was_done_meanwhile(street: Street):
    """Weeks later, by others; the letter had gone out, and the inspection has been done: the guarantee is good."""
    await lapsed(street)
    town = street.town
    await town.until("2027-06-06")
    assert "owner_lapsed" in await town.letters(OWNER)
    await letter_posted(town)
    await town.until("2027-06-10")
    await does(street, TANAKA, HOUSE, "取り消しを提案する")
    await town.run()
    assert (await town.hears(DESK))[-1] == "staff_lapse_undo"
    await town.until("2027-06-12")
    assert await leaves(street, TANAKA) is not None
    page = await (await enters(street, ITO)).opens(HOUSE)
    assert "失効を取り消す" not in page.text
    await town.until("2027-06-15")
    await town.says(COMPANY, "6月14日に点検しました。異常ありません")
    await town.taps(COMPANY, "yes")
    await town.says(OWNER, "6月14日に終わりました。異常なしです")
    await town.taps(OWNER, "yes")
    assert await standings(street, "2027-06-15") == ["lapsed"]
    await does(street, ITO, HOUSE, "取り消しを提案する")
    await town.until("2027-06-21")
    await town.hears(OWNER)
    assert "失効の記録（" in await does(street, KATO, HOUSE, "失効を取り消す")
    await town.until("2027-06-30")
    days = ("2027-05-30", "2027-06-03", "2027-06-04", "2027-06-20", "2027-06-21", "2027-06-30")
    assert await standings(street, *days) == ["at_risk", "at_risk", "lapsed", "lapsed", "good", "good"]
    assert (await town.hears(OWNER)).count("owner_lapse_undone") == 1
    assert (await kinds(street))[4:] == [
        *(("lapse_undo_proposed", TANAKA), ("lapse_undo_fallen", DESK), ("lapse_undo_proposed", ITO)),
        ("lapse_undone", KATO),
    ]
    owner = await street.reader().opens(f"{street.link(OWNER)}/record")
    assert "残価保証の状態： 良好" in owner.text
    record = (await owner.client.get(f"{street.link(OWNER)}/record/H1.json")).text
    assert "残価保証の失効を、2027年6月4日(金)付けで記録しました（担当者2人の確認）" in record
    assert "誤りでしたので、取り消しました（担当者2人の確認）" in record
    assert "佐藤" not in record  # the owner reads that the staff did it, not who
    await town.all_is_well()
