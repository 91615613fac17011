"""What each channel costs, as data beside the channel: ``prices.toml`` in its place. One without it costs nothing more.

Paper is sent through no channel; what a letter costs stands in ``postage.toml`` here.
"""

import tomllib
from collections.abc import Mapping
from decimal import Decimal
from importlib import import_module
from pathlib import Path
from typing import Any

from bot.channels.registry import CHANNELS
from bot.core.cost import Part, PriceList, Tariff
from bot.core.people import LETTER

FILE = "prices.toml"


def price_lists() -> dict[str, PriceList]:
    """By channel, and for letters. Raises ValueError or KeyError for a list that is not what it should be."""
    found = {LETTER: _read(Path(__file__).with_name("postage.toml"))}
    return found | {name: _beside(module) for name, module in CHANNELS.items()}


def _beside(module: str) -> PriceList:
    """What lies in the place of a channel."""
    place = import_module(module).__file__
    path = Path(place).with_name(FILE) if place else None
    return _read(path) if path is not None and path.is_file() else PriceList()


def _read(path: Path) -> PriceList:
    raw = tomllib.loads(path.read_text("utf-8"))
    return PriceList(
        parts=tuple(Part(one["name"], Decimal(one["yen"]), one["source"], one["on"]) for one in raw.get("parts", ())),
        tariffs=tuple(_tariff(one) for one in raw.get("tariffs", ())),
        tax=raw.get("tax", 0),
        answers_free=raw.get("answers_free", False),
        source=raw.get("source", ""),
        on=raw.get("on"),
    )


def _tariff(raw: Mapping[str, Any]) -> Tariff:
    beyond = Decimal(raw["beyond"]) if "beyond" in raw else None
    return Tariff(raw["name"], Decimal(raw["fee"]), raw["included"], beyond)
