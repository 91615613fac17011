"""Through a real Postfix, which is as particular as the servers our mail meets on its way."""

import asyncio
import email
import email.policy
from dataclasses import replace

from bot.channels.mail.compose import Composer
from bot.channels.mail.plus import plus_address
from bot.channels.mail.settings import ImapServer
from bot.core.arrival import What
from bot.core.delivery import Outcome
from tests.bot.channels.mail.mails import heard
from tests.bot.channels.mail.samples import MESSAGE, SENDER, VISIT, WORDS, envelope

MAILBOX = ImapServer("127.0.0.1", 1, False, "INBOX", "engawa", "secret")
COMPOSER = Composer(SENDER, WORDS)
LONG_TITLE = "😀5年目の点検（外まわり・床下・配管・雨どい・ベランダ）のお願いと、ご都合のうかがい: 12月1日(火)ごろ" * 2


async def test_every_byte_of_a_japanese_mail_arrives(postfix, open_mail):
    """Long subject, calendar file, stop link: Postfix puts its Received line on top and changes nothing below."""
    letter = envelope(message=replace(MESSAGE, title=LONG_TITLE, visit=VISIT))
    receipt = await open_mail(postfix.url).send(letter)
    assert receipt.outcome is Outcome.SENT
    assert receipt.provider_id
    (arrived,) = await postfix.sink.arrived(len)
    assert arrived.content.endswith(COMPOSER.compose(letter).raw)
    assert arrived.parsed()["Subject"] == LONG_TITLE
    assert arrived.recipients == ("owner1@example.jp",)


async def test_a_carrier_address_with_odd_dots_goes_through(postfix, open_mail):
    """Quoted as the standard asks, it comes out the far side (whose library shows it without the quotes)."""
    await open_mail(postfix.url).send(envelope(address="taro..y.@docomo.example"))
    (arrived,) = await postfix.sink.arrived(len)
    assert arrived.recipients == ("taro..y.@docomo.example",)


async def test_a_bounce_comes_back_with_the_key(postfix, open_mail):
    """The delivery report asked for names the envelope, so that it can be told which message did not arrive."""
    postfix.sink.refuse("owner1@example.jp")
    assert (await open_mail(postfix.url).send(envelope())).outcome is Outcome.SENT
    (bounce,) = await postfix.sink.arrived(len)
    assert (bounce.sender, bounce.recipients) == ("", (SENDER.address,))
    report = next(part for part in bounce.parsed().walk() if part.get_content_type() == "message/delivery-status")
    about_mail, about_recipient = report.get_payload()
    assert about_mail["Original-Envelope-Id"] == envelope().key
    assert (about_recipient["Action"], about_recipient["Status"]) == ("failed", "5.1.1")


async def test_a_bounce_is_read_as_it_comes_from_postfix(postfix, open_mail):
    """To the mail's own address, with both names of the recipient; a full mailbox is nobody's end."""
    channel = open_mail(postfix.url, mailbox=MAILBOX)
    for number, refusal, what in ((1, "550 5.1.1 No such user", What.FAILED), (2, "552 5.2.2 Full", What.RETURNED)):
        letter = envelope(number)
        postfix.sink.refuse(letter.address, refusal)
        assert (await channel.send(letter)).outcome is Outcome.SENT
        bounce = (await postfix.sink.arrived(lambda mails, number=number: len(mails) >= number))[-1]
        assert (bounce.sender, bounce.recipients) == ("", (plus_address(SENDER, letter.key),))
        found = heard(bounce.content)
        assert (found.what, found.address, found.answers_key) == (what, letter.address, letter.key)


async def test_a_batch_arrives_once_each(postfix, open_mail):
    """A hundred and twenty over four connections of at most ten mails each."""
    channel = open_mail(postfix.url, mails_each=10)
    letters = [envelope(number) for number in range(120)]
    receipts = await asyncio.gather(*[channel.send(letter) for letter in letters])
    assert {receipt.outcome for receipt in receipts} == {Outcome.SENT}
    arrived = await postfix.sink.arrived(lambda mails: len(mails) >= 120)
    found = [email.message_from_bytes(mail.content, policy=email.policy.default)["Message-ID"] for mail in arrived]
    assert sorted(found) == [f"<0f8fad5b-d9cb-469f-a165-{number:012d}@example.jp>" for number in range(120)]


async def test_a_recipient_that_postfix_itself_refuses_is_dead(postfix, open_mail):
    """Refused at RCPT with Postfix's own words; the next mail goes over the same connection."""
    channel = open_mail(postfix.url, connections=1)
    receipt = await channel.send(envelope(1, address="taro@127.0.0.1"))
    assert (receipt.outcome, "5.1.3" in receipt.detail) == (Outcome.DEAD, True)
    assert (await channel.send(envelope(2))).outcome is Outcome.SENT


async def test_a_mail_beyond_the_servers_size_is_refused_before_it_is_sent(postfix, open_mail):
    """The size is announced; the message can never pass, and neither address nor channel is to blame."""
    receipt = await open_mail(postfix.url).send(envelope(message=replace(MESSAGE, paragraphs=("縁側" * 1_000_000,))))
    assert (receipt.outcome, "5.3.4" in receipt.detail) == (Outcome.REFUSED, True)
