"""震源・震度に関する情報 (VXSE53) of the meteorological agency, in its published XML (気象庁防災情報XML).

The file may come from anywhere, so it is read with limits: no document type declaration (external entities and
expanding ones both need one), no more than LARGEST bytes and DEEPEST elements within each other. Only what is needed
is kept: whether it counts (運用種別), which earthquake it is about, which bulletin of it this is (発表, 訂正 or 取消),
and the strongest 震度 of each municipality.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from unicodedata import normalize
from xml.parsers import expat

from bot.core.event import SCALE, UNREPORTED, Bulletin, Hazard, strength
from bot.core.municipality import five_digits

LARGEST = 8 << 20  # bytes; the largest that was ever published has less than one MiB
DEEPEST = 40
LONGEST = 4000  # characters of one text
KIND = "震源・震度に関する情報"
FAR = "遠地地震"  # of the same kind, and told apart by its own title: nobody here felt it
SOURCE = "jma"
ISSUED, CORRECTED, CANCELLED = "発表", "訂正", "取消"
# As the agency writes a level, after NFKC.
LEVELS = {level: level for level in SCALE} | {"5-": "5弱", "5+": "5強", "6-": "6弱", "6+": "6強"}
NOT_IN = "震度5弱以上未入電"
CITY = ("Report", "Body", "Intensity", "Observation", "Pref", "Area", "City")


class BulletinError(ValueError):
    """A file that is no bulletin from which anything follows, and why, in words for whoever sent it."""


@dataclass(slots=True)
class _City:
    code: str = ""
    level: str = ""
    unreported: bool = False


@dataclass(slots=True)
class _Reading:
    """What has been read so far."""

    path: list[str] = field(default_factory=list)
    text: list[str] = field(default_factory=list)
    length: int = 0
    said: dict[tuple[str, ...], str] = field(default_factory=dict)
    cities: list[_City] = field(default_factory=list)

    def start(self, name: str, _attributes: dict[str, str]) -> None:
        if len(self.path) >= DEEPEST:
            raise BulletinError("its elements stand too deep within each other")
        self.path.append(name.rpartition(" ")[2])
        self.text, self.length = [], 0
        if tuple(self.path) == CITY:
            self.cities.append(_City())

    def words(self, text: str) -> None:
        self.length += len(text)
        if self.length <= LONGEST:
            self.text.append(text)

    def end(self, _name: str) -> None:
        place, said = tuple(self.path), normalize("NFKC", "".join(self.text)).strip()
        if place in WANTED and said:
            self.said.setdefault(place, said)
        if place[:-1] == CITY:
            _keep(self.cities[-1], place[-1], said)
        if place[:-2] == CITY and place[-2:] == ("IntensityStation", "Int") and said == NOT_IN:
            self.cities[-1].unreported = True
        self.path.pop()
        self.text, self.length = [], 0


def _keep(city: _City, name: str, said: str) -> None:
    if name == "Code":
        city.code = said
    elif name == "MaxInt":
        city.level = said
    elif name == "Condition" and said == NOT_IN:
        city.unreported = True


_HEAD = ("Report", "Head")
TITLE, SENT = ("Report", "Control", "Title"), ("Report", "Control", "DateTime")
STATUS, EVENT = ("Report", "Control", "Status"), (*_HEAD, "EventID")
OWN_TITLE = (*_HEAD, "Title")
INFO, SERIAL, HEADLINE = (*_HEAD, "InfoType"), (*_HEAD, "Serial"), (*_HEAD, "Headline", "Text")
TARGET, ORIGIN = (*_HEAD, "TargetDateTime"), ("Report", "Body", "Earthquake", "OriginTime")
WANTED = frozenset({TITLE, OWN_TITLE, SENT, STATUS, EVENT, INFO, SERIAL, HEADLINE, TARGET, ORIGIN})


def read_bulletin(raw: bytes) -> Bulletin:
    """The bulletin in these bytes.

    Raises BulletinError for anything else: no XML, another kind of bulletin, a drill or a test (訓練, 試験), an
    earthquake far away (遠地地震に関する情報) or that one's cancellation.
    """
    reading = _parsed(raw)
    said = reading.said
    if said.get(TITLE) != KIND:
        raise BulletinError(f"it is no {KIND} (VXSE53)")
    if said.get(STATUS) != "通常":
        raise BulletinError(f"it is a drill or a test ({said.get(STATUS, '')[:20]}): nothing follows from it")
    if said.get(OWN_TITLE, "").startswith(FAR):
        raise BulletinError(f"it is about an earthquake far away ({FAR}): nothing follows from it")
    info, number = said.get(INFO, ""), said.get(EVENT, "")
    if info not in (ISSUED, CORRECTED, CANCELLED) or not (number.isascii() and number.isdigit() and len(number) <= 20):
        raise BulletinError("it does not say which earthquake it is about, or what became of it")
    cancelled = info == CANCELLED
    return Bulletin(
        event=f"{SOURCE}-{number}",
        hazard=Hazard.EARTHQUAKE,
        at=None if cancelled else _instant(said.get(ORIGIN) or said.get(TARGET, "")),
        told_at=_instant(said.get(SENT, "")),
        source=SOURCE,
        serial=_serial(said.get(SERIAL, "")),
        areas={} if cancelled else _areas(reading.cities),
        cancelled=cancelled,
        title=said.get(HEADLINE, "")[:200],
    )


def _parsed(raw: bytes) -> _Reading:
    if len(raw) > LARGEST:
        raise BulletinError(f"it is larger than {LARGEST >> 20} MiB")
    reading, parser = _Reading(), expat.ParserCreate(namespace_separator=" ")
    parser.StartDoctypeDeclHandler = _refused
    parser.StartElementHandler, parser.EndElementHandler = reading.start, reading.end
    parser.CharacterDataHandler = reading.words
    try:
        parser.Parse(raw, True)
    except (expat.ExpatError, UnicodeError, LookupError) as error:
        raise BulletinError("it is no XML that can be read") from error
    return reading


def _refused(*_declared: object) -> None:
    raise BulletinError("it has a document type declaration, which no bulletin of the agency has")


def _instant(text: str) -> datetime:
    """2027-01-18T05:46:00+09:00, or …Z. The agency always writes the zone."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise BulletinError("it does not say when it was told, or when the earthquake was")
    return found


def _serial(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _areas(cities: Sequence[_City]) -> dict[str, str]:
    """The strongest level of each municipality; of one with a station that is not heard of, at least 5弱."""
    found: dict[str, str] = {}
    for city in cities:
        try:
            code = five_digits(city.code)
        except ValueError:
            raise BulletinError(f"{city.code[:20]} is no municipality") from None
        level = LEVELS.get(city.level, "")
        if city.unreported and (not level or strength(level) < strength("5弱")):
            level = UNREPORTED
        if not level:
            raise BulletinError(f"what was felt in {code} is on no scale")
        found[code] = max(found.get(code, "0"), level, key=strength)
    if not found:
        raise BulletinError("it names no municipality")
    return found
