"""A real browser: the distribution's Chromium, driven by Playwright in the loop of the run."""

import shutil
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, Page, ViewportSize, async_playwright, expect

from tests.counterparts.missing import missing

PHONE, DESK = ViewportSize(width=390, height=844), ViewportSize(width=1280, height=800)
NAMES = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = [
    "--headless",
    "--no-sandbox",  # root, and containers, have none
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
expect.set_options(timeout=60_000)  # milliseconds: what is waited for comes, however busy the machine is


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    """One browser per process of the run."""
    program = next(filter(None, map(shutil.which, NAMES)), None)
    if program is None:
        missing("chromium", "not installed")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield browser
        await browser.close()


@pytest.fixture
async def page(browser: Browser) -> AsyncIterator[Page]:
    """A new window, sized like a phone, that remembers nothing of other tests."""
    context = await browser.new_context(locale="ja-JP", viewport=PHONE)
    yield await context.new_page()
    await context.close()


@pytest.fixture
def size(database_url: str) -> ViewportSize:
    """A phone beside one database, a desk beside the other: a story is seen on both in the time that one takes."""
    return PHONE if database_url.startswith("sqlite") else DESK
