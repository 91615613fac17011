"""A submitter's own address that is told what happens at its houses: which address may be one, what is told, and how.

What is told holds ids, codes and dates; whoever wants more comes with a key and reads it. The form is that of Standard
Webhooks 1.0.0 (standardwebhooks.com).
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Any, Protocol, runtime_checkable

from bot.core.days import TOKYO
from bot.core.guarantee import STANDING, TOLD, news_of
from bot.core.outcome import Deed, Mode, Say
from bot.core.people import Role, servicer_key

KIND = "hook_news"  # the message
MOST = 10  # addresses of one submitter
LONGEST = 400  # characters of an address
FAILING = timedelta(days=3)  # for which an address has answered nothing good until somebody looks at it
# A name, not a number: where it leads is looked at each time that something is sent there (see is_public).
_LABEL = "[a-z0-9]([a-z0-9-]{0,40}[a-z0-9])?"
_PATH = r"(/[A-Za-z0-9._~/-]{0,150})?(\?[A-Za-z0-9._~=&-]{1,100})?"
ADDRESS = rf"^https://({_LABEL}\.){{1,5}}[a-z]{{2,20}}(:[1-9][0-9]{{1,3}})?{_PATH}$"
_OWN = rf"http://(127\.0\.0\.1|localhost)(:[1-9][0-9]{{1,4}})?{_PATH}"
_TRANSLATED = IPv6Network("64:ff9b::/96")  # of IPv4, RFC 6052: the last four bytes are the address that is reached
NAME = "hook:"  # before what a secret belongs to


class News(StrEnum):
    """What is told; a word that is there keeps its meaning."""

    WORK_DUE = "work.due"
    VISIT_FIXED = "visit.fixed"  # or moved
    VISIT_OFF = "visit.off"  # a day that was fixed is none any more
    WORK_CLOSED = "work.closed"
    STANDING = "standing.changed"
    PROPOSED = "handover.proposed"
    ACCEPTED = "handover.accepted"
    DECLINED = "handover.declined"
    DONE = "handover.done"
    RAISED = "case.raised"  # it lies with the staff
    SETTLED = "case.settled"  # and does no more
    BATCH_PREPARED = "handover_batch.prepared"  # of all houses of a company
    BATCH_APPROVED = "handover_batch.approved"
    BATCH_DONE = "handover_batch.carried_out"
    BATCH_BACK = "handover_batch.taken_back"
    IMPORTED = "import.done"


class Ended(StrEnum):
    """Why nothing is told to an address any more."""

    GONE = "gone"  # it said so itself (410)
    REMOVED = "removed"


# The facts of which each is told.
OF_WORK: Mapping[str, News] = {
    "work_opened": News.WORK_DUE,
    "visit_fixed": News.VISIT_FIXED,
    "visit_moved": News.VISIT_FIXED,
    "visit_fell_through": News.VISIT_OFF,
    "visit_called_off": News.VISIT_OFF,
    "work_closed": News.WORK_CLOSED,
}
OF_HANDOVER: Mapping[str, News] = {
    "candidate_asked": News.PROPOSED,
    "candidate_accepted": News.ACCEPTED,
    "candidate_declined": News.DECLINED,
    "servicer_changed": News.DONE,
}
OF_CASE: Mapping[str, News] = {"matter_raised": News.RAISED, "matter_settled": News.SETTLED}
OF_BATCH: Mapping[str, News] = {
    "handover_prepared": News.BATCH_PREPARED,
    "handover_approved": News.BATCH_APPROVED,
    "handover_carried_out": News.BATCH_DONE,
    "handover_taken_back": News.BATCH_BACK,
}
IMPORT = "import_taken"
CONCERNING = frozenset({*OF_WORK, *OF_HANDOVER, *OF_CASE, *OF_BATCH, *TOLD, IMPORT})
FIXED = ("visit_fixed", "visit_moved")
KEPT = ("due_on", "backstop_on", "done_on", "result", "basis")  # of a work's fact as it is written


@dataclass(frozen=True, slots=True)
class Hook:
    """One such address. ``events`` are what it is told of."""

    id: str
    submitter: str
    url: str
    events: frozenset[News]
    made_at: datetime
    ended_why: str = ""

    @property
    def person_id(self) -> str:
        """Under whom what it is told is put down."""
        return f"{Role.HOOK}:{self.id}"


@dataclass(frozen=True, slots=True)
class Happened:
    """A fact of a house, or of the installation (``house_id`` empty), with when it was."""

    house_id: str
    deed: Deed
    at: datetime


def is_own(public_url: str) -> bool:
    """Whether an installation at this address is only reached on its own machine."""
    return bool(re.match(r"https?://(127\.0\.0\.1|localhost)([:/]|$)", public_url))


def is_address(url: str, *, own: bool) -> bool:
    """Whether that may be told anything: https by name; on an installation that is only reached on its ``own``
    machine also http there."""
    if len(url) > LONGEST:
        return False
    return bool(re.fullmatch(ADDRESS, url)) or (own and bool(re.fullmatch(_OWN, url)))


def is_public(number: str, *, own: bool = False) -> bool:
    """Whether a name that leads to this IP address leads out into the internet, so that nobody can have us knock at
    doors inside. Raises ValueError for what is no IP address."""
    found = _reached(ip_address(number.partition("%")[0]))
    return (own and found.is_loopback) or (found.is_global and not found.is_multicast and not found.is_reserved)


def _reached(found: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """The address within an address, where one is another's way to be written (RFC 4291, 3056, 4380, 6052)."""
    if isinstance(found, IPv4Address):
        return found
    if found in _TRANSLATED:
        return IPv4Address(int(found) & 0xFFFFFFFF)
    inner = found.ipv4_mapped or found.sixtofour or (found.teredo or (None, None))[1]
    return inner if inner is not None else found


def news_in(happened: Happened) -> tuple[News, dict[str, Any]] | None:
    """What is told of it and with which data, where it concerns whoever looks after the house."""
    kind, data = happened.deed.kind, happened.deed.data
    known = {"house_id": happened.house_id}
    if kind in OF_WORK:
        return OF_WORK[kind], known | {"case_id": happened.deed.case_id} | _of_work(kind, data)
    if kind in OF_CASE:  # without the reason: it may be what an owner said of the company
        return OF_CASE[kind], known | {"case_id": happened.deed.case_id, "on": _day(happened)}
    found = news_of(happened.deed, date.fromisoformat(_day(happened)))
    if found is None or found[0] != STANDING:
        return None
    return News.STANDING, known | {name: found[1][name] for name in ("state", "reasons", "on")}


def batch(happened: Happened) -> tuple[News, dict[str, Any]]:
    """What is told of a handover of all houses of a company: which, and whose houses they are."""
    data = happened.deed.data
    told = {"handover_id": str(data["handover"]), "from": str(data["servicer"]), "on": _day(happened)}
    return OF_BATCH[happened.deed.kind], told


def _day(happened: Happened) -> str:
    return happened.at.astimezone(TOKYO).date().isoformat()


def _of_work(kind: str, data: Mapping[str, Any]) -> dict[str, Any]:
    if "day" in data:
        return {"visit_on": data["day"]} | ({"moved": kind == "visit_moved"} if kind in FIXED else {})
    return {"work_id": data["work"], "code": data["item"]} | {name: data[name] or None for name in KEPT if name in data}


def parties(deed: Deed, present: str) -> tuple[str, str]:
    """Between which companies a handover is, by their ids: the house's own, and the one that is asked or has it now.
    ``present`` is who has the house."""
    if deed.kind == "servicer_changed":
        return _company(deed.data["from"]), _company(deed.data["to"])
    return present, _company(deed.by if deed.kind == "candidate_accepted" else deed.data["candidate"])


def _company(person_id: str) -> str:
    role, _, name = person_id.partition(":")
    return name if role == Role.SERVICER else ""


def imported(deed: Deed) -> tuple[News, dict[str, Any]]:
    """What a submitter is told of its own import."""
    return News.IMPORTED, {"import_id": deed.data["import"], "verdict": deed.data["verdict"], "rows": deed.data["rows"]}


def handover_word(case_id: str, company: str) -> str:
    """Of which a handover's id is the digest: whoever is asked must not know a house by it before it is theirs."""
    return f"handover:{case_id}:{servicer_key(company)}"


def tell(hook: Hook, news: tuple[News, Mapping[str, Any]], at: datetime, servicer: str = "") -> Say:
    """One message to one address. ``servicer`` is who has to have the house for as long as it waits; empty for any."""
    kind, data = news
    moment = at.replace(microsecond=0).astimezone(TOKYO).isoformat()
    known = {"hook": hook.id, "type": str(kind), "at": moment, "servicer": servicer, "data": dict(data)}
    return _say(hook, known)


def tell_again(hook: Hook, params: Mapping[str, Any], first: str) -> Say:
    """The same once more; ``first`` is the id under which it was told first, and by which they know it."""
    return _say(hook, {**params, "again": first})


def _say(hook: Hook, known: Mapping[str, Any]) -> Say:
    return Say(hook.person_id, "hook_news", known, Mode.RELAY)


def wants(hooks: Iterable[Hook], kind: News) -> list[Hook]:
    """Those that are told of it."""
    return [hook for hook in hooks if kind in hook.events]


def written(events: Iterable[News]) -> str:
    """As a row keeps them."""
    return " ".join(sorted(events))


def read_events(text: str) -> frozenset[News]:
    """What a row says; a word that nobody knows any more is none."""
    return frozenset(News(word) for word in text.split() if word in set(News))


def is_failing(since: datetime | None, now: datetime) -> bool:
    return since is not None and now - since > FAILING


@runtime_checkable
class OfSubmitters(Protocol):
    """A channel that reaches submitters' own addresses."""

    tells_submitters: bool
