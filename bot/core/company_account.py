"""The provider that vouches for the accounts of the staff's company, and what it says of somebody."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Company:
    """``url`` is the issuer's. ``require``: a claim and its value that all of the company have, and nobody else."""

    url: str
    client_id: str
    client_secret: str = field(repr=False)
    require: tuple[str, str] = ("", "")

    def address(self, claims: Mapping[str, Any]) -> str:
        """The mail address that it vouches for; empty where it does not, or for somebody of another company."""
        name, value = self.require
        if name and claims.get(name) != value:
            return ""
        address = claims.get("email")
        return address if isinstance(address, str) and claims.get("email_verified") is True else ""
