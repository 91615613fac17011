"""What a message is about, so that it gets its own answer. Nothing is recorded on the strength of it."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.core.meaning import Intent, Topic
from bot.language.text.phrasebook import any_of

# In the order in which they are tried: what is narrower comes first.
QUESTIONS = {
    Topic.REDUCTION: "topics.reduction",
    Topic.FIXED_RATE: "topics.fixed_rate",
    Topic.PREPAYMENT: "topics.prepayment",
    Topic.RESIDUAL_MONTH: "topics.residual_month",
    Topic.INSURANCE: "topics.insurance",
    Topic.LOAN: "topics.loan",
    Topic.HISTORY: "topics.history",
    Topic.STAKE: "topics.stake",
    Topic.PRESENCE: "topics.presence",
    Topic.WHY: "topics.why",
    Topic.SENDER: "topics.sender",
    Topic.VISITOR: "topics.visitor",
    Topic.COST: "topics.cost",
    Topic.DURATION: "topics.duration",
    Topic.CONTENT: "topics.content",
    Topic.WHEN: "topics.when",
}
UNLESS = {Topic.DEATH: "topics.not_death"}
CHANGES = {Topic.DEATH: "topics.death", Topic.CONTACT: "topics.contact"}
BY_INTENT: Mapping[Intent, Mapping[Topic, str]] = {Intent.QUESTION: QUESTIONS, Intent.CHANGE: CHANGES}
OPEN = frozenset({Intent.SCHEDULE, Intent.RESCHEDULE, Intent.NOT_YET, Intent.OTHER})


@dataclass(frozen=True, slots=True)
class Beside:
    """What a visit hangs on, beside what is meant: with which meanings, by which words, and by which of them not."""

    topic: Topic
    intents: frozenset[Intent]
    table: str
    unless: str


BY_OWNERS = (
    Beside(
        Topic.COMPANY, OPEN | {Intent.CHANGE, Intent.QUESTION, Intent.DECLINE}, "topics.company", "topics.not_company"
    ),
)
BY_SERVICERS = (
    Beside(
        Topic.REFUSED,
        frozenset({Intent.OTHER, Intent.DECLINE, Intent.NOT_YET}),
        "topics.refused",
        "topics.not_refused",
    ),
    Beside(Topic.QUOTED, OPEN, "topics.quoted", "topics.not_quoted"),
)


def beside(text: str, intent: Intent, *, servicer: bool) -> Topic:
    """Another company, a refusal, a quotation: whatever else is meant, a visit hangs on it."""
    rows = BY_SERVICERS if servicer else BY_OWNERS
    return next((row.topic for row in rows if intent in row.intents and _is_about(row, text)), Topic.NONE)


def _is_about(row: Beside, text: str) -> bool:
    return bool(any_of(row.table).search(text)) and not any_of(row.unless).search(text)


def topic_of(text: str, intent: Intent) -> Topic:
    """The topic of a normalised text with this intent."""
    tables = BY_INTENT.get(intent, {})
    found = next((topic for topic, table in tables.items() if any_of(table).search(text)), Topic.NONE)
    return Topic.NONE if found in UNLESS and any_of(UNLESS[found]).search(text) else found


def worry(text: str) -> Topic:
    """Money, where it is given as what hinders."""
    found = any_of("money.worry").search(text)
    return Topic.MONEY if found and not any_of("money.no_worry").search(text) else Topic.NONE
