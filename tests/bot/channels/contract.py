"""What every channel keeps, whatever its platform: one suite, told to each by a Rig.

A channel's tests subclass Outward and Inward and give a ``rig`` fixture.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Protocol
from uuid import uuid4

import pytest

from bot.core.arrival import Answer, Answered, Event, What
from bot.core.delivery import Channel, Envelope, Outcome
from bot.core.link_code import read_code
from bot.core.message import Button, Message

CODE = "K7PM3XQD"
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
    """One channel and its platform's counterpart, ready. ``address`` is somebody who can be reached there."""

    channel: Channel
    address: str
    blocked: str  # an address that will never take anything again
    secrets: Sequence[str]  # what must never be shown

    def reached(self, address: str) -> list[str]:
        """The texts that this person has been shown, one for each message, buttons' labels included."""
        ...

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

    async def test_who_cannot_be_reached_any_more_is_told_apart(self, rig: Rig):
        assert (await rig.channel.send(envelope(rig.blocked))).outcome is Outcome.DEAD

    async def test_a_busy_platform_is_waited_for(self, rig: Rig):
        wait = rig.busy()
        receipt = await rig.channel.send(envelope(rig.address))
        assert receipt.outcome is Outcome.LATER
        assert wait is None or (receipt.retry_after or 0) >= wait
        assert rig.reached(rig.address) == []

    async def test_a_broken_platform_costs_one_attempt(self, rig: Rig):
        rig.broken()
        assert (await rig.channel.send(envelope(rig.address))).outcome in (Outcome.LATER, Outcome.UNKNOWN)
        assert (await rig.channel.send(envelope(rig.address))).outcome is Outcome.SENT

    async def test_whatever_it_answers_is_an_answer(self, rig: Rig):
        """HTML, half a JSON, bytes that are no text, a broken line: never an exception, and the next one goes out."""
        for how in rig.odd():
            rig.strange(how)
            receipt = await rig.channel.send(envelope(rig.address))
            assert receipt.outcome in (Outcome.SENT, Outcome.LATER, Outcome.UNKNOWN), how
        assert (await rig.channel.send(envelope(rig.address))).outcome is Outcome.SENT

    async def test_an_answer_that_never_came_is_not_called_a_failure(self, rig: Rig):
        rig.lost()
        receipt = await rig.channel.send(envelope(rig.address))
        assert receipt.outcome is Outcome.UNKNOWN
        assert len(rig.reached(rig.address)) == 1

    async def test_bad_credentials_close_the_channel_and_blame_nobody(self, rig: Rig):
        rig.locked_out()
        receipt = await rig.channel.send(envelope(rig.address))
        assert receipt.outcome is Outcome.CLOSED
        assert not any(secret in repr(receipt) for secret in rig.secrets)

    async def test_closing_twice_is_closing_once(self, rig: Rig):
        await rig.channel.send(envelope(rig.address))
        await rig.channel.close()
        await rig.channel.close()

    async def test_no_secret_shows(self, rig: Rig):
        shown = repr(rig.channel) + repr(vars(rig.channel))
        assert not any(secret in shown for secret in rig.secrets)


class Hearing(Protocol):
    """A rig that is also written to: each gives the events as the door would store them."""

    channel: Any
    address: str

    async def says(self, text: str) -> Event: ...

    async def presses(self, button: Button) -> Event: ...

    async def sends_file(self, data: bytes) -> Event: ...

    async def knocks(self, headers: Mapping[str, str], body: bytes) -> Answer | None:
        """A request at the door as it stands; None where the platform is asked and never calls."""
        ...

    def signed(self, body: bytes) -> Mapping[str, str]:
        """The headers of a genuine request with this body."""
        ...

    def genuine(self) -> bytes:
        """The body of a genuine request."""
        ...


RUBBISH = (b"", b"\xff\xfe", b"{", b"[]", b"null", b'{"events": 1}', b"[" * 100_000, b'{"a":' * 50_000, b'{"a": NaN}')


class Inward:
    """What hearing keeps."""

    async def test_words_come_in_with_their_writer(self, hearing: Hearing):
        heard = self.parsed(hearing, await hearing.says("終わりました"))
        assert (heard.what, heard.address, heard.text) == (What.SAID, hearing.address, "終わりました")

    async def test_a_pressed_button_says_what_was_on_it(self, hearing: Hearing):
        heard = self.parsed(hearing, await hearing.presses(PLAIN.buttons[0]))
        assert (heard.what, heard.address) == (What.SAID, hearing.address)
        assert heard.action == PLAIN.buttons[0].action

    async def test_an_event_keeps_its_name(self, hearing: Hearing):
        """What the platform delivers twice has one id, and different things have different ones."""
        first, second = await hearing.says("一つ"), await hearing.says("二つ")
        assert first.id != second.id
        assert self.parsed(hearing, first) == self.parsed(hearing, first)

    async def test_a_forged_request_changes_nothing(self, hearing: Hearing):
        body = hearing.genuine()
        genuine, other = hearing.signed(body), hearing.signed(body + b" ")
        forged: list[Mapping[str, str]] = [{}, dict.fromkeys(genuine, "x")]
        forged += [other] if other != genuine else []  # a platform that shows a bare secret signs no body
        for headers in forged:
            answer = await hearing.knocks(headers, body)
            assert answer is None or (answer.status in (400, 401, 403) and not answer.events)

    async def test_rubbish_under_a_good_signature_is_refused(self, hearing: Hearing):
        for body in RUBBISH:
            answer = await hearing.knocks(hearing.signed(body), body)
            assert answer is None or (answer.status < 500 and not answer.events), body[:20]

    @staticmethod
    def parsed(hearing: Hearing, event: Event) -> Any:
        channel: Answered = hearing.channel
        return channel.parse(event.raw)


class Invited(Protocol):
    """A rig to whose platform a person comes with a code."""

    channel: Any

    async def opens(self, url: str) -> Event:
        """Somebody follows the address, and sends what it holds ready."""
        ...

    def broken(self) -> None: ...

    def odd(self) -> Sequence[str]: ...

    def strange(self, how: str) -> None: ...


class Inviting:
    """What a way to link an account keeps."""

    async def test_the_code_comes_in_by_the_address(self, rig: Invited):
        heard = rig.channel.parse((await rig.opens(await rig.channel.invitation(CODE))).raw)
        assert (heard.what, read_code(heard.text)) == (What.SAID, CODE)

    async def test_while_the_platform_is_unwell_there_is_no_address(self, rig: Invited):
        """Never an exception: the code is typed then. The next one who asks gets it."""
        rig.broken()
        assert await rig.channel.invitation(CODE) == ""
        for how in rig.odd():
            rig.strange(how)
            await rig.channel.invitation(CODE)
        assert await rig.channel.invitation(CODE)

    async def test_the_platform_is_asked_once(self, rig: Invited):
        first = await rig.channel.invitation(CODE)
        rig.broken()
        assert await rig.channel.invitation(CODE) == first
