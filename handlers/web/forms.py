"""Forms: each carries a stamp of ours that says for whom it was shown, and is good for one deed.

Without the stamp a POST does nothing, so no other site can have one made (CSRF); its nonce is the name of the event,
so that a double click is one event.
"""

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from fastapi import Request
from python_multipart.multipart import parse_options_header
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException

from bot.core.links import Links
from storage.files import LARGEST

PURPOSE = "form"
FIELD = "stamp"
MOST_FILES, MOST_FIELDS = 5, 40
MOST_SENT = 100  # files that are looked through to say that they are too many
LONGEST = 4000  # characters of one text; what is longer is cut, as a channel would


@dataclass(frozen=True, slots=True)
class Posted:
    """What a form brought: its nonce, its fields, and the bytes of its files with what they were called."""

    nonce: str
    fields: Mapping[str, str]
    files: tuple[bytes, ...] = field(default=())
    names: tuple[str, ...] = field(default=())

    def text(self, name: str) -> str:
        return self.fields.get(name, "").strip()

    def event_id(self, *said: str) -> str:
        """The same words from the same form are the same event; other words are another."""
        digest = hashlib.sha256("\x1f".join(said).encode())
        for data in self.files:
            digest.update(hashlib.sha256(data).digest())
        return f"page:{self.nonce}:{digest.hexdigest()[:16]}"


def stamp(links: Links, shown_to: str) -> str:
    """The hidden field of every form on one showing of a page."""
    return links.token(PURPOSE, f"{secrets.token_urlsafe(12)} {shown_to}")


async def posted(request: Request, links: Links, shown_to: str, most: int = MOST_FIELDS) -> Posted:
    """The form, if it is one that we showed to them; otherwise the request is refused with 403."""
    if _charset(request) not in ("utf-8", "utf8"):
        raise HTTPException(415)  # ours are sent as UTF-8; some of Python's other codecs make text of no characters
    async with request.form(max_files=MOST_SENT, max_fields=most) as form:
        fields = {name: _text(value) for name, value in form.items() if isinstance(value, str)}
        uploads = [value for value in form.getlist("files") if isinstance(value, UploadFile)]
        chosen = [upload for upload in uploads if upload.filename or upload.size]
        if len(chosen) > MOST_FILES:
            raise HTTPException(413)
        files = [await upload.read(LARGEST + 1) for upload in chosen]
    nonce = _nonce(links, fields.pop(FIELD, ""), shown_to)
    return Posted(nonce, fields, tuple(files), tuple(upload.filename or "" for upload in chosen))


def _charset(request: Request) -> str:
    _, options = parse_options_header(request.headers.get("content-type", ""))
    return options.get(b"charset", b"utf-8").decode("latin-1").lower()


def row_number(text: str) -> int:
    """The number of a row as a form or a link names it; 0 for what no row can have."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


def _nonce(links: Links, token: str, shown_to: str) -> str:
    said: Any = links.read(PURPOSE, token)
    nonce, _, to = said.partition(" ") if isinstance(said, str) else ("", "", "")
    if not nonce or to != shown_to:
        raise HTTPException(403)
    return nonce


def _text(value: str) -> str:
    """Lines as lines, without the null character that no database keeps."""
    return value.replace("\r\n", "\n").replace("\x00", "")[:LONGEST]
