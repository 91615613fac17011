"""A guarantee that comes to be at risk: the owner is told in time, without a figure, and told when it is over."""

import re
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from bot.core.book.standing import standing_on
from bot.core.outcome import Outcome
from bot.core.risk import position_of
from bot.core.standing import Standing, State, standing
from storage.households import load_ledgers
from storage.standing import standing_sources
from storage.tables import outbox
from tests.stories.town import Town

OWNER, COMPANY, STAFF = "owner:O-H1", "servicer:B1", "staff:desk"
AHEAD = ("2027-01-04", "2027-02-01", "2027-03-20", "2027-04-02", "2027-04-20", "2027-04-30")


async def overdue(town: Town, *later: str, **given: Any) -> None:
    """An inspection of 1 April that nobody has arranged, on 30 April, and on the days after it that are named."""
    await town.house(guarantee_no="Z-0001", **given)
    for day in (*AHEAD, *later):
        await town.skip_to(day)


async def risk_case(town: Town) -> dict:
    return next(case for case in (await town.view())["cases"] if case["ladder"] == "standing/1")


async def stands(town: Town, day: date) -> Standing:
    """What the record tells of that day."""
    async with town.service.store.read() as connection:
        found = await standing_sources(connection, ["H1"])
    return standing_on(found["H1"], day, town.today)


async def swept(town: Town) -> Standing:
    """What the sweep finds today."""
    async with town.service.store.write() as connection:
        ledger = (await load_ledgers(connection, ["H1"], town.today))[0]
    return standing(position_of(ledger, Outcome(), town.today), town.today)


async def test_a_month_after_the_date_the_owner_is_told_what_mends_it(town: Town):
    """「点検の日を決める」: one message, no yen, and a button that leads to the visit."""
    await overdue(town)
    assert "owner_at_risk" not in await town.hears(OWNER)
    await town.skip_to("2027-05-02")
    assert "owner_at_risk" in await town.hears(OWNER)
    said = await town.words(OWNER)
    assert "外まわり・基礎・配管の点検・お手入れが、計画の期日を過ぎています。" in said
    assert not re.search(r"円|¥|ローン|残高|Z-0001", said)
    assert await town.taps(OWNER, "choose") == ["reply_help"]
    await town.all_is_well()


async def test_it_is_one_message_with_what_else_waits(town: Town):
    """On the day on which the guarantee comes to be at risk nobody is written to twice."""
    await overdue(town, "2027-05-02", "2027-05-03")
    query = select(outbox.c.day).where(outbox.c.person_id == OWNER, outbox.c.state == "sent")
    async with town.service.store.read() as connection:
        days = list((await connection.execute(query)).scalars())
    assert len(days) == len(set(days))


async def test_the_staff_see_it_on_their_list(town: Town):
    await overdue(town, "2027-05-02", "2027-05-06")  # the office is closed over the holidays
    assert "staff_at_risk" in await town.hears(STAFF)
    case = await risk_case(town)
    assert (case["holder"], case["reason"]) == (STAFF, "at_risk")


async def test_once_it_is_done_the_owner_hears_that_it_is_good_again(town: Town):
    await overdue(town, "2027-05-02")
    await town.says(COMPANY, "5月1日に点検しました。異常ありません")
    await town.taps(COMPANY, "yes")
    await town.skip_to("2027-05-03")
    await town.hears(OWNER)
    assert await town.taps(OWNER, "done_ok") == ["owner_closed", "owner_secure"]
    assert (await risk_case(town))["phase"] == "closed"
    await town.all_is_well()


async def test_the_record_tells_how_it_stood_on_every_day(town: Town):
    """What the sweep found on a day is what the record tells of that day ever after."""
    await town.house(guarantee_no="Z-0001")
    found: dict[date, Standing] = {}
    for day in (*AHEAD, "2027-05-02"):
        await town.skip_to(day)
        found[town.today] = await swept(town)
    await town.says(COMPANY, "5月1日に点検しました。異常ありません")
    await town.taps(COMPANY, "yes")
    await town.skip_to("2027-05-03")
    await town.taps(OWNER, "done_ok")
    found[town.today] = await swept(town)
    assert [one.state for one in found.values()] == [State.GOOD] * 6 + [State.AT_RISK, State.GOOD]
    await town.skip_to("2027-07-01")
    assert {day: await stands(town, day) for day in found} == found


async def test_who_withdraws_is_told_nothing_and_the_staff_see_why(town: Town):
    await town.house(guarantee_no="Z-0001")
    await town.says(OWNER, action="stop_support::0:")
    await town.taps(OWNER, "yes")
    await town.hears(OWNER)
    await town.skip_to("2026-11-04")
    assert [reason.code for reason in (await swept(town)).reasons] == ["mandate_withdrawn"]
    assert await stands(town, town.today) == await swept(town)
    assert (await risk_case(town))["holder"] == STAFF
    await town.skip_to("2026-12-10")
    assert await town.hears(OWNER) == []
    await town.all_is_well()


async def test_a_house_without_a_guarantee_is_looked_after_all_the_same(town: Town):
    """Nobody is told of a guarantee that there is not."""
    await town.house()
    for day in (*AHEAD, "2027-05-10", "2027-07-01"):
        await town.skip_to(day)
    assert "owner_overdue" in (kinds := await town.hears(OWNER))
    assert "owner_at_risk" not in kinds
    assert [case["ladder"] for case in (await town.view())["cases"]] == ["visit/1"]


async def test_silence_leads_to_the_next_channel_and_then_to_a_letter(town: Town):
    """Each reminder takes another way, and all of them tell the same."""
    await overdue(town, "2027-05-02", "2027-05-16", "2027-05-30", email="yamada@example.jp")
    said = [kinds for kinds in await told(town) if "owner_at_risk" in kinds[1]]
    assert [channel for channel, _ in said] == ["chat", "email", "letter"]


async def told(town: Town) -> list[tuple[str, list[str]]]:
    query = select(outbox.c.channel, outbox.c.parts).where(outbox.c.person_id == OWNER).order_by(outbox.c.id)
    async with town.service.store.read() as connection:
        return [(row.channel, [part["kind"] for part in row.parts]) for row in await connection.execute(query)]


async def test_what_stands_on_the_companys_word_alone_the_owner_makes_good_with_one_tap(town: Town):
    """「会社の報告のとおりです」: the guarantee is good again, and the record says whose word it is."""
    await town.house(guarantee_no="Z-0001")
    await town.skip_to("2027-01-04")
    await town.skip_to("2027-02-10")
    photo = {"ref": "files/a.jpg", "media_type": "image/jpeg", "size": 1000}
    await town.says(COMPANY, "2月9日に点検完了、異常ありません", files=[photo])
    await town.taps(COMPANY, "yes")
    for day in ("2027-02-20", "2027-03-01", "2027-03-12", "2027-03-13"):
        await town.skip_to(day)
    view = await town.view()
    assert {work["basis"] for work in view["works"]} == {"unconfirmed"}
    assert {reason.code for reason in (await swept(town)).reasons} == {"unconfirmed"}
    assert await stands(town, town.today) == await swept(town)
    await town.hears(OWNER)
    assert await town.taps(OWNER, "was_done") == ["reply_was_done", "owner_secure"]
    assert {work["basis"] for work in (await town.view())["works"]} == {"both"}
    await town.skip_to("2027-03-20")
    assert (await swept(town)).state is State.GOOD
    assert (await stands(town, date(2027, 3, 12))).state is State.AT_RISK
    await town.all_is_well()


RENTAL = {
    "house_id": "H1",
    "loan_no": "1",
    "edition": "sumairu-kosodate-2026",
    "applied_on": "2026-02-03",
    "reductions": "長期優良住宅",
    "units": "6",
    "certified_units": "5",
}


async def test_a_rental_building_of_which_one_unit_is_not_certified_is_at_risk_until_it_is(town: Town):
    """A building is one house with units: what is promised to it holds only if all that the loan pays for have it."""
    await town.house(guarantee_no="Z-0001", plan=[("P1", "屋根", "点検", 50, 0)])
    await town.take(loans=[RENTAL])
    told_on = town.today
    await town.skip_to((told_on + timedelta(days=29)).isoformat())
    assert (await swept(town)).state is State.GOOD
    await town.skip_to((told_on + timedelta(days=31)).isoformat())
    found = await swept(town)
    assert [(reason.code, reason.at, reason.mend) for reason in found.reasons] == [
        ("units_uncertified", "H1@1", "units_certified")
    ]
    assert found == await stands(town, town.today)
    assert "長期優良住宅と認められていない住戸があります" in await town.words(OWNER)
    at_risk_on = town.today
    await town.take(loans=[RENTAL | {"certified_units": "6"}])
    await town.skip_to((at_risk_on + timedelta(days=1)).isoformat())
    assert (await swept(town)).state is State.GOOD
    assert (await stands(town, town.today)).state is State.GOOD
    assert (await stands(town, at_risk_on - timedelta(days=1))).reasons == found.reasons
    await town.all_is_well()


async def test_a_repaid_loan_asks_for_no_certified_units(town: Town):
    await town.house(guarantee_no="Z-0001", plan=[("P1", "屋根", "点検", 50, 0)])
    await town.take(loans=[RENTAL])
    await town.skip_to((town.today + timedelta(days=31)).isoformat())
    assert (await swept(town)).state is State.AT_RISK
    await town.take(loans=[RENTAL | {"repaid_on": town.today.isoformat()}])
    assert (await swept(town)).state is State.GOOD
    assert (await stands(town, town.today)).state is State.GOOD
