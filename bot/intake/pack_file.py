"""The file of a handover pack that programs read: what was stated of one house, as another installation had it.

What the pack tells is second-hand here, so each statement rests on the pack as on a paper: on its day, and with the
file's SHA-256 in the fact. Everything else of a house comes by the pack's tables (see docs/handover.md).
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.core.statements import IMPORT, Content, Line, Paper, Source, Stated, Statement, faults
from bot.intake.cells import cleaned
from bot.intake.reasons import Fault, Refused
from bot.intake.tables import SAFE_ID

SCHEMA, VERSION = "engawa.handover", 1
STATEMENTS = "statements"
WORDS = frozenset({*Paper, "owner"})
AHEAD = 4096  # characters in which a pack says that it is one
# Where a line stands in the pack: its section, the column of its words, and those of its days.
PLACES: Mapping[Line, tuple[str, str, str, str]] = {
    Line.EQUIPMENT: ("house", "equipment", "", ""),
    Line.PLAN_CHANGE: ("plan_changes", "content", "changed_on", ""),
    Line.ORDER: ("orders", "content", "ordered_on", "follow_by"),
    Line.ADVICE: ("advice", "content", "advised_on", ""),
}


@dataclass(frozen=True, slots=True)
class StatementRow:
    """One statement of a pack. ``pack`` is the SHA-256 of the file, ``word`` the code of whose word it was there."""

    house_id: str
    told: Statement
    pack: str
    word: str

    @property
    def beside(self) -> dict[str, str]:
        """What its fact holds of where it is from."""
        return {"pack": self.pack} | ({"word": self.word} if self.word else {})

    @property
    def wrong(self) -> tuple[str, ...]:
        """The fields that cannot be taken as they are."""
        return faults(Stated(self.house_id, frozenset()), self.told)


def is_pack(text: str) -> bool:
    return f'"{SCHEMA}"' in text[:AHEAD]


def read_pack(text: str, digest: str, today: date) -> list[StatementRow]:
    """What was stated, in the pack's order. Raises Refused for what is no pack of this version."""
    try:
        told = json.loads(text)
        if told["schema"] != SCHEMA or told["version"] != VERSION:
            raise Refused(Fault("json_shape", None, f"{SCHEMA} {VERSION}"))
        house_id, on = str(told["house"]), date.fromisoformat(told["on"])
        if not re.fullmatch(SAFE_ID, house_id):
            raise Refused(Fault("bad_id", "house_id", ""), table="houses")
        sections = {section["code"]: section["rows"] for section in told["sections"]}
        source = Source(IMPORT, today, Paper.PACK, on)
        return [
            StatementRow(house_id, Statement(line, content, source), digest, word)
            for line, place in PLACES.items()
            for content, word in _stated(sections.get(place[0], ()), place)
        ]
    except (json.JSONDecodeError, RecursionError):
        raise Refused(Fault("broken_json", None, "")) from None
    except KeyError:  # the pack's manifest, for one
        raise Refused(Fault("no_table")) from None
    except (TypeError, AttributeError, ValueError) as error:
        raise Refused(Fault("json_shape", None, type(error).__name__)) from None


def _stated(rows: Any, place: tuple[str, str, str, str]) -> Iterator[tuple[Content, str]]:
    """What is not on record there stands as an object without a code, and is nothing here."""
    _, words, on_day, second_on = place
    for row in rows:
        text = _shown(row[words])
        if text:
            yield Content(text, "", _day(row.get(on_day)), _day(row.get(second_on))), _word(row.get("word"))


def _word(value: Any) -> str:
    """A code of the record's papers, or of who states; empty where it is neither."""
    code = value.get("code") if isinstance(value, Mapping) else None
    return code if isinstance(code, str) and code in WORDS else ""


def _shown(value: Any) -> str:
    """Its lines without what nobody sees, and what no database keeps."""
    text = value.encode("utf-8", "replace").decode().replace("\0", "") if isinstance(value, str) else ""
    return "\n".join(cleaned(line) for line in text.splitlines()).strip()


def _day(value: Any) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else None
