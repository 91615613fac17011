"""What was given to whom, as the record of a house tells it."""

from datetime import UTC, datetime
from typing import Any

from bot.core.disclosure import OWN_DATA, OWN_REQUEST, disclosed, disclosures

AT = datetime(2027, 1, 4, tzinfo=UTC)
OWNER, COMPANY = "owner:O1", "servicer:B1"


def fact(seq: int, kind: str, **data: Any) -> dict[str, Any]:
    return {"seq": seq, "at": AT, "kind": kind, "by": "engawa", "data": data}


def test_what_a_company_is_told_is_given_under_the_consent_that_holds():
    """Each under the newest one before it; what the owner themselves and the staff are told is none."""
    record = [
        fact(1, "consent_claimed", person=OWNER),
        fact(2, "notice_sent", to=COMPANY, kinds=["servicer_offer"]),
        fact(3, "notice_sent", to=OWNER, kinds=["owner_ask"]),
        fact(4, "notice_sent", to="staff:desk", kinds=["staff_alert"]),
        fact(5, "mandate_given"),
        fact(6, "notice_sent", to=COMPANY, kinds=["servicer_confirm"]),
        fact(7, "notice_unknown", to=COMPANY, kinds=["servicer_overdue"]),
    ]
    assert [(one.what, one.under) for one in disclosures(record)] == [
        (("servicer_offer",), "fact:1"),
        (("servicer_confirm",), "fact:5"),
    ]


def test_a_file_that_is_handed_over_says_itself_under_what():
    """One's own data needs no consent."""
    deed = disclosed(OWNER, [OWN_DATA], OWN_REQUEST, OWNER)
    told = disclosures([fact(1, "consent_claimed"), {**fact(2, deed.kind), "data": deed.data, "by": deed.by}])
    assert [(one.to, one.what, one.under, one.by) for one in told] == [(OWNER, (OWN_DATA,), OWN_REQUEST, OWNER)]


def test_without_a_consent_the_list_shows_that_there_was_none():
    """It is a list for whoever checks."""
    assert disclosures([fact(1, "notice_sent", to=COMPANY, kinds=["x"])])[0].under == ""
