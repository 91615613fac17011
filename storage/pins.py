"""What is fixed for everything that is written."""

from collections.abc import Mapping
from dataclasses import dataclass

from storage.record import Seal


@dataclass(frozen=True, slots=True)
class Pins:
    """What is fixed for everything that is written: the seal of the record and the newest template versions."""

    seal: Seal
    versions: Mapping[str, int]
