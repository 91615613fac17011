"""A house gets a new owner: what the old one hears last, what goes on, and what the new one hears first."""

import io
import zipfile

import pytest
import pytest_asyncio
from bs4 import Tag
from sqlalchemy import select

from bot.core.milestones import SUCCESSION_DAYS
from storage.people import load_people
from storage.staff import Member, take_in
from storage.tables import house_people, outbox, people
from tests.handlers.web.street import Reader, Street, street_at

OLD, COMPANY, STAFF, SATO = "owner:O-H1", "servicer:B1", "staff:desk", "staff:sato"
BUYER, MAIL = "佐藤 三郎", "saburo@example.jp"


@pytest_asyncio.fixture
async def street(tmp_path, database_url):
    """A town with its pages, on either database."""
    async with street_at(tmp_path, "2026-11-01", database_url) as found:
        yield found


async def owners_page(street: Street, house: str = "H1") -> Reader:
    return await (await street.staff()).opens(f"/staff/houses/{house}/owners")


def form_of(staff: Reader, holding: str) -> Tag:
    """The form that holds this."""
    form = staff.page.select_one(f"form:has({holding})")
    assert form is not None
    return form


async def joins(street: Street, person_id: str = SATO, name: str = "佐藤") -> None:
    """Somebody is of the staff under their own name."""
    store, now = street.town.service.store, street.town.service.clock.now()
    async with store.write() as connection:
        assert await take_in(connection, store.pins.seal, Member(person_id, name), now)


async def records(street: Street, new: tuple[tuple[str, str], ...] = ((BUYER, MAIL),), **given: str) -> Reader:
    """The staff fill in the form, see what will happen, and record it."""
    await joins(street)
    staff = await owners_page(street)
    form = form_of(staff, "#kind")
    day = street.town.today.isoformat()
    values = {"kind": "sale", "on": day, "document": "registry", "keeper": SATO, "step": "look", **given}
    for place, (name, contact) in enumerate(new, 1):
        values |= {f"name-{place}": name, f"contact-{place}": contact}
    await staff.sends(form, values)
    assert staff.status == 200, staff.text
    return await staff.presses("記録する")


async def newcomer(street: Street, name: str = BUYER) -> str:
    async with street.town.service.store.read() as connection:
        return (await connection.execute(select(people.c.id).where(people.c.name == name))).scalar_one()


async def agrees(street: Street, person: str) -> list[str]:
    """They ask for the consents and give them; all that they hear from then on that day."""
    assert (await street.town.says(person, "同意します"))[-1] == "consent_ask"
    return await street.town.taps(person, "consent")


async def visit_fixed(street: Street) -> None:
    """The company comes on 22 February."""
    await street.town.house(email="hanako@example.jp", lender="青空銀行")
    await street.town.until("2027-02-01")
    await street.town.says(OLD, "希望日は2月22日です")
    await street.town.says(OLD, "はい")
    await street.town.says(COMPANY, "2月22日で大丈夫です")
    await street.town.says(COMPANY, "はい")
    assert (await street.town.case())["phase"] == "fixed"
    for person in (OLD, COMPANY, STAFF):
        await street.town.hears(person)


async def test_a_house_that_was_sold_goes_on_with_its_new_owner(street: Street):
    """「この家を売りました」: a document, a last word, an invitation, and the fixed visit stands."""
    town = street.town
    await visit_fixed(street)
    assert await town.says(OLD, "この家を売りました") == ["reply_change"]
    assert (await town.view())["owners"][0]["until_on"] is None  # nothing on anybody's word
    await records(street)
    await town.run()
    buyer = await newcomer(street)
    assert await town.hears(OLD) == ["owner_parted"]
    assert await town.hears(buyer) == ["owner_welcome"]
    assert "お宅を受け持つ会社: 丸太工務店" in await town.words(buyer)
    assert await town.hears(COMPANY) == ["servicer_owner_changes"]
    told = await town.words(COMPANY)
    assert "2月22日" in told
    assert not any(name in told for name in ("山田", "佐藤"))
    await town.all_is_well()
    assert {case["holder"] for case in (await town.view())["cases"] if case["phase"] != "closed"} == {SATO}
    await town.until("2027-02-05")
    assert await town.hears(buyer) == []  # nothing is said of the house before they have agreed
    heard = await agrees(street, buyer)
    assert heard[0] == "reply_consented"
    await town.until("2027-02-06")
    assert "owner_fixed" in heard + await town.hears(buyer)
    assert "servicer_fixed" in await town.hears(COMPANY)
    case = await town.case()
    assert (case["phase"], str(case["visit_on"])) == ("fixed", "2027-02-22")
    await town.until("2027-02-21")
    assert "owner_day_before" in await town.hears(buyer)
    assert await town.hears(OLD) == []
    await town.all_is_well()


async def test_what_the_old_owner_had_been_asked_is_the_new_owners_first_reminder(street: Street):
    """Days on offer stay on offer."""
    town = street.town
    await town.house()
    await town.until("2027-02-01")
    assert await town.hears(OLD) == ["owner_ask"]
    await records(street, new=((BUYER, ""),))  # no contact: a letter
    buyer = await newcomer(street)
    assert await town.letters(buyer) == ["owner_invitation"]
    await town.chats(buyer)
    heard = await agrees(street, buyer)
    await town.until("2027-02-03")
    heard += await town.hears(buyer)
    assert "owner_ask" in heard
    await town.all_is_well()


async def test_the_new_owner_asks_the_authority_for_its_approval(street: Street):
    """It is told like any date, closed by their word, and stands in the record with both days."""
    town = street.town
    await town.house()
    await town.until("2027-02-01")
    await records(street)
    buyer = await newcomer(street)
    await town.chats(buyer)
    agreed_on, heard = town.today, await agrees(street, buyer)
    await town.until("2027-02-03")
    work = next(work for work in (await town.view())["works"] if work["code"].startswith("succession-"))
    assert (work["due_on"] - agreed_on).days == SUCCESSION_DAYS
    assert "owner_milestone" in heard + await town.hears(buyer)
    await town.until("2027-02-20")
    await town.taps(buyer, "self_ok")
    closed = next(each for each in (await town.view())["works"] if each["id"] == work["id"])
    assert (closed["basis"], str(closed["done_on"])) == ("owner", "2027-02-20")
    sections = (await street.reader().client.get(street.link(buyer) + "/record/H1.json")).json()["sections"]
    (row,) = next(section["rows"] for section in sections if section["code"] == "successions")
    assert (row["succeeded_on"], row["approved_on"]) == ("2027-02-01", "2027-02-20")
    await town.all_is_well()


async def test_an_approval_that_is_not_asked_for_lies_with_the_staff(street: Street):
    """Overdue like any other."""
    town = street.town
    await town.house()
    await town.until("2027-02-01")
    await records(street)
    buyer = await newcomer(street)
    await town.chats(buyer)
    await agrees(street, buyer)
    await town.until("2027-02-03")
    work = next(work for work in (await town.view())["works"] if work["code"].startswith("succession-"))
    number = int(work["case_id"].rpartition("-")[2])
    for day in ("2027-03-01", "2027-04-10", "2027-05-01", "2027-05-20", "2027-06-10"):
        await town.skip_to(day)
    assert (await town.case(number=number))["reason"] == "overdue"
    await town.all_is_well()


async def test_a_sale_that_fell_through_is_undone(street: Street):
    """Until the buyer has agreed: the old owner is asked again as before, with what they had agreed to."""
    town = street.town
    await visit_fixed(street)
    await records(street)
    await town.run()
    buyer = await newcomer(street)
    await town.until("2027-02-03")
    staff = await owners_page(street)
    await staff.presses("なかったことにする")
    await town.run()
    assert "owner_back" in await town.hears(OLD)
    assert await town.hears(buyer) == ["owner_welcome", "owner_called_off"]
    house = (await town.view())["house"]
    assert (house["mandated"], house["lender"], house["keeper_id"]) == (True, "青空銀行", "")
    await town.until("2027-02-21")
    assert "owner_day_before" in await town.hears(OLD)
    assert await town.hears(buyer) == []
    await town.skip_to("2027-03-10")
    async with town.service.store.read() as connection:
        assert (await load_people(connection, [buyer]))[buyer].erased  # nothing of theirs is kept
    await town.all_is_well()


async def test_nothing_can_be_undone_once_the_new_owner_has_agreed(street: Street):
    """Then it is their house."""
    await street.town.house()
    await records(street)
    buyer = await newcomer(street)
    await street.town.chats(buyer)
    await agrees(street, buyer)
    assert "なかったことにする" not in (await owners_page(street)).text


@pytest.mark.parametrize(
    ("given", "new", "against"),
    [
        ({"on": "2030-01-01"}, ((BUYER, MAIL),), "まだ来ていない日です"),
        ({"on": "2000-01-01"}, ((BUYER, MAIL),), "引渡しの日より前です"),
        ({"on": ""}, ((BUYER, MAIL),), "変更の理由、日にち、書類を選んでください"),
        ({}, (), "新しい所有者の名前を入れてください"),
        ({"kind": "inheritance"}, ((BUYER, MAIL),), "先に、ご逝去を記録してください"),
        ({"kind": "death"}, ((BUYER, MAIL),), "新しい所有者は入れられません"),
    ],
)
async def test_what_cannot_be_is_told_and_changes_nothing(street: Street, given, new, against):
    """Each with its reason; the fields stay as they were filled in."""
    await street.town.house()
    staff = await owners_page(street)
    before = await street.everything()
    values = {"kind": "sale", "on": "2026-10-30", "document": "registry", "step": "record", **given}
    for place, (name, contact) in enumerate(new, 1):
        values |= {f"name-{place}": name, f"contact-{place}": contact}
    await staff.sends(form_of(staff, "#kind"), values)
    assert against in staff.text
    assert await street.everything() == before


async def test_nothing_of_the_old_owner_is_shown_to_the_new_one(street: Street):
    """Not on their page, in the book, in their own data, in what they are told, and no file."""
    town = street.town
    await visit_fixed(street)
    await town.says(OLD, "犬がいるので門を閉めてください")
    await records(street)
    buyer = await newcomer(street)
    await town.chats(buyer)
    await agrees(street, buyer)
    await town.until("2027-03-01")
    reader = await street.visits(buyer)
    seen = [reader.text]
    token = street.link(buyer)
    for way in ("/record", "/record/H1.json"):
        answer = await reader.client.get(token + way)
        assert answer.status_code == 200, way
        seen.append(answer.text)
    await reader.opens(f"{token}/data")
    own = await reader.client.post(f"{token}/data", data={"stamp": reader.stamp})
    seen.append(zipfile.ZipFile(io.BytesIO(own.content)).read("data.json").decode())
    async with town.service.store.read() as connection:
        mine = select(outbox.c.parts).where(outbox.c.person_id == buyer)
        seen.append(str((await connection.execute(mine)).scalars().all()))
    for trace in ("山田", "花子", "hanako@example.jp", "犬がいる", "青空銀行"):
        assert not any(trace in each for each in seen), trace
    assert BUYER in "".join(seen)  # the check can see names at all


async def test_what_the_old_owner_could_open_shows_nothing_more_of_the_house(street: Street):
    """Page, record, report and buttons of before."""
    town = street.town
    await visit_fixed(street)
    button = await town.button(OLD, "wish")
    reader = await street.visits(OLD)
    assert "2月22日" in reader.text
    await records(street)
    await town.run()
    await reader.opens(street.link(OLD))
    assert reader.heard == ["これまで、ありがとうございました"]  # beside it stand their own words
    for way in ("/record/H1.pdf", "/record/H1.json"):
        assert (await reader.client.get(street.link(OLD) + way)).status_code == 404
    await town.hears(OLD)
    assert await town.says(OLD, action=button) == ["reply_over"]


async def test_what_waited_for_the_old_owner_is_not_sent_after_the_sale(street: Street):
    """Also when the new owner agrees at once, and the house has its mandate again."""
    town = street.town
    await town.house()
    await town.until("2027-01-30")
    await town.until("2027-01-31", hour=6)  # the reminder waits for the morning
    await records(street)
    buyer = await newcomer(street)
    await town.chats(buyer)
    await agrees(street, buyer)
    await town.until("2027-02-10")
    assert set(await town.hears(OLD)) <= {"owner_parted"}


async def test_a_builders_old_file_does_not_bring_the_seller_back(street: Street):
    """The file of last month names who had it then."""
    town = street.town
    await town.house()
    await records(street)
    buyer = await newcomer(street)
    await town.chats(buyer)
    await agrees(street, buyer)
    await town.house(lender="青空銀行", address="東京都世田谷区1-1")
    view = await town.view()
    assert [owner["id"] for owner in view["owners"] if owner["until_on"] is None] == [buyer]
    assert (view["house"]["mandated"], view["house"]["lender"]) == (True, "")
    assert view["house"]["address"] == "東京都世田谷区1-1"
    await town.all_is_well()


async def test_two_heirs_agree_one_after_the_other(street: Street):
    """A death, its document, the heirs; the plan waits for both of them, with a named member of the staff."""
    town = street.town
    await town.house()
    await town.until("2027-02-01")
    assert (await town.says(OLD, "父が亡くなりました"))[-1] == "reply_bereaved"
    await records(street, new=(), kind="death", document="family_register")
    await town.until("2027-02-10")
    assert (await town.case())["holder"] == SATO
    await records(
        street, new=(("山田 一郎", ""), ("山田 二郎", "jiro@example.jp")), kind="inheritance", document="agreement"
    )
    heirs = [await newcomer(street, name) for name in ("山田 一郎", "山田 二郎")]
    await town.chats(*heirs)
    await town.run()
    assert await town.letters(heirs[0]) == ["owner_invitation"]
    await agrees(street, heirs[0])
    await town.until("2027-02-12")
    assert not (await town.view())["house"]["mandated"]
    await town.all_is_well()
    heard = await agrees(street, heirs[1])
    assert (await town.view())["house"]["mandated"]
    await town.until("2027-02-14")
    assert "owner_ask" in await town.hears(heirs[0])
    assert "owner_ask" in heard + await town.hears(heirs[1])
    await town.all_is_well()


async def test_a_file_that_names_one_heir_leaves_the_other(street: Street):
    """The company's new plan knows only whom it writes to; both own the house, and what both agreed to holds."""
    town = street.town
    await town.house()
    await town.says(OLD, "父が亡くなりました")
    await records(street, new=(), kind="death", document="family_register")
    names = ("山田 一郎", "山田 二郎")
    await records(street, new=tuple((name, "") for name in names), kind="inheritance", document="agreement")
    heirs = [await newcomer(street, name) for name in names]
    await town.chats(*heirs)
    for heir in heirs:
        await agrees(street, heir)
    await town.house(owner_id=heirs[0].removeprefix("owner:"), owner_name="山田 一郎", plan_years="70")
    view = await town.view()
    assert [owner["id"] for owner in view["owners"] if owner["until_on"] is None] == heirs
    assert (view["house"]["mandated"], view["house"]["plan_years"]) == (True, 70)
    await town.all_is_well()


async def test_a_daughter_tells_of_the_death_in_her_fathers_account(street: Street):
    """It is still at once, everywhere, kindly; what she writes later reaches a person; and a mistake is undone."""
    town = street.town
    await town.house(email="hanako@example.jp")
    await town.until("2027-01-25")
    assert await town.says(OLD, "娘です。父が先月亡くなりました") == ["reply_bereaved"]
    await town.until("2027-02-20")
    assert await town.hears(OLD) == []  # by no channel, not on the reminder's day
    await town.all_is_well()
    assert await town.says(OLD, "手続きはどうしたらいいですか") == ["reply_mourning"]
    assert "death_reported" in await town.facts()
    staff = await owners_page(street)
    await staff.presses("まちがいだった。元に戻す")
    await town.run()
    heard = await town.hears(OLD)
    assert "owner_back" in heard
    await town.until("2027-02-23")
    assert "owner_ask" in heard + await town.hears(OLD)
    await town.all_is_well()


async def test_the_other_owner_goes_on(street: Street):
    """Of two owners one has died: the other is written to as before, and the plan goes on."""
    town = street.town
    await town.house(co_owners="山田 一郎")
    husband = next(owner["id"] for owner in (await town.view())["owners"] if owner["id"] != OLD)
    await town.chats(husband)
    await agrees(street, husband)
    staff = await owners_page(street)
    form = form_of(staff, f"button[value='{husband}']")
    await staff.sends(form, {"owner": husband})
    await town.until("2027-02-01")
    assert await town.hears(husband) == []
    assert "owner_ask" in await town.hears(OLD)
    await records(street, new=(), kind="death", document="family_register", **{f"leaves-{husband}": "1"})
    await town.until("2027-02-04")
    assert (await town.view())["house"]["mandated"]
    await town.all_is_well()


async def test_a_mandate_that_says_so_outlives_its_owner(street: Street):
    """The company is asked and comes; what the owner would have been asked lies with the staff."""
    town = street.town
    await town.house()
    staff = await owners_page(street)
    await staff.presses("続くことにする")
    await records(street, new=(), kind="death", document="family_register")
    await town.until("2027-01-05")
    assert (await town.view())["house"]["mandated"]
    assert "servicer_offer" in await town.hears(COMPANY)
    assert await town.hears(OLD) == []
    await town.all_is_well()


async def test_after_the_buy_back_the_tenant_hears_only_when_somebody_comes(street: Street):
    """The guarantor owns the house; who lived there stays, and is told the day."""
    town = street.town
    await town.house()
    await records(street, new=(("残価保証機構", "kiko@example.jp"),), kind="buyback", document="notice")
    guarantor = await newcomer(street, "残価保証機構")
    await town.chats(guarantor)
    await agrees(street, guarantor)
    await town.run()
    assert await town.hears(OLD) == ["owner_parted"]
    await town.until("2027-02-01")
    assert await town.hears(OLD) == []
    await town.says(guarantor, "希望日は2月22日です")
    await town.says(guarantor, "はい")
    await town.says(COMPANY, "2月22日で大丈夫です")
    await town.says(COMPANY, "はい")
    await town.run()
    assert await town.hears(OLD) == ["owner_near"]
    assert "2月22日" in await town.words(OLD)
    assert "残価保証機構" not in await town.words(OLD)
    await town.until("2027-02-23")
    assert await town.hears(OLD) == ["owner_near"]
    assert await town.says(OLD, "水漏れしています") == ["reply_near"]
    leak = next(case for case in (await town.view())["cases"] if case["reason"] == "problem")
    assert (leak["holder"], leak["state"]["matter"]["asker"]) == (STAFF, OLD)
    async with town.service.store.read() as connection:
        scopes = (await connection.execute(select(house_people.c.scope))).scalars().all()
    assert scopes == ["resident"]
    await town.skip_to("2027-04-10")
    async with town.service.store.read() as connection:
        assert not (await load_people(connection, [OLD]))[OLD].erased  # a tenant is no seller who left
    await town.all_is_well()
