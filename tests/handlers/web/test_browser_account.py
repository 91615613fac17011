"""Giving a code on a phone whose browser runs no scripts: one field, one button, and on to the platform."""

import asyncio
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest_asyncio
import uvicorn
from playwright.async_api import Browser, Page, expect

from bot.core.link_code import shown
from engawa_fakes.line import FakeLine
from storage.guests import guest_at, new_code
from tests.counterparts.chromium import PHONE
from tests.handlers.web.street import HOST, Street

OWNER, CHANNEL, ACCOUNT = "owner:O-H1", "line", "U" + "1" * 32


@dataclass
class Line:
    """The platform's dialog lies at another place than our pages."""

    at: str

    def confirmation(self, ticket: str, nonce: str) -> str:
        return f"{self.at}/dialog/bot/accountLink?{urlencode({'linkToken': ticket, 'nonce': nonce})}"


@pytest_asyncio.fixture
async def page(street: Street, browser: Browser, fake_line: FakeLine) -> AsyncIterator[Page]:
    """A stranger's phone, on which the page for the code has just been opened."""
    await street.town.house()
    service, site = street.town.service, street.app.state.site
    street.app.state.site = replace(site, confirming={CHANNEL: Line(fake_line.url)})
    async with service.store.write() as connection:
        guest = await guest_at(connection, service.store.pins.seal, CHANNEL, ACCOUNT)
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(street.app, access_log=False, log_config=None, timeout_graceful_shutdown=1))
    serving = asyncio.create_task(server._serve([listening]))
    context = await browser.new_context(viewport=PHONE, java_script_enabled=False)
    phone = await context.new_page()
    link = service.links.account(guest, CHANNEL).removeprefix(HOST)
    ticket = fake_line.people.link_token(ACCOUNT)
    await phone.goto(f"http://127.0.0.1:{listening.getsockname()[1]}{link}?ticket={ticket}")
    yield phone
    await context.close()
    server.should_exit = True
    await serving


async def test_the_code_leads_on_to_the_platform(street: Street, page: Page, fake_line: FakeLine):
    """The browser follows from the form to the other site, as its page's policy lets it."""
    store, now = street.town.service.store, street.town.service.clock.now()
    async with store.write() as connection:
        code = await new_code(connection, store.pins.seal, OWNER, now)
    await page.get_by_label("手紙かメールにある8文字の番号をお入れください").fill(shown(code).lower())
    await page.get_by_role("button", name="次へ進む").click()
    await expect(page.locator("body")).to_have_text("linked")
    assert page.url.startswith(fake_line.url)
    assert [event["link"]["result"] for event in fake_line.people.linked] == ["ok"]
    assert parse_qs(urlsplit(page.url).query)["nonce"] == [fake_line.people.linked[0]["link"]["nonce"]]


async def test_a_wrong_code_is_said_where_it_is_heard_and_the_field_is_there_again(page: Page, fake_line: FakeLine):
    """Nothing runs off the side of a phone, and the field is as large as a thumb."""
    field = page.get_by_label("手紙かメールにある8文字の番号をお入れください")
    await field.fill("2222-2222")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("alert")).to_contain_text("その番号は使えませんでした")
    box, body = await field.bounding_box(), await page.locator("body").bounding_box()
    assert box is not None
    assert body is not None
    assert box["height"] >= 44
    assert body["width"] <= PHONE["width"]
    assert fake_line.people.linked == []
