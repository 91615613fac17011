"""What telling people costs: exact yen, the cheapest tariff, and nothing lost or gained by adding up."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.prices import price_lists
from bot.channels.registry import CHANNELS
from bot.core.cost import Counts, Part, PriceList, Tariff, cost_of, month_cost, yen
from bot.core.people import LETTER

FREE = Tariff("free", Decimal(0), 200)
LIGHT = Tariff("light", Decimal(5000), 5000)
STANDARD = Tariff("standard", Decimal(15000), 30000, Decimal(3))
PLATFORM = PriceList(tariffs=(FREE, LIGHT, STANDARD), tax=10, answers_free=True)
STAMP = Part("stamp", Decimal(110), "post", date(2024, 10, 1))
PAPER = PriceList(parts=(STAMP, Part("envelope", Decimal("12.5"), "own", date(2026, 1, 1))))
counts = st.integers(0, 200_000).flatmap(lambda sent: st.builds(Counts, st.just(sent), st.integers(0, sent)))
months = st.dictionaries(
    st.dates(date(2026, 1, 1), date(2029, 1, 1)).map(lambda day: f"{day:%Y-%m}"),
    st.dictionaries(st.sampled_from(("a", "letter")), counts),
    max_size=12,
)
PRICES = {"a": PLATFORM, "letter": PAPER}


@pytest.mark.parametrize(
    ("sent", "answers", "cost"),
    [
        (0, 0, "0"),
        (200, 0, "0"),
        (201, 0, "5500"),
        (5200, 200, "5500"),
        (5001, 0, "16500"),
        (30_001, 0, "16503.3"),
        (50_000, 50_000, "0"),
    ],
)
def test_a_month_goes_under_the_cheapest_tariff_that_carries_it(sent: int, answers: int, cost: str):
    assert month_cost(PLATFORM, Counts(sent, answers)) == Decimal(cost)


def test_a_letter_costs_all_its_parts_also_where_it_answers():
    assert month_cost(PAPER, Counts(4, 2)) == Decimal("490")


def test_a_list_that_carries_no_more_says_so():
    with pytest.raises(ValueError, match="201"):
        month_cost(PriceList(tariffs=(FREE,)), Counts(201))


@given(counts, counts)
def test_more_messages_never_cost_less(one: Counts, other: Counts):
    both = Counts(one.sent + other.sent, one.answers + other.answers)
    for prices in PRICES.values():
        assert month_cost(prices, both) >= max(month_cost(prices, one), month_cost(prices, other))


@given(months, st.integers(1, 1_000_000))
def test_the_parts_are_the_whole(told: dict[str, dict[str, Counts]], houses: int):
    """No message is lost, the channels together are the sum, and what a house pays is what all pay, shared."""
    cost = cost_of(told, PRICES, houses)
    sent = sum(one.sent for month in told.values() for one in month.values())
    assert sum(one.sent for one in cost.channels.values()) == sent
    whole = sum((month_cost(PRICES[n], c) for m in told.values() for n, c in m.items()), Decimal())
    assert cost.yen == whole
    if cost.months:
        shared = cost.per_house(cost.yen) * houses * cost.months / 12
        assert abs(shared - whole) < Decimal("0.000001")


@given(months)
def test_months_before_the_first_message_make_nothing_cheaper(told: dict[str, dict[str, Counts]]):
    before = {f"2020-{month:02d}": {"a": Counts()} for month in range(1, 13)}
    assert cost_of(before | told, PRICES, 10) == cost_of(told, PRICES, 10)


@given(counts, counts)
def test_what_a_tariff_costs_is_shared_by_those_who_used_it(one: Counts, other: Counts):
    """Two companies' houses pay together what all houses pay."""
    whole = {"2027-01": {"a": Counts(one.sent + other.sent, one.answers + other.answers)}}
    parts = [cost_of({"2027-01": {"a": part}}, PRICES, 1, whole).yen for part in (one, other)]
    assert abs(sum(parts) - cost_of(whole, PRICES, 1).yen) < Decimal("0.000001")
    assert min(parts) >= 0


def test_without_houses_nothing_is_divided():
    cost = cost_of({"2027-01": {"letter": Counts(1)}}, PRICES, 0)
    assert (cost.per_house(cost.yen), yen(cost.yen)) == (Decimal(0), 123)


def test_every_channel_has_its_prices_with_source_and_day():
    """Each list carries a year's messages of a million houses, and says where its figures stand."""
    lists = price_lists()
    assert set(lists) == {*CHANNELS, LETTER}
    for prices in lists.values():
        assert month_cost(prices, Counts(10_000_000)) >= 0
        assert all(part.source and part.yen > 0 for part in prices.parts)
        assert not prices.tariffs or (prices.source and prices.on)
    assert month_cost(lists[LETTER], Counts(1)) >= 110
