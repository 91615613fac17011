"""The words of what a loan costs, on a terminal, in one language."""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from templates.loan_chart import yen_of


@cache
def sum_words(language: str) -> Mapping[str, Any]:
    """Read once. Raises FileNotFoundError for a language that has none."""
    return tomllib.loads((files("templates") / language / "loan_sums.toml").read_text("utf-8"))


def spans(firsts: Sequence[int], last: int, language: str) -> Iterator[str]:
    """From which payment to which something holds."""
    words = sum_words(language)
    for first, end in zip(firsts, [*firsts[1:], last + 1], strict=True):
        yield str(words["span" if end - 1 > first else "one"]).format(first=first, last=end - 1)


def signed(yen: int, language: str) -> str:
    """A difference in figures, whose sign says which way; what is below nothing as leaflets print it (▲)."""
    if not yen:
        return "0"
    return str(sum_words(language)["below" if yen < 0 else "above"]).format(yen=f"{abs(yen):,}")


def lines_of(section: str, answer: Mapping[str, Any], language: str) -> Iterator[str]:
    """An answer line by line, in the order of its words; what is None is left out."""
    for name, words in sum_words(language)[section].items():
        if answer[name] is not None:
            yield str(words).format(yen=yen_of(answer[name], language), number=answer[name])
