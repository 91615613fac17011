"""Two hundred phrases people answer with, each read as its group says, or listed here with the reason why not."""

import csv
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.core.meaning import Context, Intent
from bot.language.understand import understand

NOW = datetime(2026, 11, 21, 15, 0, tzinfo=ZoneInfo("Asia/Tokyo"))
TABLE = Path(__file__).with_name("phrases.csv")

GROUPS = {
    "DONE": {Intent.DONE},
    "NOT_YET": {Intent.NOT_YET},
    "POSTPONE": {Intent.SNOOZE, Intent.RESCHEDULE, Intent.SCHEDULE},
    "PROBLEM": {Intent.PROBLEM},
    "STOP": {Intent.STOP},
    "WHO": {Intent.QUESTION},
    "HUMAN": {Intent.HUMAN},
    "CHANGE": {Intent.CHANGE},
    "AMBIGUOUS_YES_NO": {Intent.YES, Intent.NO, Intent.OTHER},
}
# Where the policy for labels says otherwise, it wins.
OTHERWISE = {
    "17": (Intent.YES, "a thumb says that it was read"),
    "37": (Intent.OTHER, "a photo announced is no inspection"),
    "60": (Intent.PROBLEM, "a servicer who cannot be reached is a problem; silence may be one, so it is asked"),
    "61": (Intent.PROBLEM, "a servicer who cannot be reached is a problem; silence may be one, so it is asked"),
    "172": (Intent.PROBLEM, "a fire is an emergency, and asked about when it may be over"),
    "173": (Intent.PROBLEM, "a servicer that has closed is a problem"),
}


def rows() -> list[dict[str, str]]:
    with TABLE.open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


@pytest.mark.parametrize("row", [pytest.param(row, id=row["phrase"]) for row in rows()])
def test_every_phrase_is_taken_for_what_its_group_says(row: dict[str, str]) -> None:
    """A phrase means what its group means; a completion that is uncertain is never taken for done without asking."""
    meaning = understand(row["phrase"], NOW, "owner", Context.REMINDER_DUE)
    if row["id"] in OTHERWISE:
        assert meaning.intent is OTHERWISE[row["id"]][0]
    elif row["intent"] == "DONE_UNCERTAIN":
        assert meaning.intent is not Intent.DONE or meaning.ask
    else:
        assert meaning.intent in GROUPS[row["intent"]]


def test_what_is_urgent_is_marked_so() -> None:
    """Gas and water that does not stop are emergencies; a leak as such is not."""
    urgent = {row["phrase"] for row in rows() if understand(row["phrase"], NOW, "owner", Context.NONE).urgent}
    assert urgent == {"水が止まらない", "ガス臭い", "🆘", "火事に遭いました"}
