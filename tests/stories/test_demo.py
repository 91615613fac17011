"""The demo: whoever opens it sees sample houses of every kind, and can live through what happens at them."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import uvicorn
from playwright.async_api import Browser, Page, ViewportSize, expect
from sqlalchemy import select

from bot.cli.demo import LOOPBACK, TODAY, Town, listen, open_town
from bot.cli.scenes import EVENT
from bot.core.book.standing import standing_on
from bot.core.case import Phase
from bot.core.people import STAFF_DESK
from bot.core.standing import State
from storage.audit import audit
from storage.event_list import lines_of
from storage.handovers import all_handovers, rows_of
from storage.standing import standing_sources
from storage.tables import outbox
from storage.view import house_view

DUE_SOON, OVERDUE, SILENT, NO_CONSENT, LEAP_DAY, DEFECT = (f"E-100{number}" for number in range(1, 7))
DAMAGED, CLOSING, UNHARMED = (f"E-100{number}" for number in range(7, 10))
DESK = ViewportSize(width=1440, height=900)
PHONE = ViewportSize(width=390, height=844)


@pytest.fixture(scope="module")
async def town(tmp_path_factory) -> AsyncIterator[tuple[Town, str]]:
    """The demo, served on loopback; every story has a house of its own in it."""
    async with listening(tmp_path_factory.mktemp("demo")) as found:
        yield found


@asynccontextmanager
async def listening(folder: Path) -> AsyncIterator[tuple[Town, str]]:
    with listen(0) as socket:
        url = f"http://{LOOPBACK}:{socket.getsockname()[1]}"
        async with open_town(folder, url) as town:
            server = uvicorn.Server(uvicorn.Config(town.pages(), log_level="warning", timeout_graceful_shutdown=1))
            serving = asyncio.create_task(server.serve(sockets=[socket]))
            yield town, url
            server.should_exit = True
            await serving


async def view(town: Town, house_id: str) -> dict[str, Any]:
    async with town.service.store.read() as connection:
        found = await house_view(connection, house_id)
    assert found is not None
    return found


async def open_case(town: Town, house_id: str) -> dict[str, Any]:
    """The one about the house itself; what becomes of the guarantee has a case of its own beside it."""
    found = [case for case in (await view(town, house_id))["cases"] if case["phase"] != Phase.CLOSED]
    (case,) = [case for case in found if not case["ladder"].startswith("standing/")]
    return case


async def press(page: Page, who: str, label: str) -> None:
    """The newest button with that label on somebody's screen."""
    await page.frame_locator(f"iframe[name={who}]").get_by_role("button", name=label).last.click()


@pytest.fixture(scope="module")
async def first_day(tmp_path_factory) -> AsyncIterator[Town]:
    """The demo as it opens, before anybody winds the clock."""
    async with open_town(tmp_path_factory.mktemp("first-day"), "http://127.0.0.1") as found:
        yield found


async def test_there_is_a_house_of_every_kind(first_day):
    """On the first day every story is where its card says it is, and the auditor finds nothing."""
    there = first_day
    soon, overdue, silent = [await open_case(there, house) for house in (DUE_SOON, OVERDUE, SILENT)]
    unasked, leap, defect = [await open_case(there, house) for house in (NO_CONSENT, LEAP_DAY, DEFECT)]
    today = there.service.clock.now().date()
    assert soon["holder"] == "owner:P-01"
    assert 0 < (soon["target_on"] - today).days <= 60
    assert overdue["target_on"] < today
    assert (silent["reason"], silent["holder"]) == ("servicer_silent", STAFF_DESK)
    assert (unasked["reason"], unasked["holder"]) == ("no_mandate", STAFF_DESK)
    assert (leap["target_on"].month, leap["target_on"].day) == (2, 29)
    assert (defect["ladder"], defect["holder"]) == ("finding/1", "servicer:V-06")
    async with there.service.store.read() as connection:
        assert [
            found async for found in audit(connection, there.service.store.pins.seal, there.service.clock.now())
        ] == []


async def test_the_fifty_years_are_there_as_well(first_day):
    """After an earthquake the answers are sorted; a company closes, and its houses wait to be handed over."""
    service = first_day.service
    async with service.store.read() as connection:
        found = [(line.house_id, str(line.found)) for line in await lines_of(connection, EVENT)]
        (row,) = await all_handovers(connection)
        proposed = {each.house_id: each.candidate_id for each in await rows_of(connection, row.id, "", 9)}
        at_risk = standing_on((await standing_sources(connection, [OVERDUE]))[OVERDUE], TODAY, TODAY)
    assert found == [(DAMAGED, "damage"), (UNHARMED, "none")]
    assert row.state == "prepared"
    assert set(proposed) == {CLOSING, UNHARMED}
    assert all(proposed.values())
    assert (await open_case(first_day, DAMAGED))["ladder"] == "visit/event/1"
    assert (await open_case(first_day, CLOSING))["holder"] == "servicer:V-07"
    assert at_risk.state is State.AT_RISK
    assert "overdue" in {reason.code for reason in at_risk.reasons}


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
async def test_the_first_page_leads_to_what_else_there_is(town, browser: Browser, size: ViewportSize):
    """To the owner's record with why the guarantee is at risk, to the list by urgency, and to the review."""
    _, url = town
    context = await browser.new_context(viewport=size)
    page = await context.new_page()
    for house, link, told in (
        (OVERDUE, "家の記録", "点検・お手入れが、計画の期日を過ぎています"),
        (DAMAGED, "地震のあとの一覧", "傷んだ所がある 1、変わりない 1"),
        (CLOSING, "引継ぎ案", "管理者の承認を待っています"),
    ):
        await page.goto(f"{url}/demo?house={house}")
        async with context.expect_page() as opened:
            await page.locator("#elsewhere").get_by_role("link", name=link).click()
        there = await opened.value
        await expect(there.locator("main")).to_contain_text(told)
        assert await there.evaluate("document.documentElement.scrollWidth <= innerWidth")
        await there.close()
    await context.close()


async def test_whoever_looks_through_the_handover_sets_it_going(tmp_path, browser: Browser):
    """Approved by somebody by name; the next company is asked, and sees no address."""
    async with listening(tmp_path) as (there, url):
        page = await browser.new_page(viewport=DESK)
        await page.goto(f"{url}/demo/review")
        await expect(page.locator("main")).to_contain_text("みどり住宅点検")
        await page.get_by_label("最後まで確かめました").check()
        await page.get_by_role("button", name="佐藤として承認する").click()
        await expect(page.get_by_role("status")).to_contain_text("2028年1月12日(水)に承認されました")
        await page.goto(f"{url}/demo?house={CLOSING}")
        await page.get_by_role("button", name="1日進める").click()
        await expect(page.locator("#record")).to_contain_text("みどり住宅点検")
        facts = {fact["kind"] for fact in (await view(there, CLOSING))["facts"]}
        assert {"access_ended", "candidate_asked"} <= facts
        async with there.service.store.read() as connection:
            now, seal = there.service.clock.now(), there.service.store.pins.seal
            assert [found async for found in audit(connection, seal, now)] == []
        await page.close()


async def test_nobody_but_the_desk_hears_of_a_house_without_consent(first_day):
    """Its owner and its company have been sent nothing."""
    async with first_day.service.store.read() as connection:
        told = {row.person_id for row in await connection.execute(select(outbox.c.person_id))}
    assert not told & {"owner:P-04", "servicer:V-04"}
    assert STAFF_DESK in told


async def test_two_taps_close_the_work_and_move_the_next_date(town, browser: Browser):
    """The owner picks a day; after it, one tap by the owner and one by the company: recorded, and five years on."""
    _, url = town
    page = await browser.new_page(viewport=DESK)
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: said.extend([request.url] * (urlsplit(request.url).hostname != LOOPBACK)))
    await page.goto(url)
    card = page.locator(f".house[href*={DUE_SOON}]")
    await expect(card).to_contain_text("期日 2028年3月12日(日)")
    await press(page, "owner", "2月8日(火)")
    await expect(page.locator("#record")).to_contain_text("訪問の日が2028年2月8日(火)に決まりました")
    await page.get_by_role("button", name="次の出来事まで").click()
    await expect(page.locator("#now")).to_contain_text("2028年2月7日(月)")
    await page.get_by_role("button", name="次の出来事まで").click()
    await expect(page.locator("#now")).to_contain_text("2028年2月9日(水)")
    await press(page, "owner", "終わった・異常なし")
    await expect(page.locator("#record")).to_contain_text("佐藤 花子さまが、2028年2月8日(火)に終わったと報告しました")
    await press(page, "servicer", "終わった・異常なし")
    await expect(page.locator("#record")).to_contain_text("外まわり・床下・配管を「済み」と記録しました")
    await expect(card).to_contain_text("次の期日 2033年3月12日(土)")
    await expect(page.locator("#story")).to_contain_text("次の期日まで、だれも何もしなくてかまいません")
    await expect(page.locator(".seal.sound")).to_be_visible()
    assert said == []
    await page.close()


async def test_a_silent_company_is_called_first(town, browser: Browser):
    """Before the desk asks another company, it writes down what came of the call."""
    _, url = town
    page = await browser.new_page(viewport=DESK)
    await page.goto(f"{url}/demo?house={SILENT}")
    await expect(page.locator("#name-servicer")).to_contain_text("北浜ホーム")
    offer = page.frame_locator("iframe[name=staff]").locator(
        ".said", has_text=f"事業者から返事がありません（{SILENT}）"
    )
    await offer.get_by_role("button", name="別の事業者を選ぶ").last.click()
    staff = page.frame_locator("iframe[name=staff]")
    await expect(staff.get_by_text("先に、いまの会社への電話の結果を記録してください").last).to_be_visible()
    await press(page, "staff", "つながらなかった")
    await expect(staff.get_by_text("電話の結果を記録しました").last).to_be_visible()
    await page.close()


async def test_an_owner_who_agrees_sets_things_going(town, browser: Browser):
    """Nothing is sent first: the owner opens the screen, agrees, and the company is asked for days."""
    _, url = town
    page = await browser.new_page(viewport=DESK)
    await page.goto(f"{url}/demo?house={NO_CONSENT}")
    await press(page, "owner", "2つとも同意する")
    await expect(page.locator("#record")).to_contain_text("情報の取得と支援の委託に同意しました")
    await expect(page.locator("#record")).to_contain_text("つばめ建設に送りました：うかがえる日のおたずね")
    await page.close()


async def test_a_phone_shows_one_screen_at_a_time(town, page: Page):
    """Four tabs, nothing wider than the phone, and the clock within reach."""
    _, url = town
    await page.goto(f"{url}/demo?house={DEFECT}")
    shown = page.locator(".bench > section:visible")
    await expect(shown).to_have_count(1)
    await page.locator(".tabs .record").click()
    await expect(shown).to_have_count(1)
    await expect(page.locator("#record")).to_contain_text("指摘された所の修理")
    assert await page.evaluate("document.documentElement.scrollWidth") == 390
    await expect(page.get_by_role("button", name="次の出来事まで")).to_be_in_viewport()


@pytest.mark.parametrize("scripts", [True, False])
async def test_every_screen_on_a_phone_opens_at_its_newest_message(town, browser: Browser, scripts: bool):
    """Also those behind the other tabs; and whoever winds the clock stays with the screen they had chosen."""
    _, url = town
    context = await browser.new_context(java_script_enabled=scripts, viewport=PHONE)
    page = await context.new_page()
    await page.goto(f"{url}/demo?house={LEAP_DAY}")
    for who in ("servicer", "staff"):
        await page.locator(f".tabs .{who}").click()
        oldest = page.frame_locator(f"iframe[name={who}]").locator(".said h2").first
        await expect(oldest).to_be_attached()
        await expect(oldest).not_to_be_in_viewport()
    await page.get_by_role("button", name="1日進める").click()
    await expect(page.locator("#tab-staff")).to_be_checked()
    await expect(page.locator(".bench > section.staff")).to_be_visible()
    await context.close()


async def test_the_chosen_house_is_in_sight(town, browser: Browser):
    """On a phone the row of houses stands at the chosen one, also after the clock was wound; nothing on it is cut."""
    _, url = town
    page = await browser.new_page(viewport=PHONE)
    await page.goto(f"{url}/demo?house={DEFECT}")
    card = page.locator(".house[aria-current]")
    await expect(card).to_be_in_viewport(ratio=1)
    await page.get_by_role("button", name="1日進める").click()
    await expect(page.locator("body.busy")).to_have_count(0)
    await expect(card).to_be_in_viewport(ratio=1)
    await page.close()
    wide = await browser.new_page(viewport=ViewportSize(width=1280, height=800))
    await wide.goto(f"{url}/demo?lang=en")
    cut = "it => it.clientWidth && it.scrollWidth > it.clientWidth + 1"
    assert not await wide.evaluate(f"[...document.querySelectorAll('.house, .house *')].some({cut})")
    await wide.close()


async def test_the_desk_shows_which_matters_are_of_another_house(town, browser: Browser):
    """The staff's screen is for all houses: what is not about the chosen one stands back and says whose it is."""
    _, url = town
    page = await browser.new_page(viewport=DESK)
    await page.goto(f"{url}/demo?house={NO_CONSENT}")
    desk = page.frame_locator("iframe[name=staff]")
    await expect(desk.locator(f".aside[data-house={OVERDUE}]").first).to_be_attached()
    assert await desk.locator(f".aside[data-house={NO_CONSENT}]").count() == 0
    assert await desk.locator(f".said[data-house={NO_CONSENT}]").count() > 0
    label = desk.locator(f".aside[data-house={OVERDUE}]").first
    assert await label.get_attribute("data-aside") == "ほかの家：期日を過ぎている"
    await page.close()


async def test_an_owner_who_left_and_the_way_back_to_the_beginning(tmp_path, browser: Browser):
    """Whoever had their data erased has left, and the page says so; one press lays the houses anew."""
    async with listening(tmp_path) as (there, url):
        page = await browser.new_page(viewport=DESK)
        await page.goto(f"{url}/demo?house={OVERDUE}")
        began = await page.locator("#record").inner_text()
        await page.get_by_role("button", name="1週間進める").click()
        owner = page.frame_locator("iframe[name=owner]")
        await owner.locator(".menu summary").click()
        await press(page, "owner", "個人の情報を消す")
        await press(page, "owner", "はい、消す")
        await expect(owner.locator("h1")).to_have_text("所有者は、情報を消して離れました")
        await page.reload()
        await expect(owner.locator("h1")).to_have_text("所有者は、情報を消して離れました")
        await page.get_by_role("button", name="はじめから").click()
        await expect(page.locator("#now")).to_contain_text("2028年1月12日(水)")
        await expect(page.locator("#name-owner")).to_contain_text("鈴木 一郎")
        await expect(page.locator(".seal.sound")).to_be_visible()
        assert await page.locator("#record").inner_text() == began
        await press(page, "owner", "1月20日(木)")
        await expect(page.locator("#record")).to_contain_text("訪問の日が2028年1月20日(木)に決まりました")
        assert (await page.request.post(f"{url}/demo/again", form={"lang": "ja"})).status == 403
        assert there.service.clock.now().date() == TODAY
        await page.close()


async def test_on_a_desk_no_tab_takes_the_focus(town, browser: Browser):
    """All screens are in sight, so the tabs that choose one are none to the keyboard either."""
    _, url = town
    page = await browser.new_page(viewport=DESK)
    await page.goto(f"{url}/demo?house={DEFECT}")
    await expect(page.locator(".bench > section:visible")).to_have_count(4)
    await expect(page.locator("[name=tab]:visible")).to_have_count(0)
    await page.close()


async def test_it_speaks_english_too(town, browser: Browser):
    """One press, and the page, the record and everything that people are sent is English."""
    _, url = town
    page = await browser.new_page(viewport=DESK)
    await page.goto(f"{url}/demo?house={LEAP_DAY}")
    await page.get_by_role("button", name="English").click()
    await expect(page.locator("h1")).to_contain_text("Engawa")
    await expect(page.locator("#record")).to_contain_text(
        "Emma Clark settled it: the visit is on Tue 29 February 2028."
    )
    await expect(page.frame_locator("iframe[name=servicer]").locator("#talk")).to_contain_text("House no.")
    await page.get_by_role("button", name="日本語").click()
    await expect(page.locator("h1")).to_contain_text("縁側")
    await page.close()


async def test_it_works_without_scripts(town, browser: Browser):
    """Every press is a form, and the page comes back as it then stands."""
    there, url = town
    context = await browser.new_context(java_script_enabled=False, viewport=DESK)
    page = await context.new_page()
    await page.goto(f"{url}/demo?house={OVERDUE}")
    before = there.service.clock.now()
    await page.get_by_role("button", name="1週間進める").click()
    assert (there.service.clock.now() - before).days == 7
    assert re.search(f"house={OVERDUE}", page.url)
    assert there.service.clock.now().strftime("%Y") in await page.locator("#now").inner_text()
    await context.close()
