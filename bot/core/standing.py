"""The standing of a house's guarantee (保証の状態) on a day: none, good or at risk, with reasons and what mends each.

It is computed, and holds no amount. That a guarantee has lapsed is never computed: two of the staff record it (see
bot.core.lapse). No contract's clause on grace, cure or notice is known to us, so the days of grace stand here as data:
令和5年度先導型事業提案書 says only that the plan must be carried out 適時・適切に. The law's ten years
(平成21年国土交通省告示第209号 第4) know no grace.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType

from bot.core.loan import AT

GRACE = timedelta(days=30)  # after the plan's date, and for whatever is still missing when a house comes to us
DAY = timedelta(days=1)
OVERDUE = "overdue"  # a statutory inspection, longer than the grace
# What would mend each reason, by its code.
MENDS: Mapping[str, str] = MappingProxyType(
    {
        OVERDUE: "have_it_done",
        "finding": "have_it_mended",
        "unconfirmed": "owner_confirms",
        "mandate_withdrawn": "owner_consents",
        "no_mandate": "owner_consents",
        "no_owner": "owner_registered",
        "no_servicer": "company_chosen",
        "no_plan": "plan_taken_in",
        "plan_over": "plan_extended",
        "units_uncertified": "units_certified",
    }
)


class State(StrEnum):
    NONE = "none"  # the house has no guarantee; it is looked after all the same
    GOOD = "good"
    AT_RISK = "at_risk"
    LAPSED = "lapsed"  # by people's word only


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a guarantee is at risk from that day on; ``at`` is the id of what it points at, ``part`` a work's part."""

    code: str
    at: str
    since: date
    part: str = ""

    @property
    def key(self) -> str:
        return f"{self.code} {self.at}"

    @property
    def mend(self) -> str:
        return MENDS[self.code]


@dataclass(frozen=True, slots=True)
class Standing:
    """``on`` is the civil day that it holds for; ``since`` the day on which a lapse was recorded."""

    state: State
    on: date
    reasons: tuple[Reason, ...] = ()
    since: date | None = None


@dataclass(frozen=True, slots=True)
class Due:
    """An open statutory work: the plan's date, the law's, and the day on which we began to ask for it.

    ``finding``: it is the repair of what an inspection found.
    """

    id: str
    part: str
    due_on: date
    backstop_on: date | None
    opened_on: date
    finding: bool = False


@dataclass(frozen=True, slots=True)
class Unconfirmed:
    """A statutory work that was closed on the company's word, of an owner who said nothing."""

    id: str
    part: str
    done_on: date


@dataclass(frozen=True, slots=True)
class Position:
    """What is known of a house on one day, as far as its guarantee depends on it.

    ``plan_until`` is the last day of the certified plan. ``withdrawn`` says which of those who own it have withdrawn
    their mandate, and when; ``parted_on`` is when anybody's last ended. ``company`` is who looks after it, ``served``
    whether they are in business, ``company_gone_on`` since when they are not, where that is known.
    ``uncertified`` are the loans of a rental building, by number, for units that are not all certified, and since when
    that is on record: the building is one house, and certified only if all units that are paid for are (see
    bot.core.loan). ``ended_on`` is the first day without the guarantee.
    """

    house_id: str
    guaranteed: bool
    taken_in_on: date
    plan_until: date
    owned: bool
    mandated: bool
    planned: bool
    served: bool
    company: str = ""
    company_gone_on: date | None = None
    withdrawn: Mapping[str, date] = field(default_factory=dict)
    parted_on: date | None = None
    dues: tuple[Due, ...] = ()
    unconfirmed: tuple[Unconfirmed, ...] = ()
    uncertified: tuple[tuple[int, date], ...] = ()
    lapsed_on: date | None = None
    ended_on: date | None = None


def standing(position: Position, on: date) -> Standing:
    """The standing on that day; what comes later is no reason yet."""
    if not position.guaranteed or (position.ended_on is not None and position.ended_on <= on):
        return Standing(State.NONE, on)
    reasons = tuple(sorted((one for one in _ahead(position) if one.since <= on), key=_order))
    if position.lapsed_on is not None and position.lapsed_on <= on:
        return Standing(State.LAPSED, on, reasons, position.lapsed_on)
    return Standing(State.AT_RISK if reasons else State.GOOD, on, reasons)


def turns_on(position: Position, on: date) -> date | None:
    """The next day on which the standing changes by the passing of time alone; None where it will not."""
    over = position.ended_on
    if not position.guaranteed or (over is not None and over <= on):
        return None
    return min((day for day in (over, *(one.since for one in _ahead(position))) if day and day > on), default=None)


def _order(reason: Reason) -> tuple[date, str]:
    return reason.since, reason.key


def _ahead(position: Position) -> Iterator[Reason]:
    """Every reason that holds or will, if nothing is done, each with its day."""
    yield from (_late(due) for due in position.dues)
    yield from (Reason("unconfirmed", one.id, one.done_on, one.part) for one in position.unconfirmed)
    yield from _people(position)
    if not position.planned:
        yield Reason("no_plan", position.house_id, position.taken_in_on + GRACE)
    for number, since in position.uncertified:
        yield Reason("units_uncertified", f"{position.house_id}{AT}{number}", since + GRACE)
    yield Reason("plan_over", position.house_id, position.plan_until + DAY)


def _late(due: Due) -> Reason:
    """Who comes to us long overdue is asked before anybody is alarmed."""
    last = min(due.due_on + GRACE, due.backstop_on or date.max)
    return Reason("finding" if due.finding else OVERDUE, due.id, max(last, due.opened_on + GRACE) + DAY, due.part)


def _people(position: Position) -> Iterator[Reason]:
    """Somebody is missing who owns the house, who lets us speak, or who comes."""
    begun = position.taken_in_on
    if not position.owned:
        yield Reason("no_owner", position.house_id, max(begun, position.parted_on or begun) + GRACE)
    elif position.withdrawn:
        yield from (Reason("mandate_withdrawn", person, day) for person, day in position.withdrawn.items())
    elif not position.mandated:
        yield Reason("no_mandate", position.house_id, max(begun, position.parted_on or begun) + GRACE)
    if not position.served:
        gone = max(begun, position.company_gone_on or begun)
        yield Reason("no_servicer", position.company or position.house_id, gone + GRACE)
