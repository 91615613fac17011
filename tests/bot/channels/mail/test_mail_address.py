"""Which addresses mail can be sent to, and in which form."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.mail.address import BadAddress, smtp_address


@pytest.mark.parametrize(
    ("text", "address"),
    [
        (" taro@example.jp ", "taro@example.jp"),
        ("Taro+house.1@Example.JP", "Taro+house.1@Example.JP"),
        ("taro..yamada@docomo.example", '"taro..yamada"@docomo.example'),
        ("taro.@ezweb.example", '"taro."@ezweb.example'),
        ('"taro."@ezweb.example', '"taro."@ezweb.example'),
        ("taro@日本語.jp", "taro@xn--wgv71a119e.jp"),
    ],
)
def test_an_address_that_works_gets_its_standard_form(text, address):
    """Old Japanese carrier addresses with odd dots are quoted, as RFC 5321 asks; domains become ASCII."""
    assert smtp_address(text) == address


@pytest.mark.parametrize(
    "text",
    [
        "",
        "taro",
        "@example.jp",
        "taro@",
        "taro@@example.jp",
        "太郎@example.jp",
        "taro@exa mple.jp",
        "taro@-example.jp",
        "taro@example..jp",
        "taro@example.jp>\r\nRCPT TO:<x@y.jp",
        "taro\n@example.jp",
        "a" * 65 + "@example.jp",
        "taro@" + "a" * 64 + ".jp",
    ],
)
def test_what_is_no_address_is_refused_without_repeating_it(text):
    """The reason is on record; the address, which may be a person's, is not."""
    with pytest.raises(BadAddress) as raised:
        smtp_address(text)
    assert "taro" not in str(raised.value)


@given(st.text(max_size=80) | st.from_regex(r"[ -~]{0,20}@[ -~\r\n]{0,20}", fullmatch=True))
def test_no_accepted_address_can_leave_its_place(text):
    """Whatever passes is one ASCII word without brackets, spaces or line breaks."""
    try:
        address = smtp_address(text)
    except BadAddress:
        return
    assert address.isascii()
    assert address.isprintable()
    assert not set(address) & set(" <>\r\n")
    assert smtp_address(address) == address
