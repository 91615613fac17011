"""`engawa bench`: what is measured, and how it is told."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from enum import StrEnum
from functools import partial
from importlib import import_module
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.status import Status
from rich.table import Table

from bot.cli.bench.figures import Figure, Measured, Size, Skipped, Tell
from bot.cli.bench.machine import machine, told
from bot.cli.logs import configure_log
from bot.cli.opening import collect_seldom, print_json
from scheduler.clock import monotonic


class Topic(StrEnum):
    """What can be measured, from the quickest to the longest."""

    PLAN = "plan"
    LOAN = "loan"
    UNDERSTAND = "understand"
    WEBHOOK = "webhook"
    LINE = "line"
    WORKERS = "workers"
    MAIL = "mail"
    JOBS = "jobs"
    IMPORT = "import"
    OUTAGE = "outage"
    SWEEP = "sweep"


QUICK = Size(5_000, 500)

# Each is loaded when it is asked for: LINE's SDK alone would cost every command a second.
MODULES = {topic: f"bot.cli.bench.{topic}" for topic in Topic} | {Topic.IMPORT: "bot.cli.bench.imports"}
What = Annotated[list[Topic] | None, typer.Argument(help="what to measure; everything if nothing is named")]
Houses = Annotated[int, typer.Option(min=100, help="houses in the larger of two databases; a hundredth in the other")]
Messages = Annotated[int, typer.Option(min=10, help="mails and pushes sent, and replies read, in each round")]
Quick = Annotated[bool, typer.Option("--quick", help="a small town and few messages: minutes less, and rougher")]
Full = Annotated[bool, typer.Option("--full", help="after an outage all houses are caught up, not a tenth of them")]
AsJson = Annotated[bool, typer.Option("--json", help="answer as one line of JSON")]


def command(
    what: What = None,
    houses: Houses = 100_000,
    messages: Messages = 2_000,
    quick: Quick = False,
    full: Full = False,
    as_json: AsJson = False,
) -> None:
    """Measures the service beside what people would use instead. Nothing outside a temporary folder is touched.

    What is not installed beside it (the `bench` extra, a redis-server) is told and left out.
    """
    configure_log("WARNING")
    collect_seldom()  # as every command that runs the service does
    size = Size(min(houses, QUICK.houses), min(messages, QUICK.messages)) if quick else Size(houses, messages, full)
    found, took = asyncio.run(_measure(what or list(Topic), size))
    if as_json:
        print_json(_answer(size, found) | {"seconds": took})
    else:
        _show(found)
        typer.echo(f"seconds: {', '.join(f'{topic} {seconds:,}' for topic, seconds in took.items())}")


async def _measure(topics: Sequence[Topic], size: Size) -> tuple[Measured, dict[Topic, int]]:
    """The figures, and the seconds that each topic took with all that goes before and after."""
    found: Measured = []
    took: dict[Topic, int] = {}
    with Console(stderr=True).status("") as status:  # shown on a terminal only
        for topic in topics:
            begun = monotonic()
            found += await _measured_by(topic)(size, partial(_tell, status, topic))
            took[topic] = round(monotonic() - begun)
    return found, took


def _measured_by(topic: Topic) -> Callable[[Size, Tell], Awaitable[Measured]]:
    measure: Callable[[Size, Tell], Awaitable[Measured]] = import_module(MODULES[topic]).measure
    return measure


def _tell(status: Status, topic: Topic, doing: str) -> None:
    status.update(f"{topic}: {doing} …")


def _answer(size: Size, found: Measured) -> dict[str, Any]:
    return {
        "machine": machine(),
        "houses": size.houses,
        "messages": size.messages,
        "figures": [figure.row() for figure in found if isinstance(figure, Figure)],
        "skipped": [{"topic": left.topic, "why": left.why} for left in found if isinstance(left, Skipped)],
    }


def _show(found: Measured) -> None:
    console = Console()
    console.print(f"{told(machine())}; medians of interleaved rounds")
    table = Table("what", "figure", "held against", "ratio", "wanted")
    for figure in found:
        if isinstance(figure, Figure):
            _add(table, figure)
    console.print(table)
    for left in found:
        if isinstance(left, Skipped):
            console.print(f"{left.topic}: {left.why}")


def _add(table: Table, figure: Figure) -> None:
    """A line for the figure, which also holds its first ratio, and one for every other ratio."""
    held = [(ratio.against, f"{_short(ratio.value)} ×", ratio.wanted) for ratio in figure.ratios]
    first, *others = held or [("", "", figure.wanted)]
    table.add_row(f"{figure.topic}: {figure.what}", f"{_short(figure.value)} {figure.unit}", *first)
    for other in others:
        table.add_row("", "", *other)


def _short(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:#.3g}"
