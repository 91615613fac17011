"""What the platform's answers mean (Messaging API reference, "Status codes" and "Error responses")."""

from bot.channels.line.user import masked
from bot.channels.line.wire import Reply
from bot.channels.raw import read_object, text_at
from bot.core.delivery import Outcome, Receipt

SOON = 5.0  # seconds until it is asked again after too many requests; the platform names no time itself
REQUEST_ID = "x-line-request-id"
ACCEPTED_ID = "x-line-accepted-request-id"
_NOBODY = ("the property, 'to',", "failed to send messages")  # the latter is what an unknown user id is answered
_USED_UP = "monthly limit"
_NO_TOKEN = "invalid reply token"


def receipt_of(reply: Reply) -> Receipt:
    """What became of a message, by the answer. Whatever the body is, the status counts."""
    if reply.status == 200:
        return Receipt(Outcome.SENT, provider_id=_message_id(reply) or reply.headers.get(REQUEST_ID, ""))
    if reply.status == 409:  # the same key was accepted before ("Retry failed API requests")
        first = _message_id(reply) or reply.headers.get(ACCEPTED_ID, "")
        return Receipt(Outcome.SENT, provider_id=first, detail="accepted before")
    wait = SOON if reply.status == 429 and not _is_used_up(reply) else None
    return Receipt(_meaning(reply), detail=_said(reply), retry_after=wait)


def is_token_refused(reply: Reply) -> bool:
    """The reply token was used before, or is too old."""
    return reply.status == 400 and _NO_TOKEN in _word(reply).lower()


def _meaning(reply: Reply) -> Outcome:
    if reply.status == 429:
        return Outcome.REFUSED if _is_used_up(reply) else Outcome.LATER
    if reply.status in (401, 403, 404):  # 404 is the answer to a path: the address of the platform is wrong
        return Outcome.CLOSED
    if reply.status == 400 and _is_nobody(reply):
        return Outcome.DEAD
    return Outcome.REFUSED if 400 <= reply.status < 500 and reply.status != 408 else Outcome.LATER


def _is_used_up(reply: Reply) -> bool:
    """Too many requests and too many messages in a month have one status and different words."""
    return _USED_UP in _word(reply).lower()


def _is_nobody(reply: Reply) -> bool:
    return _word(reply).lower().startswith(_NOBODY)


def _word(reply: Reply) -> str:
    try:
        return text_at(read_object(reply.body), "message")
    except ValueError:
        return ""


def _said(reply: Reply) -> str:
    word = "".join(char if char.isprintable() else " " for char in _word(reply))
    return f"{reply.status} {masked(word)[:200]}".strip()


def _message_id(reply: Reply) -> str:
    try:
        sent = read_object(reply.body).get("sentMessages")
    except ValueError:
        return ""
    first = sent[0] if isinstance(sent, list) and sent else None
    return text_at(first, "id")[:64] if isinstance(first, dict) else ""
