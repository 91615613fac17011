"""Every channel, by name. A channel is loaded when it is wanted, so that its libraries cost nothing until then."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from typing import Any, Protocol

from bot.config import Settings
from bot.core.delivery import Channel

# name → module. The module has SETTINGS (the names it reads) and open(context), which answers None where it is off.
CHANNELS = {
    "chat": "bot.channels.chat",
    "email": "bot.channels.mail.opening",
    "line": "bot.channels.line.opening",
    "telegram": "bot.channels.telegram.opening",
    "slack": "bot.channels.slack.opening",
    "provider_http": "bot.channels.provider_http.opening",
    "guarantor_http": "bot.channels.guarantor_http.opening",
}


@dataclass(frozen=True, slots=True)
class Context:
    """What a channel is given to open with."""

    settings: Settings
    environment: Mapping[str, str]
    words: Mapping[str, Mapping[str, Any]]  # by language: the few words that only channels need
    monotonic: Callable[[], float]
    machine_now: Callable[[], datetime]  # for the age of signatures; aware


class Module(Protocol):
    SETTINGS: tuple[str, ...]

    def open(self, context: Context) -> Channel | None: ...


def setting_names() -> set[str]:
    """The settings of all channels."""
    return {name for path in CHANNELS.values() for name in import_module(path).SETTINGS}


def open_channels(context: Context) -> dict[str, Channel]:
    """The channels that are switched on. Raises ValueError with one plain line for settings that cannot be used."""
    opened = ((name, import_module(path).open(context)) for name, path in CHANNELS.items())
    return {name: channel for name, channel in opened if channel is not None}
