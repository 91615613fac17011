"""What people write of a work that is not done, stood still or was never arranged: each stands for a family of such."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from bot.core.meaning import Context, Intent
from bot.language.message import read
from bot.language.understand import by_rules

NOW = datetime(2026, 7, 22, 10, 15, tzinfo=ZoneInfo("Asia/Tokyo"))  # a Wednesday
OPEN = [
    "床下がまだなんです",
    "現地は見ましたが床下が未確認です",
    "台所だけ見てもろて、あとは途中です",
    "業者さんは来ましたが、雨で屋根に上がれず途中までです",
    "途中で雨が降って中断しました",
    "行きましたが鍵が開かず中に入れませんでした",
    "業者は来たが見ずに帰った",
    "予約しようと思ってたのに忘れてました",
    "申し込むのを忘れていました",
    "申し込みをしていませんでした",
    "平日動けなくてまだ予約とれてません",
    "予約いっぱいで取れなかった",
    "終わったとは聞いておりません",
    "完了の連絡は受けておりません",
    "まだ完了とは言えません",
    "日取りは白紙です",
    "予定はまるで立っていません",
    "完了報告はまだ出せません",
    "お施主様からのご返事がまだです",
    "まだお施主様へご案内できておりません",
    "点検したことありません",
    "受けた記憶がありません",
    "点検員が来たが断りました",
    "点検しようとしたが留守でした",
    "済んだら電話します",
    "予定日が過ぎてしまいました",
    "中止になってそれっきりです",
    "なかなか都合が合わなくて",
    "雨でできんかった",
    "協力業者の手配がつかず着手前です",
]


@pytest.mark.parametrize("text", OPEN)
def test_what_is_not_done_is_not_yet(text: str) -> None:
    assert by_rules(read(text, NOW, False, Context.OVERDUE)).intent is Intent.NOT_YET


@pytest.mark.parametrize(
    "text",
    [
        "隣の家の点検が終わった",
        "点検と称して男が来た",
        "離婚して夫が出て行きました",
        "同意にチェックしました",
        "済んでいるか調べてください",
    ],
)
def test_what_is_not_of_this_work_is_never_done(text: str) -> None:
    assert by_rules(read(text, NOW, False, Context.OVERDUE)).intent is not Intent.DONE


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("電話しようと思ってたけど忘れてて、先週点検は終わりました", Intent.DONE),
        ("点検が終わったと聞いております", Intent.DONE),
        ("完了の連絡を受けました", Intent.DONE),
        ("予約とれました", Intent.SCHEDULE),
        ("別の人に送るつもりでした", Intent.OTHER),
        ("予約しようと思っています", Intent.SCHEDULE),
        ("日程を白紙に戻してください", Intent.RESCHEDULE),
    ],
)
def test_their_neighbours_are_something_else(text: str, intent: Intent) -> None:
    assert by_rules(read(text, NOW, False, Context.OVERDUE)).intent is intent
