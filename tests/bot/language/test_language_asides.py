"""What people write besides reporting: later, a person please, no consent, strangers, questions. Each is a family."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.core.meaning import Context, Intent, Meaning
from bot.language.message import read
from bot.language.understand import by_rules, understand

NOW = datetime(2026, 7, 22, 10, 15, tzinfo=ZoneInfo("Asia/Tokyo"))  # a Wednesday
LATER = [
    "10月に入ってから連絡いただけますか",
    "盆明けに連絡もらえませんか",
    "来週半ばにもう一度ご確認いただけますか",
    "来週の月曜にもう一ぺん言うてくれ",
    "収穫が終わったころにまた声かけてください",
    "また来月にでも",
    "検討して返事します",
    "確認して折り返します",
    "妻と話してみます",
    "年が明けてからにします",
]
PERSON = [
    "よくわからないので人に説明してほしい",
    "担当の方に説明していただきたい",
    "誰か説明してくれる人いませんか",
    "息子に説明してもらえませんか、電話で",
    "会って話を聞きたい",
    "文字を打つのが苦手なので話したいです",
]
REFUSED = [
    "承諾を取りやめます",
    "今回は同意を見合わせます",
    "委託を見送らせてください",
    "同意は控えさせてください",
    "以前した同意はなかったことにしてください",
    "前に同意したけどなしにして",
    "任せたくない",
    "登録しないでください",
    "必要性を感じません",
    "家に上がられるのが嫌です",
]
WRONG = [
    "作業服の男が「市役所から点検に来た」と言うのですが、本当でしょうか",
    "「今日契約すれば半額」と点検に来た人に言われて判子を押しそうになりました",
    "点検に来た人に布団を売りつけられた",
    "近隣で弊社を名乗る偽の点検業者が出ています",
    "点検業者を装った人が来た",
    "バルコニーの防水層が破断しております。至急対応が必要です",
    "瓦が一枚落ちとった",
    "どこも引き受けてくれない",
    "排水が逆流する",
    "シャッターが上がりません",
]
ASKED = [
    "先週点検したお宅とは別件ですが、水野様邸の期日を教えてください",
    "点検してもらった業者の電話番号を教えてください",
    "業者を変えられますか",
    "これ詐欺じゃないですよね",
]
CHANGED = [
    "担当が佐藤から鈴木に代わります",
    "合併により社名変更いたしました",
    "母が施設に入ることになりました",
    "今は娘夫婦が住んでます",
    "先月この家を買いました",
    "連絡先を妻の携帯にしてください",
]
AGREED = ["同意にチェックしました", "全部同意"]
ENOUGH = ["もうええ加減にしてくれ", "もうやめてんか", "いい加減しつこいです"]
NOTHING = [
    "夏季休業のお知らせ：8/11〜8/16",
    "臨時休業のお知らせ 7/30",
    "GWは4/29から5/6までお休みをいただきます",
    "弊社の夏季休業は8月11日から16日までです",
]
UNTRUE = [
    "10月中の実施ということで報告だけ先に上げておいてもらえますか。実際は来月です",
    "先に完了報告だけ出してもらえますか",
    "やってないけど報告書だけ出せませんか",
]
FAMILIES = {
    Intent.SNOOZE: LATER,
    Intent.HUMAN: PERSON,
    Intent.DECLINE: REFUSED,
    Intent.PROBLEM: WRONG,
    Intent.QUESTION: ASKED,
    Intent.CHANGE: CHANGED,
    Intent.CONSENT: AGREED,
    Intent.STOP: ENOUGH,
    Intent.OTHER: NOTHING,
}


def read_by_rules(text: str) -> Meaning:
    return by_rules(read(text, NOW, False, Context.REMINDER_DUE))


@pytest.mark.parametrize(("intent", "text"), [(intent, text) for intent, texts in FAMILIES.items() for text in texts])
def test_it_is_heard(intent: Intent, text: str) -> None:
    assert read_by_rules(text).intent is intent


@pytest.mark.parametrize("text", UNTRUE)
def test_a_report_before_the_work_is_refused(text: str) -> None:
    meaning = understand(text, NOW, "servicer", Context.OVERDUE)
    assert (meaning.intent, meaning.ask) == (Intent.OTHER, True)


def test_the_smell_of_gas_is_urgent() -> None:
    text = "プロパンのあたりが臭いです。ガスじゃないでしょうか"
    assert understand(text, NOW, "owner", Context.NONE).urgent


@pytest.mark.parametrize("text", ["あざす！了解です", "心得ました"])
def test_it_is_agreed_to_among_thanks(text: str) -> None:
    assert understand(text, NOW, "owner", Context.REMINDER_DUE).intent is Intent.YES


def test_later_says_from_when() -> None:
    assert read_by_rules(LATER[0]).date == date(2026, 10, 1)


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("担当の方に説明してもらいました", Intent.OTHER),
        ("点検した業者は山田工務店です。次はいつですか", Intent.DONE),
        ("終わった後にご連絡いただきありがとうございます。異常なしでした", Intent.DONE),
        ("点検が終わったころに雨が降り出しました", Intent.DONE),
        ("8/11から休業のため、8/20に伺います", Intent.SCHEDULE),
        ("同意します。控えは不要です", Intent.CONSENT),
    ],
)
def test_their_neighbours_are_something_else(text: str, intent: Intent) -> None:
    assert read_by_rules(text).intent is intent
