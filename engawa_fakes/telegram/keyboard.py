"""An inline keyboard, with what the platform refuses in one (#inlinekeyboardbutton)."""

import json
from typing import Any
from urllib.parse import urlsplit

from engawa_fakes.telegram.refusal import bad

MOST = 100  # buttons
LONGEST_DATA = 64  # bytes
BUTTON = frozenset({"text", "callback_data", "url"})  # of the fields that there are, those this counterpart knows

Rows = list[list[dict[str, Any]]]


def keyboard_of(markup: str) -> Rows:
    """The rows of buttons in ``reply_markup``; none where it is not given."""
    if not markup:
        return []
    try:
        rows = json.loads(markup)["inline_keyboard"]
    except (ValueError, KeyError, TypeError):
        raise bad("can't parse reply keyboard markup JSON object") from None
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad('field "inline_keyboard" must be an Array of Arrays')
    buttons = [button for row in rows for button in row]
    if len(buttons) > MOST:
        raise bad("BUTTONS_TOO_MUCH")
    for button in buttons:
        _check(button)
    return rows


def _check(button: Any) -> None:
    if not isinstance(button, dict) or set(button) - BUTTON:
        raise bad("can't parse inline keyboard button: unknown field")
    if not isinstance(button.get("text"), str) or not button["text"].strip():
        raise bad("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    if ("callback_data" in button) == ("url" in button):
        raise bad("can't parse inline keyboard button: exactly one kind of button is meant")
    data = button.get("callback_data", "-")
    if not isinstance(data, str) or not 1 <= len(data.encode()) <= LONGEST_DATA:
        raise bad("BUTTON_DATA_INVALID")
    if "url" in button and not _is_public(button["url"]):
        raise bad("BUTTON_URL_INVALID")


def _is_public(url: Any) -> bool:
    parts = urlsplit(url) if isinstance(url, str) else urlsplit("")
    return parts.scheme in ("http", "https", "tg") and "." in (parts.hostname or "")
