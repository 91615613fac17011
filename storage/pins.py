"""What is fixed for everything that is written."""

from collections.abc import Mapping
from dataclasses import dataclass

from storage.record import Seal


@dataclass(frozen=True, slots=True)
class Pins:
    """What is fixed for everything that is written: the seal of the record, the newest template versions, and the
    companies of a pilot (of others no house is taken in; empty: there is no such limit)."""

    seal: Seal
    versions: Mapping[str, int]
    pilot: frozenset[str] = frozenset()
