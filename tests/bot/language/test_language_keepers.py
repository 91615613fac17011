"""Who keeps the papers of a house, in an owner's words: plainly one of the list, nobody, or neither."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language.keepers import about_keeping, keeper_named, says_nobody

LIST = {"P1": "いえかるて東京", "P2": "いえかるて", "P3": "一般社団法人 住宅履歴の会"}
AROUND = st.text(alphabet="あのですにさまと 、。\n", max_size=12)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("いえかるて東京です", "P1"),
        ("「いえかるて　東京」に預けています", "P1"),
        ("いえかるてさん", "P2"),
        ("住宅履歴の会だったかと", "P3"),
        ("いえかるて東京ではありません", ""),
        ("いえかるて東京は解約しました", ""),
        ("いえかるて東京か住宅履歴の会のどちらか", ""),
        ("東京のかるて", ""),
        ("わかりません", ""),
    ],
)
def test_one_is_meant_only_where_it_is_plain(text: str, meant: str):
    assert keeper_named(text, LIST) == meant


@given(AROUND, st.sampled_from(sorted(LIST)), AROUND)
def test_a_name_is_found_whatever_stands_around_it(before: str, each: str, after: str):
    assert keeper_named(before + LIST[each] + after, LIST) == each


@given(AROUND, st.permutations(["P1", "P3"]), AROUND)
def test_two_names_are_never_one(between: str, both: list[str], after: str):
    """Nothing is guessed."""
    assert keeper_named(LIST[both[0]] + between + LIST[both[1]] + after, LIST) == ""


@pytest.mark.parametrize(
    "text",
    [
        "ない",
        "わかりません",
        "とくにありません。",
        "どこにも預けていないと思います",
        "よくわからないです",
        "None",
        "I don't know.",
    ],
)
def test_nobody_is_heard_as_such(text: str):
    assert says_nobody(text)


@pytest.mark.parametrize(
    "text", ["異常はありません", "点検は終わりました", "いえかるて東京", "都合がわかりません", "はい"]
)
def test_other_words_are_not_taken_for_nobody(text: str):
    assert not says_nobody(text)


def test_what_a_mail_quotes_of_our_question_is_none_of_their_words():
    assert about_keeping("履歴は役所です")
    assert not about_keeping("来週でお願いします\n> お住まいの図面や点検の記録（住宅履歴）を預けておいででしたら")
