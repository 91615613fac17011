"""Many spellings, one reading."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language.text.normal import normalise, own_words
from bot.language.text.numerals import to_digits, value


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("ｵﾜﾘﾏｼﾀ", "終わりました"),
        ("おわりました　１１／３", "終わりました、11/3"),
        ("終わりまsた", "終わりました"),
        ("完了しまいた", "完了しました"),
        ("完了でーす", "完了です"),
        ("済んだよ〜", "済んだよ"),
        ("まだ来ぃひん", "まだ来ひん"),
        ("１ケ月後", "1か月後"),
        ("2〜3日前", "2~3日前"),
        ("2026ー11ー03", "2026-11-03"),
        ("l1月3日", "11月3日"),
        ("11月３曰", "11月3日"),
        ("11 月 3 日", "11月3日"),
        ("しちがつじゅうごにち", "7月15日"),
        ("㋿八年㋊三日", "令和8年11月3日"),
        ("らいしゅう", "来週"),
        ("以上なしでした", "異常なしでした"),
        ("もう　おくらないで　ください", "もう送らないでください"),
        ("あまもりが　します　こまっています", "雨漏りがします、こまっています"),
        ("もう連絡せんでよか", "もう連絡しなくてもいい"),
        ("送ってこんといて", "送ってこないで"),
        ("点検ぉわりました", "点検終わりました"),
        ("おわつた", "終わった"),
        ("めーるを止めて", "メールを止めて"),
        ("info@example.co.jp に変えて", "アドレスに変えて"),
    ],
)
def test_people_spell_and_the_rules_read(written: str, read: str) -> None:
    """Width, kana, kanji numerals, dashes, spaces and slips of the keyboard come out as one spelling."""
    assert normalise(written) == read


@pytest.mark.parametrize(
    "text",
    [
        "すみません",
        "おわびします",
        "カビがひどい",
        "クリスマス",
        "一部だけ",
        "四日市",
        "不十分です",
        "8/3~5",
        "どういたしまして",
        "していただきました",
    ],
)
def test_words_that_only_look_alike_are_left_alone(text: str) -> None:
    """An apology is no ending, a mould no verb, a city no day, and a tilde keeps its meaning."""
    assert normalise(text) == text


@given(st.integers(1, 999))
def test_kanji_numerals_are_numbers(n: int) -> None:
    """What is written 三百六十五 is 365."""
    digits = "〇一二三四五六七八九"
    hundreds, tens, units = n // 100, n // 10 % 10, n % 10
    written = ("" if not hundreds else ("" if hundreds == 1 else digits[hundreds]) + "百") + (
        "" if not tens else ("" if tens == 1 else digits[tens]) + "十"
    )
    assert value(written + (digits[units] if units else "")) == n
    assert to_digits("二〇二六年七月廿日") == "2026年7月20日"


@given(st.text())
def test_any_text_has_a_spelling(text: str) -> None:
    """Nothing that can be typed fails to be read, and the reading is settled after a second time at the latest."""
    once = normalise(text)
    assert normalise(normalise(once)) == normalise(normalise(normalise(once)))


def test_ones_own_words_are_never_lost() -> None:
    """A message that is nothing but a quotation is read as it is."""
    assert own_words("> まだです") == "> まだです"
    assert own_words("まだです\n> 点検はお済みですか").strip() == "まだです"
