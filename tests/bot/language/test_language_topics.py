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
    "text", ["天気はどうですか", "家を売りました", "離婚しました", "表札の色はどうすればいいですか"]
)
def test_what_is_none_of_ours_has_no_topic(text: str) -> None:
    assert understand(text, NOW, Role.OWNER, Context.REMINDER_DUE).topic is Topic.NONE
