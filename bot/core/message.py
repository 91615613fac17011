"""What is said, before any channel gives it a form."""

from dataclasses import dataclass
from datetime import date

# What a message wants of its reader, where it wants one thing alone: a channel may open a form for it.
WORDS, CHOICE, LINK = "words", "choice", "link"


@dataclass(frozen=True, slots=True)
class Button:
    """One answer offered to a person.

    ``action`` is the opaque text that comes back when it is pressed (at most 250 bytes, ASCII).
    """

    label: str
    action: str


@dataclass(frozen=True, slots=True)
class Visit:
    """A fixed visit, for the calendar file that goes with a message."""

    uid: str
    on: date
    summary: str
    description: str
    sequence: int = 0
    cancelled: bool = False


@dataclass(frozen=True, slots=True)
class Message:
    """A neutral message: every channel gives it its own form.

    ``facts`` are label and value pairs (house, company, date); ``footer`` says who writes and how to stop. ``wants``:
    one of the buttons is to be chosen, something to be written, or an account to be linked by a code; empty where none
    of them is all there is to do.
    All text is plain: nothing in it is markup in any channel.
    """

    kind: str
    language: str
    title: str
    paragraphs: tuple[str, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    buttons: tuple[Button, ...] = ()
    footer: tuple[str, ...] = ()
    visit: Visit | None = None
    wants: str = ""
