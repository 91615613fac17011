"""What kinds of act the verbs of phrases/verbs.txt name."""

from enum import StrEnum
from functools import cache

from bot.language.text.phrasebook import lines


class Act(StrEnum):
    """What kind of act a verb names; each has a table of verbs and one of nouns by its value."""

    FINISH = "finish"  # something is over: 終わる, 済む, 完了
    WORK = "work"  # the inspection itself: 点検する, 見てもらう, やる
    VISIT = "visit"  # somebody comes to the house
    ARRANGE = "arrange"  # a visit is fixed: 予約, 依頼, 決まる
    MOVE = "move"  # what was fixed is moved or cancelled
    CONTACT = "contact"  # somebody is called or written to
    SIDE = "side"  # another event of the same days: paying, receiving a report, a repair


@cache
def stems() -> list[tuple[str, str, Act]]:
    """Every verb as its stem (a regular expression), its row of endings and its act."""
    rows = [(line.rsplit(" ", 1), act) for act in Act for line in lines(f"verbs.{act}")]
    return [(stem, row, act) for (stem, row), act in rows]


@cache
def nouns() -> dict[str, Act]:
    """Every する-noun with its act."""
    return {noun: act for act in Act for line in lines(f"verbs.{act}_nouns") for noun in line.split()}
