"""What the record says, in sentences that people read. The record itself holds ids, codes and dates only."""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from importlib.resources import files
from itertools import groupby
from typing import Any

from jinja2 import Environment, Template, UndefinedError, pass_context
from jinja2.runtime import Context

from bot.core.closing import FINDING
from bot.core.milestones import named
from bot.core.particulars import area_of
from bot.core.people import of_named_staff
from templates.forms import forms, plain, short_day

SAME = ("kind", "at", "by", "case_id")  # facts alike in these are told in one sentence
BESIDE = "beside/"  # before the kind of a fact that only the whole record tells
MOST_TIMES = 9  # a rung with a higher number is named by the days of its lead
SAME_DATA = ("due_on", "done_on", "result", "basis")


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence of the record. ``role`` is whose doing it was: owner, servicer, staff or engawa."""

    at: datetime
    role: str
    text: str


@dataclass(frozen=True, slots=True)
class Names:
    """What the record's codes are called: ``people`` by their id, ``parts`` by the code of the plan item."""

    people: Mapping[str, str] = field(default_factory=dict)
    parts: Mapping[str, str] = field(default_factory=dict)


class Facts:
    """The sentences of one language. ``words`` are those of the catalogue."""

    def __init__(self, language: str, words: Mapping[str, Any]) -> None:
        raw = tomllib.loads((files("templates") / language / "pages" / "facts.toml").read_text("utf-8"))
        self._words, self._raw = words, raw
        self._environment = environment = Environment(autoescape=False)
        environment.filters |= forms(language, words)
        environment.filters |= {"name": _name, "parts": _parts, "notices": self.said}
        environment.filters |= {"rung": self._rung, "unnamed": self._unnamed}
        environment.filters["short_days"] = lambda days: str(words["comma"]).join(
            short_day(language, it) for it in days
        )
        environment.globals |= {"words": words, "people": raw["people"], "unknown": raw["unknown"]}
        codes = tomllib.loads((files("templates") / language / "book.toml").read_text("utf-8"))["codes"]
        environment.globals |= {"lines": codes["lines"], "papers": codes["papers"]}
        self._told: dict[str, Template] = {}  # compiled when they are first told

    @property
    def kinds(self) -> frozenset[str]:
        return frozenset(self._raw["facts"])

    @property
    def notices(self) -> frozenset[str]:
        """The kinds of messages that have a name in the record."""
        return frozenset(self._raw["notices"])

    def tell(self, facts: Iterable[Mapping[str, Any]], names: Names) -> list[Line]:
        """The facts of one house, in their order, as sentences; what another line tells as well is left out."""
        lines = (self._line(list(alike), names) for _, alike in groupby(facts, _alike))
        return [line for line in lines if line.text]

    def whole(self, fact: Mapping[str, Any], names: Names) -> str:
        """The sentence of one fact, whether or not another line tells it too; its kind where nobody worded it."""
        beside = {**fact, "kind": f"{BESIDE}{fact['kind']}"}
        line = next(iter(self.tell([fact], names)), None) or self._line([beside], names)
        return line.text.removeprefix(BESIDE)

    def said(self, kinds: Sequence[str]) -> str:
        """What messages of these kinds were about, as the record names them."""
        known = (self._raw["notices"].get(kind, "") for kind in kinds)
        return str(self._words["comma"]).join(dict.fromkeys(filter(None, known)))

    def _line(self, alike: Sequence[Mapping[str, Any]], names: Names) -> Line:
        first = alike[0]
        template = self._template(first["kind"])
        try:
            text = str(first["kind"]) if template is None else self._sentence(template, alike, names)
        except UndefinedError:  # rows outlive code: a fact that lacks what its sentence needs is told by its code
            text = str(first["kind"])
        role = str(first["by"]).partition(":")[0]
        return Line(first["at"], role if role in ("owner", "servicer", "staff") else "engawa", text)

    def _rung(self, name: str) -> str:
        """What a rung of a ladder was for: how often that was tried, or how many days before."""
        first, _, number = name.rpartition("_")
        if not number.isdigit() or first not in self._raw["rungs"]:
            return str(self._raw["rungs"].get(name, name))
        form = self._raw["ahead" if int(number) > MOST_TIMES else "again"]
        return str(form.format(rung=self._raw["rungs"][first], count=number))

    def _unnamed(self, kinds: Sequence[str]) -> str:
        """What messages were that the record leaves out elsewhere: notices to the staff, and answers."""
        known = self._raw["unnamed"]
        return str(self._words["comma"]).join(dict.fromkeys(known.get(kind, known["reply"]) for kind in kinds))

    def _template(self, kind: str) -> Template | None:
        beside = kind.startswith(BESIDE)
        text = self._raw["beside" if beside else "facts"].get(kind.removeprefix(BESIDE))
        if text is not None and kind not in self._told:
            self._told[kind] = self._environment.from_string(text)
        return self._told.get(kind)

    def _sentence(self, template: Template, alike: Sequence[Mapping[str, Any]], names: Names) -> str:
        first = alike[0]
        codes = [fact["data"].get("item", "") for fact in alike]
        context = {"names": names, "codes": codes, **first["data"]}
        who = _called(str(first["by"]), names, self._raw["people"], self._raw["unknown"])
        text = template.render(context | {"who": who}).strip()
        return text[:1].upper() + text[1:]


def _alike(fact: Mapping[str, Any]) -> tuple[Any, ...]:
    data = fact["data"]
    return (*(fact[name] for name in SAME), "item" in data or fact.get("seq"), *(data.get(name) for name in SAME_DATA))


@pass_context
def _name(context: Context, person_id: str) -> str:
    return _called(person_id, context["names"], context["people"], context["unknown"])


def _called(person_id: str, names: Names, people: Mapping[str, str], unknown: Mapping[str, str]) -> str:
    role = person_id.partition(":")[0]
    name = plain(names.people.get(person_id, ""))
    form = people["colleague"] if name and of_named_staff(person_id) else people.get(role, person_id)
    return unknown[role] if role in unknown and not name else form.format(name=name)


@pass_context
def _parts(context: Context, codes: Sequence[str]) -> str:
    """The parts as people name them, each once; a milestone or a finding by its own name."""
    words, known = context["words"], context["names"].parts
    found = (_part(words, known[code]) if known.get(code) else _title(words, code) for code in codes)
    return str(words["dot"]).join(dict.fromkeys(found))


def _part(words: Mapping[str, Any], part: str) -> str:
    return str(words["areas"].get(area_of(part), plain(part)))


def _title(words: Mapping[str, Any], code: str) -> str:
    if code == FINDING:
        return str(words["occasion"]["finding"])
    return str(words["milestones"].get(named(code), {}).get("title", plain(code)))
