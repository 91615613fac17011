"""The portfolio's figures: counted once, however often that is broken off, and the same as counting everything."""

from collections import Counter
from datetime import date, timedelta

from sqlalchemy import select

from bot.core.days import civil
from scheduler.tallying import tally_all, tally_step
from storage import sends as counting
from storage import tallies as walking
from storage.sends import sent_by_month
from storage.tables import attempts, outbox, service
from storage.tallies import areas_with_houses, silent_companies, tallied, whole_day
from tests.stories.town import Town

OWNER = "owner:O-H1"
SETTLED = timedelta(minutes=11)
SETAGAYA, NAKANO = "13112", "13114"


async def a_year(town: Town) -> None:
    """Two houses in two municipalities with two companies; one owner answers, the other says nothing."""
    await town.house("H1", municipality_code=SETAGAYA, guarantee_no="Z-1")
    await town.house("H2", municipality_code=NAKANO, servicer_id="B2", builder_id="B2")
    await town.skip_to("2027-01-04")
    await town.skip_to("2027-02-10")
    await town.skip_clock("2027-02-12")
    await town.says(OWNER, "担当者と話したい")
    for day in ("2027-03-10", "2027-04-20"):
        await town.skip_to(day)


async def counted(town: Town) -> None:
    await tally_all(town.service.store, town.service.clock.now() + SETTLED)


async def by_hand(town: Town) -> Counter[tuple[str, str, str]]:
    """Every attempt on record, by month, channel and what came of it."""
    query = select(attempts.c.at, outbox.c.channel, attempts.c.answer).join(outbox)
    async with town.service.store.read() as connection:
        rows = (await connection.execute(query)).all()
    return Counter((f"{civil(at):%Y-%m}", channel, answer) for at, channel, answer in rows)


async def told(town: Town, area: str = "", company: str = "") -> Counter[tuple[str, str, str]]:
    months = [f"{year}-{month:02d}" for year in (2026, 2027) for month in range(1, 13)]
    async with town.service.store.read() as connection:
        found = await sent_by_month(connection, (area, company), months)
    return Counter(
        {
            (month, channel, what): count
            for month, channels in found.items()
            for channel, whats in channels.items()
            for what, count in whats.items()
        }
    )


def attempts_only(found: Counter[tuple[str, str, str]]) -> Counter[tuple[str, str, str]]:
    beside = {counting.ASKED, counting.ANSWERED, counting.REPLY}
    return Counter({key: count for key, count in found.items() if key[2] not in beside})


def of(found: Counter[tuple[str, str, str]], what: str) -> int:
    return sum(count for key, count in found.items() if key[2] == what)


async def test_what_is_told_is_what_is_on_record(town: Town):
    """Everywhere, and shared out over companies and municipalities without loss; counted again it is the same."""
    await a_year(town)
    await counted(town)
    everything = attempts_only(await told(town))
    assert everything == await by_hand(town)
    assert everything.total() > 5
    both = attempts_only(await told(town, SETAGAYA)) + attempts_only(await told(town, NAKANO))
    assert both == attempts_only(await told(town, "13"))
    assert attempts_only(await told(town, "", "B1")) + attempts_only(await told(town, "", "B2")) <= everything
    await counted(town)
    assert attempts_only(await told(town)) == everything


async def test_counting_that_breaks_off_goes_on_where_it_was(town: Town, monkeypatch):
    """One message and one house a step, killed after each: nothing is lost, nothing is counted twice."""
    await a_year(town)
    monkeypatch.setattr(counting, "PORTION", 1)
    monkeypatch.setattr(walking, "STEP", 1)
    now, steps = town.service.clock.now() + SETTLED, 0
    while await tally_step(town.service.store, now):
        steps += 1
    assert steps > 5
    assert attempts_only(await told(town)) == await by_hand(town)
    async with town.service.store.read() as connection:
        found = await tallied(connection, town.today, ("", ""))
    assert found["houses", ""] == 2


async def test_an_answer_counts_for_the_question_within_two_weeks(town: Town):
    """Asked and answered are looked at once people had their time; who said nothing has answered nothing."""
    await a_year(town)
    later = town.service.clock.now() + timedelta(days=15)
    await tally_all(town.service.store, later)
    owners = await told(town, SETAGAYA), await told(town, NAKANO)
    of = [
        {what: sum(n for (_, _, w), n in one.items() if w == what) for what in ("asked", "answered")} for one in owners
    ]
    assert of[0]["asked"] >= of[0]["answered"] >= 1
    assert of[1]["asked"] >= 1
    assert of[1]["answered"] == 0


async def test_houses_and_works_by_month(town: Town):
    """Due and done in the month of the plan's day; what is to come is due too; standing as the sweep has found it."""
    await a_year(town)
    await counted(town)
    async with town.service.store.read() as connection:
        assert await whole_day(connection) == town.today == date(2027, 4, 20)
        all_of_it = await tallied(connection, town.today, ("", ""))
        setagaya = await tallied(connection, town.today, (SETAGAYA, ""))
        company = await tallied(connection, town.today, ("13", "B2"))
        assert await areas_with_houses(connection, town.today) == ["13", SETAGAYA, NAKANO]
        silent = dict(await silent_companies(connection, town.today, ""))
    assert (all_of_it["houses", ""], setagaya["houses", ""], company["houses", ""]) == (2, 1, 1)
    assert all_of_it["due", "2027-04"] == 6
    assert all_of_it["due", "2027-04"] == setagaya["due", "2027-04"] + company["due", "2027-04"]
    states = [all_of_it[state, ""] for state in ("good", "at_risk", "none", "lapsed")]
    assert sum(states) == 2
    assert all_of_it["none", ""] == 1
    assert all(count > 0 for count in silent.values())


async def test_a_new_day_takes_the_place_of_the_last_one_once_it_is_whole(town: Town, monkeypatch):
    await a_year(town)
    await counted(town)
    monkeypatch.setattr(walking, "STEP", 1)
    first = town.today
    tomorrow = town.service.clock.now() + timedelta(days=1)
    assert await tally_step(town.service.store, tomorrow)
    async with town.service.store.read() as connection:
        assert await whole_day(connection) == first
        assert (await tallied(connection, first, ("", "")))["houses", ""] == 2
    await tally_all(town.service.store, tomorrow)
    async with town.service.store.read() as connection:
        assert await whole_day(connection) == first + timedelta(days=1)
        assert (await tallied(connection, first, ("", ""))) == Counter()
        kept = (await connection.execute(select(service.c.name).where(service.c.name == walking.PLACE))).all()
    assert len(kept) == 1
