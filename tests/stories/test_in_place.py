"""The list, the builder's works and the pauses change where they stand, in a real browser; without scripts as ever."""

import pytest
from playwright.async_api import Browser, Locator, Page, ViewportSize, expect

from bot.core.rights import StaffRole
from handlers.web.staff import desk
from storage.sessions import end_all
from tests.counterparts.chromium import DESK, PHONE
from tests.handlers.web.loopback import on_loopback
from tests.handlers.web.street import Street
from tests.handlers.web.test_roles import comes_in
from tests.handlers.web.test_staff_list import asking, taken
from tests.stories.test_at_the_screen import B1, seen

REVOKED = "staff:sato"


async def at_the_list(browser: Browser, street: Street, host: str, *, scripts: bool, size: ViewportSize) -> Page:
    """佐藤 at the list, whose page remembers that it was never left; what the browser complains of fails the test."""
    sato = await comes_in(street, "sato", StaffRole.OFFICER)
    context = await browser.new_context(locale="ja-JP", viewport=size, java_script_enabled=scripts)
    key = sato.client.cookies["engawa_staff"]
    await context.add_cookies([{"name": "engawa_staff", "value": key, "url": f"{host}/staff"}])
    page = await context.new_page()
    page.on("console", lambda message: pytest.fail(message.text) if "Policy" in message.text else None)
    await page.goto(f"{host}/staff/")
    if scripts:
        await page.evaluate("window.stayed = true")
    return page


async def to_the_list(page: Page, *, scripts: bool) -> None:
    """Without scripts a press leads to a page with what became of it."""
    if scripts:
        assert await page.evaluate("window.stayed")
    else:
        await page.get_by_role("link", name="一覧へ").click()


def line(page: Page, case_id: str) -> Locator:
    return page.locator("#rows tr", has=page.get_by_role("link", name=case_id))


@pytest.mark.parametrize(("scripts", "size"), [(True, PHONE), (False, DESK)])
async def test_an_officer_takes_gives_back_narrows_and_reads_on(
    street: Street, browser: Browser, monkeypatch: pytest.MonkeyPatch, scripts: bool, size: ViewportSize
):
    """佐藤: 一覧のその行で引き受けて、戻して、しぼって、次のページへ。読んでいた所を見失いません。"""
    await asking(street)
    monkeypatch.setattr(desk, "PAGE", 3)
    async with on_loopback(street.app) as host:
        page = await at_the_list(browser, street, host, scripts=scripts, size=size)
        await line(page, "H3-1").get_by_role("button", name="引き受ける").click()
        await expect(page.get_by_role("status")).to_contain_text("引き受けました" if scripts else "1件を動かしました")
        await to_the_list(page, scripts=scripts)
        await expect(line(page, "H3-1")).to_contain_text("sato")
        assert (await taken(street))["H3-1"] == "sato"
        if scripts:  # the focus is in the line, and the line on the screen
            await expect(line(page, "H3-1").get_by_role("link")).to_be_focused()
            await expect(line(page, "H3-1").get_by_role("link")).to_be_in_viewport()
        await line(page, "H3-1").get_by_role("button", name="担当窓口に戻す").click()
        await expect(page.get_by_role("status")).to_contain_text("戻しました" if scripts else "1件を動かしました")
        await to_the_list(page, scripts=scripts)
        await line(page, "H3-1").get_by_role("button", name="引き受ける").click()  # once more, in the same round
        await to_the_list(page, scripts=scripts)
        await expect(line(page, "H3-1").get_by_role("button", name="担当窓口に戻す")).to_have_count(1)
        assert (await taken(street))["H3-1"] == "sato"
        await seen(page)

        await page.get_by_role("link", name="次の50件").click()
        await expect(line(page, "H5-1")).to_have_count(1)
        await expect(page.locator("#rows tr")).to_have_count(5 if scripts else 2)
        if scripts:
            await expect(page.get_by_role("status")).to_have_text("下に2件を加えました。")
            await expect(line(page, "H4-1").get_by_role("link")).to_be_focused()
        await line(page, "H5-1").get_by_role("link").click()
        await page.go_back()
        await expect(line(page, "H5-1")).to_have_count(1)
        await page.go_back()
        await expect(page.locator("#rows tr")).to_have_count(3)

        await page.get_by_text("しぼりこみ", exact=True).click()
        await page.get_by_label("次に動く人").select_option("mine")
        for _ in range(2 if scripts else 1):  # the second leads nowhere, and is no step back
            await page.get_by_role("button", name="しぼりこむ").click()
            await expect(page.locator("#rows tr")).to_have_count(1)
            if scripts:
                await expect(page.get_by_role("status")).to_have_text("1件を表示しています。")
        assert "whose=mine" in page.url
        await seen(page)
        await page.go_back()
        await expect(page.locator("#rows tr")).to_have_count(3)
        await page.context.close()
    await street.town.all_is_well()


async def test_somebody_was_faster_and_then_the_session_is_over(street: Street, browser: Browser):
    """森が先に引き受けた案件は、その行でそう言われます。入口が閉じられたあとは、入り直すページへ。"""
    await asking(street)
    async with on_loopback(street.app) as host:
        page = await at_the_list(browser, street, host, scripts=True, size=DESK)
        mori = await (await comes_in(street, "mori", StaffRole.OFFICER)).opens("/staff/")
        form = mori.page.select_one("#line-case-H2-1 form")
        assert form is not None
        await mori.sends(form, {"do": "take"})
        await line(page, "H2-1").get_by_role("button", name="引き受ける").click()
        await expect(page.get_by_role("status")).to_have_text("H2-1: ほかの方が引き受けています")
        await expect(line(page, "H2-1").locator(".late")).to_have_text("ほかの方が引き受けています")
        await expect(line(page, "H2-1")).to_contain_text("mori")
        assert (await taken(street))["H2-1"] == "mori"

        await line(page, "H4-1").get_by_role("button", name="引き受ける").click()
        await expect(page.get_by_role("status")).to_have_text("H4-1: 引き受けました")
        twice = line(page, "H4-1").get_by_role("button", name="担当窓口に戻す")
        await twice.dispatch_event("click", {"detail": 2})  # the end of a double click, on what came in the place
        await line(page, "H4-1").get_by_text("同僚に渡す").click()
        await line(page, "H4-1").get_by_label("渡す同僚").select_option("mori")
        await line(page, "H4-1").get_by_role("button", name="渡す", exact=True).click()
        await expect(page.get_by_role("status")).to_have_text("H4-1: moriに渡しました")
        assert (await taken(street))["H4-1"] == "mori"
        assert await page.evaluate("[sessionStorage.length, localStorage.length]") == [0, 0]

        for stamp in await page.locator("#rows [name=stamp]").all():
            await stamp.evaluate("it => { it.value = 'forged' }")
        await line(page, "H1-1").get_by_role("button", name="引き受ける").click()
        await expect(page.get_by_role("status")).to_contain_text("このページは古くなっています")
        await page.context.set_offline(True)
        await line(page, "H5-1").get_by_role("button", name="引き受ける").click()
        await expect(page.get_by_role("status")).to_contain_text("送れませんでした")
        await page.context.set_offline(False)
        assert (await taken(street))["H1-1"] == "desk"
        async with street.town.service.store.write() as connection:
            await end_all(connection, REVOKED, street.town.service.clock.now())
        await line(page, "H5-1").get_by_role("button", name="引き受ける").click()
        await expect(page).to_have_url(f"{host}/staff/login")
        await page.context.close()


async def test_a_builder_mends_a_day_where_it_stands(street: Street, browser: Browser):
    """丸太工務店: 日を入れ忘れた家があっても、入れたものはそのまま残り、直して一度に報告できます。"""
    await asking(street)
    async with on_loopback(street.app) as host:
        page = await (await browser.new_context(locale="ja-JP", viewport=PHONE)).new_page()
        await page.goto(f"{host}{street.link(B1)}/works")
        for house, day in (("H1", "2027-01-10"), ("H2", "")):
            await page.locator(f"[name='on-{house}-1']").check()
            await page.locator(f"[name='day-{house}-1']").fill(day)
        await page.locator("button[value=report]").click()
        await expect(page.locator("#read-back")).to_contain_text("日が入っていません")
        await expect(page.locator("#read-back")).to_be_focused()
        await expect(page.locator("[name='day-H1-1']").first).to_have_value("2027-01-10")
        await seen(page)
        await page.locator("fieldset [name='day-H2-1']").fill("2027-01-11")
        await page.locator("button[value=report]").click()
        await expect(page.locator("#read-back")).to_contain_text("2件を報告します")
        await page.get_by_role("button", name="この内容で報告する").click()
        await expect(page.locator("#note")).to_have_text("2件をお受けしました")
        await expect(page.locator("main").get_by_text("2件をお受けしました")).to_be_in_viewport()
        await seen(page)
        await page.context.close()
    for house in ("H1", "H2"):
        assert (await street.town.case(house))["state"]["reports"][0]["result"] == "ok"


async def test_a_pause_is_told_where_it_was_pressed(street: Street, browser: Browser):
    """佐藤: 送るのを止めて、また始める。どちらも、その場で結果が読めます。"""
    async with on_loopback(street.app) as host:
        page = await at_the_list(browser, street, host, scripts=True, size=PHONE)
        await page.goto(f"{host}/staff/pause")
        await page.evaluate("window.stayed = true")
        await page.get_by_label("理由").fill("台風のため")
        await page.get_by_role("button", name="止める").click()
        await expect(page.get_by_role("status")).to_contain_text("止めました")
        await expect(page.locator("table")).to_contain_text("台風のため")
        await seen(page)
        await page.get_by_role("button", name="再開する").click()
        await expect(page.get_by_role("status")).to_contain_text("再開しました")
        assert await page.evaluate("window.stayed")
        await page.context.close()
