"""A message to a machine as a request: where it goes, and its body, the same bytes for every retry."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from bot.core.delivery import Enclosure, Envelope

# Under /v1/houses/{common_id}, or under /v1 where no house is known yet.
PATHS: Mapping[str, str] = {
    "provider_record": "records",
    "provider_file": "files",
    "provider_contract": "contract",
    "provider_list": "list",
}
LOOKUP = "provider_lookup"
OURS = frozenset({"house", "enclose"})  # what only we call by that name


@dataclass(frozen=True, slots=True)
class Request:
    """One POST."""

    url: str
    body: bytes
    media_type: str


def request_of(envelope: Envelope) -> Request:
    """Raises KeyError for a kind that no machine understands."""
    base, record = envelope.address.rstrip("/"), envelope.record
    data = {name: value for name, value in record.items() if name not in OURS}
    data |= {"ref": record.get("house", "")}
    body = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    if envelope.message.kind == LOOKUP:
        return Request(f"{base}/v1/lookups", body, "application/json")
    url = f"{base}/v1/houses/{quote(str(record['common_id']), safe='')}/{PATHS[envelope.message.kind]}"
    if envelope.enclosed is None:
        return Request(url, body, "application/json")
    return Request(url, _parts(envelope.key, body, envelope.enclosed), f"multipart/form-data; boundary={envelope.key}")


def _parts(boundary: str, about: bytes, file: Enclosure) -> bytes:
    """The data and the file as two parts of a form; the key parts them, so that a retry is the same bytes."""
    name = file.ref.rpartition("/")[2]
    return b"\r\n".join(
        [
            f"--{boundary}".encode(),
            b'Content-Disposition: form-data; name="about"',
            b"Content-Type: application/json; charset=utf-8",
            b"",
            about,
            f"--{boundary}".encode(),
            f'Content-Disposition: form-data; name="file"; filename="{name}"'.encode(),
            f"Content-Type: {file.media_type}".encode(),
            b"",
            file.data,
            f"--{boundary}--".encode(),
            b"",
        ]
    )


def plain_word(value: Any) -> str:
    """A machine's word on what went wrong, as one line without what it should not repeat."""
    text = value if isinstance(value, str) else ""
    return "".join(char if char.isprintable() else " " for char in text)[:120].strip()
