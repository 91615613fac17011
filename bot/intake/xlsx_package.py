"""The outside of an xlsx file: a zip of XML parts from a stranger, opened with limits.

No part is read before the whole package is known to stay within its size, and no part with a document type
declaration is read at all: external entities and expanding ones both need one.
"""

import posixpath
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from xml.parsers import expat

from bot.intake.reasons import Fault, Refused

LARGEST_XLSX = 64 << 20  # bytes of the file
LARGEST_UNPACKED = 400 << 20  # bytes of all its parts
_LARGEST_DIRECTORY = 1 << 20  # bytes of the zip's table of contents: some ten thousand parts
_CHUNK = 1 << 16
_END = struct.Struct("<4s4H2LH")
OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

Start = Callable[[str, dict[str, str]], None]
End = Callable[[str], None]
Text = Callable[[str], None]


class Package:
    """An opened xlsx file. Every failure to read it is a Refused."""

    def __init__(self, path: Path) -> None:
        _check_outside(path)
        with _broken_is_refused("zip"):
            self._zip = zipfile.ZipFile(path)
            self._parts = {info.filename.lstrip("/"): info for info in self._zip.infolist()}
        if sum(info.file_size for info in self._parts.values()) > LARGEST_UNPACKED:
            self.close()
            raise Refused(Fault("unpacked_too_large", None, f"{LARGEST_UNPACKED >> 20} MiB"))

    def close(self) -> None:
        self._zip.close()

    def __contains__(self, part: str) -> bool:
        return part in self._parts

    def size(self, part: str) -> int:
        return max(self._parts[part].file_size, 1)

    def __iter__(self) -> Iterator[str]:
        return iter(self._parts)

    def chunks(self, part: str) -> Iterator[bytes]:
        """The bytes of a part, piece by piece."""
        if part not in self._parts:
            raise Refused(Fault("broken_xlsx", None, part))
        with _broken_is_refused(part), self._zip.open(self._parts[part]) as file:
            while chunk := file.read(_CHUNK):
                yield chunk

    def parse(self, part: str, start: Start, end: End, text: Text) -> Iterator[int]:
        """Reads a part piece by piece and yields the bytes read so far. Names come without their namespace."""
        return self.feed(part, _parser(part, start, end, text))

    def feed(self, part: str, parser: expat.XMLParserType) -> Iterator[int]:
        """Gives a parser the bytes of a part, and yields how many it was given."""
        done = 0
        for chunk in self.chunks(part):
            with _broken_is_refused(part):
                parser.Parse(chunk, False)
            done += len(chunk)
            yield done
        with _broken_is_refused(part):
            parser.Parse(b"", True)
        yield done

    def parse_all(self, part: str, start: Start, end: End, text: Text) -> None:
        for _ in self.parse(part, start, end, text):
            pass

    def relations(self, part: str) -> dict[str, tuple[str, str]]:
        """What a part refers to inside the package: id to (kind, part)."""
        folder, name = posixpath.split(part)
        found: dict[str, tuple[str, str]] = {}

        def start(tag: str, attributes: dict[str, str]) -> None:
            if tag == "Relationship" and attributes.get("TargetMode") != "External":
                target = posixpath.normpath(posixpath.join("/", folder, attributes.get("Target", ""))).lstrip("/")
                found[attributes.get("Id", "")] = (posixpath.basename(attributes.get("Type", "")), target)

        listed = posixpath.join(folder, "_rels", f"{name}.rels")
        if listed in self:
            self.parse_all(listed, start, _ignored, _ignored)
        return found


def _ignored(_text: str) -> None:
    """Nothing to do for this event."""


@contextmanager
def _broken_is_refused(part: str) -> Iterator[None]:
    """Everything that a damaged zip or XML part can raise, told as one refusal."""
    try:
        yield
    except (zipfile.BadZipFile, zlib.error, expat.ExpatError, EOFError, ValueError, OverflowError) as error:
        raise Refused(Fault("broken_xlsx", None, part)) from error
    except (NotImplementedError, RuntimeError, KeyError, IndexError, struct.error, OSError) as error:
        raise Refused(Fault("broken_xlsx", None, part)) from error


def _check_outside(path: Path) -> None:
    """Sizes that can be known before the zip is opened. Raises Refused."""
    size = path.stat().st_size
    if size > LARGEST_XLSX:
        raise Refused(Fault("file_too_large", None, f"{LARGEST_XLSX >> 20} MiB"))
    with path.open("rb") as file:
        if file.read(8) == OLE2:
            raise Refused(Fault("unknown_format", None, "旧形式の xls か、パスワード付きの xlsx"))
        file.seek(max(0, size - (1 << 16) - _END.size))
        tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) < at + _END.size:
        raise Refused(Fault("broken_xlsx", None, "zip"))
    directory = _END.unpack_from(tail, at)[5]
    if directory > _LARGEST_DIRECTORY or tail[max(0, at - 20) : at].startswith(b"PK\x06\x07"):  # or a zip64
        raise Refused(Fault("unpacked_too_large", None, "部品の数"))


def safe_parser(part: str, namespace_separator: str | None = None) -> expat.XMLParserType:
    """A parser that refuses a document type declaration before anything comes of it."""
    parser = expat.ParserCreate(namespace_separator=namespace_separator)
    parser.buffer_text = True

    def refuse(*_declaration: object) -> None:
        raise Refused(Fault("unsafe_xml", None, part))

    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    return parser


def _parser(part: str, start: Start, end: End, text: Text) -> expat.XMLParserType:
    parser = safe_parser(part, " ")
    local: dict[str, str] = {}  # names are few: cut each once

    def local_start(name: str, attributes: dict[str, str]) -> None:
        if name not in local:
            local[name] = name.rpartition(" ")[2]
        if any(" " in key for key in attributes):
            attributes = {key.rpartition(" ")[2]: value for key, value in attributes.items()}
        start(local[name], attributes)

    def local_end(name: str) -> None:
        end(local[name])

    parser.StartElementHandler = local_start
    parser.EndElementHandler = local_end
    parser.CharacterDataHandler = text
    return parser
