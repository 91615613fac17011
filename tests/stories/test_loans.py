"""A loan on a house: what was promised stays promised, its end is told in time, its sums are the borrower's alone."""

import json
from typing import Any

import pytest_asyncio
from sqlalchemy import select

from storage.tables import facts, loan_dates, loans, outbox
from tests.handlers.web.street import Street, street_at
from tests.stories.test_new_owner import records

OWNER = "owner:O-H1"
PLAN = [("P1", "屋根", "点検", 50, 0)]
ASKED = ("owner_milestone", "owner_milestone_due")
SUM = "100000000"
LOAN = {
    "house_id": "H1",
    "loan_no": "1",
    "edition": "kosodate-2023",
    "applied_on": "2023-07-03",
    "contracted_on": "2024-03-01",
    "first_payment_on": "2024-05-01",
    "months": "420",
    "principal_yen": SUM,
    "rate_steps": "1:1.50>181:1.70",
    "reductions": "長期優良住宅",
}


@pytest_asyncio.fixture
async def street(tmp_path, database_url):
    """A town with its pages, on either database."""
    async with street_at(tmp_path, "2026-11-01", database_url) as found:
        yield found


async def rows(street: Street, table: Any) -> list[Any]:
    async with street.town.service.store.read() as connection:
        return list((await connection.execute(select(table))).mappings())


async def told_of(street: Street, code: str) -> list[str]:
    """On which days the owner was written to about this milestone."""
    found = await rows(street, outbox)
    mine = [row for row in found if row["person_id"] == OWNER and row["state"] == "sent"]
    return [
        row["sent_at"].date().isoformat()
        for row in mine
        if any(part["kind"] in ASKED and part["params"]["code"] == code for part in row["parts"])
    ]


async def test_the_end_of_a_reduction_is_told_in_time_and_once(street: Street):
    """「金利が上がる月を、あとで知ったのでは困ります」: under the edition of 2023, though that of 2026 stands."""
    town = street.town
    await town.house("H1", PLAN)
    await town.take(loans=[LOAN])
    (day,) = await rows(street, loan_dates)
    assert (day["code"], day["due_on"].isoformat()) == ("reduction-end", "2039-04-01")
    await town.take(loans=[LOAN | {"edition": "sumairu-kosodate-2026", "months": "419"}])
    (loan,) = await rows(street, loans)
    assert (loan["edition"], loan["months"]) == ("kosodate-2023", 419)
    await town.skip_to("2038-09-30")
    assert await told_of(street, "reduction-end") == []
    await town.skip_to("2038-10-03")
    assert len(await told_of(street, "reduction-end")) == 1
    await town.taps(OWNER, "self_ok")
    await town.skip_to("2039-04-02")
    await town.skip_to("2039-08-01")
    assert len(await told_of(street, "reduction-end")) == 1


async def test_a_repaid_loan_is_silent(street: Street):
    """Also about what it had asked already."""
    town = street.town
    await town.house("H1", PLAN)
    await town.take(loans=[LOAN | {"edition": "sumairu-kosodate-2026", "insured_until": "2027-01-31"}])
    await town.until("2026-12-10")
    assert await told_of(street, "fire-insurance") == ["2026-12-02"]
    await town.take(loans=[LOAN | {"insured_until": "2027-01-31", "repaid_on": "2026-12-10"}])
    await town.skip_to("2027-02-01")
    await town.skip_to("2028-06-01")
    assert await told_of(street, "fire-insurance") == ["2026-12-02"]
    assert [fact["kind"] for fact in await rows(street, facts) if fact["kind"].startswith("loan_")] == [
        *("loan_recorded", "loan_repaid", "loan_date_over")
    ]
    await town.all_is_well()


async def test_sums_stand_in_no_message_and_no_fact(street: Street):
    """Nor do rates: a digest says that they are the same."""
    town = street.town
    await town.house("H1", PLAN)
    await town.take(loans=[LOAN | {"insured_until": "2027-01-31"}])
    await town.skip_to("2026-12-03")
    await town.skip_to("2027-03-01")
    kept = json.dumps([row["parts"] for row in await rows(street, outbox)], ensure_ascii=False)
    sealed = " ".join(row["data"] for row in await rows(street, facts))
    assert "loan" in sealed
    for told in (SUM, "1.50", "1.70"):
        assert told not in kept
        assert told not in sealed


async def test_who_buys_the_house_does_not_get_the_loan(street: Street):
    """Neither its days nor its sums; the same file sent again does not make it theirs."""
    town = street.town
    await town.house("H1", PLAN)
    await town.take(loans=[LOAN])
    await records(street)
    await town.take(loans=[LOAN | {"months": "360"}])
    (loan,) = await rows(street, loans)
    assert (loan["person_id"], loan["months"]) == (OWNER, 420)
