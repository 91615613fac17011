"""What LINE refuses of message objects, with the property it complains about.

The limits are those of https://developers.line.biz/en/reference/messaging-api/ (text, sticker, image and flex messages,
quick replies, actions). Templates and imagemaps are not simulated, and refused as unknown.
"""

import json
from collections.abc import Iterator
from typing import Any

Complaint = dict[str, str]


def names(text: str) -> frozenset[str]:
    return frozenset(text.split())


PLACE = names("type flex margin position offsetTop offsetBottom offsetStart offsetEnd")
TEXT = names(
    "text contents adjustMode size align gravity wrap lineSpacing maxLines weight color action style decoration scaling"
)
BOX = names(
    "layout contents backgroundColor borderColor borderWidth cornerRadius width maxWidth height maxHeight spacing"
    " paddingAll paddingTop paddingBottom paddingStart paddingEnd action justifyContent alignItems background"
)
COMPONENTS = {
    "text": PLACE | TEXT,
    "box": PLACE | BOX,
    "button": PLACE | names("action height style color gravity adjustMode scaling"),
    "separator": names("type margin color"),
    "image": PLACE | names("url align gravity size aspectRatio aspectMode backgroundColor action animated"),
}
BUBBLE = names("type size direction header hero body footer styles action")
MESSAGES = {
    "text": names("type text emojis quoteToken quickReply sender"),
    "flex": names("type altText contents quickReply sender"),
    "sticker": names("type packageId stickerId quoteToken quickReply sender"),
    "image": names("type originalContentUrl previewImageUrl quickReply sender"),
}
ACTIONS = {
    "postback": names("type label data displayText text inputOption fillInText"),
    "uri": names("type label uri altUri"),
    "message": names("type label text"),
}
LENGTHS = {"data": 300, "displayText": 300, "uri": 1000, "text": 300}
SIZES = {
    "text": names("xxs xs sm md lg xl xxl 3xl 4xl 5xl"),
    "bubble": names("nano micro deca hecto kilo mega giga"),
}
LAYOUTS = names("horizontal vertical baseline")
MOST_MESSAGES, MOST_ITEMS, MOST_BUBBLES = 5, 13, 12
TEXT_LENGTH, ALT_TEXT_LENGTH, QUICK_LABEL, BUTTON_LABEL = 5000, 1500, 20, 40
BUBBLE_BYTES, CAROUSEL_BYTES = 30 * 1024, 50 * 1024


def complaints(messages: Any) -> list[Complaint]:
    """What LINE would complain about; nothing for what it takes."""
    if not isinstance(messages, list) or not 1 <= len(messages) <= MOST_MESSAGES:
        return [{"message": "Size must be between 1 and 5", "property": "messages"}]
    return [found for number, each in enumerate(messages) for found in _message(each, f"messages[{number}]")]


def _message(message: Any, at: str) -> Iterator[Complaint]:
    kind = message.get("type") if isinstance(message, dict) else None
    if kind not in MESSAGES:
        yield _wrong("Must be one of the following values: [text, sticker, image, flex]", f"{at}/type")
        return
    yield from _unknown(message, MESSAGES[kind], at)
    if kind == "text":
        yield from _length(message.get("text"), TEXT_LENGTH, f"{at}/text")
    if kind == "flex":
        yield from _length(message.get("altText"), ALT_TEXT_LENGTH, f"{at}/altText")
        yield from _container(message.get("contents"), f"{at}/contents")
    yield from _quick_reply(message.get("quickReply"), f"{at}/quickReply")


def _quick_reply(quick: Any, at: str) -> Iterator[Complaint]:
    if quick is None:
        return
    items = quick.get("items") if isinstance(quick, dict) else None
    if not isinstance(items, list) or not 1 <= len(items) <= MOST_ITEMS:
        yield _wrong("Size must be between 1 and 13", f"{at}/items")
        return
    for number, item in enumerate(items):
        yield from _unknown(item, frozenset(("type", "action", "imageUrl")), f"{at}/items[{number}]")
        yield from _action(item.get("action"), QUICK_LABEL, f"{at}/items[{number}]/action")


def _action(action: Any, label: int, at: str) -> Iterator[Complaint]:
    kind = action.get("type") if isinstance(action, dict) else None
    if kind not in ACTIONS:
        yield _wrong("Must be one of the following values: [postback, uri, message]", f"{at}/type")
        return
    yield from _unknown(action, ACTIONS[kind], at)
    yield from _length(action.get("label"), label, f"{at}/label")
    needed = {"postback": "data", "uri": "uri", "message": "text"}[kind]
    for name, most in LENGTHS.items():
        if name in action or name == needed:
            yield from _length(action.get(name), most, f"{at}/{name}")
    if kind == "uri" and not str(action.get("uri")).startswith(("https://", "http://", "line://", "tel:")):
        yield _wrong("invalid uri scheme", f"{at}/uri")


def _container(contents: Any, at: str) -> Iterator[Complaint]:
    kind = contents.get("type") if isinstance(contents, dict) else None
    if kind == "bubble":
        yield from _bubble(contents, at)
    elif kind == "carousel" and isinstance(contents.get("contents"), list):
        bubbles = contents["contents"]
        if not 1 <= len(bubbles) <= MOST_BUBBLES or _bytes(contents) > CAROUSEL_BYTES:
            yield _wrong("too large", at)
        for number, bubble in enumerate(bubbles):
            yield from _bubble(bubble, f"{at}/contents[{number}]")
    else:
        yield _wrong("invalid property", f"{at}/type")


def _bubble(bubble: Any, at: str) -> Iterator[Complaint]:
    yield from _unknown(bubble, BUBBLE, at)
    if _bytes(bubble) > BUBBLE_BYTES:
        yield _wrong("bubble is too large", at)
    if bubble.get("size", "mega") not in SIZES["bubble"]:
        yield _wrong("invalid property", f"{at}/size")
    blocks = [name for name in ("header", "hero", "body", "footer") if name in bubble]
    if not blocks:
        yield _wrong("At least one block must be specified", at)
    for name in blocks:
        yield from _component(bubble[name], f"{at}/{name}")


def _component(component: Any, at: str) -> Iterator[Complaint]:
    kind = component.get("type") if isinstance(component, dict) else None
    if kind not in COMPONENTS:
        yield _wrong("unknown component", f"{at}/type")
        return
    yield from _unknown(component, COMPONENTS[kind], at)
    if kind == "text":
        yield from _length(component.get("text"), TEXT_LENGTH, f"{at}/text")
        if component.get("size", "md") not in SIZES["text"]:
            yield _wrong("invalid property", f"{at}/size")
    if kind == "button":
        yield from _action(component.get("action"), BUTTON_LABEL, f"{at}/action")
    if kind == "box":
        yield from _box(component, at)


def _box(box: dict[str, Any], at: str) -> Iterator[Complaint]:
    if box.get("layout") not in LAYOUTS:
        yield _wrong("invalid property", f"{at}/layout")
    if not isinstance(box.get("contents"), list):
        yield _wrong("must be specified", f"{at}/contents")
        return
    for number, each in enumerate(box["contents"]):
        yield from _component(each, f"{at}/contents[{number}]")


def _unknown(found: Any, known: frozenset[str], at: str) -> Iterator[Complaint]:
    for name in found if isinstance(found, dict) else ("",):
        if name not in known:
            yield _wrong("unknown field", f"{at}/{name}")


def _length(text: Any, most: int, at: str) -> Iterator[Complaint]:
    """LINE counts UTF-16 units."""
    if not isinstance(text, str) or not text:
        yield _wrong("May not be empty", at)
    elif len(text.encode("utf-16-le", "surrogatepass")) // 2 > most:
        yield _wrong(f"Length must be between 0 and {most}", at)


def _bytes(value: Any) -> int:
    return len(json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass"))


def _wrong(message: str, at: str) -> Complaint:
    return {"message": message, "property": at}
