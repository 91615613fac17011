"""What staff key in for somebody, as it travels in a button."""

from hypothesis import given
from hypothesis import strategies as st

from bot.core.action import Action, read_action
from handlers.keyed import MOVES, RESULTS, Word, read_word

ID = st.from_regex(r"(owner|servicer):[A-Za-z0-9._-]{1,64}", fullmatch=True)
CODE = st.from_regex(r"(\d{6})?", fullmatch=True, alphabet="0123456789")
WORDS = st.builds(
    Word,
    via=st.sampled_from(["phone", "letter"]),
    verb=st.sampled_from(sorted([*RESULTS, *MOVES])),
    day=st.none() | st.dates(),
    person_id=ID,
    code=CODE,
)


@given(word=WORDS)
def test_a_word_travels_whole(word: Word):
    """Whatever was keyed in is what is read, through a button of any case."""
    action = read_action(str(Action("said", "H-1.a_b-12", 3, str(word))))
    assert action is not None
    assert read_word(action.arg) == word


@given(text=st.text())
def test_anything_else_is_no_word(text: str):
    """Other text is none, or says by which of the two ways it came; it never fails."""
    word = read_word(text)
    assert word is None or word.via in ("phone", "letter")
