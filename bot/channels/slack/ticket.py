"""The note by which an answer finds its way back: into the thread, the modal or the corner it was asked for in."""

import json
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

# A trigger_id dies after 3 s (https://docs.slack.dev/interactivity/handling-user-interaction): what is younger than
# this still leaves the time to use it.
TRIGGER_LIVES = timedelta(seconds=2.5)


@dataclass(frozen=True, slots=True)
class Ticket:
    """Where something was done. ``at`` is the machine's instant of it, ISO.

    ``unseen``: only the person themselves saw it (a slash command, or what answered one). ``action`` is what was
    pressed: words that are then typed into a modal come back with it.
    """

    channel: str = ""
    thread: str = ""
    unseen: bool = False
    trigger: str = ""
    at: str = ""
    action: str = ""

    def __str__(self) -> str:
        return json.dumps({name: value for name, value in asdict(self).items() if value}, separators=(",", ":"))

    def lives(self, now: datetime) -> bool:
        """Whether a modal can still be opened with it."""
        if not self.trigger or not self.at:
            return False
        with suppress(ValueError, TypeError):
            return timedelta(0) <= now - datetime.fromisoformat(self.at) < TRIGGER_LIVES
        return False


def read_ticket(text: str) -> Ticket:
    """The ticket that was written as this text; an empty one for anything else."""
    try:
        found = json.loads(text)
    except ValueError:
        return Ticket()
    if not isinstance(found, dict):
        return Ticket()
    texts = {name: found[name] for name in Ticket.__slots__ if isinstance(found.get(name), str)}
    return Ticket(**texts, unseen=found.get("unseen") is True)
