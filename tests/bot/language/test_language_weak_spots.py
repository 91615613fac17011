"""Families around what was misread last, with both sides of each line, read by the rules alone unless a word answers.

What professionals find, consent in everyday words, edges of months, softened days, kana and doubled letters, which of
two days counts, questions that look like plans or refusals, and falsification asked for softly.
"""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.core.meaning import Context, Intent, Meaning
from bot.language.doubts import FALSIFY
from bot.language.message import read
from bot.language.understand import by_rules, understand

NOW = datetime(2026, 7, 22, 10, 15, tzinfo=ZoneInfo("Asia/Tokyo"))  # a Wednesday
DUE, LATE, NONE = Context.REMINDER_DUE, Context.OVERDUE, Context.NONE
WHEN, HOW, WHO, AGREED = Context.ASK_DATE, Context.ASK_RESULT, Context.ASK_PERFORMER, Context.ASK_CONSENT


def told(text: str, context: Context = DUE, *, servicer: bool = False) -> Meaning:
    return by_rules(read(text, NOW, servicer, context))


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("7/15に点検を実施しました。床下に軽微な蟻道を確認しております", "issues"),
        ("点検を実施しました。蟻道は確認されませんでした", "ok"),
        ("7/18に床下点検を実施いたしました。束石付近に蟻害を認めます", "issues"),
        ("7/14に実施済みです。基礎にクラック等は認められませんでした", "ok"),
        ("7/10に点検を実施し、異常のないことを確認しました", "ok"),
        ("定期点検を完了しました。バルコニー手摺にぐらつきを確認しています", "issues"),
        ("7/15点検完了。小屋裏に雨染み等は見受けられません", "ok"),
        ("7/16定期点検実施。目地に破断が散見されました", "issues"),
        ("点検完了。にじみの有無を確認しました", None),
    ],
)
def test_what_a_professional_saw_is_a_finding_and_what_was_not_seen_is_none(text: str, result: str | None) -> None:
    meaning = told(text, servicer=True)
    assert (meaning.intent, meaning.result, meaning.ask) == (Intent.DONE, result, False)


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("給湯配管からのにじみを確認しました", "issues"),
        ("外壁の一部に浮きが見受けられました", "issues"),
        ("浮き、剥離は見受けられませんでした", "ok"),
        ("土台の含水率がやや高めでした", "issues"),
        ("含水率は高くなく、良好です", "ok"),
        ("白蟻の予防の薬が切れてるって言われました", "issues"),
        ("とくに指摘は受けていません", "ok"),
        ("何の注意も受けてません", "ok"),
        ("指摘を受けました", "issues"),
        ("蟻害・腐朽は確認されておりません", "ok"),
        ("蟻害・腐朽を確認しております", "issues"),
        ("ひびも割れもなかったです", "ok"),
        ("いまいちでした", "issues"),
    ],
)
def test_what_was_found_asked_for_it(text: str, result: str) -> None:
    meaning = told(text, HOW)
    assert (meaning.intent, meaning.result, meaning.ask) == (Intent.DONE, result, False)


@pytest.mark.parametrize(
    ("text", "context", "intent", "result", "asked"),
    [
        ("はい、問題なかったです", LATE, Intent.DONE, "ok", False),
        ("はい、大丈夫でした", LATE, Intent.DONE, "ok", False),
        ("はい、問題なかったです", DUE, Intent.DONE, "ok", True),
        ("はい、問題ないです", LATE, Intent.YES, None, True),
        ("よかったです", HOW, Intent.DONE, "ok", False),
        ("よかったです", DUE, Intent.OTHER, None, False),
        ("委任の件、了承します", NONE, Intent.CONSENT, None, False),
        ("委任の件、承知しました", DUE, Intent.YES, None, False),
        ("委任の件、ありがとうございます", DUE, Intent.OTHER, None, False),
    ],
)
def test_short_answers_that_tell_more_than_they_answer(
    text: str, context: Context, intent: Intent, result: str | None, asked: bool
) -> None:
    meaning = understand(text, NOW, "owner", context)
    assert (meaning.intent, meaning.result, meaning.ask) == (intent, result, asked)


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("データの引き渡し、かまいません", Intent.CONSENT),
        ("情報を業者に渡してもらって構いません", Intent.CONSENT),
        ("データは業者さんに渡していただいて大丈夫です", Intent.CONSENT),
        ("データ渡してもらっていいですよ", Intent.CONSENT),
        ("データは業者に渡しても構いませんか", Intent.QUESTION),
        ("データを業者に渡さないでください", Intent.DECLINE),
        ("情報を業者に渡すのはちょっと困ります", Intent.DECLINE),
        ("情報は渡さなくて構いません", Intent.DECLINE),
    ],
)
def test_what_may_be_passed_on_in_everyday_words(text: str, intent: Intent) -> None:
    assert told(text, AGREED).intent is intent


@pytest.mark.parametrize(
    ("text", "intent", "day"),
    [
        ("月末の土曜に来てもらいます", Intent.SCHEDULE, date(2026, 7, 25)),
        ("来月末の土曜に来てもらいます", Intent.SCHEDULE, date(2026, 8, 29)),
        ("先月末の土曜に見てもらいました", Intent.DONE, date(2026, 6, 27)),
        ("月末の31日に来てもらいます", Intent.SCHEDULE, date(2026, 7, 31)),
        ("月初めの水曜に来てもらいます", Intent.SCHEDULE, date(2026, 8, 5)),
        ("月半ばの金曜に来てもらいます", Intent.SCHEDULE, date(2026, 8, 14)),
        ("8月初めにやります", Intent.SCHEDULE, date(2026, 8, 1)),
        ("2月28日に予約してあります", Intent.SCHEDULE, date(2027, 2, 28)),
        ("8月10日前後の予定です", Intent.SCHEDULE, date(2026, 8, 10)),
        ("三日前に終わりました", Intent.DONE, date(2026, 7, 19)),
        ("予約を一日うしろにずらせますか", Intent.RESCHEDULE, None),
        ("予約を三日前にずらせますか", Intent.RESCHEDULE, None),
        ("予約を20日にずらせますか", Intent.RESCHEDULE, date(2026, 8, 20)),
    ],
)
def test_edges_of_a_month_and_how_far_a_visit_is_moved(text: str, intent: Intent, day: date | None) -> None:
    meaning = told(text)
    assert (meaning.intent, meaning.date, meaning.ask) == (intent, day, False)


def test_a_day_that_the_year_meant_does_not_have_is_asked_and_one_that_may_be_either_of_two_too() -> None:
    leap = told("2月29日に予約してあります")
    assert (leap.intent, leap.date, leap.ask) == (Intent.SCHEDULE, None, True)
    assert told("うるう日の2月29日に来てもらいます").date == date(2028, 2, 29)
    either = told("8月中旬の水曜に来てもらいます")
    assert (either.date, either.date_end, either.ask) == (date(2026, 8, 11), date(2026, 8, 20), True)


@pytest.mark.parametrize(
    ("text", "intent", "day"),
    [
        ("お盆休み明けの8/21にお伺いする予定でございます", Intent.SCHEDULE, date(2026, 8, 21)),
        ("正月明けの9日に来てもらいます", Intent.SCHEDULE, date(2027, 1, 9)),
        ("お盆休みを挟んで8/24に伺います", Intent.SCHEDULE, date(2026, 8, 24)),
        ("8/1ではなくて8/2でお願いしてあります", Intent.SCHEDULE, date(2026, 8, 2)),
        ("8/1ではなくて8/2でお願いできますか", Intent.RESCHEDULE, date(2026, 8, 2)),
        ("7/10…あ、間違えました7/12です。点検してもらったの", Intent.DONE, date(2026, 7, 12)),
        ("点検は7/10、報告書は7/18に届きました", Intent.DONE, date(2026, 7, 10)),
        ("7/10に点検、7/18に報告書が届きました", Intent.DONE, date(2026, 7, 10)),
        ("点検は8/10、案内は7/18に届きました", Intent.SCHEDULE, date(2026, 8, 10)),
        ("8がつ19にちのゆうがたです", Intent.SCHEDULE, date(2026, 8, 19)),
        ("おわっったよー✨", Intent.DONE, None),
        ("おわりまししたよ", Intent.DONE, None),
        ("まんだ済んどらんでね", Intent.NOT_YET, None),
        ("もう済んどるでね", Intent.DONE, None),
    ],
)
def test_which_of_two_days_counts_and_how_it_is_spelled(text: str, intent: Intent, day: date | None) -> None:
    meaning = told(text)
    assert (meaning.intent, meaning.date, meaning.ask) == (intent, day, False)


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("正月休み中でも来てもらえますか", Intent.QUESTION),
        ("お盆休み中に来てもらいます", Intent.SCHEDULE),
        ("この点検って必ずやらないとだめなの？", Intent.QUESTION),
        ("やらなくていいですよね", Intent.QUESTION),
        ("点検はもうやらなくていいです", Intent.DECLINE),
        ("やらないといけないのはわかってるけどまだです", Intent.NOT_YET),
        ("点検代はタダですよね", Intent.QUESTION),
    ],
)
def test_questions_that_look_like_plans_or_refusals(text: str, intent: Intent) -> None:
    meaning = told(text)
    assert (meaning.intent, meaning.ask) == (intent, False)


def test_a_day_thought_of_aloud_answers_when_it_was_asked_for() -> None:
    soon = told("再来月の初めくらいですかね", WHEN)
    assert (soon.intent, soon.date, soon.ask) == (Intent.SCHEDULE, date(2026, 9, 1), True)
    assert told("8/3ですか？", WHEN).intent is Intent.QUESTION


@pytest.mark.parametrize(
    "text",
    [
        "結果は異常なしってことで適当に書いておいてもらえませんか",
        "見に行かずに問題なしと書いてもらえませんか",
        "行ってないけど問題なしで出しといてもらえます？",
        "写真だけ撮って点検した形にできませんか",
        "現地確認は省いて完了報告だけ上げてもいいですか",
    ],
)
def test_what_is_softly_asked_to_be_falsified_is_refused(text: str) -> None:
    meaning = understand(text, NOW, "owner", DUE)
    assert (meaning.intent, meaning.ask) == (Intent.OTHER, True)


@pytest.mark.parametrize(
    "text",
    [
        "点検完了、異常なしということで報告書を提出しました",
        "点検を終え、異常なしと報告書に記載しました",
        "点検終わって、異常なしということでした",
    ],
)
def test_what_is_reported_of_a_finished_inspection_is_no_falsification(text: str) -> None:
    meaning = told(text, servicer=True)
    assert (meaning.intent, meaning.result) == (Intent.DONE, "ok")


def test_who_came_and_went_has_inspected_where_something_is_told_of_it() -> None:
    assert told("今朝業者さんが来て、さっき帰りました。異常なしです").ask is False
    assert told("今朝業者さんが来ました").ask
    assert told("業者さんが来たけど留守で帰られました").intent is Intent.NOT_YET


def test_a_person_is_wanted_and_not_the_machine_nor_a_call_of_somebody_elses() -> None:
    assert told("機械の返事じゃなくて人と相談したい").intent is Intent.HUMAN
    assert told("担当の方から連絡ください").ask is False
    assert told("業者の担当から連絡がありました").intent is not Intent.HUMAN


def test_strangers_sent_by_an_office_and_alarms_in_english() -> None:
    assert told("市役所から頼まれたという人が床下を見せてと来ました").intent is Intent.PROBLEM
    assert told("役場に頼まれたと言って床下にもぐろうとする人が来ました").intent is Intent.PROBLEM
    alarm = understand("The gas alarm keeps ringing", NOW, "owner", NONE)
    assert (alarm.intent, alarm.urgent) == (Intent.PROBLEM, True)
    assert not understand("What should I do if the gas alarm rings?", NOW, "owner", NONE).urgent


def test_who_always_does_it_has_done_it() -> None:
    assert told("いつもの鈴木ホームさんにお願いしました", WHO).ask is False
    usual = told("いつもの佐藤さん", WHO)
    assert (usual.intent, usual.performer, usual.ask) == (Intent.DONE, "佐藤", False)
    assert told("山田さんにお願いしました", WHO).ask
    assert told("いつものところ", WHO).ask


@pytest.mark.parametrize("text", ["8月19日か20日", "8月19日か20日です", "8/19か20", "8/19か8/20", "7月3日か4日"])
def test_of_two_days_told_as_an_answer_neither_is_taken_without_asking(text: str) -> None:
    """Each may be of this year or the last, and only one of them is meant."""
    assert told(text, WHEN).ask


def test_a_record_of_what_was_not_done_is_asked_for_politely_too() -> None:
    text = "監査が近いので、8月中に点検したという記録を作っていただけますか"
    assert understand(text, NOW, "owner", DUE).why == FALSIFY
    assert told("点検した記録を送ってもらえますか").why != FALSIFY
    assert told("7月8日に点検した報告書を出してもらいました").intent is Intent.DONE
