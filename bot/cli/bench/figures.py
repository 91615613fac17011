"""What a benchmark answers: figures, and what they are held against."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

ROUNDS = 3


@dataclass(frozen=True, slots=True)
class Size:
    """How much is measured: ``houses`` in the larger database, ``messages`` sent or read in each round.

    ``full``: all of the houses also where a tenth of them would tell.
    """

    houses: int
    messages: int
    full: bool = False


@dataclass(frozen=True, slots=True)
class Ratio:
    """A figure held against another of the same run; ``wanted`` is what it should be, as a person writes it."""

    against: str
    value: float
    wanted: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table: ``rounds`` are what was measured, their median is the figure."""

    topic: str
    what: str
    unit: str
    rounds: tuple[float, ...]
    ratios: tuple[Ratio, ...] = ()
    wanted: str = ""

    @property
    def value(self) -> float:
        return median(self.rounds)

    def row(self) -> dict[str, Any]:
        """The figure as JSON."""
        ratios = [{"against": r.against, "value": rounded(r.value), "wanted": r.wanted} for r in self.ratios]
        return {
            "topic": self.topic,
            "what": self.what,
            "unit": self.unit,
            "value": rounded(self.value),
            "wanted": self.wanted,
            "rounds": [rounded(measured) for measured in self.rounds],
            "ratios": ratios,
        }


@dataclass(frozen=True, slots=True)
class Skipped:
    """Something to be measured beside us that is not installed here."""

    topic: str
    why: str


Measured = list[Figure | Skipped]
Measure = Callable[[], Awaitable[float]]
Tell = Callable[[str], None]  # what is being done now, for whoever waits


async def interleaved(measures: Mapping[str, Measure], rounds: int = ROUNDS) -> dict[str, tuple[float, ...]]:
    """Every measure once a round, so that whatever else the machine does falls on all of them.

    Each round begins with another one, because the first has the machine as the round before left it.
    """
    found: dict[str, list[float]] = {name: [] for name in measures}
    names = list(measures)
    for turn in range(rounds):
        first = turn % len(names)
        for name in names[first:] + names[:first]:
            found[name].append(await measures[name]())
    return {name: tuple(figures) for name, figures in found.items()}


def ratio(of: Sequence[float], to: Sequence[float], against: str, wanted: str = "") -> Ratio:
    """The ratio of two medians."""
    return Ratio(against, median(of) / median(to), wanted)


def rounded(value: float) -> float:
    """Three digits: more is noise."""
    return float(f"{value:.3g}")
