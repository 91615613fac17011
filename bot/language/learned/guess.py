"""How likely each intent is, and each result, by weights learned from labelled replies (tests/bot/language/learn.py).

One logistic model for each answer over the same few features, kept sparse so that a reply costs some hundred look-ups.
It knows nothing of grammar and finds the intent nine times in ten; the rules do so more often, and seldom err together
with it.
"""

from functools import cache
from importlib import resources
from math import exp, sqrt

from bot.core.meaning import Intent
from bot.language.learned.features import circumstances, runs
from bot.language.message import Message

Weights = dict[str, list[tuple[int, float]]]
BIAS = "@bias"
NO_RESULT = "none"
LOOKED_AT = "looked at"  # under which a message remembers its features


def likely_intents(message: Message) -> dict[Intent, float]:
    """The likelihood of each intent that was ever labelled; from 0 to 1, and 1 together."""
    return dict(zip(_intents(), _likely("intents", message).values(), strict=True))


def likely_results(message: Message) -> dict[str, float]:
    """The likelihood of "ok", "issues" and "none" for a reply that says that the inspection is done; 1 together."""
    return _likely("results", message)


def _likely(question: str, message: Message) -> dict[str, float]:
    answers, weights = _learned(question)
    scores = [0.0] * len(answers)
    seen, length = _looked_at(message)
    for feature in seen & weights.keys():
        for which, weight in weights[feature]:
            scores[which] += weight
    for which, bias in weights[BIAS]:
        scores[which] = 1 / (1 + exp(-(scores[which] / length + bias)))
    whole = sum(scores)
    return {answer: score / whole for answer, score in zip(answers, scores, strict=True)}


def _looked_at(message: Message) -> tuple[set[str], float]:
    """The features of a message, and by what their weights are scaled; looked for once, whatever is asked of it."""
    if LOOKED_AT not in message.seen:
        seen = runs(message.text)
        length = sqrt(len(seen))
        seen.update(circumstances(message.text, message.context, message.servicer))
        message.seen[LOOKED_AT] = seen, length
    looked_at: tuple[set[str], float] = message.seen[LOOKED_AT]
    return looked_at


@cache
def _intents() -> list[Intent]:
    """The intents that were ever labelled, in the order of the file's numbers."""
    return [Intent(name) for name in _learned("intents")[0]]


@cache
def _learned(question: str) -> tuple[list[str], Weights]:
    """The answers to a question in the order of the file's numbers, and the weights of each feature."""
    written = resources.files("bot.language.learned").joinpath(f"{question}.txt").read_text("utf-8")
    answers, *lines = (line.split("\t") for line in written.splitlines()[1:])  # the first says where they come from
    return answers, {feature: [_weight(pair) for pair in pairs] for feature, *pairs in lines}


def _weight(pair: str) -> tuple[int, float]:
    which, weight = pair.split(":")
    return int(which), float(weight)
