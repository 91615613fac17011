"""What the law's list asks for and neither plan nor works tell: the certification's own matters, and what passed
between the owner and the authority (施行規則第14条第1項第1号から第7号).

An owner says it, and then it is the owner's report; the staff key it in from a paper, and then its kind and its date
are told with it. Nothing is ever written over: a correction is a statement more, and so is what takes one back.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from bot.core.days import add_years
from bot.core.outcome import Change, Deed, Outcome
from bot.core.people import Role, role_of

LAW_IN_FORCE = date(2009, 6, 4)  # 長期優良住宅の普及の促進に関する法律, 施行日
EARLIEST = date(1950, 1, 1)  # of a paper: houses that stood before the law have been certified since
IMPORT = "import"  # who states what a handover pack of another installation tells
MOST_YEARS = 10  # from an order to the day by which it is to be followed
LONGEST = {"name": 100, "text": 1000}  # characters


class Line(StrEnum):
    """What is stated, in the order of the law's list."""

    EQUIPMENT = "equipment"
    FUNDING = "funding"  # for building and upkeep
    IMPLEMENTER = "implementer"  # 認定計画実施者: to whom the certification was given
    PLAN_CHANGE = "plan_change"  # certified
    SUCCESSION = "succession"  # who took the certification over, from when, and when that was approved
    REPORT = "report"  # that the authority asked for
    ORDER = "order"  # to improve, and until when
    ADVICE = "advice"  # or guidance


class Paper(StrEnum):
    """What the staff had before them."""

    APPLICATION = "application"  # 認定申請書の副本
    CERTIFICATE = "certificate"  # 認定通知書
    CHANGE = "change"  # 変更認定通知書
    APPROVAL = "approval"  # 地位の承継の承認通知書
    LETTER = "letter"  # from the authority
    REPLY = "reply"  # the owner's copy of a report
    PACK = "pack"  # 引継ぎの資料 of another installation, or of the company before
    OTHER = "other"


ONE = frozenset({Line.EQUIPMENT, Line.FUNDING, Line.IMPLEMENTER})  # a house has one: what is stated next replaces it
DATED = ("text", "on_day")
FIELDS: Mapping[Line, tuple[str, ...]] = {  # the first is the one that cannot be left out
    Line.EQUIPMENT: ("text",),
    Line.FUNDING: ("text",),
    Line.IMPLEMENTER: ("name",),
    Line.PLAN_CHANGE: DATED,
    Line.SUCCESSION: ("name", "on_day", "second_on"),
    Line.REPORT: DATED,
    Line.ORDER: (*DATED, "second_on"),
    Line.ADVICE: DATED,
}


@dataclass(frozen=True, slots=True)
class Content:
    """``second_on``: the day by which an order is to be followed, or on which a succession was approved."""

    text: str = ""
    name: str = ""
    on_day: date | None = None
    second_on: date | None = None


NOTHING = Content()


@dataclass(frozen=True, slots=True)
class Source:
    """Whose word it is. Without a paper it is the owner's own."""

    told_by: str
    told_on: date
    paper: Paper | None = None
    paper_on: date | None = None

    @property
    def by_staff(self) -> bool:
        return self.told_by.startswith(f"{Role.STAFF}:")

    @property
    def by_pack(self) -> bool:
        """Read from a handover pack: second-hand, so it takes the place of nothing that was told here."""
        return self.told_by == IMPORT

    @property
    def weight(self) -> int:
        """A paper that the staff saw outweighs an owner's word, and that what is second-hand."""
        return 2 if self.by_staff else 0 if self.by_pack else 1


@dataclass(frozen=True, slots=True)
class Statement:
    """One line. ``corrects`` is the number of the one whose place it takes; with no content it only takes that back.

    ``person_id`` is the owner of the house who is named, so that the name goes when they are erased.
    """

    line: Line
    content: Content
    source: Source
    corrects: int = 0
    number: int = 0
    person_id: str = ""

    @property
    def takes_back(self) -> bool:
        """Whether it says nothing itself; where a name was erased it still says that there was one."""
        return self.content == NOTHING and not self.person_id


@dataclass(frozen=True, slots=True)
class Stated:
    """A house as far as its statements go: who decides there, what its owners past and present are called, and all
    that was stated, in the order of its numbers."""

    house_id: str
    owners: frozenset[str]
    names: Mapping[str, str] = field(default_factory=dict)
    kept: Sequence[Statement] = ()

    def standing(self, number: int) -> Statement | None:
        return next((one for one in in_force(self.kept) if one.number == number), None)

    def to_owners(self) -> "Stated":
        """As the owners of now see it: who owned the house before them is not named."""
        hidden = [
            replace(one, content=replace(one.content, name=""))
            if one.person_id and one.person_id not in self.owners
            else one
            for one in self.kept
        ]
        return replace(self, kept=hidden)

    def may_tell(self, person_id: str) -> bool:
        return person_id in self.owners or person_id == IMPORT or role_of(person_id) is Role.STAFF


def in_force(kept: Sequence[Statement]) -> list[Statement]:
    """What no later statement has replaced or taken back, by its day; what has none comes first."""
    corrected = {one.corrects for one in kept}
    found = [one for one in kept if one.number not in corrected and not one.takes_back]
    return sorted(found, key=lambda one: (one.content.on_day or date.min, one.number))


def may_correct(told_by: str, earlier: Statement) -> bool:
    """What was keyed in from a paper only the staff correct: the owner's word does not stand against the paper's."""
    return role_of(told_by) is Role.STAFF or not earlier.source.by_staff


def faults(found: Stated, told: Statement) -> tuple[str, ...]:
    """The fields that cannot be taken as they are; ``corrects`` where its place is not theirs to take any more."""
    told = _placed(found, told)
    if _known(found, told):  # sent twice
        return ()
    if told.takes_back and told.corrects:
        return _against(found, told)
    days = [*_days(told), *_paper(told.source)]
    return (*_words(told), *days, *_against(found, told))


def stated(found: Stated, told: Statement) -> Outcome:
    """One statement more, under the next number; nothing where it says the same again, or may not be said."""
    told = _placed(found, told)
    if not found.may_tell(told.source.told_by) or faults(found, told) or _known(found, told):
        return Outcome()
    number = max((one.number for one in found.kept), default=0) + 1
    told = replace(told, number=number, person_id=_person(found, told.content.name))
    by, data = told.source.told_by, _data(told)
    deed = Deed("statement_taken_back" if told.takes_back else "statement_made", by, data)
    return Outcome(found.house_id, deeds=(deed,), changes=(Change("statement_made", {"statement": told}),))


def _placed(found: Stated, told: Statement) -> Statement:
    """With what it replaces: the one that a house has, or what was said with less weight."""
    if told.corrects:
        return told
    same = [one for one in in_force(found.kept) if one.line is told.line]
    if told.line not in ONE:
        same = [one for one in same if one.content == told.content and told.source.weight > one.source.weight]
    return replace(told, corrects=same[-1].number) if same else told


def _known(found: Stated, told: Statement) -> bool:
    """Whether it stands there already, on the same word."""
    if told.source.by_pack:
        same = [one for one in in_force(found.kept) if one.line is told.line]
        return any(one.content == told.content or (told.line in ONE and not one.source.by_pack) for one in same)
    said = (told.line, told.content, told.source.paper, told.source.paper_on)
    return not told.takes_back and any(
        (one.line, one.content, one.source.paper, one.source.paper_on) == said for one in in_force(found.kept)
    )


def _against(found: Stated, told: Statement) -> tuple[str, ...]:
    earlier = found.standing(told.corrects)
    if not told.corrects:
        return ()
    free = earlier is not None and earlier.line is told.line and may_correct(told.source.told_by, earlier)
    return () if free else ("corrects",)


def _words(told: Statement) -> list[str]:
    """The first field of a line cannot be empty, none can be too long, and none holds what is not asked there."""
    asked, given = FIELDS[told.line], {"text": told.content.text, "name": told.content.name}
    wrong = [name for name, value in given.items() if len(value) > LONGEST[name] or (value and name not in asked)]
    return wrong if given[asked[0]] else [asked[0], *wrong]


def _days(told: Statement) -> list[str]:
    """No day is before the law or still to come, but the one by which an order is to be followed."""
    content, today = told.content, told.source.told_on
    first, latest = content.on_day or LAW_IN_FORCE, add_years(today, MOST_YEARS) if told.line is Line.ORDER else today
    spans = {"on_day": (content.on_day, LAW_IN_FORCE, today), "second_on": (content.second_on, first, latest)}
    asked = FIELDS[told.line]
    return [
        name
        for name, (day, since, until) in spans.items()
        if day is not None and (name not in asked or not since <= day <= until)
    ]


def _paper(source: Source) -> list[str]:
    """The staff name their paper and its day, a pack is one; an owner's report rests on none."""
    if not source.by_staff and not source.by_pack:
        return [name for name in ("paper", "paper_on") if getattr(source, name) is not None]
    dated = source.paper_on is not None and EARLIEST <= source.paper_on <= source.told_on
    return [name for name, there in (("paper", source.paper is not None), ("paper_on", dated)) if not there]


def _person(found: Stated, name: str) -> str:
    """The owner who is called so, however the name is spaced; empty for a company, or somebody from before our time."""
    wanted = "".join(name.split())
    return next((one for one, known in found.names.items() if wanted and "".join(known.split()) == wanted), "")


def _data(told: Statement) -> dict[str, str | int]:
    """What the fact holds of it: no name and no word."""
    content, source = told.content, told.source
    days = {"on_day": content.on_day, "second_on": content.second_on, "paper_on": source.paper_on}
    data: dict[str, str | int] = {"number": told.number, "line": told.line, "told_on": source.told_on.isoformat()}
    data |= {name: day.isoformat() for name, day in days.items() if day is not None}
    data |= {"paper": source.paper} if source.paper else {}
    data |= {"person": told.person_id} if told.person_id else {}
    return data | ({"corrects": told.corrects} if told.corrects else {})
