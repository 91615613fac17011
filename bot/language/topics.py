"""What a message is about, so that it gets its own answer. Nothing is recorded on the strength of it."""

from collections.abc import Mapping

from bot.core.meaning import Intent, Topic
from bot.language.text.phrasebook import any_of

# In the order in which they are tried: what is narrower comes first.
QUESTIONS = {
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
CHANGES = {Topic.DEATH: "topics.death", Topic.CONTACT: "topics.contact"}
BY_INTENT: Mapping[Intent, Mapping[Topic, str]] = {Intent.QUESTION: QUESTIONS, Intent.CHANGE: CHANGES}
# Beside what is meant: by owners, and by servicers.
OPEN = frozenset({Intent.SCHEDULE, Intent.RESCHEDULE, Intent.NOT_YET, Intent.OTHER})
BESIDE_OF_OWNERS = {Topic.COMPANY: OPEN | {Intent.CHANGE, Intent.QUESTION, Intent.DECLINE}}
BESIDE_OF_SERVICERS = {
    Topic.REFUSED: frozenset({Intent.OTHER, Intent.DECLINE, Intent.NOT_YET}),
    Topic.QUOTED: OPEN,
}


def beside(text: str, intent: Intent, *, servicer: bool) -> Topic:
    """What a visit hangs on, whatever else is meant: another company, a refusal, a quotation."""
    tables = BESIDE_OF_SERVICERS if servicer else BESIDE_OF_OWNERS
    wanted = (topic for topic, intents in tables.items() if intent in intents)
    return next((topic for topic in wanted if _is_about(topic, text)), Topic.NONE)


def _is_about(topic: Topic, text: str) -> bool:
    return bool(any_of(f"topics.{topic}").search(text)) and not any_of(f"topics.not_{topic}").search(text)


def topic_of(text: str, intent: Intent) -> Topic:
    """The topic of a normalised text with this intent."""
    tables = BY_INTENT.get(intent, {})
    return next((topic for topic, table in tables.items() if any_of(table).search(text)), Topic.NONE)


def worry(text: str) -> Topic:
    """Money, where it is given as what hinders."""
    found = any_of("money.worry").search(text)
    return Topic.MONEY if found and not any_of("money.no_worry").search(text) else Topic.NONE
