"""Companies: who they are and how they are reached."""

import pytest

from bot.intake.rows import fields


def test_a_company_is_taken_with_everything_given(take_rows, good, store):
    """Optional columns included."""
    row = good(
        "servicers",
        corporate_no="7000012050002",
        line_user_id="U" + "0" * 32,
        channel_order="line>email",
        closing_days="火水",
        backup="はい",
        capacity_per_month="12",
        licence_until="2030-03-31",
        language="en",
    )
    assert take_rows("servicers", row).verdict.name == "accept"
    company = store.servicers["S-1"]
    assert (company.backup, company.capacity_per_month, company.language) == (True, 12, "en")
    assert fields(company)["backup"] == "はい"
    assert fields(company)["licence_until"] == "2030-03-31"


@pytest.mark.parametrize(
    ("change", "field", "reason"),
    [
        ({"servicer_id": ""}, "servicer_id", "required"),
        ({"name": ""}, "name", "required"),
        ({"corporate_no": "7000012050003"}, "corporate_no", "bad_corporate_no"),
        ({"status": "倒産"}, "status", "bad_choice"),
        ({"backup": "true"}, "backup", "bad_choice"),
        ({"closed_on": "04/01/2023"}, "closed_on", "date_ambiguous"),
        ({"capacity_per_month": "多数"}, "capacity_per_month", "not_a_number"),
        ({"email": "なし"}, "email", "bad_address"),
    ],
)
def test_what_is_no_company_is_refused(take_rows, good, found, change, field, reason):
    """One reason, at its field."""
    assert found(take_rows("servicers", good("servicers", **change))) == [(2, field, reason)]


def test_the_same_company_twice_with_other_data_refuses_the_second(take_rows, good, found):
    """In one file; in a later file it is an update."""
    report = take_rows("servicers", good("servicers"), good("servicers", name="別名"))
    assert found(report) == [(3, "servicer_id", "same_key_other_data")]
    assert take_rows("servicers", good("servicers", name="別名")).verdict.name == "accept"


def test_a_company_without_any_address_is_no_matter(take_rows, good):
    """The letter remains; only houses need a channel."""
    assert take_rows("servicers", good("servicers", email="")).verdict.name == "accept"
