"""Sample facts, by which a message can be looked at before there is anything to say: see sample.toml."""

import re
import tomllib
from collections.abc import Mapping
from datetime import date, timedelta
from importlib.resources import files
from typing import Any

from jinja2 import meta

from templates.catalogue import Catalogue, Kind

_DAY = re.compile(r"@([+-]\d+)")


class Samples:
    """What is known of no house, as data. Raises nothing for a kind without facts of its own."""

    def __init__(self) -> None:
        self._raw = tomllib.loads((files("templates") / "sample.toml").read_text("utf-8"))

    def facts(self, kind: str, today: date) -> dict[str, Any]:
        """What a message of this kind may use, with days around ``today``."""
        own = self._raw.get("kinds", {}).get(kind, {})
        told = {"today": "@+0", **self._raw["case"], **self._raw["facts"], **own}
        return {name: _dated(value, today) for name, value in told.items()}


def used(catalogue: Catalogue, language: str, kind: str) -> frozenset[str]:
    """The names that a message of this kind asks for, in its newest version."""
    found: Kind = catalogue.kind(language, kind, catalogue.versions[kind])
    return frozenset(meta.find_undeclared_variables(found.environment.parse(found.source)))


def _dated(value: Any, today: date) -> Any:
    """Days as they are written in the record; ``@-3`` is three days ago."""
    if isinstance(value, str):
        return _DAY.sub(lambda found: (today + timedelta(days=int(found[1]))).isoformat(), value)
    if isinstance(value, Mapping):
        return {name: _dated(inner, today) for name, inner in value.items()}
    return [_dated(inner, today) for inner in value] if isinstance(value, list) else value
