"""An edition as commands name it and speak of it, on the civil now."""

import os
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any

import typer

from bot.cli.instant import given_instant
from bot.config import SettingsError
from bot.core.days import civil
from bot.programmes.edition import Edition, Status, UnknownEdition, edition, editions
from main import read_settings
from scheduler.clock import Clock
from templates.catalogue import LANGUAGES
from templates.loan_list import list_words

Language = Annotated[str, typer.Option("--language", help="what people read: ja or en; --json has both")]
At = Annotated[str, typer.Option("--at", help="civil now; a date alone means 10:00 in Tokyo")]
PRINTING = "sumairu-kosodate-2026"  # the leaflet that prints a restriction on prepayments, and interim shares
STATUS = {
    Status.TO_CONFIRM: ("受付の開始日は要確認", "first day of applications not printed, please ask"),
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
        raise SettingsError(f"no edition {one_line(name)}; what there is is {', '.join(editions())}") from None


def one_line(name: str) -> str:
    """What was typed as a name, short and without what would break the line."""
    return "".join(letter if letter.isprintable() else " " for letter in name[:80])


def spoken(language: str) -> str:
    """Raises SettingsError for a language that nothing is written in."""
    if language not in LANGUAGES:
        raise SettingsError(f"--language {language[:20]}: what there is is {', '.join(LANGUAGES)}")
    return language


def status_said(one: Edition, on: date, language: str) -> str:
    """Whether one can apply under it, for people."""
    return STATUS[one.status(on)][LANGUAGES.index(language)]


def status_of(name: str, at: str) -> dict[str, str]:
    """Of which edition the numbers of an answer are, and whether one can apply under it; empty where none was named."""
    if not name:
        return {}
    found, on = named(name), today(at)
    ja, en = STATUS[found.status(on)]
    return {"edition": found.id, "status": found.status(on).value, "status_ja": ja, "status_en": en}


def say_status(head: Mapping[str, str], language: str) -> None:
    """Beside what is read by programs, so that a table of payments stays one."""
    if head:
        typer.echo(f"{head['edition']}: {head[f'status_{language}']}", err=True)


def headed(one: Edition, on: date, language: str) -> str:
    """What is said of it to people first: its name, whether one can apply under it, and where it stands written."""
    head = list_words(language)["head"].format(name=one.named(language), status=status_said(one, on, language))
    return f"{head}\n{one.source(language)}"


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
