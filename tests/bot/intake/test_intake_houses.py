"""Houses: what is refused, what is kept with a warning, and what goes without a word."""

from datetime import date

import pytest

from bot.intake.rows import HouseRow, fields
from bot.intake.tables import HOUSES


def test_a_good_row_is_accepted_without_a_word(take_rows, good, store):
    """And arrives with real types."""
    report = take_rows("houses", good("houses"))
    assert report.verdict.name == "accept"
    assert (report.rows_total, report.rows_accepted, len(report.problems)) == (1, 1, 0)
    house = store.houses["H-001"]
    assert isinstance(house, HouseRow)
    assert house.handed_over_on == date(2018, 9, 30)
    assert (house.storeys, house.floor_area_m2, house.plan_years) == (2, 112.5, 60)
    assert house.certification_kind == "新築"
    assert house.addresses == (("email", "taro@example.jp"),)


def test_every_field_is_shown_under_its_key(take_rows, good, store):
    """As the file said it, dates as ISO text, blanks as nothing."""
    row = good("houses", telegram_chat_id="-100123", co_owners="花子・次郎", municipality_code="131121")
    take_rows("houses", row)
    shown = fields(store.houses["H-001"])
    assert list(shown) == [column.key for column in HOUSES.columns]
    assert shown["handed_over_on"] == "2018-09-30"
    assert shown["telegram_chat_id"] == "-100123"
    assert shown["co_owners"] == ["花子", "次郎"]
    assert shown["channel_order"] == ["email"]
    assert shown["guarantee_no"] is None


@pytest.mark.parametrize(
    ("change", "field", "reason"),
    [
        ({"house_id": ""}, "house_id", "required"),
        ({"house_id": "住宅1"}, "house_id", "bad_id"),
        ({"house_id": "H 1"}, "house_id", "bad_id"),
        ({"house_id": "Ｈ＃１"}, "house_id", "bad_id"),
        ({"house_id": "x" * 65}, "house_id", "too_long"),
        ({"owner_name": ""}, "owner_name", "required"),
        ({"handed_over_on": ""}, "handed_over_on", "required"),
        ({"servicer_id": ""}, "servicer_id", "required"),
        ({"builder_id": "S-9"}, "builder_id", "unknown_servicer"),
        ({"servicer_id": "S-9"}, "servicer_id", "unknown_servicer"),
        ({"backup_servicer_id": "S-9"}, "backup_servicer_id", "unknown_servicer"),
        ({"certified_on": "2009-06-03"}, "certified_on", "before_the_law"),
        ({"handed_over_on": "2018-02-28"}, "handed_over_on", "before_certification"),
        ({"handed_over_on": "2026-11-22"}, "handed_over_on", "in_the_future"),
        ({"handed_over_on": "23/4/1"}, "handed_over_on", "date_ambiguous"),
        ({"certification_kind": "中古"}, "certification_kind", "bad_choice"),
        ({"plan_years": "29"}, "plan_years", "out_of_range"),
        ({"plan_years": "長期"}, "plan_years", "not_a_number"),
        ({"residual_month": "2043年"}, "residual_month", "month_unreadable"),
        ({"language": "fr"}, "language", "bad_choice"),
        ({"email": "a@b.jp,c@d.jp"}, "email", "bad_address"),
        ({"line_user_id": "U123"}, "line_user_id", "bad_address"),
        ({"telegram_chat_id": "abc"}, "telegram_chat_id", "bad_address"),
        ({"consent_withdrawn_on": "2018-08-31"}, "consent_withdrawn_on", "before_consent"),
        ({"municipality_code": "131120"}, "municipality_code", "bad_municipality_code"),
        ({"lender": "x" * 201}, "lender", "too_long"),
        ({"address": "x" * 1001}, "address", "too_long"),
        ({"owner_name": "山\0田"}, "owner_name", "nul_character"),
    ],
)
def test_what_breaks_a_rule_refuses_the_row(take_rows, good, found, change, field, reason):
    """One reason, at its field; nothing of the row is kept."""
    report = take_rows("houses", good("houses", **change))
    assert found(report) == [(2, field, reason)]
    assert report.verdict.name == "reject_row"
    assert (report.rows_total, report.rows_accepted) == (1, 0)


@pytest.mark.parametrize(
    ("change", "field", "reason"),
    [
        ({"backup_servicer_id": "S-1"}, "backup_servicer_id", "backup_is_servicer"),
        ({"plan_years": "49"}, "plan_years", "plan_under_50_years"),
        ({"consent_information_on": ""}, "consent_information_on", "consent_missing"),
        ({"consent_mandate_on": ""}, "consent_mandate_on", "consent_missing"),
        ({"consent_mandate_on": "2026-11-22"}, "consent_mandate_on", "consent_in_the_future"),
        ({"channel_order": "email>fax"}, "channel_order", "unknown_channel"),
        ({"channel_order": "line>email"}, "channel_order", "channel_without_address"),
        ({"email": "", "channel_order": ""}, "channel_order", "no_channel"),
        ({"completed_on": "平成31年5月1日"}, "completed_on", "era_ended"),
    ],
)
def test_what_someone_should_look_at_is_kept_with_a_warning(take_rows, good, found, change, field, reason):
    """The row stands."""
    report = take_rows("houses", good("houses", **change))
    assert found(report) == [(2, field, reason)]
    assert report.verdict.name == "accept_with_warning"
    assert (report.rows_total, report.rows_accepted) == (1, 1)


@pytest.mark.parametrize(
    "change",
    [
        {"certification_kind": "増改築", "handed_over_on": "2010-01-01"},
        {"certification_kind": "既存", "handed_over_on": "2010-01-01"},
        {"certification_kind": "なし", "certified_on": "", "handed_over_on": "1990-01-01"},
        {"certified_on": "2009-06-04"},
        {"handed_over_on": "2018-03-01"},
        {"handed_over_on": "2026-11-21"},
        {"plan_years": "30", "residual_month": ""},
        {"plan_years": "50"},
        {"plan_years": ""},
        {"common_id": "", "owner_id": "", "lender": "", "completed_on": ""},
        {"consent_withdrawn_on": "2018-09-01"},
        {"consent_withdrawn_on": "2020-01-01"},
        {"house_id": "000.1-_a"},
        {"house_id": "x" * 64},
        {"language": ""},
    ],
)
def test_what_is_within_the_rules_goes_without_a_word(take_rows, good, change):
    """The edges of every rule."""
    assert take_rows("houses", good("houses", **change)).verdict.name == "accept"


def test_a_consent_of_tomorrow_is_none_also_tomorrow():
    """Nobody had agreed to anything when the file came."""
    house = HouseRow("H", "S", "S", date(2020, 1, 1), "山田", consent_mandate_on=date(2026, 11, 22))
    assert house.consents(date(2026, 11, 21)) == (None, None)


def test_all_errors_of_a_row_are_told_at_once_and_nothing_else(take_rows, good, found):
    """Warnings and standard forms of a row that is not kept would only distract."""
    row = good("houses", house_id="", email="x", certified_on="2018/3/1", consent_mandate_on="")
    assert found(take_rows("houses", row)) == [(2, "house_id", "required"), (2, "email", "bad_address")]


def test_ids_keep_their_leading_zeros(take_rows, good, store):
    """007 is not 7."""
    take_rows("houses", good("houses", house_id="007"), good("houses", house_id="7", common_id="C-7", owner_id="O-7"))
    assert {"007", "7"} <= store.houses.keys()


def test_the_same_house_twice_with_other_data_refuses_the_second(take_rows, good, found, store):
    """The first row stands."""
    report = take_rows("houses", good("houses"), good("houses", lender="別の銀行"))
    assert found(report) == [(3, "house_id", "same_key_other_data")]
    assert (report.rows_total, report.rows_accepted) == (2, 1)
    assert store.houses["H-001"].lender is None


def test_the_same_house_twice_with_the_same_data_is_one_house(take_rows, good):
    """However the dates are written; both rows stand."""
    report = take_rows("houses", good("houses"), good("houses", handed_over_on="2018/9/30"))
    assert [problem.reason for problem in report.problems] == ["date_form"]
    assert (report.rows_total, report.rows_accepted) == (2, 2)


def test_a_refused_row_takes_no_key(take_rows, good, found):
    """The good row after it is the first."""
    report = take_rows("houses", good("houses", plan_years="1"), good("houses"))
    assert found(report) == [(2, "plan_years", "out_of_range")]
    assert report.rows_accepted == 1


@pytest.mark.parametrize("key", ["common_id", "guarantee_no"])
def test_an_id_of_another_house_refuses_the_row(take_rows, good, found, key):
    """In the same file."""
    first = good("houses", **{key: "X-1"})
    second = good("houses", house_id="H-002", owner_id="O-2", common_id="C-2") | {key: "X-1"}
    assert found(take_rows("houses", first, second)) == [(3, key, "not_unique")]


@pytest.mark.parametrize("key", ["common_id", "guarantee_no"])
def test_an_id_of_a_stored_house_refuses_the_row(take_rows, good, found, key):
    """And the same house may come again with it."""
    assert take_rows("houses", good("houses", **{key: "X-1"})).verdict.name == "accept"
    assert take_rows("houses", good("houses", **{key: "X-1"})).verdict.name == "accept"
    other = good("houses", house_id="H-002", owner_id="O-2", common_id="C-2") | {key: "X-1"}
    assert found(take_rows("houses", other)) == [(2, key, "not_unique")]


def test_one_owner_may_have_several_houses(take_rows, good):
    """The same contacts, or none given again, are no matter."""
    report = take_rows(
        "houses",
        good("houses"),
        good("houses", house_id="H-002", common_id="C-2"),
        good("houses", house_id="H-003", common_id="C-3", phone="", owner_kana=""),
    )
    assert report.verdict.name == "accept"


def test_the_first_rows_contacts_of_an_owner_hold(take_rows, good, found, store):
    """Others that differ are a warning each, and are not taken."""
    other = {"email": "other@example.jp", "phone": "03-9999-9999", "line_user_id": "U" + "a" * 32}
    second = good("houses", house_id="H-002", common_id="C-2", **other)
    report = take_rows("houses", good("houses"), second)
    assert sorted(found(report)) == [(3, key, "contacts_differ") for key in sorted(other)]
    assert report.rows_accepted == 2
    assert not store.houses["H-002"].contacts_hold
    assert dict(store.owners["O-1"].addresses) == {"email": "taro@example.jp"}


def test_new_contacts_for_a_known_house_are_an_update(take_rows, good, store):
    """The owner has moved to another address."""
    take_rows("houses", good("houses"))
    assert take_rows("houses", good("houses", email="new@example.jp")).verdict.name == "accept"
    assert dict(store.owners["O-1"].addresses) == {"email": "new@example.jp"}


def test_a_further_house_of_a_known_owner_does_not_change_the_contacts(take_rows, good, found, store):
    """The stored ones hold."""
    take_rows("houses", good("houses"))
    report = take_rows("houses", good("houses", house_id="H-002", common_id="C-2", email="other@example.jp"))
    assert found(report) == [(2, "email", "contacts_differ")]
    assert dict(store.owners["O-1"].addresses) == {"email": "taro@example.jp"}


def test_importing_the_same_file_again_says_the_same_and_changes_nothing(take_rows, good, found, store):
    """Also where an owner's houses differ."""
    rows = [good("houses"), good("houses", house_id="H-002", common_id="C-2", email="other@example.jp")]
    first = found(take_rows("houses", *rows))
    before = (dict(store.houses), dict(store.owners))
    assert found(take_rows("houses", *rows)) == first
    assert (store.houses, store.owners) == before
