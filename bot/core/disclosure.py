"""To whom something about an owner was given: what, when, and under which consent. Read from a house's record.

Whatever a company or a provider of histories is told about a house is a disclosure, and so is each file that is
handed over. The Act on the
Protection of Personal Information asks for such a list (art. 29), and an owner may ask to see it (art. 33).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.core.outcome import Deed
from bot.core.people import Role, role_of

DISCLOSED = "disclosed"  # the kind of the fact
OWN_REQUEST = "own_request"  # a person asked for their own data, so no consent is needed
OWN_DATA = "own_data"  # all of it
PACK = "handover"  # what a company needs that takes a house over
CONSENTS = frozenset({"mandate_given", "consent_claimed"})
ENTRUSTED = "history_entrusted"  # the owner lets us give records and files to who keeps the house's history


@dataclass(frozen=True, slots=True)
class Disclosure:
    """``under``: the fact of the consent, as ``fact:NUMBER`` of the house's record, or why none is needed."""

    at: datetime
    to: str
    what: tuple[str, ...]
    under: str
    by: str


def handed_over(to: str, manifest: str, under: str, by: str) -> Deed:
    """The fact that a company was given a house's pack: by the hash of its manifest, which names all that is in it."""
    return Deed(DISCLOSED, by, {"to": to, "what": [PACK], "under": under, "manifest": manifest})


def disclosed(to: str, what: Iterable[str], under: str, by: str) -> Deed:
    """The fact that something was handed over, with codes of what it was."""
    return Deed(DISCLOSED, by, {"to": to, "what": list(what), "under": under})


def disclosures(facts: Iterable[Mapping[str, Any]]) -> list[Disclosure]:
    """All disclosures in a house's record, which is given in its order."""
    found, consent, entrusted = [], "", ""
    for fact in facts:
        data = fact["data"]
        if fact["kind"] in CONSENTS:
            consent = f"fact:{fact['seq']}"
        elif fact["kind"] == ENTRUSTED:
            entrusted = f"fact:{fact['seq']}"
        elif fact["kind"] == "notice_sent" and role_of(data["to"]) is Role.PROVIDER:
            under = entrusted or consent
            found.append(Disclosure(fact["at"], data["to"], tuple(data["kinds"]), under, fact["by"]))
        elif fact["kind"] == DISCLOSED:
            found.append(Disclosure(fact["at"], data["to"], tuple(data["what"]), data["under"] or consent, fact["by"]))
        elif fact["kind"] == "notice_sent" and role_of(data["to"]) is Role.SERVICER:
            found.append(Disclosure(fact["at"], data["to"], tuple(data["kinds"]), consent, fact["by"]))
    return found
