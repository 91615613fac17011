"""A neutral message as Block Kit (https://docs.slack.dev/reference/block-kit/blocks).

Everything a person reads is plain_text: nothing in it is markup, nobody is called, no word is linked; what the message
leads to are buttons. Only the fallback text beside the blocks is mrkdwn, and escaped. The models of slack_sdk refuse
what Slack refuses.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    ButtonElement,
    ContextBlock,
    HeaderBlock,
    PlainTextObject,
    SectionBlock,
)

from bot.channels.slack.words import Words
from bot.core.message import Button, Message

HEADER, SECTION, LABEL, VALUE, FALLBACK = 150, 3000, 75, 2000, 3000
IN_A_ROW = 25  # elements of an actions block
BLOCKS = 50  # of a message
WHOLE = 13_000  # characters of one message, buttons and all; Slack refuses more as msg_blocks_too_long
FOOTER, FOOTERS = 300, 10  # characters of a line, and lines
_ODD = re.compile(r"[\x00-\x09\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]")


def clean(text: str) -> str:
    """Without control characters, lone surrogates and what turns the direction of writing."""
    return _ODD.sub("", text.encode("utf-8", "replace").decode("utf-8")).strip()


def cut(text: str, most: int) -> str:
    """The text, or its beginning with an ellipsis."""
    return text if len(text) <= most else text[: most - 1] + "…"


def escaped(text: str) -> str:
    """For mrkdwn (https://docs.slack.dev/messaging/formatting-message-text#escaping): no <!channel>, no <@U…>."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def plain(text: str) -> PlainTextObject:
    return PlainTextObject(text=text, emoji=False)


def fallback(message: Message) -> str:
    """What a notification and a screen reader show."""
    lines = [message.title, *message.paragraphs, *(f"{label}: {value}" for label, value in message.facts)]
    return escaped(cut(clean("\n".join(lines)) or message.kind, FALLBACK))


def blocks_of(message: Message, words: Words, page_url: str = "", opens: Sequence[tuple[str, str]] = ()) -> list[Block]:
    """The message's blocks, at most fifty; what does not fit is said to stand on the person's page. ``opens`` are links
    to what it tells of, each with its label."""
    title = cut(clean(message.title), HEADER)
    more = _more(words, page_url)
    below = _links(opens) + rows(message.buttons) + _footer(message)
    texts, short = _texts(message, WHOLE - len(title) - _length([more, *below]))
    blocks: list[Block] = [HeaderBlock(text=plain(title))] if title else []
    blocks += [SectionBlock(text=plain(text)) for text in texts]
    blocks = blocks[: BLOCKS - 8] + ([more] if short else []) + below
    return blocks or [SectionBlock(text=plain(message.kind))]


def rows(buttons: Sequence[Button]) -> list[Block]:
    """The buttons, 25 in a row; each is told apart by its place."""
    elements = [
        ButtonElement(
            text=plain(cut(clean(button.label) or "…", LABEL)),
            action_id=f"press-{place}",
            value=button.action,
        )
        for place, button in enumerate(buttons[: 4 * IN_A_ROW])
        if len(button.action) <= VALUE
    ]
    return [ActionsBlock(elements=elements[start : start + IN_A_ROW]) for start in range(0, len(elements), IN_A_ROW)]


def _links(opens: Sequence[tuple[str, str]]) -> list[Block]:
    """Pressing one opens the page, and tells us nothing."""
    elements = [
        ButtonElement(text=plain(cut(clean(label) or "…", LABEL)), action_id=f"open-{place}", url=url)
        for place, (label, url) in enumerate(opens[:IN_A_ROW])
        if 0 < len(url) <= SECTION
    ]
    return [ActionsBlock(elements=elements)] if elements else []


def _footer(message: Message) -> list[Block]:
    lines = [plain(cut(line, FOOTER)) for line in map(clean, message.footer) if line]
    return [ContextBlock(elements=lines[:FOOTERS])] if lines else []


def _length(blocks: Iterable[Block]) -> int:
    """The characters that a reader sees."""
    return sum(len(text) for block in blocks for text in _shown(block.to_dict()))


def _shown(value: Any) -> Iterator[str]:
    """Every text in a piece of Block Kit."""
    if isinstance(value, dict):
        yield from [value["text"]] if isinstance(value.get("text"), str) else []
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for one in inner:
        yield from _shown(one)


def texts_in(blocks: Iterable[Any]) -> Iterator[str]:
    """Every text that is read in these blocks, in their order."""
    for block in blocks:
        yield from _shown(block)


def _texts(message: Message, room: int) -> tuple[list[str], bool]:
    """The texts of the sections in so many characters, and whether something of them was left out."""
    facts = "\n".join(f"{clean(label)}: {clean(value)}" for label, value in message.facts)
    wanted = [text for text in [*map(clean, message.paragraphs), facts] if text]
    left, found = room, []
    for text in wanted:
        piece = cut(text, left) if left > 1 else ""
        found += list(_pieces(piece))
        left -= len(piece)
    return found, len(clean(message.title)) > HEADER or sum(map(len, wanted)) > room


def _pieces(text: str) -> Iterator[str]:
    return (text[start : start + SECTION] for start in range(0, len(text), SECTION))


def _more(words: Words, page_url: str) -> Block:
    """An accessory that is a link: pressing it opens the page, and tells us nothing."""
    if not page_url or len(page_url) > SECTION:
        return SectionBlock(text=plain(words.more))
    link = ButtonElement(text=plain(cut(words.page, LABEL)), action_id="page", url=page_url)
    return SectionBlock(text=plain(words.more), accessory=link)
