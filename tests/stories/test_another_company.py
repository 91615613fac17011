"""Another company takes a house over: asked without a name, introduced with its price, and chosen by the owner."""

import pytest

from bot.core.message import Message
from tests.stories.town import Town

OWNER, SILENT, SECOND, THIRD, STAFF = "owner:O-H1", "servicer:B1", "servicer:B2", "servicer:B3", "staff:desk"
COMPANIES = [
    {"servicer_id": "B1", "name": "丸太工務店", "status": "営業"},
    {"servicer_id": "B2", "name": "あおぞら建設", "status": "営業", "backup": "はい", "area": "東京都世田谷区"},
    {"servicer_id": "B3", "name": "みどり点検", "status": "営業", "area": "東京都杉並区"},
]


async def silent(town: Town) -> None:
    """The company has not answered for weeks; the staff have called it, and nobody was there."""
    await town.companies(COMPANIES)
    await town.house(address="東京都世田谷区太子堂1-2-3", structure="木造")
    await town.until("2027-01-25")
    await town.taps(STAFF, "call")
    await town.taps(STAFF, "called", "no_answer")
    for person in (OWNER, SECOND, THIRD):
        await town.hears(person)


async def asked(town: Town) -> None:
    """The staff have chosen the best company, which is asked."""
    await silent(town)
    await town.taps(STAFF, "servicers")
    assert await town.taps(STAFF, "assign", "B2") == ["reply_candidate_asked"]


async def introduced(town: Town) -> None:
    """It takes the house on for 30,000 yen, and the owner is asked."""
    await asked(town)
    await town.taps(SECOND, "take_on")
    await town.says(SECOND, "3万円です")
    assert (await town.taps(SECOND, "yes"))[-1] == "reply_taken_on"


async def read(town: Town, person_id: str) -> list[Message]:
    """Every message of a person, as they read it."""
    renderer = town.service.post.renderer
    return [renderer.part(part, "ja", "様") for parts in await town._sent(person_id, 0) for part in parts]


async def test_a_silent_company_is_called_before_another_is_asked(town: Town):
    await town.companies(COMPANIES)
    await town.house(address="東京都世田谷区太子堂1-2-3", structure="木造")
    await town.until("2027-01-25")
    assert (await town.taps(STAFF, "servicers"))[-1] == "reply_call_first"
    assert await town.says(STAFF, action="assign:H1-1:0:B2") == ["reply_call_first"]
    assert await town.hears(SECOND) == []
    assert await town.taps(STAFF, "called", "no_answer") == ["reply_called"]
    assert await town.taps(STAFF, "servicers") == ["reply_choose_servicer"]


async def test_the_best_company_stands_first_with_its_reasons(town: Town):
    await silent(town)
    await town.taps(STAFF, "servicers")
    names = [button.label for button in (await read(town, STAFF))[-1].buttons]
    assert names == ["あおぞら建設（対応地域・予備登録）", "みどり点検（同じ都道府県）"]


async def test_who_is_asked_sees_no_name_and_no_address(town: Town):
    await asked(town)
    assert await town.hears(SECOND) == ["servicer_candidate"]
    said = str(await read(town, SECOND))
    assert "東京都世田谷区" in said
    assert "木造" in said
    for secret in ("山田", "太子堂", "丸太", "住宅番号"):
        assert secret not in said
    case = await town.case()
    assert (case["holder"], str(case["next_action_at"].date())) == (SECOND, "2027-02-02")


async def test_it_takes_the_house_on_and_the_owner_agrees(town: Town):
    """From then on it is its house: it learns the name, and is asked for days."""
    await introduced(town)
    assert await town.hears(OWNER) == ["owner_new_company"]
    assert (await town.case())["holder"] == OWNER
    assert (await town.view())["house"]["servicer_id"] == "B1"
    assert await town.taps(OWNER, "agree") == ["owner_company"]
    assert (await town.view())["house"]["servicer_id"] == "B2"
    await town.until("2027-01-27")
    assert "servicer_offer" in await town.hears(SECOND)
    assert {"candidate_asked", "candidate_accepted", "company_agreed", "servicer_changed"} <= set(await town.facts())
    await town.all_is_well()


@pytest.mark.parametrize("words", ["はい、お願いします", "はい"])
async def test_the_owner_agrees_in_words(town: Town, words: str):
    await introduced(town)
    assert await town.says(OWNER, words) == ["owner_new_company", "owner_company"]
    assert (await town.view())["house"]["servicer_id"] == "B2"


async def test_the_owner_does_not_want_it(town: Town):
    """The company is told, and the staff ask what the owner wishes; the house keeps the company it had."""
    await introduced(town)
    await town.hears(OWNER)
    await town.hears(SECOND)
    assert await town.taps(OWNER, "disagree") == ["reply_company_refused"]
    assert await town.hears(SECOND) == ["servicer_candidate_over"]
    case = await town.case()
    assert (case["holder"], case["reason"]) == (STAFF, "company_refused")
    assert (await town.view())["house"]["servicer_id"] == "B1"
    await town.all_is_well()


async def test_who_declines_makes_room_for_the_next(town: Town):
    await asked(town)
    assert (await town.taps(SECOND, "turn_down"))[-1] == "reply_turned_down"
    assert (await town.case())["holder"] == THIRD
    await town.until("2027-01-26")
    assert await town.hears(THIRD) == ["servicer_candidate"]


async def test_who_lets_the_day_pass_makes_room_too_and_nobody_left_is_a_matter(town: Town):
    await asked(town)
    await town.until("2027-02-02")
    assert await town.hears(SECOND) == ["servicer_candidate", "servicer_candidate_over"]
    assert (await town.case())["holder"] == THIRD
    assert (await town.taps(THIRD, "turn_down"))[-1] == "reply_turned_down"
    case = await town.case()
    assert (case["holder"], case["reason"]) == (STAFF, "nobody_left")
    await town.all_is_well()


async def test_an_owner_who_does_not_answer_is_called(town: Town):
    """The company stays chosen; what the owner says on the telephone is keyed in."""
    await introduced(town)
    await town.until("2027-02-10")
    case = await town.case()
    assert (case["holder"], case["reason"]) == (STAFF, "agreement_overdue")
    assert await town.says(STAFF, action=f"agree:H1-1:{case['round']}") != ["reply_over"]
    assert (await town.view())["house"]["servicer_id"] == "B2"
    await town.all_is_well()


async def test_the_price_is_read_back(town: Town):
    """What is no price is asked again; the owner hears the one that was confirmed."""
    await asked(town)
    assert (await town.taps(SECOND, "take_on"))[-1] == "reply_ask_fee"
    assert (await town.words(SECOND)).startswith("費用はいくらですか")
    assert await town.says(SECOND, "現地を見てからです") == ["reply_ask_fee"]
    told = await town.words(SECOND)
    assert told.startswith("金額を読み取れませんでした")
    assert "例：25,000円" in told
    assert await town.says(SECOND, "3万円です") == ["reply_fee_read_back"]
    assert await town.taps(SECOND, "no") == ["reply_ask_fee"]
    assert (await town.words(SECOND)).startswith("費用はいくらですか"), "a sum was read: they only want another one"
    assert await town.says(SECOND, "3万円です") == ["reply_fee_read_back"]
    assert await town.says(SECOND, "3万5千円でした") == ["reply_fee_read_back"]
    assert await town.says(SECOND, "はい") == ["reply_taken_on"]
    assert (await town.case())["state"]["candidacy"]["fee"] == 35_000


async def test_understood_is_no_yes(town: Town):
    """「承知しました」 may only mean that they have read it: the question is shown once more."""
    await asked(town)
    assert (await town.says(SECOND, "承知しました"))[-1] == "servicer_candidate"
    assert not (await town.case())["state"]["candidacy"]["accepted"]


async def test_the_silent_company_comes_back_while_another_is_asked(town: Town):
    """People decide which it is to be; nothing is arranged with two at once."""
    await asked(town)
    assert (await town.says(SILENT, "すみません、2月10日に伺えます"))[-1] == "reply_human"
    case = await town.case()
    assert (case["reason"], case["visit_on"]) == ("servicer_back", None)


async def test_danger_and_a_stop_are_heard_while_another_is_asked(town: Town):
    """Neither waits for people to decide who is to come."""
    await asked(town)
    await town.hears(SILENT)
    assert "reply_emergency" in await town.says(SILENT, "山田様邸、ガス臭いです")
    assert "reply_human" not in await town.says(SILENT, "配信停止してください")


async def test_the_company_answers_on_the_telephone(town: Town):
    await asked(town)
    assert await town.taps(STAFF, "their_yes") == ["reply_ask_fee"]
    assert await town.says(STAFF, "あとで決めるとのこと") == ["reply_ask_fee"]
    assert (await town.words(STAFF)).startswith("金額を読み取れませんでした")
    assert await town.says(STAFF, "2万円") == ["reply_company_noted"]
    assert await town.hears(OWNER) == ["owner_new_company"]


async def test_what_may_be_a_yes_is_asked(town: Town):
    """「お願いします」 alone might mean much: the question stands there once more, with its buttons."""
    await introduced(town)
    await town.hears(OWNER)
    assert await town.says(OWNER, "その会社でお願いします") == ["owner_new_company"]
    assert (await town.view())["house"]["servicer_id"] == "B1"


async def test_a_day_with_the_old_company_ends_the_asking(town: Town):
    """山田さん: 丸太さんから電話があって、2月10日に来てもらうことになりました。"""
    await asked(town)
    await town.hears(SECOND)
    assert await town.says(OWNER, "丸太工務店さんと2月10日に決まりました") == ["reply_read_back"]
    await town.taps(OWNER, "yes")
    case = await town.case()
    assert (case["phase"], case["state"]["candidacy"], case["reason"]) == ("fixed", None, "")
    await town.until("2027-01-26")
    assert await town.hears(SECOND) == ["servicer_candidate_over"]
    assert (await town.taps(SECOND, "take_on"))[-1] == "reply_over"
    await town.all_is_well()


async def test_a_candidate_is_told_when_the_case_is_over(town: Town):
    """The work was done after all, with a paper that shows it: who is asked need not answer."""
    await asked(town)
    await town.hears(SECOND)
    for person in (OWNER, SILENT):
        word = f"said:H1-1:0:phone=done_ok=2027-01-20={person}"
        await town.says(STAFF, action=word)
    assert (await town.case())["phase"] == "closed"
    await town.until("2027-01-26")
    assert await town.hears(SECOND) == ["servicer_candidate_over"]
    assert "candidacy_ended" in await town.facts()
    await town.all_is_well()


async def test_a_candidate_is_told_when_the_house_gets_another_company(town: Town):
    """The builder's file names it: nobody is asked any more."""
    await asked(town)
    await town.hears(SECOND)
    await town.house(address="東京都世田谷区太子堂1-2-3", structure="木造", servicer_id="B3")
    await town.until("2027-01-26")
    assert await town.hears(SECOND) == ["servicer_candidate_over"]
    assert (await town.case())["state"]["candidacy"] is None


async def test_the_guarantee_is_said_before_the_company(town: Town):
    """山田さん: 会社を変えたら、メーカーの保証はどうなるの。"""
    await introduced(town)
    said = (await read(town, OWNER))[-1]
    assert "保証が続かないことがあります" in said.paragraphs[-3]
    assert "建てた会社に、どの保証が、いつまでかをおたずねください" in said.paragraphs[-3]
    assert ("点検1回の費用", "30,000円（税込）") in said.facts


async def test_an_owner_who_does_not_answer_is_to_be_called_once_not_ever_again(town: Town):
    """They had asked for a call about something else, so it is a case of its own: one, however long it takes."""
    await introduced(town)
    await town.says(OWNER, "担当者と話したいです")
    await town.until("2027-04-20")
    overdue = [case for case in (await town.view())["cases"] if case["reason"] == "agreement_overdue"]
    assert len(overdue) == 1
    await town.says(STAFF, action=f"close:{overdue[0]['id']}:{overdue[0]['round']}")
    await town.says(STAFF, "電話したが留守")
    await town.until("2027-05-20")
    cases = (await town.view())["cases"]
    again = [case for case in cases if case["reason"] == "agreement_overdue" and case["phase"] != "closed"]
    assert [case["id"] == overdue[0]["id"] for case in again] == [False]
    await town.all_is_well()
