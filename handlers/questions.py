"""What an owner asks gets its own answer; what nobody can answer in a chat is a matter for a person."""

from collections.abc import Callable

from bot.core.course import visits
from bot.core.meaning import Topic
from bot.core.outcome import Outcome
from bot.core.turn import Turn
from handlers.answers import answer
from handlers.loans import LOAN_DAYS, loan_days

# Of the house, whether a visit is open or not.
OF_THE_HOUSE: dict[Topic, Callable[[Turn], Outcome]] = {
    Topic.LOAN: lambda turn: answer(turn, "reply_loan"),
    Topic.HISTORY: lambda turn: answer(turn, "reply_history", past=turn.survey.past),
    Topic.STAKE: lambda turn: answer(turn, "reply_stake"),
    Topic.WHY: lambda turn: answer(turn, "reply_why"),
    Topic.SENDER: lambda turn: answer(turn, "reply_sender"),
}
# Of the visit that is open.
OF_THE_VISIT: dict[Topic, Callable[[Turn], Outcome]] = {
    Topic.PRESENCE: lambda turn: answer(turn, "reply_presence"),
    Topic.VISITOR: lambda turn: answer(turn, "reply_visitor"),
    Topic.COST: lambda turn: answer(turn, "reply_cost"),
    Topic.DURATION: lambda turn: answer(turn, "reply_duration"),
    Topic.CONTENT: lambda turn: answer(turn, "reply_content"),
    Topic.WHEN: lambda turn: answer(turn, "reply_when"),
}


def answered(turn: Turn) -> list[Outcome]:
    """The answer to a question whose topic we know; empty for any other."""
    topic = turn.reply.meaning.topic if turn.reply.meaning else Topic.NONE
    if topic in LOAN_DAYS:
        return loan_days(turn, topic)
    if topic in OF_THE_HOUSE:
        return [OF_THE_HOUSE[topic](turn)]
    if topic in OF_THE_VISIT and turn.scene is not None and visits(turn.scene.case):
        return [OF_THE_VISIT[topic](turn)]
    if topic is Topic.WHEN and not turn.scenes and turn.survey.next_on:
        return [answer(turn, "reply_next", next_on=turn.survey.next_on)]
    return []
