"""The words of the workbooks that builders fill in and get back."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def workbook_words(language: str) -> Mapping[str, Any]:
    """Read once. Raises FileNotFoundError for a language that has no workbooks."""
    return tomllib.loads((files("templates") / language / "workbook.toml").read_text("utf-8"))
