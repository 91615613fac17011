"""An instant as people write it on the command line, and as they are shown it."""

from datetime import datetime

from bot.config import INSTANT, SettingsError, read_instant
from bot.core.days import TOKYO


def given_instant(text: str, option: str) -> datetime | None:
    """None for an option that was not given. Raises SettingsError for one that is no instant."""
    if not text:
        return None
    try:
        return read_instant(text)
    except ValueError:
        raise SettingsError(f"{option} must be {INSTANT}") from None


def in_japan(instant: datetime) -> str:
    """As the clock on the wall has it there, to the last digit."""
    return instant.astimezone(TOKYO).isoformat()
