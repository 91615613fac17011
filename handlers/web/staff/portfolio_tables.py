"""The portfolio's tables and plots, from its figures: a page, a spreadsheet and a plot tell the same."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from bot.core.cost import Cost, Counts, PriceList, cost_of, month_cost, share, yen
from bot.core.people import servicer_key
from bot.core.standing import State
from bot.core.tally import DONE, DUE, HOUSES, MANDATED, NOW, ON_TIME
from handlers.web.plots import Plot, Series, columns, rows
from handlers.web.spreadsheet import Cell
from handlers.web.staff.session import Session
from storage.sends import ANSWERED, ASKED

TABLES = ("works", "standing", "silent", "channels", "cost", "prices")
SENT, UNKNOWN, LATER = "sent", "unknown", "later"
FAILED = ("dead", "refused", "closed")
STATES = (State.GOOD, State.AT_RISK, State.LAPSED, State.NONE)
MOST_ROWS = 12  # bars of one plot


@dataclass(frozen=True, slots=True)
class Table:
    header: Sequence[str]
    rows: Sequence[Sequence[Cell]]


@dataclass(frozen=True, slots=True)
class Figures:
    """What was read. ``sent`` by month and channel, with what came of it; ``paid`` the last ``year`` of it as costs
    take it, ``whole`` the same of all houses where these are some of them. ``silent``: companies and how many houses.
    """

    day: date
    months: Sequence[str]
    tallied: Counter[tuple[str, str]]
    sent: Mapping[str, Mapping[str, Counter[str]]]
    year: Sequence[str]
    paid: Mapping[str, Mapping[str, Counts]]
    whole: Mapping[str, Mapping[str, Counts]] | None
    silent: Sequence[tuple[str, int]]
    names: Mapping[str, str]

    def now(self, name: str) -> int:
        """How many houses are so on the day of the count."""
        return self.tallied[name, NOW]

    def of(self, month: str) -> tuple[int, int, int]:
        """Works of a month: due, done, and of these by their day."""
        return self.tallied[DUE, month], self.tallied[DONE, month], self.tallied[ON_TIME, month]

    def by_channel(self) -> dict[str, Counter[str]]:
        """What came of the year's messages."""
        found: dict[str, Counter[str]] = {}
        for month in self.year:
            for channel, what in self.sent[month].items():
                found.setdefault(channel, Counter()).update(what)
        return dict(sorted(found.items()))


def tables(session: Session, figures: Figures) -> dict[str, Table]:
    """Every table by its name, in the words of whoever looks."""
    said = session.site.pages.words[session.language]["staff"]["portfolio"]
    words = session.site.renderer.catalogue.words[session.language]
    found = {
        "works": _works(figures),
        "standing": [[words["standings"][state], figures.now(state)] for state in STATES]
        + [[said["mandated"], figures.now(MANDATED)], [said["houses"], figures.now(HOUSES)]],
        "silent": [[one, figures.names.get(servicer_key(one), ""), count] for one, count in figures.silent],
        "channels": [[_name(words, name), *_health(what)] for name, what in figures.by_channel().items()],
        "cost": _costs(words, said, cost(session, figures)),
        "prices": [
            [_name(words, name), *one] for name, prices in session.site.prices.items() for one in _priced(prices, said)
        ],
    }
    return {name: Table(said["columns"][name], found[name]) for name in TABLES}


def cost(session: Session, figures: Figures) -> Cost:
    return cost_of(figures.paid, session.site.prices, figures.now(HOUSES), figures.whole)


def plots(session: Session, figures: Figures) -> dict[str, Plot]:
    said = session.site.pages.words[session.language]["staff"]["portfolio"]
    words = session.site.renderer.catalogue.words[session.language]
    series = said["series"]
    told = [figures.of(month) for month in figures.months]
    states = [Series(words["standings"][state], [figures.now(state)]) for state in STATES]
    channels = figures.by_channel()
    outcomes = [(series["sent"], (SENT,)), (series["failed"], FAILED), (series["unknown"], (UNKNOWN,))]
    names = [figures.names.get(servicer_key(one)) or one for one, _ in figures.silent[:MOST_ROWS]]
    found = {
        "works": columns(
            figures.months,
            [
                Series(series["on_time"], [on_time for _, _, on_time in told]),
                Series(series["late"], [done - on_time for _, done, on_time in told]),
                Series(series["open"], [due - done for due, done, _ in told]),
            ],
        ),
        "standing": rows([said["houses"]], states),
        "silent": rows(names, [Series(said["houses"], [count for _, count in figures.silent[:MOST_ROWS]])]),
        "channels": rows(
            [_name(words, name) for name in channels],
            [Series(name, [sum(what[one] for one in of) for what in channels.values()]) for name, of in outcomes],
        ),
        "cost": columns(figures.year, _by_month(session, figures, words), every=1),
    }
    return {name: plot for name, plot in found.items() if plot.bars}


def _works(figures: Figures) -> list[list[Cell]]:
    found: list[list[Cell]] = []
    for month in figures.months:
        due, done, on_time = figures.of(month)
        found.append([month, due, done, on_time, due - done])
    return found


def _health(what: Counter[str]) -> list[Cell]:
    failed, asked = sum(what[one] for one in FAILED), what[ASKED]
    share_of = f"{100 * what[ANSWERED] / asked:.1f}%" if asked else ""
    return [what[SENT], failed, what[UNKNOWN], what[LATER], asked, what[ANSWERED], share_of]


def _costs(words: Mapping[str, Any], said: Mapping[str, Any], found: Cost) -> list[list[Cell]]:
    lines: list[list[Cell]] = [
        [
            _name(words, name),
            one.sent,
            one.answers,
            yen(one.yen),
            _sen(found.per_house(one.yen)),
            _sen(found.per_house(one.alone)),
        ]
        for name, one in found.channels.items()
        if one.sent or one.alone
    ]
    sums = [sum(one.sent for one in found.channels.values()), sum(one.answers for one in found.channels.values())]
    return [*lines, [said["all"], *sums, yen(found.yen), _sen(found.per_house(found.yen)), ""]]


def _priced(prices: PriceList, said: Mapping[str, Any]) -> list[list[Cell]]:
    """What nobody has been asked about yet is called an assumption beside its source."""
    mark = said["prices"]["mark"]
    parts: list[list[Cell]] = [
        [one.name, str(one.yen), mark.format(source=one.source) if one.assumed else one.source, one.on.isoformat()]
        for one in prices.parts
    ]
    on = prices.on.isoformat() if prices.on else ""
    return parts + [[one.name, str(one.fee), prices.source, on] for one in prices.tariffs]


def _by_month(session: Session, figures: Figures, words: Mapping[str, Any]) -> list[Series]:
    """Whole yen of each channel that cost anything."""
    found = []
    for name, prices in session.site.prices.items():
        values = [yen(_paid(figures, month, name, prices)) for month in figures.year]
        found += [Series(_name(words, name), values)] if any(values) else []
    return found


def _paid(figures: Figures, month: str, name: str, prices: PriceList) -> Decimal:
    mine = figures.paid[month].get(name, Counts())
    if figures.whole is None:
        return month_cost(prices, mine)
    return share(prices, mine, figures.whole[month].get(name, Counts()))


def _name(words: Mapping[str, Any], channel: str) -> str:
    return str(words["channels"].get(channel, channel))


def _sen(amount: Decimal) -> str:
    return f"{amount:,.2f}"
