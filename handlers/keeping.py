"""An owner's answer to the question who keeps their house's history: nobody, one on our list, or words for the staff.

Nothing is guessed: what they wrote is read back before it is on record.
"""

from dataclasses import replace
from typing import Any

from bot.core.days import civil
from bot.core.history.access import TOLD
from bot.core.history.keeper import Sought, kept_by_nobody
from bot.core.history.step import noted
from bot.core.meaning import Intent
from bot.core.outcome import Change, Deed, Outcome, Talk
from bot.core.turn import Turn
from bot.language.keepers import about_keeping, keeper_named, says_nobody
from handlers.answers import answer, ask, doubtful_yes, say, says, to_desk

PRESSED = frozenset({"keeper_none", "keeper_there"})
QUESTION = "ask_provider"
SURE = "confirm_provider"
QUESTIONS = frozenset({QUESTION, SURE})
BESIDE = frozenset({Intent.HUMAN, Intent.PROBLEM, Intent.QUESTION, Intent.CHANGE, Intent.STOP, Intent.CONSENT})
BESIDE_IT = 10  # characters that may stand beside a name
OF_VISITS = frozenset(
    {Intent.DONE, Intent.NOT_YET, Intent.SCHEDULE, Intent.RESCHEDULE, Intent.SNOOZE, Intent.YES, Intent.NO}
)


def nobody(turn: Turn) -> list[Outcome]:
    """ない・わからない: on record with who said so, and nobody is asked for a year."""
    if turn.sought is None:
        return [answer(turn, "reply_over")]
    outcome = kept_by_nobody(turn.person.id, _where(turn), civil(turn.now))
    return _noted(turn, outcome, "reply_nobody")


def there(turn: Turn) -> list[Outcome]:
    """There is somebody: which they write next."""
    if turn.sought is None:
        return [answer(turn, "reply_over")]
    return [ask(_of_house(turn, turn.sought), QUESTION, "reply_ask_provider", {})]


def go_on(turn: Turn) -> list[Outcome]:
    """The answer to the question that is open; empty if they speak of something else, or it has been settled."""
    sought, meaning = turn.sought, turn.reply.meaning
    if sought is None:
        return []
    if turn.talk.question == SURE and doubtful_yes(turn):
        return [_read_back(turn, sought, turn.talk.data["provider"])]
    if turn.talk.question == SURE and says(turn, "yes"):
        return _sure(turn, sought, turn.talk.data["provider"])
    if turn.talk.question == SURE and says(turn, "no"):
        return [ask(_of_house(turn, sought), QUESTION, "reply_ask_provider", {})]
    if meaning is None or meaning.intent in BESIDE:
        return []
    return _read(turn, sought) or ([] if _of_a_visit(turn) else [_to_staff(turn, sought)])


def unasked(turn: Turn) -> list[Outcome]:
    """Words under our message of the year; empty unless they are plainly the answer to it."""
    sought, meaning = turn.sought, turn.reply.meaning
    if sought is None or meaning is None or turn.reply.action or turn.talk.question or meaning.intent in BESIDE:
        return []
    about = about_keeping(turn.reply.text)
    plain = about or _names_alone(turn, sought) or not turn.scenes
    if not plain and (meaning.intent in OF_VISITS or says_nobody(turn.reply.text)):
        return []
    return _read(turn, sought) or ([_to_staff(turn, sought)] if about else [])


def _names_alone(turn: Turn, sought: Sought) -> bool:
    """Whether they write a name and hardly anything else, so that it is no word on a visit."""
    found = _named(turn, sought)
    return any(each.id == found and len(turn.reply.text) <= len(each.name) + BESIDE_IT for each in sought.providers)


def _named(turn: Turn, sought: Sought) -> str:
    return keeper_named(turn.reply.text, {each.id: each.name for each in sought.providers})


def _read(turn: Turn, sought: Sought) -> list[Outcome]:
    """What is read back to them; empty where that is neither one of the list nor nobody."""
    found = _named(turn, sought)
    return [_read_back(turn, sought, found)] if found or says_nobody(turn.reply.text) else []


def _read_back(turn: Turn, sought: Sought, provider_id: str) -> Outcome:
    name = next((each.name for each in sought.providers if each.id == provider_id), "")
    return ask(_of_house(turn, sought), SURE, "reply_provider", {"provider": provider_id}, provider=name)


def _sure(turn: Turn, sought: Sought, provider_id: str) -> list[Outcome]:
    """They said yes to what was read back to them."""
    if not provider_id:
        return nobody(turn)
    if provider_id not in {each.id for each in sought.providers}:  # it closes since
        return [_to_staff(turn, sought)]
    today, by = civil(turn.now), turn.person.id
    values = {"provider_id": provider_id, "confirmed_by": by, "confirmed_on": today}
    told = Deed("history_told", by, {"fields": {"provider_id": provider_id}} | _where(turn))
    outcome = Outcome(deeds=(told,), changes=(_answered(turn, **values),))
    return _noted(turn, outcome, "reply_provider_noted")


def _to_staff(turn: Turn, sought: Sought) -> Outcome:
    """Somebody who is not on our list, or words that leave it open: a person reads them."""
    raised = to_desk(_of_house(turn, sought), "provider_named", "reply_provider_asked")
    noting = Outcome(deeds=(_deed(turn, "history_answered"),), changes=(_answered(turn),))
    return raised.and_also(noting)


def _of_house(turn: Turn, sought: Sought) -> Turn:
    """The turn as being about that house, and none of its visits."""
    return replace(turn, scene=None, household=sought.household, next_number=sought.number)


def _of_a_visit(turn: Turn) -> bool:
    meaning = turn.reply.meaning
    return bool(turn.scenes) and meaning is not None and meaning.intent in OF_VISITS


def _answered(turn: Turn, **values: Any) -> Change:
    today = civil(turn.now)
    return noted(answer=TOLD, answered_on=today, look_on=today, **values)


def _deed(turn: Turn, kind: str) -> Deed:
    return Deed(kind, turn.person.id, _where(turn))


def _where(turn: Turn) -> dict[str, str]:
    return {"via": turn.reply.via, "source": turn.reply.source}


def _noted(turn: Turn, outcome: Outcome, kind: str) -> list[Outcome]:
    assert turn.sought is not None
    said = say(_of_house(turn, turn.sought), kind)
    house_id = turn.sought.household.house.id
    return [replace(outcome, house_id=house_id, says=(said,), talk=Talk(turn.person.id))]
