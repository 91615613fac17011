"""What the platform's answers mean for one message (core.telegram.org/bots/api#making-requests).

An address is given up only on the platform's own word about that chat: a proxy's page, a wrong token or a flood must
never end an address.
"""

from datetime import timedelta

from telegram.error import (
    BadRequest,
    ChatMigrated,
    EndPointNotFound,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from bot.core.delivery import Outcome, Receipt

# What went wrong before a request left us, by the name of the HTTP library's error: that library is not ours to import.
_NEVER_LEFT = frozenset({"ConnectError", "ConnectTimeout", "PoolTimeout", "ProxyError", "UnsupportedProtocol"})
_NOBODY = ("chat not found", "user not found", "peer_id_invalid", "user_is_deactivated", "chat_id is invalid")
_TOO_MANY = "too many requests"  # the one failure that says by itself that nothing was done
_LONGEST = 100  # characters of the platform's word


def receipt_for(error: Exception) -> Receipt:
    """The receipt for an attempt that ended in this error."""
    if isinstance(error, RetryAfter):
        return Receipt(Outcome.LATER, detail="429", retry_after=seconds(error))
    if isinstance(error, ChatMigrated):
        return Receipt(Outcome.DEAD, detail="the chat became another one")
    if isinstance(error, InvalidToken | EndPointNotFound):
        return Receipt(Outcome.CLOSED, detail="the token is not accepted")
    if not isinstance(error, TelegramError):
        return Receipt(Outcome.UNKNOWN, detail=f"unreadable answer: {type(error).__name__}")
    if isinstance(error, Forbidden | BadRequest):
        return _refused(error)
    return _failed(error)


def seconds(error: RetryAfter) -> float:
    wait = error.retry_after
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)


def _refused(error: Forbidden | BadRequest) -> Receipt:
    """403 is about the person, 400 about the message or the chat; without the platform's own words it is neither."""
    if error.__cause__ is not None:
        return Receipt(Outcome.LATER, detail=f"{type(error).__name__} from something else than the platform")
    said = error.message[:_LONGEST]
    if isinstance(error, Forbidden):
        return Receipt(Outcome.DEAD if said.startswith("Forbidden:") else Outcome.LATER, detail=said)
    nobody = any(word in said.lower() for word in _NOBODY)
    return Receipt(Outcome.DEAD if nobody else Outcome.REFUSED, detail=said)


def _failed(error: TelegramError) -> Receipt:
    """The network, or the platform itself. Its errors chain what caused them: nothing, where it answered.

    Nothing is promised of a 5xx: also after a 502 the message has been known to arrive. As there is no key under which
    it could be asked for again, only what certainly never reached the platform is.
    """
    cause = error.__cause__
    name = type(cause).__name__ if cause else type(error).__name__
    if isinstance(error, NetworkError) and (cause is None or isinstance(cause, TelegramError)):
        flood = error.message.lower().startswith(_TOO_MANY)
        return Receipt(Outcome.LATER, detail="429") if flood else Receipt(Outcome.UNKNOWN, detail="the platform failed")
    return Receipt(Outcome.LATER if name in _NEVER_LEFT else Outcome.UNKNOWN, detail=name)
