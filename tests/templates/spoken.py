"""What the code says, read from its source: every message kind, what it is given, and to whom it may be said."""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from bot.core.ladder import LADDERS, milestone_ladder, rungs
from bot.core.milestones import Milestone
from bot.core.people import Role

ROOT = Path(__file__).parent.parent.parent
FOLDERS = ("bot/cli", "bot/core", "handlers", "scheduler", "storage")  # language, channels and intake say nothing
SOURCES = [
    path for folder in ("bot", "handlers", "scheduler", "storage") for path in sorted((ROOT / folder).rglob("*.py"))
]
SIDES = (Role.OWNER, Role.SERVICER)
# The functions that say something, and where in their arguments the kind stands.
SAYING = {
    "bot.core.outcome.Say": 1,
    "bot.core.moves.tell": 2,
    "bot.core.matter.to_partner": 1,
    "handlers.answers.say": 1,
    "handlers.answers.answer": 1,
    "handlers.answers.ask": 2,
    "handlers.answers.done": 2,
    "handlers.answers.to_desk": 2,
    "handlers.candidate._said": 2,
    "handlers.history._answered": 2,
    "handlers.keeping._noted": 2,
    "bot.core.history.asking._say": 1,
    "handlers.candidate._asked": 3,
    "handlers.candidate._ended": 3,
}
ASKING = {"handlers.answers.ask": 1, "handlers.candidate._asked": 2}  # and where the question does
REASONS = {"bot.core.matter.raise_matter": 1, "bot.core.moves.matter": 2, "handlers.answers.to_desk": 1}
REASONS["bot.core.history.step.at_desk"] = 1
REASONS["bot.core.entitlement._raise"] = 2
# Whose answers are decided where. Other files serve owner and servicer alike; farewell is looked up by who calls it.
ROLES = {
    "owner": {Role.OWNER},
    "questions": {Role.OWNER},
    "loans": {Role.OWNER},
    "servicer": {Role.SERVICER},
    "staff": {Role.STAFF},
    "heard": {Role.STAFF},
    "keyed": {Role.STAFF},
    "talking": {Role.STAFF},
    "days": {Role.OWNER},
    "doubting": {Role.OWNER},
    "offering": {Role.SERVICER},
    "candidate": {Role.SERVICER},
    "choosing": {Role.STAFF},
    "lapsing": {Role.STAFF},
    "making_good": {Role.OWNER},
    "succession": {Role.OWNER},
    "history": {Role.OWNER},
    "keeping": {Role.OWNER},
    "entering": {Role.SERVICER},
    "sheet": {Role.SERVICER},
    "brought": {Role.SERVICER},
    "guest": {Role.GUEST},
    "beside": {Role.OWNER},
    "self_check": {Role.OWNER},
    "events": {Role.STAFF},
}


@dataclass(frozen=True, slots=True)
class Spoken:
    """One place that says something."""

    kind: str
    module: str
    function: str
    given: frozenset[str] = field(default_factory=frozenset)
    question: str = ""


def said_by_ladders() -> set[str]:
    """The kinds that time brings about, and the reasons for which it turns to the staff."""
    asks = (Milestone("any", None, (1,), role) for role in (Role.OWNER, Role.STAFF))  # type: ignore[arg-type]
    names = [*LADDERS, *map(milestone_ladder, asks)]
    return {f"{rung.to}:{rung.says}" for name in names for rung in rungs(name)}


def spoken_in(sources: Mapping[str, str]) -> list[Spoken]:
    """Every place in these modules that says something. Raises LookupError where it cannot be told what."""
    return [found for module, source in sources.items() for found in _in_module(module, source)]


@cache
def spoken() -> list[Spoken]:
    """Every place in the code that says something."""
    return spoken_in(read())


def named() -> set[str]:
    """The kinds that pages of ours write by themselves: each is named once at the top of a module."""
    found = set()
    for path in sorted((ROOT / "handlers" / "web").rglob("*.py")):
        for node in ast.parse(path.read_text("utf-8")).body:
            value = _constant(node.value) if isinstance(node, ast.Assign) else ""
            if value.startswith(("owner_", "staff_")):
                found.add(value)
    return found


@cache
def reasons() -> frozenset[str]:
    """Every reason for which the code turns to the staff."""
    found = {says.partition(":")[2] for says in said_by_ladders() if says.startswith(Role.STAFF)}
    for module, source in read().items():
        tree = ast.parse(source)
        for function, call, origin in _calls(module, tree):
            if origin in REASONS and len(call.args) > REASONS[origin]:
                found |= _texts(call.args[REASONS[origin]], function, module)
        for node in ast.walk(tree):
            if isinstance(node, ast.Dict):
                found |= {
                    str(value.value)
                    for key, value in zip(node.keys, node.values, strict=True)
                    if _constant(key) == "reason" and isinstance(value, ast.Constant) and value.value
                }
    return frozenset(found)


@cache
def roles_of(kind: str) -> frozenset[Role]:
    """To whom a kind may be said."""
    first = kind.partition("_")[0]
    if first in set(Role):
        return frozenset({Role(first)})
    found: set[Role] = set()
    for place in spoken():
        if place.kind == kind:
            name = place.module.rpartition(".")[2]
            found |= _farewell_roles(place.function) if name == "farewell" else ROLES.get(name, set(SIDES))
    return frozenset(found)


@cache
def read() -> dict[str, str]:
    """Every module of ours that decides or sends, by its dotted name."""
    return {
        ".".join(path.relative_to(ROOT).with_suffix("").parts): path.read_text("utf-8")
        for folder in FOLDERS
        for path in sorted((ROOT / folder).rglob("*.py"))
        if "handlers/web" not in path.as_posix()
    }


def _farewell_roles(function: str) -> set[Role]:
    """Who can come to a function of handlers.farewell: the owner to all, others to those that their file calls."""
    roles = {Role.OWNER}
    for role in (Role.SERVICER, Role.STAFF):
        tree = ast.parse((ROOT / f"handlers/{role}.py").read_text("utf-8"))
        names = {ast.unparse(node) for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
        if f"farewell.{function}" in names:
            roles.add(role)
    return roles


def _in_module(module: str, source: str) -> Iterator[Spoken]:
    tree = ast.parse(source)
    for function, call, origin in _calls(module, tree):
        if origin not in SAYING:
            continue
        place = SAYING[origin]
        kinds = [word.value for word in call.keywords if word.arg == "kind"] or call.args[place : place + 1]
        ours = origin.startswith(("handlers.answers.", "handlers.candidate."))  # what is named there goes into it
        given = frozenset(word.arg for word in call.keywords if word.arg and ours) - {"kind"}
        question = _constant(call.args[ASKING[origin]], tree) if origin in ASKING else ""
        for expression in kinds:
            for kind in _texts(expression, function, module):
                yield Spoken(kind, module, function.name if function else "", given, question)


def _calls(module: str, tree: ast.Module) -> Iterator[tuple[ast.FunctionDef | None, ast.Call, str]]:
    """Every call with the function it stands in and the dotted name of what it calls."""
    known: dict[str, str] = {}
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and node.module:
            known |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            known[node.name] = f"{module}.{node.name}"
    for top in tree.body:
        inside = [top] if not isinstance(top, ast.ClassDef) else top.body
        for node in inside:
            function = node if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) else None
            for call in ast.walk(node):
                if isinstance(call, ast.Call) and isinstance(call.func, ast.Name):
                    yield function, call, known.get(call.func.id, call.func.id)  # type: ignore[misc]


def _texts(expression: ast.expr, function: ast.FunctionDef | None, module: str) -> set[str]:
    """The texts an expression may be: nothing for what a caller or a ladder hands in, which is found there."""
    if isinstance(expression, ast.Constant):
        return {str(expression.value)} - {""}
    if isinstance(expression, ast.IfExp):
        return _texts(expression.body, function, module) | _texts(expression.orelse, function, module)
    if isinstance(expression, ast.JoinedStr):
        return _either_side(expression)
    if isinstance(expression, ast.Attribute) and expression.attr in ("says", "reason"):
        return set()
    if isinstance(expression, ast.Name) and function is not None:
        handed_in = expression.id in {argument.arg for argument in function.args.args}
        assigned = list(_assigned(expression.id, function))
        if handed_in or assigned:
            return set().union(*(_texts(value, function, module) for value in assigned))
    raise LookupError(f"{module}:{expression.lineno}: cannot tell what {ast.unparse(expression)} says")


def _assigned(name: str, function: ast.FunctionDef) -> Iterator[ast.expr]:
    for node in ast.walk(function):
        if not isinstance(node, ast.Assign):
            continue
        for target in node.targets:
            if isinstance(target, ast.Name) and target.id == name:
                yield node.value
            elif isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
                pairs = zip(target.elts, node.value.elts, strict=True)
                yield from (value for left, value in pairs if isinstance(left, ast.Name) and left.id == name)


def _either_side(text: ast.JoinedStr) -> set[str]:
    """A name built with a side in it, for both sides."""
    return {
        "".join(str(part.value) if isinstance(part, ast.Constant) else side for part in text.values) for side in SIDES
    }


def _constant(node: ast.expr | None, module: ast.Module | None = None) -> str:
    """A text that is written out, or named at the top of its module."""
    if isinstance(node, ast.Name) and module is not None:
        named = {
            target.id: each.value for each in module.body if isinstance(each, ast.Assign) for target in _names(each)
        }
        node = named.get(node.id)
    return str(node.value) if isinstance(node, ast.Constant) else ""


def _names(assignment: ast.Assign) -> list[ast.Name]:
    return [target for target in assignment.targets if isinstance(target, ast.Name)]
