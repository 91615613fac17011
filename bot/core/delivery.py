"""The port between the dispatcher and the channels: what is handed over, and what comes back.

A channel never raises for what a platform answers; it returns a Receipt. Whether to try again, wait or
move on is decided by whoever reads the receipt.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol, runtime_checkable

from bot.core.allowance import Allowance
from bot.core.message import Message


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file that goes with a message: what it is called by, its content and its media type."""

    ref: str
    data: bytes = field(repr=False)
    media_type: str


@dataclass(frozen=True, slots=True)
class Envelope:
    """One message to one address, with everything that makes a retry the same bytes.

    ``key`` is the idempotency key, a UUID fixed when the row was written. ``written_at`` is the aware instant of that
    moment: it serves wherever a form wants a date. ``page_url`` is the person's own signed page; ``button_url`` is that
    page with one answer chosen (the action is appended, URL-quoted); ``stop_url`` ends this channel in one click, and
    ``elsewhere_url`` is where another one is taken up, if there is any to offer; ``account_url`` is where somebody whom
    we do not know shows by a code who they are. ``ticket`` is what the channel itself
    noted with the event that this answers. ``topic`` is the case it is about, and ``earlier`` the platform's id of the
    first message here on that topic, where the channel keeps topics together. ``urgent``: danger to life or the house.
    ``kept_back``: what the month still holds is kept for emergencies, so that this may only go where it costs nothing.
    ``opens`` are links to what the message tells of, each with its label, beside the answers.
    ``record`` is what is said as data, for a machine that reads no words, and ``enclosed`` the file that goes with it.
    ``attached`` are files for a person, for channels that carry any; the message tells where else they are.
    """

    key: str
    address: str
    name: str
    message: Message
    written_at: datetime
    page_url: str = ""
    button_url: str = ""
    stop_url: str = ""
    elsewhere_url: str = ""
    account_url: str = ""
    ticket: str = ""
    topic: str = ""
    earlier: str = ""
    urgent: bool = False
    kept_back: bool = False
    opens: tuple[tuple[str, str], ...] = ()
    record: Mapping[str, Any] = field(default_factory=dict)
    enclosed: Enclosure | None = None
    attached: tuple[Enclosure, ...] = ()


GONE = "file gone"  # the detail of an attempt whose file is there no more


class Outcome(StrEnum):
    """What became of one attempt."""

    SENT = "sent"  # the platform took it (which is not yet: the person has read it)
    LATER = "later"  # temporary: try again, after ``retry_after`` if the platform said so
    DEAD = "dead"  # this address will never work again (blocked, no such user, hard bounce)
    REFUSED = "refused"  # this message will never be taken, the address may be fine
    CLOSED = "closed"  # the whole channel is out of order (bad credentials, policy): nobody's address is to blame
    UNKNOWN = "unknown"  # it may have been taken: the answer never came


@dataclass(frozen=True, slots=True)
class Receipt:
    """The answer to one attempt. ``detail`` is the platform's word, without personal data or secrets.

    ``anew``: what was said on its topic before is gone from there, and this begins it again. ``once``: it went a way
    that knows no key, so that an unknown outcome stays unknown. ``answer`` is what a machine said in return.
    """

    outcome: Outcome
    provider_id: str = ""
    detail: str = ""
    retry_after: float | None = None  # seconds
    anew: bool = False
    once: bool = False
    answer: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Abilities:
    """What a channel can do and may do, as data, so that nobody asks for its name.

    ``repeatable``: a repeat under the same key reaches the person once (or folds into one), so an unknown outcome
    may be tried again. ``answers``: people can answer in the channel itself. ``topics``: it keeps what is said about
    one case together, and is told the id of the first such message. ``at_once``: envelopes worth handing over
    concurrently. ``per_second``: messages that the platform takes in a second from all our processes together, 0 for
    as many as there are. ``rest``: seconds between two messages to the same address. ``mail``: its addresses are mail
    addresses, which other platforms may vouch for. ``machines``: its addresses are machines of many
    offices, each with a lane and a pace of its own, that are told data (see ``Envelope.record``).
    """

    repeatable: bool
    answers: bool = False
    mail: bool = False
    machines: bool = False
    topics: bool = False
    at_once: int = 4
    per_second: float = 0.0
    rest: int = 0


@dataclass(frozen=True, slots=True)
class Shape:
    """What a channel would hand to its platform, for somebody who looks at it before it is ever said.

    ``notice`` is what a notification shows, ``lines`` what is read after the channel's limits have cut it, ``buttons``
    the answers below it, ``raw`` the payload as the platform takes it and ``size`` its bytes.
    """

    notice: str
    lines: tuple[str, ...]
    buttons: tuple[str, ...]
    raw: str
    size: int


class Channel(Protocol):
    """One platform, outward."""

    name: str
    abilities: Abilities

    async def send(self, envelope: Envelope) -> Receipt: ...

    async def close(self) -> None: ...


@runtime_checkable
class Checked(Protocol):
    """A channel whose platform, server or folder can be asked whether it would take what we send."""

    name: str

    async def check(self) -> str:
        """Empty where it would; otherwise why not, in a few words without a secret. Sends nothing, never raises."""
        ...


@runtime_checkable
class OneWay(Protocol):
    """A channel whose messages can be repeated, but for some."""

    def is_once(self, ticket: str) -> bool:
        """Whether what answers this would go a way that knows no key: then it is noted before it is tried."""
        ...


@runtime_checkable
class Metered(Protocol):
    """A channel whose platform takes only so many messages in a month."""

    name: str

    async def allowance(self) -> Allowance | None:
        """None where no answer came that makes sense."""
        ...
