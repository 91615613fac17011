"""What one stored mail was: an answer, a bounce, or something that nobody wrote."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from email.utils import getaddresses
from typing import Any

from bot.channels.mail.address import BadAddress, Mailbox, known_form
from bot.channels.mail.automatic import Headers, is_automatic
from bot.channels.mail.kept import SENT_TO
from bot.channels.mail.plus import key_in, key_of_id, token_in
from bot.channels.mail.quotes import LONGEST, own_words
from bot.channels.mail.report import read_report
from bot.channels.mail.vouching import vouches
from bot.channels.raw import text_at
from bot.core.arrival import Inbound, Remote, What

NAME = "email"
STOP = "停止"  # what a mail to the address of List-Unsubscribe says, whatever stands in it
REFERENCE = re.compile(r"(\d{1,20}):(\d{1,20}):(\d{1,4}(?:\.\d{1,4}){0,40}):(base64|quoted-printable|)")
_STOP = re.compile(r"\s*stop\b", re.IGNORECASE)
_ANSWER = re.compile(r"\s*(?:re|fwd?|返信|転送)\s*[:：\]]", re.IGNORECASE)
_MESSAGE_ID = re.compile(r"<[!-;=?-~]{1,248}>")


def parse(raw: Mapping[str, Any], ours: Mailbox, server: str = "") -> Inbound:
    """``ours`` is the address we write from, ``server`` the name under which our mail server vouches.

    Raises ValueError for what is no kept mail.
    """
    headers = _headers(raw)
    sent_to = " ".join(filter(None, (headers(name) for name in SENT_TO)))
    blank = Inbound(NAME, _id(raw), "", _at(raw), What.NOTHING, forgeable=True)
    content_type = headers("content-type").lower()
    if raw.get("report") and content_type.startswith("multipart/report"):
        found = read_report(raw, ours.domain, sent_to)
        return replace(blank, what=found.what, address=found.address, answers_key=found.key)
    name, address = _writer(headers("from"))
    if not address or _is_ours(address, ours) or is_automatic(headers) or content_type.startswith("multipart/report"):
        return replace(blank, address=address)
    key = key_in(sent_to)
    message_id = next(iter(_MESSAGE_ID.findall(headers("message-id"))), "")
    heard = replace(
        blank,
        what=What.SAID,
        address=address,
        name=name,
        message_id=message_id,
        ticket=message_id,
        answers_key=key or _thread(headers, ours.domain),
    )
    if key and _STOP.match(headers("subject")):
        return replace(heard, text=STOP)
    remote = _remote(raw)
    refused = any(raw.get(why) is True for why in ("large", "unreadable", "more_files"))
    heard = replace(heard, text=_text(raw, headers), remote=remote, refused=refused)
    token = "" if key else token_in(sent_to)
    return replace(heard, intake=token, vouched=_vouched(raw, headers("from"), server)) if token else heard


def _vouched(raw: Mapping[str, Any], written: str, server: str) -> bool:
    """Whether our server vouches for its one author; a mail that names several is nobody's."""
    named = getaddresses([written])
    told = raw.get("vouched")
    listed = [str(value) for value in told] if isinstance(told, list) else []
    return len(named) == 1 and vouches(listed, server, _writer(written)[1].rpartition("@")[2])


def _text(raw: Mapping[str, Any], headers: Headers) -> str:
    """Their own words; the subject's, where that is all they wrote."""
    found = own_words(text_at(raw, "text"))
    subject = headers("subject")
    return found if found or _ANSWER.match(subject) else subject[:LONGEST].strip()


def _thread(headers: Headers, domain: str) -> str:
    return key_of_id(headers("in-reply-to"), domain) or key_of_id(headers("references"), domain)


def _writer(text: str) -> tuple[str, str]:
    """Name and address of the first author, as we know addresses; no address where there is none to answer to."""
    for name, address in getaddresses([text])[:1]:
        try:
            return name[:200], known_form(address)
        except BadAddress:
            break
    return "", ""


def _is_ours(address: str, ours: Mailbox) -> bool:
    local, _, domain = ours.address.lower().rpartition("@")
    return address == f"{local}@{domain}" or (address.startswith(f"{local}+") and address.endswith(f"@{domain}"))


def _remote(raw: Mapping[str, Any]) -> tuple[Remote, ...]:
    files = raw.get("files")
    listed = [file for file in files if isinstance(file, Mapping)] if isinstance(files, list) else []
    place = f"{raw.get('validity')}:{raw.get('uid')}"
    named = [(f"{place}:{text_at(file, 'part')}:{text_at(file, 'encoding')}", text_at(file, "name")) for file in listed]
    return tuple(Remote(*known) for known in named if REFERENCE.fullmatch(known[0]))


def _headers(raw: Mapping[str, Any]) -> Headers:
    found = raw.get("headers")
    if raw.get("v") != 1 or not isinstance(found, Mapping):
        raise ValueError("no kept mail")
    known: Mapping[str, Any] = found

    def values(name: str) -> str:
        listed = known.get(name)
        return " ".join(str(value) for value in listed) if isinstance(listed, list) else ""

    return values


def _id(raw: Mapping[str, Any]) -> str:
    found = text_at(raw, "id")
    if not found:
        raise ValueError("a mail without an id")
    return found


def _at(raw: Mapping[str, Any]) -> datetime:
    found = datetime.fromisoformat(text_at(raw, "at"))
    if found.tzinfo is None:
        raise ValueError("a mail without a time zone")
    return found
