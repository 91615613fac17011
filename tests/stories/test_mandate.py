"""Mandate first: without both consents nobody but staff hears of a house."""

from dataclasses import asdict

import pytest
from sqlalchemy import select

from storage.files import Files
from storage.people import load_people
from storage.places import Folder
from storage.store import rehearse
from storage.tables import metadata, outbox, people
from tests.photos import photo
from tests.stories.town import Town

OWNER, SERVICER, STAFF = "owner:O-H1", "servicer:B1", "staff:desk"


async def test_without_consent_only_staff_hear_of_a_house(town: Town):
    """The obligation is there and has a holder, and neither owner nor company is written to."""
    await town.house(consent_mandate_on="")
    await town.until("2027-04-30")
    assert await town.hears(OWNER) + await town.hears(SERVICER) == []
    assert await town.letters(OWNER) == []
    assert "staff_alert" in await town.hears(STAFF)
    case = await town.case()
    assert (case["holder"], case["reason"]) == (STAFF, "no_mandate")
    await town.all_is_well()


async def test_a_company_that_asks_hears_nothing_of_it_either(town: Town):
    """Neither in its list nor under a button of before the withdrawal."""
    await town.house()
    await town.house("H2", owner_name="佐藤 健")
    await town.until("2027-01-05")
    button = await town.button(SERVICER, "offer")
    await town.says(OWNER, "支援をやめたい")
    await town.taps(OWNER, "yes")
    await town.hears(SERVICER)
    assert await town.says(SERVICER, "いまの案件は？") == ["reply_servicer_list"]
    assert "H2" in await town.words(SERVICER)
    assert "H1" not in await town.words(SERVICER)
    assert await town.says(SERVICER, action=button.replace("H2", "H1")) == ["reply_over"]


async def test_an_owner_who_asks_is_asked_for_the_consents(town: Town):
    """Whatever they press or write before: dates and company are told afterwards."""
    await town.house(consent_mandate_on="")
    await town.until("2027-02-01")
    assert await town.says(OWNER, action="help::0:") == ["consent_ask"]
    assert await town.says(OWNER, "点検はいつですか") == ["consent_ask"]


async def test_consent_in_the_chat_sets_things_going(town: Town):
    """The owner agrees on their own page: evidence is kept, and the ladder goes on."""
    await town.house(consent_information_on="", consent_mandate_on="")
    await town.until("2027-01-15")
    assert await town.says(OWNER, "同意します") == ["consent_ask"]
    assert await town.taps(OWNER, "consent") == ["reply_consented"]
    fact = next(fact for fact in (await town.view())["facts"] if fact["kind"] == "mandate_given")
    assert fact["data"]["text_version"]
    assert len(fact["data"]["text_hash"]) == 64
    assert fact["data"]["source"].startswith("inbound:")
    await town.until("2027-01-17")
    assert await town.hears(SERVICER) == ["servicer_offer"]
    await town.all_is_well()


async def test_a_co_owner_must_agree_too(town: Town):
    """One owner's consent is not the household's."""
    await town.house(co_owners="山田 一郎")
    await town.until("2027-02-01")
    assert await town.hears(OWNER) + await town.hears(SERVICER) == []


async def test_each_house_and_each_owner_agree_for_themselves(town: Town):
    """With a visit open at one house, the consent that is given is for the other; who has agreed is not asked again."""
    await town.house("H1", co_owners="山田 一郎")
    assert await town.says(OWNER, "同意します") == ["reply_consented"]
    assert [row["person_id"] for row in (await town.view())["mandates"]] == [OWNER]
    await town.house("H2", owner_id="O-H2")
    await town.house("H3", owner_id="O-H2", consent_mandate_on="")
    await town.until("2027-01-04")
    other = "owner:O-H2"
    assert await town.says(other, "同意します") == ["consent_ask"]
    assert "H3" in await town.words(other)
    assert await town.taps(other, "consent") == ["reply_consented"]
    assert (await town.view("H3"))["house"]["mandated"]
    assert "mandate_given" not in await town.facts("H2")


async def test_stop_ends_the_channel_at_once(town: Town):
    """ "配信停止" is obeyed before anything else, and confirmed in one line."""
    await town.house(email="hanako@example.jp")
    await town.until("2027-02-01")
    await town.hears(OWNER)
    assert await town.says(OWNER, "配信停止してください") == ["reply_channel_ended"]
    await town.until("2027-04-03")
    assert await town.hears(OWNER) != []
    async with town.service.store.read() as connection:
        query = select(outbox.c.channel).where(outbox.c.person_id == OWNER).order_by(outbox.c.id)
        channels = list((await connection.execute(query)).scalars())
    assert channels[-1] == "email"
    assert "channel_ended" in await town.facts()


async def test_a_withdrawal_announced_for_a_day_holds_from_that_day(town: Town):
    """Until then the support goes on; from then on nobody but staff hears of the house."""
    await town.house(consent_withdrawn_on="2027-02-10")
    await town.until("2027-02-09")
    assert await town.hears(OWNER) == ["owner_ask"]
    assert await town.hears(SERVICER) != []
    await town.until("2027-06-30")
    assert await town.hears(OWNER) + await town.hears(SERVICER) == []
    case = await town.case()
    assert (case["holder"], case["reason"]) == (STAFF, "no_mandate")
    await town.all_is_well()


async def living(town: Town) -> set[str]:
    """The channels through which the owner is still reached."""
    async with town.service.store.read() as connection:
        return {address.channel for address in (await load_people(connection, [OWNER]))[OWNER].addresses}


@pytest.mark.parametrize(
    ("words", "heard", "left"),
    [
        ("メールを止めてください", "reply_channel_ended", {"chat"}),
        ("停止", "reply_channel_ended", {"email"}),
        ("LINEを止めてください", "reply_stop_what", {"chat", "email"}),
        ("やめたい", "reply_stop_what", {"chat", "email"}),
        ("土日は送らないでください", "reply_stop_what", {"chat", "email"}),
    ],
)
async def test_the_channel_that_is_meant_ends(town: Town, words: str, heard: str, left: set[str]):
    """The one they name, or the one they write in; where neither is clear it is asked, with all that could be meant."""
    await town.house(email="hanako@example.jp")
    assert await town.says(OWNER, words) == [heard]
    assert await living(town) == left


async def test_ending_the_support_ends_every_message(town: Town):
    """After one page on what it means, the mandate ends, and the case lies with the staff."""
    await town.house()
    await town.until("2027-02-01")
    assert (await town.says(OWNER, "同意を撤回します"))[-1] == "reply_support_page"
    assert await town.taps(OWNER, "yes") == ["reply_support_ended"]
    await town.hears(SERVICER)
    await town.until("2027-05-01")
    assert await town.hears(OWNER) + await town.hears(SERVICER) == []
    case = await town.case()
    assert (case["holder"], case["reason"]) == (STAFF, "no_mandate")  # who owns the house is known well enough
    await town.all_is_well()


@pytest.mark.parametrize(
    ("words", "page", "sure", "ended"),
    [
        ("支援をやめたい", "reply_support_page", "はい、やめます", "reply_support_ended"),
        ("もう支援はいりません", "reply_support_page", "やめます", "reply_support_ended"),
        ("I want to stop the support", "reply_support_page", "Yes, end it", "reply_support_ended"),
        ("個人情報を消して", "reply_erase_page", "はい、消してください", "reply_erased"),
        ("名前と住所を消してください", "reply_erase_page", "消してください", "reply_erased"),
        ("please erase my personal data", "reply_erase_page", "yes", "reply_erased"),
    ],
)
async def test_words_end_support_and_data_too(town: Town, words: str, page: str, sure: str, ended: str):
    """One page on what it means, one line that says so, and it is done."""
    await town.house()
    assert await town.says(OWNER, words) == [page]
    assert await town.says(OWNER, sure) == [ended]


async def test_only_a_yes_to_this_very_question_ends_anything(town: Town):
    """A no, a doubt, a yes that comes days later or that was pressed for something else change nothing."""
    await town.house()
    await town.until("2027-01-31")
    await town.hears(OWNER)
    for doubt in ("いいえ、続けます", "はい、でもちょっと待って"):
        assert await town.says(OWNER, "個人情報を消して") == ["reply_erase_page"]
        assert await town.says(OWNER, doubt) == ["reply_goes_on"]
    assert await town.says(OWNER, "個人情報を消して") == ["reply_erase_page"]
    assert await town.says(OWNER, action="yes:H1-1:0:") == ["reply_over"]
    await town.until("2027-02-03")
    assert "reply_erased" not in await town.says(OWNER, "はい")
    assert "person_erased" not in await town.facts()
    await town.says(OWNER, "希望日は2月22日です")
    assert await town.says(OWNER, action="yes:H1-1:0:erase") == ["reply_over"]


async def test_what_waits_is_not_sent_after_a_withdrawal(town: Town):
    """A message that was written and not yet sent is checked again at the moment of sending."""
    await town.house()
    await town.until("2027-01-30")
    await town.until("2027-01-31", hour=6)
    await town.says(OWNER, "同意を撤回します")
    await town.taps(OWNER, "yes")
    await town.hears(OWNER)
    await town.until("2027-02-10")
    assert await town.hears(OWNER) == []


async def test_erasing_leaves_the_record_whole(town: Town):
    """Name and addresses go, codes and dates stay, and the chain still verifies."""
    await town.house(email="hanako@example.jp")
    await town.until("2027-02-01")
    assert (await town.says(OWNER, "私の個人情報を全部消去してください"))[-1] == "reply_erase_page"
    await town.taps(OWNER, "yes")
    async with town.service.store.read() as connection:
        row = (await connection.execute(select(people).where(people.c.id == OWNER))).one()
    assert (row.name, row.kana, row.phone) == ("", "", "")
    view = await town.view()
    assert "hanako" not in str(view["owners"])
    assert "山田" not in str(view["facts"])
    await town.all_is_well()


async def test_erasing_leaves_nothing_of_them_anywhere(town: Town):
    """Not in what they wrote, not in what others were told, not in a house's row, and no file: from any channel."""
    await town.house(email="hanako@example.jp", co_owners="佐藤 健")
    co_owner = (await town.view())["owners"][1]["id"]
    files = Files(Folder(town.folder / "files"))
    kept = await files.keep(OWNER, photo())
    await town.says(co_owner, "同意します")
    await town.taps(co_owner, "consent")
    await town.until("2027-02-01")
    await town.says(OWNER, files=[asdict(kept)])
    await town.says(SERVICER, "いまの案件は？")
    for person in (OWNER, co_owner):
        await town.says(person, "個人情報を消してください")
        await town.taps(person, "yes")
    assert await files.read(kept.ref) is None
    async with town.service.store.read() as connection:
        for table in metadata.sorted_tables:
            rows = str([dict(row._mapping) for row in await connection.execute(select(table))])
            for trace in ("山田", "佐藤", "hanako", "消してください", kept.ref):
                assert trace not in rows, (table.name, trace)


async def test_a_dry_run_erases_no_file(town: Town):
    """What somebody asked for is shown, and nothing is gone yet."""
    await town.house()
    files = Files(Folder(town.folder / "files"))
    kept = await files.keep(OWNER, photo())
    await town.says(OWNER, "個人情報を消してください")
    async with rehearse(town.service.database, town.service.store.pins) as store:
        town.service, live = town.service.on(store), town.service
        assert await town.taps(OWNER, "yes") == ["reply_erased"]
    town.service = live
    assert await files.read(kept.ref) is not None
