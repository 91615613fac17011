"""What is sent: its form, its buttons, and what each answer of the platform means."""

import logging
from dataclasses import replace
from uuid import uuid4

import pytest
from aiohttp.web import Response
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.telegram.form import LONGEST, form_of
from bot.channels.telegram.press import data_of, read_data
from bot.core.action import LIMIT, Action, tag
from bot.core.delivery import Outcome
from bot.core.message import Button
from engawa_fakes import Trouble
from engawa_fakes.telegram import FakeTelegram
from engawa_fakes.telegram.refusal import RefusalError
from engawa_fakes.telegram.text import shown_text
from tests.bot.channels.contract import HOSTILE, PLAIN, envelope
from tests.bot.channels.telegram.conftest import WORDS, OpenTelegram, TelegramRig

LONG_ACTION = str(Action("offer_these", "H" * 64 + "-12", 3, "2027-02-24,2027-02-25,2027-02-26"))
PAGE = WORDS["ja"]["open"]


class TestForm:
    async def test_the_title_stands_out_and_the_page_is_one_tap_away(self, rig: TelegramRig):
        await rig.channel.send(envelope(rig.address))
        (said,) = rig.platform.received(int(rig.address))
        assert said.html.startswith(f"<b>{PLAIN.title}</b>\n\n")
        assert said.labels == [*(button.label for button in PLAIN.buttons), PAGE]
        assert said.rows[-1] == [{"text": PAGE, "url": "https://engawa.example.jp/c/token"}]

    async def test_a_page_that_telegram_would_refuse_is_not_linked(self, rig: TelegramRig):
        sent = await rig.channel.send(envelope(rig.address, page_url="http://127.0.0.1:8000/c/token"))
        assert sent.outcome is Outcome.SENT
        assert PAGE not in rig.platform.received(int(rig.address))[0].labels

    async def test_what_was_cut_is_said_to_stand_on_the_page(self, rig: TelegramRig):
        await rig.channel.send(envelope(rig.address, replace(PLAIN, paragraphs=("長い話です。" * 2000,))))
        (said,) = rig.platform.received(int(rig.address))
        assert WORDS["ja"]["more"] in said.text
        assert said.text.endswith(PLAIN.footer[-1])

    @given(st.lists(st.text(), max_size=4), st.text(), st.integers(1, 3000))
    def test_whatever_is_said_fits_and_parses(self, paragraphs: list[str], title: str, times: int):
        """Emoji count twice, markup is no markup, and half characters are none."""
        message = replace(PLAIN, title=f"件名{title}", paragraphs=tuple(text * times for text in paragraphs))
        shown = shown_text(form_of(envelope("1", message), WORDS).text, "HTML")
        assert len(shown.encode("utf-16-le")) // 2 <= LONGEST

    async def test_nothing_is_previewed(self, rig: TelegramRig):
        await rig.channel.send(envelope(rig.address, replace(PLAIN, paragraphs=(HOSTILE,))))
        assert b"is_disabled" in rig.platform.calls[-1].body


class TestButtons:
    async def test_an_action_with_no_room_goes_by_its_tag(self, rig: TelegramRig):
        said = envelope(rig.address, replace(PLAIN, buttons=(Button("3日とも", LONG_ACTION),)))
        assert (await rig.channel.send(said)).outcome is Outcome.SENT
        heard = rig.channel.parse(rig.platform.presses(int(rig.address), "3日とも"))
        assert (heard.action, heard.answers_key, heard.pressed) == ("", said.key, tag(LONG_ACTION))

    @given(st.text(st.characters(codec="ascii"), min_size=1, max_size=LIMIT))
    def test_every_action_has_room(self, action: str):
        key = str(uuid4())
        data = data_of(action, key)
        assert 1 <= len(data.encode()) <= 64
        assert read_data(data) in ((action, "", ""), ("", key, tag(action)))

    async def test_an_answered_button_goes_quiet_and_away(self, rig: TelegramRig):
        chat = int(rig.address)
        await rig.channel.send(envelope(rig.address))
        heard = rig.channel.parse(rig.platform.presses(chat, PLAIN.buttons[0].label))
        assert (await rig.channel.send(envelope(rig.address, ticket=heard.ticket))).outcome is Outcome.SENT
        asked, answered = rig.platform.received(chat)
        assert (asked.labels, len(answered.labels)) == ([], 3)
        assert list(rig.platform.pressed.values()) == [True]

    async def test_a_button_that_cannot_be_quietened_costs_nothing(self, rig: TelegramRig):
        """Pressed long ago, or its message deleted, or the platform has a bad moment: the answer goes out."""
        for ticket in ("99:1", "99:", ":", "x:1", "-1:2", "٣:1"):
            assert (await rig.channel.send(envelope(rig.address, ticket=ticket))).outcome is Outcome.SENT, ticket
        rig.platform.next(Trouble.HTML, Trouble.DROPPED)
        assert (await rig.channel.send(envelope(rig.address, ticket="99:1"))).outcome is Outcome.SENT


class TestAnswers:
    async def test_what_the_platform_says_of_a_person_ends_the_address(self, rig: TelegramRig):
        gone, moved = rig.platform.starts(), rig.platform.starts()
        rig.platform.deactivates(gone)
        rig.platform.migrates(moved)
        for address in (str(gone), str(moved), rig.blocked, "123456789"):
            assert (await rig.channel.send(envelope(address))).outcome is Outcome.DEAD, address

    @pytest.mark.parametrize("address", ["-100500", "@somebody", "", "0", "１", "7" * 40])
    async def test_only_a_private_chat_is_written_to(self, rig: TelegramRig, address: str):
        """A group or a public channel would show one person's house to others."""
        assert (await rig.channel.send(envelope(address))).outcome is Outcome.DEAD
        assert rig.platform.calls == []

    async def test_a_message_it_will_not_take_is_not_the_address_fault(self, rig: TelegramRig):
        receipt = await rig.channel.send(envelope(rig.address, page_url="https://nowhere/c/token"))
        assert (receipt.outcome, receipt.detail) == (Outcome.REFUSED, "Button_url_invalid")

    async def test_a_flood_is_waited_out_by_its_word(self, rig: TelegramRig):
        rig.busy()
        assert (await rig.channel.send(envelope(rig.address))).retry_after == 3.0

    @pytest.mark.parametrize(
        ("trouble", "outcome"),
        [
            (Trouble.BROKEN, Outcome.UNKNOWN),
            (Trouble.HTML, Outcome.UNKNOWN),
            (Trouble.BAD_UTF8, Outcome.UNKNOWN),
            (Trouble.BAD_JSON, Outcome.UNKNOWN),
            (Trouble.LOST, Outcome.UNKNOWN),
            (Trouble.DROPPED, Outcome.UNKNOWN),
        ],
    )
    async def test_what_may_have_arrived_is_not_called_a_failure(
        self, rig: TelegramRig, trouble: Trouble, outcome: Outcome
    ):
        """Also where the platform says that it failed: it knows no key, so a repeat could be a second message."""
        rig.platform.next(trouble)
        assert (await rig.channel.send(envelope(rig.address))).outcome is outcome

    async def test_a_flood_without_a_time_is_tried_later(self, rig: TelegramRig, monkeypatch: pytest.MonkeyPatch):
        """Also from a front that names no seconds: what was too many was not taken."""
        for told in ('{"ok": false, "description": "Too Many Requests"}', "<html>no</html>"):
            monkeypatch.setattr(rig.platform, "busy", lambda told=told: Response(text=told, status=429))
            rig.busy()
            assert (await rig.channel.send(envelope(rig.address))).outcome is Outcome.LATER

    async def test_a_platform_that_is_down_is_tried_later(
        self, open_telegram: OpenTelegram, fake_telegram: FakeTelegram
    ):
        """Nothing is asked at the start, and nothing has left us: it may be sent again."""
        channel = open_telegram()
        await fake_telegram.__aexit__()
        assert (await channel.send(envelope("700000001"))).outcome is Outcome.LATER
        await fake_telegram.__aenter__()

    async def test_a_proxy_that_forbids_ends_no_address(self, rig: TelegramRig, monkeypatch: pytest.MonkeyPatch):
        """Were it taken for the platform's word, one wrong proxy would end every address in a day."""
        for status in (400, 403):
            page = Response(text="<html>no</html>", status=status, content_type="text/html")
            monkeypatch.setattr(rig.platform, "busy", lambda page=page: page)
            rig.busy()
            assert (await rig.channel.send(envelope(rig.address))).outcome is Outcome.LATER

    async def test_a_token_that_is_none_closes_the_channel(self, open_telegram: OpenTelegram):
        assert (await open_telegram(token="nonsense").send(envelope("700000001"))).outcome is Outcome.CLOSED


async def test_no_secret_is_logged_or_shown(rig: TelegramRig, caplog: pytest.LogCaptureFixture):
    """The token stands in every URL of the platform's."""
    caplog.set_level(logging.INFO)
    for trouble in ("", *Trouble):
        if trouble == Trouble.SILENT:
            continue
        rig.platform.next(*([Trouble(trouble)] if trouble else []))
        receipt = await rig.channel.send(envelope(rig.address))
        assert not any(secret in repr(receipt) for secret in rig.secrets)
    assert not any(secret in caplog.text for secret in rig.secrets)
    assert "花子" not in caplog.text


async def test_an_echoed_token_is_taken_out(rig: TelegramRig, monkeypatch: pytest.MonkeyPatch):
    """Whatever stands between us and the platform may repeat the URL in its words."""
    monkeypatch.setattr(rig.platform, "busy", lambda: _echo(rig.platform.token))
    rig.busy()
    receipt = await rig.channel.send(envelope(rig.address))
    assert receipt.outcome is Outcome.DEAD
    assert rig.platform.token not in receipt.detail


def _echo(token: str) -> Response:
    return RefusalError(403, f"Forbidden: /bot{token}/sendMessage").response
