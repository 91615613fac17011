"""The words around a letter's text, read once per language."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def words(language: str) -> Mapping[str, Any]:
    """Raises FileNotFoundError for a language that has no letters."""
    return tomllib.loads((files("templates") / language / "letter.toml").read_text("utf-8"))
