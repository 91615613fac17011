"""Telegram's Bot API on loopback (core.telegram.org/bots/api).

async def test_something(fake_telegram):
    chat = fake_telegram.starts()          # a person presses Start, and may be written to from then on
    ...                                    # base URL: fake_telegram.api, token: fake_telegram.token
    fake_telegram.presses(chat, "Yes")     # an update: fetched by getUpdates, or sent on by deliver()
    assert fake_telegram.received(chat)[0].text == "…"
"""

from engawa_fakes.telegram.chats import Received
from engawa_fakes.telegram.server import FakeTelegram

__all__ = ["FakeTelegram", "Received"]
