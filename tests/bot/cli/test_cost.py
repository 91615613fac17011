"""`engawa cost`: what a house costs a year, by channel, with the source of each price."""

import json


def test_with_nothing_sent_it_costs_nothing(engawa):
    ended = engawa("cost", "--json", now="2026-11-30")
    told = json.loads(ended.out)
    assert (ended.status, told["houses"], told["yen"], told["months"]) == (0, 0, 0, "2025-12 to 2026-11")
    assert {one["channel"] for one in told["channels"]} >= {"letter", "line", "email", "chat"}
    assert next(one["yen"] for one in told["prices"] if one["channel"] == "letter") == "110"
    assert all(one["source"] and one["on"] for one in told["prices"])


def test_a_year_that_cannot_be(engawa):
    for year, why in (("27", "such as 2027"), ("０２７７", "such as 2027"), ("2031", "has not begun")):
        ended = engawa("cost", "--year", year, now="2026-11-30")
        assert (ended.status, ended.out) == (2, "")
        assert why in ended.err


def test_the_running_year_is_told_up_to_now(engawa):
    assert "months: 2026-01 to 2026-11" in engawa("cost", "--year", "2026", now="2026-11-30").out
