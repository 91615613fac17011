"""The overview of all houses: the same figures as plot, table and spreadsheet, for everywhere or for one company."""

import csv
import io
from datetime import timedelta

import pytest
from sqlalchemy import event, text

from scheduler.tallying import tally_all
from tests.handlers.web.street import Reader, Street

SETAGAYA, NAKANO = "13112", "13114"


async def told(street: Street) -> Reader:
    """Two houses of two companies, half a year later; somebody of the staff who looks."""
    await street.town.house("H1", municipality_code=SETAGAYA, guarantee_no="Z-1")
    await street.town.house("H2", municipality_code=NAKANO, servicer_id="B2", builder_id="B2")
    for day in ("2027-01-04", "2027-02-10", "2027-03-10", "2027-04-20"):
        await street.town.skip_to(day)
    await tally_all(street.town.service.store, street.town.service.clock.now() + timedelta(days=15))
    return await street.staff()


async def table(staff: Reader, name: str, asked: str = "") -> list[list[str]]:
    answer = await staff.client.get(f"/staff/portfolio/{name}.csv{asked}")
    assert answer.status_code == 200
    assert answer.content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


async def test_before_anything_was_counted_it_says_so(street: Street):
    staff = await (await street.staff()).opens("/staff/portfolio")
    assert "まだ集計していません" in staff.text
    assert (await staff.client.get("/staff/portfolio/works.csv")).status_code == 404


async def test_plot_and_table_and_spreadsheet_tell_the_same(street: Street):
    """Each plot has a title and a description, and what a bar says stands in the table too."""
    staff = await (await told(street)).opens("/staff/portfolio")
    works = {row[0]: row[1:] for row in await table(staff, "works")}
    assert works["2027-04"] == ["6", "0", "0", "6"]
    plots = staff.page.select("figure svg")
    assert len(plots) == 3  # nobody is silent, and nothing cost anything
    for plot in plots:
        named = str(plot["aria-labelledby"]).split()
        assert all(found.get_text(strip=True) for one in named for found in plot.select(f"#{one}"))
        assert len(named) == len({str(plot.find(id=one)) for one in named} - {"None"}) == 2
    bars = [found.get_text() for found in plots[0].select("rect title")]
    assert "2027-04 終わっていない・これから 6" in bars
    rows = [row for row in staff.page.select(".figures tr") if row.th is not None and row.td]
    shown = {row.th.get_text(): [cell.get_text() for cell in row.select("td")] for row in rows if row.th}
    assert shown["2027-04"] == works["2027-04"]
    assert len(works) == 38  # the head, 24 months back, this one and 12 ahead


async def test_who_is_silent_and_what_it_costs_are_drawn(street: Street):
    """Each with its title, and what a bar says stands in the table beside it and in the spreadsheet."""
    staff = await told(street)
    async with street.town.service.store.write() as connection:
        for company, count in (("", 5), ("B1", 3), ("B2", 2)):
            day = f"SELECT day, '', '{company}', 'silent', '', {count} FROM tallies WHERE name = 'houses' LIMIT 1"
            await connection.execute(text(f"INSERT INTO tallies {day}"))
        await connection.execute(text("INSERT INTO sends VALUES ('', '', '2027-04', 'letter', 'sent', 2)"))
    plots = (await staff.opens("/staff/portfolio")).page.select("figure svg")
    bars = [[found.get_text() for found in plot.select("rect title")] for plot in plots]
    assert len(plots) == 5
    silent = next(said for said in bars if any("丸太工務店" in one for one in said))
    assert [one.rpartition(" ")[2] for one in silent] == ["3", "2"]
    assert [row[-1] for row in (await table(staff, "silent"))[1:]] == ["3", "2"]
    cost = next(said for said in bars if any("郵便" in one for one in said) and any("270" in one for one in said))
    assert len(cost) == 1
    for plot in plots:
        heights = [float(str(bar["height"])) for bar in plot.select("rect") if bar.find("title")]
        assert heights
        assert min(heights) > 0


async def test_narrowed_to_a_company_or_an_area_only_theirs_is_told(street: Street):
    staff = await told(street)
    for asked, due in (("?company=B1", "3"), (f"?area={NAKANO}", "3"), ("?area=13", "6"), ("?company=B1&area=27", "0")):
        works = {row[0]: row[1:] for row in await table(staff, "works", asked)}
        assert works["2027-04"][0] == due
    staff = await staff.opens("/staff/portfolio?company=B2&area=13")
    assert "あおぞら建設" in staff.text
    assert (await staff.opens("/staff/portfolio?company=ZZ")).status == 200
    assert "登録されていません" in staff.text


@pytest.mark.parametrize("area", ["1", "x", "13112'", "１３", "131129"])
async def test_what_is_no_area_is_refused(street: Street, area: str):
    assert (await (await street.staff()).opens(f"/staff/portfolio?area={area}")).status == 400


async def test_the_cost_is_that_of_the_letters(street: Street):
    """One letter in the post, everything else on our own page: its stamp and envelope, shared by two houses."""
    staff = await told(street)
    async with street.town.service.store.write() as connection:
        for company, count in (("", 2), ("B1", 1)):
            row = f"('', '{company}', '2027-04', 'letter', 'sent', {count})"
            await connection.execute(text(f"INSERT INTO sends VALUES {row}"))
    cost = {row[0]: row[1:] for row in await table(staff, "cost")}
    assert cost["郵便"][:4] == ["2", "0", "270", "405.00"]  # 135 yen each; four months of messages
    assert cost["合計"][2] == "270"
    mine = {row[0]: row[1:] for row in await table(staff, "cost", "?company=B1")}
    assert mine["郵便"][:3] == ["1", "0", "135"]
    prices = [row for row in await table(staff, "prices") if row[0] == "郵便"]
    assert prices[0][2:] == ["110", "日本郵便 第一種郵便物（定形）の料金、2024年10月1日改定", "2024-10-01"]
    assert prices[1][3].startswith("仮の額：")


async def test_a_company_called_like_a_formula_is_harmless(street: Street):
    staff = await told(street)
    async with street.town.service.store.write() as connection:
        await connection.execute(text("UPDATE people SET name = '=cmd()' WHERE id = 'servicer:B1'"))
        day = "SELECT day, '', 'B1', 'silent', '', 9 FROM tallies WHERE name = 'houses' LIMIT 1"
        await connection.execute(text(f"INSERT INTO tallies {day}"))
    rows = await table(staff, "silent")
    assert next(row for row in rows if row[0] == "B1")[1] == "'=cmd()"


async def test_a_look_reads_no_house_and_no_message(street: Street):
    """Whatever the page says comes from the counts: at a million houses it reads as many rows as at two."""
    staff = await told(street)
    await staff.opens("/staff/portfolio")
    asked: list[str] = []
    engine = street.town.service.database.reader.sync_engine
    event.listen(engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
    await staff.opens("/staff/portfolio?area=13")
    assert asked
    big = ("FROM houses", "FROM outbox", "FROM attempts", "FROM works", "FROM cases", "FROM facts", "FROM inbound")
    assert [one for one in asked if any(name in " ".join(one.split()) for name in big)] == []
