"""A channel's name stands in its own place, in the registry, and in the few places that are told here with a reason.

So a channel is added by touching five files, and one that dies can be deleted: in fifty years several will.
"""

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from bot.channels.registry import CHANNELS

ROOT = Path(__file__).parent.parent
OURS = ("bot", "handlers", "scheduler", "storage", "templates", "main.py")
# How each may be called in code. The one of mail is an ordinary word, and so is that of LINE.
CALLED: Mapping[str, re.Pattern[str]] = {
    "chat": re.compile(r"^chat$|^bot\.channels\.chat\b"),
    "email": re.compile(r"^email$|^bot\.channels\.mail\b"),
    "line": re.compile(r"^line$|\bLINE\b|line\.me|^bot\.channels\.line\b"),
    "telegram": re.compile(r"telegram", re.I),
    "slack": re.compile(r"slack", re.I),
    "guarantor_http": re.compile(r"guarantor_http", re.I),
    "provider_http": re.compile(r"provider_http", re.I),
    "submitter_http": re.compile(r"submitter_http", re.I),
}
FOLDERS = {"email": "mail"}  # where a channel's place is called otherwise
# Everything else that names one, and why that is right: a place, or a place and the one name in it.
ALLOWED: Mapping[str, str] = {
    "bot/channels/registry.py": "the one list of channels",
    "bot/intake/tables.py": "the columns in which builders give addresses",
    "bot/cli/bench": "measures one channel or another by its name",
    "bot/cli/demo.py": "the demo is spoken on our own pages",
    "main.py": "our own pages are where everybody is reached who has nothing else",
    "handlers/web": "the page of our own channel is called after it",
    "bot/channels/slack/channel.py": "a field of the platform's own profiles is called so",
    "bot/cli/staff.py: slack": "how an account is written, for one",
    "bot/core/company_account.py: email": "what a company's login calls the address that it vouches for",
    "bot/core/statements.py: line": "a statement stands in a line of the law's list",
    "bot/core/book/stated.py: line": "the same",
    "storage/statements.py: line": "the same",
    "storage/tables/houses.py: line": "the same",
    "storage/audit/statements.py: line": "the same",
    "templates/book/paper.py: line": "the same",
}
# Words that people read: what each channel is called, and to which companies a consent lets the messages go.
WORDS = (
    {"words.toml", "consent_ask.toml", "consent_ask.1.toml", "consent_ask.2.toml", "consent_ask.3.toml"}
    | {f"consent{version}.toml" for version in ("", ".1", ".2", ".3")}
    | {"privacy.toml", "privacy.1.toml"}
)


def names_in(source: str) -> Iterator[tuple[int, str]]:
    """Every text and import of a module that names a channel; what is told about the code is left out."""
    tree = ast.parse(source)
    told = {id(doc) for node in ast.walk(tree) if (doc := _docstring(node)) is not None}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told:
            texts = [node.value]
        elif isinstance(node, ast.ImportFrom):
            texts = [f"{node.module}.{alias.name}" for alias in node.names]
        else:
            texts = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        line = getattr(node, "lineno", 0)
        yield from ((line, name) for text in texts for name, called in CALLED.items() if called.search(text))


def _docstring(node: ast.AST) -> ast.Constant | None:
    held = isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and node.body
    first = held[0] if held else None
    return first.value if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) else None


def modules() -> list[Path]:
    found = [path for name in OURS for path in ([ROOT / name] if name.endswith(".py") else (ROOT / name).rglob("*.py"))]
    return [path for path in found if "migrations" not in path.parts]  # what was once migrated stays


def own_place(name: str) -> str:
    return f"bot/channels/{FOLDERS.get(name, name)}"


def test_every_channel_is_looked_for():
    assert set(CALLED) == set(CHANNELS)
    assert all(path.startswith(own_place(name).replace("/", ".")) for name, path in CHANNELS.items())


def test_no_channel_is_named_outside_its_place():
    named = []
    for path in modules():
        at = path.relative_to(ROOT).as_posix()
        for line, name in names_in(path.read_text("utf-8")):
            if not f"{at}: {name}".startswith((own_place(name), *ALLOWED)):
                named.append(f"{at}:{line}: {name}")
    assert named == []


def test_no_permission_is_left_over():
    """What is allowed above is there, and does name one."""
    by_path = {path.relative_to(ROOT).as_posix(): path for path in modules()}
    for place in ALLOWED:
        at_place, _, only = place.partition(": ")
        there = [path for at, path in by_path.items() if at.startswith(at_place)]
        named = [name for path in there for _, name in names_in(path.read_text("utf-8")) if only in ("", name)]
        assert named, place


def test_no_text_says_which_platform_it_is_on():
    """Templates are said in any channel; only the names of channels and the consent tell platforms apart."""
    paths = [*(ROOT / "templates").rglob("*.toml"), *(ROOT / "handlers" / "web" / "pages").rglob("*.html")]
    named = [path.name for path in paths if re.search(r"LINE\b|Telegram|Slack", path.read_text("utf-8"))]
    assert set(named) <= WORDS


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("x = 'line'", ["line"]),
        ("x = f'{a}telegram{b}'", ["telegram"]),
        ("from bot.channels.mail import open_channel", ["email"]),
        ("import bot.channels.slack.line", ["slack"]),
        ("'''Not LINE, nor Slack.'''\nx = 'a line'", []),
        ("def f():\n    '''Telegram is told of.'''\n    line = chat = 1", []),
    ],
)
def test_a_name_is_seen(source: str, found: list[str]):
    assert [name for _, name in names_in(source)] == found
