"""What a provider of histories is told or asked: the same data for a machine and for a letter.

Every request names the owner's consent, so that the provider can check how it came about (個人情報保護法第30条).
"""

from collections.abc import Iterable, Mapping
from typing import Any

from bot.core.history.access import Evidence, Provider, Registration, Shelf
from bot.core.outcome import Mode, Say
from bot.core.people import LETTER

NO_CONSENT: Mapping[str, str] = {"version": "", "hash": "", "on": ""}


def identified(shelf: Shelf) -> dict[str, Any]:
    """What tells a provider which house it is, and on whose word we ask. No name and no place."""
    return {
        "house": shelf.house_id,
        "common_id": shelf.household.house.common_id,
        "contract_no": shelf.access.contract_no,
        "consent": {**NO_CONSENT, **shelf.access.consent},
    }


def register(shelf: Shelf, provider: Provider, entries: Iterable[Registration]) -> Say:
    """The works of one visit, to be entered into the history."""
    works = [
        {
            "work": entry.work_id,
            "part": entry.part,
            "kind": str(entry.kind),
            "done_on": entry.done_on.isoformat(),
            "result": entry.result,
        }
        for entry in entries
    ]
    return _say(provider, "provider_record", identified(shelf) | {"works": works})


def hand_over(shelf: Shelf, provider: Provider, evidence: Evidence) -> Say:
    """One photo or report; the file goes with it."""
    file = {"digest": evidence.digest, "enclose": evidence.ref, "of": evidence.case_id}
    return _say(provider, "provider_file", identified(shelf) | file)


def confirm(shelf: Shelf, provider: Provider) -> Say:
    """Whether they still keep this house's history, under this contract."""
    return _say(provider, "provider_contract", identified(shelf))


def list_held(shelf: Shelf, provider: Provider) -> Say:
    """The list of what they hold of this house (住宅履歴情報一覧表)."""
    return _say(provider, "provider_list", identified(shelf) | {"address": shelf.access.registered_address})


def list_for_papers(shelf: Shelf, way: Mapping[str, Any], change: Mapping[str, str]) -> Say:
    """The same, as it lies in the papers of a house. ``way``: under what the provider knows it, as far as that leads;
    ``change``: since when which company has it, where another had it before."""
    told = identified(shelf) | {"contract_no": way["contract_no"] or "", "address": way["registered_address"] or ""}
    return Say("", "provider_list", told | dict(change), Mode.RELAY, channel=LETTER)


def look_up(shelf: Shelf, council: Provider, address: str) -> Say:
    """Who keeps the history of the house at this address: asked of the council.

    As it is registered with a provider, if anybody told that; otherwise as the house has it (``address``).
    """
    return _say(council, "provider_lookup", identified(shelf) | {"address": shelf.access.registered_address or address})


def _say(provider: Provider, kind: str, params: Mapping[str, Any]) -> Say:
    channel = "" if provider.reached else LETTER
    return Say(provider.person_id, kind, params, Mode.RELAY, channel=channel)
