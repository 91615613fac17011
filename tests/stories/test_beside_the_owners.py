"""所有者のほかに、かかわる人: a daughter, a tenant, a borrower and a guardian, as the staff enter them.

What each of them hears and may answer, and that it ends when they are taken off.
"""

import pytest
import pytest_asyncio

from bot.core.scopes import Topic
from tests.handlers.web.street import Street, street_at
from tests.stories.test_new_owner import agrees, form_of, newcomer, owners_page, records

OWNER, COMPANY, STAFF = "owner:O-H1", "servicer:B1", "staff:desk"
EVERYTHING = tuple(Topic)


@pytest_asyncio.fixture
async def street(tmp_path, database_url):
    """A town with its pages, on either database, and one house in it."""
    async with street_at(tmp_path, "2026-11-01", database_url) as found:
        await found.town.house()
        yield found


async def enters(street: Street, scope: str, name: str, acts_for: str = "", topics: tuple[Topic, ...] = ()) -> str:
    """The staff enter somebody on the page of the house's owners; who it is from now on."""
    staff = await owners_page(street)
    ticked = {f"topic-{topic}": "1" for topic in topics}
    contact = f"{scope}@example.jp"
    values = {"scope": scope, "name": name, "contact": contact, "acts_for": acts_for, **ticked}
    await staff.sends(form_of(staff, "#near-scope"), values)
    assert staff.status == 200, staff.text
    assert name in staff.text
    person = await newcomer(street, name)
    await street.town.chats(person)
    return person


async def ends(street: Street, scope: str, person: str) -> None:
    staff = await owners_page(street)
    button = f"button[value='{scope}|{person}']"
    await staff.sends(form_of(staff, button), {"who": f"{scope}|{person}"})
    assert not staff.page.select(button)


async def visit_fixed(street: Street, asked: str = OWNER, day: str = "2月22日") -> None:
    """Whoever is asked and the company settle on a day."""
    await street.town.until("2027-02-01")
    for person, words in ((asked, f"希望日は{day}です"), (asked, "はい"), (COMPANY, f"{day}で大丈夫です")):
        await street.town.says(person, words)
    await street.town.says(COMPANY, "はい")
    await street.town.run()
    assert (await street.town.case())["phase"] == "fixed"


async def reported(street: Street) -> None:
    """The company says that all is done, and the owner says so too."""
    await street.town.until("2027-02-23")
    await street.town.says(COMPANY, "2月22日に点検しました。異常ありません")
    await street.town.taps(COMPANY, "yes")
    await street.town.taps(OWNER, "done_ok")


async def test_a_daughter_hears_what_her_father_allowed_and_is_asked_nothing(street: Street):
    """「うかがう日は娘にも知らせてください」: the day, and neither what is late nor what was found."""
    town = street.town
    daughter = await enters(street, "family", "山田 葉子", topics=(Topic.ACCESS,))
    await visit_fixed(street)
    assert await town.hears(daughter) == ["owner_near"]
    assert "2月22日" in await town.words(daughter)
    assert "お返事は要りません" in await town.words(daughter)
    assert [button.label for button in await town.buttons(daughter)] == ["担当者と話す"]
    await reported(street)
    told = await town.hears(daughter)  # the day before
    assert told == ["owner_near"]
    assert {work["basis"] for work in (await town.view())["works"]} == {"both"}


async def test_what_is_late_and_what_was_done_is_for_a_daughter_who_may_hear_it(street: Street):
    town = street.town
    all_of_it = await enters(street, "family", "山田 葉子", topics=EVERYTHING)
    nothing = await enters(street, "family", "山田 次郎")
    await town.until("2027-04-20")
    assert "owner_near" in await town.hears(all_of_it)
    assert "期日を過ぎています" in await town.words(all_of_it)
    await town.says(OWNER, "4月19日に点検が終わりました。異常ありません")
    await town.taps(OWNER, "yes")
    await town.taps(COMPANY, "done_ok")
    assert await town.hears(all_of_it) == ["owner_near"]
    assert "終わりました" in await town.words(all_of_it)
    assert await town.hears(nothing) == []


@pytest.mark.parametrize(("scope", "hears"), [("family", True), ("resident", True), ("borrower", False)])
async def test_nobody_beside_the_owner_moves_a_visit(street: Street, scope: str, hears: bool):
    """Whatever they say or press goes to a person of the staff; the house, its day and its mandate stay."""
    town = street.town
    somebody = await enters(street, scope, "田中 一郎", topics=EVERYTHING)
    await town.until("2027-02-01")
    question = [action for action in await town.shown(OWNER) if action.split(":")[1].startswith("H1-")]
    assert question
    before = await town.case()
    for action in question:  # an owner's own buttons, passed on
        await town.says(somebody, action=action)
    for words in ("2月22日でお願いします", "点検は終わりました", "同意を取り消します"):
        assert (await town.says(somebody, words))[-1] in ("reply_near", "reply_support_page"), words
    after = await town.case()
    assert (after["phase"], after["visit_on"], after["round"]) == (before["phase"], before["visit_on"], before["round"])
    assert (await town.view())["house"]["mandated"]
    assert {work["basis"] for work in (await town.view())["works"]} == {None}
    await town.all_is_well()
    await town.says(OWNER, "希望日は2月22日です")
    await town.says(OWNER, "はい")
    await town.says(COMPANY, "2月22日で大丈夫です")
    await town.says(COMPANY, "はい")
    await town.run()
    assert ("owner_near" in await town.hears(somebody)) is hears


async def test_a_tenant_hears_of_days_alone_whatever_was_ticked(street: Street):
    """Who lives there has to open the door; that something is late is the owner's matter."""
    town = street.town
    tenant = await enters(street, "resident", "田中 一郎", topics=EVERYTHING)
    await visit_fixed(street)
    assert await town.hears(tenant) == ["owner_near"]
    await reported(street)
    assert await town.hears(tenant) == ["owner_near"]  # the day before, and nothing of the result
    assert "山田" not in await town.words(tenant)


async def test_a_borrower_hears_nothing_of_the_upkeep(street: Street):
    """親が買い、子が借りている: the loan is theirs, the house is not."""
    town = street.town
    borrower = await enters(street, "borrower", "山田 健", topics=EVERYTHING)
    await visit_fixed(street)
    await reported(street)
    await town.until("2027-04-20")
    assert await town.hears(borrower) == []


async def test_anybody_there_may_say_that_it_burns(street: Street):
    """Danger is danger, whoever says so."""
    town = street.town
    tenant = await enters(street, "resident", "田中 一郎")
    assert await town.says(tenant, "ガス臭いです") == ["reply_emergency"]


async def test_a_guardian_is_asked_and_answers_in_the_owners_place(street: Street):
    """成年後見人: they are asked, what they say counts as the owner's word, and the owner is left in peace."""
    town = street.town
    guardian = await enters(street, "representative", "後見 守", acts_for=OWNER)
    await town.until("2027-02-01")
    assert "owner_ask" in await town.hears(guardian)
    assert await town.hears(OWNER) == []
    await visit_fixed(street, guardian)
    assert "owner_near" not in await town.hears(guardian)  # told as an owner is
    await town.until("2027-02-23")
    await town.says(COMPANY, "2月22日に点検しました。異常ありません")
    await town.taps(COMPANY, "yes")
    await town.taps(guardian, "done_ok")
    assert {work["basis"] for work in (await town.view())["works"]} == {"both"}
    assert await town.hears(OWNER) == []
    await town.all_is_well()


async def test_a_guardian_agrees_where_the_owner_cannot(street: Street):
    """The house waits for a consent; the guardian's is the owner's."""
    town = street.town
    await town.house("H2", consent_information_on="", consent_mandate_on="")
    assert not (await town.view("H2"))["house"]["mandated"]
    staff = await owners_page(street, "H2")
    values = {"scope": "representative", "name": "後見 守", "contact": "", "acts_for": "owner:O-H2"}
    await staff.sends(form_of(staff, "#near-scope"), values)
    guardian = await newcomer(street, "後見 守")
    await town.chats(guardian)
    assert (await town.says(guardian, "同意します"))[-1] == "consent_ask"
    await town.taps(guardian, "consent")
    assert (await town.view("H2"))["house"]["mandated"]


@pytest.mark.parametrize(
    ("scope", "acts_for"), [("representative", ""), ("representative", "owner:O-H9"), ("family", OWNER), ("king", "")]
)
async def test_what_nobody_can_be_is_not_entered(street: Street, scope: str, acts_for: str):
    """A guardian stands for one of the owners; nobody else stands for anybody."""
    staff = await owners_page(street)
    before = await street.everything()
    await staff.sends(form_of(staff, "#near-scope"), {"scope": scope, "name": "後見 守", "acts_for": acts_for})
    assert staff.status == 400
    after = await street.everything()
    assert {name for name in after if after[name] != before[name]} <= {"looks", "service"}


async def test_once_it_has_ended_they_hear_nothing_and_the_owner_answers_again(street: Street):
    """Taken off by the staff; the record keeps who it was by a code, and nobody's name."""
    town = street.town
    daughter = await enters(street, "family", "山田 葉子", topics=EVERYTHING)
    guardian = await enters(street, "representative", "後見 守", acts_for=OWNER)
    await town.until("2027-02-01")
    await ends(street, "family", daughter)
    await ends(street, "representative", guardian)
    for person in (OWNER, daughter, guardian):
        await town.hears(person)
    await visit_fixed(street)
    assert "owner_fixed" in await town.hears(OWNER)
    assert await town.hears(daughter) + await town.hears(guardian) == []
    assert (await town.says(guardian, "2月25日に変更してください"))[-1] != "reply_moved"
    assert str((await town.case())["visit_on"]) == "2027-02-22"
    kinds = await town.facts()
    assert (kinds.count("near_set"), kinds.count("near_ended")) == (2, 2)
    assert "山田 葉子" not in str((await town.view())["facts"])
    await town.all_is_well()


async def test_whom_the_seller_had_let_in_goes_with_the_seller_and_who_lives_there_stays(street: Street):
    town = street.town
    daughter = await enters(street, "family", "山田 葉子", topics=EVERYTHING)
    tenant = await enters(street, "resident", "田中 一郎")
    await visit_fixed(street)
    await records(street)
    buyer = await newcomer(street)
    await town.chats(buyer)
    await agrees(street, buyer)
    for person in (daughter, tenant):
        await town.hears(person)
    await town.until("2027-02-21")
    assert (await town.hears(daughter), await town.hears(tenant)) == ([], ["owner_near"])


async def test_a_house_of_two_is_looked_after_once_both_have_agreed(street: Street):
    """One yes is not the house's yes."""
    town = street.town
    await town.house("H2", co_owners="山田 一郎")
    wife, husband = (one["id"] for one in (await town.view("H2"))["owners"])
    await town.chats(wife, husband)
    assert not (await town.view("H2"))["house"]["mandated"]
    await agrees(street, husband)
    assert (await town.view("H2"))["house"]["mandated"]
