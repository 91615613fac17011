"""The second reader: what it knows by itself, and what its word is worth beside the rules'."""

import json
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.meaning import Context, Intent, Meaning
from bot.language import doubts, second_look
from bot.language.answers import bare_word
from bot.language.learned.guess import likely_intents, likely_results
from bot.language.message import Message, read
from bot.language.second_look import other_reading, unseen_result
from bot.language.understand import by_rules, understand

NOW = datetime(2026, 7, 22, 10, 15, tzinfo=ZoneInfo("Asia/Tokyo"))
UNKNOWN = Meaning(Intent.OTHER, ask=True, why=doubts.NOT_UNDERSTOOD)


def message(text: str, context: Context = Context.REMINDER_DUE) -> Message:
    return read(text, NOW, False, context)


def test_alone_it_finds_nearly_every_intent_it_has_learned():
    """Of replies it never saw it finds 95 to 98 in 100, by learning without a set; the weights in use know all sets."""
    rows = [json.loads(line) for line in (Path(__file__).parent / "replies_last.jsonl").read_text("utf-8").splitlines()]
    right = 0
    for row in rows:
        likely = likely_intents(read(row["text"], NOW, row["role"] == "servicer", Context(row["context"])))
        right += max(likely, key=likely.__getitem__) in {row["expect"]["intent"], *_accepted(row)}
    assert right >= 0.97 * len(rows)


def _accepted(row: dict) -> set[str]:
    return {other["intent"] for other in row.get("accept", []) if "intent" in other}


@given(st.text(max_size=400), st.sampled_from(Context))
def test_it_has_a_likelihood_for_every_text(text: str, context: Context):
    for likely in (likely_intents(message(text, context)), likely_results(message(text, context))):
        assert sum(likely.values()) == pytest.approx(1)
        assert min(likely.values()) >= 0


def test_every_intent_can_be_guessed():
    assert set(likely_intents(message("はい"))) == set(Intent)


def test_what_the_rules_do_not_know_is_asked_about_as_the_likeliest():
    """Instead of "I did not understand": "is it done?" """
    assert other_reading(message("Checked on Nov 10, all good."), UNKNOWN) is Intent.DONE


@pytest.mark.parametrize("intent", [Intent.STOP, Intent.PROBLEM])
def test_what_must_not_be_missed_is_never_read_as_anything_else(intent: Intent):
    assert other_reading(message("先週の土曜に点検が終わりました"), Meaning(intent)) is intent


def test_what_the_rules_know_to_be_another_work_is_not_guessed_to_be_done():
    meaning = understand("車の点検が終わりました", NOW, "owner", Context.REMINDER_DUE)
    assert (meaning.intent, meaning.ask) == (Intent.OTHER, True)


def test_a_reading_that_replies_like_this_hardly_ever_had_is_asked_about():
    again = message("来月になったらまた聞いてください")
    assert other_reading(again, Meaning(Intent.CONSENT)) is Intent.SNOOZE
    assert other_reading(again, Meaning(Intent.SNOOZE)) is None


def test_a_doubtful_reading_is_asked_about_and_not_exchanged(monkeypatch: pytest.MonkeyPatch):
    """Between doubtful and hardly likely the rules are right more often than the guess."""
    rules, guess = Meaning(Intent.NOT_YET), Intent.SNOOZE
    for likelihood, asked_about in ((0.2, None), (0.1, Intent.NOT_YET), (0.02, Intent.SNOOZE)):
        likely = {Intent.NOT_YET: likelihood, guess: 1 - likelihood}
        monkeypatch.setattr(second_look, "likely_intents", lambda _, likely=likely: likely)
        assert other_reading(message("来月になったらまた聞いてください"), rules) is asked_about


def test_whether_a_bare_day_is_over_is_told_by_the_calendar(monkeypatch: pytest.MonkeyPatch):
    """「7月18日(土)です」 on 22 July: done, however often such answers named a day to come."""
    monkeypatch.setattr(second_look, "likely_intents", lambda _: {Intent.DONE: 0.01, Intent.SCHEDULE: 0.99})
    bare = message("7月18日(土)です", Context.ASK_DATE)
    assert other_reading(bare, Meaning(Intent.DONE, date=date(2026, 7, 18))) is None
    told = message("7月18日(土)に点検します", Context.ASK_DATE)
    assert other_reading(told, Meaning(Intent.DONE, date=date(2026, 7, 18))) is Intent.SCHEDULE


def test_a_result_that_the_rules_doubted_is_not_made_certain():
    hedged = Meaning(Intent.DONE, ask=True, why=doubts.HEDGED)
    assert unseen_result(message("終わりました。異常なしでした"), hedged) is None
    assert unseen_result(message("終わりました。異常なしでした"), Meaning(Intent.DONE)) == "ok"


def test_a_guess_is_never_certain():
    """Whatever is meant otherwise than the rules read a sentence, is asked about."""
    rows = [json.loads(line) for line in (Path(__file__).parent / "replies_last.jsonl").read_text("utf-8").splitlines()]
    changed = 0
    for row in rows:
        seen = read(row["text"], datetime.fromisoformat(row["now"]), row["role"] == "servicer", Context(row["context"]))
        rules = by_rules(seen)
        meaning = understand(row["text"], seen.now, row["role"], seen.context)
        same = (meaning.intent, meaning.result) == (rules.intent, rules.result)
        changed += not (same or bare_word(seen.text))
        assert same or meaning.ask or bare_word(seen.text), row["text"]
    assert changed
