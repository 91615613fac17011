"""What follows from a cause: new state, facts, and what is to be said. Deciding makes one; storage commits it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from bot.core.case import Case, Work
from bot.core.plan import Record


class Mode(StrEnum):
    """How urgent saying something is."""

    REPLY = "reply"  # an answer to what a person just wrote: at once, at any hour
    CHECK = "check"  # about an event: in their hours, before and apart from what is routine, which may wait there
    RELAY = "relay"  # what the other side did: in their hours, joined to what else waits
    PROMPT = "prompt"  # what we begin: in their hours, one a day, and only while the case stands where it stood
    ALARM = "alarm"  # danger to life or the house: at once, at any hour, to staff


def way_of(case: Case, usual: Mode) -> Mode:
    """How what is begun about a case is said: about an event apart from everything else."""
    return usual if case.check is None else Mode.CHECK


@dataclass(frozen=True, slots=True)
class Deed:
    """A fact to be written: past tense, by whom, with ids, codes and dates only (never names, addresses or texts)."""

    kind: str
    by: str
    data: Mapping[str, Any] = field(default_factory=dict)
    case_id: str = ""


@dataclass(frozen=True, slots=True)
class Say:
    """Something to be said to one person: a template's kind and what it needs to know.

    ``channel`` names one to be used, with ``address`` that very address even if it has just ended; otherwise ``turn``
    picks one of the person's own order (0 the first). What ``asks`` something is said only while the case still stands
    where it stood; a prompt always asks. ``ticket`` is the channel's own note of what this answers. For as
    long as it is ``gathered`` it waits for more that is said to the same person, so that many are one message.
    """

    to: str
    kind: str
    params: Mapping[str, Any] = field(default_factory=dict)
    mode: Mode = Mode.PROMPT
    case_id: str = ""
    turn: int = 0
    channel: str = ""
    asks: bool = False
    ticket: str = ""
    address: str = ""
    gathered: timedelta = timedelta()


@dataclass(frozen=True, slots=True)
class Talk:
    """What we asked a person and are waiting to hear; ``data`` is what we know so far. No question: ``question=""``.

    ``says`` and ``params`` are the words in which it was asked, so that it can be asked once more.
    """

    person_id: str
    question: str = ""
    house_id: str = ""
    case_id: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)
    asked_at: datetime | None = None
    says: str = ""
    params: Mapping[str, Any] = field(default_factory=dict)

    @property
    def asked(self) -> str:
        """What the answers to this question name, so that none is taken for the answer to another."""
        if self.question == "confirm_offer":
            return ",".join(self.data["days"])
        known = self.data.get("date") or self.data.get("proposed", "")
        by_day = ("confirm_date", "confirm_day", "ask_result", "ask_check")
        return str(known) if self.question in by_day else self.question


@dataclass(frozen=True, slots=True)
class Change:
    """A change to what stands beside the cases: ``kind`` names it, ``data`` says what (see storage.commit)."""

    kind: str
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Outcome:
    """Everything one cause brings about at one house, committed in one transaction."""

    house_id: str = ""
    cases: tuple[Case, ...] = ()
    works: tuple[Work, ...] = ()
    records: tuple[Record, ...] = ()
    deeds: tuple[Deed, ...] = ()
    says: tuple[Say, ...] = ()
    talk: Talk | None = None
    changes: tuple[Change, ...] = ()
    wake_on: date | None = None

    def and_also(self, other: "Outcome") -> "Outcome":
        """Both, in this order."""
        return Outcome(
            house_id=self.house_id or other.house_id,
            cases=self.cases + other.cases,
            works=self.works + other.works,
            records=self.records + other.records,
            deeds=self.deeds + other.deeds,
            says=self.says + other.says,
            talk=other.talk or self.talk,
            changes=self.changes + other.changes,
            wake_on=other.wake_on or self.wake_on,
        )
