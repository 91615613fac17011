"""What each method is given: how it comes in, what must be there, and what may be."""

import json
from collections.abc import Mapping

from aiohttp import web

from engawa_fakes.telegram.refusal import bad

Given = Mapping[str, str]
# By method: what it must be given, and what else it may be. The platform passes over what it does not know; here it is
# refused, because it is a mistake of whoever sends it.
METHODS: Mapping[str, tuple[frozenset[str], frozenset[str]]] = {
    "getMe": (frozenset(), frozenset()),
    "getUpdates": (frozenset(), frozenset({"offset", "limit", "timeout", "allowed_updates"})),
    "setWebhook": (
        frozenset({"url"}),
        frozenset({"secret_token", "allowed_updates", "max_connections", "drop_pending_updates"}),
    ),
    "deleteWebhook": (frozenset(), frozenset({"drop_pending_updates"})),
    "getWebhookInfo": (frozenset(), frozenset()),
    "sendMessage": (
        frozenset({"chat_id", "text"}),
        frozenset({"parse_mode", "reply_markup", "link_preview_options", "disable_notification", "protect_content"}),
    ),
    "editMessageReplyMarkup": (frozenset({"chat_id", "message_id"}), frozenset({"reply_markup"})),
    "answerCallbackQuery": (frozenset({"callback_query_id"}), frozenset({"text", "show_alert", "cache_time"})),
    "getFile": (frozenset({"file_id"}), frozenset()),
}


async def given_in(request: web.Request) -> dict[str, str]:
    """What a method was given: in the query, as a form, or as JSON."""
    found = dict(request.query)
    if request.content_type == "application/json":
        body = json.loads(await request.text() or "{}")
        return found | {name: value if isinstance(value, str) else json.dumps(value) for name, value in body.items()}
    return found | {name: value for name, value in (await request.post()).items() if isinstance(value, str)}


def checked(method: str, given: Given) -> Given:
    """The same, if the platform would take it."""
    needed, also = METHODS[method]
    for name in sorted(needed):
        if not given.get(name):
            raise bad({"text": "message text is empty", "chat_id": "chat_id is empty"}.get(name, f"{name} is missing"))
    unknown = set(given) - needed - also
    if unknown:
        raise bad(f"unknown parameters: {', '.join(sorted(unknown))}")
    return given


def number(given: Given, name: str) -> int:
    """A whole number. No chat is found under what is none."""
    try:
        return int(given[name])
    except ValueError:
        raise bad("chat not found" if name == "chat_id" else f"{name} is invalid") from None
