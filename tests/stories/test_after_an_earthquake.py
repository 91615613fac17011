"""The morning after an earthquake owners are asked kindly, from the ground, one thing at a time."""

from typing import Any

import pytest

from storage.event_list import lines_of
from storage.pending import waiting
from tests.photos import photo
from tests.stories.event_town import SETAGAYA, STAFF, SUGINAMI, at, bulletin, comes, shaken
from tests.stories.town import Town

OWNER, COMPANY = "owner:O-H1", "servicer:B1"
EVENT = "jma-20261101220500"
HERE: dict[str, Any] = {"municipality_code": "131121", "address": "東京都世田谷区太子堂1-2-3"}


async def listed(town: Town) -> dict[str, str]:
    """The houses on the event's list, by how urgent they are."""
    async with town.service.store.read() as connection:
        return {line.house_id: line.found for line in await lines_of(connection, EVENT)}


async def test_nobody_is_asked_before_one_of_the_staff_says_so(town: Town):
    """A bulletin only proposes; the desk hears at once how many houses it is about, at any hour."""
    await town.house(**HERE)
    await at(town, "2026-11-01T22:15")
    await comes(town, bulletin({SETAGAYA: "6-"}))
    assert await town.hears(STAFF) == ["staff_event"]
    assert "1軒の所有者" in await town.words(STAFF)
    await at(town, "2026-11-02T10:00")
    assert await town.hears(OWNER) == []
    assert "まだ決まっていません" in await town.words(STAFF)


async def test_they_are_asked_on_the_next_morning_and_not_at_night(town: Town):
    await town.house(**HERE)
    await at(town, "2026-11-01T22:15")
    await comes(town, bulletin({SETAGAYA: "6-"}))
    assert await town.taps(STAFF, "event_release") == ["staff_event", "reply_event_decided"]
    assert await town.hears(OWNER) == []
    await at(town, "2026-11-02T08:55")
    assert await town.hears(OWNER) == []
    await at(town, "2026-11-02T09:05")
    assert await town.hears(OWNER) == ["owner_event"]
    said = await town.words(OWNER)
    assert "2026年11月1日(日)の地震（お住まいのあたりで震度6弱）につきまして、心からお見舞い申し上げます。" in said
    assert "屋根には上らず" in said
    assert "危ないと感じたら、家に近づかないでください。" in said
    case = await town.case()
    assert (case["holder"], case["ladder"]) == (OWNER, "event/1")
    await town.all_is_well()


async def test_nothing_has_changed_in_three_taps(town: Town):
    """One thing is asked at a time; at the end it is on record as an extra inspection, and the plan stays as it was."""
    await town.house(**HERE)
    await town.run()
    plan = (await town.view())["plan"]
    await shaken(town)
    await town.hears(OWNER)
    assert await town.taps(OWNER, "seen", "outside=none") == ["reply_event"]
    assert await town.taps(OWNER, "seen", "inside=none") == ["reply_event"]
    assert await town.taps(OWNER, "seen", "sticker=none") == ["reply_event_done"]
    view = await town.view()
    assert [(work["kind"], work["basis"], work["result"]) for work in view["works"]] == [("extra", "owner", "ok")]
    assert [record["part"] for record in view["records"]] == ["家全体"]
    assert view["plan"] == plan
    assert await listed(town) == {"H1": "none"}
    await town.all_is_well()


async def test_the_same_in_words(town: Town):
    await town.house(**HERE)
    await shaken(town)
    await town.hears(OWNER)
    assert await town.says(OWNER, "何もありません") == ["reply_event"]
    assert await town.says(OWNER, "大丈夫です") == ["reply_event"]
    assert await town.says(OWNER, "貼られていません") == ["reply_event_done"]
    assert await listed(town) == {"H1": "none"}


@pytest.mark.parametrize(
    ("decided", "words", "then"),
    [
        ("2026-11-01T22:20", "2026年11月2日(月) 09:00から", "2026-11-02T09:05"),
        ("2026-11-02T14:00", "これから", "2026-11-02T14:05"),
        ("2026-11-02T21:00", "2026年11月3日(火) 09:00から", "2026-11-03T09:05"),
    ],
)
async def test_the_staff_hear_when_owners_are_asked(town: Town, decided: str, words: str, then: str):
    """And then it is so."""
    await town.house(**HERE)
    await at(town, "2026-11-01T22:15")
    await comes(town, bulletin({SETAGAYA: "6-"}))
    await at(town, decided)
    await town.taps(STAFF, "event_release")
    assert f"{words}、所有者の方のお時間に合わせて" in await town.words(STAFF)
    await at(town, then)
    assert "owner_event" in await town.hears(OWNER)


@pytest.mark.parametrize(
    ("words", "heard"),
    [
        ("やったことにしておいて", "reply_not_done_not_recorded"),
        ("ガスの臭いがします", "reply_emergency"),
        ("もうメッセージを送らないでください", "reply_channel_ended"),
        ("知らない業者が来て、屋根が壊れていると言われました", "reply_scam"),
        ("人と話したいです", "reply_human"),
    ],
)
async def test_what_is_no_answer_is_heard_as_ever(town: Town, words: str, heard: str):
    await town.house(**HERE)
    await shaken(town)
    await town.hears(OWNER)
    assert heard in await town.says(OWNER, words)
    assert await listed(town) == {"H1": "danger" if heard == "reply_emergency" else "silent"}


async def test_tiles_have_fallen(town: Town):
    """「瓦が落ちてます」: the staff hear the words, and the company is asked to come and look."""
    await town.house(**HERE)
    await shaken(town)
    await town.hears(OWNER)
    await town.hears(STAFF)
    assert await town.says(OWNER, "瓦が落ちてます") == ["reply_event"]
    assert "staff_alert" in await town.hears(STAFF)
    assert await listed(town) == {"H1": "damage"}
    await town.taps(OWNER, "seen", "inside=none")
    assert await town.taps(OWNER, "seen", "sticker=green") == ["reply_event_done"]
    assert "その場では決めずに" in await town.words(OWNER)
    await town.until("2026-11-03")
    assert "servicer_event" in await town.hears(COMPANY)
    visit = next(case for case in (await town.view())["cases"] if case["ladder"] == "visit/event/1")
    assert visit["holder"] == COMPANY
    await town.all_is_well()


async def test_a_red_paper_is_danger(town: Town):
    """「赤い紙が貼られた」: nothing more is asked, the staff hear at once, and nobody is sent there before that."""
    await town.house(**HERE)
    await shaken(town)
    await town.hears(OWNER)
    await town.hears(STAFF)
    assert await town.says(OWNER, "赤い紙が貼られた") == ["reply_event_danger"]
    assert "家には入らず" in await town.words(OWNER)
    assert "staff_alert" in await town.hears(STAFF)
    assert "家が危ない" in await town.words(STAFF)
    assert await listed(town) == {"H1": "danger"}
    await town.until("2026-11-09")
    assert "servicer_event" not in await town.hears(COMPANY)
    await town.all_is_well()


@pytest.mark.parametrize("words", ["家が傾いています", "危なくて近づけません"])
async def test_words_of_danger_are_danger(town: Town, words: str):
    await town.house(**HERE)
    await shaken(town)
    await town.hears(OWNER)
    assert (await town.says(OWNER, words))[-1] == "reply_event_danger"
    assert await listed(town) == {"H1": "danger"}


async def test_gas_is_an_emergency_as_ever(town: Town):
    await town.house(**HERE)
    await shaken(town)
    await town.hears(OWNER)
    assert await town.says(OWNER, "ガス臭いです") == ["reply_emergency"]
    assert await listed(town) == {"H1": "danger"}


async def test_what_is_not_understood_is_asked_once_more(town: Town):
    await town.house(**HERE)
    await shaken(town)
    await town.hears(OWNER)
    assert await town.says(OWNER, "孫が来ています") == ["reply_event"]
    assert "うまく読み取れませんでした" in await town.words(OWNER)
    assert await listed(town) == {"H1": "silent"}


async def test_a_photo_belongs_to_the_answer(town: Town):
    """Sent before the last answer it is evidence of it."""
    await town.house(**HERE)
    await shaken(town)
    kept = await town.service.inbox.files.keep(OWNER, photo())
    file = {"ref": kept.ref, "media_type": kept.media_type, "size": kept.size}
    assert (await town.says(OWNER, files=[file]))[-1] == "reply_event"
    await town.taps(OWNER, "seen", "outside=damage")
    await town.taps(OWNER, "seen", "inside=none")
    await town.taps(OWNER, "seen", "sticker=none")
    assert (await town.case())["state"]["reports"][0]["evidence"] == [kept.ref]


async def test_who_says_nothing_is_asked_again_and_then_called(town: Town):
    """A list, not a flood: the desk is not told of each."""
    await town.house(**HERE)
    await shaken(town)
    await town.until("2026-11-05")
    assert await town.hears(OWNER) == ["owner_event", "owner_event"]
    await town.until("2026-11-10")
    case = await town.case()
    assert (case["holder"], case["reason"]) == (STAFF, "event_silent")
    assert "staff_alert" not in await town.hears(STAFF)
    assert await listed(town) == {"H1": "silent"}
    await town.says(STAFF, action="said:H1-1:0:phone=done_ok=2026-11-10=owner:O-H1=")
    assert await listed(town) == {"H1": "none"}
    await town.all_is_well()


async def test_half_an_answer_is_asked_on(town: Town):
    """Who was called away is asked what is left, and not from the beginning."""
    await town.house(**HERE)
    await shaken(town)
    await town.taps(OWNER, "seen", "outside=none")
    await town.hears(OWNER)
    await town.until("2026-11-04")
    assert await town.hears(OWNER) == ["owner_event"]
    assert "家の中で" in await town.words(OWNER)
    await town.all_is_well()


async def test_later_is_two_days(town: Town):
    await town.house(**HERE)
    await shaken(town)
    await town.hears(OWNER)
    assert await town.says(OWNER, "あとで見ます") == ["reply_later"]
    await town.until("2026-11-03")
    assert await town.hears(OWNER) == []
    await town.until("2026-11-04")
    assert await town.hears(OWNER) == ["owner_event"]


async def test_without_a_mandate_nobody_is_asked_and_the_staff_know(town: Town):
    await town.house(**HERE, consent_mandate_on="")
    await shaken(town)
    assert "owner_event" not in await town.hears(OWNER)
    case = next(case for case in (await town.view())["cases"] if case["ladder"] == "event/1")
    assert (case["holder"], case["reason"]) == (STAFF, "no_mandate")
    assert await listed(town) == {"H1": "silent"}
    await town.all_is_well()


@pytest.mark.parametrize(
    ("address", "number"),
    [("東京都世田谷区太子堂1-2-3", "1"), ("", "1"), ("北海道札幌市中央区北1条西2-3", "")],
    ids=["same prefecture", "no address", "another prefecture"],
)
async def test_of_a_house_without_a_municipality_code_the_staff_hear_that_nobody_is_asked(
    town: Town, address: str, number: str
):
    """「うちのあたりも揺れたのに、何も来なかった」: what nobody can know is said, and not passed over."""
    await town.house(address=address)
    await at(town, "2026-11-01T22:15")
    await comes(town, bulletin({SETAGAYA: "6-"}))
    heard = await town.words(STAFF) if await town.hears(STAFF) else ""
    assert (f"対象かどうかわからない家が{number}軒あります" in heard) is bool(number)


async def test_a_house_that_is_not_handed_over_yet_is_the_builders(town: Town):
    """What shook it the day before is looked at before it is handed over."""
    await town.house(**HERE, handed_over_on="2026-11-01", consent_information_on="", consent_mandate_on="")
    await at(town, "2026-11-01T10:15")
    await comes(town, bulletin({SETAGAYA: "6-"}, at="2026-10-31T22:05:00", told="2026-10-31T22:10:00"))
    assert await town.hears(STAFF) == []


async def test_elsewhere_and_below_what_the_plan_asks_for_nobody_is_asked(town: Town):
    """The plan of one asks from 5弱 on, that of the other from 6弱; without a word it is 5強."""
    await town.house("H1", municipality_code="131121")
    await town.house("H2", municipality_code="13112", event_intensity="5弱")
    await town.house("H3", municipality_code="131156")
    await town.house("H4", municipality_code="131156", event_intensity="6弱")
    await shaken(town, **{SETAGAYA: "5-", SUGINAMI: "5+"})
    assert await listed(town) == {"H2": "silent", "H3": "silent"}


async def test_what_is_routine_waits_three_days_and_is_not_lost(town: Town):
    """The question for days that was due is said afterwards, and nobody counts as silent meanwhile."""
    await town.house(**HERE, handed_over_on="2022-01-31")
    await shaken(town)
    assert await town.hears(COMPANY) == []
    await town.until("2026-11-04")
    assert "servicer_offer" not in await town.hears(COMPANY)
    async with town.service.store.read() as connection:
        waits = await waiting(connection, town.service.clock.now())
    assert [message["why"] for message in waits] == ["left in peace after an event, until 2026-11-04T22:05:00+09:00"]
    await town.until("2026-11-05")
    assert "servicer_offer" in await town.hears(COMPANY)
    await town.all_is_well()


async def test_the_company_is_told_once_how_its_houses_are(town: Town):
    await town.house("H1", **HERE)
    await town.house("H2", **HERE)
    await shaken(town)
    await town.says("owner:O-H2", "赤い紙が貼られた")
    await at(town, "2026-11-04T10:00")  # the morning after was a holiday
    assert (await town.hears(COMPANY)).count("servicer_houses") == 1
    assert "急ぐ順: H2" in await town.words(COMPANY)


async def test_a_house_whose_municipality_is_told_late_is_asked_then_and_once(town: Town):
    """「うちは聞かれていません」: the code comes a day later, and the question with it, in the daytime."""
    late: dict[str, Any] = HERE | {"municipality_code": ""}
    await town.house("H1", **late)
    await town.house("H2", **HERE)
    await shaken(town)
    assert await listed(town) == {"H2": "silent"}
    await at(town, "2026-11-03T22:00")
    await town.house("H1", **HERE)
    await town.run()
    assert await town.hears(OWNER) == []
    await at(town, "2026-11-04T09:05")
    assert await town.hears(OWNER) == ["owner_event"]
    assert "心からお見舞い申し上げます" in await town.words(OWNER)
    assert await listed(town) == {"H1": "silent", "H2": "silent"}
    assert (await town.hears("owner:O-H2")).count("owner_event") == 1
    await town.house("H1", **HERE | {"municipality_code": "13112"})
    await at(town, "2026-11-04T10:00")
    assert await town.hears(OWNER) == []
    assert [case["ladder"] for case in (await town.view())["cases"]].count("event/1") == 1
    await town.all_is_well()


@pytest.mark.parametrize("released", [True, False], ids=["when the others were called long ago", "before anybody is"])
async def test_told_later_than_that_the_staff_call_who_was_never_asked(town: Town, released: bool):
    """A question weeks after is none; on the event's list the house stands all the same, until its owner has a word."""
    late: dict[str, Any] = HERE | {"municipality_code": ""}
    await town.house("H1", **late)
    await town.house("H2", **HERE)
    await at(town, "2026-11-01T22:15")
    await comes(town, bulletin({SETAGAYA: "6-"}))
    if released:
        await town.taps(STAFF, "event_release")
        await town.until("2026-11-10")
    await town.house("H1", **HERE)
    await town.until("2026-11-12")
    assert "owner_event" not in await town.hears(OWNER)
    if released:
        assert await listed(town) == {"H1": "silent", "H2": "silent"}
        case = next(case for case in (await town.view())["cases"] if case["ladder"] == "event/1")
        assert (case["holder"], case["reason"]) == (STAFF, "event_unasked")
        assert "staff_alert" not in await town.hears(STAFF)  # it stands on the list, and is not told one by one
        await town.says(OWNER, "家は問題ありませんでした")
        await town.house("H1", **HERE | {"address": "東京都世田谷区太子堂1-2-4"})
        await town.until("2026-11-14")
        assert [case["ladder"] for case in (await town.view())["cases"]].count("event/1") == 1
    else:
        assert await listed(town) == {}
    await town.all_is_well()
