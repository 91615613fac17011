"""What the staff of a pilot are told each office day: what went out or would have, what came back, how it goes so far.

The measures of success are shares of counts on record. None has a target here: what is good enough, people say.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from bot.core.days import civil
from bot.core.outcome import Mode, Say

# What is counted, and of how many; its words stand in templates. Told as counts: a share of few says little.
MEASURES: Mapping[str, tuple[str, str]] = {
    "consent": ("mandated", "houses"),
    "reached": ("owners_heard", "owners"),
    "in_time": ("works_in_time", "works_done"),
    "silent": ("companies_silent", "companies"),
}


@dataclass(frozen=True, slots=True)
class Counts:
    """Since the report before: shown, sent, answered. As it stands: the others."""

    shown: int
    sent: int
    answered: int
    waiting: int
    with_staff: int
    houses: int
    mandated: int
    owners: int
    owners_heard: int
    works_done: int
    works_in_time: int
    companies: int
    companies_silent: int


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody of the staff, and the channel for a report: a mail where they have one."""

    id: str
    channel: str


def report(readers: Sequence[Reader], counts: Counts, shadow: bool, since: datetime) -> list[Say]:
    """The message to each of them."""
    told = asdict(counts)
    measures = [{"measure": name, "count": told[part], "of": told[whole]} for name, (part, whole) in MEASURES.items()]
    known = {name: told[name] for name in ("shown", "sent", "answered", "waiting", "with_staff")}
    params = known | {"measures": measures, "shadow": shadow, "since": civil(since).isoformat()}
    return [Say(one.id, "staff_pilot", params, Mode.PROMPT, channel=one.channel) for one in readers]
