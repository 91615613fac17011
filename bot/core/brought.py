"""Files that came by mail to a company's own address for them, and what became of each."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

MOST_FILES = 5  # in one mail


class Unread(StrEnum):
    """Why a file was not looked into."""

    MANY = "many"
    LARGE = "large"
    ZIP = "zip"
    PROTECTED = "protected"
    TYPE = "type"
    EMPTY = "empty"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail to the address that ``token`` stands in. ``files`` are what each is called and its bytes, None where they
    could not be had. ``vouched``: our own mail server says that it came from the domain of ``address``.

    ``large``: the mail as such was too large to be opened; ``message_id`` ties an answer to it.
    """

    row_id: int
    token: str
    channel: str
    address: str
    vouched: bool
    message_id: str = ""
    files: Sequence[tuple[str, bytes | None]] = field(default=(), repr=False)
    large: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One thing found in a file: in which table and row, and what a person is told, without what is written there."""

    table: str
    row: int | None
    message: str


@dataclass(frozen=True, slots=True)
class Dealt:
    """One file: not looked into (``why``), taken in (``verdict``, under ``number``), or lying ready under the hash
    ``lies`` until somebody of the company takes it in. ``marked`` is where its marked Excel is kept."""

    why: str = ""
    verdict: str = ""
    number: int = 0
    accepted: int = 0
    total: int = 0
    lines: tuple[Line, ...] = ()
    more: int = 0
    marked: str = ""
    lies: str = ""
