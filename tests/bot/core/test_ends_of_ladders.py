"""Where every ladder and every asking ends when nobody says a word: with the staff, on a day, and with a proposal."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core import candidacy
from bot.core.advance import advance
from bot.core.candidates import Company, Ranked
from bot.core.case import Case, Matter, Phase, Scene, Work
from bot.core.course import visits
from bot.core.days import civil
from bot.core.house import House, Household
from bot.core.ladder import EVENT, LADDERS, milestone_ladder
from bot.core.milestones import milestones
from bot.core.outcome import Outcome, Say
from bot.core.people import Address, Person
from bot.core.plan import DoneBy, Kind
from bot.core.proposal import PROPOSES, Proposal, in_need, proposes, with_proposal
from templates.catalogue import Catalogue

OWNER = Person("owner:O1", "山田", addresses=(Address("email", "o@example.jp"),))
COMPANY = Person("servicer:B1", "丸太工務店", closing_days=(1, 2))
GONE = replace(COMPANY, active=False)
OTHER = Person("servicer:B2", "あおぞら建設")
HOUSE = House("H1", date(2022, 4, 1), date(2022, 4, 1), 50, date(2026, 1, 1), servicer_id="B1")
START = datetime(2027, 1, 4, 1, tzinfo=UTC)
NAMES = [*LADDERS, *sorted({milestone_ladder(one) for one in milestones(HOUSE)})]
STEPS, YEARS = 60, 4
phases = st.sampled_from([Phase.ARRANGING, Phase.FIXED, Phase.CONFIRMING])
KNOWN = Proposal((Ranked(Company(OTHER), ("town",)),))
NOBODY, ASSOCIATION = Proposal(), Proposal(associations=(Person("servicer:A1", "ひなた工務店会"),))


def scene(ladder: str, phase: Phase, company: Person | None, lead: int) -> Scene:
    target = civil(START) + timedelta(days=lead)
    visit = None if phase is Phase.ARRANGING else target
    matter = Matter("human", civil(START)) if ladder == "desk/1" else None
    case = Case("H1-1", "H1", 1, ladder, civil(START), target, next_action_at=START, phase=phase, visit_on=visit)
    kind = Kind.MILESTONE if ladder.startswith("milestone") else Kind.INSPECTION
    work = Work("H1-1-1", "H1-1", "P1", "屋根", kind, True, DoneBy.SERVICER, target, target + timedelta(days=400))
    works = () if ladder == "desk/1" else (work,)
    return Scene(Household(HOUSE, (OWNER,), company, mandated=True), replace(case, matter=matter), works, 2)


def silence(there: Scene) -> tuple[Scene, list[Outcome]]:
    """The case after years in which nobody says anything: at every step it is somebody's, and looked at again."""
    told, now = [], START
    for _ in range(STEPS):
        outcome = advance(there, now)
        told.append(outcome)
        case = next(case for case in outcome.cases if case.id == "H1-1")
        works = {work.id: work for work in (*there.works, *outcome.works) if work.case_id == "H1-1"}
        there = replace(there, case=case, works=tuple(works.values()))
        if not case.open:
            break
        assert case.holder
        assert case.next_action_at is not None
        assert case.next_action_at > now
        now = case.next_action_at
        if now > START + timedelta(days=365 * YEARS):
            break
    return there, told


def raised(told: list[Outcome]) -> list[str]:
    return [said.params["reason"] for outcome in told for said in outcome.says if said.kind == "staff_alert"]


@given(st.sampled_from(NAMES), phases, st.sampled_from([COMPANY, GONE, None]), st.integers(-400, 120))
@settings(deadline=None)
def test_every_ladder_ends_with_the_staff(ladder: str, phase: Phase, company: Person | None, lead: int):
    """Nobody writes, nobody comes: it lies with the staff, who are told what to do, and it comes back to them."""
    there, told = silence(scene(ladder, phase if ladder.startswith("visit") else Phase.ARRANGING, company, lead))
    assert there.case.open
    assert there.case.holder.startswith("staff:")
    reasons = raised(told)
    if ladder == EVENT:  # thousands of houses at once: they stand on the event's own list, and ring nobody
        reasons = [there.case.matter.reason] if there.case.matter else []
    assert reasons
    steps = Catalogue().words["ja"]["steps"]
    assert all(steps[reason] for reason in reasons)
    if visits(there.case) and there.case.phase is Phase.ARRANGING:
        assert PROPOSES.intersection(reasons), "nobody is told who else could come"


@given(st.booleans(), st.booleans(), st.integers(0, 3))
@settings(deadline=None)
def test_every_asking_ends_with_the_staff(introduces: bool, accepted: bool, others: int):
    """Companies, an association, or the owner who is asked whether they agree: nobody answers."""
    there = scene("visit/1", Phase.ARRANGING, COMPANY, 60)
    names = tuple(f"servicer:C{number}" for number in range(others))
    if introduces:
        outcome = candidacy.ask_association(there, "staff:desk", "servicer:A1", START)
    else:
        outcome = candidacy.ask(there, "staff:desk", (OTHER.id, *names), START)
    there = replace(there, case=outcome.cases[-1])
    if accepted and not introduces:
        there = replace(there, case=candidacy.accept(there, OTHER, 30_000, START).cases[-1])
    there, told = silence(there)
    assert there.case.holder.startswith("staff:")
    assert ("agreement_overdue" if accepted and not introduces else "nobody_left") in raised(told)


@pytest.mark.parametrize("proposal", [KNOWN, ASSOCIATION, NOBODY])
def test_the_proposal_names_who_could_come_or_whom_to_ask(proposal: Proposal):
    """Never nothing: companies, or an association, or that nobody is registered and the owner may know one."""
    _, told = silence(scene("visit/1", Phase.ARRANGING, COMPANY, 60))
    assert in_need(told) == {"H1"}
    alerts: list[Say] = [said for one in told for said in with_proposal(one, proposal).says if proposes(said)]
    assert alerts
    for said in alerts:
        firms = [{"name": one.company.person.name, "reasons": ["town"]} for one in proposal.companies]
        assert said.params["proposed"] == firms
        assert said.params["associations"] == [one.name for one in proposal.associations]


def test_what_is_no_visit_carries_no_company():
    _, told = silence(scene("self/1", Phase.ARRANGING, None, 20))
    assert raised(told)
    assert in_need(told) == set()
