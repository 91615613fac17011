"""What we write is taken by a server that refuses what large providers refuse; its trouble costs an attempt."""

from dataclasses import replace

import pytest

from bot.core.delivery import Outcome
from engawa_fakes import Trouble
from engawa_fakes.mail import FakeMail
from tests.bot.channels.contract import HOSTILE, PLAIN, envelope
from tests.bot.channels.mail.conftest import MachineTime, OpenMail
from tests.bot.channels.mail.mails import OWNER

LONG = replace(PLAIN, title="長" * 400, paragraphs=("長い話です。" * 2000, "x" * 5000, "行\r行\n行\u2028行"))
ODD = replace(PLAIN, title=HOSTILE, paragraphs=(HOSTILE, "."), facts=((HOSTILE, "\n.\n"),))


@pytest.mark.parametrize("message", [PLAIN, LONG, ODD], ids=["plain", "long", "odd"])
async def test_what_we_write_is_taken(fake_mail: FakeMail, open_mail: OpenMail, message):
    receipt = await open_mail(fake_mail.url).send(envelope(OWNER, message))
    assert receipt.outcome is Outcome.SENT, receipt.detail
    (seen,) = fake_mail.received(OWNER)
    assert seen["Message-ID"]


async def test_who_is_unknown_there_is_told_apart(fake_mail: FakeMail, open_mail: OpenMail):
    fake_mail.unknown.add(OWNER)
    assert (await open_mail(fake_mail.url).send(envelope(OWNER))).outcome is Outcome.DEAD


@pytest.mark.parametrize("trouble", Trouble)
async def test_each_trouble_costs_one_attempt(
    fake_mail: FakeMail, open_mail: OpenMail, machine_time: MachineTime, trouble: Trouble
):
    """And a rest for the server, where it said nothing at all."""
    channel = open_mail(fake_mail.url, answer=0.5)
    fake_mail.next(trouble)
    assert (await channel.send(envelope(OWNER))).outcome in (Outcome.LATER, Outcome.UNKNOWN)
    machine_time.now += 60
    assert (await channel.send(envelope(OWNER))).outcome is Outcome.SENT
