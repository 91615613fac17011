"""A message as this platform would show it, for looking at: nothing is sent."""

import json
from html import unescape

from slack_sdk.models.blocks import ActionsBlock

from bot.channels.registry import Setting
from bot.channels.slack.blocks import blocks_of, fallback, texts_in
from bot.channels.slack.words import words_of
from bot.core.delivery import Envelope, Shape


def shaped(envelope: Envelope, around: Setting) -> Shape:
    message = envelope.message
    blocks = blocks_of(message, words_of(around.words)[message.language], envelope.page_url, envelope.opens)
    read = [block.to_dict() for block in blocks if not isinstance(block, ActionsBlock)]
    pressed = [block.to_dict() for block in blocks if isinstance(block, ActionsBlock)]
    notice = fallback(message)
    body = {"text": notice, "blocks": [block.to_dict() for block in blocks]}
    raw = json.dumps(body, ensure_ascii=False, indent=2)
    size = len(json.dumps(body, ensure_ascii=False).encode())
    return Shape(unescape(notice), tuple(texts_in(read)), tuple(texts_in(pressed)), raw, size)
