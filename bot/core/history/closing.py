"""A provider that closes: its houses' owners are asked for another one, each as of any date around the plan.

Like a company that closes it is prepared, looked at, and signed; where it goes on after all, what was begun is taken
back at every house whose owner has not chosen another one.
"""

from dataclasses import replace
from datetime import date, datetime, timedelta

from bot.core.case import Basis, Case, Phase, Scene, Work
from bot.core.course import finish
from bot.core.days import civil
from bot.core.history.access import PROVIDER_CLOSED, Shelf
from bot.core.history.asking import list_held
from bot.core.history.step import at_desk, changed
from bot.core.matter import CLOCK, outlive
from bot.core.outcome import Deed, Mode, Outcome, Say
from bot.core.plan import DoneBy, Kind

SEARCH_DAYS = 60  # for an owner to find another provider


def was_prepared(provider_id: str, on: date, by: str) -> Deed:
    return Deed("provider_closing_prepared", by, {"provider": provider_id, "on": on.isoformat()})


def was_approved(provider_id: str, on: date, by: str) -> Deed:
    return Deed("provider_closes", by, {"provider": provider_id, "on": on.isoformat()})


def was_taken_back(provider_id: str, by: str) -> Deed:
    return Deed("provider_goes_on", by, {"provider": provider_id})


def closing(shelf: Shelf, now: datetime) -> tuple[Shelf, Outcome]:
    """The owner is asked for another provider.

    Once they say that they have one, staff learn its name from them. The list of what is held is asked for at once,
    while there is somebody who can answer.
    """
    access, provider = shelf.access, shelf.access.provider
    if provider is None or provider.open:
        return shelf, Outcome()
    if access.closing_told != provider.id:
        return _ask_for_another(shelf, now)
    if shelf.search is not None or access.closing_raised:
        return shelf, Outcome()
    shelf, outcome = at_desk(shelf, "new_provider", now)
    shelf, change = changed(shelf, closing_raised=True)
    return shelf, outcome.and_also(Outcome(changes=(change,)))


def _ask_for_another(shelf: Shelf, now: datetime) -> tuple[Shelf, Outcome]:
    provider, today = shelf.access.provider, civil(now)
    assert provider is not None
    house_id, number, due = shelf.house_id, shelf.next_number, today + timedelta(days=SEARCH_DAYS)
    case = Case(f"{house_id}-{number}", house_id, number, f"milestone/1/owner/{SEARCH_DAYS}", today, due)
    work = Work(f"{case.id}-1", case.id, PROVIDER_CLOSED, "", Kind.MILESTONE, False, DoneBy.OWNER, due)
    told = Deed("provider_closing", CLOCK, {"provider": provider.id, "on": str(provider.closed_on)}, case.id)
    opened = Outcome(works=(work,), deeds=(told,), says=(list_held(shelf, provider),))
    search = Scene(shelf.household, case, (work,), number + 1)
    outcome = finish(search, now, opened, soonest=today)
    shelf, change = changed(shelf, closing_told=provider.id, closing_raised=False)
    return replace(shelf, next_number=number + 1, search=search), outcome.and_also(Outcome(changes=(change,)))


def taken_back(shelf: Shelf, now: datetime) -> tuple[Shelf, Outcome]:
    """The provider goes on: nobody is asked for another one any more, and whoever was hears so."""
    provider, search = shelf.access.provider, shelf.search
    if provider is None or not provider.open or shelf.access.closing_told != provider.id:
        return shelf, Outcome()
    deed = Deed("provider_stays", CLOCK, {"provider": provider.id}, search.case.id if search else "")
    told = {"house": shelf.house_id, "provider": provider.name}
    owners = shelf.household.owners if shelf.household.mandated else ()
    says = tuple(Say(owner.id, "owner_provider_back", told, Mode.RELAY) for owner in owners)
    shelf, change = changed(shelf, closing_told="", closing_raised=False)
    outcome = Outcome(shelf.house_id, deeds=(deed,), says=says, changes=(change,))
    if search is None:
        return shelf, outcome
    return replace(shelf, search=None), outcome.and_also(_called_off(search, now))


def _called_off(search: Scene, now: datetime) -> Outcome:
    works = tuple(replace(work, basis=Basis.CALLED_OFF) for work in search.open_works)
    search, kept = outlive(search, CLOCK)
    closed = replace(search.case, phase=Phase.CLOSED, later={})
    return finish(replace(search, case=closed, works=works), now, Outcome(works=works).and_also(kept))
