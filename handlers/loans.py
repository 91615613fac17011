"""What an owner asks about the days of their loan: of their own houses, in days and codes alone, never in yen."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.core.days import civil
from bot.core.meaning import Topic
from bot.core.outcome import Outcome
from bot.core.people import Role
from bot.core.turn import Turn
from bot.programmes.edition import Status, UnknownEdition, edition, editions
from bot.programmes.milestones import printed_days
from bot.programmes.windows import residual_from
from handlers.answers import answer

LOAN_DAYS = frozenset({Topic.REDUCTION, Topic.FIXED_RATE, Topic.PREPAYMENT, Topic.RESIDUAL_MONTH, Topic.INSURANCE})
OF_HOUSE = "loan_days"  # the button


@dataclass(frozen=True, slots=True)
class Told:
    """What is told under a topic: the day of this code, or else whether the loan has it at all.

    ``base`` is what its day is counted from: where that is known and no day follows, the programme prints none. Nor
    does one in whose file there is no such day, whatever is known.
    """

    topic: str
    code: str = ""
    has: str = ""
    base: str = ""


LINES = (
    Told(Topic.REDUCTION, "reduction-end", "reductions", "first_payment_on"),
    Told(Topic.FIXED_RATE, "rate-review", "fixed_years"),
    Told(Topic.PREPAYMENT, "restriction-end", "restricted", "contracted_on"),
    Told(Topic.INSURANCE),
)
ENDS = ("reduction-end", "restriction-end", "rate-review")  # of these it is said that they were, once they are
AGAIN = {"rate-review": "rate-review-next"}  # once it was, the next one is told where that is known


def asks_for_loan_days(turn: Turn) -> bool:
    """Whether the answer needs the days of their loans."""
    if turn.person.role is not Role.OWNER:
        return False
    meaning, action = turn.reply.meaning, turn.reply.action
    return meaning.topic in LOAN_DAYS if meaning else action is not None and action.verb == OF_HOUSE


def loan_days(turn: Turn, topic: Topic) -> list[Outcome]:
    """The answer; where several houses have what is asked for, and the open case is about none, which is asked."""
    known = [one for one in turn.survey.loans if _tells(one, topic)]
    here = [one for one in known if turn.scene is not None and one["house"] == turn.scene.case.house_id]
    found = here or known
    if not found:
        return [answer(turn, "reply_loan_unknown", topic=topic)]
    if len(found) > 1:
        return [answer(turn, "reply_loan_which", houses=[one["house"] for one in found])]
    return [_told(turn, found[0], topic)]


def of_house(turn: Turn) -> list[Outcome]:
    """Everything about one of their houses: they were asked which."""
    named = turn.reply.action.arg if turn.reply.action else ""
    found = [one for one in turn.survey.loans if one["house"] == named]
    return [_told(turn, found[0], Topic.NONE) if found else answer(turn, "reply_loan_unknown", topic="")]


def _tells(one: Mapping[str, Any], topic: Topic) -> bool:
    return bool(one["residual"] if topic is Topic.RESIDUAL_MONTH else one["loans"])


def _told(turn: Turn, one: Mapping[str, Any], topic: Topic) -> Outcome:
    today = civil(turn.now)
    lent = [_named(loan, today) | {"lines": lines(loan | _prints(loan), topic, today)} for loan in one["loans"]]
    residual = residual_from(date.fromisoformat(one["residual"])).isoformat() if one["residual"] else ""
    return answer(turn, "reply_loan_days", house=one["house"], topic=topic, loans=lent, residual=residual)


def lines(loan: Mapping[str, Any], topic: str, on: date) -> list[dict[str, Any]]:
    """What is told of a loan, each with its day, the earliest first; then what is known without one.

    Of nothing asked for in particular only what the loan has is told. Every line is named after its words.
    """
    found = [line for about in LINES if topic in ("", about.topic) for line in _line(about, loan, topic, on)]
    return sorted(found, key=lambda line: line["day"] or "9999")


def _line(about: Told, loan: Mapping[str, Any], topic: str, on: date) -> list[dict[str, Any]]:
    day = _day(about.code, loan["days"], on) if about.code else loan["insured_until"]
    bare = {"day": day, "years": loan["fixed_years"] or 0}
    if day:
        over = about.code in ENDS and date.fromisoformat(day) < on
        return [bare | {"said": f"{about.topic}_{'over' if over else 'until'}"}]
    if about.has and loan[about.has]:
        return [bare | {"said": f"{about.topic}_{'unprinted' if _unprinted(about, loan) else 'open'}"}]
    return [bare | {"said": f"{about.topic}_none"}] if topic else []


def _day(code: str, days: Mapping[str, str], on: date) -> str:
    day, then = days.get(code, ""), days.get(AGAIN.get(code, ""), "")
    return then if then and day and date.fromisoformat(day) < on else day


def _unprinted(about: Told, loan: Mapping[str, Any]) -> bool:
    """Whether the programme prints no such day, so that it is not for want of something that nobody told us."""
    prints = loan.get("prints", (about.code,))  # of an edition in no file nothing is known
    return bool(about.base) and (about.code not in prints or bool(loan[about.base]))


def _prints(loan: Mapping[str, Any]) -> dict[str, Any]:
    """Which days its programme prints at all, where that is in a file."""
    known = editions().get(loan["edition"])
    return {"prints": printed_days(known)} if known else {}


def _named(loan: Mapping[str, Any], on: date) -> dict[str, Any]:
    """With the name of its programme, and whether that takes no more applications; of an edition that is in no file any
    more neither is told."""
    try:
        known = edition(loan["edition"])
    except UnknownEdition:
        return {**loan, "name_ja": "", "name_en": "", "closed": False}
    closed = known.status(on) is Status.CLOSED
    return {**loan, "name_ja": known.name_ja, "name_en": known.name_en, "closed": closed}
