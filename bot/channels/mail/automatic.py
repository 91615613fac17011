"""Mails that nobody wrote: answered, they would be answered in turn (RFC 3834)."""

import re
from collections.abc import Callable

Headers = Callable[[str], str]  # the values of a header, joined; empty where it is missing

_BULK = ("bulk", "list", "junk", "auto_reply", "auto-reply")
_ROBOTS = (
    *("x-autoreply", "x-autorespond", "x-autoresponder", "x-auto-response-suppress"),
    *("list-id", "list-unsubscribe", "feedback-id"),
)
_SUBJECT = re.compile(
    r"\W*(?:自動(?:返信|応答|送信)|不在(?:通知|のお知らせ|連絡|応答)|Automatic reply|"
    r"Auto(?:matic)?[- ]?(?:reply|response)|"
    r"Out of (?:the )?office|Undelivered Mail|Undeliverable|Mail delivery (?:failed|failure)|Returned mail|"
    r"Delivery Status Notification)",
    re.IGNORECASE,
)


def is_automatic(headers: Headers) -> bool:
    """Whether a machine sent it: an out-of-office note, a list, a newsletter, a bounce of no readable form."""
    submitted = headers("auto-submitted").split(";")[0].strip().lower()
    if submitted not in ("", "no") or headers("return-path").strip() == "<>":
        return True
    if headers("precedence").strip().lower() in _BULK or any(headers(name) for name in _ROBOTS):
        return True
    return headers("x-spam-flag").strip().lower() == "yes" or bool(_SUBJECT.match(headers("subject")))
