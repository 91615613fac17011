"""One edition of a programme: what one leaflet promised, and from when until when one could apply for it.

A newer edition never overwrites an older one. What was promised under an edition stays under it, so a loan names the
edition it was applied for in, and an edition that takes no more applications goes on answering for those it has.

One leaflet may print several editions. What it says of all of them stands once, in a file of the leaflet, and is read
as a part of each of its editions; what editions of different leaflets have in common is written in each.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any


class Status(StrEnum):
    """Whether one can apply under an edition."""

    TO_CONFIRM = "to_confirm"  # the leaflet prints no first day, and that day lies before all it tells of
    ANNOUNCED = "announced"
    IN_FORCE = "in_force"
    CLOSED = "closed"


class UnknownEdition(LookupError):
    """No edition has this id."""


@dataclass(frozen=True, slots=True)
class Edition:
    """One edition. ``opens_on`` and ``closes_on`` are the first and the last day of application.

    ``opens_on`` is None where the leaflet prints no first day: ``open_by`` is the earliest day of which its text shows
    that one could apply. Where the first day is printed both are the same.

    ``data`` holds what the other modules here read out of the file: rules, rates, milestones.
    """

    id: str
    programme: str
    name_ja: str
    name_en: str
    source_ja: str
    source_en: str
    opens_on: date | None
    open_by: date
    closes_on: date | None
    superseded_by: str | None
    data: Mapping[str, Any]

    def named(self, language: str) -> str:
        """Its name in ``ja``, or in English for any other language."""
        return self.name_ja if language == "ja" else self.name_en

    def source(self, language: str) -> str:
        """Where it stands written, in the same way."""
        return self.source_ja if language == "ja" else self.source_en

    def status(self, on: date) -> Status:
        """Whether one can apply on that day: before it opens it is announced, after its last day it is closed.

        Where a leaflet prints no last day, the first day of the edition that follows it is taken; where it prints no
        first day, nothing is made up of the time before it is shown to be open.
        """
        if on < self.open_by:
            return Status.ANNOUNCED if self.opens_on else Status.TO_CONFIRM
        if self.closes_on is not None:
            return Status.CLOSED if on > self.closes_on else Status.IN_FORCE
        follower = edition(self.superseded_by) if self.superseded_by else None
        return Status.CLOSED if follower is not None and on >= follower.open_by else Status.IN_FORCE


def edition(name: str) -> Edition:
    """The edition of this id. Raises UnknownEdition."""
    try:
        return editions()[name]
    except KeyError:
        raise UnknownEdition(name) from None


@cache
def editions() -> Mapping[str, Edition]:
    """All of them by id, in the order of their ids."""
    return MappingProxyType({each.id: each for each in _read()})


def _read() -> Iterator[Edition]:
    folder = files("bot.programmes").joinpath("editions")
    for place in sorted(folder.iterdir(), key=lambda place: place.name):
        yield _edition(place.name.removesuffix(".toml"), tomllib.loads(place.read_text(encoding="utf-8")))


def _leaflet(name: str) -> dict[str, Any]:
    place = files("bot.programmes").joinpath("leaflets", f"{name}.toml")
    return tomllib.loads(place.read_text(encoding="utf-8"))


def _together(leaflet: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
    """Lists one after the other, and of two sections with the same name the values of both. Raises ValueError for two
    values in one place: a leaflet does not overrule its edition, nor the other way round.
    """
    both = leaflet | own
    for name in leaflet.keys() & own.keys():
        if isinstance(own[name], list):
            both[name] = leaflet[name] + own[name]
        elif isinstance(own[name], dict):
            both[name] = _together(leaflet[name], own[name])
        else:
            raise ValueError(f"{name} stands in a leaflet and in its edition")
    return both


def _edition(name: str, data: dict[str, Any]) -> Edition:
    head = data.pop("edition")
    if "leaflet" in head:
        data = _together(_leaflet(head["leaflet"]), data)
    return Edition(
        id=name,
        programme=head["programme"],
        name_ja=head["name"]["ja"],
        name_en=head["name"]["en"],
        source_ja=head["source"]["ja"],
        source_en=head["source"]["en"],
        opens_on=head.get("opens_on"),
        open_by=head["opens_on"] if "opens_on" in head else head["open_by"],
        closes_on=head.get("closes_on"),
        superseded_by=head.get("superseded_by"),
        data=MappingProxyType(data),
    )
