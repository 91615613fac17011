"""What is told of a house: by whom, what counts as news, and that the record never holds a word of it."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.core.notes import LONGEST, MOST_YEARS, Note, Noted, Topic, fault, noted

SINCE, TODAY = date(2022, 4, 1), date(2027, 1, 12)
OWNERS = frozenset({"owner:O1", "owner:O2"})
topics = st.sampled_from(Topic)
people = st.sampled_from(("owner:O1", "owner:O2", "owner:O9", "servicer:B1", "guest:G1", "staff:desk", "staff:sato"))
texts = st.one_of(st.just(""), st.text("鍵は裏口に犬門abc\n<&>", max_size=LONGEST + 5), st.just("鍵" * (LONGEST + 1)))
untils = st.one_of(st.none(), st.dates(SINCE - timedelta(days=400), date(2130, 1, 1)))
notes = st.builds(Note, topics, texts, people, st.just(TODAY), untils)


@st.composite
def houses(draw: st.DrawFn) -> Noted:
    """A house with any notes that could have been kept there."""
    kept = [note for note in draw(st.lists(notes, max_size=4)) if not note.empty and not fault(note, SINCE)]
    return Noted("H1", OWNERS, SINCE, {note.topic: note for note in kept})


@given(found=houses(), told=notes)
def test_one_fact_or_none(found: Noted, told: Note):
    """Exactly one where somebody who may says something new that can be kept; it holds nothing of the text."""
    outcome = noted(found, told, "d" * 16)
    before = found.kept.get(told.topic)
    says = not told.same_as(before) and not fault(told, SINCE)
    assert bool(outcome.deeds) == (says and found.may_tell(told.told_by))
    assert len(outcome.deeds) == len(outcome.changes) <= 1
    for deed, change in zip(outcome.deeds, outcome.changes, strict=True):
        assert deed.kind == change.kind == ("note_taken_back" if told.empty else "note_told")
        assert (outcome.house_id, deed.by) == ("H1", told.told_by)
        assert set(deed.data) <= {"topic", "digest", "until_on"}
        assert deed.data.get("digest", "d" * 16) == "d" * 16


@given(found=houses(), told=notes)
def test_saying_it_again_is_no_news(found: Noted, told: Note):
    """Nor is it when another says the same."""
    if noted(found, told, "").deeds:
        kept = {topic: note for topic, note in found.kept.items() if topic is not told.topic}
        after = Noted("H1", OWNERS, SINCE, kept if told.empty else kept | {told.topic: told})
        for by in (told.told_by, "staff:desk"):
            assert not noted(after, Note(told.topic, told.text, by, TODAY, told.until_on), "").deeds


@given(told=notes)
def test_whoever_is_neither_owner_nor_staff_tells_nothing(told: Note):
    """A company, a stranger, an owner of another house, or one of before."""
    outcome = noted(Noted("H1", {"owner:O2"}, SINCE), told, "")
    if outcome.deeds:
        assert told.told_by == "owner:O2" or told.told_by.startswith("staff:")


def test_what_cannot_be_kept():
    """Too long a text, and a day that is no guarantee's."""
    last = SINCE.replace(year=SINCE.year + MOST_YEARS)
    assert fault(Note(Topic.CARE, "犬" * LONGEST, "", TODAY), SINCE) == ""
    assert fault(Note(Topic.CARE, "犬" * (LONGEST + 1), "", TODAY), SINCE) == "text"
    assert fault(Note(Topic.CARE, "犬", "", TODAY, TODAY), SINCE) == "until"
    assert [fault(Note(Topic.GUARANTEE, "", "", TODAY, day), SINCE) for day in (SINCE, last)] == ["", ""]
    beyond = (SINCE - timedelta(days=1), last + timedelta(days=1))
    assert [fault(Note(Topic.GUARANTEE, "", "", TODAY, day), SINCE) for day in beyond] == ["until", "until"]
