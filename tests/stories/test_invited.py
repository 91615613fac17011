"""Somebody opens the page with their number, points their phone at the code, and is known there from then on."""

import asyncio
import email
import io
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from email import policy
from pathlib import Path

import pytest_asyncio
from pypdf import PdfReader

from engawa_fakes.line import FakeLine
from engawa_fakes.telegram import FakeTelegram
from main import pages
from scheduler.answering import Answering
from tests.handlers.web.street import HOST, Reader, Street
from tests.stories.town import town_at

OWNER = "owner:O-H1"


@pytest_asyncio.fixture
async def street(
    tmp_path: Path, database_url: str, fake_line: FakeLine, fake_telegram: FakeTelegram
) -> AsyncIterator[Street]:
    environment = {
        "ENGAWA_LINE_CHANNEL_SECRET": fake_line.secret,
        "ENGAWA_LINE_CHANNEL_TOKEN": fake_line.token,
        "ENGAWA_LINE_API_BASE": fake_line.url,
        "ENGAWA_TELEGRAM_TOKEN": fake_telegram.token,
        "ENGAWA_TELEGRAM_WEBHOOK_SECRET": "whisper",
        "ENGAWA_TELEGRAM_API_BASE": fake_telegram.api,
    }
    async with town_at(tmp_path, database_url, "2026-11-01", environment) as town:
        await town.companies()
        await town.house()
        answering = Answering(town.service.post, town.service.inbox.handle, town.service.clock, asyncio.Event())
        street = Street(town, pages(town.service, answering))
        yield street
        await answering.finish()
        for reader in street.readers:
            await reader.aclose()


async def shown_ways(street: Street) -> tuple[Reader, dict[str, str]]:
    """The page with the number, and where its links lead, by platform."""
    owner = await street.visits(OWNER)
    await owner.opens(f"{owner.path.split('#')[0].split('?')[0]}/link")
    await owner.presses("番号を出す")
    ways = owner.page.select("section.way")
    assert len(owner.page.select("section.way .qr svg")) == len(ways)
    return owner, {str(way.h2.get_text()): str(way.a["href"]) for way in ways if way.h2 and way.a}


async def test_the_link_opens_line_with_the_number_typed(street: Street, fake_line: FakeLine):
    _, ways = await shown_ways(street)
    user = fake_line.people.user()
    body = fake_line.people.body(fake_line.people.opens(user, ways["LINE"]))
    answer = await street.reader().client.post("/webhooks/line", content=body, headers=fake_line.people.signed(body))
    assert answer.status_code == 200
    await street.town.run()
    assert "LINEでお知らせ" in fake_line.received(user)[-1]
    assert "channel_linked" in await street.town.facts()


async def test_the_link_opens_telegram_and_start_links(street: Street, fake_telegram: FakeTelegram):
    _, ways = await shown_ways(street)
    chat = fake_telegram.opens(ways["Telegram"])
    headers = {"x-telegram-bot-api-secret-token": "whisper"}
    answer = await street.reader().client.post("/webhooks/telegram", json=fake_telegram.updates[-1], headers=headers)
    assert answer.status_code == 200
    await street.town.run()
    assert "Telegramでお知らせ" in fake_telegram.received(chat)[-1].text
    assert "channel_linked" in await street.town.facts()


async def printed_letter(street: Street) -> str:
    """An owner whom nothing reaches: what stands on the letter to them."""
    await street.town.says(OWNER, action="stop_channel::0:chat")
    await street.town.skip_to("2027-02-01")
    return await print_again(street)


async def print_again(street: Street) -> str:
    staff = await street.staff()
    pdf = await staff.client.get("/staff/letters.pdf")
    return "".join(text for page in PdfReader(io.BytesIO(pdf.content)).pages for text in page.extract_text().split())


def code_on(printed: str) -> str:
    found = re.search(r"(?<![0-9A-Z])([0-9A-Z]{4}-[0-9A-Z]{4})(?![0-9A-Z])", printed)
    assert found, printed
    return found[1]


async def says_on_line(street: Street, fake_line: FakeLine, text: str) -> str:
    """Somebody new writes to the account; the title of what they hear."""
    user = fake_line.people.user()
    body = fake_line.people.body(fake_line.people.say(user, text))
    await street.reader().client.post("/webhooks/line", content=body, headers=fake_line.people.signed(body))
    await street.town.run()
    return fake_line.received(user)[-1].split("\n")[0]


async def test_a_letter_offers_another_way_for_the_next_time(street: Street, fake_line: FakeLine):
    """A QR and a number that links once; printed again the letter is the same until then, and offers nothing after."""
    printed = await printed_letter(street)
    assert "これからのお知らせは、LINEでも受け取れます" in printed
    assert code_on(await print_again(street)) == code_on(printed)
    assert await says_on_line(street, fake_line, code_on(printed)) == "LINEでお知らせできるようになりました"
    assert await says_on_line(street, fake_line, code_on(printed)) != "LINEでお知らせできるようになりました"
    assert "LINEでも受け取れます" not in await print_again(street)


async def test_the_number_on_a_letter_runs_out(street: Street, fake_line: FakeLine):
    printed = await printed_letter(street)
    street.town.service.clock.wind(timedelta(days=61))
    assert await says_on_line(street, fake_line, code_on(printed)) != "LINEでお知らせできるようになりました"
    assert "channel_linked" not in await street.town.facts()


async def test_the_number_on_a_letter_is_kept_nowhere(street: Street):
    code = code_on(await printed_letter(street)).replace("-", "")
    assert code not in repr(await street.everything())


async def test_while_no_platform_answers_the_letter_is_printed_all_the_same(street: Street, fake_line: FakeLine):
    fake_line.token = "another"
    street.app.state.site = replace(street.app.state.site, inviting={"line": street.town.service.post.channels["line"]})
    assert "受け取れます" not in await printed_letter(street)


async def test_a_mail_leads_to_the_page_where_another_way_is_taken_up(street: Street, tmp_path: Path):
    """It holds no code: whoever finds an old mail finds nothing that links."""
    await street.town.house("H2", owner_id="O-2", email="hanako@example.jp")
    await street.town.says("owner:O-2", action="stop_channel::0:chat")
    await street.town.until("2027-02-02")
    mails = [email.message_from_bytes(path.read_bytes(), policy=policy.default) for path in mail_files(tmp_path)]
    body = next(mail for mail in mails if mail["To"] and "hanako" in mail["To"]).get_body(("plain",))
    assert body is not None
    found = re.search(r"メールのほかの方法でも受け取る\s+(http\S+)", body.get_content())
    assert found
    reader = await street.reader().opens(found[1].removeprefix(HOST))
    assert "お知らせをLINE・Telegramでも受け取れます" in reader.text
    await reader.presses("番号を出す")
    assert reader.page.select(".code")


def mail_files(folder: Path) -> list[Path]:
    return list((folder / "mail" / "new").iterdir())
