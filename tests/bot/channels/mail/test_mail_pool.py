"""The way to the server: few connections, each trusted only as long as it answers cleanly."""

import asyncio

import pytest

from bot.channels.mail.compose import Composer, Mail
from bot.channels.mail.pool import Limits, Pool
from bot.channels.mail.settings import read_settings
from bot.core.delivery import Outcome
from tests.bot.channels.mail.samples import SENDER, WORDS, envelope
from tests.bot.channels.mail.sink import DROP, SILENT, Hold, Sink

COMPOSER = Composer(SENDER, WORDS)


def url(sink: Sink) -> str:
    return f"smtp://127.0.0.1:{sink.port}"


async def test_a_batch_goes_over_four_connections_each_mail_once_and_whole(sink, open_mail):
    """A hundred at once: nothing lost, nothing twice, every byte as composed."""
    letters = [envelope(number) for number in range(100)]
    channel = open_mail(url(sink))
    assert channel.abilities.at_once == 4
    receipts = await asyncio.gather(*[channel.send(letter) for letter in letters])
    assert {receipt.outcome for receipt in receipts} == {Outcome.SENT}
    assert {receipt.provider_id for receipt in receipts} == {"SINK1"}
    assert sorted(taken.raw for taken in sink.taken) == sorted(COMPOSER.compose(letter).raw for letter in letters)
    assert sink.most_open == sink.connections == 4


async def test_the_server_knows_us_the_key_and_the_size(sink, open_mail):
    """A name for us, one recipient, DSN with the key, so that a bounce can be told from any other."""
    await open_mail(url(sink)).send(envelope())
    (taken,) = sink.taken
    size = len(taken.raw)
    assert "EHLO engawa.example.jp" in sink.lines
    assert taken.mail_line == f"MAIL FROM:<engawa@example.jp> SIZE={size} RET=HDRS ENVID={envelope().key}"
    assert taken.rcpt_line == "RCPT TO:<owner1@example.jp> NOTIFY=FAILURE,DELAY"


@pytest.mark.parametrize("extensions", [(), ("8BITMIME",)])
async def test_nothing_is_asked_of_a_server_that_it_does_not_offer(open_mail, extensions):
    """Plain MAIL and RCPT where DSN and SIZE are not offered."""
    sink = Sink(extensions=extensions)
    await sink.start()
    assert (await open_mail(url(sink)).send(envelope())).outcome is Outcome.SENT
    assert sink.taken[0].mail_line == "MAIL FROM:<engawa@example.jp>"
    assert sink.taken[0].rcpt_line == "RCPT TO:<owner1@example.jp>"
    await sink.stop()


async def test_a_server_that_knows_only_helo_is_served(sink, open_mail):
    """EHLO refused, HELO taken."""
    sink.answers["EHLO"].append("502 what?")
    assert (await open_mail(url(sink)).send(envelope())).outcome is Outcome.SENT


async def test_a_connection_is_left_after_its_share(sink, open_mail):
    """Seven mails at three a connection are three connections, and the old ones are left with a goodbye."""
    channel = open_mail(url(sink), connections=1, mails_each=3)
    for number in range(7):
        await channel.send(envelope(number))
    assert sink.connections == 3
    assert sink.count("QUIT") == 2


@pytest.mark.parametrize(
    ("idle", "connections", "asked"),
    [(14.0, 1, 0), (16.0, 1, 1), (59.0, 1, 1), (61.0, 2, 0)],
)
async def test_an_idle_connection_is_asked_first_and_then_given_up(
    sink, open_mail, machine_time, idle, connections, asked
):
    """Used again within 15 s, asked first up to 60 s, replaced after that."""
    channel = open_mail(url(sink), connections=1)
    await channel.send(envelope(1))
    before = sink.count("NOOP")
    machine_time.now += idle
    await channel.send(envelope(2))
    new = connections - 1  # a new connection greets with one NOOP
    assert (sink.connections, sink.count("NOOP") - before - new) == (connections, asked)


@pytest.mark.parametrize("goodbye", [DROP, "421 4.4.2 idle too long", "<html>"])
async def test_a_connection_that_does_not_answer_when_asked_is_replaced(sink, open_mail, machine_time, goodbye):
    """The mail goes over a new one."""
    channel = open_mail(url(sink), connections=1)
    await channel.send(envelope(1))
    machine_time.now += 20
    sink.answers["NOOP"].append(goodbye)
    assert (await channel.send(envelope(2))).outcome is Outcome.SENT
    assert sink.connections == 2


@pytest.mark.parametrize("verb", ["MAIL", "RCPT"])
@pytest.mark.parametrize("goodbye", [DROP, "421 4.7.0 too many messages on this connection"])
async def test_a_kept_connection_that_the_server_gave_up_costs_nothing(sink, open_mail, verb, goodbye):
    """The same mail goes at once over a new connection, once."""
    channel = open_mail(url(sink), connections=1)
    await channel.send(envelope(1))
    sink.answers[verb].append(goodbye)
    assert (await channel.send(envelope(2))).outcome is Outcome.SENT
    assert len(sink.taken) == sink.connections == 2


async def test_a_new_connection_that_is_dropped_is_not_tried_for_ever(sink, open_mail):
    """One fresh try; then it is for later."""
    sink.answers["MAIL"].extend([DROP, DROP])
    assert (await open_mail(url(sink)).send(envelope())).outcome is Outcome.LATER
    assert sink.connections == 1


@pytest.mark.parametrize(
    ("verb", "answer", "outcome"),
    [
        ("MAIL", "550 5.7.1 you may not send", Outcome.CLOSED),
        ("MAIL", "451 4.3.0 not now", Outcome.LATER),
        ("RCPT", "550 5.1.1 no such user", Outcome.DEAD),
        ("RCPT", "450 4.2.0 greylisted", Outcome.LATER),
        ("DATA", "554 5.5.1 no valid recipients", Outcome.REFUSED),
        ("CONTENT", "554 5.6.0 unwanted", Outcome.REFUSED),
        ("CONTENT", "451 4.3.0 disk full", Outcome.LATER),
    ],
)
async def test_after_a_clean_refusal_the_connection_serves_the_next(sink, open_mail, verb, answer, outcome):
    """The refused transaction is reset, and the next mail goes over the same connection."""
    channel = open_mail(url(sink), connections=1)
    sink.answers[verb].append(answer)
    assert (await channel.send(envelope(1))).outcome is outcome
    assert (await channel.send(envelope(2))).outcome is Outcome.SENT
    assert sink.count("RSET") == sink.connections == 1
    assert "owner2" in sink.taken[0].rcpt_line


async def test_a_refusal_whose_reset_fails_ends_the_connection(sink, open_mail):
    """The answer stands, and the next mail goes over a new connection."""
    channel = open_mail(url(sink), connections=1)
    sink.answers["RCPT"].append("550 5.1.1 no such user")
    sink.answers["RSET"].append(DROP)
    assert (await channel.send(envelope(1))).outcome is Outcome.DEAD
    assert (await channel.send(envelope(2))).outcome is Outcome.SENT
    assert sink.connections == 2


@pytest.mark.parametrize(
    ("verb", "answer", "outcome"),
    [
        ("MAIL", DROP, Outcome.LATER),
        ("RCPT", DROP, Outcome.LATER),
        ("RCPT", "<html>no mail here</html>", Outcome.LATER),
        ("RCPT", "550-\xff no end", Outcome.LATER),
        ("DATA", DROP, Outcome.UNKNOWN),
        ("CONTENT", DROP, Outcome.UNKNOWN),
        ("CONTENT", "<html>", Outcome.UNKNOWN),
        ("CONTENT", "252 perhaps", Outcome.UNKNOWN),
    ],
)
async def test_what_is_not_a_clean_answer_ends_the_connection(sink, open_mail, machine_time, verb, answer, outcome):
    """Before the content it is for later; once the content was begun it may have been taken, and we say so."""
    channel = open_mail(url(sink), connections=1, answer=0.2)
    sink.answers[verb].append(answer)
    assert (await channel.send(envelope(1))).outcome is outcome
    machine_time.now += 10
    assert (await channel.send(envelope(2))).outcome is Outcome.SENT
    assert sink.connections == 2


@pytest.mark.parametrize(("verb", "outcome"), [("RCPT", Outcome.LATER), ("CONTENT", Outcome.UNKNOWN)])
async def test_a_server_that_hangs_costs_one_attempt_not_one_per_mail(sink, open_mail, machine_time, verb, outcome):
    """Who waits behind is told at once to come later, and after the rest everything goes on."""
    channel = open_mail(url(sink), connections=1, answer=0.2)
    sink.answers[verb].extend([SILENT] * 10)
    receipts = await asyncio.gather(*[channel.send(envelope(number)) for number in range(10)])
    assert [receipt.outcome for receipt in receipts] == [outcome] + [Outcome.LATER] * 9
    assert {receipt.retry_after for receipt in receipts[1:]} == {5.0}
    assert sink.connections == 1
    sink.answers.clear()
    machine_time.now += 6
    assert (await channel.send(envelope(11))).outcome is Outcome.SENT


async def test_nobody_listening_is_for_later_and_recovers(sink, open_mail, machine_time):
    """A server that is down is tried once per rest, not once per mail, and nothing is lost by it."""
    channel = open_mail("smtp://127.0.0.1:1", connections=1)
    receipts = await asyncio.gather(*[channel.send(envelope(number)) for number in range(5)])
    assert {receipt.outcome for receipt in receipts} == {Outcome.LATER}
    assert [receipt.retry_after is None for receipt in receipts] == [True, False, False, False, False]
    assert "connect" in receipts[0].detail


@pytest.mark.parametrize(
    ("verb", "answer", "outcome"),
    [
        ("GREETING", "554 5.7.1 no mail from you", Outcome.CLOSED),
        ("GREETING", "421 4.3.2 shutting down", Outcome.LATER),
        ("GREETING", DROP, Outcome.LATER),
        ("GREETING", SILENT, Outcome.LATER),
        ("GREETING", "HTTP/1.1 400 Bad Request", Outcome.LATER),
        ("EHLO", DROP, Outcome.LATER),
    ],
)
async def test_a_greeting_decides_for_the_whole_channel(sink, open_mail, machine_time, verb, answer, outcome):
    """Refused at the door, no address is to blame; and after the rest it is tried again."""
    channel = open_mail(url(sink), answer=0.2)
    sink.answers[verb].append(answer)
    assert (await channel.send(envelope(1))).outcome is outcome
    machine_time.now += 6
    assert (await channel.send(envelope(2))).outcome is Outcome.SENT


@pytest.mark.parametrize("verb", ["MAIL", "RCPT", "DATA", "CONTENT"])
async def test_cancelling_gives_up_the_answer_and_never_poisons_the_connection(sink, open_mail, verb):
    """The conversation is ended behind the back of who left, and the next mail finds the connection in order."""
    channel = open_mail(url(sink), connections=1)
    hold = Hold({"MAIL": "250 ok", "RCPT": "250 ok", "DATA": "354 go", "CONTENT": "250 ok"}[verb])
    sink.answers[verb].append(hold)
    sending = asyncio.create_task(channel.send(envelope(1)))
    await hold.reached.wait()
    sending.cancel()
    with pytest.raises(asyncio.CancelledError):
        await sending
    hold.let_go()
    assert (await channel.send(envelope(2))).outcome is Outcome.SENT
    assert [taken.raw for taken in sink.taken] == [COMPOSER.compose(envelope(number)).raw for number in (1, 2)]
    assert sink.connections == 1


async def test_what_was_cancelled_before_it_began_is_not_sent(sink, open_mail):
    """Only what was under way may arrive after its sender has gone."""
    channel = open_mail(url(sink), connections=1)
    hold = Hold("250 ok")
    sink.answers["MAIL"].append(hold)
    first = asyncio.create_task(channel.send(envelope(1)))
    await hold.reached.wait()
    second = asyncio.create_task(channel.send(envelope(2)))
    await asyncio.sleep(0)
    second.cancel()
    hold.let_go()
    assert (await first).outcome is Outcome.SENT
    assert (await channel.send(envelope(3))).outcome is Outcome.SENT
    assert [taken.rcpt_line[9:15] for taken in sink.taken] == ["owner1", "owner3"]


async def test_closing_waits_for_what_is_under_way_and_says_goodbye(sink, open_mail):
    """Nothing is cut off; every connection is left with QUIT."""
    channel = open_mail(url(sink), connections=2)
    hold = Hold("250 ok")
    sink.answers["CONTENT"].append(hold)
    sending = asyncio.create_task(channel.send(envelope(1)))
    await hold.reached.wait()
    closing = [asyncio.create_task(channel.close()) for _ in range(2)]  # closing twice is closing
    await asyncio.sleep(0)
    assert not closing[0].done()
    hold.let_go()
    await asyncio.gather(*closing)
    assert (await sending).outcome is Outcome.SENT
    assert sink.count("QUIT") == sink.connections == 1


async def test_a_bug_reaches_who_asked_and_not_who_waits_behind(sink, machine_time, tmp_path):
    """A mail that is none raises where it was handed in; the line lives on."""
    settings = read_settings(url(sink), "engawa@example.jp", tmp_path, "")
    assert settings.server is not None
    pool = Pool(settings, settings.server, machine_time, Limits(connections=1))
    with pytest.raises(UnicodeEncodeError):
        await pool.carry(Mail("key", "owner@example.jp", "縁側"))  # type: ignore[arg-type]
    assert (await pool.carry(COMPOSER.compose(envelope()))).outcome is Outcome.SENT
    await pool.close()


async def test_an_impossible_address_or_message_never_reaches_the_server(sink, open_mail):
    """The address is given up, or the message refused, with the reason and without a connection."""
    channel = open_mail(url(sink))
    assert (await channel.send(envelope(address="taro at example"))).outcome is Outcome.DEAD
    refused = await channel.send(envelope(key="no key\r\n"))
    assert (refused.outcome, "key" in refused.detail) == (Outcome.REFUSED, True)
    assert sink.connections == 0
