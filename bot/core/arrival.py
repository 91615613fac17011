"""The port between the platforms and the inbox: what came in, first as it came, then as a channel understood it.

A channel that people answer in has ``parse``; the small protocols below say in which ways things come in through it.
What comes in is stored as an Event before its platform is answered, and understood afterwards.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol, runtime_checkable

from bot.core.guarantee import Told


class What(StrEnum):
    """What kind of thing happened."""

    SAID = "said"  # words, a pressed button, or files
    CAME = "came"  # a person opened this channel to us: followed, started, unblocked
    LEFT = "left"  # they closed it: blocked, unfollowed
    TOOK_BACK = "took_back"  # they withdrew an earlier message; ``about`` is that message's id
    LINKED = "linked"  # the platform vouches that whoever was given the nonce in ``text`` owns this account
    FAILED = "failed"  # a message of ours did not arrive, and nothing will there; ``answers_key`` is its key
    RETURNED = "returned"  # a message of ours came back, for no fault of the address
    NEWS = "news"  # a machine tells what it knows, see ``told``
    NOTHING = "nothing"  # known, and of no meaning to us


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that came in, as it came. ``id`` is unique in its channel: the same event twice is one row."""

    id: str
    raw: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a platform's request is answered, once its events are stored. ``body`` is text of ``media_type``."""

    status: int
    events: tuple[Event, ...] = ()
    body: str = ""
    media_type: str = "text/plain"


@dataclass(frozen=True, slots=True)
class Webhook:
    """A door for a platform's requests. ``read`` checks the raw bytes and splits them; it never raises for them.

    Header names are lower case. What is wrong with a request is told by the answer's status alone: 413 for too much,
    401 for what is not the platform's, 400 for what is no request of its, 422 for an event that lacks something. What
    comes as anything but ``media_type`` is answered 415, and not read.
    """

    path: str
    read: Callable[[Mapping[str, str], bytes], Awaitable[Answer]]
    media_type: str = "application/json"


Keep = Callable[[Event], Awaitable[None]]  # returns when the event is stored


@runtime_checkable
class Answered(Protocol):
    """A channel in which people answer."""

    def parse(self, raw: Mapping[str, Any]) -> "Inbound":
        """What one stored event was. Raises ValueError for what cannot be understood at all."""


@runtime_checkable
class Desk(Protocol):
    """A channel in which the staff have a place of their own: the address of that place."""

    desk: str


@runtime_checkable
class Webhooked(Protocol):
    """A channel whose platform calls us."""

    webhooks: tuple[Webhook, ...]


@runtime_checkable
class Listening(Protocol):
    """A channel that asks its platform, or its mailbox, by itself."""

    async def listen(self, keep: Keep) -> None:
        """Runs until it is cancelled, through whatever the platform does. An event is kept before it is ticked off."""


@runtime_checkable
class Addressed(Protocol):
    """A channel in which a company can have an address of its own for its files."""

    def own_address(self, token: str) -> str: ...


@runtime_checkable
class Inviting(Protocol):
    """A channel that a person comes to with a one-time code in hand."""

    async def invitation(self, code: str) -> str:
        """The address that opens the channel with this code, for a link or a QR code; empty where it has none."""


@runtime_checkable
class Confirming(Protocol):
    """A channel whose platform makes sure that whoever gave a code on a page of ours has the account it was asked of.

    It tells so as LINKED, with the nonce as its text; without one where they did not confirm it.
    """

    def confirmation(self, ticket: str, nonce: str) -> str:
        """The platform's page that asks them. ``ticket`` is its own, and came with the person to our page."""


@runtime_checkable
class Fetching(Protocol):
    """A channel whose files have to be fetched from the platform."""

    async def fetch(self, remote: "Remote") -> bytes:
        """The file's bytes. Raises GoneError for what is gone or too large, and OSError for what may come back."""


@runtime_checkable
class Vouching(Protocol):
    """A channel whose platform has made sure of a mail address of everybody who writes there."""

    async def verified(self, address: str) -> str:
        """The mail address that the platform has verified for this account; empty where it tells none."""


class GoneError(Exception):
    """A file that can no longer be had from its platform; the message is a code: gone or large."""


@dataclass(frozen=True, slots=True)
class Remote:
    """A file that still lies at its platform, by the platform's own id. ``name``: what whoever sent it calls it."""

    id: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file a person sent: where its bytes are kept, and what they are by their content."""

    ref: str
    media_type: str
    size: int


@dataclass(frozen=True, slots=True)
class Inbound:
    """One thing that happened, as a channel understood it.

    What was ``said`` is either an ``action`` (a pressed button) or ``text``, or files alone. ``message_id`` is the
    platform's name for it, by which it may be withdrawn later. ``ticket`` is the channel's own note that ties an
    answer to it (a reply token, a thread); it comes back in the answer's envelope. ``at_desk``: it happened where
    only staff are. ``forgeable``: anybody can write in that person's name there, so that only an answer to a message
    of ours to them is taken for theirs.
    """

    channel: str
    event_id: str
    address: str
    at: datetime
    what: What = What.SAID
    text: str = ""
    action: str = ""
    attachments: tuple[Attachment, ...] = field(default=())
    remote: tuple[Remote, ...] = ()
    message_id: str = ""
    about: str = ""
    answers_key: str = ""  # the key of the message this answers, where the platform tells
    pressed: str = ""  # the tag of an action on that message, where the platform has no room for the action itself
    ticket: str = ""
    mail: str = ""  # the writer's mail address, as their platform has verified it
    name: str = ""  # what the writer calls themselves there: shown to staff only, believed by nobody
    at_desk: bool = False
    forgeable: bool = False
    overheard: bool = False  # at the desk, and not said to us: people there talk with each other too
    told: Told | None = None  # of the guarantor's machine
    refused: bool = False  # a file of theirs could not be had or kept
    intake: str = ""  # the token in the address of a company's own, for its files, at which it came
    vouched: bool = False  # our own server says that it came from the domain of ``address``
