"""An owner tells of what has changed in their life: kindly heard, and nothing of the house changes on a word alone."""

import pytest

from tests.stories.town import Town

OWNER, SERVICER, STAFF = "owner:O-H1", "servicer:B1", "staff:desk"


async def test_a_death_stops_this_channel_at_once_and_everything_else_until_staff_have_seen(town: Town):
    """Condolences, no more messages, nobody asked anything; the owner stays until a document was seen."""
    await town.house(email="hanako@example.jp")
    await town.until("2027-02-01")
    await town.hears(OWNER)
    assert await town.says(OWNER, "主人が先月亡くなりました") == ["reply_bereaved"]
    assert "お悔やみ" in await town.words(OWNER)
    facts = await town.facts()
    assert "channel_ended" in facts
    assert "owners_changed" not in facts
    await town.hears(SERVICER)
    await town.until("2027-03-25")
    assert await town.hears(OWNER) == []
    assert await town.hears(SERVICER) == []
    assert "staff_alert" in await town.hears(STAFF)
    assert (await town.case())["holder"] == STAFF
    await town.all_is_well()


async def test_a_new_telephone_number_is_a_matter_for_a_person(town: Town):
    """A word in a chat corrects no entry; the visit goes on meanwhile."""
    await town.house()
    await town.until("2027-01-06")
    await town.hears(OWNER)
    assert await town.says(OWNER, "電話番号が変わりました") == ["reply_contact"]
    assert (await town.case())["reason"] == "change"
    await town.all_is_well()


async def test_a_sale_tells_of_the_succession(town: Town):
    await town.house()
    await town.until("2027-01-06")
    await town.hears(OWNER)
    assert await town.says(OWNER, "この家を売りました") == ["reply_change"]
    assert "承認" in await town.words(OWNER)


@pytest.mark.parametrize(
    "words", ["山田様、お家を売却されたそうです", "山田様が引っ越されました", "お施主様が変わりました"]
)
async def test_a_company_tells_of_a_sale_and_nothing_changes_hands(town: Town, words: str):
    """A document is looked at first, whoever tells of it."""
    await town.house()
    await town.until("2027-01-06")
    await town.hears(SERVICER)
    assert await town.says(SERVICER, words) == ["reply_change_noted"]
    assert "いまの登録のまま" in await town.words(SERVICER)
    assert "change" in {case["reason"] for case in (await town.view())["cases"]}
    assert "owners_changed" not in await town.facts()
    await town.all_is_well()


async def test_a_company_tells_of_a_death(town: Town):
    """The house is spared reminders until staff have asked; the owner's own channel stays as it is."""
    await town.house()
    await town.until("2027-01-06")
    assert (await town.says(SERVICER, "山田様がお亡くなりになったそうです"))[-1] == "reply_change_noted"
    assert (await town.case())["reason"] == "bereavement"
    await town.hears(OWNER)
    await town.until("2027-03-05")
    assert await town.hears(OWNER) == []
    assert "channel_ended" not in await town.facts()
    await town.all_is_well()


@pytest.mark.parametrize(
    "words", ["この家を相続しました", "離婚して家は妻のものになりました", "来月この家を売る予定です"]
)
async def test_an_owner_tells_of_a_succession_and_nothing_changes_hands(town: Town, words: str):
    await town.house()
    await town.until("2027-01-06")
    await town.hears(OWNER)
    assert await town.says(OWNER, words) == ["reply_change"]
    assert "change" in {case["reason"] for case in (await town.view())["cases"]}
    assert "owners_changed" not in await town.facts()
    await town.all_is_well()
