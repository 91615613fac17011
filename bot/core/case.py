"""A case: what is open at one house and handled together, and whose move it is."""

from collections.abc import Mapping, Set
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from bot.core.house import Household
from bot.core.people import STAFF_DESK, Role
from bot.core.plan import DoneBy, Kind
from bot.core.standing import Reason

# What was said about the year's inspection as such is not said again when a visit is moved.
KEPT_BETWEEN_ROUNDS = frozenset(
    {"servicer_asked", "owner_asked", "owner_overdue", "servicer_overdue", "staff_overdue", "staff_overdue_again"}
)


class Phase(StrEnum):
    """Where a case stands."""

    ARRANGING = "arranging"  # no day is fixed yet
    FIXED = "fixed"  # a day is fixed and has not come
    CONFIRMING = "confirming"  # the day has passed, or somebody has reported: waiting for what is missing
    CLOSED = "closed"


class Basis(StrEnum):
    """On whose word a work was closed: each is lawful, and each is recorded as what it is."""

    BOTH = "both"  # owner and servicer agree
    OWNER = "owner"  # a milestone, or an item that owners check themselves
    DOCUMENT = "document"  # another company's work: its document, looked at by staff
    UNCONFIRMED = "unconfirmed"  # the servicer's evidence, the owner silent for thirty days
    FILE = "file"  # the builder's file holds a record of it
    STAFF = "staff"  # staff decided
    CALLED_OFF = "called_off"  # what it was asked for did not happen there: nothing was done


class Result(StrEnum):
    OK = "ok"
    ISSUES = "issues"


@dataclass(frozen=True, slots=True)
class Work:
    """One dated occurrence of a plan item (or a milestone, or the repair of a finding).

    ``due_on`` is the plan's date, ``backstop_on`` the law's for a statutory part. The plan version is pinned.
    """

    id: str
    case_id: str
    code: str
    part: str
    kind: Kind
    statutory: bool
    done_by: DoneBy
    due_on: date
    backstop_on: date | None = None
    plan_version: int = 0
    done_on: date | None = None
    result: Result | None = None
    performer: str = ""
    basis: Basis | None = None

    @property
    def limit(self) -> date:
        return min(self.due_on, self.backstop_on or self.due_on)

    @property
    def open(self) -> bool:
        return self.basis is None


@dataclass(frozen=True, slots=True)
class Report:
    """One side's word on the works of a case: who, when, result, evidence.

    ``work_ids`` is empty for "all of it". ``evidence`` are references to files, never the files; ``checked``: they
    went through the list of what is to be looked at.
    """

    side: Role
    person_id: str
    done_on: date
    result: Result
    said_at: datetime
    via: str
    performer: str = ""
    evidence: tuple[str, ...] = ()
    work_ids: tuple[str, ...] = ()
    source: str = ""  # the inbound row in which it was said
    checked: bool = False


@dataclass(frozen=True, slots=True)
class Matter:
    """Why a case lies with the staff, since when, and who has taken it until when.

    ``asker`` is who brought it up; ``talks_with`` with whom one of the staff is in talk (see bot.core.talks).
    """

    reason: str
    raised_on: date
    level: int = 0  # how often nobody took it
    taken_by: str = ""
    until: date | None = None  # the taking, or the snooze, expires
    asker: str = ""
    talks_with: str = ""
    called_on: date | None = None  # the company, about this


@dataclass(frozen=True, slots=True)
class Candidacy:
    """Another company that is asked whether it takes the house over (see bot.core.candidacy).

    ``by`` is who of the staff chose it, ``until`` the day by which the company answers, and once it has ``accepted``,
    for ``fee`` yen with tax, the owner. ``queue`` are those who are asked after it. In a ``handover`` of all houses of
    a company (its number; 0 for none) whoever approved it, ``by``, holds the case until both have agreed.
    """

    servicer: str
    by: str
    asked_on: date
    until: date
    queue: tuple[str, ...] = ()
    accepted: bool = False
    fee: int = 0
    introduces: bool = False  # it is an association, asked to name a company
    handover: int = 0


@dataclass(frozen=True, slots=True)
class Risk:
    """Why the guarantee of a house is at risk, as its owner is told, and a lapse that one of the staff has proposed.

    ``reasons`` are those of bot.core.standing; ``proposed`` are the keys of those for which ``proposed_by`` proposed
    it, ``notices`` the messages and the letter in which the owner was told of them.
    """

    reasons: tuple[Reason, ...]
    proposed_by: str = ""
    proposed_on: date | None = None
    proposed: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Check:
    """What an owner sees of the house from the ground after an event, by the questions that they were asked.

    ``event`` is its id, ``level`` what was felt there, and the answers are those of bot.core.self_check; empty is not
    answered yet.
    """

    event: str
    hazard: str
    on: date
    level: str = ""
    outside: str = ""
    inside: str = ""
    sticker: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """What is open at one house.

    ``target_on`` is the day by which it must have been done: the earliest limit of its works. ``fired`` says on
    which day each rung was last reached. ``round`` grows whenever a visit is fixed, moved or falls through: an
    answer is bound to the round it was asked in. ``silence`` counts what each side was asked since their last word
    (it picks the channel), ``heard_in`` the version at which they last spoke, ``later`` the day on which they
    wish to be asked again, ``put_off`` how often in this round they did, ``company`` with whom the visit is arranged.
    ``check`` is what is seen after an event, where the case is about one. ``version`` grows with every change.
    """

    id: str
    house_id: str
    number: int
    ladder: str
    opened_on: date
    target_on: date
    holder: str = STAFF_DESK
    next_action_at: datetime | None = None
    phase: Phase = Phase.ARRANGING
    version: int = 0
    round: int = 0
    visit_on: date | None = None
    offered: tuple[date, ...] = ()
    wished_on: date | None = None
    fired: Mapping[str, date] = field(default_factory=dict)
    answered_on: Mapping[str, date] = field(default_factory=dict)
    later: Mapping[str, date] = field(default_factory=dict)
    put_off: Mapping[str, int] = field(default_factory=dict)
    silence: Mapping[str, int] = field(default_factory=dict)
    heard_in: Mapping[str, int] = field(default_factory=dict)
    matter: Matter | None = None
    reports: tuple[Report, ...] = ()
    company: str = ""
    candidacy: Candidacy | None = None
    risk: Risk | None = None  # of a case that is about the guarantee itself
    check: Check | None = None

    @property
    def open(self) -> bool:
        return self.phase is not Phase.CLOSED

    def report_of(self, side: Role) -> Report | None:
        """That side's last word in this round."""
        return next((report for report in reversed(self.reports) if report.side is side), None)

    def heard(self, side: Role, on: date) -> "Case":
        """The case after that side said something: they are no longer silent."""
        return replace(
            self,
            answered_on={**self.answered_on, side: on},
            silence={**self.silence, side: 0},
            heard_in={**self.heard_in, side: self.version + 1},
            later={key: day for key, day in self.later.items() if key != side},
        )

    def ask_again(self, side: Role, on: date) -> "Case":
        return replace(self, later={**self.later, side: on})

    def fresh_round(self, **changes: Any) -> "Case":
        """The case in a new round: what was reached and said about the visit before no longer counts."""
        kept = {name: day for name, day in self.fired.items() if name in KEPT_BETWEEN_ROUNDS}
        fresh = replace(self, round=self.round + 1, fired=kept, reports=(), offered=(), wished_on=None, put_off={})
        return replace(fresh, **changes)


@dataclass(frozen=True, slots=True)
class Scene:
    """A case with everything a decision about it needs. ``works`` are the case's own.

    ``gone`` are those companies of its candidacy that are not in business, ``beside`` the reasons of what lies with the
    staff in other cases of a house with a candidacy.
    ``held`` is the last day on which a pause kept our words from a side (see bot.core.pause); ``quiet`` the day of a
    talk that the staff are in with a side about another case of the house: until then we begin nothing there.
    ``last_done`` is the day on which one of its open works was last completed, where a person's answer needs it.
    """

    household: Household
    case: Case
    works: tuple[Work, ...]
    next_number: int = 0  # of the house's next case
    held: Mapping[str, date] = field(default_factory=dict)
    quiet: Mapping[str, date] = field(default_factory=dict)
    gone: Set[str] = frozenset()
    beside: Set[str] = frozenset()
    last_done: date | None = None

    def talk_until(self, side: Role) -> date:
        """The day of a talk that the staff are in with this side, here or in another case; long ago for none."""
        matter = self.case.matter
        here = matter is not None and matter.talks_with.startswith(f"{side}:")
        own = matter.until if matter is not None and here and matter.until else date.min
        return max(own, self.quiet.get(side, date.min))

    @property
    def open_works(self) -> tuple[Work, ...]:
        return tuple(work for work in self.works if work.open)

    def done_before(self, day: date) -> bool:
        """Whether something done on that day would be the occurrence before, which is on record already."""
        return self.last_done is not None and day <= self.last_done

    @property
    def backstop_on(self) -> date | None:
        """The last lawful day of the case, if any of its parts has one."""
        return min((work.backstop_on for work in self.open_works if work.backstop_on), default=None)
