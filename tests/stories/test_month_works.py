"""A company's works of the month: seen on one page, reported at once, each by itself, and nobody else's ever."""

from datetime import date

import pytest
import pytest_asyncio
from bs4 import Tag

from bot.core.roster import When
from tests.handlers.web.street import Reader, Street, street_at

B1, B2, OWNER = "servicer:B1", "servicer:B2", "owner:O-H1"
HOUSES = {"H1": "山田 花子", "H2": "佐藤 一郎", "H3": "鈴木 太郎"}


@pytest_asyncio.fixture
async def street(tmp_path, database_url):
    """Three houses of B1 whose inspections are due on 1 April 2027, and one of B2; it is the middle of April."""
    async with street_at(tmp_path, "2026-11-01", database_url) as found:
        for number, (house, owner) in enumerate(HOUSES.items()):
            town = "東京都世田谷区太子堂1-1" if number < 2 else "東京都杉並区阿佐谷1-1"
            await found.town.house(house, owner_name=owner, address=town)
        await found.town.house("X9", owner_name="高橋 次郎", builder_id="B2", servicer_id="B2")
        await found.town.skip_to("2027-01-12")
        await found.town.skip_to("2027-04-15")
        yield found


async def works(street: Street, person: str = B1, asked: str = "") -> Reader:
    return await street.reader().opens(f"{street.link(person)}/works{asked}")


def form_of(reader: Reader) -> Tag:
    found = reader.page.select_one("form[method=post][action*='/works']")
    assert isinstance(found, Tag), reader.text
    return found


def ticked(days: dict[str, str], **also: str) -> dict[str, str]:
    chosen = {f"on-{case}": "1" for case in days} | {f"day-{case}": day for case, day in days.items()}
    return chosen | also


async def read_back(street: Street, days: dict[str, str], **also: str) -> Reader:
    reader = await works(street)
    return await reader.sends(form_of(reader), ticked(days, do="report", **also))


async def report_of(street: Street, house: str) -> list[dict[str, str]]:
    return [report for report in (await street.town.case(house))["state"]["reports"] if report["side"] == "servicer"]


async def test_this_months_inspections_are_reported_together(street: Street):
    """今月の点検をまとめて報告する。"""
    page = await works(street)
    assert all(f"{owner}様邸" in page.text for owner in HOUSES.values())
    days = {"H1-1": "2027-04-10", "H2-1": "2027-04-12", "H3-1": "2027-04-12"}
    page = await read_back(street, days, **{"result-H3-1": "issues"})
    assert "3件を報告します" in page.text
    assert "2027年4月10日(土)" in page.text  # read back, with its weekday
    assert not await report_of(street, "H1")  # and nothing is kept by that
    await page.presses("この内容で報告する")
    assert "3件をお受けしました" in page.text
    kept = {house: (await report_of(street, house))[0] for house in HOUSES}
    assert [(it["done_on"], it["result"]) for it in kept.values()] == [
        ("2027-04-10", "ok"),
        ("2027-04-12", "ok"),
        ("2027-04-12", "issues"),
    ]
    assert all(it["source"].startswith("inbound:") and it["via"] == "chat" for it in kept.values())
    assert "報告がすんでいます" in (await works(street)).text
    await street.town.skip_to("2027-04-16")
    assert (await street.town.hears(OWNER))[-1] == "owner_confirm"  # and the owner is asked
    await street.town.all_is_well()


async def test_one_wrong_day_refuses_that_line_alone(street: Street):
    """日を1つ書きまちがえても、ほかの家の報告は届く。"""
    days = {"H1-1": "2027-04-10", "H2-1": "2027-04-20", "H3-1": "2021-04-01"}
    page = await read_back(street, days)
    assert "1件を報告します" in page.text
    assert "まだ来ていない日です" in page.text
    assert "引渡しより前の日です" in page.text
    await page.presses("この内容で報告する")
    assert [len(await report_of(street, house)) for house in HOUSES] == [1, 0, 0]


async def test_pressing_twice_is_reporting_once(street: Street):
    """The second click finds what the first has kept, and says the same."""
    page = await read_back(street, {"H1-1": "2027-04-10", "H2-1": "2027-04-12"})
    form = form_of(page)
    first = (await page.sends(form, {})).text
    before = await street.everything()
    assert (await page.sends(form, {})).text == first
    assert "2件をお受けしました" in first
    assert await street.everything() == before


async def test_a_page_that_lay_open_says_what_has_changed(street: Street):
    """A day was fixed while the page lay open: the old round counts no more, and says so."""
    page = await read_back(street, {"H1-1": "2027-04-10"})
    await street.town.says(B1, action="offer_these:H1-1:0:2027-04-26")
    await street.town.taps(OWNER, "pick", "2027-04-26")
    await page.presses("この内容で報告する")
    assert "0件をお受けしました" in page.text
    assert "その間に予定が変わりました" in page.text
    assert not await report_of(street, "H1")


async def test_days_are_proposed_to_several_owners_at_once(street: Street):
    """26日か28日に、世田谷の2軒をまとめて回りたい。"""
    page = await works(street, asked="?town=東京都世田谷区")
    assert "鈴木" not in page.text
    days = {"offer-1": "2027-04-26", "offer-2": "2027-04-28", "do": "offer"}
    await page.sends(form_of(page), {"on-H1-1": "1", "on-H2-1": "1"} | days)
    assert "2件にお知らせします" in page.text
    await page.presses("この日を知らせる")
    assert "2件をお受けしました" in page.text
    for house in ("H1", "H2"):
        assert (await street.town.case(house))["state"]["offered"] == ["2027-04-26", "2027-04-28"]
    assert (await street.town.case("H3"))["state"]["offered"] == []
    await street.town.run()
    await street.town.taps(OWNER, "pick", "2027-04-28")
    assert (await street.town.case("H1"))["phase"] == "fixed"


@pytest.mark.parametrize("case_id", ["X9-1", "X8-1"])
async def test_another_companys_house_is_not_there(street: Street, case_id: str):
    """Whether it exists or not, the answer is the same, and nothing is kept of it."""
    page = await works(street)
    assert "高橋" not in page.text
    assert "X9" not in page.text
    page = await read_back(street, {case_id: "2027-04-10"})
    assert page.text.replace(case_id, "") == (await read_back(street, {"Z-1": "2027-04-10"})).text.replace("Z-1", "")
    await page.sends(form_of(await works(street)), ticked({case_id: "2027-04-10"}, **{f"round-{case_id}": "0"}))
    assert not await report_of(street, "X9")


async def test_the_page_is_a_companys(street: Street):
    """An owner, and a link that is nobody's, find nothing."""
    assert (await works(street, OWNER)).status == 404
    assert (await street.reader().opens("/c/forged/works")).status == 404


async def test_without_the_mandate_the_company_sees_no_name_and_no_work(street: Street):
    """山田さんが同意を取り下げたら、会社のページからも消える。"""
    await street.town.says(OWNER, "支援をやめたいです")
    await street.town.taps(OWNER, "yes")
    page = await works(street)
    assert "山田" not in page.text
    assert "所有者の同意がまだの住宅" in page.text


async def test_this_month_stands_first(street: Street):
    """Then what is late, then what comes."""
    page = await works(street)
    assert [heading.get_text(" ", strip=True).split()[0] for heading in page.page.select("form section h2")][:1] == [
        "今月"
    ]
    await street.town.skip_to("2027-05-10")
    assert "前の月までのもの" in (await works(street)).text
    assert list(When) == [When.MONTH, When.OVERDUE, When.NEXT]
    assert street.town.today == date(2027, 5, 10)
