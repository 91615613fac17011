"""Families of replies whose neighbours look alike and mean something else, read by the rules alone.

What each rule takes in stands beside what it must leave.
"""

from datetime import date

import pytest

from bot.core.meaning import Intent
from tests.bot.language.test_language_both_sides import (
    HOW,
    LATE,
    NONE,
    of_august,
    of_july,
    told,
)


@pytest.mark.parametrize(
    ("text", "intents", "asked"),
    [
        ("終わったのは隣の家です", {Intent.PROBLEM, Intent.OTHER, Intent.NOT_YET}, True),
        ("終わったのは予約だけです", {Intent.OTHER, Intent.SCHEDULE, Intent.NOT_YET}, True),
        ("済んだのは車検です", {Intent.OTHER}, True),
        ("終わったのは実家の点検で、うちはまだです", {Intent.NOT_YET}, False),
        ("終わったのは屋根だけです", {Intent.NOT_YET}, True),
        ("終わったのは先週です", {Intent.DONE}, False),
        ("終わったのは7/15です", {Intent.DONE}, False),
    ],
)
def test_what_is_over_is_named_behind_it(text: str, intents: set[Intent], asked: bool) -> None:
    meaning = told(text, LATE)
    assert meaning.intent in intents
    assert meaning.ask is asked


@pytest.mark.parametrize(
    ("text", "intent", "asked"),
    [
        ("点検終わったので、もう連絡しなくて大丈夫ですよね", Intent.DONE, False),
        ("終わりました。もうお知らせ不要ですよね?", Intent.DONE, False),
        ("点検終わったので、もう連絡しなくて大丈夫です", Intent.STOP, False),
        ("点検終わったので、もう連絡しないでください", Intent.STOP, False),
        ("もう連絡しなくて大丈夫ですよね", Intent.STOP, True),
        ("まだだけど、もう連絡しなくていいですよね", Intent.STOP, True),
        ("もう連絡しなくて大丈夫です", Intent.STOP, False),
    ],
)
def test_an_end_that_follows_from_the_work_is_no_stop(text: str, intent: Intent, asked: bool) -> None:
    meaning = told(text, LATE)
    assert (meaning.intent, meaning.ask) == (intent, asked)


@pytest.mark.parametrize(
    ("text", "intent", "day"),
    [
        ("日にち変えたい。土日希望", Intent.RESCHEDULE, None),
        ("土日がいいです", Intent.SCHEDULE, None),
        ("今週の土日がいいです", Intent.SCHEDULE, of_july(25)),
        ("土日にお願いします", Intent.SCHEDULE, of_july(25)),
        ("来月の土日でお願いします", Intent.SCHEDULE, of_august(1)),
        ("三日ほど早めて", Intent.RESCHEDULE, None),
        ("三日ほど早めてもらえますか", Intent.RESCHEDULE, None),
        ("一週間うしろにしてもらえませんか", Intent.RESCHEDULE, None),
        ("三日前に終わりました", Intent.DONE, of_july(19)),
        ("8/3は空いてますかね", Intent.QUESTION, None),
        ("8/3は空いています", Intent.SCHEDULE, of_august(3)),
        ("8/3が空いていればお願いします", Intent.SCHEDULE, of_august(3)),
        ("点検を8/3に変更しました", Intent.RESCHEDULE, of_august(3)),
    ],
)
def test_kinds_of_days_and_stretches_are_no_days(text: str, intent: Intent, day: date | None) -> None:
    meaning = told(text)
    assert (meaning.intent, meaning.date) == (intent, day)


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("弊社は8月末で営業を終了いたします", Intent.PROBLEM),
        ("業者が営業をやめたそうです", Intent.PROBLEM),
        ("本日の営業は終了しました", Intent.OTHER),
        ("点検業務は終了しました", Intent.DONE),
        ("窓口が長女様に変更になりました", Intent.CHANGE),
        ("窓口で8/3に変更しました", Intent.RESCHEDULE),
        ("人手不足でまだ回れていません", Intent.NOT_YET),
        ("キッチンの下が水浸しです", Intent.PROBLEM),
    ],
)
def test_what_closes_and_what_changes_is_told_by_its_noun(text: str, intent: Intent) -> None:
    assert told(text, NONE, servicer=True).intent is intent


@pytest.mark.parametrize(
    ("text", "asked", "partial"),
    [
        ("見積もり取っただけでまだ頼んでない", False, False),
        ("電話しただけでまだです", False, False),
        ("屋根を見てもらっただけでまだです", True, True),
    ],
)
def test_an_errand_alone_is_no_part_of_the_work(text: str, asked: bool, partial: bool) -> None:
    meaning = told(text)
    assert (meaning.intent, meaning.ask, meaning.partial) == (Intent.NOT_YET, asked, partial)


@pytest.mark.parametrize(
    ("text", "result", "asked"),
    [
        ("築10年にしては状態がいいとのこと", "ok", False),
        ("築年数にしては傷んでいるって", "issues", False),
        ("状態がよくないとのこと", "issues", False),
        ("基礎の状態があまりよろしくないそうです", "issues", False),
        ("経年劣化程度で特記事項なし", "ok", False),
        ("経年劣化があるとのこと", "issues", False),
        ("軽微なものはありましたがその場で直してもらいました", "issues", False),
        ("軽微なものもありませんでした", "ok", False),
        ("まあまあです", "ok", True),
        ("まあまあだったかな", "ok", True),
        ("いまいちでした", "issues", False),
        ("よかったです", "ok", False),
        ("わかりません、主人が立ち会ったので", None, True),
        ("屋根がちょっとね", "issues", True),
    ],
)
def test_how_it_was_in_words_of_measure(text: str, result: str | None, asked: bool) -> None:
    meaning = told(text, HOW)
    assert (meaning.intent, meaning.result, meaning.ask) == (Intent.DONE, result, asked)
