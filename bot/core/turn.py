"""One thing a person did, with everything that answering it needs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.core.action import Action
from bot.core.candidates import Ranked
from bot.core.case import Scene
from bot.core.event import Event
from bot.core.history.keeper import Sought
from bot.core.house import Household
from bot.core.lapse import Notice
from bot.core.meaning import Meaning
from bot.core.outcome import Talk
from bot.core.people import Person
from bot.core.scopes import Scope


@dataclass(frozen=True, slots=True)
class Reply:
    """What came in: a pressed button, or words and what they were taken to mean, and files.

    ``named`` are the channels that the words name; ``above`` is the channel of the message they were written under.
    """

    via: str  # the channel
    source: str  # the inbound row, as evidence
    text: str = ""
    action: Action | None = None
    meaning: Meaning | None = None
    evidence: tuple[str, ...] = ()
    address: str = ""  # theirs in that channel
    named: tuple[str, ...] = ()  # the channels that their words name
    above: str = ""  # the channel of the message under which they wrote
    ticket: str = ""  # the channel's note by which an answer is tied to this
    refused: bool = False  # a file of theirs could not be kept
    overheard: bool = False  # said among the staff, not to us


@dataclass(frozen=True, slots=True)
class Claim:
    """Whose a one-time code is, for the account that showed it.

    ``replaces``: the person has another account in that channel, which is asked first; until it has answered the
    account waits, and the claim is what their answer is about.
    """

    person: Person
    digest: str
    address: str
    replaces: bool
    house_id: str = ""
    channel: str = ""


@dataclass(frozen=True, slots=True)
class Vouched:
    """Whose mail address a guest's platform has verified, and the channel that reaches it."""

    person: Person
    channel: str


@dataclass(frozen=True, slots=True)
class Survey:
    """What somebody asked to see: a house, or what lies with the staff or with themselves; an owner's own house.

    ``matters`` say of each open case: case, house, holder, target, next and why. ``house`` is empty for one that
    nobody knows; ``next_on`` is the day on which something about it is next due, ``past`` what was done there last,
    newest first: done, part and result. ``loans`` say of each house that they own with a loan or a residual month: the
    house, its residual, and its loans with their days (no sum).
    """

    matters: tuple[Mapping[str, str], ...] = ()
    house: str = ""
    next_on: str = ""
    past: tuple[Mapping[str, str], ...] = ()
    loans: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Turn:
    """A reply by a person. ``scene`` is the case it is about, if that is clear; ``scenes`` all that are open for them,
    ``desk`` those of their houses that lie at the staff desk in their own right and are no work of theirs.

    ``houses`` are all at which an owner decides, ``unconsented`` those for which they themselves have not agreed yet,
    ``near`` the others at which somebody who decides nowhere is something;
    ``candidates`` are servicers who could take a house over, the best first, ``associations`` who can be asked for one;
    ``candidacies`` are the cases for which this company is asked, ``candidate`` who is asked for ``scene``,
    ``colleague`` to whom one of the staff passes it on; ``consent``
    is the version and hash of
    the text that an owner would agree to. ``overtaken``: something else was said to them since the question in
    ``talk`` was asked. ``claim`` is what a one-time code in it is good for, ``code_tried`` that there was one;
    ``vouched`` tells who that guest seems to be. ``about`` is the inbound row that is taken back, or the key of what
    did not arrive; ``settled_by_it``: a case was closed on that row's word; ``gone`` are the files that came with it
    alone, ``said_at`` is when it came.
    ``survey`` is what a member of the staff asked to see, ``event`` the earthquake or storm that they decide about;
    ``notices`` are what the owner of a house whose guarantee is at risk was told of that; ``entry`` is the house, and
    its works, whose entry in the history this company is asked about; ``sought`` is the house of
    theirs whose owner we ask who keeps its history.
    """

    person: Person
    reply: Reply
    talk: Talk
    now: datetime
    household: Household | None = None
    scene: Scene | None = None
    scenes: tuple[Scene, ...] = ()
    desk: tuple[Scene, ...] = ()
    next_number: int = 0  # of the household's next case
    houses: tuple[str, ...] = ()
    near: tuple[tuple[str, Scope], ...] = ()
    unconsented: tuple[str, ...] = ()
    candidates: tuple[Ranked, ...] = ()
    associations: tuple[Person, ...] = ()
    candidacies: tuple[Scene, ...] = ()
    candidate: Person | None = None
    colleague: Person | None = None
    consent: Mapping[str, str] = field(default_factory=dict)
    overtaken: bool = False
    claim: Claim | None = None
    vouched: Vouched | None = None
    code_tried: bool = False
    about: str = ""
    proved: bool = True  # it is shown that it was them
    settled_by_it: bool = False
    gone: tuple[str, ...] = ()
    said_at: datetime | None = None
    survey: Survey = field(default_factory=Survey)
    notices: tuple[Notice, ...] = ()
    entry: tuple[str, tuple[str, ...]] | None = None
    event: Event | None = None
    sought: Sought | None = None
