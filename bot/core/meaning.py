"""What a reply was taken to mean: the one shape between understanding and deciding."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum


class Intent(StrEnum):
    """What a person wants to say; the order of precedence when a message says several is bot.language's affair."""

    DONE = "done"
    NOT_YET = "not_yet"
    SCHEDULE = "schedule"
    RESCHEDULE = "reschedule"
    SNOOZE = "snooze"
    PROBLEM = "problem"
    QUESTION = "question"
    HUMAN = "human"
    STOP = "stop"
    YES = "yes"
    NO = "no"
    CONSENT = "consent"
    DECLINE = "decline"
    CHANGE = "change"
    OTHER = "other"


class Topic(StrEnum):
    """What a message is about, where that asks for an answer of its own."""

    NONE = ""
    # a problem, or a refusal
    STRANGER = "stranger"  # somebody at the door whom we did not announce, or who presses to sell
    MONEY = "money"  # it costs too much
    CLOSING = "closing"  # the servicer gives up its business
    UNREACHED = "unreached"  # the owner, whom a servicer cannot reach
    REFUSED = "refused"  # the inspection, by the owner, as a servicer tells
    # besides: what a visit hangs on
    COMPANY = "company"  # an owner asks another company, or wishes to
    QUOTED = "quoted"  # a servicer has sent a quotation
    # a change
    DEATH = "death"
    CONTACT = "contact"  # an address or a telephone number
    # a question
    REDUCTION = "reduction"  # until when the rate of a loan is reduced
    FIXED_RATE = "fixed_rate"  # until when it is fixed
    PREPAYMENT = "prepayment"  # from when on
    RESIDUAL_MONTH = "residual_month"
    INSURANCE = "insurance"  # until when against fire
    LOAN = "loan"
    HISTORY = "history"  # what was done to the house
    STAKE = "stake"  # what happens otherwise
    PRESENCE = "presence"  # whether somebody must be at home
    WHY = "why"
    SENDER = "sender"  # who we are
    VISITOR = "visitor"  # who comes
    COST = "cost"
    DURATION = "duration"
    CONTENT = "content"  # what is looked at
    WHEN = "when"


class Context(StrEnum):
    """What was last asked of the person."""

    REMINDER_DUE = "reminder_due"
    OVERDUE = "overdue"
    ASK_DATE = "ask_date"
    ASK_RESULT = "ask_result"
    ASK_PERFORMER = "ask_performer"
    ASK_CONSENT = "ask_consent"
    CONFIRM_DATE = "confirm_date"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Meaning:
    """A reply understood. ``ask`` is true only where the reading itself is in doubt, and ``why`` says so.

    ``date`` is a civil date in Asia/Tokyo; for a precision of week or month it is the first day and ``date_end``
    the last. ``result`` is "ok", "issues" or None.
    """

    intent: Intent
    date: dt.date | None = None
    date_precision: str | None = None
    date_end: dt.date | None = None
    time: dt.time | None = None
    result: str | None = None
    performer: str | None = None
    partial: bool = False
    urgent: bool = False
    ask: bool = False
    why: str = ""
    topic: Topic = Topic.NONE
