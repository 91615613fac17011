"""Which day people mean when they say more than one, correct themselves, or pass on what they were told."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.core.meaning import Context, Intent, Meaning
from bot.language.message import read
from bot.language.understand import by_rules

NOW = datetime(2026, 7, 22, 10, 15, tzinfo=ZoneInfo("Asia/Tokyo"))  # a Wednesday


def told(text: str, *, servicer: bool = False, context: Context = Context.REMINDER_DUE) -> Meaning:
    """What the rules alone take it for."""
    return by_rules(read(text, NOW, servicer, context))


def july(day: int) -> date:
    return date(2026, 7, day)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("15日に終わりました。あ、間違えた14日です", july(14)),
        ("昨日終わりました、いやおとといでした", july(20)),
        ("7/10完了です。失礼しました、正しくは7/12です", july(12)),
        ("7月10日に実施しました。7月12日の誤りでした", july(12)),
        ("15日に点検が終わりました。ごめん16日だった", july(16)),
        ("15日に終わったと書きましたが16日でした", july(16)),
        ("7/10に終わりました。失礼します", july(10)),
        ("先週の火曜、いや水曜に終わりました", july(15)),
        ("点検、七月二十日で終わっております", july(20)),
        ("7月15日と7月19日の2回に分けて全部終わりました", july(19)),
        ("けさ点検が終わりました", july(22)),
        ("やってもらったのは先週の金曜", july(17)),
        ("15日に終わって、次の予約は8/20です", july(15)),
        ("7/1に依頼を受け7/15に実施しました", july(15)),
        ("7/15に定期点検うけました", july(15)),
    ],
)
def test_the_day_it_was_done(text: str, day: date) -> None:
    meaning = told(text)
    assert (meaning.intent, meaning.date) == (Intent.DONE, day)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("来週の月曜に来ます。あ、火曜でした", july(28)),
        ("あした業者さんがきます", july(23)),
        ("再来週の水曜日って約束になってます", date(2026, 8, 5)),
        ("8月5日と聞いております", date(2026, 8, 5)),
        ("来週の木曜と連絡をもらいました", july(30)),
        ("来週の火曜か木曜でお願いします", july(28)),
        ("業者さんから8/4でどうかと言われてます", date(2026, 8, 4)),
        ("8/5でかまいません", date(2026, 8, 5)),
        ("8/5でよかです", date(2026, 8, 5)),
        ("8/5にきてや", date(2026, 8, 5)),
        ("来週でいいって言われた", july(27)),
        ("最短で8月20日とのことです", date(2026, 8, 20)),
        ("8/5の午前に来ますと電話がありました", date(2026, 8, 5)),
        ("お施主様は8/5をご希望です", date(2026, 8, 5)),
        ("予約は8/5と8/6の二日間です", date(2026, 8, 5)),
        ("来週のどこかで", july(27)),
        ("あさって来よる", july(24)),
        ("来月3日でとってあります", date(2026, 8, 3)),
        ("お客様ご希望の8/4で承知しました", date(2026, 8, 4)),
        ("8/4 AM訪問", date(2026, 8, 4)),
    ],
)
def test_the_day_it_is_to_be(text: str, day: date) -> None:
    meaning = told(text)
    assert (meaning.intent, meaning.date) == (Intent.SCHEDULE, day)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("来週火曜の点検を木曜にずらしたいです", july(30)),
        ("十九日は具合が悪いので二十六日にしてください", july(26)),
        ("今週の金曜は無理なので月曜にしてほしい", july(27)),
        ("来週は都合が悪いので、その次の週に変えてほしい", date(2026, 8, 3)),
        ("7/24に伺う予定でしたが、7/31の午前に振替済みです", july(31)),
        ("三日ほど先に延ばしていただけますか。風邪をひきました", None),
        ("8/3の点検、8/10にしてもらえる？", date(2026, 8, 10)),
        ("来週の予約、再来週にできますか", date(2026, 8, 3)),
        ("8/5は中止で8/7に", date(2026, 8, 7)),
        ("8/5はなしで、8/7にお願いします", date(2026, 8, 7)),
        ("8/5→8/7変更", date(2026, 8, 7)),
        ("8/5予定でしたが天候不良により8/7に実施します", date(2026, 8, 7)),
        ("立会できなくなりました", None),
        ("足場の都合で一週間遅れます", None),
        ("約束の日に家族の用事が入ったので変えたいです", None),
        ("土曜の点検をやめて、また今度にします", None),
    ],
)
def test_the_day_it_is_moved_to(text: str, day: date | None) -> None:
    meaning = told(text)
    assert (meaning.intent, meaning.date) == (Intent.RESCHEDULE, day)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("電話で予約だけは入れました", None),
        ("とりあえず申し込みだけしておきました", None),
        ("8/5で日程が固まりました", date(2026, 8, 5)),
        ("お客様と8月7日で折り合いました", date(2026, 8, 7)),
        ("阿部様邸7/25(土)午前で承りました", july(25)),
        ("来週木曜にて仮押さえ済み", july(30)),
        ("8/11でおさえてます〜", date(2026, 8, 11)),
        ("8月末までには点検に入ります", date(2026, 8, 31)),
        ("工期は10日ほど、着手は8/17からとなります", date(2026, 8, 17)),
        ("8月10日または11日で施主様に打診中です", date(2026, 8, 10)),
        ("明日から三日間で順次回ります", july(23)),
        ("再来月の頭に職人が空くため、そこで実施いたします", date(2026, 9, 1)),
        ("お盆が過ぎてからと思っております", date(2026, 8, 17)),
    ],
)
def test_an_office_tells_when_it_comes(text: str, day: date | None) -> None:
    meaning = told(text, servicer=True)
    assert (meaning.intent, meaning.date) == (Intent.SCHEDULE, day)


@pytest.mark.parametrize(
    ("text", "context", "intent", "day"),
    [
        ("来月、岡本住建さんにお願いするつもりです", Context.ASK_PERFORMER, Intent.SCHEDULE, date(2026, 8, 1)),
        ("7/30です。まだこれからです", Context.ASK_DATE, Intent.SCHEDULE, july(30)),
        ("まだです。8/5に連絡します", Context.ASK_DATE, Intent.NOT_YET, None),
        ("先週のいつだったか、ちょっと思い出せません", Context.ASK_DATE, Intent.DONE, july(13)),
        ("15日と聞いてます", Context.ASK_DATE, Intent.DONE, july(15)),
        ("七五三の日に見てもらいました", Context.OVERDUE, Intent.DONE, date(2025, 11, 15)),
    ],
)
def test_the_day_in_answer_to_a_question(text: str, context: Context, intent: Intent, day: date | None) -> None:
    meaning = told(text, context=context)
    assert (meaning.intent, meaning.date) == (intent, day)


def test_two_days_are_asked_but_never_lost() -> None:
    """What is over ends with its last day, what is to come begins with its first."""
    done, planned = told("5/10〜5/12で点検が終わりました"), told("7/28から7/30の間に来るそうです")
    assert (done.intent, done.date, done.ask) == (Intent.DONE, date(2026, 5, 12), True)
    assert (planned.intent, planned.date, planned.ask) == (Intent.SCHEDULE, july(28), True)


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("林様邸 7月4日完了 外壁シーリングに破断あり", "issues"),
        ("点検終了 排水管つまり気味と言われた", "issues"),
        ("7/9実施 西田様邸 浴室シール切れ 1箇所", "issues"),
        ("7/8点検完了、外壁に欠けあり", "issues"),
        ("R8/7/10 杉山邸 点検済 指摘ナシ", "ok"),
        ("施工店立会いにて実施、指摘無", "ok"),
        ("7/10実施、指摘０", "ok"),
        ("点検実施日：令和8年7月10日 結果：良", "ok"),
        ("石井邸 済 7/10 OK", "ok"),
        ("7/10に点検し異常は認めませんでした", "ok"),
        ("先月中旬に実施し、特に問題ございません", "ok"),
        ("たった今、帰られました。悪いところはひとつもないそうです", "ok"),
        ("点検も済み、家は元気だと言われました", "ok"),
        ("7月2日に引渡し後2年点検を終えました", None),
        ("点検すみまたし", None),
        ("点検官了しました", None),
        ("屋根を見てもらって、それでおしまいです", None),
    ],
)
def test_done_and_what_was_found(text: str, result: str | None) -> None:
    meaning = told(text, servicer=True)
    assert (meaning.intent, meaning.result) == (Intent.DONE, result)


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("心配いらんと言われました", "ok"),
        ("どこもなんともなかったです", "ok"),
        ("業者さんが花丸をくれました", "ok"),
        ("A判定です", "ok"),
        ("シロアリの心配はないそうです", "ok"),
        ("きれいだと言われました", "ok"),
        ("劣化事象なし", "ok"),
        ("全項目適合", "ok"),
        ("無", "ok"),
        ("問題点が2つ", "issues"),
        ("合格じゃなかった", "issues"),
        ("全項目適合とはなりませんでした", "issues"),
        ("結果は良くなかったです", "issues"),
        ("給湯器が古いから替え時だと", "issues"),
        ("あったようです。詳しくは報告書で", "issues"),
        ("ちょっとした手直しがあると言われました", "issues"),
        ("何か所か直すそうです", "issues"),
        ("一箇所だけ言われました", "issues"),
    ],
)
def test_the_result_in_an_owners_words(text: str, result: str) -> None:
    assert told(text, context=Context.ASK_RESULT).result == result
