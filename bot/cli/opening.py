"""How a command opens the service and speaks to whoever ran it."""

import asyncio
import json
import os
import sys
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import structlog

from main import Service, open_service, read_settings

Answer = TypeVar("Answer")


def with_service(work: Callable[[Service], Awaitable[Answer]]) -> Answer:
    """Runs ``work`` with the service of this environment. Raises SettingsError."""
    settings = read_settings(os.environ)
    configure_log(settings.log_level)

    async def run() -> Answer:
        async with open_service(settings, os.environ) as service:
            return await work(service)

    return asyncio.run(run())


def configure_log(level: str) -> None:
    """Events as JSON lines on stderr, so that stdout holds answers only."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


def print_json(answer: Any) -> None:
    """One line of JSON, as UTF-8."""
    sys.stdout.write(json.dumps(answer, ensure_ascii=False, default=str) + "\n")
