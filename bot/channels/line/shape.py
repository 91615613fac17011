"""A message as this platform would show it, for looking at: nothing is sent and nobody is asked for."""

import json
from collections.abc import Iterator
from typing import Any

from bot.channels.line.form import BubbleWords, as_bytes, messages
from bot.channels.registry import Setting
from bot.core.delivery import Envelope, Shape


def shaped(envelope: Envelope, around: Setting) -> Shape:
    words = BubbleWords(**around.words[envelope.message.language]["bubble"])
    said = messages(envelope, words)
    quick = [item["action"]["label"] for one in said for item in one.get("quickReply", {}).get("items", ())]
    pressed = [one["action"]["label"] for part in said for one in _parts(part["contents"].get("footer"), "button")]
    lines = [one["text"] for part in said for one in _parts(part["contents"]["body"], "text")]
    raw = json.dumps({"messages": said}, ensure_ascii=False, indent=2)
    size = len(as_bytes({"messages": said}))
    return Shape(said[0]["altText"], tuple(lines), (*pressed, *quick), raw, size)


def _parts(box: Any, kind: str) -> Iterator[dict[str, Any]]:
    """Every part of a bubble that is of this kind, in the order in which it stands there."""
    for one in box["contents"] if box else ():
        if one["type"] == kind:
            yield one
        elif "contents" in one:
            yield from _parts(one, kind)
