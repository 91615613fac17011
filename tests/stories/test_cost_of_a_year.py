"""理事会で聞かれること：家1軒、1年でいくらかかるのか。1年ほんとうに送り、紙の上の計算と、1円まで同じになる。"""

from collections import Counter

from sqlalchemy import insert

from bot.cli.cost import year_of
from storage.letters import mark_posted, unposted
from storage.tables import addresses
from tests.stories.five_channels import company
from tests.stories.phones import LinePhone, Platforms, TelegramPhone
from tests.stories.town import Town

HOUSES, ON_LINE = 72, 69  # of the other three one is on Telegram, one has mail, one has neither
PLAN = {"item_code": "P1", "item_name": "雨どいの掃除", "kind": "点検", "first_year": "5", "interval_years": "5"}
HOUSE = {"builder_id": "B1", "servicer_id": "B1", "handed_over_on": "2022-04-01", "plan_years": "50"}
HOUSE |= {"owner_name": "山田 花子", "consent_information_on": "2022-04-01", "consent_mandate_on": "2022-04-01"}
APRIL = ("2027-04-01", "2027-04-15", "2027-04-30")  # the day of the plan, and two reminders


async def settled(at: Platforms) -> list[LinePhone]:
    """Owners who sweep their gutters themselves, in the fifth year, and the phones of those on LINE."""
    numbers = range(1, HOUSES + 1)
    mail = {HOUSES - 1: "o71@example.jp"}
    houses = [HOUSE | {"house_id": f"H{n}", "owner_id": f"O-H{n}", "email": mail.get(n, "")} for n in numbers]
    plan = [PLAN | {"house_id": f"H{n}", "done_by": "所有者"} for n in numbers]
    await at.town.take(servicers=[company(1, "b1@example.jp")], houses=houses, plan=plan)
    phones = [LinePhone(at, f"owner:O-H{n}") for n in range(1, ON_LINE + 1)]
    ways = [{"person_id": one.person_id, "channel": one.channel, "address": one.user, "rank": 0} for one in phones]
    async with at.town.service.store.write() as connection:
        await connection.execute(insert(addresses).values(verified=True), ways)
    await TelegramPhone(at, f"owner:O-H{ON_LINE + 1}").links()
    return phones


async def posted(town: Town) -> int:
    """The staff post all letters that wait."""
    async with town.service.store.write() as connection:
        ids = [one.outbox_id for one in await unposted(connection)]
        await mark_posted(connection, town.service.store.pins.seal, ids, "staff:desk", town.service.clock.now())
    return len(ids)


async def test_what_a_house_costs_in_a_year_of_all_ways(five_channels: Platforms):
    """LINE: 69 pushes in March are within the free 200 a month, three times 69 in April are 207 and take the plan of
    5,000 yen and 10 % tax: 5,500. The answer to somebody who wrote first is a reply and costs nothing. Paper: 72
    letters of 110 and 25 yen in May: 9,720. Mail and Telegram: nothing. Together 15,220 yen, from March to December:
    ten months. 15,220 × 12 ÷ (72 × 10) = 253.67.
    """
    town, (first, *_) = five_channels.town, await settled(five_channels)
    await town.skip_to("2027-03-02")
    await first.says("ありがとうございます")
    for day in (*APRIL, "2027-05-17"):
        await town.skip_to(day)
    assert await posted(town) == HOUSES
    await town.skip_clock("2027-12-20")
    told = await year_of(town.service, "2027")
    by = {one["channel"]: one for one in told["channels"]}
    assert Counter(one.way for one in five_channels.line.sent) == {"push": 4 * ON_LINE, "reply": 1}
    assert (by["line"]["sent"], by["line"]["answers"], by["letter"]["sent"]) == (4 * ON_LINE + 1, 1, HOUSES)
    assert (told["months"], told["houses"], told["yen"]) == ("2027-01 to 2027-12", 72, 15220)
    assert told["yen_per_house_and_year"] == "253.67"
    mix = {name: (one["yen"], one["yen_per_house_and_year"]) for name, one in by.items() if one["sent"]}
    free = dict.fromkeys(mix.keys() - {"line", "letter"}, (0, "0.00"))
    assert mix == free | {"line": (5500, "91.67"), "letter": (9720, "162.00")}
    assert {"email", "telegram"} <= free.keys()
    sent = sum(one["sent"] for one in by.values())
    assert by["letter"]["alone_per_house_and_year"] == f"{sent * 135 * 12 / 720:.2f}"
