"""A company closes: all its houses go to others, and no obligation is nobody's at any moment."""

from collections import Counter
from datetime import date
from typing import Any

import pytest
import pytest_asyncio
from sqlalchemy import func, insert, select, update

from bot.cli.imports import take_files
from scheduler.handover import Closing, carry_on, prepare
from scheduler.taking_back import undo, undo_house
from storage.handovers import rows_of
from storage.reviews import HandoverError, approve
from storage.tables import cases, houses, outbox, people, servicers
from tests.stories.town import Town

OLD, SECOND, THIRD, SATO = "servicer:B1", "servicer:B2", "servicer:B3", "staff:sato"
COMPANIES = [
    {"servicer_id": "B1", "name": "丸太工務店", "status": "営業"},
    {"servicer_id": "B2", "name": "あおぞら建設", "status": "営業", "backup": "はい", "area": "東京都世田谷区"},
    {"servicer_id": "B3", "name": "みどり点検", "status": "営業", "area": "東京都世田谷区", "capacity_per_month": "1"},
]
HERE: dict[str, Any] = {"address": "東京都世田谷区太子堂1-2-3", "structure": "木造"}


@pytest_asyncio.fixture
async def closing(town: Town) -> Town:
    """H1 has a visit to be arranged, H2 one whose day is fixed, H3 nothing open, H4 no consent."""
    await town.companies(COMPANIES)
    async with town.service.store.write() as connection:
        await connection.execute(insert(people).values(id=SATO, name="佐藤", staff_role="supervisor"))
    await town.house("H1", **HERE)
    await town.house("H2", **HERE, owner_name="小林 次郎")
    await town.house("H3", **HERE, owner_name="鈴木 三郎", handed_over_on="2024-04-01")
    await town.house("H4", **HERE, owner_name="田中 四郎", consent_mandate_on="")
    await town.until("2027-01-11")
    await town.says(OLD, "小林様邸は2月10日にうかがいます。お客様と約束しました")
    await town.taps(OLD, "yes")
    assert (await town.case("H2"))["phase"] == "fixed"
    for person in (OLD, SECOND, THIRD, *(f"owner:O-H{n}" for n in range(1, 5))):
        await town.hears(person)
    return town


async def approved(town: Town) -> int:
    store, now = town.service.store, town.service.clock.now()
    number = await prepare(store, Closing("B1", "closed"), now)
    await approve(store, number, SATO, now)
    await town.run()
    return number


async def holders(town: Town) -> dict[str, str]:
    """Who moves next in each open case."""
    async with town.service.store.read() as connection:
        query = select(cases.c.id, cases.c.holder).where(cases.c.phase != "closed")
        return {row.id: row.holder for row in await connection.execute(query)}


async def test_preparing_changes_nothing_and_is_seen_by_a_person_first(closing: Town):
    before = await holders(closing)
    store, now = closing.service.store, closing.service.clock.now()
    number = await prepare(store, Closing("B1", "closed"), now)
    assert await prepare(store, Closing("B1", "closed"), now) == number
    assert await carry_on(store, now) == 0
    assert await holders(closing) == before
    with pytest.raises(HandoverError, match="no named person"):
        await approve(store, number, "staff:desk", now)
    with pytest.raises(HandoverError, match="no named person"):
        await approve(store, number, "staff:nobody", now)
    async with store.write() as connection:
        await connection.execute(update(people).where(people.c.id == SATO).values(staff_role="officer"))
    with pytest.raises(HandoverError, match="no supervisor"):
        await approve(store, number, SATO, now)
    with pytest.raises(HandoverError, match="no company"):
        await prepare(store, Closing("B9", "closed"), now)


async def test_a_house_that_came_in_this_minute_is_asked_about_for_the_month_of_its_next_visit(town: Town):
    """Nobody has looked at its plan yet; the company is not told that somebody must come today."""
    await town.companies(COMPANIES)
    await town.house("H1", **HERE, handed_over_on="2026-10-01")
    number = await prepare(town.service.store, Closing("B1", "closed"), town.service.clock.now())
    async with town.service.store.read() as connection:
        (row,) = await rows_of(connection, number, "", 10)
    assert row.target_on.isoformat() == "2031-10-01"


async def test_every_house_is_held_by_the_person_who_approved(closing: Town):
    """Also the one where nothing was open, and the one whose owner has not consented."""
    await approved(closing)
    found = await holders(closing)
    assert set(found.values()) == {SATO}
    assert {case.partition("-")[0] for case in found} == {"H1", "H2", "H3", "H4"}
    assert (await closing.case("H4"))["reason"] in ("no_servicer", "no_mandate")
    await closing.all_is_well()


async def test_owners_are_told_and_the_closed_company_is_not(closing: Town):
    await approved(closing)
    await closing.until("2027-01-12")
    assert await closing.hears("owner:O-H2") == ["owner_company_closed"]
    assert "2027年2月10日(水)の訪問は、なくなりました" in await closing.words("owner:O-H2")
    assert await closing.hears("owner:O-H4") == []
    assert await closing.hears(OLD) == []
    assert "access_ended" in await closing.facts("H3")


async def test_the_companies_are_asked_without_a_name_and_in_one_message(closing: Town):
    """One message a day holds all that a company is asked about."""
    await approved(closing)
    await closing.until("2027-01-12")
    async with closing.service.store.read() as connection:
        query = select(outbox.c.person_id, outbox.c.parts).where(outbox.c.person_id.in_((SECOND, THIRD)))
        rows = (await connection.execute(query)).all()
    assert len(rows) == len({row.person_id for row in rows})
    said = str([closing.service.post.renderer.part(part, "ja", "") for row in rows for part in row.parts])
    assert "東京都世田谷区" in said
    for secret in ("山田", "小林", "鈴木", "太子堂", "丸太", "住宅番号"):
        assert secret not in said


async def goes_over(town: Town, house: str) -> None:
    """Whoever is asked takes the house on, and its owner agrees."""
    case = next(one for one in (await town.view(house))["cases"] if one["state"]["candidacy"])
    company = case["state"]["candidacy"]["servicer"]
    await town.says(company, action=f"take_on:{case['id']}:{case['round']}")
    await town.says(company, "3万円")
    await town.says(company, action=f"yes:{case['id']}:{case['round']}:ask_fee")
    case = next(one for one in (await town.view(house))["cases"] if one["id"] == case["id"])
    if not case["state"]["candidacy"]["accepted"]:
        await town.says(company, "はい")
    case = next(one for one in (await town.view(house))["cases"] if one["id"] == case["id"])
    assert case["state"]["candidacy"]["accepted"]
    assert case["holder"] == SATO
    await town.says(f"owner:O-{house}", action=f"agree:{case['id']}:{case['round']}")


@pytest.mark.parametrize("house", ["H1", "H2", "H3"])
async def test_it_takes_the_house_on_and_the_owner_agrees(closing: Town, house: str):
    await approved(closing)
    await closing.until("2027-01-12")
    await goes_over(closing, house)
    view = await closing.view(house)
    assert view["house"]["servicer_id"] != "B1"
    company = f"servicer:{view['house']['servicer_id']}"
    assert "servicer_pack" in await closing.hears(company)
    still = [case for case in view["cases"] if case["phase"] != "closed"]
    assert [case["holder"] for case in still] == ([company] if house != "H3" else [])
    await closing.all_is_well()


async def test_when_nobody_is_left_the_person_who_approved_has_it(closing: Town):
    await approved(closing)
    for _ in range(2):
        case = await closing.case("H1")
        asked = case["state"]["candidacy"]["servicer"]
        await closing.says(asked, action=f"turn_down:H1-1:{case['round']}")
    case = await closing.case("H1")
    assert (case["holder"], case["reason"], case["state"]["candidacy"]) == (SATO, "nobody_left", None)
    await closing.all_is_well()


async def test_it_is_taken_back_until_somebody_has_accepted(closing: Town):
    """What nobody has accepted goes back to the company, which is in business again; the rest is told."""
    number = await approved(closing)
    await closing.until("2027-01-12")
    case = await closing.case("H1")
    company = case["state"]["candidacy"]["servicer"]
    await closing.says(company, action=f"take_on:H1-1:{case['round']}")
    await closing.says(company, "3万円")
    await closing.says(company, "はい")
    assert (await closing.case("H1"))["state"]["candidacy"]["accepted"]
    late = await undo(closing.service.store, number, closing.service.clock.now())
    assert late == ["H1"]
    found = await holders(closing)
    assert found["H1-1"] == SATO
    assert found["H2-1"] == OLD
    assert "access_resumed" in await closing.facts("H2")
    await closing.run()
    await closing.all_is_well()
    with pytest.raises(HandoverError, match="taken back"):
        await undo(closing.service.store, number, closing.service.clock.now())


async def test_one_house_is_taken_back_and_the_staff_hold_it(closing: Town):
    number = await approved(closing)
    store, now = closing.service.store, closing.service.clock.now()
    assert await undo_house(store, number, "H1", now) == []
    case = await closing.case("H1")
    assert (case["holder"], case["reason"], case["state"]["candidacy"]) == (SATO, "no_servicer", None)
    with pytest.raises(HandoverError):
        await undo_house(store, number, "H1", now)
    await closing.all_is_well()


async def test_who_is_asked_for_many_is_asked_some_a_day(town: Town):
    """Thirty a day and company, so that they can be answered; meanwhile the person who approved holds the others."""
    await town.companies(COMPANIES[:2])
    async with town.service.store.write() as connection:
        await connection.execute(insert(people).values(id=SATO, name="佐藤", staff_role="supervisor"))
    rows = [f"N{n:03d}" for n in range(70)]
    given = {"builder_id": "B1", "servicer_id": "B1", "handed_over_on": "2022-04-01", "plan_years": "50"}
    given |= {"consent_information_on": "2022-04-01", "consent_mandate_on": "2022-04-01"} | HERE
    await town.take(
        houses=[
            given | {"house_id": name, "common_id": f"C-{name}", "owner_id": name, "owner_name": f"山田 {name}"}
            for name in rows
        ],
        plan=[
            {"house_id": name, "item_code": "P1", "item_name": "屋根", "kind": "点検"}
            | {"first_year": "5", "interval_years": "5"}
            for name in rows
        ],
    )
    await town.skip_to("2027-01-12")
    await approved(town)
    for asked in (30, 60, 70):
        async with town.service.store.read() as connection:
            query = select(func.count()).select_from(cases).where(cases.c.candidate_id == SECOND)
            assert (await connection.execute(query)).scalar_one() == asked
        assert set((await holders(town)).values()) == {SATO}
        await town.all_is_well()
        await town.until(date.fromordinal(town.today.toordinal() + 1))


async def test_a_month_is_shared_over_all_houses(town: Town):
    """Of companies for which the same speaks, none is given more than it can do in that month."""
    firms = [
        COMPANIES[0],
        *(
            {"servicer_id": f"C{n}", "name": f"第{n}社", "status": "営業", "area": "東京都世田谷区"}
            | {"capacity_per_month": "3"}
            for n in range(3)
        ),
    ]
    await town.companies(firms)
    for n in range(10):
        await town.house(f"H{n}", **HERE)
    await town.until("2026-11-02")
    store, now = town.service.store, town.service.clock.now()
    number = await prepare(store, Closing("B1", "closed"), now)
    async with store.read() as connection:
        rows = await rows_of(connection, number, "", 100)
    assert Counter(row.candidate_id for row in rows) == {"servicer:C0": 3, "servicer:C1": 3, "servicer:C2": 3, "": 1}


async def test_a_house_that_went_elsewhere_in_the_meantime_is_left_alone(closing: Town):
    store, now = closing.service.store, closing.service.clock.now()
    number = await prepare(store, Closing("B1", "closed"), now)
    async with store.write() as connection:
        await connection.execute(houses.update().where(houses.c.id == "H1").values(servicer_id="B2"))
    await approve(store, number, SATO, now)
    await closing.run()
    assert "candidate_asked" not in await closing.facts("H1")


async def test_the_company_is_out_of_business_from_the_approval_on(closing: Town):
    await approved(closing)
    async with closing.service.store.read() as connection:
        row = (await connection.execute(select(servicers).where(servicers.c.id == "B1"))).one()
    assert (row.status, row.closed_on) == ("廃業", closing.today)
    await closing.says(OLD, "山田様邸、2月3日にうかがえます")
    assert "days_offered" not in await closing.facts("H1")


async def asked_at(town: Town, house: str = "H1") -> str:
    """Who is asked about a house now, by its id; empty for nobody."""
    candidacy = (await town.case(house))["state"]["candidacy"]
    return candidacy["servicer"] if candidacy else ""


async def takes_on(town: Town, house: str) -> str:
    """Whoever is asked about the house takes it on; who that is."""
    company, case = await asked_at(town, house), await town.case(house)
    await town.says(company, action=f"take_on:{case['id']}:{case['round']}")
    await town.says(company, "3万円")
    await town.says(company, action=f"yes:{case['id']}:{case['round']}:ask_fee")
    if not (await town.case(house))["state"]["candidacy"]["accepted"]:
        await town.says(company, "はい")
    assert (await town.case(house))["state"]["candidacy"]["accepted"]
    return company


async def closes(town: Town, *companies: str) -> None:
    """The file of these companies says that they are out of business."""
    await town.take(
        servicers=[row | {"status": "廃業"} for row in COMPANIES if f"servicer:{row['servicer_id']}" in companies]
    )


async def test_a_yes_to_a_company_that_has_closed_meanwhile_is_answered_so(closing: Town):
    """The owner reads the introduction, thinks it over, and agrees on the day on which the company closes."""
    await approved(closing)
    await closing.until("2027-01-12")
    first = await takes_on(closing, "H1")
    await closing.until("2027-01-13")
    agree = await closing.button("owner:O-H1", "agree")
    await closing.hears("owner:O-H1")
    await closes(closing, first)
    assert await closing.says("owner:O-H1", action=agree) == ["owner_company_gone"]
    assert (await closing.view("H1"))["house"]["servicer_id"] == "B1"
    assert "candidate_gone" in await closing.facts("H1")
    assert await asked_at(closing) not in ("", first)
    await closing.all_is_well()


async def test_an_owner_need_not_answer_to_hear_that_it_has_closed(closing: Town):
    await approved(closing)
    await closing.until("2027-01-12")
    first = await takes_on(closing, "H1")
    await closing.until("2027-01-13")
    assert "owner_new_company" in await closing.hears("owner:O-H1")
    await closes(closing, first)
    await closing.until("2027-01-14")
    assert await closing.hears("owner:O-H1") == ["owner_company_gone"]
    assert "営業を終えました" in await closing.words("owner:O-H1")
    assert await asked_at(closing) not in ("", first)
    await closing.all_is_well()


async def test_who_is_asked_and_closes_by_a_handover_of_its_own_makes_room_at_once(closing: Town):
    """Its houses are handed over on the same day as those for which it was asked: no day is lost."""
    await closing.house("H9", **HERE, servicer_id="B2", builder_id="B2", owner_name="沖 次郎")
    await approved(closing)
    await closing.until("2027-01-12")
    first = await takes_on(closing, "H1")
    store, now = closing.service.store, closing.service.clock.now()
    own = first.partition(":")[2]
    number = await prepare(store, Closing(own, "closed"), now)
    await approve(store, number, SATO, now)
    await closing.run()
    assert await asked_at(closing) not in ("", first)
    await closing.all_is_well()


async def test_a_chosen_company_that_closes_before_it_is_asked_is_left_out(closing: Town):
    """Between choosing and asking lie days: nobody waits five more for the answer of a company that is gone."""
    store, now = closing.service.store, closing.service.clock.now()
    number = await prepare(store, Closing("B1", "closed"), now)
    async with store.read() as connection:
        chosen = {row.house_id: (row.candidate_id, *row.queue) for row in await rows_of(connection, number, "", 9)}
    await closes(closing, chosen["H1"][0])
    await approve(store, number, SATO, now)
    await closing.run()
    assert await asked_at(closing) == chosen["H1"][1]
    assert (await closing.facts("H1")).count("candidate_asked") == 1


async def test_the_next_in_the_queue_that_has_closed_is_passed_over(closing: Town):
    """The first declines; the second has closed since the approval. The staff choose anew, with no day lost."""
    await approved(closing)
    first, case = await asked_at(closing), await closing.case("H1")
    (second,) = {SECOND, THIRD} - {first}
    await closes(closing, second)
    await closing.says(first, action=f"turn_down:H1-1:{case['round']}")
    case = await closing.case("H1")
    assert (case["holder"], case["reason"], case["state"]["candidacy"]) == (SATO, "nobody_left", None)
    assert (await closing.facts("H1")).count("candidate_asked") == 1


async def test_nobody_is_sent_to_a_builder_that_has_closed(closing: Town):
    """What becomes of its guarantee the owner asks the staff, and not the company that is no more."""
    await approved(closing)
    await takes_on(closing, "H1")
    told = await closing.words("owner:O-H1")
    assert "建てた会社は営業を終えています" in told
    assert "建てた会社におたずねください" not in told


async def test_no_work_stays_with_the_company_for_one_moment(closing: Town):
    """Also not where it was only asked whether it takes over the house of another: that lies with who approved, too."""
    await closing.house("H9", **HERE, servicer_id="B2", builder_id="B2", owner_name="沖 次郎")
    store, now = closing.service.store, closing.service.clock.now()
    first = await prepare(store, Closing("B2", "closed"), now)
    await approve(store, first, SATO, now)
    await closing.run()
    async with store.write() as connection:  # it was the staff who had asked it, for that one house
        state = (await closing.case("H9"))["state"]
        asked = state["candidacy"] | {"servicer": OLD, "queue": [THIRD], "handover": 0}
        changed = {"holder": OLD, "candidate_id": OLD, "state": state | {"candidacy": asked}}
        await connection.execute(cases.update().where(cases.c.id == "H9-1").values(**changed))
    await approve(store, await prepare(store, Closing("B1", "closed"), now), SATO, now)
    found = await holders(closing)
    assert (found["H9-1"], found["H1-1"], OLD in found.values()) == (SATO, SATO, False)
    await closing.run()
    assert await asked_at(closing, "H9") == THIRD
    await closing.all_is_well()


async def test_houses_that_came_since_are_looked_at_before_it_is_approved(closing: Town):
    """Two come in between, one of them first by its number: no house is approved that nobody has seen."""
    store, now = closing.service.store, closing.service.clock.now()
    number = await prepare(store, Closing("B1", "closed"), now)
    await closing.house("A1", **HERE, owner_name="東 一郎")
    await closing.house("Z1", **HERE, owner_name="西 二郎")
    with pytest.raises(HandoverError, match="came since it was prepared: 2; prepare it again"):
        await approve(store, number, SATO, now)
    assert await prepare(store, Closing("B1", "closed"), now) == number
    async with store.read() as connection:
        assert len(await rows_of(connection, number, "", 9)) == 6
    await approve(store, number, SATO, now)
    await closing.run()
    assert {(await closing.case(house))["holder"] for house in ("A1", "Z1")} == {SATO}
    await closing.all_is_well()


async def test_houses_that_come_after_it_was_begun_are_a_batch_of_their_own(closing: Town):
    """A late file still names the closed company; what is under way is in no second batch."""
    number = await approved(closing)
    assert await prepare(closing.service.store, Closing("B1", "closed"), closing.service.clock.now()) == number
    await closing.house("Z1", **HERE, owner_name="西 二郎")
    store, now = closing.service.store, closing.service.clock.now()
    second = await prepare(store, Closing("B1", "closed"), now)
    async with store.read() as connection:
        assert [row.house_id for row in await rows_of(connection, second, "", 9)] == ["Z1"]
    await approve(store, second, SATO, now)
    await closing.run()
    assert await asked_at(closing, "Z1") in (SECOND, THIRD)
    with pytest.raises(HandoverError, match=f"take back handover {second} first"):
        await undo(store, number, now)
    assert await undo(store, second, now) == []
    assert await undo(store, number, now) == []
    async with store.read() as connection:
        row = (await connection.execute(select(servicers).where(servicers.c.id == "B1"))).one()
    assert row.status == "営業"
    await closing.all_is_well()


async def test_what_is_held_stays_with_the_person_who_approved(closing: Town):
    """Nobody takes the house on, and nobody looks for two months: it never falls back to a desk without a name."""
    await approved(closing)
    for _ in range(2):
        case = await closing.case("H1")
        await closing.says(case["state"]["candidacy"]["servicer"], action=f"turn_down:H1-1:{case['round']}")
    await closing.hears("staff:desk")
    for day in ("2027-01-20", "2027-02-03", "2027-03-15"):
        await closing.until(day)
        assert (await closing.case("H1"))["holder"] == SATO
        assert "staff_alert" in await closing.hears("staff:desk")
    assert set((await holders(closing)).values()) == {SATO}
    await closing.all_is_well()


async def test_what_comes_up_in_a_handover_is_held_by_the_person_who_approved(closing: Town):
    """What an owner tells beside it is a case of its own, and so is a visit that falls due: all are held alike."""
    plan = [("P1", "屋根", "点検", 4, 5)]
    await closing.house("H5", plan, **HERE, owner_name="伊藤 五郎", handed_over_on="2023-07-01")
    await approved(closing)
    await closing.until("2027-01-12")
    await closing.says("owner:O-H5", "雨漏りしています")
    await closing.says("owner:O-H5", "丸太工務店は倒産したそうです")
    told = await holders(closing)
    assert {"H5-1", "H5-2"} < set(told)
    await closing.until("2027-03-20")
    due = await holders(closing)
    assert "H5-3" in due
    assert set((told | due).values()) == {SATO}
    await closing.all_is_well()


async def test_an_owner_who_was_told_that_it_has_closed_hears_that_it_goes_on(closing: Town):
    """And both hear that the day which was called off stays so: nobody stands before a door on it."""
    number = await approved(closing)
    await closing.until("2027-01-12")
    assert await closing.hears("owner:O-H2") == ["owner_company_closed"]
    for person in ("owner:O-H3", "owner:O-H4", OLD):
        await closing.hears(person)
    assert await undo(closing.service.store, number, closing.service.clock.now()) == []
    await closing.until("2027-01-13")
    assert await closing.hears("owner:O-H2") == ["owner_company_back"]
    assert "2027年2月10日(水)の訪問は、なくなったままです" in await closing.words("owner:O-H2")
    assert await closing.hears("owner:O-H3") == ["owner_company_back"]
    assert await closing.hears("owner:O-H4") == []
    heard = await closing.hears(OLD)
    assert (heard.count("servicer_access_back"), heard.count("servicer_visit_lost")) == (1, 1)
    assert (await closing.case("H2"))["phase"] == "arranging"
    await closing.taps(OLD, "offer")
    await closing.all_is_well()


async def test_whoever_heard_nothing_of_the_closing_hears_nothing_of_its_end(closing: Town):
    """It is taken back before the first house was begun."""
    store, now = closing.service.store, closing.service.clock.now()
    number = await prepare(store, Closing("B1", "closed"), now)
    await approve(store, number, SATO, now)
    assert await undo(store, number, now) == []
    await closing.until("2027-01-12")
    assert await closing.hears("owner:O-H2") == []
    assert (await closing.case("H2"))["phase"] == "fixed"


async def test_an_owner_whose_company_was_being_replaced_anyway_is_told_too(closing: Town):
    """The staff had asked another company already; its answer still counts, and the fixed day is off."""
    store, now = closing.service.store, closing.service.clock.now()
    async with store.write() as connection:
        state = (await closing.case("H2"))["state"]
        asked = {"servicer": THIRD, "by": "staff:desk", "asked_on": "2027-01-11", "until": "2027-01-18", "queue": []}
        changed = {"candidate_id": THIRD, "holder": THIRD, "state": state | {"candidacy": asked}}
        await connection.execute(cases.update().where(cases.c.id == "H2-1").values(**changed))
    number = await prepare(store, Closing("B1", "closed"), now)
    await approve(store, number, SATO, now)
    await closing.run()
    await closing.until("2027-01-12")
    assert await closing.hears("owner:O-H2") == ["owner_company_closed"]
    assert await takes_on(closing, "H2") == THIRD


async def test_no_old_file_reopens_a_company_that_a_person_has_closed(closing: Town):
    """The builder's list of last month still has it in business: its word is kept, and the staff are told once."""
    await approved(closing)
    await closing.until("2027-01-12")
    await closing.hears("staff:desk")
    day = closing.today.replace(day=11)
    for _ in range(2):
        await closing.take(servicers=COMPANIES[:1])
    await closing.until("2027-01-13")
    async with closing.service.store.read() as connection:
        row = (await connection.execute(select(servicers).where(servicers.c.id == "B1"))).one()
    assert (row.status, row.closed_on) == ("廃業", day)
    assert (await closing.hears("staff:desk")).count("staff_note") == 1
    assert "営業中です" in await closing.words("staff:desk")
    await closing.all_is_well()


async def test_the_answer_to_such_a_file_says_that_its_status_was_not_taken(closing: Town):
    await approved(closing)
    (report,) = await take_files(closing.service, [closing._file("servicers", COMPANIES[:2])])
    assert [(found.row, found.field, found.reason) for found in report.problems] == [
        (2, "status", "closed_by_handover")
    ]
    assert report.rows_accepted == 2


async def test_after_an_undo_a_file_says_again_whether_it_is_in_business(closing: Town):
    number = await approved(closing)
    assert await undo(closing.service.store, number, closing.service.clock.now()) == []
    await closing.take(servicers=[COMPANIES[0] | {"status": "休業"}])
    async with closing.service.store.read() as connection:
        row = (await connection.execute(select(servicers).where(servicers.c.id == "B1"))).one()
    assert row.status == "休業"


async def test_of_a_visit_in_years_no_days_are_promised_now(closing: Town):
    """At H3 nothing is due before 2029: the owner who agrees is told that days come when it is time."""
    await approved(closing)
    await closing.until("2027-01-12")
    await goes_over(closing, "H3")
    said = await closing.words("owner:O-H3")
    assert "訪問の時期が近づきましたら" in said
    assert "候補の日が届きましたら" not in said
    await goes_over(closing, "H1")
    assert "候補の日が届きましたら" in await closing.words("owner:O-H1")
