"""Submitters' own addresses: what each answer means, and that nobody has us knock at doors inside."""

from typing import Any

import pytest

from bot.channels.submitter_http.channel import SubmitterChannel, body_of
from bot.channels.submitter_http.resolver import InsideError, PublicResolver
from bot.core.delivery import Envelope, Outcome
from bot.core.message import Message
from bot.core.signature import written_secret
from engawa_fakes import Trouble
from engawa_fakes.submitter import FakeSubmitter
from scheduler.clock import machine_now
from tests.bot.channels.contract import envelope

KEY = b"k" * 32
NEWS = Message(kind="hook_news", language="ja", title="", paragraphs=(), facts=(), buttons=(), footer=())
TOLD = {"hook": "wh_0", "type": "work.due", "at": "2027-01-12T10:00:00+09:00", "servicer": "B1"}


def news(url: str, **more: Any) -> Envelope:
    return envelope(url, NEWS, record={**TOLD, "data": {"house_id": "H1"}, **more})


def channel(*, own: bool = True, patience: float = 5.0) -> SubmitterChannel:
    return SubmitterChannel(lambda name: KEY if name == "hook:wh_0" else b"", machine_now, own, patience)


async def test_it_is_told_once_however_often_it_is_sent(fake_submitter: FakeSubmitter):
    fake_submitter.secret = written_secret(KEY)
    ours, same = channel(), news(fake_submitter.hook)
    assert [(await ours.send(same)).outcome for _ in range(2)] == [Outcome.SENT] * 2
    assert (list(fake_submitter.told), fake_submitter.again) == ([same.key], 1)
    assert (await ours.send(news(fake_submitter.hook, again=same.key))).outcome is Outcome.SENT
    assert fake_submitter.again == 2
    assert b"B1" not in body_of(same)
    assert KEY.decode() not in repr(vars(ours))
    await ours.close()


@pytest.mark.parametrize(
    ("trouble", "outcome"),
    [
        (Trouble.BUSY, Outcome.LATER),
        (Trouble.BROKEN, Outcome.LATER),
        (Trouble.HTML, Outcome.LATER),
        (Trouble.DROPPED, Outcome.UNKNOWN),
        (Trouble.SILENT, Outcome.UNKNOWN),
    ],
)
async def test_trouble_costs_one_attempt(fake_submitter: FakeSubmitter, trouble: Trouble, outcome: Outcome):
    fake_submitter.secret = written_secret(KEY)
    ours = channel(patience=0.5)
    fake_submitter.next(trouble)
    receipt = await ours.send(news(fake_submitter.hook))
    assert receipt.outcome is outcome
    assert receipt.retry_after == (90.0 if trouble is Trouble.BUSY else None)
    await ours.close()


async def test_who_is_gone_is_told_apart_from_who_is_elsewhere(fake_submitter: FakeSubmitter):
    ours = channel()
    fake_submitter.moved_to = "http://169.254.169.254/"
    assert (await ours.send(news(fake_submitter.hook))).detail == "307"
    fake_submitter.gone = True
    assert (await ours.send(news(fake_submitter.hook))).outcome is Outcome.DEAD
    await ours.close()


async def test_a_name_that_leads_inside_is_not_followed(fake_submitter: FakeSubmitter):
    """Looked at when it is sent, whatever it led to when it was registered."""
    with pytest.raises(InsideError):
        await PublicResolver(own=False).resolve("localhost")
    ours = channel(own=False)
    for url in (fake_submitter.hook, fake_submitter.hook.replace("127.0.0.1", "localhost")):
        assert (await ours.send(news(url))).outcome is Outcome.LATER
    assert fake_submitter.calls == []
    await ours.close()
