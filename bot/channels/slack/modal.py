"""A question that opens as a modal, and what is read from it when it is sent.

https://docs.slack.dev/surfaces/modals: the title has 24 characters, private_metadata 3,000; a select's option has a
value of 150, so the actions themselves travel in the metadata and an option is its place among them.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from slack_sdk.models.blocks import (
    Block,
    InputBlock,
    InputInteractiveElement,
    Option,
    PlainTextInputElement,
    SectionBlock,
    StaticSelectElement,
)
from slack_sdk.models.views import View

from bot.channels.raw import text_at
from bot.channels.slack.blocks import LABEL, SECTION, clean, cut, plain
from bot.channels.slack.ticket import Ticket
from bot.channels.slack.words import Words
from bot.core.message import CHOICE, WORDS, Button, Message

FIELD = "answer"
TITLE, METADATA, LONGEST, OPTIONS = 24, 3000, 2000, 100


def modal_of(message: Message, ticket: Ticket, words: Words) -> View | None:
    """The modal of a message that wants a choice or words; None where it wants neither, or does not fit into one."""
    element: InputInteractiveElement
    if message.wants == WORDS and ticket.action:
        actions, element = [ticket.action], _words()
    elif message.wants == CHOICE and 0 < len(message.buttons) <= OPTIONS:
        actions, element = [button.action for button in message.buttons], _choice(message.buttons, words)
    else:
        return None
    kept = json.dumps({"channel": ticket.channel, "thread": ticket.thread, "actions": actions}, separators=(",", ":"))
    if len(kept) > METADATA:
        return None
    label = words.write if message.wants == WORDS else words.choose
    return View(
        type="modal",
        callback_id=message.kind,
        title=plain(cut(clean(message.title), TITLE)),
        submit=plain(words.send),
        close=plain(words.cancel),
        private_metadata=kept,
        blocks=[*_told(message), InputBlock(block_id=FIELD, label=plain(label), element=element)],
    )


def _told(message: Message) -> Sequence[Block]:
    facts = "\n".join(f"{label}: {value}" for label, value in message.facts)
    texts = [clean(text) for text in [*message.paragraphs, facts]]
    return [SectionBlock(text=plain(cut(text, SECTION))) for text in texts if text][:20]


def _words() -> PlainTextInputElement:
    return PlainTextInputElement(action_id=FIELD, multiline=True, max_length=LONGEST)


def _choice(buttons: tuple[Button, ...], words: Words) -> StaticSelectElement:
    options = [
        Option(text=plain(cut(clean(button.label) or "…", LABEL)), value=str(place))
        for place, button in enumerate(buttons)
    ]
    return StaticSelectElement(action_id=FIELD, placeholder=plain(cut(words.choose, 150)), options=options)


def submitted(view: Mapping[str, Any]) -> tuple[str, str, Ticket]:
    """The action, the words and the place of a modal that was sent. Raises ValueError for none of ours."""
    kept = json.loads(text_at(view, "private_metadata"))
    if not isinstance(kept, dict):
        raise ValueError("a modal without its note")
    actions = kept.get("actions")
    if not isinstance(actions, list) or not actions or not all(isinstance(action, str) for action in actions):
        raise ValueError("a modal without its actions")
    ticket = Ticket(channel=text_at(kept, "channel"), thread=text_at(kept, "thread"))
    chosen = text_at(view, "state", "values", FIELD, FIELD, "selected_option", "value")
    if chosen:
        return _chosen(actions, chosen), "", ticket
    return actions[0], text_at(view, "state", "values", FIELD, FIELD, "value"), ticket


def _chosen(actions: list[str], place: str) -> str:
    if not (place.isascii() and place.isdigit() and len(place) < 4) or int(place) >= len(actions):
        raise ValueError("a choice that was not offered")
    return actions[int(place)]
