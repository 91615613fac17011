"""Tables over many pages: what is one stays together, and every page can be read by itself."""

from hypothesis import given
from hypothesis import strategies as st

from templates.paper.sheet import Strip
from templates.paper.table import BOTTOM, TOP, Column, Part, again, heading, laid_out, names, row

COLUMNS = (Column("日", 40), Column("こと", 134))
lengths = st.lists(st.integers(1, 3000), min_size=1, max_size=60)


def part(sizes: list[int]) -> tuple[Part, list[list[Strip]]]:
    """A table whose rows hold so many signs, and the strips of each row."""
    rows = [list(row(COLUMNS, ("2027年3月1日", "あ" * size))) for size in sizes]
    return Part(heading("記録"), [strip for one in rows for strip in one], again("記録（続き）"), names(COLUMNS)), rows


@given(lengths)
def test_nothing_leaves_the_page_and_nothing_is_lost(sizes: list[int]):
    table, _ = part(sizes)
    pages = laid_out([table])
    assert all(y >= TOP and y + strip.height <= BOTTOM + 0.001 for page in pages for y, strip in page)
    placed = [strip for page in pages for _, strip in page]
    assert [strip for strip in placed if any(strip is one for one in table.rows)] == list(table.rows)


@given(lengths)
def test_every_page_begins_with_the_columns_names(sizes: list[int]):
    table, _ = part(sizes)
    for page in laid_out([table])[1:]:
        assert [strip for _, strip in page][: len(table.again) + 1] == [*table.again, table.names]


def test_a_heading_never_stands_alone_at_the_foot():
    """It goes over with the first row."""
    first, _ = part([10] * 37)
    second, _ = part([10] * 3)
    for count in range(30, 46):
        first, _ = part([10] * count)
        for page in laid_out([first, second]):
            assert page[-1][1] not in (*second.heading, second.names)


def test_a_row_that_no_page_holds_goes_on_on_the_next():
    table, rows = part([9000])
    assert len(rows[0]) > 1
    assert len(laid_out([table])) > 1
