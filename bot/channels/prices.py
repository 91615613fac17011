"""What each channel costs, as data beside the channel: ``prices.toml`` in its place. One without it costs nothing more.

Paper is sent through no channel; what a letter costs stands in ``postage.toml`` here.
"""

import tomllib
from collections.abc import Mapping
from decimal import Decimal
from importlib.resources import files
from typing import Any

from bot.channels.registry import CHANNELS
from bot.core.cost import Part, PriceList, Tariff
from bot.core.people import LETTER

FILE = "prices.toml"


def price_lists() -> dict[str, PriceList]:
    """By channel, and for letters. Raises ValueError or KeyError for a list that is not what it should be."""
    here = files("bot.channels")
    found = {LETTER: _read(tomllib.loads((here / "postage.toml").read_text("utf-8")))}
    for name, module in CHANNELS.items():
        place = module.split(".")[2]
        path = here / place / FILE
        if path.is_file():
            found[name] = _read(tomllib.loads(path.read_text("utf-8")))
        else:
            found[name] = PriceList()
    return found


def _read(raw: Mapping[str, Any]) -> PriceList:
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
