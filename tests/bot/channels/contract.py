"""What every channel keeps in sending, whatever its platform: one suite, told to each by a Rig.

A channel's tests subclass Outward, and CallingOut where a platform lies between it and the person, and give a ``rig``
fixture. What it keeps in hearing stands in contract_inward.py.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Protocol
from uuid import uuid4

import pytest

from bot.core.delivery import Channel, Envelope, Outcome
from bot.core.message import Button, Message

WRITTEN_AT = datetime(2026, 11, 26, 1, 0, tzinfo=UTC)
PLAIN = Message(
    kind="owner_ask",
    language="ja",
    title="5年目の点検（外まわり・床下）の日取り",
    paragraphs=("丸太工務店がうかがいます。立ち会いは1時間ほどです。", "ご都合のよい日をお選びください。"),
    facts=(("住宅番号", "H-0001"), ("期日", "2027年4月1日(木)")),
    buttons=(Button("2月24日(水)", "pick:H-0001-1:0:2027-02-24"), Button("あとで", "later:H-0001-1:0:")),
    footer=("残価保証機関の依頼で、縁側からお送りしています。", "止めたいときは「停止」とお返事ください。"),
)
HOSTILE = "<b>&amp;</b> *_`[x](http://evil.example)` <!channel> <@U1> @here =1+1 {{7*7}} %s \u202e\x07"


def envelope(address: str, message: Message = PLAIN, **given: Any) -> Envelope:
    """One message as the dispatcher hands it over."""
    usual = Envelope(
        key=str(uuid4()),
        address=address,
        name="山田 花子",
        message=message,
        written_at=WRITTEN_AT,
        page_url="https://engawa.example.jp/c/token",
        button_url="https://engawa.example.jp/c/token?answer=",
        stop_url="https://engawa.example.jp/stop/token",
    )
    return replace(usual, **given)


class Rig(Protocol):
    """One channel, ready. ``address`` is somebody who can be reached there."""

    channel: Channel
    address: str
    secrets: Sequence[str]  # what must never be shown

    def reached(self, address: str) -> list[str]:
        """The texts that this person has been shown, one for each message, buttons' labels included."""
        ...


class CallingRig(Rig, Protocol):
    """The same with its platform's counterpart."""

    blocked: str  # an address that will never take anything again
    hasty: Channel  # another channel to the same platform, which soon gives up waiting

    def busy(self) -> float | None:
        """The platform takes no more for now; the seconds it asks for, None where it names none."""
        ...

    def broken(self) -> None:
        """The platform fails on its own side, once."""
        ...

    def odd(self) -> Sequence[str]:
        """What else may come back from it, by name; ``strange`` brings one about, once."""
        ...

    def strange(self, how: str) -> None: ...

    def lost(self) -> None:
        """The platform takes the next message, and its answer never comes."""
        ...

    def hangs(self) -> None:
        """The platform takes the next message that is sent to it, and never answers."""
        ...

    def locked_out(self) -> None:
        """Our credentials are no longer accepted."""
        ...


class Outward:
    """What sending keeps."""

    async def test_a_message_reaches_its_person_once_and_whole(self, rig: Rig):
        receipt = await rig.channel.send(envelope(rig.address))
        assert receipt.outcome is Outcome.SENT
        assert receipt.provider_id
        (text,) = rig.reached(rig.address)
        for said in (PLAIN.title, *PLAIN.paragraphs, "H-0001", *(button.label for button in PLAIN.buttons)):
            assert said in text

    async def test_a_repeat_under_the_same_key_reaches_them_once_where_the_channel_says_so(self, rig: Rig):
        if not rig.channel.abilities.repeatable:
            pytest.skip("an unknown outcome is not repeated here")
        same = envelope(rig.address)
        assert [(await rig.channel.send(same)).outcome for _ in range(3)] == [Outcome.SENT] * 3
        assert len(rig.reached(rig.address)) == 1

    async def test_hostile_words_stay_words(self, rig: Rig):
        """Whatever a builder's file holds, the platform takes it, and nobody is called, linked or formatted."""
        message = replace(PLAIN, title=HOSTILE[:60], paragraphs=(HOSTILE,), facts=((HOSTILE[:20], HOSTILE),))
        assert (await rig.channel.send(envelope(rig.address, message))).outcome is Outcome.SENT
        (text,) = rig.reached(rig.address)
        assert "<b>" in text
        assert "=1+1 {{7*7}} %s" in text

    async def test_what_is_far_too_long_is_sent_all_the_same(self, rig: Rig):
        """The platform's limits are kept, and what does not fit is said to stand on the person's page."""
        many = tuple(Button(f"{day}番目の日", f"pick:H-0001-1:0:2027-02-{day:02}") for day in range(1, 21))
        message = replace(PLAIN, title="長" * 400, paragraphs=("長い話です。" * 2000,), buttons=many)
        assert (await rig.channel.send(envelope(rig.address, message))).outcome is Outcome.SENT

    async def test_closing_twice_is_closing_once(self, rig: Rig):
        await rig.channel.send(envelope(rig.address))
        await rig.channel.close()
        await rig.channel.close()

    async def test_no_secret_shows(self, rig: Rig):
        shown = repr(rig.channel) + repr(vars(rig.channel))
        assert not any(secret in shown for secret in rig.secrets)


class CallingOut(Outward):
    """What sending keeps where a platform may be busy, broken, strange, silent, or done with us."""

    async def test_who_cannot_be_reached_any_more_is_told_apart(self, rig: CallingRig):
        assert (await rig.channel.send(envelope(rig.blocked))).outcome is Outcome.DEAD

    async def test_a_busy_platform_is_waited_for(self, rig: CallingRig):
        wait = rig.busy()
        receipt = await rig.channel.send(envelope(rig.address))
        assert receipt.outcome is Outcome.LATER
        assert wait is None or (receipt.retry_after or 0) >= wait
        assert rig.reached(rig.address) == []

    async def test_a_broken_platform_costs_one_attempt(self, rig: CallingRig):
        rig.broken()
        assert (await rig.channel.send(envelope(rig.address))).outcome in (Outcome.LATER, Outcome.UNKNOWN)
        assert (await rig.channel.send(envelope(rig.address))).outcome is Outcome.SENT

    async def test_a_platform_that_hangs_costs_one_attempt(self, rig: CallingRig):
        """One that we have talked with before, and that says nothing of a sudden."""
        await rig.hasty.send(envelope(rig.address))
        rig.hangs()
        assert (await rig.hasty.send(envelope(rig.address))).outcome in (Outcome.LATER, Outcome.UNKNOWN)
        assert (await rig.hasty.send(envelope(rig.address))).outcome is Outcome.SENT

    async def test_whatever_it_answers_is_an_answer(self, rig: CallingRig):
        """HTML, half a JSON, bytes that are no text, a broken line: never an exception, and the next one goes out."""
        for how in rig.odd():
            rig.strange(how)
            receipt = await rig.channel.send(envelope(rig.address))
            assert receipt.outcome in (Outcome.SENT, Outcome.LATER, Outcome.UNKNOWN), how
        assert (await rig.channel.send(envelope(rig.address))).outcome is Outcome.SENT

    async def test_an_answer_that_never_came_is_not_called_a_failure(self, rig: CallingRig):
        rig.lost()
        receipt = await rig.channel.send(envelope(rig.address))
        assert receipt.outcome is Outcome.UNKNOWN
        assert len(rig.reached(rig.address)) == 1

    async def test_bad_credentials_close_the_channel_and_blame_nobody(self, rig: CallingRig):
        rig.locked_out()
        receipt = await rig.channel.send(envelope(rig.address))
        assert receipt.outcome is Outcome.CLOSED
        assert not any(secret in repr(receipt) for secret in rig.secrets)
