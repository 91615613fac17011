"""What a question is about, in the words of people who ask."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language.topics import Topic, topic_of

ASKED = {
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


@pytest.mark.parametrize(("topic", "text"), [(topic, text) for topic, texts in ASKED.items() for text in texts])
def test_a_question_is_about_what_people_would_say_it_is(topic: Topic, text: str) -> None:
    assert topic_of(text) is topic


@pytest.mark.parametrize("text", ["天気はどうですか", "", "？", "元気？"])
def test_what_is_none_of_ours_has_no_topic(text: str) -> None:
    assert topic_of(text) is None


@given(st.text(max_size=2000))
def test_no_text_raises(text: str) -> None:
    assert topic_of(text) in {None, *Topic}
