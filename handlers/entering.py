"""Whether a servicer has entered its work into the house's history: one tap, and a reference if there is one."""

import re
from dataclasses import replace
from datetime import date
from unicodedata import normalize

from bot.core.days import civil
from bot.core.history.access import Entry
from bot.core.outcome import Change, Deed, Outcome, Talk
from bot.core.turn import Turn
from handlers.answers import answer, ask, say, says

QUESTION = "ask_reference"
REFERENCE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_/.-]{2,39}")
NONE = re.compile(r"(なし|無し|ないです|ありません|無いです|none)", re.I)
OTHERWISE = re.compile(r"[月日時年?？]")  # a day, or a question, is no reference


def entered(turn: Turn) -> list[Outcome]:
    """They have: on the day that the button names, or today."""
    if turn.entry is None or turn.reply.action is None:
        return [answer(turn, "reply_over")]
    house_id, works = turn.entry
    case_id, _, day = turn.reply.action.arg.partition("=")
    on = _day(day, civil(turn.now))
    told = ask(replace(turn, scene=None), QUESTION, "reply_entered", {"works": list(works), "case": case_id})
    data = {"works": list(works), "on": on.isoformat(), "reference": ""}
    values = {"works": list(works), "state": Entry.DONE, "registered_on": on, "told_by": turn.person.id}
    return [
        replace(
            told,
            house_id=house_id,
            deeds=(Deed("work_registered", turn.person.id, data, case_id),),
            changes=(Change("entries_noted", values),),
            talk=replace(told.talk, house_id=house_id) if told.talk else None,
        )
    ]


def not_entered(turn: Turn) -> list[Outcome]:
    """Not yet: that is a fact, and it stays open until sixty days are over."""
    if turn.entry is None:
        return [answer(turn, "reply_over")]
    house_id, works = turn.entry
    deed = Deed("work_not_registered", turn.person.id, {"works": list(works)})
    said = say(replace(turn, scene=None), "reply_not_entered", house=house_id)
    return [Outcome(house_id, deeds=(deed,), says=(said,), talk=Talk(turn.person.id))]


def reference(turn: Turn) -> list[Outcome]:
    """What they send after it, if that is a reference, or that there is none; empty for anything else."""
    text = normalize("NFKC", turn.reply.text).strip()
    found = REFERENCE.search(text)
    if says(turn, "no") or (NONE.search(text) and found is None):
        return [_thanks(turn, Outcome(turn.talk.house_id))]
    if found is None or len(text) > 60 or OTHERWISE.search(text) or not any(char.isdigit() for char in found[0]):
        return []
    works = turn.talk.data["works"]
    data = {"works": works, "reference": found[0]}
    change = Change("entry_referenced", data)
    deed = Deed("work_referenced", turn.person.id, data, turn.talk.data["case"])
    return [_thanks(turn, Outcome(turn.talk.house_id, deeds=(deed,), changes=(change,)))]


def _thanks(turn: Turn, outcome: Outcome) -> Outcome:
    said = say(replace(turn, scene=None), "reply_referenced", house=turn.talk.house_id)
    return replace(outcome, says=(said,), talk=Talk(turn.person.id))


def _day(text: str, today: date) -> date:
    """The day on the button; a day to come, or none, is today."""
    try:
        return min(date.fromisoformat(text), today)
    except ValueError:
        return today
