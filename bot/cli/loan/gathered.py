"""Options that several commands take alike: written once, and handed to each command as one value."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from inspect import Parameter, signature
from typing import Any

Command = Callable[..., None]


@dataclass(frozen=True, slots=True)
class Option:
    """One option: what typer is told of it, its default, and the field that it fills."""

    kind: Any
    default: Any
    field: str


def gathers(kind: type, options: Mapping[str, Option]) -> Callable[[Command], Command]:
    """Typer sees these options in the place of the parameter of this type; the command is handed the value."""

    def gathering(command: Command) -> Command:
        own = signature(command).parameters.values()
        (taken,) = (one for one in own if one.annotation is kind)
        seen = [_shown(name, one) for name, one in options.items()]
        seen += [one.replace(kind=Parameter.KEYWORD_ONLY) for one in own if one is not taken]

        @wraps(command)
        def run(**given: Any) -> None:
            value = kind(**{one.field: given.pop(name) for name, one in options.items()})
            command(**given, **{taken.name: value})

        run.__signature__ = signature(run).replace(parameters=seen)  # type: ignore[attr-defined]
        run.__annotations__ = {one.name: one.annotation for one in seen}
        return run

    return gathering


def _shown(name: str, option: Option) -> Parameter:
    return Parameter(name, Parameter.KEYWORD_ONLY, default=option.default, annotation=option.kind)
