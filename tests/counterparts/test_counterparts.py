"""The counterparts themselves: each is shown to do what other tests rely on."""

import asyncio

import aiosmtplib
import pytest
from playwright.async_api import Browser, Page
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from tests.counterparts.postfix import Mta
from tests.counterparts.smtp import Sink

MESSAGE = "Subject: =?utf-8?b?54K55qSc?=\r\nFrom: a@example.jp\r\n\r\n明日です。\r\n.\r\n".encode()


async def send(server: Sink | Mta, recipient: str = "owner@example.jp") -> object:
    async with aiosmtplib.SMTP(hostname=server.host, port=server.port) as client:
        return await client.sendmail("house@example.jp", [recipient], MESSAGE)


async def test_the_sink_keeps_envelope_and_bytes(smtp_sink: Sink):
    """What was sent is there to be read, to the byte."""
    await send(smtp_sink)
    (mail,) = await smtp_sink.arrived(lambda mails: len(mails) == 1)
    assert (mail.sender, mail.recipients, mail.content) == ("house@example.jp", ("owner@example.jp",), MESSAGE)
    assert mail.parsed()["Subject"] == "点検"


def test_the_sink_answers_while_the_test_blocks(smtp_sink: Sink):
    """A test that is no coroutine can use it as well."""
    asyncio.run(send(smtp_sink))
    assert len(smtp_sink.wait(lambda mails: mails)) == 1


async def test_the_sink_takes_international_addresses(smtp_sink: Sink):
    """SMTPUTF8 is offered and honoured."""
    async with aiosmtplib.SMTP(hostname=smtp_sink.host, port=smtp_sink.port) as client:
        assert client.supports_extension("smtputf8")
        await client.sendmail("家@example.jp", ["山田@example.jp"], MESSAGE, mail_options=["SMTPUTF8", "BODY=8BITMIME"])
    assert smtp_sink.messages[0].recipients == ("山田@example.jp",)


async def test_the_sink_refuses_one_recipient_for_good(smtp_sink: Sink):
    """Only the named address is unknown, and stays so."""
    smtp_sink.refuse("gone@example.jp")
    for _ in range(2):
        with pytest.raises(aiosmtplib.SMTPRecipientsRefused) as refusal:
            await send(smtp_sink, "gone@example.jp")
        assert refusal.value.recipients[0].code == 550
    await send(smtp_sink)
    assert len(smtp_sink.messages) == 1


async def test_the_sink_greylists_once(smtp_sink: Sink):
    """The second try is taken."""
    smtp_sink.greylist()
    with pytest.raises(aiosmtplib.SMTPRecipientsRefused) as refusal:
        await send(smtp_sink)
    assert refusal.value.recipients[0].code == 451
    await send(smtp_sink)
    assert len(smtp_sink.messages) == 1


async def test_the_sink_says_421_and_hangs_up(smtp_sink: Sink):
    """After 421 the connection is gone; a new one works."""
    smtp_sink.shut_down()
    client = aiosmtplib.SMTP(hostname=smtp_sink.host, port=smtp_sink.port)
    await client.connect()
    with pytest.raises(aiosmtplib.SMTPResponseException) as answer:
        await client.sendmail("house@example.jp", ["owner@example.jp"], MESSAGE)
    assert answer.value.code == 421
    with pytest.raises(aiosmtplib.SMTPServerDisconnected):
        await client.noop()
    client.close()
    await send(smtp_sink)
    assert len(smtp_sink.messages) == 1


async def test_the_sink_rejects_a_message_by_its_content(smtp_sink: Sink):
    """The refusal comes after the whole message, and nothing is kept."""
    smtp_sink.reject_content()
    with pytest.raises(aiosmtplib.SMTPDataError):
        await send(smtp_sink)
    assert smtp_sink.messages == []


@pytest.mark.parametrize("taken", [True, False])
async def test_the_sink_leaves_the_outcome_unknown(smtp_sink: Sink, taken: bool):
    """The line is cut after the message, whether it was taken or not; the sender sees the same."""
    smtp_sink.drop_after_data(taken=taken)
    with pytest.raises(aiosmtplib.SMTPServerDisconnected):
        await send(smtp_sink)
    assert len(smtp_sink.messages) == taken


async def test_the_sink_can_take_its_time(smtp_sink: Sink):
    """Held, it answers nothing; released, it answers what it would have."""
    smtp_sink.hold()
    sending = asyncio.create_task(send(smtp_sink))
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(asyncio.shield(sending), 0.05)
    smtp_sink.release()
    await sending
    assert len(smtp_sink.messages) == 1


async def test_the_sink_stops_under_an_open_connection():
    """A client that stays does not keep the server from ending."""
    sink = Sink()
    sink.start()
    client = aiosmtplib.SMTP(hostname=sink.host, port=sink.port)
    await client.connect()
    await asyncio.to_thread(sink.stop)
    with pytest.raises(aiosmtplib.SMTPServerDisconnected):
        await client.noop()
    client.close()


async def test_postfix_relays_to_the_sink(postfix: Mta):
    """What a real mail server accepts arrives at the far end."""
    await send(postfix)
    (mail,) = await postfix.sink.arrived(lambda mails: len(mails) == 1)
    assert mail.recipients == ("owner@example.jp",)
    assert "明日です" in mail.content.decode()


async def test_postfix_tries_again_after_greylisting(postfix: Mta):
    """A temporary refusal at the far end delays and loses nothing."""
    postfix.sink.greylist()
    await send(postfix)
    assert len(await postfix.sink.arrived(lambda mails: len(mails) == 1)) == 1


async def test_postfix_returns_a_delivery_report(postfix: Mta):
    """A permanent refusal at the far end comes back as a real report to the sender."""
    postfix.sink.refuse("gone@example.jp")
    await send(postfix, "gone@example.jp")
    (report,) = await postfix.sink.arrived(lambda mails: len(mails) == 1)
    assert (report.sender, report.recipients) == ("", ("house@example.jp",))
    assert report.parsed().get_content_type() == "multipart/report"
    assert b"Status: 5.1.1" in report.content


@pytest.mark.parametrize("turn", [1, 2])
async def test_each_test_gets_an_empty_database_of_its_own(empty_database_url: str, turn: int):
    """A table made by one test is not there for the next, on either database."""
    engine = create_async_engine(empty_database_url)
    async with engine.begin() as connection:
        await connection.execute(text("create table note (line text)"))
        await connection.execute(text("insert into note values ('縁側')"))
    async with engine.connect() as connection:
        assert await connection.scalar(text("select line from note")) == "縁側"
    await engine.dispose()


async def test_the_server_behind_the_url_is_postgresql(fresh_postgres: str):
    """The databases come from a server, not from something that looks like one."""
    engine = create_async_engine(fresh_postgres)
    async with engine.connect() as connection:
        assert "PostgreSQL" in str(await connection.scalar(text("select version()")))
    await engine.dispose()


async def test_the_browser_runs_scripts_and_shows_japanese(page: Page, browser: Browser):
    """It is a real browser, in the same loop as the test."""
    assert browser.is_connected()
    await page.set_content("<button onclick=\"this.textContent='終わりました'\">終わった</button>")
    await page.get_by_role("button", name="終わった").click()
    assert await page.get_by_role("button").text_content() == "終わりました"
