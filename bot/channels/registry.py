"""Every channel, by name. A channel is loaded when it is wanted, so that its libraries cost nothing until then."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from importlib import import_module
from typing import Any, Protocol

from bot.config import Settings
from bot.core.delivery import Channel, Envelope, Shape

# name → module. The module has SETTINGS (the names it reads) and open(context), which answers None where it is off.
CHANNELS = {
    "chat": "bot.channels.chat",
    "email": "bot.channels.mail.opening",
    "line": "bot.channels.line.opening",
    "telegram": "bot.channels.telegram.opening",
    "slack": "bot.channels.slack.opening",
    "provider_http": "bot.channels.provider_http.opening",
    "guarantor_http": "bot.channels.guarantor_http.opening",
    "submitter_http": "bot.channels.submitter_http.opening",
}


def _nobodys(name: str) -> bytes:
    raise LookupError("no record key was handed in")


@dataclass(frozen=True, slots=True)
class Context:
    """What a channel is given to open with."""

    settings: Settings
    environment: Mapping[str, str]
    words: Mapping[str, Mapping[str, Any]]  # by language: the few words that only channels need
    monotonic: Callable[[], float]
    machine_now: Callable[[], datetime]  # for the age of signatures; aware
    secret: Callable[[str], bytes] = _nobodys  # by a name, what nobody can tell without the record key


class Module(Protocol):
    SETTINGS: tuple[str, ...]

    def open(self, context: Context) -> Channel | None: ...


@dataclass(frozen=True, slots=True)
class Setting:
    """What a message needs around it to be looked at: the channels' words by language, and the office's name."""

    words: Mapping[str, Mapping[str, Any]]
    office: str


def shapes(around: Setting) -> dict[str, Callable[[Envelope], Shape]]:
    """By channel, also where it is off: what it would make of a message, for looking at only. A channel whose module
    names no ``SHAPE`` (a module with ``shaped(envelope, around)``) is for machines, or shows the message itself."""
    found = {name: getattr(import_module(path), "SHAPE", "") for name, path in CHANNELS.items()}
    return {name: partial(_shaped, path, around) for name, path in found.items() if path}


def _shaped(path: str, around: Setting, envelope: Envelope) -> Shape:
    """Its libraries are loaded when somebody looks for the first time."""
    shape: Shape = import_module(path).shaped(envelope, around)
    return shape


def setting_names() -> set[str]:
    """The settings of all channels."""
    return {name for path in CHANNELS.values() for name in import_module(path).SETTINGS}


def open_channels(context: Context) -> dict[str, Channel]:
    """The channels that are switched on. Raises ValueError with one plain line for settings that cannot be used."""
    opened = ((name, import_module(path).open(context)) for name, path in CHANNELS.items())
    return {name: channel for name, channel in opened if channel is not None}
