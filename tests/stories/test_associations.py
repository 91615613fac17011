"""Nobody is registered who could come: an association is asked for a company, or the owner knows one."""

from bot.core.message import Message
from tests.stories.town import Town

OWNER, STAFF, ASSOCIATION = "owner:O-H1", "staff:desk", "servicer:A1"
ALONE = [
    {"servicer_id": "B1", "name": "丸太工務店", "status": "営業"},
    {"servicer_id": "B2", "name": "あおぞら建設", "status": "廃業"},
    {"servicer_id": "A1", "name": "ひなた工務店会", "status": "営業", "role": "団体", "area": "東京都"},
]


async def silent(town: Town) -> None:
    """The only company of the town has not answered; it was called, and nobody was there."""
    await town.companies(ALONE)
    await town.house(address="東京都世田谷区太子堂1-2-3", structure="木造")
    await town.until("2027-01-25")
    await town.taps(STAFF, "call")
    await town.taps(STAFF, "called", "no_answer")


async def asked(town: Town) -> None:
    """The staff have asked the association, by one press."""
    await silent(town)
    await town.taps(STAFF, "servicers")
    assert await town.taps(STAFF, "ask_association", "A1") == ["reply_candidate_asked"]


async def read(town: Town, person_id: str) -> list[Message]:
    """Every message of a person, as they read it."""
    renderer = town.service.post.renderer
    return [renderer.part(part, "ja", "様") for parts in await town._sent(person_id, 0) for part in parts]


async def test_the_staff_are_told_whom_to_ask_where_nobody_could_come(town: Town):
    """担当者: 頼める会社がないとき、どうすればいいのか。"""
    await silent(town)
    alert = next(one for one in reversed(await read(town, STAFF)) if one.kind == "staff_alert")
    assert "ひなた工務店会にたずねられます" in str(alert.paragraphs)


async def test_the_staff_are_told_who_could_come(town: Town):
    """An association is no company: it stands on no list of those who come."""
    await town.companies([*ALONE, {"servicer_id": "B3", "name": "みどり点検", "status": "営業", "area": "東京都"}])
    await town.house(address="東京都世田谷区太子堂1-2-3")
    await town.until("2027-01-25")
    alert = next(one for one in reversed(await read(town, STAFF)) if one.kind == "staff_alert")
    assert "頼めそうな会社：みどり点検（同じ都道府県）。" in alert.paragraphs


async def test_an_association_sees_no_name_and_no_address(town: Town):
    """団体: どこの、どんな家の、いつごろの点検かだけで、さがせます。"""
    await asked(town)
    assert await town.hears(ASSOCIATION) == ["servicer_introduce"]
    said = str(await read(town, ASSOCIATION))
    assert all(words in said for words in ("東京都世田谷区", "木造", "2027年4月"))
    assert not [secret for secret in ("山田", "太子堂", "丸太", "住宅番号", "H1の") if secret in said]
    case = await town.case()
    assert case["holder"] == ASSOCIATION
    assert {"association_asked"} <= set(await town.facts())
    await town.all_is_well()


async def test_an_association_that_knows_nobody_says_so(town: Town):
    await asked(town)
    assert (await town.taps(ASSOCIATION, "turn_down"))[-1] == "reply_turned_down"
    case = await town.case()
    assert (case["holder"], case["reason"]) == (STAFF, "nobody_left")
    await town.all_is_well()


async def test_an_association_that_is_silent_leaves_it_with_the_staff(town: Town):
    """It is told that it need not answer any more."""
    await asked(town)
    await town.until("2027-02-10")
    assert await town.hears(ASSOCIATION) == ["servicer_introduce", "servicer_candidate_over"]
    case = await town.case()
    assert (case["holder"], case["reason"]) == (STAFF, "nobody_left")
    await town.all_is_well()


async def test_an_association_takes_no_house_on_itself(town: Town):
    """Whatever it presses or writes: no price is asked of it, and no owner is asked about it."""
    await asked(town)
    round_ = (await town.case())["round"]
    heard = await town.says(ASSOCIATION, action=f"take_on:H1-1:{round_}")
    heard += await town.says(ASSOCIATION, "承知しました")
    assert not {"reply_ask_fee", "reply_taken_on"}.intersection(heard)
    assert heard[-1] == "servicer_introduce"
    assert not (await town.case())["state"]["candidacy"]["accepted"]


async def test_the_owner_knows_a_company(town: Town):
    """山田さん: 知り合いの工務店に頼みたい。"""
    await silent(town)
    heard = await town.says(OWNER, "知り合いの工務店に頼みたいです")
    assert heard[-1] == "reply_company_wish"
    case = await town.case()
    assert (case["holder"], case["reason"]) == (STAFF, "company_wish")
