"""Where two sides do not agree, nobody's word is missing and none stands twice."""

from hypothesis import given
from hypothesis import strategies as st

from bot.core.said import ROUNDS, WORDS, beside

PEOPLE = st.sampled_from(["owner:O-H1", "owner:O-H2", "servicer:B1"])
FACTS = st.lists(
    st.fixed_dictionaries({"by": PEOPLE, "kind": st.sampled_from([*sorted(WORDS), *sorted(ROUNDS), "prompt_sent"])})
)


@given(FACTS, st.sets(PEOPLE))
def test_everybody_who_spoke_in_this_round_is_heard_once(facts: list[dict[str, str]], reporters: set[str]):
    begins = max((place for place, fact in enumerate(facts) if fact["kind"] in ROUNDS), default=-1)
    said = {fact["by"]: fact["kind"] for fact in facts[begins + 1 :] if fact["kind"] in WORDS}
    shown = [(fact["by"], fact["kind"]) for fact in beside(facts, reporters)]
    assert len(shown) == len(dict(shown))
    assert dict(shown) == {by: kind for by, kind in said.items() if kind != "work_reported" or by not in reporters}


def test_a_report_that_a_co_owners_has_replaced_is_shown_beside_it():
    """One found a defect, the other did not: the second does not hide the first."""
    facts = [{"by": by, "kind": "work_reported"} for by in ("owner:O-H1", "owner:O-H2")]
    assert beside(facts, ["owner:O-H2"]) == [facts[0]]
