"""The words of the programmes on a terminal, in one language; for steps, papers and duties those of the pages."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def list_words(language: str) -> Mapping[str, Any]:
    """Read once. Raises FileNotFoundError for a language that has none."""
    place = files("templates") / language
    loans = tomllib.loads((place / "pages" / "chat.toml").read_text("utf-8"))["loans"]
    shared = {name: loans[name] for name in ("duties", "documents", "tell_as")} | {"step": loans["steps"]}
    return shared | tomllib.loads((place / "loan_list.toml").read_text("utf-8"))
