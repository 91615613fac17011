"""What time brings about around a house's history: the yearly question, entries, files, a provider that closes."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from bot.core.days import add_months, civil
from bot.core.history.access import CHECK_MONTHS, OPEN_ENTRIES, Entry, Held, Registration, Shelf
from bot.core.history.asking import confirm, hand_over, list_held, register
from bot.core.history.closing import closing, taken_back
from bot.core.history.keeper import ANSWER_DAYS, found
from bot.core.history.step import at_desk, changed, noted
from bot.core.matter import CLOCK
from bot.core.outcome import Change, Deed, Mode, Outcome, Say

FAR = date(9999, 12, 31)  # nothing more will come by itself
ENTER_DAYS = 60  # after a work closed, until an entry that nobody confirmed lies with the staff
FILES_AT_ONCE = 20  # handed over in one look
GOING_DAYS = 90  # that a file is still kept once the provider has it; see storage.retention
CONFIRMED, WITH_STAFF = "confirmed", "with_staff"  # what the provider said of the contract, and that staff know
ALL_IS_WELL = frozenset({"", CONFIRMED, WITH_STAFF})
Step = Callable[[Shelf, datetime], tuple[Shelf, Outcome]]


def tend(shelf: Shelf, now: datetime) -> Outcome:
    """Everything that is due around one house's history, and when to look at it again.

    Without the owner's mandate nothing is asked and nothing given to anybody.
    """
    shelf, back = taken_back(shelf, now)
    outcome = Outcome(shelf.house_id).and_also(back)
    if shelf.household.mandated:
        steps: tuple[Step, ...] = (found, _owner, _mandate, _provider, _list, _entries, _late, _files, _told, closing)
        for step in steps:
            shelf, more = step(shelf, now)
            outcome = outcome.and_also(more)
    looked = noted(look_on=next_look(shelf, civil(now)))
    return outcome.and_also(Outcome(shelf.house_id, changes=(looked,)))


def next_look(shelf: Shelf, today: date) -> date:
    """The next day on which anything can happen by itself."""
    if not shelf.household.mandated:
        return FAR
    days = [_late_on(shelf, entry) for entry in shelf.entries if entry.state in OPEN_ENTRIES]
    days += [_question_day(shelf), _check_day(shelf)]
    if any(file.state is Held.KEPT for file in shelf.evidence) and shelf.gives:
        days.append(today)
    return max(min(days), today + timedelta(days=1))


def _question_day(shelf: Shelf) -> date:
    """When the owner is asked again: a year after the house came in, anybody said how it is, or was asked."""
    access, household = shelf.access, shelf.household
    closes = access.provider is not None and not access.provider.open
    if closes or household.owner is None:
        return FAR
    said = (access.confirmed_on, access.answered_on, access.asked_on)
    return add_months(max([household.house.taken_in_on, *filter(None, said)]), CHECK_MONTHS)


def _owner(shelf: Shelf, now: datetime) -> tuple[Shelf, Outcome]:
    """One message a year with two answers. Who says nothing is asked again next year, and loses nothing.

    Where nobody told who keeps the history, that is what is asked.
    """
    today, owner, called = civil(now), shelf.household.owner, shelf.access.called
    if _question_day(shelf) > today or owner is None:
        return shelf, Outcome()
    shelf, change = changed(shelf, asked_on=today)
    kind = "owner_history" if called else "owner_keeper"
    said = Say(owner.id, kind, _about(shelf) | {"provider": called}, Mode.PROMPT)
    deed = Deed("history_asked", CLOCK, {"to": owner.id})
    return shelf, Outcome(shelf.house_id, deeds=(deed,), says=(said,), changes=(change,))


def _mandate(shelf: Shelf, now: datetime) -> tuple[Shelf, Outcome]:
    """Asked once, where a machine takes what is done: may we give it there? Without a yes the servicer is asked."""
    provider, owner, asked = shelf.reaches, shelf.household.owner, shelf.access.mandate_asked_on
    if provider is None or owner is None or shelf.gives is not None or asked is not None:
        return shelf, Outcome()
    shelf, change = changed(shelf, mandate_asked_on=civil(now))
    said = Say(owner.id, "owner_entrust", _about(shelf) | {"provider": provider.name}, Mode.PROMPT)
    return shelf, Outcome(shelf.house_id, says=(said,), changes=(change,))


def _about(shelf: Shelf) -> dict[str, Any]:
    return {"house": shelf.house_id}


def _check_day(shelf: Shelf) -> date:
    if shelf.reaches is None or not shelf.access.contract_no:
        return FAR
    asked = shelf.access.provider_asked_on
    return add_months(asked, CHECK_MONTHS) if asked else date.min


def _provider(shelf: Shelf, now: datetime) -> tuple[Shelf, Outcome]:
    """Once a year the provider's machine is asked as well; what differs there is looked at by the staff."""
    provider, outcome = shelf.reaches, Outcome()
    if provider is not None and _check_day(shelf) <= civil(now):
        says = (confirm(shelf, provider),)
        shelf, change = changed(shelf, provider_asked_on=civil(now))
        outcome = Outcome(shelf.house_id, says=says, changes=(change,))
    if shelf.access.provider_says in ALL_IS_WELL:
        return shelf, outcome
    shelf, raised = at_desk(shelf, "history_differs", now)
    shelf, change = changed(shelf, provider_says=WITH_STAFF)
    return shelf, outcome.and_also(raised).and_also(Outcome(changes=(change,)))


def _list(shelf: Shelf, now: datetime) -> tuple[Shelf, Outcome]:
    """Another company has the house: the provider's machine is asked what it holds of it, on the owner's mandate.

    One without a machine is written to: that letter lies in the company's papers, filled in.
    """
    provider = shelf.reaches
    if provider is None or not shelf.access.list_wanted:
        return shelf, Outcome()
    shelf, change = changed(shelf, list_wanted=False)
    return shelf, Outcome(shelf.house_id, says=(list_held(shelf, provider),), changes=(change,))


def _entries(shelf: Shelf, now: datetime) -> tuple[Shelf, Outcome]:
    """Works that closed: entered by ourselves where a machine takes them, otherwise their servicer is asked."""
    provider, outcome = shelf.access.provider, Outcome()
    new = [entry for entry in shelf.entries if entry.state is Entry.NEW]
    if provider is None or not provider.open or not new:
        return shelf, outcome
    for case_id, closed in groupby(new, key=lambda entry: entry.case_id):
        mine = tuple(closed)
        machine = shelf.gives
        state = Entry.SENT if machine else Entry.ASKED
        said = register(shelf, machine, mine) if machine else _ask(shelf, case_id, mine[0])
        ids = {entry.work_id for entry in mine}
        shelf = _stands(shelf, ids, state, civil(now))
        change = Change("entries_noted", {"works": sorted(ids), "state": state, "asked_on": civil(now)})
        outcome = outcome.and_also(Outcome(shelf.house_id, says=(said,) if said is not None else (), changes=(change,)))
    return shelf, outcome


def _ask(shelf: Shelf, case_id: str, entry: Registration) -> Say | None:
    """The servicer who did it and still looks after the house; of anybody else the staff ask later."""
    servicer, owner, provider = shelf.household.servicer, shelf.household.owner, shelf.access.provider
    if servicer is None or servicer.id != entry.servicer or not servicer.active or provider is None:
        return None
    params = _about(shelf) | {"of": case_id, "done": entry.done_on.isoformat(), "provider": provider.name}
    params |= {"owner": owner.name if owner else "", "common_id": shelf.household.house.common_id}
    return Say(servicer.id, "servicer_entered", params, Mode.PROMPT)


def _late(shelf: Shelf, now: datetime) -> tuple[Shelf, Outcome]:
    """What is in no history sixty days after it closed: one matter for all of it, with a holder and a day.

    It counts where nobody was asked as well, because no provider is known, or the one who is takes nothing new.
    """
    waiting = (entry for entry in shelf.entries if entry.state in OPEN_ENTRIES)
    late = {entry.work_id for entry in waiting if _late_on(shelf, entry) <= civil(now)}
    if not late:
        return shelf, Outcome()
    shelf, outcome = at_desk(shelf, "unregistered" if shelf.access.provider else "no_provider", now)
    change = Change("entries_noted", {"works": sorted(late), "state": Entry.STAFF})
    return _stands(shelf, late, Entry.STAFF), outcome.and_also(Outcome(changes=(change,)))


def _late_on(shelf: Shelf, entry: Registration) -> date:
    """From when an entry that nobody confirmed lies with the staff.

    Who was asked only after the sixty days has as many from then. While the owner says that nobody keeps the history it
    waits, and for some days after they were asked who does, or the staff got their words.
    """
    late, access, asked = entry.closed_on + timedelta(days=ENTER_DAYS), shelf.access, entry.asked_on
    if access.provider is not None:
        return asked + timedelta(days=ENTER_DAYS) if asked is not None and asked >= late else late
    if (until := access.nobody_until) is not None:
        return max(late, until + timedelta(days=ANSWER_DAYS))
    since = max(filter(None, (access.asked_on, access.answered_on)), default=None)
    return max(late, since + timedelta(days=ANSWER_DAYS)) if since else late


def _stands(shelf: Shelf, works: set[str], state: Entry, asked_on: date | None = None) -> Shelf:
    """The shelf with the entries of these works as they stand now."""
    entries = (
        replace(each, state=state, asked_on=asked_on or each.asked_on) if each.work_id in works else each
        for each in shelf.entries
    )
    return replace(shelf, entries=tuple(entries))


def _files(shelf: Shelf, now: datetime) -> tuple[Shelf, Outcome]:
    """Photos and reports are evidence in transit: they go to the owner's provider, a few at a time."""
    provider = shelf.gives
    kept = [file for file in shelf.evidence if file.state is Held.KEPT][:FILES_AT_ONCE]
    if provider is None or not kept:
        return shelf, Outcome()
    says = tuple(hand_over(shelf, provider, file) for file in kept)
    shelf = _moved_on(shelf, kept, Held.SENT)
    change = Change("evidence_noted", {"files": [file.ref for file in kept], "state": Held.SENT})
    return shelf, Outcome(shelf.house_id, says=says, changes=(change,))


def _told(shelf: Shelf, now: datetime) -> tuple[Shelf, Outcome]:
    """The owner hears that files were handed over, and may keep them here as well: one message for all of them."""
    handed = [file for file in shelf.evidence if file.state is Held.HANDED]
    owner, provider = shelf.household.owner, shelf.access.provider
    if not handed or owner is None:
        return shelf, Outcome()
    until = civil(now) + timedelta(days=GOING_DAYS)
    params = _about(shelf) | {"count": len(handed), "until": until.isoformat(), "kept": shelf.access.keep_files}
    params |= {"provider": provider.name if provider else ""}
    says = (Say(owner.id, "owner_files", params, Mode.RELAY),)
    change = Change("evidence_noted", {"files": [file.ref for file in handed], "state": Held.TOLD})
    return _moved_on(shelf, handed, Held.TOLD), Outcome(shelf.house_id, says=says, changes=(change,))


def _moved_on(shelf: Shelf, files: list[Any], state: Held) -> Shelf:
    evidence = (replace(file, state=state) if file in files else file for file in shelf.evidence)
    return replace(shelf, evidence=tuple(evidence))
