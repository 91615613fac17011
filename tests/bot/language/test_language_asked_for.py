"""What people ask for in passing, and what only sounds like it: a person, a false record, a later reminder, a move."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from bot.core.meaning import Context, Intent
from bot.language.message import read
from bot.language.understand import by_rules, understand

NOW = datetime(2026, 9, 16, 10, 0, tzinfo=ZoneInfo("Asia/Tokyo"))  # a Wednesday
LATE, WHO, HOW = Context.OVERDUE, Context.ASK_PERFORMER, Context.ASK_RESULT


def ruled(text: str, context: Context = LATE) -> Intent:
    return by_rules(read(text, NOW, False, context)).intent


@pytest.mark.parametrize(
    "text",
    [
        "担当の方と直接お打ち合わせしたいのですが",
        "担当者と一度お話しさせてください",
        "御社のご担当者様とお話しできますか",
        "窓口の方お願いします",
        "字が小さくて読めません。どなたか電話してくださらんか",
        "雨漏りしてるし相談したいので担当者から連絡ください",
    ],
)
def test_a_person_is_asked_for(text: str) -> None:
    assert ruled(text) is Intent.HUMAN


@pytest.mark.parametrize("text", ["担当の方と打ち合わせしました", "担当者と相談しました"])
def test_a_talk_that_took_place_asks_for_nobody(text: str) -> None:
    assert ruled(text) is not Intent.HUMAN


@pytest.mark.parametrize(
    "text",
    [
        "実施はしていないのですが、7月1日付で完了にしていただけますか",
        "未点検ですが、期日の都合上6/30実施として登録願えますか",
        "まだ受けていませんが、9月1日実施として記録してください",
        "点検済みってことで適当に処理しといて",
        "終わったってことでうまく報告しといて",
    ],
)
def test_what_was_not_done_is_not_recorded(text: str) -> None:
    meaning = understand(text, NOW, "owner", LATE)
    assert (meaning.intent, meaning.ask) == (Intent.OTHER, True)


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("リマインドは来月五日で", Intent.SNOOZE),
        ("再通知は10月1日にお願いします", Intent.SNOOZE),
        ("催促は月末に", Intent.SNOOZE),
        ("予定かわりました 9/24です", Intent.RESCHEDULE),
        ("日にちをかえてほしい", Intent.RESCHEDULE),
        ("日程を替えてもらえますか", Intent.RESCHEDULE),
        ("来週の木曜に入れました", Intent.SCHEDULE),
        ("まだですけど、来週の金曜に入ってます", Intent.SCHEDULE),
        ("10/1か10/2のいずれかで伺います", Intent.SCHEDULE),
        ("データの引き継ぎOKです、よろしく", Intent.CONSENT),
        ("履歴の共有は構いません", Intent.CONSENT),
        ("データの引き継ぎは大丈夫ですか", Intent.QUESTION),
        ("点検？してないよ", Intent.NOT_YET),
        ("業者？決まってない", Intent.NOT_YET),
        ("点検？", Intent.QUESTION),
        ("まだっちゃ", Intent.NOT_YET),
        ("男二人組が訪ねてきて床下を点検させてほしいと言われました", Intent.PROBLEM),
        ("作業着の男が来て屋根を見せてくれと言う", Intent.PROBLEM),
    ],
)
def test_everyday_words_are_taken_as_they_are_meant(text: str, intent: Intent) -> None:
    assert ruled(text) is intent


@pytest.mark.parametrize(
    "text",
    [
        "来週二人組で来てくれるそうです",
        "昨日二人組が来て点検してくれました",
        "工務店の作業着の人が来て点検しました",
        "業者が床下を見せてほしいと言うので見せて点検終わりました",
        "窓口にお願いしました",
    ],
)
def test_who_came_as_agreed_is_no_stranger_and_who_was_asked_is_not_asked_for(text: str) -> None:
    assert ruled(text) not in (Intent.PROBLEM, Intent.HUMAN)


@pytest.mark.parametrize("text", ["これから岡本建設さんにお願いするところです", "佐藤ホームさんにお願いするつもりです"])
def test_who_is_yet_to_be_asked_has_not_done_it(text: str) -> None:
    assert ruled(text, WHO) is not Intent.DONE


def test_no_repair_needed_refuses_no_inspection() -> None:
    assert ruled("良好、補修の必要なし", HOW) is Intent.DONE
