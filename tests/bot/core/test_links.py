"""A token is what the library itself would make of the same value, so that links of any age are read."""

import hashlib

from hypothesis import given
from hypothesis import strategies as st
from itsdangerous import URLSafeSerializer

from bot.core.links import MESSAGE, Links

OLD, NEW = "an older secret of no account", "the secret that signs"
LINKS = Links([OLD, NEW], "https://engawa.example")


def library(*secrets: str) -> URLSafeSerializer:
    return URLSafeSerializer(secrets, salt=f"engawa.{MESSAGE}", signer_kwargs={"digest_method": hashlib.sha256})


@given(st.integers(0, 10**11) | st.text(max_size=80))
def test_a_token_is_the_library_s_own(value: int | str):
    """A row's number or a name: the same bytes for every retry, whichever version of ours wrote the first."""
    assert LINKS.token(MESSAGE, value) == library(OLD, NEW).dumps(value)


@given(st.integers(0, 2**63 - 1) | st.text(max_size=80))
def test_every_token_is_read_back(value: int | str):
    """Also one under a secret that signs no more; one under none of ours is nobody's."""
    assert LINKS.read(MESSAGE, LINKS.token(MESSAGE, value)) == value
    assert LINKS.read(MESSAGE, str(library(OLD).dumps(value))) == value
    assert LINKS.read(MESSAGE, str(library("somebody else's").dumps(value))) is None
