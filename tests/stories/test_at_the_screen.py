"""What a builder does on a phone, and an officer and an auditor at a desk and on a phone, in a real browser."""

from collections.abc import AsyncIterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest_asyncio
from openpyxl import load_workbook
from playwright.async_api import Browser, FilePayload, Page, ViewportSize, expect
from pypdf import PdfReader

from bot.core.links import STAFF
from bot.core.rights import StaffRole
from storage.staff import Member, take_in
from tests.counterparts.chromium import DESK, PHONE
from tests.handlers.web.loopback import on_loopback
from tests.handlers.web.street import Street, street_at
from tests.stories.test_builders_page import GOOD, MENDED, WRONG, XLSX, excel
from tests.stories.test_submitters import entered
from tests.stories.test_submitters import mandated as is_mandated

B1 = "servicer:B1"
HERE: dict[str, Any] = {"address": "東京都世田谷区太子堂1-2-3", "postcode": "154-0004"}
NO_CONSENT: dict[str, Any] = {"consent_information_on": "", "consent_mandate_on": ""}  # so that a letter may ask for it


@pytest_asyncio.fixture
async def street(tmp_path: Path, database_url: str) -> AsyncIterator[Street]:
    async with street_at(tmp_path, "2026-11-01", database_url) as found:
        yield found


async def opens(browser: Browser, size: ViewportSize, address: str) -> Page:
    page = await (await browser.new_context(locale="ja-JP", viewport=size)).new_page()
    await page.goto(address)
    return page


def read(path: Path) -> bytes:
    return path.read_bytes()


async def seen(page: Page) -> None:
    """Whatever the screen, nothing has to be pushed aside to be read, and no button lies on what is beside it."""
    await expect(page.locator("h1")).to_have_count(1)  # a page that is being left may have none
    assert await page.locator("html").evaluate("html => html.scrollWidth <= innerWidth"), page.url
    touching = await page.locator("html").evaluate(
        """html => [...html.querySelectorAll('main form')].filter(form => {
            const next = form.nextElementSibling, below = form.getBoundingClientRect().bottom;
            return next && form.offsetHeight && next.offsetHeight && next.getBoundingClientRect().top - below < 8;
        }).map(form => form.action)"""
    )
    assert touching == [], page.url


async def brings(page: Page, *rows: tuple[str, ...]) -> None:
    file = FilePayload(name="昨年.xlsx", mimeType=XLSX, buffer=excel(*rows))
    await page.locator("#upload input[type=file]").set_input_files(file)
    await page.locator("#upload button[type=submit]").click()
    await seen(page)


async def test_a_builders_evening(street: Street, browser: Browser, size: ViewportSize):
    """丸太工務店: 現場の帰りに、今月の点検をまとめて報告し、去年の表を送って、直して、また送ります。"""
    town = street.town
    await entered(town, "B1")
    for house, owner in (("H1", "山田 花子"), ("H2", "佐藤 一郎")):
        await town.house(house, owner_name=owner, **HERE)
    await town.skip_to("2027-01-12")
    await town.skip_to("2027-04-15")
    async with on_loopback(street.app) as host:
        page = await opens(browser, size, f"{host}{street.link(B1)}/works")
        await seen(page)
        for house, day in (("H1", "2027-04-10"), ("H2", "2027-04-12")):
            line = page.locator("fieldset", has=page.locator(f"[name='on-{house}-1']"))
            await line.locator("input[type=checkbox]").check()
            await line.locator("input[type=date]").fill(day)
        await page.locator("select[name='result-H2-1']").select_option("issues")
        await page.locator("button[value=report]").click()
        await expect(page.locator("main")).to_contain_text("2027年4月10日(土)")  # read back, with its weekday
        await seen(page)
        await page.get_by_role("button", name="この内容で報告する").click()
        await expect(page.locator("main").get_by_role("status")).to_contain_text("2件をお受けしました")
        await seen(page)

        await page.goto(f"{host}{street.link(B1)}/intake")
        await seen(page)
        await brings(page, GOOD, WRONG)
        await expect(page.locator("main")).to_contain_text("住宅 3行目")
        await page.get_by_role("button", name="取り込む").click()
        await seen(page)
        async with page.expect_download() as got:
            await page.get_by_role("link", name="印を付けた").click()
        marked = load_workbook(BytesIO(read(await (await got.value).path())))["住宅"]
        told = [cell.value for cell in next(marked.iter_rows(min_row=3, max_row=3))]
        assert "鈴木 二郎" in told  # the same file, and beside the line why it stayed
        assert marked.max_column > len(WRONG)
        await page.goto(f"{host}{street.link(B1)}/intake")
        await brings(page, GOOD, MENDED)
        await page.get_by_role("button", name="取り込む").click()
        await expect(page.locator("main")).to_contain_text("取り込みました")
        await page.context.close()
    results = [(await town.case(house))["state"]["reports"][0]["result"] for house in ("H1", "H2")]
    assert results == ["ok", "issues"]
    assert await is_mandated(town, "N1")
    assert (await town.view("N2"))["house"]["builder_id"] == "B1"
    await town.all_is_well()


async def comes(browser: Browser, street: Street, host: str, who: tuple[str, StaffRole, ViewportSize]) -> Page:
    """Somebody of the staff at their console."""
    service, (name, role, size) = street.town.service, who
    async with service.store.write() as connection:
        await take_in(connection, service.store.pins.seal, Member(f"staff:{name}", name, role), service.clock.now())
    page = await opens(browser, size, f"{host}/staff/enter/{service.links.token(STAFF, name)}")
    await page.get_by_role("button", name="入る").click()
    return page


async def test_a_batch_is_printed_and_an_auditor_finds_who_saw_the_house(street: Street, browser: Browser):
    """佐藤が手紙を印刷して送り、神田が、だれがH1を見たかを調べます。"""
    for house, owner in (("H1", "山田 花子"), ("H2", "小林 次郎")):
        await street.town.house(house, owner_name=owner, **HERE, **NO_CONSENT)
    async with on_loopback(street.app) as host:
        page = await comes(browser, street, host, ("sato", StaffRole.OFFICER, DESK))
        for house in ("H1", "H2"):
            await page.goto(f"{host}/staff/houses/{house}")
            await page.get_by_role("button", name="手紙").click()  # why they look
            await page.get_by_role("button", name="同意のお願いの手紙を作る").click()
        await seen(page)
        await page.get_by_label("小林 次郎").first.uncheck()
        await page.get_by_role("button", name="選んだ手紙を、まとめて印刷する").click()
        await expect(page.locator("main")).to_contain_text("印刷する束を用意しました")
        await expect(page.locator("main")).not_to_contain_text("印刷しました")
        await seen(page)
        address = await page.get_by_role("link", name="手紙を印刷する").get_attribute("href")
        sheets = await (await page.context.request.get(f"{host}{address}")).body()
        printed = "".join(sheet.extract_text() for sheet in PdfReader(BytesIO(sheets)).pages)
        assert ("山田" in printed, "小林" in printed) == (True, False)
        async with page.expect_download() as got:
            await page.get_by_role("link", name="あて名の表").click()
        assert "山田 花子" in read(await (await got.value).path()).decode("utf-8-sig")
        await page.get_by_role("button", name="印のついた手紙を送った").click()
        await expect(page.locator("main")).to_contain_text("satoが発送しました")
        await page.context.close()

        page = await comes(browser, street, host, ("kanda", StaffRole.AUDITOR, PHONE))
        await page.get_by_role("link", name="閲覧の記録").click()
        await seen(page)
        await page.get_by_label("住宅番号").fill("H1")
        await page.get_by_role("button", name="しぼりこむ").click()
        await expect(page.get_by_role("row").filter(has_text="手紙の束の印刷")).to_contain_text("sato")
        await expect(page.locator("tbody")).not_to_contain_text("H2")
        for size in (PHONE, DESK):
            await page.set_viewport_size(size)
            await seen(page)
        await page.get_by_label("住宅番号").fill("")
        await page.get_by_label("見られた方").fill("小林")
        await page.get_by_label("見た人").select_option("sato")
        await page.get_by_role("button", name="しぼりこむ").click()
        await expect(page.get_by_role("row").filter(has_text="手紙の一覧").first).to_contain_text("小林 次郎")
        await expect(page.locator("tbody")).not_to_contain_text("H1")
        assert await page.locator("main form[method=post]").count() == 0
        await page.context.close()
