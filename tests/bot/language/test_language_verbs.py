"""How verbs end: negation is found whatever politeness or dialect it hides in."""

import pytest

from bot.language.grammar.endings import ROWS, Form, ending
from bot.language.grammar.predicates import predicates
from bot.language.grammar.verbs import Act, nouns, stems
from bot.language.text.normal import normalise

ENDINGS = {
    Form.DID: (
        "終わりました 終わった 済んだ 済みました やってもらいました やってもろた 見ていただきました"
        " 来てくれた 実施された 終わっちゃった やっといた"
        " 点検してくれはった 点検してくれんさった 点検なさいました 来てくださいました 見て帰りました 見ていかれました"
    ),
    Form.IS: "終わっています 終わってる 終わっとる 終わっております 済んどる やってある 予約してます",
    Form.WAS: "終わっていました 終わってた",
    Form.NOT: "終わらない 終わりません 終わらん 終わらへん やらない やりません 来ない 来ひん できません",
    Form.NOT_DONE: (
        "終わってない 終わっていません 終わっておりません 終わってへん 終わっとらん 終わっちょらん"
        " 終わらなかった 終わりませんでした 済んどらん やってもらってません 来てくれませんでした 実施せず やれていない"
    ),
    Form.WILL: (
        "終わります 終わる やります やろう 来てもらう 実施します 訪問させていただきます"
        " 来はる いらっしゃいます 参ります"
    ),
    Form.WISH: "やりたい 来てもらえます 予約したい 見ていただけます",
    Form.ASK: "来てください やってほしい 予約してください 連絡ください",
    Form.IF: "終わったら 終われば 終わってから 終わり次第 済んだら",
    Form.AND: "終わって やってもらって 予約して",
}
CASES = [(word, form) for form, words in ENDINGS.items() for word in words.split()]


@pytest.mark.parametrize(("word", "form"), CASES)
def test_an_ending_says_whether_it_happened(word: str, form: Form) -> None:
    """One verb, read to its end: done, going on, not done, to come, wished, asked for, supposed."""
    (verb,) = predicates(normalise(word))
    assert verb.form is form
    assert verb.text == normalise(word)


@pytest.mark.parametrize("row", ROWS)
def test_every_row_of_endings_knows_its_past_and_its_negation(row: str) -> None:
    """Whatever the verb, ました and ません are told apart."""
    masu = ROWS[row][0].split("|")[0]
    past, negative = ending(f"{masu}ました", 0, row), ending(f"{masu}ませんでした", 0, row)
    assert past is not None
    assert negative is not None
    assert (past[0], negative[0]) == (Form.DID, Form.NOT_DONE)


def test_every_verb_of_the_tables_has_a_row_and_an_act() -> None:
    """A stem without endings, or a noun under two acts, would be a slip in the tables."""
    assert {row for _, row, _ in stems()} <= set(ROWS)
    assert {act for _, _, act in stems()} == set(Act)
    assert nouns()["予約"] is Act.ARRANGE
