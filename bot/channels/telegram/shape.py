"""A message as this platform would show it, for looking at: nothing is sent."""

import json
import re
from html import unescape

from bot.channels.registry import Setting
from bot.channels.telegram.form import form_of
from bot.core.delivery import Envelope, Shape

TAG = re.compile(r"</?[a-z]+>")


def shaped(envelope: Envelope, around: Setting) -> Shape:
    form = form_of(envelope, {language: lines["bubble"] for language, lines in around.words.items()})
    lines = [line for line in unescape(TAG.sub("", form.text)).split("\n") if line]
    keyboard = form.keyboard.to_dict() if form.keyboard else {}
    buttons = [button["text"] for row in keyboard.get("inline_keyboard", ()) for button in row]
    body = {"text": form.text, "parse_mode": "HTML", **({"reply_markup": keyboard} if keyboard else {})}
    raw = json.dumps(body, ensure_ascii=False, indent=2)
    return Shape(lines[0] if lines else "", tuple(lines), tuple(buttons), raw, len(json.dumps(body).encode()))
