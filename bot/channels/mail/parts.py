"""The parts of a mail, numbered as IMAP numbers them (RFC 3501, 6.4.5), and what of them is kept."""

from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from email.parser import HeaderParser

from bot.channels.mail.charsets import kept, text_of
from bot.channels.mail.headers import decoded
from bot.channels.mail.hypertext import words_of

MOST_PARTS = 200
MOST_FILES = 20
LONGEST_TEXT = 100_000  # characters
LONGEST_HTML = 1_000_000  # bytes; office programs write long styles before the first word
_ENCODINGS = ("base64", "quoted-printable")
_NO_FILES = (  # signatures, cards, calendars: nothing that anybody sent as a file
    *("text/calendar", "text/vcard", "text/x-vcard", "application/ics", "application/ms-tnef"),
    *("application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature"),
)
_SMALL_IMAGE = 20_000  # bytes; what is shown inside the text and smaller is a logo, hardly a photo of a house


@dataclass(frozen=True, slots=True)
class Part:
    """One leaf: ``number`` is its place, ``encoding`` how its bytes travel."""

    number: str
    media_type: str
    message: Message
    encoding: str

    @property
    def is_text(self) -> bool:
        named = self.message.get_filename() is not None
        return self.media_type in ("text/plain", "text/html") and not named and self._disposition != "attachment"

    @property
    def size(self) -> int:
        """About as many bytes as the file has."""
        travelling = len(str(self.message.get_payload()))
        return travelling * 3 // 4 if self.encoding == "base64" else travelling

    @property
    def is_file(self) -> bool:
        if self.is_text or self.media_type in _NO_FILES or self.media_type.startswith(("message/", "multipart/")):
            return False
        inside = bool(self.message["content-id"]) and self._disposition != "attachment"
        return not (inside and self.media_type.startswith("image/") and self.size < _SMALL_IMAGE)

    def text(self) -> str:
        data = self.message.get_payload(decode=True)
        found = text_of(data if isinstance(data, bytes) else b"", self._charset)
        return _joined(found, self.message) if self.media_type == "text/plain" else words_of(found[:LONGEST_HTML])

    @property
    def _charset(self) -> str:
        return kept(str(self.message.get_param("charset", "") or ""))

    @property
    def _disposition(self) -> str:
        return str(self.message.get("content-disposition", "")).split(";")[0].strip().lower()


def leaves(message: Message) -> Iterator[Part]:
    """Every part that has no parts, mails inside the mail included, in order."""
    waiting = [("", message)]
    seen = 0
    while waiting and seen < MOST_PARTS:
        number, part = waiting.pop()
        seen += 1
        children = part.get_payload() if part.get_content_maintype() == "multipart" else None
        if isinstance(children, list):
            numbered = [(f"{number}.{at}".lstrip("."), child) for at, child in enumerate(children, 1)]
            waiting += reversed([(place, child) for place, child in numbered if isinstance(child, Message)])
            continue
        encoding = str(part.get("content-transfer-encoding", "")).strip().lower()
        yield Part(number or "1", part.get_content_type(), part, encoding if encoding in _ENCODINGS else "")


def body_of(parts: list[Part]) -> str:
    """What is to be read: the plain text, and the HTML only where there is none."""
    texts = [part for part in parts if part.is_text]
    plain = [found for part in texts if part.media_type == "text/plain" and (found := part.text()).strip()]
    return "\n".join(plain or [part.text() for part in texts if part.media_type == "text/html"])[:LONGEST_TEXT]


def report_of(parts: list[Part]) -> tuple[list[dict[str, str]], dict[str, str]]:
    """The blocks of a delivery report, and the headers of the mail that it is about; both empty where it is none."""
    blocks: list[dict[str, str]] = []
    returned: dict[str, str] = {}
    for part in parts:
        if part.media_type in ("message/delivery-status", "message/global-delivery-status"):
            blocks += [_fields(block) for block in _blocks(part)][:20]
        elif part.media_type in ("message/rfc822", "message/global", "text/rfc822-headers", "message/global-headers"):
            inner = _blocks(part)
            returned = returned or (_fields(inner[0]) if inner else {})
    return [block for block in blocks if block], {
        name: returned[name] for name in ("message-id", "to") if name in returned
    }


def _blocks(part: Part) -> list[Message]:
    payload = part.message.get_payload()
    if isinstance(payload, list):
        return [block for block in payload if isinstance(block, Message)]
    data = part.message.get_payload(decode=True)
    text = text_of(data if isinstance(data, bytes) else b"", "utf-8")
    return [HeaderParser().parsestr(block) for block in text.split("\n\n") if block.strip()]


def _fields(block: Message) -> dict[str, str]:
    return {name.lower()[:60]: decoded(value)[:500] for name, value in list(block.raw_items())[:40]}


def _joined(text: str, message: Message) -> str:
    """Lines that the client broke, as they were written (RFC 3676): phones break Japanese in the middle of a date."""
    if str(message.get_param("format", "")).lower() != "flowed":
        return text
    cut = str(message.get_param("delsp", "")).lower() == "yes"
    lines: list[str] = []
    flows = False
    for line in text.split("\n"):
        quoted = line.startswith(">")
        if flows and not quoted and lines:
            lines[-1] += line
        else:
            lines.append(line)
        flows = line.endswith(" ") and line != "-- " and not quoted
        if flows and cut:
            lines[-1] = lines[-1][:-1]
    return "\n".join(lines)
