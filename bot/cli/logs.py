"""The log: one line an event on stderr, ours and the libraries' in one form, and nothing of a person's in it.

JSON where a machine reads it, a plain form at a terminal. An exception is told by its kind and its places in the code:
its own words quote what it choked on. Of libraries only what goes wrong is told: what they say besides quotes requests.
"""

import errno
import logging
import os
import sys
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TextIO
from urllib.parse import unquote, urlsplit

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from bot.config import PREFIX, with_secret_files
from bot.core.redaction import redaction
from scheduler.clock import machine_now

FRAMES = 15  # of a traceback, the innermost ones
SECRET = ("TOKEN", "TOKENS", "SECRET", "KEY", "PASSWORD")  # how a setting ends that is one
PLAIN = frozenset({"level", "timestamp"})  # written by us on every line


def configure_log(level: str, stream: TextIO | None = None) -> None:
    """Events of this level and above on ``stream``, stderr if none is given: stdout holds answers only."""
    stream = stream or sys.stderr
    every: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        stamped,
        fallen,
        Redacted(redaction(secrets_in(with_secret_files(os.environ)))),
    ]
    render = _renderer(stream)
    structlog.configure(
        processors=[*every, render],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(stream),
    )
    handler = logging.StreamHandler(stream)
    formed = structlog.stdlib.ProcessorFormatter
    named = structlog.stdlib.add_logger_name
    handler.setFormatter(formed(foreign_pre_chain=[named, *every], processors=[formed.remove_processors_meta, render]))
    logging.basicConfig(handlers=[handler], level=max(logging.getLevelName(level), logging.WARNING), force=True)
    logging.captureWarnings(True)


def _renderer(stream: TextIO) -> Processor:
    if stream.isatty():
        return structlog.dev.ConsoleRenderer(colors=False)
    return structlog.processors.JSONRenderer(ensure_ascii=False)


def stamped(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """When it happened, by the machine's clock."""
    return {"timestamp": machine_now().isoformat(timespec="milliseconds"), **event}


def fallen(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """An exception as its kinds and places, the one that was first last."""
    told = event.pop("exc_info", None)
    error = told if isinstance(told, BaseException) else told[1] if isinstance(told, tuple) else None
    if told is True:
        error = sys.exc_info()[1]
    if error is not None:
        event["exception"] = list(_chain(error))
    return event


def _chain(error: BaseException) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    seen: set[int] = set()
    waiting: list[BaseException | None] = [error]
    while waiting:
        one = waiting.pop(0)
        if one is None or id(one) in seen:
            continue
        seen.add(id(one))
        found.append({"type": type(one).__name__} | _why(one) | {"at": _places(one)})
        waiting += list(one.exceptions) if isinstance(one, BaseExceptionGroup) else []
        waiting.append(one.__cause__ or (None if one.__suppress_context__ else one.__context__))
    return found


def _why(error: BaseException) -> dict[str, str]:
    """The system's own code, where the system failed."""
    number = error.errno if isinstance(error, OSError) else None
    return {"errno": errno.errorcode.get(number, str(number))} if number is not None else {}


def _places(error: BaseException) -> list[str]:
    frames = [
        f"{'/'.join(Path(frame.f_code.co_filename).parts[-3:])}:{line} {frame.f_code.co_name}"
        for frame, line in traceback.walk_tb(error.__traceback__)
    ]
    return frames[-FRAMES:]


class Redacted:
    """Takes out of every value what is no log's business."""

    def __init__(self, redacted: Callable[[str], str]) -> None:
        self._redacted = redacted

    def __call__(self, _logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        return {name: value if name in PLAIN or name[0] == "_" else self._of(value) for name, value in event.items()}

    def _of(self, value: Any) -> Any:
        if value is None or isinstance(value, bool | int | float):
            return value
        if isinstance(value, Mapping):
            return {self._redacted(str(name)): self._of(each) for name, each in value.items()}
        if isinstance(value, list | tuple | set | frozenset):
            return [self._of(each) for each in value]
        return self._redacted(str(value))


def secrets_in(environment: Mapping[str, str]) -> list[str]:
    """Every secret among our settings, and the password in every address."""
    found: list[str] = []
    for name, value in environment.items():
        if not name.startswith(PREFIX):
            continue
        if name.endswith(SECRET):
            found += [value, *value.split(), *(part.partition("=")[2] for part in value.split())]
        if "://" in value:
            found += _passwords(value)
    return [secret for secret in found if secret]


def _passwords(address: str) -> list[str]:
    """As it stands in the address, and as it is meant."""
    try:
        password = urlsplit(address).password or ""
    except ValueError:
        return []
    return [password, unquote(password)]
