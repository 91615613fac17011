"""The ladders, as data: who is told what, when, and what follows when nobody answers.

A ladder is pinned on the case by name and version, so a change is a new version and old cases keep theirs.
Days are counted from an anchor (the case's target or the fixed visit) or, for an escalation, from the rung before
it in the calendar of whoever was silent. An escalation never fires together with the rung that it waits for: after
an outage, or for a house that comes to us long overdue, everybody is asked first.
"""

from dataclasses import dataclass, replace
from enum import StrEnum

from bot.core.case import Phase
from bot.core.milestones import Milestone
from bot.core.people import Role

EVIDENCE_DAYS = 30  # the owner's silence after which a servicer's evidence stands, unconfirmed
FINDING_DAYS = 30  # by when a finding should be mended
TAKEN_DAYS = 5  # business days after which taking an alert expires
GROUP_DAYS = 90  # works due within this many days after the first are done in the same visit
DAY_BEFORE = "owner_day_before"  # the rung
VISIT_LEAD, SELF_LEAD = 90, 30  # days before the target at which a case opens


class Anchor(StrEnum):
    TARGET = "target"
    VISIT = "visit"
    RUNG = "rung"  # the rung named in ``after``


@dataclass(frozen=True, slots=True)
class Rung:
    """One step.

    ``days`` from the anchor; with ``after``, business days of the silent side since that rung. ``unless_heard``:
    not when that side has said something since the rung it waits for (or, without one, in this round). ``letter``:
    on paper. ``asks``: an answer is expected, so that silence leads to the next channel. ``again``: repeats every
    so many days until somebody moves. ``grace``: not before so many days after the case was opened, so that who
    comes to us long overdue is asked before anybody is alarmed.
    """

    name: str
    phase: Phase
    to: Role
    says: str
    anchor: Anchor = Anchor.TARGET
    days: int = 0
    after: str = ""
    unless_heard: Role | None = None
    letter: bool = False
    asks: bool = True
    again: int = 0
    grace: int = 0


def _chain(phase: Phase, to: Role, says: str, *steps: tuple[str, str, int]) -> tuple[Rung, ...]:
    """Reminders to one side, each after the silence of the one before."""
    return tuple(
        Rung(name, phase, to, says, Anchor.RUNG, wait, after=after, unless_heard=to) for name, after, wait in steps
    )


ARRANGING, FIXED, CONFIRMING = Phase.ARRANGING, Phase.FIXED, Phase.CONFIRMING
OWNER, SERVICER, STAFF = Role.OWNER, Role.SERVICER, Role.STAFF

_CONFIRM = (
    Rung("owner_confirm", CONFIRMING, OWNER, "owner_confirm", Anchor.VISIT, 1),
    Rung("servicer_confirm", CONFIRMING, SERVICER, "servicer_confirm", Anchor.VISIT, 1),
    *_chain(
        CONFIRMING,
        OWNER,
        "owner_confirm",
        ("owner_confirm_2", "owner_confirm", 4),
        ("owner_confirm_3", "owner_confirm_2", 7),
    ),
    *_chain(
        CONFIRMING,
        SERVICER,
        "servicer_confirm",
        ("servicer_confirm_2", "servicer_confirm", 3),
        ("servicer_confirm_3", "servicer_confirm_2", 5),
    ),
    Rung("owner_letter_confirm", CONFIRMING, OWNER, "owner_confirm", Anchor.RUNG, 7, "owner_confirm_3", OWNER, True),
    Rung("staff_unreported", CONFIRMING, STAFF, "unreported", Anchor.RUNG, 5, "servicer_confirm_3", SERVICER),
    Rung("staff_unconfirmed", CONFIRMING, STAFF, "unconfirmed", Anchor.RUNG, 21, "owner_letter_confirm", OWNER),
)

VISIT = (
    Rung("servicer_asked", ARRANGING, SERVICER, "servicer_offer", days=-VISIT_LEAD),
    *_chain(
        ARRANGING,
        SERVICER,
        "servicer_offer",
        ("servicer_asked_2", "servicer_asked", 7),
        ("servicer_asked_3", "servicer_asked_2", 5),
    ),
    Rung("staff_silent", ARRANGING, STAFF, "servicer_silent", Anchor.RUNG, 5, "servicer_asked_3", SERVICER),
    Rung("owner_asked", ARRANGING, OWNER, "owner_ask", days=-60),
    Rung("owner_asked_2", ARRANGING, OWNER, "owner_ask", days=-14),
    Rung("owner_overdue", ARRANGING, OWNER, "owner_overdue", days=1),
    Rung("servicer_overdue", ARRANGING, SERVICER, "servicer_overdue", days=1),
    *_chain(ARRANGING, OWNER, "owner_overdue", ("owner_overdue_2", "owner_overdue", 7)),
    Rung("staff_overdue", ARRANGING, STAFF, "overdue", days=15, grace=21),
    Rung("owner_letter", ARRANGING, OWNER, "owner_overdue", Anchor.RUNG, 7, "owner_overdue_2", OWNER, True),
    Rung("staff_overdue_again", ARRANGING, STAFF, "overdue", Anchor.RUNG, 30, "staff_overdue", again=30),
    Rung(DAY_BEFORE, FIXED, OWNER, "owner_day_before", Anchor.VISIT, -1, asks=False),
    *_CONFIRM,
)

# What owners check themselves, and what only they can do.
SELF = (
    Rung("owner_told", ARRANGING, OWNER, "owner_self", days=-SELF_LEAD),
    Rung("owner_due", ARRANGING, OWNER, "owner_self", days=0),
    *_chain(ARRANGING, OWNER, "owner_self", ("owner_due_2", "owner_due", 14), ("owner_due_3", "owner_due_2", 14)),
    Rung("owner_letter", ARRANGING, OWNER, "owner_self", Anchor.RUNG, 14, "owner_due_3", OWNER, True),
    Rung("staff_overdue", ARRANGING, STAFF, "overdue", days=60, grace=60),
    Rung("staff_overdue_again", ARRANGING, STAFF, "overdue", Anchor.RUNG, 30, "staff_overdue", again=30),
)

# A finding (要補修): the servicer says when it will be mended; then like any visit.
FINDING = (
    Rung("servicer_asked", ARRANGING, SERVICER, "servicer_finding", days=-FINDING_DAYS),
    *_chain(
        ARRANGING,
        SERVICER,
        "servicer_finding",
        ("servicer_asked_2", "servicer_asked", 5),
        ("servicer_asked_3", "servicer_asked_2", 5),
    ),
    Rung("staff_silent", ARRANGING, STAFF, "servicer_silent", Anchor.RUNG, 5, "servicer_asked_3", SERVICER),
    Rung("owner_asked", ARRANGING, OWNER, "owner_ask", days=-14),
    Rung("owner_overdue", ARRANGING, OWNER, "owner_overdue", days=1),
    Rung("servicer_overdue", ARRANGING, SERVICER, "servicer_overdue", days=1),
    Rung("staff_overdue", ARRANGING, STAFF, "overdue", days=8, grace=8),
    Rung("staff_overdue_again", ARRANGING, STAFF, "overdue", Anchor.RUNG, 30, "staff_overdue", again=30),
    Rung(DAY_BEFORE, FIXED, OWNER, "owner_day_before", Anchor.VISIT, -1, asks=False),
    *_CONFIRM,
)

# After an earthquake or a storm owners look at the house from the ground; who says nothing is asked again, through the
# next channel, and then by the staff. No letter: the post comes late there, and a telephone call does not.
AFTER = (
    Rung("owner_event", ARRANGING, OWNER, "owner_event", days=0),
    *_chain(ARRANGING, OWNER, "owner_event", ("owner_event_2", "owner_event", 3)),
    Rung("staff_event", ARRANGING, STAFF, "event_silent", Anchor.RUNG, 4, "owner_event_2", OWNER),
    Rung("staff_event_again", ARRANGING, STAFF, "event_silent", Anchor.RUNG, 30, "staff_event", again=30),
)
# Where they saw damage somebody comes to look: by the same steps as a repair, in words of its own.
AFTER_DAMAGE = tuple(
    replace(rung, says="servicer_event") if rung.says == "servicer_finding" else rung for rung in FINDING
)
EVENT, EVENT_VISIT = "event/1", "visit/event/1"
# After the first were asked about an event: asked once more, then called by the staff. So long others are asked too.
EVENT_DAYS = sum(rung.days for rung in AFTER if not rung.again)

# What somebody wrote beside any visit and only the staff can settle: the matter itself keeps the dates.
AT_DESK = "desk/1"
DESK: tuple[Rung, ...] = ()

# A guarantee at risk: the owner is told kindly on one channel, on the next, and by letter; the staff look as long as it
# lasts. Nobody's answer ends it but what mends it.
STANDING = (
    Rung("owner_at_risk", ARRANGING, OWNER, "owner_at_risk", days=0),
    *_chain(ARRANGING, OWNER, "owner_at_risk", ("owner_at_risk_2", "owner_at_risk", 14)),
    Rung("owner_letter", ARRANGING, OWNER, "owner_at_risk", Anchor.RUNG, 14, "owner_at_risk_2", OWNER, True),
    Rung("staff_at_risk", ARRANGING, STAFF, "at_risk", days=0, again=90),
)

LADDERS: dict[str, tuple[Rung, ...]] = {
    "visit/1": VISIT,
    "self/1": SELF,
    "finding/1": FINDING,
    AT_DESK: DESK,
    "standing/1": STANDING,
    EVENT: AFTER,
    EVENT_VISIT: AFTER_DAMAGE,
}


def milestone_ladder(milestone: Milestone) -> str:
    """The name of a milestone's ladder; its rungs follow from the name alone."""
    return f"milestone/1/{milestone.asks}/{','.join(map(str, milestone.leads))}"


def rungs(ladder: str) -> tuple[Rung, ...]:
    """The steps of a ladder by its pinned name. Raises KeyError for a name nobody gave."""
    if not ladder.startswith("milestone/1/"):
        return LADDERS[ladder]
    asks, leads = ladder.split("/")[2:]
    if asks == STAFF:
        first = Rung("staff_told", ARRANGING, STAFF, "milestone", days=-int(leads))
        return (first, Rung("staff_again", ARRANGING, STAFF, "milestone", Anchor.RUNG, 30, "staff_told", again=30))
    told = tuple(
        Rung(f"owner_told_{lead}", ARRANGING, OWNER, "owner_milestone", days=-int(lead)) for lead in leads.split(",")
    )
    return told + SELF_AFTER_TOLD


SELF_AFTER_TOLD = (
    Rung("owner_due", ARRANGING, OWNER, "owner_milestone_due", days=0),
    *_chain(
        ARRANGING, OWNER, "owner_milestone_due", ("owner_due_2", "owner_due", 14), ("owner_due_3", "owner_due_2", 14)
    ),
    Rung("owner_letter", ARRANGING, OWNER, "owner_milestone_due", Anchor.RUNG, 14, "owner_due_3", OWNER, True),
    Rung("staff_overdue", ARRANGING, STAFF, "overdue", days=60, grace=60),
    Rung("staff_overdue_again", ARRANGING, STAFF, "overdue", Anchor.RUNG, 30, "staff_overdue", again=30),
)
