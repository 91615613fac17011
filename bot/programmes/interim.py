"""Money handed over while a house is built (中間資金): how much when, and what is taken off each time.

Source: 機構すまい・る賃貸ローン（令和8年1月）「13. 資金の受取」「手続の流れ」; the shares stand in the edition's data.
One at the beginning of the work, one when the roof is done, one on completion (less without a guarantee company), the
rest after the contract; a share before the beginning, where a surety company for public works (保証事業会社) stands for
the advance. The first two may be limited by what the agency takes the land to be worth. The guarantee fee is taken off
the first money, and from the second on the interest on what was received before. Where a loan fixed for 35 years and
one for 15 are taken together, each is handed over by itself, with its own fee.

Assumed, because it is not printed: shares are cut down to whole yen; interest runs by actual days of a year of 365, is
cut down to whole yen, and is settled each time for the days since the time before; the land's worth limits the first
two together; what an earlier share leaves out comes with the last; after a share before the beginning the others keep
the sums that are printed together.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise

from bot.programmes.edition import Edition
from bot.programmes.loan import BadLoan
from bot.programmes.rule import rules

DAYS_OF_YEAR = 365
RULE = "interim_share"  # where an edition prints its shares


class Stage(StrEnum):
    """When money is handed over."""

    ADVANCE = "advance"  # before the work begins, under the surety
    BEGUN = "begun"  # 着工時
    ROOFED = "roofed"  # 屋根工事完了時
    COMPLETED = "completed"  # 竣工時
    CONTRACTED = "contracted"  # after the contract: what is left


BUILT = (Stage.BEGUN, Stage.ROOFED, Stage.COMPLETED)
LAND = (Stage.ADVANCE, Stage.BEGUN, Stage.ROOFED)  # on the security of the land alone


@dataclass(frozen=True, slots=True)
class Shares:
    """Per cent of the loan at each stage but the last, as an edition prints them; ``alone`` is the one on completion
    without a guarantee company.
    """

    advance: int
    begun: int
    roofed: int
    completed: int
    alone: int

    def each(self, stage: Stage, *, guaranteed: bool) -> int:
        """What is handed over at this stage at most."""
        completed = self.completed if guaranteed else self.alone
        return dict(zip(Stage, (self.advance, self.begun, self.roofed, completed, 100), strict=True))[stage]

    def together(self, stage: Stage, *, guaranteed: bool) -> int:
        """What is handed over until then at most: an advance is no more than what the others come to."""
        built = (one for one in BUILT if list(Stage).index(one) <= list(Stage).index(stage))
        return max(self.advance, sum(self.each(one, guaranteed=guaranteed) for one in built))


def shares(edition: Edition) -> Shares:
    """What an edition prints. Raises BadLoan where that is nothing."""
    found = rules().get(f"{edition.id}/{RULE}")
    if found is None:
        raise BadLoan(f"{edition.id} prints no shares that are handed over before the contract")
    names = ("before_start", "start", "roof", "completion", "completion_alone")
    return Shares(*(int(found.limit[name]) for name in names))


@dataclass(frozen=True, slots=True)
class Terms:
    """What the handing over goes by: yen of the loan, its yearly rate in per cent, its shares, and who stands for it.

    ``fee`` is the guarantee company's in yen, None where there is none. ``land`` is what the agency takes the land to
    be worth, None where that limits nothing.
    """

    principal: int
    rate: Decimal
    shares: Shares
    fee: int | None = None
    land: int | None = None


@dataclass(frozen=True, slots=True)
class Handed:
    """One handing over, in yen: the share, what is taken off it, and what is received."""

    stage: Stage
    on: date
    share: int
    interest: int
    fee: int

    @property
    def received(self) -> int:
        return self.share - self.interest - self.fee


def handed_over(terms: Terms, days: Sequence[tuple[Stage, date]]) -> list[Handed]:
    """Every handing over on its day, the last of them after the contract. Raises BadLoan for days that cannot be.

    Stages that are left out are handed over with the last; without any all of it is.
    """
    _check(terms, days)
    found: list[Handed] = []
    before = 0
    for number, (stage, on) in enumerate(days):
        share = _share(terms, stage, before)
        interest = _interest(before, terms.rate, (on - days[number - 1][1]).days) if number else 0
        found.append(Handed(stage, on, share, interest, (terms.fee or 0) if not number else 0))
        before += share
    return found


def _share(terms: Terms, stage: Stage, before: int) -> int:
    guaranteed = terms.fee is not None
    if stage is Stage.CONTRACTED:
        return terms.principal - before
    room = terms.principal * terms.shares.together(stage, guaranteed=guaranteed) // 100 - before
    if stage in LAND and terms.land is not None:
        room = min(room, terms.land - before)
    return max(min(terms.principal * terms.shares.each(stage, guaranteed=guaranteed) // 100, room), 0)


def _interest(yen: int, rate: Decimal, days: int) -> int:
    above, below = rate.as_integer_ratio()
    return yen * above * days // (below * 100 * DAYS_OF_YEAR)


def _check(terms: Terms, days: Sequence[tuple[Stage, date]]) -> None:
    if terms.principal < 1 or terms.rate < 0 or (terms.fee or 0) < 0 or (terms.land or 0) < 0:
        raise BadLoan("a loan, its rate, fee and land must not be below nothing")
    order = list(Stage)
    stages = [order.index(stage) for stage, _ in days]
    if not days or days[-1][0] is not Stage.CONTRACTED:
        raise BadLoan("the last money is handed over after the contract")
    if any(later <= earlier for earlier, later in pairwise(stages)):
        raise BadLoan("money is handed over stage by stage, each once")
    if any(later[1] < earlier[1] for earlier, later in pairwise(days)):
        raise BadLoan("money is handed over in the order of its days")
