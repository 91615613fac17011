"""The way to a house's history: who keeps it and under what, as its record, papers and the staff's pages tell it."""

from collections.abc import Mapping
from datetime import date
from typing import Any

CONTRACT = ("contract_no", "registered_address")
NOBODY: dict[str, Any] = {"history_provider": None, **dict.fromkeys(CONTRACT)}


def way_to(house: Mapping[str, Any], told: Mapping[str, Any]) -> dict[str, Any]:
    """The provider by its name, and what it knows the house by. What people told goes before what a file named.

    ``told`` is the row of the house's access with the provider's name; empty where nobody told anything.
    """
    named = told.get("provider") or house["history_provider"]
    return {"history_provider": named, "common_id": house["common_id"]} | {name: told.get(name) for name in CONTRACT}


def open_way(house: Mapping[str, Any], told: Mapping[str, Any], today: date) -> dict[str, Any]:
    """The same as far as it leads: after a provider's last day nobody answers there, and its contract is over."""
    closed_on = told.get("provider_closed_on")
    found = way_to(house, told)
    return found | NOBODY if closed_on is not None and closed_on < today else found
