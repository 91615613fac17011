"""What the channel to the guarantor's core system keeps, against a counterpart that refuses what a real one would."""

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
import pytest_asyncio

from bot.channels.guarantor_http.channel import A_PAGE, GuarantorChannel, receipt_of
from bot.channels.guarantor_http.door import LARGEST, Door, parse
from bot.channels.guarantor_http.settings import GuarantorSettings, read_settings
from bot.channels.machine import Answer
from bot.core.arrival import What
from bot.core.delivery import Envelope, Outcome, Receipt
from bot.core.signature import OLDEST, is_genuine, sign
from engawa_fakes import Trouble
from engawa_fakes.guarantor import FakeGuarantor
from scheduler.clock import machine_now
from tests.bot.channels.contract import WRITTEN_AT
from tests.templates.samples import RENDERER, part

SECRET = FakeGuarantor.secret
NOW = datetime(2027, 2, 21, 3, tzinfo=UTC)
KNOWN = {"guarantee_no": "Z-1", "id": "0" * 16, "on": "2027-02-20", "at": "2027-02-20T10:00:00+09:00"}
RISK = KNOWN | {"state": "at_risk", "reasons": ["overdue"]}
EVENT = {"id": "e1", "kind": "death", "guarantee_no": "Z-1", "on": "2027-02-20", "at": "2027-02-20T10:00:00+09:00"}


def envelope(at: str, kind: str = "guarantor_standing", **given: Any) -> Envelope:
    """One change as the dispatcher hands it over."""
    record = {**RISK, **given} if kind == "guarantor_standing" else {**KNOWN, **given}
    message = RENDERER.part(part(kind, record, "relay", case=""), "ja", "")
    return Envelope(str(uuid4()), at, "保証機関", message, WRITTEN_AT, record=record)


@pytest_asyncio.fixture
async def channel(fake_guarantor: FakeGuarantor) -> AsyncIterator[GuarantorChannel]:
    fake_guarantor.guarantees.add("Z-1")
    found = GuarantorChannel(GuarantorSettings(fake_guarantor.url, SECRET), machine_now)
    yield found
    await found.close()


@pytest.mark.parametrize("kind", ["guarantor_standing", "guarantor_owners"])
async def test_a_change_arrives_signed(channel: GuarantorChannel, fake_guarantor: FakeGuarantor, kind: str):
    assert await channel.send(envelope(fake_guarantor.url, kind)) == Receipt(Outcome.SENT)
    (told,) = fake_guarantor.told
    assert (told["kind"], told["guarantee_no"]) == (kind.partition("_")[2], "Z-1")


async def test_a_repeat_under_the_same_key_is_taken_once(channel: GuarantorChannel, fake_guarantor: FakeGuarantor):
    same = envelope(fake_guarantor.url)
    receipts = [await channel.send(same) for _ in range(3)]
    assert [receipt.outcome for receipt in receipts] == [Outcome.SENT] * 3
    assert receipts[-1].detail == "accepted before"
    assert len(fake_guarantor.told) == 1
    bodies = {call.body for call in fake_guarantor.calls}
    assert len(bodies) == 1


async def test_a_key_that_stood_for_something_else_is_refused(channel: GuarantorChannel, fake_guarantor: FakeGuarantor):
    first = envelope(fake_guarantor.url)
    other = Envelope(first.key, first.address, "", first.message, WRITTEN_AT, record={**RISK, "state": "good"})
    await channel.send(first)
    assert (await channel.send(other)).outcome is Outcome.REFUSED


async def test_an_unknown_number_and_an_odd_change_are_refused(
    channel: GuarantorChannel, fake_guarantor: FakeGuarantor
):
    unknown = await channel.send(envelope(fake_guarantor.url, guarantee_no="Z-2"))
    odd = await channel.send(envelope(fake_guarantor.url, state="splendid"))
    assert (unknown.outcome, unknown.detail) == (Outcome.REFUSED, "404 no such guarantee")
    assert (odd.outcome, odd.detail[:3]) == (Outcome.REFUSED, "422")


@pytest.mark.parametrize(
    ("trouble", "outcome"),
    [
        (Trouble.BUSY, Outcome.LATER),
        (Trouble.BROKEN, Outcome.LATER),
        (Trouble.HTML, Outcome.LATER),
        (Trouble.BAD_UTF8, Outcome.LATER),
        (Trouble.DROPPED, Outcome.UNKNOWN),
        (Trouble.LOST, Outcome.UNKNOWN),
    ],
)
async def test_whatever_goes_wrong_is_told_apart_and_the_next_one_goes_out(
    channel: GuarantorChannel, fake_guarantor: FakeGuarantor, trouble: Trouble, outcome: Outcome
):
    fake_guarantor.next(trouble)
    receipt = await channel.send(envelope(fake_guarantor.url))
    assert receipt.outcome is outcome
    assert receipt.retry_after == (90 if trouble is Trouble.BUSY else None)
    assert (await channel.send(envelope(fake_guarantor.url))).outcome is Outcome.SENT


async def test_a_machine_that_hangs_costs_one_attempt(fake_guarantor: FakeGuarantor):
    hasty = GuarantorChannel(GuarantorSettings(fake_guarantor.url, SECRET), machine_now, patience=0.2)
    fake_guarantor.next(Trouble.SILENT)
    assert (await hasty.send(envelope(fake_guarantor.url))).outcome is Outcome.UNKNOWN
    await hasty.close()


async def test_another_secret_closes_the_way_and_shows_nowhere(fake_guarantor: FakeGuarantor):
    other = GuarantorChannel(GuarantorSettings(fake_guarantor.url, "quite-another-secret"), machine_now)
    receipt = await other.send(envelope(fake_guarantor.url))
    assert receipt.outcome is Outcome.CLOSED
    assert "quite-another" not in repr(receipt) + repr(vars(other))
    await other.close()


async def test_nobody_listens_there(channel: GuarantorChannel):
    assert (await channel.send(envelope("http://127.0.0.1:9"))).outcome is Outcome.LATER


def test_an_answer_without_sense_counts_by_its_status():
    assert receipt_of(Answer(200, {}, b"\xff")).outcome is Outcome.SENT
    assert receipt_of(Answer(409, {}, b"\xff")).outcome is Outcome.REFUSED
    assert receipt_of(Answer(429, {"Retry-After": "soon"}, b"")).retry_after == 60
    assert receipt_of(Answer(302, {}, b"")).outcome is Outcome.REFUSED


async def numbers(channel: GuarantorChannel) -> list[str]:
    return [number async for number in channel.guarantee_numbers()]


@pytest.mark.parametrize("count", [1, A_PAGE - 1, A_PAGE, A_PAGE + 1, 2 * A_PAGE])
async def test_the_list_is_read_page_by_page(channel: GuarantorChannel, fake_guarantor: FakeGuarantor, count: int):
    """Odd characters too: a number is whatever they call it."""
    fake_guarantor.guarantees = {f"第{n:05}号/&" for n in range(count)}
    assert await numbers(channel) == sorted(fake_guarantor.guarantees)


@pytest.mark.parametrize("trouble", [Trouble.BROKEN, Trouble.BAD_JSON, Trouble.DROPPED, Trouble.BUSY])
async def test_half_a_list_is_none(channel: GuarantorChannel, fake_guarantor: FakeGuarantor, trouble: Trouble):
    fake_guarantor.next(trouble, trouble)  # a list is asked for once more where the line broke
    with pytest.raises(OSError, match="list"):
        await numbers(channel)


async def knock(body: bytes, headers: dict[str, str] | None = None, second: int | None = None) -> int:
    stamp = int(NOW.timestamp()) if second is None else second
    signed = {name.lower(): value for name, value in sign(SECRET, stamp, body).items()}
    return (await Door(SECRET, lambda: NOW).read(signed if headers is None else headers, body)).status


async def test_the_door_opens_for_a_genuine_young_event():
    body = json.dumps(EVENT).encode()
    stamp = int(NOW.timestamp())
    assert await knock(body) == 200
    assert await knock(body, headers={}) == 401
    assert [await knock(body, second=stamp + off) for off in (OLDEST, -OLDEST)] == [200, 200]
    assert [await knock(body, second=stamp + off) for off in (OLDEST + 1, -OLDEST - 1)] == [401, 401]


async def test_what_was_changed_on_the_way_is_not_let_in():
    body = json.dumps(EVENT).encode()
    signed = {name.lower(): value for name, value in sign(SECRET, int(NOW.timestamp()), body).items()}
    assert await knock(body.replace(b"Z-1", b"Z-2"), headers=signed) == 401
    assert not is_genuine("another-secret-here", signed, body, NOW.timestamp())
    assert await knock(body, headers=signed | {"engawa-timestamp": "１"}) == 401


async def test_too_much_no_json_and_no_event_are_told_apart():
    assert await knock(b"x" * (LARGEST + 1)) == 413
    assert await knock(b"[]") == 400
    for broken in (
        {"id": ""},
        {"kind": "lapse"},
        {"on": "yesterday"},
        {"at": "2027-02-20T10:00:00"},
        {"guarantee_no": "Z" * 65},
        {"kind": "new"},
        {"residual_month": "2047-13"},
    ):
        assert await knock(json.dumps(EVENT | broken).encode()) == 422, broken


def test_one_event_is_a_machines_word():
    found = parse(EVENT)
    assert (found.what, found.event_id) == (What.NEWS, "e1")
    assert found.told is not None


@pytest.mark.parametrize(
    ("url", "secret"),
    [
        ("https://a.example", ""),
        ("", "a-secret-of-both-sides"),
        ("a.example", "a-secret-of-both-sides"),
        ("https://a.example", "short"),
        ("https://a.example/?x=1", "a-secret-of-both-sides"),
    ],
)
def test_settings_are_refused_in_one_line_without_the_secret(url: str, secret: str):
    assert read_settings({}) is None
    with pytest.raises(ValueError, match="ENGAWA_GUARANTOR") as refused:
        read_settings({"ENGAWA_GUARANTOR_URL": url, "ENGAWA_GUARANTOR_SECRET": secret})
    assert not secret or secret not in str(refused.value)
