"""Delivery reports: whose fault it is that a mail did not arrive, and which mail it was."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.arrival import What
from tests.bot.channels.mail.mails import KEY, OWNER, PLUS, heard, report

FAILED = "Action: failed"


@pytest.mark.parametrize(
    ("lines", "what"),
    [
        ((FAILED, "Status: 5.1.1", "Diagnostic-Code: smtp; 550 5.1.1 User unknown"), What.FAILED),
        ((FAILED, "Status: 5.1.10"), What.FAILED),
        ((FAILED, "Status: 5.2.1 (disabled)"), What.FAILED),
        ((FAILED, "Status: 5.5.0", "Diagnostic-Code: smtp; 550 Unknown user taro@example.ne.jp"), What.FAILED),
        ((FAILED, "Status: 5.0.0", "Diagnostic-Code: smtp; 550 Requested action: no such\n user here"), What.FAILED),
        ((FAILED, "Status: 5.5.0", "Diagnostic-Code: smtp; 554 Transaction failed"), What.RETURNED),
        ((FAILED, "Status: 5.1.8", "Diagnostic-Code: smtp; 553 sender refused"), What.RETURNED),
        ((FAILED, "Status: 5.2.2"), What.RETURNED),
        ((FAILED, "Status: 5.7.1", "Diagnostic-Code: smtp; 550 5.7.1 no such user, says our policy"), What.RETURNED),
        ((FAILED,), What.RETURNED),
        ((FAILED, "Status: 4.4.7"), What.RETURNED),
        (("Action: delayed", "Status: 4.4.1"), What.NOTHING),
        (("Action: delivered", "Status: 2.0.0"), What.NOTHING),
        (("Action: relayed", "Status: 2.0.0"), What.NOTHING),
        ((), What.NOTHING),
    ],
)
def test_each_report_means_what_it_says(lines, what):
    found = heard(report(*lines))
    assert found.what is what
    if what is not What.NOTHING:
        assert (found.address, found.answers_key, found.forgeable) == (OWNER, KEY, True)


def test_the_key_is_found_in_three_places():
    """The envelope's own name, the address it came back to, the headers of what came back."""
    lines = (FAILED, "Status: 5.1.1")
    none = {"to": "engawa@example.jp", "envelope": "X: y", "key": "unknown"}
    assert heard(report(*lines, **{**none, "envelope": f"Original-Envelope-Id: {KEY}"})).answers_key == KEY
    assert heard(report(*lines, **{**none, "to": PLUS})).answers_key == KEY
    assert heard(report(*lines, **{**none, "key": KEY})).answers_key == KEY
    assert heard(report(*lines, **none)).answers_key == ""


def test_on_forwarded_mail_the_address_is_the_one_we_wrote_to():
    lines = (FAILED, "Status: 5.1.1", "Original-Recipient: rfc822;Taro+2Bhouse@example.ne.jp")
    assert heard(report(*lines)).address == "taro+house@example.ne.jp"
    forwarded = report(FAILED, "Status: 5.1.1").replace(
        f"Final-Recipient: rfc822; {OWNER}".encode(), b"Final-Recipient: rfc822; x@y.jp"
    )
    assert heard(forwarded).address == OWNER


def test_a_read_receipt_is_nothing():
    receipt = report(FAILED, "Status: 5.1.1").replace(b"delivery-status", b"disposition-notification")
    assert heard(receipt).what is What.NOTHING


@given(st.lists(st.text(st.characters(codec="utf-8"), max_size=40), max_size=6))
def test_no_report_breaks_the_reading(lines):
    heard(report(*(line.replace("\n", " ") for line in lines)))
