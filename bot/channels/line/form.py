"""A neutral message as the platform wants it: one Flex bubble in large type, its answers as buttons.

https://developers.line.biz/en/reference/messaging-api/#flex-message. All words are plain: Flex texts have no markup.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.channels.line.fit import Room, cut, plain, units
from bot.core.delivery import Envelope
from bot.core.message import Button, Message

IN_BUBBLE = 4  # buttons; the ones that follow stand above the keyboard
QUICK = 13  # "Quick reply": items
QUICK_LABEL = 20
BUTTON_LABEL = 40
DATA = 300  # of a postback
ALT_TEXT = 400  # may be 1500 and is shown in notifications and lists, where nobody reads on
URI = 1000
WORDS = 4500  # units of all texts together; three bytes each and the form around them stay below a bubble's 30 KB
LINES = 50
TITLE, LINE, FACT = 300, 3000, 300

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class BubbleWords:
    """The few words around a message: ``open`` names the page button, ``more`` says where the rest can be read.

    ``link`` names the button to the page on which somebody whom we do not know gives their code.
    """

    open: str
    more: str
    link: str


def messages(envelope: Envelope, words: BubbleWords, account_page: str = "") -> list[Json]:
    """The message objects of one push: a single one, because each of them rings."""
    message = envelope.message
    offered = [button for button in message.buttons if plain(button.label) and 0 < units(button.action) <= DATA]
    body, cut_short = _body(message)
    page = envelope.page_url if 0 < len(envelope.page_url) <= URI else ""
    if page and (cut_short or len(offered) > IN_BUBBLE + QUICK):
        body.append(_text(words.more, size="lg", weight="bold"))
    contents: Json = {"type": "bubble", "size": "giga", "body": _box(body, "lg")}
    presses = [_link(cut(label, BUTTON_LABEL), url) for label, url in envelope.opens if 0 < len(url) <= URI]
    presses += [_button(button) for button in offered[:IN_BUBBLE]]
    if 0 < len(account_page) <= URI:
        presses.append(_link(words.link, account_page))
    elif page:
        presses.append(_link(words.open, page))
    if presses:
        contents["footer"] = _box(presses, "md")
    flex: Json = {"type": "flex", "altText": _alt_text(message), "contents": contents}
    quick = offered[IN_BUBBLE : IN_BUBBLE + QUICK]
    if quick:
        flex["quickReply"] = {"items": [_quick(button) for button in quick]}
    return [flex]


def as_bytes(body: Mapping[str, Any]) -> bytes:
    """The same bytes for every retry."""
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


def _body(message: Message) -> tuple[list[Json], bool]:
    """The lines of the bubble, in the order in which they matter where not all have room."""
    room = Room(WORDS, LINES)
    lines = [_text(room.take(message.title, TITLE), size="xl", weight="bold")]
    lines += [_text(room.take(each, LINE), size="lg") for each in message.paragraphs]
    lines += [_fact(room.take(label, FACT), room.take(value, FACT)) for label, value in message.facts]
    lines += [_text(room.take(each, FACT), size="md", color="#555555") for each in message.footer]
    kept = [line for line in lines if line]
    return kept or [_text("…", size="lg")], room.full


def _text(text: str, **style: str) -> Json:
    return {"type": "text", "text": text, "wrap": True, **style} if text else {}


def _fact(label: str, value: str) -> Json:
    """The label above its value: side by side, large type leaves either too little room."""
    parts = [part for part in (_text(label, size="md", color="#555555"), _text(value, size="lg")) if part]
    return {"type": "box", "layout": "vertical", "contents": parts} if parts else {}


def _box(contents: Sequence[Json], spacing: str) -> Json:
    return {"type": "box", "layout": "vertical", "spacing": spacing, "contents": list(contents)}


def _button(button: Button) -> Json:
    return {"type": "button", "style": "primary", "height": "md", "action": _postback(button, BUTTON_LABEL)}


def _link(label: str, url: str) -> Json:
    return {"type": "button", "style": "link", "height": "md", "action": {"type": "uri", "label": label, "uri": url}}


def _quick(button: Button) -> Json:
    return {"type": "action", "action": _postback(button, QUICK_LABEL)}


def _postback(button: Button, most: int) -> Json:
    """What is pressed appears in the talk as the person's own words, so that they see what they answered."""
    label = plain(button.label)
    shown = cut(label, DATA)
    return {"type": "postback", "label": cut(label, most), "data": button.action, "displayText": shown}


def _alt_text(message: Message) -> str:
    """What a notification shows, and what is read where Flex cannot be."""
    lines = [plain(line[: 2 * ALT_TEXT]) for line in (message.title, *message.paragraphs[:ALT_TEXT])]
    return cut("\n".join(line for line in lines if line), ALT_TEXT) or "…"
