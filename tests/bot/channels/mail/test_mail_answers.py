"""What servers answer, as real ones word it, and what becomes of the address, the message and the channel."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.mail.answers import Step, accepted, refused
from bot.core.delivery import Outcome

REFUSALS = [
    # nobody there: the address is given up
    (Step.RECIPIENT, 550, "5.1.1 <taro@example.jp>: Recipient address rejected: User unknown", Outcome.DEAD),
    (Step.RECIPIENT, 550, "5.1.2 no such domain", Outcome.DEAD),
    (Step.RECIPIENT, 501, "5.1.3 Bad recipient address syntax", Outcome.DEAD),
    (Step.RECIPIENT, 551, "5.1.6 Mailbox has moved", Outcome.DEAD),
    (Step.RECIPIENT, 556, "5.1.10 Recipient address has null MX", Outcome.DEAD),
    (Step.RECIPIENT, 550, "5.2.1 The email account that you tried to reach is inactive", Outcome.DEAD),
    (Step.RECIPIENT, 550, "Unknown user", Outcome.DEAD),
    (Step.RECIPIENT, 550, "Requested action not taken: mailbox unavailable", Outcome.DEAD),
    (Step.RECIPIENT, 551, "User not local", Outcome.DEAD),
    (Step.CONTENT, 550, "5.1.1 no such user here", Outcome.DEAD),
    # not this message, but the address may be fine
    (Step.RECIPIENT, 552, "5.2.2 Mailbox full", Outcome.REFUSED),
    (Step.RECIPIENT, 550, "5.4.1 Recipient address rejected", Outcome.REFUSED),
    (Step.RECIPIENT, 554, "Transaction failed", Outcome.REFUSED),
    (Step.CONTENT, 554, "5.6.0 Message content not accepted", Outcome.REFUSED),
    (Step.CONTENT, 550, "mailbox unavailable", Outcome.REFUSED),
    (Step.CONTENT, 552, "Too much mail data", Outcome.REFUSED),
    (Step.SENDER, 552, "5.3.4 Message size exceeds fixed limit", Outcome.REFUSED),
    # we are refused: nobody's address is to blame
    (Step.CONNECT, 554, "No SMTP service here", Outcome.CLOSED),
    (Step.SENDER, 530, "5.7.0 Must issue a STARTTLS command first", Outcome.CLOSED),
    (Step.SENDER, 553, "5.7.1 <engawa@example.jp>: Sender address rejected: not owned by user", Outcome.CLOSED),
    (Step.SENDER, 550, "5.1.8 Sender address rejected: Domain not found", Outcome.CLOSED),
    (Step.SENDER, 550, "go away", Outcome.CLOSED),
    (Step.RECIPIENT, 530, "Authentication required", Outcome.CLOSED),
    (Step.RECIPIENT, 550, "5.7.1 Service unavailable, client host blocked", Outcome.CLOSED),
    (Step.RECIPIENT, 554, "5.7.1 <taro@example.jp>: Relay access denied", Outcome.CLOSED),
    (Step.RECIPIENT, 550, "5.1.8 <engawa@example.jp>: Sender address rejected", Outcome.CLOSED),
    (Step.RECIPIENT, 550, "relay not permitted", Outcome.CLOSED),
    (Step.RECIPIENT, 550, "Administrative prohibition", Outcome.CLOSED),
    (Step.CONTENT, 550, "5.7.26 Unauthenticated email is not accepted", Outcome.CLOSED),
    # not now
    (Step.CONNECT, 421, "4.3.2 Service shutting down", Outcome.LATER),
    (Step.SENDER, 451, "4.3.0 Temporary lookup failure", Outcome.LATER),
    (Step.SENDER, 452, "4.3.1 Insufficient system storage", Outcome.LATER),
    (Step.RECIPIENT, 450, "4.2.0 Greylisted, please try again", Outcome.LATER),
    (Step.RECIPIENT, 452, "4.2.2 Mailbox full", Outcome.LATER),
    (Step.RECIPIENT, 250, "Ok", Outcome.LATER),
    (Step.CONTENT, 451, "4.7.1 try later", Outcome.LATER),
    # neither yes nor no, with the content perhaps taken
    (Step.CONTENT, 252, "Well", Outcome.UNKNOWN),
]


@pytest.mark.parametrize(("step", "code", "text", "outcome"), REFUSALS)
def test_a_refusal_means_one_thing(step, code, text, outcome):
    """An address dies only where there is no such mailbox; where we are refused, the channel stops instead."""
    receipt = refused(step, code, text)
    assert receipt.outcome is outcome
    assert receipt.detail.startswith(f"{step}: {code}")


@given(step=st.sampled_from([Step.CONNECT, Step.SENDER]), code=st.integers(400, 599), text=st.text(max_size=60))
def test_no_answer_before_the_recipient_ends_an_address(step, code, text):
    """Before its address was even named, nobody's address can be at fault."""
    assert refused(step, code, text).outcome is not Outcome.DEAD


@pytest.mark.parametrize(
    "text",
    [
        "5.1.1 <taro@example.jp>: Recipient address rejected",
        "5.1.1 taro@example.jp... User unknown",
        "unknown user (taro@example.jp)\nsee https://x.example/?a=taro@example.jp",
        '5.1.1 <"taro..y"@example.jp>: unknown',
    ],
)
def test_the_servers_word_is_kept_without_the_address(text):
    """The record may be read for fifty years; whose address it was is not in it."""
    detail = refused(Step.RECIPIENT, 550, text).detail
    assert "taro" not in detail
    assert "@" not in detail
    assert "\n" not in detail


@given(st.text())
def test_any_word_of_a_server_fits_on_one_printable_line(text):
    """Control characters, line breaks and half surrogates do not reach the record."""
    detail = refused(Step.CONTENT, 554, text).detail
    assert detail.isprintable()
    assert len(detail) <= 230


@pytest.mark.parametrize(
    ("text", "provider_id"),
    [
        ("2.0.0 Ok: queued as 4XyZ12abc", "4XyZ12abc"),
        ("OK id=1tABcd-000000001Xy-2aBc", "1tABcd-000000001Xy-2aBc"),
        ("2.0.0 OK  1732147200 d9443c01a7336-21 - gsmtp", ""),
        ("", ""),
    ],
)
def test_the_servers_own_number_for_the_mail_is_kept(text, provider_id):
    """It is what the server's operator asks for first."""
    receipt = accepted(text)
    assert (receipt.outcome, receipt.provider_id) == (Outcome.SENT, provider_id)
