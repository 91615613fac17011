"""How what people did arrives at a webhook: as it happened, or twice, or in another order, as platforms do it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum


class Arrival(StrEnum):
    """What may go wrong on the way to a webhook. Several may be asked for at once."""

    TWICE = "twice"  # every request comes again, as after an answer that the platform did not hear
    REORDERED = "reordered"  # the last comes first


@dataclass(frozen=True, slots=True)
class Request:
    """A genuine request. ``door`` is added to the webhook's address where a platform has several; names in lower
    case."""

    body: bytes
    headers: dict[str, str] = field(repr=False)
    door: str = ""


def arranged(firsts: Sequence[Request], repeats: Sequence[Request], how: Sequence[Arrival]) -> list[Request]:
    """The requests in the order in which they arrive; ``repeats`` are the same ones as they are delivered again."""
    found = [one for pair in zip(firsts, repeats, strict=True) for one in pair] if Arrival.TWICE in how else [*firsts]
    return found[::-1] if Arrival.REORDERED in how else found
