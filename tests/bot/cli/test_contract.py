"""`engawa contract`: the texts for a lawyer, and for whoever signs them."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from pypdf import PdfReader

from templates.contract import NAMES
from tests.bot.cli.conftest import Ended

Engawa = Callable[..., Ended]


def test_each_text_is_listed_shown_and_printed(folder: Path, engawa: Engawa):
    """Marked as a draft with version and date, and the hash is that of what is shown."""
    listed = json.loads(engawa("contract", "list", "--json").out)["contracts"]
    assert {one["name"] for one in listed} == set(NAMES)
    for one in listed:
        told = json.loads(engawa("contract", "show", one["name"], "--language", one["language"], "--json").out)
        assert hashlib.sha256(told["text"].encode()).hexdigest() == told["sha256"]
    for name in NAMES:
        assert "案：弁護士の確認が必要" in engawa("contract", "show", name).out
        assert engawa("contract", "pdf", name, "--to", f"{name}.pdf").status == 0
        pages = [page.extract_text() for page in PdfReader(folder / f"{name}.pdf").pages]
        assert all("案：弁護士の確認が必要" in page and "SHA-256" in page for page in pages)


@pytest.mark.parametrize("words", [("none",), ("consent", "--version", "99"), ("association", "--language", "en")])
def test_what_there_is_not_is_one_plain_line(engawa: Engawa, words: tuple[str, ...]):
    """Exit status 2, and where to look."""
    ended = engawa("contract", "show", *words)
    assert (ended.status, ended.out) == (2, "")
    assert "engawa contract list" in ended.err
