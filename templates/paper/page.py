"""One letter, before it is laid out."""

from dataclasses import dataclass
from datetime import date

from bot.core.message import Message
from templates.render import Office

CODE_DIGITS = 6


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Another way to be reached, offered on a letter: what the channel is called, what opens it with the code in hand,
    the code as it is written, and until when it serves."""

    channel: str
    url: str
    code: str
    until: date


@dataclass(frozen=True, slots=True)
class LetterPage:
    """What one letter says, to whom, and how it can be answered.

    ``to_company`` chooses 御中 instead of 様. ``code`` is six digits; ``url`` stands in the QR and should be short (up
    to about 80 characters); without one the letter has no QR. Everything here is plain text from outside.
    """

    message: Message
    to_name: str
    to_postcode: str
    to_address: tuple[str, ...]
    office: Office
    code: str
    url: str
    written_on: date
    house_id: str
    office_address: tuple[str, ...] = ()
    to_company: bool = False
    elsewhere: Elsewhere | None = None

    def __post_init__(self) -> None:
        if len(self.code) != CODE_DIGITS or not (self.code.isascii() and self.code.isdigit()):
            raise ValueError("a letter's code is six digits")
