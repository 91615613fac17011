"""Bytes of a mail to text, whatever charset they claim or have.

Japanese mailers write more into iso-2022-jp and shift_jis than the standards hold (①, ㈱, 髙): what Windows had.
"""

import re

_CLAIMED = {
    "iso-2022-jp": "jis",
    "iso-2022-jp-1": "jis",
    "iso-2022-jp-ms": "jis",
    "cp50220": "jis",
    "cp50221": "jis",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "sjis": "cp932",
    "x-sjis": "cp932",
    "windows-31j": "cp932",
    "ms_kanji": "cp932",
    "x-euc-jp": "euc_jp",
    "us-ascii": "utf-8",
    "unknown-8bit": "utf-8",
}
_GUESSES = ("utf-8", "euc_jp", "cp932")  # EUC before Shift_JIS: hardly a text of the one passes for the other this way
_ESCAPE = re.compile(rb"\x1b(\$[@B]|\$\(D|\([BJI])")
_UNKEPT = {code: None for code in [*range(32), 127] if chr(code) not in "\t\n"}


def text_of(data: bytes, charset: str) -> str:
    """The text, with replacement characters where nothing fits; no control characters, every line end a line feed."""
    text = _decoded(data, _CLAIMED.get(charset.strip().lower(), charset.strip().lower()))
    return kept(text.replace("\r\n", "\n").replace("\r", "\n"))


def kept(text: str) -> str:
    """Without control characters and halves of characters, which no database keeps."""
    return text.translate(_UNKEPT).encode("utf-8", "replace").decode("utf-8")


def _decoded(data: bytes, charset: str) -> str:
    if charset == "jis" or (b"\x1b$" in data and data.isascii()):
        return _jis(data)
    for name in (charset, *_GUESSES):
        try:
            return data.decode(name)
        except (LookupError, ValueError):  # codecs that are no text codecs raise LookupError as well
            continue
    return data.decode("utf-8", "replace")


def _jis(data: bytes) -> str:
    """ISO-2022-JP, its double bytes read as Windows reads them."""
    pieces = _ESCAPE.split(data)
    read = [_plain(pieces[0])]
    for escape, piece in zip(pieces[1::2], pieces[2::2], strict=True):
        read.append(_run(escape, piece))
    return "".join(read)


def _run(escape: bytes, piece: bytes) -> str:
    if escape in (b"$@", b"$B"):
        return "".join(_line(line) for line in piece.splitlines(keepends=True))
    if escape == b"(I":
        return bytes(byte | 0x80 for byte in piece).decode("cp932", "replace")
    if escape == b"$(D":
        return (b"\x1b$(D" + piece + b"\x1b(B").decode("iso2022_jp_1", "replace")
    return _plain(piece)


def _plain(piece: bytes) -> str:
    return piece.decode("utf-8", "replace")


def _line(piece: bytes) -> str:
    """Double bytes of JIS X 0208 with Windows' additions; a line end among them stays one."""
    content = piece.rstrip(b"\r\n")
    pairs = zip(content[::2], content[1::2], strict=False)
    shifted = b"".join(_shifted(row, cell) for row, cell in pairs)
    return shifted.decode("cp932", "replace") + _plain(piece[len(content) :])


def _shifted(row: int, cell: int) -> bytes:
    """The arithmetic between JIS and Shift_JIS."""
    if not (0x21 <= row <= 0x7E and 0x21 <= cell <= 0x7E):
        return b"?"
    lead = (row + 1) // 2 + (0x70 if row < 0x5F else 0xB0)
    if row % 2:
        return bytes((lead, cell + (0x1F if cell < 0x60 else 0x20)))
    return bytes((lead, cell + 0x7E))
