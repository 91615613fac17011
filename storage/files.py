"""The files that people send: kept under names of ours, told apart by their content, never by their name.

Photos are kept without what they say about place, time and device, except HEIC, which nothing here can write.
"""

import asyncio
import hashlib
import re

from bot.core.arrival import Attachment
from storage.photos import NoPictureError, TooManyPixelsError, bare
from storage.places import Place, Untouched

LARGEST = 10 * 1024 * 1024  # bytes of one file
REF = re.compile(r"[0-9a-f]{24}/[0-9a-f]{40}\.[a-z]{3,4}")
# What a file begins with; anything else is refused, whatever it calls itself.
HEADS: tuple[tuple[int, bytes, str], ...] = (
    (0, b"\xff\xd8\xff", "jpg"),
    (0, b"\x89PNG\r\n\x1a\n", "png"),
    (8, b"WEBP", "webp"),
    (0, b"%PDF-", "pdf"),
    *((4, b"ftyp" + brand, "heic") for brand in (b"heic", b"heix", b"hevc", b"mif1", b"msf1")),
)
PHOTOS = frozenset({"jpg", "png", "webp"})
MEDIA_TYPES = {
    "jpg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
    "heic": "image/heic",
    "pdf": "application/pdf",
}


class FileRefusedError(ValueError):
    """A file that is not kept; the message is a code: empty, large or type."""


class Files:
    """One folder per person, so that what a person sent can be erased with them."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._at_work = asyncio.Lock()  # one picture at a time: each takes a lot of memory for a moment

    async def keep(self, person_id: str, data: bytes) -> Attachment:
        """Stores a file; the same bytes from the same person are one file. Raises FileRefusedError."""
        ending = _ending(data)
        if ending in PHOTOS:
            async with self._at_work:
                data = await asyncio.to_thread(_bare, data)
        ref = f"{_folder(person_id)}/{hashlib.sha256(data).hexdigest()[:40]}.{ending}"
        await asyncio.to_thread(self._place.write, ref, data)
        return Attachment(ref, MEDIA_TYPES[ending], len(data))

    async def read(self, ref: str) -> tuple[bytes, str] | None:
        """Content and media type; None for what is not there, or is no reference of ours."""
        if REF.fullmatch(ref) is None:
            return None
        media_type = MEDIA_TYPES.get(ref.rpartition(".")[2])
        data = await asyncio.to_thread(self._place.read, ref)
        return (data, media_type) if data is not None and media_type else None

    async def keep_as(self, person_id: str, data: bytes, ending: str) -> str:
        """Stores bytes as they are, for nobody to be shown: under their hash and an ending of ours. Its reference."""
        ref = self.ref_of(person_id, hashlib.sha256(data).hexdigest(), ending)
        await asyncio.to_thread(self._place.write, ref, data)
        return ref

    def ref_of(self, person_id: str, digest: str, ending: str) -> str:
        """Where such bytes lie."""
        return f"{_folder(person_id)}/{digest[:40]}.{ending}"

    async def kept(self, ref: str) -> bytes | None:
        """Bytes as they were stored; None for what is not there, or is no reference of ours."""
        return await asyncio.to_thread(self._place.read, ref) if REF.fullmatch(ref) else None

    def belongs_to(self, person_id: str, ref: str) -> bool:
        return ref.startswith(f"{_folder(person_id)}/")

    async def forget(self, person_id: str) -> None:
        """Everything that a person sent is gone."""
        await asyncio.to_thread(self._place.remove, _folder(person_id))

    async def remove(self, ref: str) -> None:
        """One file is gone; what is no reference of ours removes nothing."""
        if REF.fullmatch(ref) is not None:
            await asyncio.to_thread(self._place.remove, ref)

    def untouched(self) -> "Files":
        """The same files for a dry run."""
        return Files(Untouched(self._place))


def _folder(person_id: str) -> str:
    return hashlib.sha256(person_id.encode()).hexdigest()[:24]


def _bare(photo: bytes) -> bytes:
    try:
        return bare(photo)
    except NoPictureError as error:
        raise FileRefusedError("type") from error
    except TooManyPixelsError as error:
        raise FileRefusedError("large") from error


def _ending(data: bytes) -> str:
    if not data:
        raise FileRefusedError("empty")
    if len(data) > LARGEST:
        raise FileRefusedError("large")
    for at, head, ending in HEADS:
        if data[at : at + len(head)] == head:
            return ending
    raise FileRefusedError("type")
