"""A guarantee that comes to be at risk: the owner is told in time, kindly and without a figure, and told when it is over."""

import re

from sqlalchemy import select

from storage.tables import outbox
from tests.stories.town import Town

OWNER, COMPANY, STAFF = "owner:O-H1", "servicer:B1", "staff:desk"


async def overdue(town: Town, until: str = "2027-05-02") -> None:
    """An inspection of 1 April that nobody has arranged, a month after its date."""
    await town.house(guarantee_no="Z-0001")
    await town.until(until)


async def risk_case(town: Town) -> dict:
    return next(case for case in (await town.view())["cases"] if case["ladder"] == "standing/1")


async def test_a_month_after_the_date_the_owner_is_told_what_mends_it(town: Town):
    """「屋根の点検がまだです。日にちを決めてください」: one message, no yen, and a button that leads to the visit."""
    await overdue(town, "2027-04-30")
    assert "owner_at_risk" not in await town.hears(OWNER)
    await town.until("2027-05-02")
    assert "owner_at_risk" in await town.hears(OWNER)
    said = await town.words(OWNER)
    assert "外まわり・基礎・配管の点検・お手入れが、計画の期日を過ぎています。" in said
    assert not re.search(r"円|¥|ローン|残高|Z-0001", said)
    assert await town.taps(OWNER, "choose") == ["reply_help"]
    await town.all_is_well()


async def test_it_is_one_message_with_what_else_waits(town: Town):
    """On the day on which the guarantee comes to be at risk nobody is written to twice."""
    await overdue(town)
    query = select(outbox.c.day, outbox.c.parts).where(outbox.c.person_id == OWNER, outbox.c.state == "sent")
    async with town.service.store.read() as connection:
        rows = (await connection.execute(query)).all()
    days = [row.day for row in rows]
    assert len(days) == len(set(days))


async def test_the_staff_see_it_on_their_list(town: Town):
    await overdue(town, "2027-05-06")  # the office is closed over the holidays
    assert "staff_at_risk" in await town.hears(STAFF)
    case = await risk_case(town)
    assert (case["holder"], case["reason"]) == (STAFF, "at_risk")


async def test_once_it_is_done_the_owner_hears_that_it_is_good_again(town: Town):
    await overdue(town)
    await town.hears(OWNER)
    await town.hears(COMPANY)
    await town.until("2027-05-03")
    await town.until("2027-05-05")
        [(c["id"], c["ladder"], c["phase"]) for c in (await town.view())["cases"]],
        (await town.view())["house"]["wake_on"],
    )
    assert "owner_secure" in await town.hears(OWNER)
    assert (await risk_case(town))["phase"] == "closed"
    await town.all_is_well()


async def test_a_house_without_a_guarantee_is_looked_after_all_the_same(town: Town):
    """Nobody is told of a guarantee that there is not."""
    await town.house()
    await town.until("2027-07-01")
    assert "owner_overdue" in (kinds := await town.hears(OWNER))
    assert "owner_at_risk" not in kinds
    assert [case["ladder"] for case in (await town.view())["cases"]] == ["visit/1"]


async def test_silence_leads_to_the_next_channel_and_then_to_a_letter(town: Town):
    await town.house(guarantee_no="Z-0001", email="yamada@example.jp")
    await town.until("2027-05-02")
    await town.until("2027-06-10")
    assert "owner_at_risk" in await town.letters(OWNER)
