"""An edition as commands name it and speak of it, on the civil now."""

import os
from datetime import date
from typing import Annotated, Any

import typer

from bot.cli.instant import given_instant
from bot.config import SettingsError
from bot.core.days import civil
from bot.programmes.edition import Edition, Status, UnknownEdition, edition, editions
from main import read_settings
from scheduler.clock import Clock

At = Annotated[str, typer.Option("--at", help="civil now; a date alone means 10:00 in Tokyo")]
PRINTING = "sumairu-kosodate-2026"  # the leaflet that prints a restriction on prepayments, and interim shares
STATUS = {
    Status.ANNOUNCED: ("受付開始前", "not yet open to applications"),
    Status.IN_FORCE: ("受付中", "open to applications"),
    Status.CLOSED: ("受付終了", "closed to applications"),
}


def today(at: str = "") -> date:
    """The civil today: of ``--at``, of ENGAWA_NOW, or the clock's. Raises SettingsError."""
    return civil(given_instant(at, "--at") or Clock(read_settings(os.environ).now).now())


def named(name: str) -> Edition:
    """Raises SettingsError for an edition that nobody wrote."""
    try:
        return edition(name)
    except UnknownEdition:
        raise SettingsError(f"no edition {name}; what there is is {', '.join(editions())}") from None


def told(one: Edition, on: date) -> dict[str, Any]:
    """What every answer about an edition begins with: which it is, and whether one can apply under it."""
    status = one.status(on)
    ja, en = STATUS[status]
    return {
        "edition": one.id,
        "name_ja": one.name_ja,
        "name_en": one.name_en,
        "status": status.value,
        "status_ja": ja,
        "status_en": en,
        "source_ja": one.source_ja,
        "source_en": one.source_en,
    }
