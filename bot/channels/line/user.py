"""Who can be written to, and who wrote: the platform's names for people."""

import re

_USER = re.compile(r"U[0-9a-f]{32}")


def is_user(address: str) -> bool:
    """Whether this can be a person's id (webhook.yml of line-openapi).

    Asking for ids that cannot exist is forbidden ("Development guidelines"), so nobody else is written to.
    """
    return bool(_USER.fullmatch(address))


def user_id(address: str) -> str:
    """The id as the platform writes it: a builder's file may have it in any case. Empty for what can be none."""
    lower = address[:1] + address[1:].lower()
    return lower if is_user(lower) else ""


def masked(text: str) -> str:
    """The text without anybody's id."""
    return _USER.sub("<…>", text)
