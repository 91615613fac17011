"""Early signs that a company may fall silent: what was counted of it over a year, judged by thresholds.

A sign is a reason to ask and never a verdict: nothing is taken from a company by it. The thresholds are our own choice
and rest on no study; a licence (建設業許可) runs five years (建設業法第3条第3項), and is renewed before it ends.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from bot.core.business import OFFICE

WINDOW = timedelta(days=365)  # what lies longer ago says nothing of today
LICENCE_DAYS = 90  # before a licence ends
LOOK_DAYS = 5  # business days of the office in which somebody looks at a sign
SEEN_DAYS = 90  # after somebody has looked and settled it, until the same signs are shown again
# Of how many things, at the least, what share makes a sign.
SHARES = {"late": (3, Fraction(1, 3)), "fell_through": (3, Fraction(1, 4))}
DECLINES = 2  # houses that were offered to it and not taken
# What weighs more stands higher on the page of companies.
WEIGHT = {
    "unreachable": 60,
    "licence_over": 50,
    "fell_through": 30,
    "late": 25,
    "bounced": 20,
    "over_capacity": 15,
    "declines": 10,
    "licence_soon": 10,
}


@dataclass(frozen=True, slots=True)
class Counted:
    """What is known of one company, counted over the year before.

    ``requests`` are those made of it, ``late`` those that needed a reminder; ``visits`` the days that were fixed with
    it, ``fell_through`` those on which it did not come; ``declines`` the houses it did not take over when it was
    asked, by its word or by silence. ``load`` is how many visits it has open, ``capacity`` how many it can do in a
    month, if it said. ``dead`` are the channels in which nothing reaches it any more, ``reached`` whether another does.
    """

    requests: int = 0
    late: int = 0
    visits: int = 0
    fell_through: int = 0
    declines: int = 0
    load: int = 0
    capacity: int | None = None
    licence_until: date | None = None
    dead: tuple[str, ...] = ()
    reached: bool = True


@dataclass(frozen=True, slots=True)
class Sign:
    """``code`` is a word of the templates' list of signs; ``count`` of ``of``, where it was counted."""

    code: str
    count: int = 0
    of: int = 0


def signs(counted: Counted, today: date) -> tuple[Sign, ...]:
    """Every sign that there is, the heaviest first."""
    found = [*_counted(counted), *licence_signs(counted.licence_until, today)]
    if counted.dead:
        found.append(Sign("bounced" if counted.reached else "unreachable", len(counted.dead)))
    if counted.declines >= DECLINES:
        found.append(Sign("declines", counted.declines))
    if counted.capacity is not None and counted.load > counted.capacity:
        found.append(Sign("over_capacity", counted.load, counted.capacity))
    return tuple(sorted(found, key=lambda sign: -WEIGHT[sign.code]))


def _counted(counted: Counted) -> list[Sign]:
    """Shares of enough to be counted at all: one late answer of one is no sign."""
    parts = {
        "late": (counted.late, counted.requests),
        "fell_through": (counted.fell_through, counted.visits),
    }
    return [Sign(code, *parts[code]) for code, limit in SHARES.items() if _reaches(*parts[code], limit)]


def _reaches(count: int, of: int, limit: tuple[int, Fraction]) -> bool:
    least, share = limit
    return of >= least and Fraction(count, of) >= share


def licence_signs(until: date | None, today: date) -> list[Sign]:
    """That a licence has run out on ``today``, or ends soon; nothing where its end is not known."""
    if until is None or until - today > timedelta(days=LICENCE_DAYS):
        return []
    return [Sign("licence_over")] if until < today else [Sign("licence_soon", (until - today).days)]


def worth(found: tuple[Sign, ...]) -> int:
    """How heavy the signs of a company are together."""
    return sum(WEIGHT[sign.code] for sign in found)


@dataclass(frozen=True, slots=True)
class Watch:
    """One company on the staff's list: its signs, who has it and when it is looked at again.

    Without a ``next_on`` it is on no list. ``seen`` are the signs with which somebody has settled it: these alone do
    not bring it back before ``next_on``.
    """

    signs: tuple[Sign, ...] = ()
    holder: str = ""
    next_on: date | None = None
    seen: frozenset[str] = frozenset()


def judged(before: Watch, found: tuple[Sign, ...], desk: str, today: date) -> tuple[Watch, bool]:
    """The company as it stands after it was judged anew, and whether the desk is to be told.

    A sign that was not there before puts it on the list; so does any that still stands when its day has come. Without
    a sign it is on no list.
    """
    if not found:
        return Watch(), False
    new = {sign.code for sign in found} - {sign.code for sign in before.signs} - before.seen
    come = before.next_on is None or before.next_on <= today
    if not new and not come:
        return Watch(found, before.holder, before.next_on, before.seen), False
    kept = before.holder if before.holder and not before.seen else desk
    return Watch(found, kept, OFFICE.after(today, LOOK_DAYS)), True


def taken(before: Watch, by: str, today: date) -> Watch:
    """One of the staff looks into it."""
    return Watch(before.signs, by, OFFICE.after(today, LOOK_DAYS), before.seen)


def settled(before: Watch, desk: str, today: date) -> Watch:
    """Somebody has looked: the same signs come back after a while, another at once."""
    codes = frozenset(sign.code for sign in before.signs)
    return Watch(before.signs, desk, OFFICE.next_open(today + timedelta(days=SEEN_DAYS)), codes)
