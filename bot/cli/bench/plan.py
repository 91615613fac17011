"""The dates of a plan over fifty years, by the function that the service calls, and by dateutil's rrule."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from types import ModuleType

from bot.cli.bench.beside import installed
from bot.cli.bench.figures import Figure, Measured, Size, Skipped, Tell, interleaved, ratio
from bot.cli.bench.town import PLAN_YEARS, items
from bot.core.days import add_years
from bot.core.plan import PlanItem, occurrences
from scheduler.clock import monotonic

TOPIC = "plan"
HOUSES = 4000
FEWER = 40  # times fewer houses for what is slow: enough to know how slow
FIRST = date(2021, 4, 1)
Expand = Callable[[date, PlanItem], Sequence[date]]


async def measure(_: Size, tell: Tell) -> Measured:
    """Dates a second; both ways must give the same ones."""
    tell("fifty years of dates")
    anchors = [FIRST + timedelta(days=n) for n in range(HOUSES)]
    fewer = [anchor for anchor in anchors[::FEWER] if (anchor.month, anchor.day) != (2, 29)]
    rule = installed("dateutil.rrule")
    if rule is None:
        alone = await interleaved({"ours": lambda: _rate(_ours, anchors)})
        return [_figure(alone["ours"]), Skipped(TOPIC, "dateutil is not installed: nothing to compare with")]
    theirs = _by_rule(rule)
    for item in items():
        assert list(_ours(fewer[0], item)) == list(theirs(fewer[0], item)), item.code
    found = await interleaved({"ours": lambda: _rate(_ours, anchors), "rrule": lambda: _rate(theirs, fewer)})
    against = ratio(found["ours"], found["rrule"], "dateutil.rrule", "≥ 20")
    rrule = Figure(TOPIC, "the same by dateutil.rrule", "dates/s", found["rrule"])
    return [Figure(TOPIC, _figure(found["ours"]).what, "dates/s", found["ours"], (against,)), rrule]


def _figure(rounds: tuple[float, ...]) -> Figure:
    return Figure(TOPIC, f"{len(items())} plan items over {PLAN_YEARS} years", "dates/s", rounds)


def _ours(anchor: date, item: PlanItem) -> Sequence[date]:
    return occurrences(anchor, item, PLAN_YEARS)


def _by_rule(dateutil: ModuleType) -> Expand:
    """As its users would write it; it knows no clamping, so it is not asked about 29 February."""

    def expand(anchor: date, item: PlanItem) -> Sequence[date]:
        first = datetime.combine(add_years(anchor, item.first_year), time())
        last = datetime.combine(add_years(anchor, PLAN_YEARS), time())
        rule = dateutil.rrule(dateutil.YEARLY, interval=item.interval_years, dtstart=first, until=last)
        return [day.date() for day in rule]

    return expand


async def _rate(expand: Expand, anchors: Sequence[date]) -> float:
    plan = items()
    begun = monotonic()
    count = sum(len(expand(anchor, item)) for anchor in anchors for item in plan)
    return count / (monotonic() - begun)
