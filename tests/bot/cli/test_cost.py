"""`engawa cost`: what a house costs a year, by channel, with the source of each price."""

import json


def test_with_nothing_sent_it_costs_nothing(engawa):
    ended = engawa("cost", "--json", now="2026-11-30")
    told = json.loads(ended.out)
    assert (ended.status, told["houses"], told["yen"], told["months"]) == (0, 0, 0, "2025-12 to 2026-11")
    assert {one["channel"] for one in told["channels"]} >= {"letter", "line", "email", "chat"}
    assert next(one["yen"] for one in told["prices"] if one["channel"] == "letter") == "110"
    assert all(one["source"] and one["on"] for one in told["prices"])
    assert [one["yen"] for one in told["prices"] if one["assumption"]] == ["25"]  # paper, print and envelope


REAL = '[[parts]]\nname = "切手と紙"\nyen = "{yen}"\nsource = "見積書"\non = {on}\n'


def test_the_operator_says_what_a_letter_really_costs(engawa, tmp_path):
    """A file of their own takes the place of ours; one that is none, or not whole, is refused with its name."""
    file = tmp_path / "postage.toml"
    file.write_text(REAL.format(yen="128.7", on="2027-01-15"), "utf-8")
    told = json.loads(engawa("cost", "--json", now="2026-11-30", postage_file=str(file)).out)
    letters = [one for one in told["prices"] if one["channel"] == "letter"]
    assert [(one["what"], one["yen"], one["assumption"]) for one in letters] == [("切手と紙", "128.7", False)]
    for wrong in ("", "x", REAL.format(yen="-1", on="2027-01-15"), REAL.format(yen="1", on='"soon"'), "[[parts]]\n"):
        file.write_text(wrong, "utf-8")
        ended = engawa("cost", now="2026-11-30", postage_file=str(file))
        assert (ended.status, ended.out) == (2, "")
        assert "ENGAWA_POSTAGE_FILE" in ended.err


def test_a_year_that_cannot_be(engawa):
    for year, why in (("27", "such as 2027"), ("０２７７", "such as 2027"), ("2031", "has not begun")):
        ended = engawa("cost", "--year", year, now="2026-11-30")
        assert (ended.status, ended.out) == (2, "")
        assert why in ended.err


def test_the_running_year_is_told_up_to_now(engawa):
    assert "months: 2026-01 to 2026-11" in engawa("cost", "--year", "2026", now="2026-11-30").out
