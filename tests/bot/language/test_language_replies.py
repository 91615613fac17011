"""Replies labelled by hand, and how many of them are read right.

The rules were made to fit ``replies_written.jsonl``. ``replies_unread.jsonl`` was written from the policy and left
unread until the rules for it stood; what it showed at first sight is the honest figure: 96 in 100 right, 99 in 100
right or asked about, 2 in 100 asked needlessly, three problems and one stop not seen. Those misses have since been
mended, so that the set now guards against falling back, and is no longer a measure of replies never seen.

``replies_fifty.jsonl`` was written later as fifty people: old and young, in dialect, in kana alone, mistyped, spoken
without a stop, in an office's shorthand, in English. It is harder than the others, and was again labelled first. Of its
first half (w) 87 in 100 were right at first sight, 95 right or asked about, 8 asked needlessly; two stops and one
problem were not seen. What that showed was mended; its second half (v), unread until then, had 87 right, 98 right or
asked about, 9 asked needlessly; two stops were not seen, a finding of another time was taken for this one's, and two
hedged answers for plain ones. Those are mended too, and so is a last hundred (x), the hardest: 84 right, 93 right or
asked about, 7 asked needlessly; one stop was taken for "done", one stranger at the door not seen. Some dozen labels
turned out stricter than the policy and were put right.

``replies_strangers.jsonl`` came from people who had the policy and had never seen the program. At first sight 95 in 100
of the first two hundred (w1) were right, 97 right or asked, 4 asked needlessly; of the others (w2), seen when the first
had been mended, 93 right, 97 right or asked, 5 asked needlessly; in neither anything that must never be.

``replies_others.jsonl`` and ``replies_last.jsonl`` came in the same way, the last from people who were asked to say the
same things as differently as they could. At first sight 90 in 100 of the others were right, 96 right or asked; two
problems, two stops and a consent were misread, and two visits taken for done. They are mended. The last (v6) stands as
it was read when all of that was done: 90 right, 94 right or asked, nothing that must never be. Nothing has been mended
for it, so it is still a measure.

Since then a second reader, who learned from the labelled sets, asks where the rules know nothing or differ: 95 in 100
of the last are right with it, 97 right or asked. ``replies_everyday.jsonl`` (2,400) and ``replies_lately.jsonl``
(1,000) are by people who wrote as everybody does, not as differently as they could. At first sight, in the order in
which they came and each time with what the ones before had taught: 94, 95.8, 96.5 and 96.5 in 100 right; 97, 98.3,
98.0 and 98.8 right or asked; among the last four hundred one false "ok". ``replies_daily.jsonl`` (1,200) came after
them in the same way: 97.6 right, 98.9 right or asked at first sight, one stop taken for "done". All are mended, the
last ones too, and the second reader has learned from all. Had it learned from all but the daily ones, and doubted as
much as it does now, 98.2 of these would have been right at first sight, and 99.25 right or asked.

``replies_newest.jsonl`` (600) came when all of that was done: 95.8 in 100 right at first sight, 98.0 right or asked,
nothing that must never be. Its first half (e), everyday and of all kinds, had 98.3 and 99.3; its second (f), which
seeks out dates and several things in one message, 93.3 and 96.7. What it showed is mended by families
(``test_language_both_sides.py``), so that it guards with the others now and measures no more; nobody has learned from
it.

``replies_recent.jsonl`` (600) and ``replies_fresh.jsonl`` (600) came next, from people who saw neither the program nor
each other. At first sight the recent had 97.8 in 100 right and 99.2 right or asked; the fresh, read once those were
mended, 98.3 and 99.3, with 4 in 100 of its clear lines asked needlessly. One of the twelve hundred was wrong in a way
that must not be: of two days told as an answer the second was taken for a day of last year. They are mended, and nobody
has learned from them.

``replies_latest.jsonl`` (600), again by two people who saw neither the program nor each other, came after 832 more had
been looked at for what they showed: at first sight 98.7 in 100 right, 99.5 right or asked, 4 in 100 of the clear ones
asked needlessly. Three problems were missed, all of one kind, a company that has closed or answers no more. That is
mended too. ``replies_proof.jsonl`` (600), by two more such people, came after that: at first sight 99.5 in 100 right,
99.8 right or asked, 2 in 100 asked needlessly, and nothing that must never be. Nothing has been mended for it, so it is
still a measure.
"""

import json
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from bot.core.meaning import Context, Meaning
from bot.language.understand import understand

HERE = Path(__file__).parent
READ = ("intent", "date", "date_precision", "result")
SETS = (
    *("written", "unread", "fifty", "strangers", "others", "last", "everyday", "lately", "daily", "newest"),
    *("recent", "fresh", "latest", "proof"),
)
FORBIDDEN = ("false done", "future done", "false ok", "missed stop", "false stop", "missed problem", "false consent")


def replies(name: str) -> Iterator[dict[str, Any]]:
    for line in (HERE / f"replies_{name}.jsonl").read_text("utf-8").splitlines():
        yield json.loads(line)


def read(row: dict[str, Any]) -> Meaning:
    return understand(row["text"], datetime.fromisoformat(row["now"]), row["role"], Context(row["context"]))


def shown(meaning: Meaning) -> dict[str, str | None]:
    day = meaning.date.isoformat() if meaning.date else None
    fields = (meaning.intent.value, day, meaning.date_precision, meaning.result)
    return dict(zip(READ, fields, strict=True))


def wanted(row: dict[str, Any]) -> list[dict[str, str | None]]:
    """The readings that count as right: the expected one, and those accepted besides."""
    expected = {name: row["expect"][name] for name in READ}
    return [expected, *({**expected, **other} for other in row.get("accept", []))]


def errors(row: dict[str, Any], meaning: Meaning) -> set[str]:
    """The errors that must not happen. A missed stop or problem counts even when asked about."""
    want = wanted(row)
    intents = {reading["intent"] for reading in want}
    silent = not meaning.ask
    future = meaning.date is not None and meaning.date > datetime.fromisoformat(row["now"]).date()
    found = {
        "false done": silent and meaning.intent == "done" and "done" not in intents,
        "future done": meaning.intent == "done" and future,
        "false ok": silent and meaning.result == "ok" and all(reading["result"] != "ok" for reading in want),
        "missed stop": intents == {"stop"} and meaning.intent != "stop",
        "false stop": silent and meaning.intent == "stop" and "stop" not in intents,
        "missed problem": intents == {"problem"} and meaning.intent != "problem",
        "false consent": silent and meaning.intent == "consent" and "consent" not in intents,
    }
    return {name for name, happened in found.items() if happened}


def figures(name: str) -> tuple[Counter[str], list[str]]:
    """How often a set was read right, right or asked, asked needlessly, or wrong in a forbidden way; and the misses."""
    count: Counter[str] = Counter()
    misses = []
    for row in replies(name):
        meaning = read(row)
        right = shown(meaning) in wanted(row)
        bad = errors(row, meaning)
        count.update(bad)
        count["all"] += 1
        count["right"] += right
        count["right or asked"] += right or meaning.ask
        count["asked needlessly"] += meaning.ask and row["expect"]["ask"] is False
        count["not asked"] += row["expect"]["ask"] is True and not meaning.ask
        if not right or bad:
            misses.append(f"{row['id']} {row['text']} {shown(meaning)} {meaning.why} {sorted(bad)}")
    return count, misses


@pytest.mark.parametrize("name", SETS)
def test_replies_are_read_right_or_asked_about(name: str) -> None:
    """At least 97 in 100 right, 995 in 1000 right or asked, at most 5 in 100 asked needlessly, none wrong for ever."""
    count, misses = figures(name)
    told = "\n".join([str(dict(count)), *misses])
    assert count["right"] >= 0.97 * count["all"], told
    assert count["right or asked"] >= 0.995 * count["all"], told
    assert count["asked needlessly"] <= 0.05 * count["all"], told
    assert not [name for name in FORBIDDEN if count[name]], told


@pytest.mark.parametrize("name", SETS)
def test_parts_and_emergencies_are_marked(name: str) -> None:
    """What is partial or urgent by its label is marked so."""
    for row in replies(name):
        meaning = read(row)
        for mark in ("partial", "urgent"):
            if row["expect"].get(mark):
                assert getattr(meaning, mark), f"{row['id']} {row['text']}"


def test_there_are_enough_of_them() -> None:
    """Six hundred and more, none twice under the same question, with a good half of them kept unread."""
    sets = {name: list(replies(name)) for name in SETS}
    rows = [row for rows in sets.values() for row in rows]
    every = [(row["text"], row["context"], row["now"], row["role"]) for row in rows]
    assert len(sets["written"]) >= 600
    assert len(sets["unread"]) >= 300
    assert len(sets["fifty"]) >= 600
    assert len(set(every)) >= 0.97 * len(every)  # people say the same
