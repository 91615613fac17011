"""What telling people costs: yen by channel, from counts on record and the price lists of the channels.

Exact: yen are Decimal until they are shown. A price list is data with its source and day (see bot/channels/prices.py).
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

MONTHS = 12
YEN = Decimal(1)


@dataclass(frozen=True, slots=True)
class Tariff:
    """What a platform asks for a month: a fee for so many messages, and yen for each one beyond, where it sells any."""

    name: str
    fee: Decimal
    included: int
    beyond: Decimal | None = None

    def cost(self, count: int) -> Decimal | None:
        """Yen for a month of so many messages, without tax; None where it does not carry them."""
        over = max(count - self.included, 0)
        if over and self.beyond is None:
            return None
        return self.fee + over * (self.beyond or Decimal())


@dataclass(frozen=True, slots=True)
class Part:
    """What each message costs, or one part of it: a stamp, an envelope."""

    name: str
    yen: Decimal  # with tax
    source: str
    on: date  # the day for which the source says so
    assumed: bool = False  # nobody has been asked yet what it really is


@dataclass(frozen=True, slots=True)
class PriceList:
    """The prices of one channel. ``answers_free``: what answers a person costs nothing, as a reply through a platform.

    ``tax`` is added to the tariffs, in percent; ``source`` and ``on`` say where they stand, and for which day.
    """

    parts: tuple[Part, ...] = ()
    tariffs: tuple[Tariff, ...] = ()
    tax: int = 0
    answers_free: bool = False
    source: str = ""
    on: date | None = None


@dataclass(frozen=True, slots=True)
class Counts:
    """Messages of one channel that went out in one month; ``answers`` of them answered what a person had written."""

    sent: int = 0
    answers: int = 0


def month_cost(prices: PriceList, counts: Counts) -> Decimal:
    """Yen for a month of a channel, with tax, under the cheapest tariff that carries it; a channel without one is free.

    Raises ValueError where no tariff carries so many: then the price list is not whole.
    """
    paid = counts.sent - counts.answers if prices.answers_free else counts.sent
    each = sum((part.yen for part in prices.parts), Decimal()) * paid
    if not prices.tariffs or not counts.sent:
        return each
    carried = [cost for tariff in prices.tariffs if (cost := tariff.cost(paid)) is not None]
    if not carried:
        raise ValueError(f"no tariff carries {paid} messages a month")
    return each + min(carried) * (100 + prices.tax) / 100


@dataclass(frozen=True, slots=True)
class ChannelCost:
    """One channel over some months: its messages and what they cost; ``alone``: what all messages of all channels would
    have cost through this one."""

    sent: int
    answers: int
    yen: Decimal
    alone: Decimal

    def __add__(self, other: "ChannelCost") -> "ChannelCost":
        sums = (self.sent + other.sent, self.answers + other.answers)
        return ChannelCost(*sums, self.yen + other.yen, self.alone + other.alone)


NOTHING = ChannelCost(0, 0, Decimal(), Decimal())


@dataclass(frozen=True, slots=True)
class Cost:
    """Some months of all channels, and the houses that they were for."""

    channels: Mapping[str, ChannelCost]
    houses: int
    months: int

    @property
    def yen(self) -> Decimal:
        return sum((one.yen for one in self.channels.values()), Decimal())

    def per_house(self, yen: Decimal) -> Decimal:
        """Yen for a house and year; 0 without houses or months."""
        if not self.houses or not self.months:
            return Decimal()
        return yen * MONTHS / (self.houses * self.months)


Months = Mapping[str, Mapping[str, Counts]]  # by month (as 2027-03) and channel


def cost_of(months: Months, prices: Mapping[str, PriceList], houses: int, whole: Months | None = None) -> Cost:
    """What these months cost. Months before the first message do not count, so that a service in its first year is not
    told to be cheaper than it is. ``whole``: what all houses together had, where ``months`` are of some of them: a
    tariff is shared by the messages that it was paid for.
    """
    whole = months if whole is None else whole
    begun = [month for month, channels in whole.items() if any(one.sent for one in channels.values())]
    told = [month for month in whole if begun and month >= min(begun)]
    names = sorted({name for month in told for name in whole[month]} | set(prices))
    found = {}
    for name in names:
        listed = prices.get(name, PriceList())
        lines = (_line(name, listed, months.get(month, {}), whole[month]) for month in told)
        found[name] = sum(lines, NOTHING)
    return Cost(found, houses, len(told))


def _line(name: str, prices: PriceList, mine: Mapping[str, Counts], whole: Mapping[str, Counts]) -> ChannelCost:
    """One channel in one month."""
    one = mine.get(name, Counts())
    paid = share(prices, one, whole.get(name, Counts()))
    return ChannelCost(one.sent, one.answers, paid, share(prices, _sum(mine.values()), _sum(whole.values())))


def share(prices: PriceList, mine: Counts, whole: Counts) -> Decimal:
    """What some of a month's messages cost of what all of them did, by their number; exact in the sum."""
    if mine == whole:
        return month_cost(prices, whole)
    paid, all_paid = ((one.sent - one.answers if prices.answers_free else one.sent) for one in (mine, whole))
    return month_cost(prices, whole) * paid / all_paid if all_paid else Decimal()


def _sum(counts: Collection[Counts]) -> Counts:
    return Counts(sum(one.sent for one in counts), sum(one.answers for one in counts))


def yen(amount: Decimal) -> int:
    """Whole yen, halves up."""
    return int(amount.quantize(YEN, ROUND_HALF_UP))
