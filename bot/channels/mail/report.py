"""Delivery reports (RFC 3464): which mail of ours did not arrive, at whom, and whose fault it is."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from email.utils import parseaddr
from typing import Any

from bot.channels.mail.address import BadAddress, known_form
from bot.channels.mail.answers import NO_MAILBOX
from bot.channels.mail.plus import key_in, key_of_id
from bot.channels.raw import text_at
from bot.core.arrival import What

_STATUS = re.compile(r"[245]\.\d{1,3}\.\d{1,3}")
_SAYS_NOTHING = frozenset(("5.0.0", "5.5.0", ""))  # servers without words of their own say this for everything
_NOBODY = re.compile(
    r"unknown user|user unknown|no such user|user (?:does not exist|doesn't exist|not found)|unknown recipient|"
    r"recipient unknown|no such (?:mailbox|recipient|address)|mailbox (?:not found|does not exist)|"
    r"宛先.{0,10}(?:存在しません|見つかりません)",
    re.IGNORECASE,
)
_ESCAPED = re.compile(r"\+([0-9A-F]{2})")
Block = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Returned:
    """What a report says: FAILED, RETURNED or NOTHING, and of which mail to whom."""

    what: What
    address: str
    key: str


def read_report(raw: Mapping[str, Any], domain: str, sent_to: str) -> Returned:
    """The report in a kept mail. ``sent_to`` are the addresses at which it reached us."""
    blocks = [block for block in _list(raw.get("report")) if isinstance(block, Mapping)]
    returned = raw.get("returned")
    returned = returned if isinstance(returned, Mapping) else {}
    about = [block for block in blocks if _field(block, "action") or _field(block, "final-recipient")]
    failed = next((block for block in about if _field(block, "action").lower() == "failed"), None)
    if failed is None:
        return Returned(What.NOTHING, "", "")
    envelope_id = next((found for block in blocks if (found := _field(block, "original-envelope-id"))), "")
    key = key_of_id(f"<{envelope_id}@{domain}>", domain)
    key = key or key_in(sent_to) or key_of_id(_field(returned, "message-id"), domain)
    return Returned(_fault(failed), _recipient(failed, _field(returned, "to")), key)


def _fault(block: Block) -> What:
    """FAILED only where the server says that there is no such mailbox; a mistake of ours must end no address.

    A server that has given up after trying for days says a temporary reason (4.4.7), and that message is lost.
    """
    found = _STATUS.match(_field(block, "status"))
    status = found[0] if found else ""
    if status.startswith("2."):
        return What.NOTHING
    if status in NO_MAILBOX:
        return What.FAILED
    nobody = status in _SAYS_NOTHING and _NOBODY.search(_field(block, "diagnostic-code"))
    return What.FAILED if nobody else What.RETURNED


def _recipient(block: Block, returned_to: str) -> str:
    """The address as we know it: a report on forwarded mail may name another, but returns our own header."""
    original = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), _typed(_field(block, "original-recipient")))
    for address in (original, parseaddr(returned_to)[1], _typed(_field(block, "final-recipient"))):
        try:
            return known_form(address)
        except BadAddress:
            continue
    return ""


def _typed(field: str) -> str:
    """The address behind its type, as in ``rfc822; taro@example.jp``."""
    return field.partition(";")[2].strip().strip("<>")


def _field(block: Block, name: str) -> str:
    return text_at(block, name).strip()


def _list(found: Any) -> Sequence[Any]:
    return found if isinstance(found, list) else ()
