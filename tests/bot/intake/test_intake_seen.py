"""What a call remembers of itself."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.intake.seen import Entry, Seen, key_hash

KEYS = st.integers(-(2**63), 2**63 - 1)


@pytest.fixture
def seen():
    memory = Seen()
    yield memory
    memory.close()


@given(st.dictionaries(KEYS, st.builds(Entry, st.integers(0, 9), KEYS, st.none() | st.text()), max_size=2000))
def test_what_was_remembered_is_found_again(entries):
    """Any number of keys at once."""
    memory = Seen()
    memory.remember(entries)
    assert memory.look(entries) == entries
    memory.remember({key: Entry(7, 7, "x") for key in entries})
    assert memory.look([*entries, 1]) == {**dict.fromkeys(entries, Entry(7, 7, "x"))} | memory.look([1])
    memory.close()


def test_houses_without_a_plan_are_found_in_pages(seen):
    """Each once."""
    seen.remember_houses(f"H-{number:03}" for number in range(50))
    seen.remember_planned([f"H-{number:03}" for number in range(0, 50, 2)])
    seen.remember_houses(["H-000", "H-001"])
    pages = list(seen.unplanned_houses(10))
    assert [len(page) for page in pages] == [10, 10, 5]
    assert [id for page in pages for id in page] == [f"H-{number:03}" for number in range(1, 50, 2)]


@given(st.text(), st.text(), st.text(), st.text())
def test_different_keys_have_different_hashes(a, b, c, d):
    """("a", "bc") is not ("ab", "c"); and every hash fits the database."""
    assert (key_hash("plan", a, b) == key_hash("plan", c, d)) == ((a, b) == (c, d))
    assert -(2**63) <= key_hash("plan", a, b) < 2**63
