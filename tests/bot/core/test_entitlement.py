"""Until when a guarantee runs, by all that the guarantor told of it, in whatever order that came."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.core.entitlement import Entitled, Placed, entitlements
from bot.core.guarantee import Kind, Told

START = datetime(2026, 11, 1, tzinfo=UTC)


@st.composite
def told(draw: st.DrawFn) -> list[Told]:
    """A guarantee begins, and then they say this and that of it, sometimes two things in one instant."""
    kinds = [Kind.NEW, *draw(st.lists(st.sampled_from(Kind), max_size=6))]
    hours = [0, *(draw(st.integers(1, 4)) for _ in kinds[1:])]
    days = [draw(st.integers(0, 9)) for _ in kinds]
    return [
        Told(f"e{n}", kind, "Z-1", date(2026, 11, 1) + timedelta(day), START + timedelta(hours=hour), "C-1")
        for n, (kind, hour, day) in enumerate(zip(kinds, hours, days, strict=True))
    ]


@given(told(), st.randoms())
def test_the_last_word_on_its_end_counts_in_any_order(events, order):
    """As somebody would read them who has them all before them, the oldest first."""
    over = None
    for one in sorted(events, key=lambda one: (one.at, one.id)):
        if one.kind is Kind.NEW:
            over = None
        elif one.kind in (Kind.END, Kind.REPAID):
            over = one.on
    shuffled = list(events)
    order.shuffle(shuffled)
    found = entitlements({"H1": Entitled()}, [Placed(one, "H1") for one in shuffled])
    assert found == {"H1": Entitled("Z-1", None, over)}
