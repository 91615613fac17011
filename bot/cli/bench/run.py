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

from bot.cli.bench.figures import Figure, Measured, Size, Skipped, Tell, machine
from bot.cli.logs import configure_log
from bot.cli.opening import collect_seldom, print_json


class Topic(StrEnum):
    """What can be measured, from the quickest to the longest."""

    PLAN = "plan"
    LOAN = "loan"
    UNDERSTAND = "understand"
    MAIL = "mail"
    LINE = "line"
    IMPORT = "import"
    SWEEP = "sweep"


# Each is loaded when it is asked for: LINE's SDK alone would cost every command a second.
MODULES = {topic: f"bot.cli.bench.{topic}" for topic in Topic} | {Topic.IMPORT: "bot.cli.bench.imports"}
What = Annotated[list[Topic] | None, typer.Argument(help="what to measure; everything if nothing is named")]
Houses = Annotated[int, typer.Option(min=100, help="houses in the larger of two databases; a hundredth in the other")]
Messages = Annotated[int, typer.Option(min=10, help="mails and pushes sent, and replies read, in each round")]
AsJson = Annotated[bool, typer.Option("--json", help="answer as one line of JSON")]


def command(what: What = None, houses: Houses = 100_000, messages: Messages = 2_000, as_json: AsJson = False) -> None:
    """Measures the service beside what people would use instead. Nothing outside a temporary folder is touched."""
    configure_log("WARNING")
    collect_seldom()  # as every command that runs the service does
    size, topics = Size(houses, messages), what or list(Topic)
    found = asyncio.run(_measure(topics, size))
    if as_json:
        print_json(_answer(size, found))
    else:
        _show(found)


async def _measure(topics: Sequence[Topic], size: Size) -> Measured:
    found: Measured = []
    with Console(stderr=True).status("") as status:  # shown on a terminal only
        for topic in topics:
            found += await _measured_by(topic)(size, partial(_tell, status, topic))
    return found


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
    here = machine()
    place = f"{here['cpus']} × {here['processor']}, {here['platform']}"
    console.print(f"{place}, Python {here['python']}, SQLite {here['sqlite']}; medians of interleaved rounds")
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
