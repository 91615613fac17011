"""The guide plan: what a house gets whose builder gave no plan.

Made from published guide values (guide.csv, with the source of each line): first the example plan for certified
long-life houses, then what it leaves out of the outside of a house. Where a value is a range the earlier year is
taken, and where several materials are possible the most common one, so that nothing comes too late. The values are
guides: a house's own plan always wins.
"""

import csv
from collections.abc import Iterator
from dataclasses import replace
from importlib.resources import files

from bot.intake.rows import INSPECTION, STATUTORY, PlanRow

_STATUTORY_CATEGORIES = ("structure", "rain", "plumbing")
_BY_MATERIAL = "配管設備"  # the one part whose lines differ by what they are made of, not by a choice of material
_ADVISORY = "任意"
_REPAIR_WORDS = ("補修", "再施工")


def guide_plan(house_id: str) -> tuple[PlanRow, ...]:
    """The guide plan of a house; ``source`` of every line says that it is a default, and where from."""
    return tuple(replace(row, house_id=house_id) for row in _PATTERN)


def _pattern() -> Iterator[PlanRow]:
    text = files("bot.intake").joinpath("guide.csv").read_text(encoding="utf-8")
    for line in csv.DictReader(text.splitlines()):
        yield from _rows(line)


def _rows(line: dict[str, str]) -> Iterator[PlanRow]:
    """The inspection of one part, and the repair and renewal that the example plan gives with it."""
    part = line["material"] if line["part"] == _BY_MATERIAL else line["part"].partition("(")[0]
    source = f"guide {line['row_id']} ({line['source']}; {line['confidence']})"
    statutory = STATUTORY if line["legal_category"] in _STATUTORY_CATEGORIES else _ADVISORY
    yield _row(part, INSPECTION, int(line["inspect_min_y"]), statutory, source)
    if not line["row_id"].startswith("LQH_PLAN_EXAMPLE"):
        return
    if line["interim_min_y"]:
        yield _row(part, "修繕", int(line["interim_min_y"]), _ADVISORY, source, line["interim_work"])
    if line["replace_min_y"]:
        kind = "修繕" if any(word in line["replace_text"] for word in _REPAIR_WORDS) else "交換"
        yield _row(part, kind, int(line["replace_min_y"]), _ADVISORY, source)


def _row(part: str, kind: str, years: int, legal_class: str, source: str, work: str = "") -> PlanRow:
    name = f"{part}（{work}）" if work else part
    code = f"G-{part}" if kind == INSPECTION else f"G-{part}-{work or kind}"
    return PlanRow("", code, name, kind, years, years, legal_class, "事業者", source)


_PATTERN = tuple(_pattern())
GUIDE_CODES = frozenset(row.item_code for row in _PATTERN)
