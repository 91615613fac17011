"""How fast builders' files come in: the real import of four CSV files into a new database."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import count
from pathlib import Path

from bot.cli.bench.figures import Figure, Measured, Size, Tell, interleaved
from bot.cli.bench.place import folder, service_in
from bot.cli.bench.town import HOUSES_EACH, PLAN_YEARS
from bot.cli.imports import take_files
from bot.intake.guide import guide_plan
from scheduler.clock import monotonic

TOPIC = "import"
FEWER = 100  # times fewer houses than live in the town
LINES = 20  # of the plan of each house
FIRST = date(2021, 4, 1)
HOUSE = (
    *("house_id", "common_id", "builder_id", "servicer_id", "handed_over_on", "plan_years", "address", "owner_id"),
    *("owner_name", "consent_information_on", "consent_mandate_on", "email"),
)
PLAN = ("house_id", "item_code", "item_name", "kind", "first_year", "interval_years", "legal_class")
RECORD = ("house_id", "item_code", "done_on", "performer", "result")


async def measure(size: Size, tell: Tell) -> Measured:
    """Houses a second."""
    houses = max(size.houses // FEWER, 10)
    with folder() as place:
        files = write_files(place, houses)
        tell(f"files of {houses:,} houses come in")
        numbers = count()
        found = await interleaved({"houses": lambda: _take(place / f"take-{next(numbers)}", files, houses)})
    what = f"{houses:,} houses from CSV, each with {LINES} plan lines and a record"
    return [Figure(TOPIC, what, "houses/s", found["houses"])]


async def _take(place: Path, files: Sequence[Path], houses: int) -> float:
    async with service_in(place) as service:
        begun = monotonic()
        reports = await take_files(service, files)
        took = monotonic() - begun
    assert all(report.rows_accepted == report.rows_total for report in reports), "a row of the bench was refused"
    return houses / took


def write_files(place: Path, houses: int) -> list[Path]:
    """The four files of a builder."""
    ids = [f"H{n:07d}" for n in range(houses)]
    plan = guide_plan("")[:LINES]
    lines = [
        (row.item_code, row.item_name, row.kind, row.first_year, row.interval_years, row.legal_class) for row in plan
    ]
    first = FIRST + timedelta(days=365)
    tables: Mapping[str, tuple[Sequence[str], Iterator[Sequence[object]]]] = {
        "servicers": (("servicer_id", "name", "email", "status"), _servicers(houses)),
        "houses": (HOUSE, map(_house, range(houses))),
        "plan": (PLAN, ((house_id, *line) for house_id in ids for line in lines)),
        "records": (RECORD, ((house_id, lines[0][0], first.isoformat(), "工務店", "良") for house_id in ids)),
    }
    return [_write(place / f"{name}.csv", head, rows) for name, (head, rows) in tables.items()]


def _servicers(houses: int) -> Iterator[Sequence[object]]:
    return ((f"B{n}", f"第{n}工務店", f"b{n}@bench.example", "営業") for n in range(-(-houses // HOUSES_EACH)))


def _house(n: int) -> Sequence[object]:
    firm, day = f"B{n // HOUSES_EACH}", (FIRST + timedelta(days=n % 365)).isoformat()
    place = (f"H{n:07d}", f"C{n:07d}", firm, firm, day, PLAN_YEARS, "東京都縁側区桜町1-2-3")
    return (*place, f"O{n}", "山田 太郎", day, day, f"o{n}@bench.example")


def _write(path: Path, head: Sequence[str], rows: Iterator[Sequence[object]]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(head)
        writer.writerows(rows)
    return path
