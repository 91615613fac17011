"""A morning at the desk, in a browser: an officer works the list down on a telephone, a supervisor signs."""

from collections.abc import AsyncIterator
from datetime import date
from typing import Any

import pytest_asyncio
from playwright.async_api import Browser, Page, ViewportSize, expect
from sqlalchemy import select

from bot.core.links import STAFF
from bot.core.rights import StaffRole
from scheduler.handover import Closing, prepare
from storage.staff import Member, take_in
from storage.tables import cases, handovers, letters, works
from tests.handlers.web.loopback import on_loopback
from tests.handlers.web.street import Street, street_at

HERE: dict[str, Any] = {"address": "東京都世田谷区太子堂1-2-3", "postcode": "154-0004"}
COMPANIES = [
    {"servicer_id": "B1", "name": "丸太工務店", "status": "営業", "backup": "はい", "area": "東京都世田谷区"},
    {"servicer_id": "B2", "name": "あおぞら建設", "status": "営業", "area": "東京都世田谷区"},
]
DAYS = ("2027-01-04", "2027-01-14", "2027-01-22", "2027-01-29", "2027-02-06", "2027-02-08")


@pytest_asyncio.fixture
async def street(tmp_path, database_url: str) -> AsyncIterator[Street]:
    """Monday morning. H1's company never answered, H2's owner can only be written to, H3's two sides do not agree,
    and the company that has H4 closes."""
    async with street_at(tmp_path, "2026-11-01", database_url) as found:
        town, service = found.town, found.town.service
        async with service.store.write() as connection:
            for name, role in (("佐藤", StaffRole.OFFICER), ("森", StaffRole.SUPERVISOR)):
                member = Member(f"staff:{'sato' if name == '佐藤' else 'mori'}", name, role)
                await take_in(connection, service.store.pins.seal, member, service.clock.now())
        await town.companies(COMPANIES)
        for house, name in (("H1", "山田 花子"), ("H2", "小林 次郎"), ("H3", "鈴木 三郎")):
            await town.house(house, **HERE, owner_name=name)
        await town.house("H4", **HERE, owner_name="田中 四郎", builder_id="B2", servicer_id="B2")
        await town.says("owner:O-H2", action="stop_channel::0:chat")
        for day in DAYS:
            await town.skip_to(day)
        await town.says("servicer:B1", action="done_ok:H3-1:0:2027-02-05")
        await town.says("owner:O-H3", action="done_issues:H3-1:0:2027-02-05")
        assert (await town.case("H3"))["reason"] == "disagreement"
        await prepare(service.store, Closing("B2", "closed"), service.clock.now())
        yield found


@pytest_asyncio.fixture
async def host(street: Street) -> AsyncIterator[str]:
    async with on_loopback(street.app) as at:
        yield at


async def comes(browser: Browser, street: Street, entrance: tuple[str, str], size: ViewportSize) -> Page:
    """``entrance``: the host, and who of the staff."""
    host, name = entrance
    page = await (await browser.new_context(viewport=size)).new_page()
    await page.goto(f"{host}/staff/enter/{street.town.service.links.token(STAFF, name)}")
    await page.get_by_role("button", name="入る").click()
    await seen(page)
    return page


async def seen(page: Page) -> None:
    """Whatever the screen, nothing has to be pushed aside to be read."""
    assert await page.locator("html").evaluate("html => html.scrollWidth <= innerWidth")


async def on_the_phone(page: Page, case_id: str, told: tuple[str, str, str]) -> None:
    """Keys in what somebody said on the telephone: who, what, about which day."""
    who, what, day = told
    await page.locator("#who").select_option(label=f"{who}: {what}")
    await page.locator("#day").fill(day)
    await page.locator("button[value=said]").click()
    await seen(page)


async def test_an_officer_works_the_list_down(host: str, street: Street, browser: Browser, size: ViewportSize):
    """A report by telephone, a slip that came by post, and two words that do not agree."""
    page = await comes(browser, street, (host, "sato"), size)
    for case_id in ("H1-1", "H3-1"):
        await page.get_by_label(f"案件 {case_id} を選ぶ").check()
    await page.locator("#many").get_by_role("button", name="引き受ける").click()
    await expect(page.get_by_role("status")).to_contain_text("2件を動かしました")
    await seen(page)
    await page.get_by_text("しぼりこみ", exact=True).click()
    await page.get_by_label("次に動く人").select_option("mine")
    await page.get_by_role("button", name="しぼりこむ").click()
    await expect(page.locator("tbody tr")).to_have_count(2)
    await seen(page)

    await page.get_by_role("link", name="H1-1").click()
    await on_the_phone(page, "H1-1", ("丸太工務店", "終わった・異常なし", "2027-02-05"))
    await on_the_phone(page, "H1-1", ("山田 花子", "終わった・異常なし", "2027-02-05"))
    await expect(page.get_by_text("この案件は終わっています")).to_be_visible()

    await page.goto(f"{host}/staff/case/H3-1")
    await page.get_by_role("radio", name="鈴木 三郎").check()
    await page.locator("button[value=decide]").click()
    await expect(page.get_by_text("この案件は終わっています")).to_be_visible()

    async with street.town.service.store.read() as connection:
        code = (await connection.execute(select(letters.c.code).order_by(letters.c.outbox_id))).scalars().first()
    await page.goto(f"{host}/staff/?reason=letters")
    await page.get_by_role("link", name="手紙", exact=True).last.click()
    await page.get_by_role("button", name="選んだ手紙を送った").click()
    await seen(page)
    await page.goto(f"{host}/staff/slip?code={code}")
    await page.get_by_role("radio", name="この日を希望").check()
    await page.get_by_label("書かれた日にち").fill("2027-03-08")
    await page.get_by_role("button", name="本人の返事として記録する").click()
    await seen(page)

    await page.goto(f"{host}/staff/?whose=mine")
    await expect(page.get_by_text("この条件の用件はありません")).to_be_visible()
    async with street.town.service.store.read() as connection:
        closed = (await connection.execute(select(cases.c.id).where(cases.c.phase == "closed"))).scalars().all()
        basis = (await connection.execute(select(works.c.basis).where(works.c.case_id == "H3-1"))).scalars().all()
    assert {"H1-1", "H3-1"} <= set(closed)
    assert set(basis) == {"staff"}
    assert (await street.town.case("H2"))["state"]["wished_on"] == "2027-03-08"
    await street.town.all_is_well()
    await page.context.close()


async def test_a_supervisor_signs_the_handover(host: str, street: Street, browser: Browser, size: ViewportSize):
    """It stands on her list; she reads who would be asked and why, and signs; the officer is not offered that."""
    page = await comes(browser, street, (host, "sato"), size)
    await page.goto(f"{host}/staff/handovers/1")
    await expect(page.get_by_text("承認は、管理者がします")).to_be_visible()
    await expect(page.get_by_role("button", name="として承認する")).to_have_count(0)
    await page.context.close()
    page = await comes(browser, street, (host, "mori"), size)
    await page.locator("tbody").get_by_role("link", name="あおぞら建設").click()
    await expect(page.locator("main")).to_contain_text("丸太工務店")
    await seen(page)
    await page.get_by_role("link", name="住宅 H4：たずねる会社を替える").click()
    await expect(page.get_by_role("radio", name="丸太工務店")).to_be_checked()
    await seen(page)
    await page.get_by_role("link", name="引継ぎの案へ").click()
    await page.get_by_label("最後まで確かめました").check()
    await page.get_by_role("button", name="森として承認する").click()
    await expect(page.get_by_role("status")).to_contain_text("承認")
    await street.town.until(date(2027, 2, 9))
    async with street.town.service.store.read() as connection:
        signed = (await connection.execute(select(handovers.c.approved_by))).scalars().all()
        asked = (await connection.execute(select(cases.c.candidate_id).where(cases.c.house_id == "H4"))).scalars()
        assert "servicer:B1" in asked.all()
    assert signed == ["staff:mori"]
    await street.town.all_is_well()
    await page.context.close()
