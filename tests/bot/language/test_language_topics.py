"""What a question or a change is about, in the words of people."""

from datetime import datetime

import pytest

from bot.core.days import TOKYO
from bot.core.meaning import Context, Intent, Topic
from bot.core.people import Role
from bot.language.understand import understand

NOW = datetime(2027, 2, 1, 10, tzinfo=TOKYO)

SAID = {
    Topic.DEATH: ["父が亡くなりました", "主人が先月他界しました", "My father passed away"],
    Topic.CONTACT: ["電話番号が変わりました", "メールアドレスを変えました", "スマホを変えたのでLINEが変わりました"],
    Topic.LOAN: ["ローンの残額は？", "月々の返済はいくらですか", "How much of the loan is left?"],
    Topic.REDUCTION: [
        "金利引下げはいつまで？",
        "金利の引き下げはいつまでですか",
        "金利優遇の期間はいつ終わりますか",
        "いつまで金利が安いの",
        "When does the interest reduction end?",
        "Until when is my rate reduced?",
    ],
    Topic.FIXED_RATE: [
        "固定期間はいつ終わる",
        "固定金利はいつまで続きますか",
        "金利の見直しはいつですか",
        "When does the fixed rate period end?",
    ],
    Topic.PREPAYMENT: ["繰上返済はいつからできる", "繰り上げ返済はできますか？", "When can I prepay the loan?"],
    Topic.RESIDUAL_MONTH: ["残価設定月はいつ", "残価設定月を教えてください", "When is the residual month?"],
    Topic.INSURANCE: ["火災保険の期限は", "火災保険はいつまでですか", "When does my fire insurance expire?"],
    Topic.HISTORY: ["これまでの点検の記録を教えて", "前回はいつでしたか", "履歴を見たい"],
    Topic.STAKE: [
        "やらないとどうなりますか",
        "受けなかったら罰金ありますか",
        "保証はどうなるの",
        "What happens if I skip it?",
    ],
    Topic.PRESENCE: ["立ち会いは必要ですか", "留守でも大丈夫ですか", "Do I have to be at home?"],
    Topic.WHY: ["なぜ点検が必要なんですか", "点検って義務ですか", "なんのためにするの？", "Why is this required?"],
    Topic.SENDER: ["あなたは誰ですか", "これ詐欺じゃないですか", "このメールは何？", "Who are you?"],
    Topic.VISITOR: ["誰が来るの", "どこの会社が来ますか", "何人で来ますか", "Which company comes?"],
    Topic.COST: ["費用はいくらですか", "無料ですか", "お金かかる？", "How much does it cost?"],
    Topic.DURATION: ["何時間かかりますか", "どのくらいかかりますか", "How long does it take?"],
    Topic.CONTENT: ["何を点検するの", "どんな点検ですか", "点検の内容を教えてください"],
    Topic.WHEN: ["次の点検はいつですか", "いつまでにやればいいの", "期日を教えて", "When is the next inspection?"],
}


@pytest.mark.parametrize(("topic", "text"), [(topic, text) for topic, texts in SAID.items() for text in texts])
def test_it_is_about_what_people_would_say_it_is(topic: Topic, text: str) -> None:
    meaning = understand(text, NOW, Role.OWNER, Context.REMINDER_DUE)
    assert meaning.intent is (Intent.CHANGE if topic in (Topic.DEATH, Topic.CONTACT) else Intent.QUESTION)
    assert meaning.topic is topic


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("金利はいくらですか", Topic.LOAN),
        ("金利の引下げでいくら安くなりますか", Topic.LOAN),
        ("固定電話はいつまで使えますか", Topic.WHEN),
        ("点検はいつまでにやればいいですか", Topic.WHEN),
        ("残価保証はどうなりますか", Topic.STAKE),
        ("火災保険に入っていますか", Topic.NONE),
        ("When is the next inspection?", Topic.WHEN),
    ],
)
def test_what_stands_beside_the_days_of_a_loan_is_none_of_them(text: str, topic: Topic) -> None:
    assert understand(text, NOW, Role.OWNER, Context.REMINDER_DUE).topic is topic


@pytest.mark.parametrize("text", ["繰上返済しました", "火災保険が切れたので更新しました", "ローンを借り換えました"])
def test_what_is_told_of_a_loan_is_no_question(text: str) -> None:
    assert understand(text, NOW, Role.OWNER, Context.REMINDER_DUE).intent is not Intent.QUESTION


@pytest.mark.parametrize(
    "text", ["天気はどうですか", "家を売りました", "離婚しました", "表札の色はどうすればいいですか"]
)
def test_what_is_none_of_ours_has_no_topic(text: str) -> None:
    assert understand(text, NOW, Role.OWNER, Context.REMINDER_DUE).topic is Topic.NONE
