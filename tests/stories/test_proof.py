"""What a work is closed on: never one bare word, and always recorded as what it is."""

from typing import Any

from tests.stories.town import Town

OWNER, SERVICER, STAFF = "owner:O-H1", "servicer:B1", "staff:desk"
PHOTO = {"ref": "a1.jpg", "media_type": "image/jpeg", "size": 1000}
GUTTER = [("G1", "雨どい", "点検", 5, 1, "所有者")]


async def closed(town: Town) -> list[tuple[Any, ...]]:
    works = (await town.view())["works"]
    return [(work["code"], work["basis"], work["performer"]) for work in works if work["basis"]]


async def entrusted(town: Town) -> set[str]:
    facts = (await town.view())["facts"]
    return {fact["data"]["entrusted_to"] for fact in facts if fact["kind"] == "work_closed"}


async def test_an_owners_own_check_needs_more_than_a_tap(town: Town):
    """Their word and the list they went through."""
    await town.house(plan=GUTTER)
    await town.until("2027-03-03")
    assert (await town.taps(OWNER, "self_ok"))[-1] == "reply_self_check"
    assert await closed(town) == []
    assert await town.taps(OWNER, "checked") == ["owner_closed"]
    assert await closed(town) == [("G1", "owner", "")]
    said = next(fact["data"] for fact in (await town.view())["facts"] if fact["kind"] == "work_reported")
    assert (said["checklist"], said["evidence"]) == (True, 0)
    await town.all_is_well()


async def test_an_owners_own_check_stands_on_a_photo(town: Town):
    """The photo they send after the tap is what it stands on."""
    await town.house(plan=GUTTER)
    await town.until("2027-03-03")
    await town.taps(OWNER, "self_issues")
    assert await town.says(OWNER, files=[PHOTO]) == ["owner_closed"]
    assert (await town.case())["state"]["reports"][0]["evidence"] == ["a1.jpg"]
    assert [case["ladder"] for case in (await town.view())["cases"]] == ["self/1", "finding/1"]
    await town.all_is_well()


async def test_an_owners_own_check_in_words(town: Town):
    """Words alone are asked about as well; "not all of it" leaves it open."""
    await town.house(plan=GUTTER)
    await town.until("2027-03-03")
    await town.says(OWNER, "今日、雨どいを見ました。点検は終わりました。異常なしです")
    await town.taps(OWNER, "yes")
    assert await closed(town) == []
    await town.taps(OWNER, "not_yet")
    assert await closed(town) == []
    assert (await town.case())["holder"] == OWNER
    await town.all_is_well()


async def test_staff_take_the_companys_word(town: Town):
    """The law's record names who was entrusted, also where staff decided."""
    await town.house()
    await town.until("2027-02-10")
    await town.says(SERVICER, "2月8日に点検しました。外壁にひび割れがありました。")
    await town.taps(SERVICER, "yes")
    await town.taps(OWNER, "done_ok")
    await town.until("2027-02-12")
    await town.taps(STAFF, "decide", "servicer")
    assert await closed(town) == [(code, "staff", "丸太工務店") for code in ("P1", "P2", "P3")]
    assert await entrusted(town) == {SERVICER}
    assert {record["performer"] for record in (await town.view())["records"]} == {"丸太工務店"}


async def another_company(town: Town) -> None:
    await town.house()
    await town.until("2027-01-10")
    await town.says(OWNER, "1月9日に高橋建設が点検しました。異常なしです")
    await town.taps(OWNER, "yes")
    assert (await town.case())["reason"] == "other_company"


async def test_another_companys_work_stands_on_its_document(town: Town):
    """The photo of the report goes to the staff, not to the house's own company; its name is on record."""
    await another_company(town)
    await town.hears(SERVICER)
    assert await town.says(OWNER, files=[PHOTO]) == ["reply_evidence"]
    await town.until("2027-01-12")
    assert await town.hears(SERVICER) == []
    await town.taps(STAFF, "decide", "owner")
    assert await closed(town) == [(code, "document", "高橋建設") for code in ("P1", "P2", "P3")]
    assert await entrusted(town) == {"other"}
    assert "高橋" not in str((await town.view())["facts"])
    await town.all_is_well()


async def test_without_a_document_it_stands_on_the_staffs_word(town: Town):
    """Nobody saw a document, so none is claimed."""
    await another_company(town)
    await town.until("2027-01-12")
    await town.taps(STAFF, "decide", "owner")
    assert {basis for _, basis, _ in await closed(town)} == {"staff"}


async def test_two_companies_cannot_both_have_done_it(town: Town):
    """The owner names another company, the house's own says it was them: staff decide."""
    await another_company(town)
    await town.says(SERVICER, "1月9日に点検完了、異常ありません")
    await town.taps(SERVICER, "yes")
    assert await closed(town) == []
    assert (await town.case())["reason"] == "disagreement"


async def test_some_that_nobody_confirmed_are_looked_at(town: Town):
    """Of what was closed on the company's evidence alone, staff ask some owners."""
    houses = [f"H{number}" for number in range(1, 13)]
    for house in houses:
        await town.house(house, owner_name=f"{house}の人")
    await town.until("2027-02-10")
    for house in houses:
        await town.says(SERVICER, f"{house} 2月9日に点検完了、異常ありません", files=[PHOTO])
        await town.taps(SERVICER, "yes")
    await town.until("2027-03-13")
    reasons = [case["reason"] for house in houses for case in (await town.view(house))["cases"]]
    assert 0 < reasons.count("sample") < len(houses)
    await town.all_is_well()


async def test_who_says_afterwards_that_it_was_not_so(town: Town):
    """It was closed without the owner: what they say then lies with the staff."""
    await town.house()
    await town.until("2027-02-10")
    await town.says(SERVICER, "2月9日に点検完了、異常ありません", files=[PHOTO])
    await town.taps(SERVICER, "yes")
    await town.until("2027-03-14")
    assert (await town.says(OWNER, "まだ終わっていません"))[-1] == "reply_human"
    assert (await town.view())["cases"][-1]["reason"] == "human"
    await town.all_is_well()


async def test_staff_cannot_key_in_what_cannot_be(town: Town):
    """A case at the desk is not done, a check of the owner's own has no visit, and only dates are settled unseen."""
    await town.house(plan=GUTTER)
    await town.says(OWNER, "担当者と話したいです")
    await town.says(STAFF, action=f"said:H1-1:0:phone=done_ok=2026-10-30={OWNER}=")
    assert (await town.case())["phase"] != "closed"
    await town.until("2027-03-03")
    await town.says(STAFF, action=f"said:H1-2:0:phone=fix=2027-03-30={OWNER}=")
    await town.says(STAFF, action="settled:H1-2:0:")
    assert (await town.case(number=2))["phase"] == "arranging"
    await town.all_is_well()
