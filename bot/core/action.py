"""What a pressed button says: a verb, the case it was offered for, the round it was offered in, and an argument."""

import hashlib
from base64 import urlsafe_b64encode
from dataclasses import dataclass

LIMIT = 250  # bytes; the smallest of the platforms' limits is met by a short form of its own


@dataclass(frozen=True, slots=True)
class Action:
    verb: str
    case_id: str = ""
    round: int = 0
    arg: str = ""

    def __str__(self) -> str:
        return f"{self.verb}:{self.case_id}:{self.round}:{self.arg}"


def read_action(text: str) -> Action | None:
    """The action of a button, or None for text that no button of ours says."""
    if len(text) > LIMIT or not text.isascii():
        return None
    verb, _, rest = text.partition(":")
    case_id, _, rest = rest.partition(":")
    number, _, arg = rest.partition(":")
    if not verb.replace("_", "").isalpha() or not number.isdigit() or len(number) > 6:
        return None
    return Action(verb, case_id, int(number), arg)


def tag(action: str) -> str:
    """Eight characters that tell this action from all others on its message, where a platform has no room for it."""
    return urlsafe_b64encode(hashlib.sha256(action.encode()).digest()[:6]).decode()
