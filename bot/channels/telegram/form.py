"""A neutral message as Telegram shows it: HTML text and a keyboard below it.

core.telegram.org/bots/api#html-style and #sendmessage: text is at most 4096 characters after its markup is read;
they are counted here in UTF-16 units, the narrower of the two readings. Everything in a Message is plain text, so
everything is escaped, after it was cut.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.channels.telegram.press import data_of
from bot.core.delivery import Envelope

LONGEST = 4096
_TITLE = 300
_FOOTER = 800
_LABEL = 60  # more is not shown on a phone
_BETWEEN = "\n\n"
_MORE = "…"


@dataclass(frozen=True, slots=True)
class Form:
    """What is sent."""

    text: str
    keyboard: InlineKeyboardMarkup | None


def form_of(envelope: Envelope, words: Mapping[str, Mapping[str, Any]]) -> Form:
    """``words`` by language: ``page`` names the person's own page, ``cut`` says that the rest stands there."""
    said = words[envelope.message.language]
    has_page = envelope.page_url.startswith("https://")
    pointer = said["more"] if has_page else ""
    return Form(_text(envelope, pointer), _keyboard(envelope, said["open"] if has_page else ""))


def _text(envelope: Envelope, pointer: str) -> str:
    message = envelope.message
    title = _cut(_clean(message.title), _TITLE)
    facts = "\n".join(f"{label}: {value}" for label, value in message.facts)
    body = _clean(_BETWEEN.join(filter(None, (*message.paragraphs, facts))))
    footer = _cut(_clean("\n".join(message.footer)), _FOOTER)
    room = LONGEST - sum(_length(part) + len(_BETWEEN) for part in (title, footer, pointer))
    shown = _cut(body, room)
    rest = pointer if shown != body else ""
    plain = [escape(part, quote=False) for part in (shown, rest, footer) if part]
    return _BETWEEN.join([f"<b>{escape(title, quote=False)}</b>", *plain])


def _keyboard(envelope: Envelope, page: str) -> InlineKeyboardMarkup | None:
    """One button in a row: large, and read in one glance."""
    rows = [
        [InlineKeyboardButton(_cut(_clean(button.label), _LABEL), callback_data=data_of(button.action, envelope.key))]
        for button in envelope.message.buttons
    ]
    if page:
        opens = [(_cut(_clean(label), _LABEL), url) for label, url in envelope.opens]
        rows += [[InlineKeyboardButton(label, url=url)] for label, url in (*opens, (page, envelope.page_url))]
    return InlineKeyboardMarkup(rows) if rows else None


def _cut(text: str, room: int) -> str:
    if _length(text) <= room:
        return text
    kept = text.encode("utf-16-le")[: 2 * (room - len(_MORE))]
    return kept.decode("utf-16-le", "ignore").rstrip() + _MORE


def _length(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _clean(text: str) -> str:
    """Without control characters and half characters, which no JSON of the platform's holds."""
    whole = text.encode("utf-8", "replace").decode("utf-8")
    return "".join(char for char in whole if char >= " " or char == "\n").strip()
