"""What a button carries, and what comes back when it is pressed.

callback_data is at most 64 bytes (core.telegram.org/bots/api#inlinekeyboardbutton), an action up to 250. A longer one
goes by its short form and the key of its message, in whose row it is found again.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from uuid import UUID

from bot.core.action import tag

LONGEST = 64  # bytes
_SHORT = "~"  # no action begins with it
_KEY = 22  # characters


def data_of(action: str, key: str) -> str:
    """The callback data of a button on the message with this key."""
    if len(action.encode()) <= LONGEST and not action.startswith(_SHORT):
        return action
    return _SHORT + urlsafe_b64encode(UUID(key).bytes).decode().rstrip("=") + tag(action)


def read_data(data: str) -> tuple[str, str, str]:
    """Action, or key and short form. A client may send anything: what no button of ours carries is found nowhere."""
    if not data.startswith(_SHORT):
        return data, "", ""
    short = data[len(_SHORT) :]
    try:
        return "", str(UUID(bytes=urlsafe_b64decode(short[:_KEY] + "=="))), short[_KEY:]
    except ValueError:
        return "", "", data
