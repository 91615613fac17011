"""What every channel keeps in hearing, and in inviting people: told to each by its rig, like contract.py.

A channel's tests subclass Inward and give a ``hearing`` fixture.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import pytest

from bot.core.arrival import Answer, Answered, Event, What
from bot.core.link_code import read_code
from bot.core.message import Button
from tests.bot.channels.contract import PLAIN

CODE = "K7PM3XQD"


class Hearing(Protocol):
    """A rig that is also written to: each gives the events as the door would store them."""

    channel: Any
    address: str

    async def says(self, text: str) -> Event: ...

    async def presses(self, button: Button) -> Event: ...

    async def sends_file(self, data: bytes) -> Event: ...

    refusals: Mapping[str, int]  # what is refused otherwise than the suite says, by name: see STATUSES

    async def knocks(self, headers: Mapping[str, str], body: bytes) -> Answer | None:
        """A request at the door as it stands; None where the platform is asked and never calls."""
        ...

    def signed(self, body: bytes) -> Mapping[str, str]:
        """The headers of a genuine request with this body."""
        ...

    def genuine(self) -> bytes:
        """The body of a genuine request."""
        ...


# What may come under a good signature, by name.
RUBBISH: Mapping[str, bytes] = {
    "empty": b"",
    "no text": b"\xff\xfe",
    "truncated": b"{",
    "a list": b"[]",
    "nothing": b"null",
    "wrong types": b'{"events": 1}',
    "deep lists": b"[" * 100_000,
    "deep objects": b'{"a":' * 50_000,
    "no number": b'{"a": NaN}',
}
STATUSES = {"forged": 401, "oversized": 413, **dict.fromkeys(RUBBISH, 400)}
FAR_TOO_MUCH = 64 * 1024 * 1024 + 1  # bytes: more than any door takes


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
            await self.refused(hearing, "forged", headers, body)

    async def test_a_request_cut_short_changes_nothing(self, hearing: Hearing):
        """Under its own signature: whoever cut it off could not sign what was left."""
        body = hearing.genuine()
        short = body[: len(body) // 2]
        signs_bodies = hearing.signed(body) != hearing.signed(body + b" ")
        await self.refused(hearing, "forged" if signs_bodies else "truncated", hearing.signed(body), short)

    async def test_too_much_is_refused_for_being_too_much(self, hearing: Hearing):
        body = b" " * FAR_TOO_MUCH
        await self.refused(hearing, "oversized", hearing.signed(body), body)

    @pytest.mark.parametrize("what", RUBBISH)
    async def test_rubbish_under_a_good_signature_is_refused(self, hearing: Hearing, what: str):
        await self.refused(hearing, what, hearing.signed(RUBBISH[what]), RUBBISH[what])

    async def test_a_genuine_request_twice_is_one_thing(self, hearing: Hearing):
        """What an eavesdropper or a platform repeats brings nothing new."""
        body = hearing.genuine()
        first, again = [await hearing.knocks(hearing.signed(body), body) for _ in range(2)]
        if first is None or again is None:
            pytest.skip("the platform is asked, and never calls")
        assert first.status == again.status
        assert {event.id for event in again.events} <= {event.id for event in first.events}

    @staticmethod
    async def refused(hearing: Hearing, what: str, headers: Mapping[str, str], body: bytes) -> None:
        answer = await hearing.knocks(headers, body)
        if answer is None:
            pytest.skip("the platform is asked, and never calls")
        assert (answer.status, answer.events) == ((STATUSES | dict(hearing.refusals))[what], ())

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
