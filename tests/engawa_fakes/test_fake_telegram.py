"""The counterpart refuses what Telegram refuses, and answers in its words."""

import json
from typing import Any

import pytest
from aiohttp import ClientSession

from engawa_fakes import Trouble
from engawa_fakes.telegram import FakeTelegram


async def call(platform: FakeTelegram, method: str, token: str = "", **given: Any) -> tuple[int, dict[str, Any]]:
    async with ClientSession() as session:
        url = f"{platform.api}{token or platform.token}/{method}"
        async with session.post(url, json=given) as answer:
            return answer.status, await answer.json()


def keyboard(**button: Any) -> str:
    return json.dumps({"inline_keyboard": [[{"text": "はい"} | button]]})


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"text": ""}, "message text is empty"),
        ({"text": " \n"}, "message text is empty"),
        ({"text": "<b></b>", "parse_mode": "HTML"}, "message text is empty"),
        ({"text": "家" * 4097}, "message is too long"),
        ({"text": "😀" * 2049}, "message is too long"),
        ({"text": "a < b", "parse_mode": "HTML"}, "can't parse entities"),
        ({"text": "a & b", "parse_mode": "HTML"}, "can't parse entities"),
        ({"text": "<b>a", "parse_mode": "HTML"}, "can't parse entities"),
        ({"text": "<b><i>a</b></i>", "parse_mode": "HTML"}, "can't parse entities"),
        ({"text": "<h1>a</h1>", "parse_mode": "HTML"}, "can't parse entities"),
        ({"text": "a", "colour": "red"}, "unknown parameters: colour"),
        ({"text": "a", "chat_id": ""}, "chat_id is empty"),
        ({"text": "a", "chat_id": 5}, "chat not found"),
        ({"text": "a", "chat_id": "nobody"}, "chat not found"),
        ({"text": "a", "reply_markup": "{"}, "can't parse reply keyboard markup"),
        ({"text": "a", "reply_markup": keyboard(callback_data="x" * 65)}, "BUTTON_DATA_INVALID"),
        ({"text": "a", "reply_markup": keyboard(callback_data="")}, "BUTTON_DATA_INVALID"),
        ({"text": "a", "reply_markup": keyboard()}, "exactly one kind"),
        ({"text": "a", "reply_markup": keyboard(callback_data="x", colour="red")}, "unknown field"),
        ({"text": "a", "reply_markup": keyboard(url="http://localhost/c")}, "BUTTON_URL_INVALID"),
    ],
)
async def test_what_telegram_would_not_send_is_refused(fake_telegram: FakeTelegram, given: dict[str, Any], said: str):
    chat = fake_telegram.starts()
    status, answer = await call(fake_telegram, "sendMessage", **{"chat_id": chat} | given)
    assert (status, answer["ok"], answer["error_code"]) == (400, False, 400)
    assert said in answer["description"]
    assert fake_telegram.received(chat) == []


async def test_what_fits_is_received_as_it_reads(fake_telegram: FakeTelegram):
    chat = fake_telegram.starts()
    text = "<b>1 &lt; 2</b> &amp; more" + "家" * 4000
    status, answer = await call(fake_telegram, "sendMessage", chat_id=chat, text=text, parse_mode="HTML")
    assert (status, answer["result"]["chat"]["id"]) == (200, chat)
    assert fake_telegram.received(chat)[0].text.startswith("1 < 2 & more")


async def test_who_asks_must_be_the_bot(fake_telegram: FakeTelegram):
    assert (await call(fake_telegram, "getMe"))[1]["result"]["is_bot"] is True
    assert (await call(fake_telegram, "getMe", token="1:wrong"))[0] == 401
    assert (await call(fake_telegram, "getMe", token="wrong"))[0] == 404
    assert (await call(fake_telegram, "getHouse"))[0] == 404


async def test_too_much_names_the_seconds(fake_telegram: FakeTelegram):
    fake_telegram.next(Trouble.BUSY)
    status, answer = await call(fake_telegram, "getMe")
    assert (status, answer["parameters"]) == (429, {"retry_after": 3})


async def test_asking_from_an_offset_confirms_what_is_before_it(fake_telegram: FakeTelegram):
    chat = fake_telegram.starts()
    said = fake_telegram.says(chat, "はい")
    first = (await call(fake_telegram, "getUpdates", limit=1))[1]["result"]
    assert (await call(fake_telegram, "getUpdates", limit=1))[1]["result"] == first
    assert (await call(fake_telegram, "getUpdates", offset=said["update_id"]))[1]["result"] == [said]
    assert (await call(fake_telegram, "getUpdates", offset=said["update_id"] + 1))[1]["result"] == []


async def test_a_webhook_and_asking_exclude_each_other(fake_telegram: FakeTelegram):
    assert (await call(fake_telegram, "setWebhook", url="http://127.0.0.1/x"))[0] == 400
    assert (await call(fake_telegram, "setWebhook", url="https://x.example/x", secret_token="a b"))[0] == 400
    assert (await call(fake_telegram, "setWebhook", url="https://x.example/x", secret_token="ab"))[0] == 200
    assert (await call(fake_telegram, "getUpdates"))[0] == 409
    assert (await call(fake_telegram, "getWebhookInfo"))[1]["result"]["url"] == "https://x.example/x"
    assert (await call(fake_telegram, "deleteWebhook"))[0] == 200
    assert (await call(fake_telegram, "getUpdates"))[0] == 200


async def test_a_press_is_answered_once_and_a_keyboard_taken_away_once(fake_telegram: FakeTelegram):
    chat = fake_telegram.starts()
    await call(fake_telegram, "sendMessage", chat_id=chat, text="a", reply_markup=keyboard(callback_data="x"))
    query = fake_telegram.presses(chat, "はい")["callback_query"]
    edited = {"chat_id": chat, "message_id": query["message"]["message_id"]}
    for method, given in (
        ("answerCallbackQuery", {"callback_query_id": query["id"]}),
        ("editMessageReplyMarkup", edited),
    ):
        assert [(await call(fake_telegram, method, **given))[0] for _ in range(2)] == [200, 400]
