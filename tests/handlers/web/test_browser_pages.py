"""The pages in a real browser: on a phone, at a desk, with the keyboard alone, and with scripts switched off."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
import pytest_asyncio
from playwright.async_api import Browser, FilePayload, Page, ViewportSize, expect

from bot.core.links import STAFF
from tests.counterparts.chromium import DESK, PHONE
from tests.handlers.web.loopback import on_loopback
from tests.handlers.web.street import Street
from tests.handlers.web.test_link_page import opened
from tests.photos import photo

OWNER, SERVICER = "owner:O-H1", "servicer:B1"
SMALL = ViewportSize(width=320, height=568)


@pytest_asyncio.fixture
async def host(street: Street) -> AsyncIterator[str]:
    """The application on loopback, and an owner who has been asked for a day."""
    await street.town.house()
    await street.town.skip_to("2027-01-12")
    servicer = await street.visits(SERVICER)
    await servicer.presses("うかがえる日を知らせる")
    await servicer.presses("3日とも候補にする")
    await street.town.skip_to("2027-02-01")
    async with on_loopback(street.app) as at:
        yield at


async def enters(page: Page, host: str, street: Street) -> None:
    await page.goto(f"{host}/staff/enter/{street.town.service.links.token(STAFF, 'desk')}")
    await page.get_by_role("button", name="入る").click()


async def knows_why(page: Page, host: str, case_id: str = "H1-1") -> None:
    """They say why they open a case that lies with nobody of the staff; it holds for its house from then on."""
    await page.goto(f"{host}/staff/case/{case_id}")
    await page.get_by_role("button", name="お電話への対応").click()
    await expect(page).to_have_url(f"{host}/staff/case/{case_id}")


async def test_an_answer_without_a_reload(host: str, street: Street, page: Page):
    """One tap: the answer and what follows appear in the talk, and the page was never left."""
    await page.goto(host + street.link(OWNER))
    await page.evaluate("window.stayed = true")
    await page.get_by_role("button", name="2月25日(木)").click()
    await expect(page.locator(".mine .bubble")).to_have_text("あなたから\n2月25日(木)", use_inner_text=True)
    await expect(page.locator(".theirs h2").last).to_contain_text("2月25日")
    assert await page.evaluate("window.stayed")
    assert (await street.town.case())["phase"] == "fixed"


async def test_news_appears_by_itself(host: str, street: Street, page: Page):
    """What is said later comes onto the open page, and what is being written stays."""
    await page.goto(host + street.link(OWNER))
    await page.get_by_label("メッセージ").fill("書きかけ")
    await page.evaluate("document.querySelector('.theirs').stayed = true")
    before = await page.locator(".theirs").count()
    await street.town.says(OWNER, "担当者と話したいです")
    await page.evaluate("document.dispatchEvent(new Event('engawa:news'))")
    await expect(page.locator(".theirs")).to_have_count(before + 1)
    await expect(page.get_by_label("メッセージ")).to_have_value("書きかけ")
    assert await page.evaluate("document.querySelector('.theirs').stayed")


async def test_words_and_a_photo_from_a_phone(host: str, street: Street, page: Page):
    """Written, attached, sent: the field is empty again and the photo is in the talk."""
    await page.goto(host + street.link(OWNER))
    await page.get_by_label("メッセージ").fill("写真を送ります")
    await page.locator(".attach summary").click()
    png = FilePayload(name="a.png", mimeType="image/png", buffer=photo("PNG"))
    await page.locator("#files").set_input_files(png)
    await page.get_by_role("button", name="送る", exact=True).click()
    await expect(page.locator(".mine img")).to_have_count(1)
    await expect(page.get_by_label("メッセージ")).to_have_value("")


async def test_the_connection_breaks_and_nothing_is_lost(host: str, street: Street, page: Page):
    """Offline the page says so, and what was written is still in the field."""
    await page.goto(host + street.link(OWNER))
    await page.get_by_label("メッセージ").fill("大事なこと")
    await page.context.set_offline(True)
    await page.get_by_role("button", name="送る", exact=True).click()
    await expect(page.get_by_role("status")).to_contain_text("送れませんでした")
    await expect(page.get_by_label("メッセージ")).to_have_value("大事なこと")
    await page.context.set_offline(False)
    await page.get_by_role("button", name="送る", exact=True).click()
    await expect(page.locator(".mine .typed")).to_have_text("大事なこと")


@pytest.mark.parametrize(
    ("count", "kind", "said"), [(1, "gif", "写真（JPEG・PNG・HEIC・WebP）とPDFだけ"), (6, "pdf", "一度に5枚まで")]
)
async def test_what_is_refused_stays_to_be_sent_again(
    host: str, street: Street, page: Page, count: int, kind: str, said: str
):
    """A photo that cannot be taken costs nobody their words: they are still in the field, and why is said beside it."""
    await page.goto(host + street.link(OWNER))
    await page.get_by_label("メッセージ").fill("長い説明です")
    await page.locator(".attach summary").click()
    data = {"gif": b"GIF89a", "pdf": b"%PDF-1.7"}[kind]
    files = [FilePayload(name=f"{n}.{kind}", mimeType="", buffer=data) for n in range(count)]
    await page.locator("#files").set_input_files(files)
    await page.get_by_role("button", name="送る", exact=True).click()
    await expect(page.get_by_role("status")).to_contain_text(said)
    await expect(page.get_by_text(said)).to_be_in_viewport()
    await expect(page.get_by_label("メッセージ")).to_have_value("長い説明です")
    await expect(page.locator(".mine")).to_have_count(0)
    await page.get_by_role("button", name="送る", exact=True).click()
    await expect(page.locator(".mine .typed")).to_have_text("長い説明です")


@pytest.mark.parametrize("scripts", [True, False])
async def test_an_empty_message_is_answered_where_it_is_seen(
    host: str, street: Street, browser: Browser, scripts: bool
):
    """Beside the field, however long the talk above it is; it is gone with the next thing said."""
    context = await browser.new_context(java_script_enabled=scripts, viewport=SMALL)
    page = await context.new_page()
    await page.goto(host + street.link(OWNER))
    await page.get_by_role("button", name="送る", exact=True).click()
    note = page.get_by_text("何も書かれていません")
    await expect(note).to_be_in_viewport()
    await page.get_by_label("メッセージ").fill("あとでまた書きます")
    await page.get_by_role("button", name="送る", exact=True).click()
    await expect(page.locator(".mine .typed")).to_have_text("あとでまた書きます")
    await expect(note).to_have_count(0)
    await context.close()


@pytest.mark.parametrize("scripts", [True, False])
async def test_a_long_message_is_read_from_its_beginning(host: str, street: Street, browser: Browser, scripts: bool):
    """Whoever comes back finds the newest message at its first line, and an answer too long for the screen as well."""
    context = await browser.new_context(java_script_enabled=scripts, viewport=SMALL)
    page = await context.new_page()
    await page.goto(host + street.link(OWNER) + "#newest")
    await expect(page.locator(".theirs h2").last).to_be_in_viewport()
    await page.get_by_role("button", name="2月25日(木)").click()
    await expect(page.locator(".theirs h2").last).to_contain_text("2月25日")
    await expect(page.locator(".theirs h2").last).to_be_in_viewport(ratio=1)
    await context.close()


async def test_with_the_keyboard_alone(host: str, street: Street, page: Page):
    """From the top of the page to a chosen day by Tab and Enter; where the focus is can always be seen."""
    await page.goto(host + street.link(OWNER))
    await page.evaluate("scrollTo(0, 0)")
    await page.keyboard.press("Tab")
    assert await page.evaluate("document.activeElement.className") == "skip"
    for _ in range(30):
        await page.keyboard.press("Tab")
        if await page.evaluate("document.activeElement.textContent") == "3月6日(土)":
            break
    assert await page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    assert await page.evaluate("document.activeElement.getBoundingClientRect().top >= 0")
    await page.keyboard.press("Enter")
    await expect(page.locator(".mine .bubble p")).to_have_text("3月6日(土)")


async def test_without_scripts_everything_still_works(host: str, street: Street, browser: Browser):
    """The same page, with a reload."""
    context = await browser.new_context(java_script_enabled=False, viewport=PHONE)
    page = await context.new_page()
    await page.goto(host + street.link(OWNER))
    await page.get_by_role("button", name="あとで").click()
    await expect(page.locator(".mine .bubble p")).to_have_text("あとで")
    await context.close()


@pytest.mark.parametrize("size", [SMALL, PHONE, DESK])
async def test_large_type_and_room_for_a_thumb(host: str, street: Street, browser: Browser, size: ViewportSize):
    """Text of at least 18 pixels, buttons of at least 48, and nothing wider than the screen."""
    context = await browser.new_context(viewport=size)
    page = await context.new_page()
    await page.goto(host + street.link(OWNER))
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    sizes = await page.evaluate(
        "[...document.querySelectorAll('.bubble p, .bubble h2, button')]"
        ".map(it => parseFloat(getComputedStyle(it).fontSize))"
    )
    assert min(sizes) >= 16
    body = await page.evaluate("parseFloat(getComputedStyle(document.querySelector('.theirs .bubble > p')).fontSize)")
    assert body >= 18
    heights = await page.evaluate(
        "[...document.querySelectorAll('button')].filter(it => it.offsetHeight).map(it => it.offsetHeight)"
    )
    assert min(heights) >= 48
    await context.close()


async def test_a_code_to_copy_stands_on_one_line(host: str, street: Street, browser: Browser):
    """Also on a small phone: whoever types it elsewhere sees where it ends."""
    opened(street, line="https://line.example/?")
    page = await browser.new_page(viewport=SMALL)
    await page.goto(f"{host}{street.link(OWNER)}/link")
    await page.get_by_role("button", name="番号を出す").click()
    assert await page.locator(".code strong").evaluate("it => it.getClientRects().length") == 1
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    await page.close()


async def test_type_of_twice_the_size(host: str, street: Street, page: Page):
    """Whoever has the type set to 200 % still reads every line and presses every button without looking sideways."""
    await enters(page, host, street)
    await knows_why(page, host)
    for path in (street.link(OWNER), "/staff/case/H1-1", "/staff/houses/H1", "/nowhere"):
        await page.goto(host + path)
        await page.evaluate("document.documentElement.style.fontSize = '237.5%'")
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        right = "Math.max(0, ...[...document.querySelectorAll('button')].map(it => it.getBoundingClientRect().right))"
        assert await page.evaluate(f"{right} <= innerWidth"), path
        assert await page.locator("h1").count() == 1, path


async def test_staff_key_in_a_report_with_the_keyboard(host: str, street: Street, page: Page):
    """Who, what, which day, Enter: recorded, and said so where a screen reader hears it."""
    await enters(page, host, street)
    await knows_why(page, host)
    await page.get_by_label("だれが、何と").select_option(f"{OWNER}|fix")
    await page.get_by_label("日にち（終わった日").fill("2027-03-09")
    await page.keyboard.press("Tab")
    for _ in range(6):
        if await page.evaluate("document.activeElement.value") == "said":
            break
        await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("status")).to_contain_text("記録しました")
    assert (await street.town.case())["phase"] == "fixed"


async def test_an_old_link_in_the_browser(host: str, street: Street, page: Page):
    """The page of a link that has expired is a page for people: one button, and it works."""
    link = await street.message_link(OWNER)
    street.town.service.clock.wind(timedelta(days=61))
    await page.goto(host + link)
    await page.get_by_role("button", name="新しいリンクを送る").click()
    await expect(page.get_by_role("status")).to_contain_text("ご登録の連絡先")


async def test_no_page_breaks_its_own_policy(host: str, street: Street, page: Page):
    """The browser finds nothing to complain about on any page."""
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    await enters(page, host, street)
    await knows_why(page, host)
    for path in (street.link(OWNER), "/staff/", "/staff/case/H1-1", "/staff/houses/H1", await street.stop_link(OWNER)):
        await page.goto(host + path)
    assert said == []


async def test_the_menu_leaves_room_for_the_list(host: str, street: Street, page: Page):
    """On a phone one row of daily pages; the others open over the page, by keyboard too, and fit."""
    await enters(page, host, street)
    await page.goto(f"{host}/staff/")
    assert await page.evaluate("document.querySelector('.top').offsetHeight < innerHeight / 6")
    await expect(page.get_by_role("link", name="お休み")).to_be_hidden()
    heading = "document.querySelector('h1').getBoundingClientRect().top"
    before = await page.evaluate(heading)
    await page.locator("nav summary").press("Enter")
    assert await page.evaluate(heading) == before
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    await page.get_by_role("link", name="お休み").click()
    await expect(page.locator("nav summary")).to_have_text("お休み")
