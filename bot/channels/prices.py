"""What each channel costs, as data beside the channel: ``prices.toml`` in its place. One without it costs nothing more.

Paper is sent through no channel; what a letter costs stands in ``postage.toml`` here, or in a file of the operator's.
"""

import tomllib
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from importlib import import_module
from pathlib import Path
from typing import Any

from bot.channels.registry import CHANNELS
from bot.config import SettingsError
from bot.core.cost import Part, PriceList, Tariff
from bot.core.people import LETTER

FILE = "prices.toml"
SETTING = "ENGAWA_POSTAGE_FILE"


def price_lists(postage: Path | None = None) -> dict[str, PriceList]:
    """By channel, and for letters, those from ``postage`` where it is given.

    Raises SettingsError for a file of the operator's that is none, ValueError or KeyError for a list of ours.
    """
    found = {LETTER: _read(Path(__file__).with_name("postage.toml")) if postage is None else _given(postage)}
    return found | {name: _beside(module) for name, module in CHANNELS.items()}


def _given(path: Path) -> PriceList:
    """What a letter costs, as the operator says. In it yen are at least 0, each with its source and day."""
    try:
        found = _read(path)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, ArithmeticError) as error:
        raise SettingsError(f"{SETTING}: {path} is no list of [[parts]] with name, yen, source and on") from error
    if not found.parts or found.tariffs or not all(_whole(part) for part in found.parts):
        raise SettingsError(f"{SETTING}: every part of {path} needs a name, yen of 0 or more, a source and a day")
    return found


def _whole(part: Part) -> bool:
    said = all(isinstance(text, str) and text for text in (part.name, part.source))
    return said and part.yen.is_finite() and part.yen >= 0 and type(part.on) is date


def _beside(module: str) -> PriceList:
    """What lies in the place of a channel."""
    place = import_module(module).__file__
    path = Path(place).with_name(FILE) if place else None
    return _read(path) if path is not None and path.is_file() else PriceList()


def _read(path: Path) -> PriceList:
    raw = tomllib.loads(path.read_text("utf-8"))
    return PriceList(
        parts=tuple(_part(one) for one in raw.get("parts", ())),
        tariffs=tuple(_tariff(one) for one in raw.get("tariffs", ())),
        tax=raw.get("tax", 0),
        answers_free=raw.get("answers_free", False),
        source=raw.get("source", ""),
        on=raw.get("on"),
    )


def _part(raw: Mapping[str, Any]) -> Part:
    return Part(raw["name"], Decimal(raw["yen"]), raw["source"], raw["on"], bool(raw.get("assumed", False)))


def _tariff(raw: Mapping[str, Any]) -> Tariff:
    beyond = Decimal(raw["beyond"]) if "beyond" in raw else None
    return Tariff(raw["name"], Decimal(raw["fee"]), raw["included"], beyond)
