"""The code of a line on a monthly list: a slip of the pen is seen."""

from hypothesis import given
from hypothesis import strategies as st

from bot.core.link_code import ALPHABET
from bot.core.sheet_code import code_of, codes_in, is_code, shown, typed

CODES = st.integers(0, 10**9).map(code_of)


@given(code=CODES, place=st.integers(0, 5), sign=st.sampled_from(ALPHABET))
def test_one_sign_misread_is_seen(code: str, place: int, sign: str):
    """Whichever sign, and whatever it was taken for."""
    other = code[:place] + sign + code[place + 1 :]
    assert is_code(other) == (other == code)


@given(code=CODES, one=st.integers(0, 5), two=st.integers(0, 5))
def test_two_signs_exchanged_are_seen(code: str, one: int, two: int):
    signs = list(code)
    signs[one], signs[two] = signs[two], signs[one]
    assert is_code("".join(signs)) == ("".join(signs) == code)


@given(code=CODES)
def test_it_is_typed_as_people_type(code: str):
    """In any case and width, with the dash or without."""
    wide = "".join(chr(ord(sign) + 0xFEE0) for sign in code)
    assert [typed(text) for text in (shown(code), shown(code).lower(), f" {wide} ", code)] == [code] * 4


def test_anything_else_is_no_code():
    assert not any(map(is_code, ("", "K7P3X", "K7P3XQA", "I1L0OO", "あいうえおか")))


@given(st.integers(0, 10**9), st.sampled_from(["{} 4/10 完了", "完了です。{}", "「{}」は4月10日", "{}"]))
def test_it_is_found_in_the_words_of_a_message(number: int, words: str):
    code = code_of(number)
    for written in (shown(code), code.lower(), shown(code).replace("-", " ")):
        assert codes_in(words.format(written)) == {written: code}
    for longer in (f"A{shown(code)}", f"{shown(code)}9"):  # never a part of a longer word
        assert codes_in(words.format(longer)) == {}
