"""Who asks for a person gets one in the same chat, and Engawa is quiet there until it is handed back."""

from datetime import timedelta

from sqlalchemy import select

from bot.core.action import Action
from storage.tables import outbox
from tests.stories.town import Town

OWNER, SERVICER, STAFF = "owner:O-H1", "servicer:B1", "staff:desk"


async def asked_for_a_person(town: Town) -> None:
    await town.house()
    await town.until("2027-01-06")
    assert (await town.says(OWNER, "担当者と話したいです"))[-1] == "reply_human"
    await town.hears(STAFF)


async def staff_do(town: Town, verb: str, text: str = "", arg: str = "") -> list[str]:
    case = await town.case()
    return await town.says(STAFF, text, action=str(Action(verb, case["id"], case["state"].get("round", 0), arg)))


async def test_a_person_takes_over_and_hands_back(town: Town):
    """What the owner writes is answered by nobody but the staff; the record tells who wrote when, and not what."""
    await asked_for_a_person(town)
    assert await staff_do(town, "talk", arg="owner") == ["reply_talk"]
    assert await town.hears(OWNER) == ["reply_talk_begun"]
    assert await town.says(OWNER, "費用はいくらですか。母が入院していて心配です") == []
    assert "staff_heard" in await town.hears(STAFF)
    assert "入院" not in await town.words(STAFF)
    assert "reply_said" in await staff_do(town, "write", "点検は無料です。\n修理のときは見積もりをお送りします。")
    assert await town.hears(OWNER) == ["reply_from_staff"]
    assert "点検は無料です。" in await town.words(OWNER)
    assert "reply_handed_back" in await staff_do(town, "hand_back")
    assert await town.hears(OWNER) == ["reply_talk_over"]
    assert await town.says(OWNER, "費用はいくらですか") == ["reply_cost"]
    facts = await town.facts()
    assert [kind for kind in facts if kind.startswith("talk_")] == [
        "talk_begun",
        "talk_passed_on",
        "talk_answered",
        "talk_ended",
    ]
    assert "入院" not in str((await town.view())["facts"])
    await town.all_is_well()


async def test_nothing_is_asked_of_them_meanwhile(town: Town):
    """The owner's usual question waits for the end of the talk; the company is asked as always."""
    await asked_for_a_person(town)
    await staff_do(town, "talk", arg="owner")
    await town.hears(OWNER)
    while town.today.isoformat() < "2027-03-01":
        await town.until(town.today + timedelta(days=1))
        await town.says(OWNER, "まだ相談したいことがあります")
    assert await town.hears(OWNER) == []
    assert "servicer_offer" in await town.hears(SERVICER)
    await staff_do(town, "hand_back")
    await town.until("2027-03-03")
    assert {"reply_talk_over", "owner_ask"} & set(await town.hears(OWNER))
    await town.all_is_well()


async def test_a_talk_that_stops_is_never_forgotten(town: Town):
    """After two business days without a word the desk has it again, and the owner is told so and answered again."""
    await asked_for_a_person(town)
    await staff_do(town, "talk", arg="owner")
    await town.says(OWNER, "いつ電話をもらえますか")
    await town.hears(STAFF)
    await town.hears(OWNER)
    await town.until("2027-01-12")
    assert "reply_talk_waits" in await town.hears(OWNER)
    assert "staff_alert" in await town.hears(STAFF)
    case = await town.case()
    assert (case["holder"], case["reason"]) == (STAFF, "human")
    assert "talk_lapsed" in await town.facts()
    assert await town.says(OWNER, "費用はいくらですか") == ["reply_cost"]
    await town.all_is_well()


async def test_gas_and_stop_are_heard_in_any_talk(town: Town):
    await asked_for_a_person(town)
    await staff_do(town, "talk", arg="owner")
    await town.hears(OWNER)
    assert await town.says(OWNER, "ガス臭いです") == ["reply_emergency"]
    assert await town.says(OWNER, "もう送らないでください") == ["reply_channel_ended"]
    await town.all_is_well()


async def test_a_day_fixed_meanwhile_is_told_at_the_end(town: Town):
    """What the company does is not told over the talk; who hands back has it told."""
    await asked_for_a_person(town)
    await staff_do(town, "talk", arg="owner")
    await town.hears(OWNER)
    await town.says(SERVICER, "2月10日に点検に行きます")
    await town.taps(SERVICER, "yes")
    assert await town.hears(OWNER) == []
    await staff_do(town, "hand_back")
    assert "2月10日" in await town.words(OWNER)
    await town.all_is_well()


async def test_closing_the_matter_ends_the_talk(town: Town):
    await asked_for_a_person(town)
    await staff_do(town, "talk", arg="owner")
    await town.hears(OWNER)
    await staff_do(town, "close", "話がついた")
    assert await town.hears(OWNER) == ["reply_talk_over"]
    assert (await town.case())["reason"] == ""
    await town.all_is_well()


async def test_a_company_in_talk(town: Town):
    """The same for a company."""
    await town.house()
    await town.until("2027-01-06")
    await town.says(SERVICER, "担当の方と話したいです")
    await staff_do(town, "talk", arg="servicer")
    await town.hears(SERVICER)
    assert await town.says(SERVICER, "来週はどうでしょうか") == []
    await staff_do(town, "write", "来週で結構です")
    assert await town.hears(SERVICER) == ["reply_from_staff"]


async def test_who_has_no_channel_is_not_written_to(town: Town):
    """Paper is no talk."""
    await town.house()
    await town.until("2027-01-06")
    await town.says(OWNER, "もう送らないでください")
    assert await staff_do(town, "talk", arg="owner") == ["reply_no_talk"]
    async with town.service.store.read() as connection:
        kinds = (await connection.execute(select(outbox.c.parts).where(outbox.c.person_id == OWNER))).scalars()
        assert "reply_talk_begun" not in str(list(kinds))
