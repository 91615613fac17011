"""The house's own rules, as functions from a file's source to what offends in it, line by line."""

import ast
import re
from collections.abc import Iterator

# What reads a clock, as it is written once the import is followed back. Values made from an argument are not here.
CLOCKS = re.compile(
    r"""(^|\.)( datetime\.(now|utcnow|today) | date\.today
        | time\.(time|monotonic|perf_counter|process_time|thread_time|clock_gettime)(_ns)?
        | func\.(now|current_date|current_time|current_timestamp|localtime|localtimestamp)
        | (get_running_loop|get_event_loop)\(\)\.time | loop\.time )$""",
    re.VERBOSE,
)
CLOCKS_IN_SQL = re.compile(
    r"\b(now|datetime|date|julianday|strftime|unixepoch)\(\s*('now'|\))|\bcurrent_(date|time)", re.I
)
OF_ONE_KIND = re.compile(r"sqlite(\+\w+)?:/|postgres(ql)?(\+\w+)?://")
ALONE = {"fresh_postgres", "migrated_postgres", "postgres_url"}  # fixtures that are one kind of database
WITHOUT_URL = {"street_at": 2}  # opens an SQLite file unless it is told more than so many things
ON_SQLITE = {"tests.handlers.web.conftest.street", "bot.cli.demo.open_town", "bot.cli.demo.command"}
VAGUE = re.compile(r"(^|_)(utils?|base|managers?|helpers?)(_|$)")


def clock_reads(source: str) -> list[str]:
    """Every place that reads a wall clock, a monotonic clock or a database's clock."""
    tree = ast.parse(source)
    known = _imported_names(tree)
    reads = [f"{line}: {name}" for line, name in _names_used(tree, known) if CLOCKS.search(name)]
    return reads + [f"{line}: {text}" for line, text in _texts(tree) if CLOCKS_IN_SQL.search(text)]


def local_imports(source: str) -> list[str]:
    """Every import that is not at the top level of its module."""
    functions = (
        node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    )
    inside = {
        node.lineno for each in functions for node in ast.walk(each) if isinstance(node, ast.Import | ast.ImportFrom)
    }
    return [f"{line}: import inside a function" for line in sorted(inside)]


def databases_of_one_kind(source: str) -> list[str]:
    """Every place at which a test, or a fixture, opens a database that is SQLite, or PostgreSQL, and never the other.

    A test runs on both by asking for ``database_url``.
    """
    tree = ast.parse(source)
    found = [(line, text) for line, text in _texts(tree) if OF_ONE_KIND.match(text)]
    found += [(line, text) for line, text in _texts(tree) if "bot.cli.demo import" in text]
    for node in ast.walk(tree):
        if isinstance(node, ast.arg) and node.arg in ALONE:
            found.append((node.lineno, node.arg))
        elif isinstance(node, ast.Call) and _is_untold(node):
            found.append((node.lineno, ast.unparse(node)))
        elif isinstance(node, ast.ImportFrom):
            origins = {f"{node.module}.{alias.name}" for alias in node.names}
            found += [(node.lineno, origin) for origin in sorted(origins & ON_SQLITE)]
    return [f"{line}: {what}" for line, what in sorted(found)]


def _is_untold(call: ast.Call) -> bool:
    most = WITHOUT_URL.get(ast.unparse(call.func))
    return most is not None and len(call.args) <= most and "database_url" not in {each.arg for each in call.keywords}


def vague_name(module: str) -> bool:
    """Whether a module's name says nothing about what is in it."""
    return VAGUE.search(module) is not None


def _imported_names(tree: ast.Module) -> dict[str, str]:
    """Local name to dotted origin, so that an alias hides nothing."""
    known: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            known |= {alias.asname: alias.name for alias in node.names if alias.asname}
        elif isinstance(node, ast.ImportFrom):
            known |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
    return known


def _names_used(tree: ast.Module, known: dict[str, str]) -> Iterator[tuple[int, str]]:
    """Every name and dotted name that is read, with its first part followed back to where it was imported from."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name | ast.Attribute):
            first, dot, rest = ast.unparse(node).partition(".")
            yield node.lineno, known.get(first, first) + dot + rest


def _texts(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Every string that is not a docstring."""
    docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield node.lineno, node.value
