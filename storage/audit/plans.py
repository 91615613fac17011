"""The rows of a house's plan against the facts of each version: how many they are, what they say, which hold."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Row

from storage.audit.finding import Finding
from storage.audit.rows import Kept, Told
from storage.record import Seal
from storage.witness import added, plan_witness


def plans(kept: Kept, seal: Seal) -> Iterator[Finding]:
    told: dict[int, list[Told]] = defaultdict(list)
    there: dict[int, list[Row[Any]]] = defaultdict(list)
    for fact in kept.told("plan_taken_in"):
        told[fact.data["version"]].append(fact)
    for row in kept.plan:
        there[row.version].append(row)
    for version in sorted(told.keys() | there.keys()):
        why = _unlike(told[version], there[version], seal)
        if why:
            yield Finding("plan_differs", f"{kept.house.id}:plan {version}", why)
    newest = max(told, default=0)
    if kept.house.plan_version != newest:
        yield Finding("plan_differs", kept.house.id, f"version {kept.house.plan_version}, the facts tell of {newest}")
    for row in kept.plan:
        if bool(row.current) not in _in_force(row, kept.plan):
            state = "in force" if row.current else "not in force"
            yield Finding("plan_differs", f"{kept.house.id}:{row.code}", f"version {row.version} is {state}")


def _unlike(told: Sequence[Told], there: Sequence[Row[Any]], seal: Seal) -> str:
    """In what one version differs; empty where it does not."""
    many = sum(fact.data["items"] for fact in told)
    if many != len(there):
        return f"{len(there)} items, the facts tell of {many}"
    sums = [fact.data.get("witness") for fact in told]
    known = [each for each in sums if each is not None]
    if len(known) == len(sums) and added(known) != plan_witness(seal, [dict(row._mapping) for row in there]):
        return "its items are not those that were taken in"
    return ""


def _in_force(row: Row[Any], plan: Sequence[Row[Any]]) -> tuple[bool, ...]:
    """A later version of a row takes its place, and a builder's own plan that of a whole guide.

    Where both came in one file, which was first is not kept: either may be.
    """
    if any(other.code == row.code and other.version > row.version for other in plan):
        return (False,)
    own = [other.version for other in plan if row.source and not other.source]
    if any(version > row.version for version in own):
        return (False,)
    return (True, False) if row.version in own else (True,)
