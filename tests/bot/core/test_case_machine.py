"""Whatever people say and however long they are silent: one holder, a next date, nothing closed on one bare word."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bot.core import candidacy, desk, moves
from bot.core.advance import advance
from bot.core.case import Basis, Case, Phase, Report, Result, Scene, Work
from bot.core.closing import AGREE_DAYS, reported
from bot.core.days import civil
from bot.core.house import House, Household
from bot.core.ladder import EVIDENCE_DAYS
from bot.core.matter import DECIDED
from bot.core.outcome import Outcome
from bot.core.people import Address, Person, Role
from bot.core.plan import DoneBy, Kind

OWNER = Person("owner:O1", "山田", addresses=(Address("email", "o@example.jp"),))
SERVICERS = [Person("servicer:B1", "丸太工務店", closing_days=(1, 2)), Person("servicer:B2", "あおぞら建設")]
HOUSE = House("H1", date(2022, 4, 1), date(2022, 4, 1), 50, date(2026, 1, 1), servicer_id="B1")
sides = st.sampled_from(["owner", "servicer"])


class Visit(RuleBasedStateMachine):
    """One case of one house, driven at random."""

    @initialize(
        ladder=st.sampled_from(["visit/1", "finding/1", "self/1"]), mandated=st.booleans(), lead=st.integers(-800, 120)
    )
    def begin(self, ladder: str, mandated: bool, lead: int) -> None:
        self.now = datetime(2027, 1, 4, 1, tzinfo=UTC)
        target = civil(self.now) + timedelta(days=lead)
        case = Case("H1-1", "H1", 1, ladder, civil(self.now), target, next_action_at=self.now)
        work = Work(
            "H1-1-1", "H1-1", "P1", "屋根", Kind.INSPECTION, True, DoneBy.SERVICER, target, target + timedelta(days=400)
        )
        self.scene = Scene(Household(HOUSE, (OWNER,), SERVICERS[0], mandated), case, (work,), 2)
        self.words: list[Report] = []
        self.take(advance(self.scene, self.now))

    def take(self, outcome: Outcome) -> None:
        """What storage would do with it."""
        if not self.scene.household.mandated:
            assert all(say.to.startswith("staff:") for say in outcome.says)
        works = {work.id: work for work in (*self.scene.works, *outcome.works) if work.case_id == "H1-1"}
        case = next((case for case in outcome.cases if case.id == "H1-1"), self.scene.case)
        assert case.version > self.scene.case.version or not outcome.cases
        self.scene = replace(self.scene, case=case, works=tuple(works.values()))

    def person(self, side: str) -> Person:
        servicer = self.scene.household.servicer
        assert servicer is not None
        return OWNER if side == "owner" else servicer

    @property
    def open(self) -> bool:
        return self.scene.case.open

    @precondition(lambda self: self.open)
    @rule()
    def the_next_day_comes(self) -> None:
        assert self.scene.case.next_action_at is not None
        self.now = max(self.now, self.scene.case.next_action_at)
        self.take(advance(self.scene, self.now))
        if self.open:
            assert self.scene.case.next_action_at > self.now

    @precondition(lambda self: self.open)
    @rule(days=st.integers(1, 90))
    def we_were_down(self, days: int) -> None:
        self.now += timedelta(days=days)
        before = len(self.scene.case.fired)
        outcome = advance(self.scene, self.now)
        told = [say.to for say in outcome.says if say.to != "staff:desk"]
        assert len(told) == len(set(told)), f"{[(s.to, s.kind) for s in outcome.says]} after {before}"
        self.take(outcome)

    @precondition(lambda self: self.open)
    @rule(side=sides, ago=st.integers(0, 30), result=st.sampled_from(Result), evidence=st.booleans())
    def says_done(self, side: str, ago: int, result: Result, evidence: bool) -> None:
        person = self.person(side)
        day = civil(self.now) - timedelta(days=ago)
        report = Report(person.role, person.id, day, result, self.now, "chat", evidence=("x",) if evidence else ())
        self.words.append(report)
        self.take(reported(self.scene, report, self.now))

    def takes_back(self, side: str) -> None:
        """Who says "not yet" or names another day has not said "done"; what the other side said stands."""
        self.words = [word for word in self.words if word.side != side]

    @precondition(lambda self: self.open)
    @rule(side=sides, days=st.none() | st.integers(-5, 300))
    def says_not_yet(self, side: str, days: int | None) -> None:
        again = civil(self.now) + timedelta(days=days) if days is not None else None
        self.takes_back(side)
        self.take(moves.not_yet(self.scene, self.person(side), again, self.now))

    @precondition(lambda self: self.open)
    @rule(side=sides, days=st.none() | st.integers(-5, 2000))
    def says_later(self, side: str, days: int | None) -> None:
        again = civil(self.now) + timedelta(days=days) if days is not None else None
        self.take(moves.later(self.scene, self.person(side), again, self.now))

    @precondition(lambda self: self.open)
    @rule(days=st.lists(st.integers(-3, 60), min_size=1, max_size=4))
    def offers(self, days: list[int]) -> None:
        self.take(
            moves.offer(
                self.scene, self.person("servicer"), [civil(self.now) + timedelta(days=n) for n in days], self.now
            )
        )

    @precondition(lambda self: self.open)
    @rule(side=sides, days=st.integers(1, 700))
    def fixes(self, side: str, days: int) -> None:
        self.takes_back(side)
        self.take(moves.fix(self.scene, self.person(side), civil(self.now) + timedelta(days=days), self.now))

    def only_what_stands(self) -> None:
        """A word against the other side's report leaves that report standing; any other begins a new round."""
        self.words = [word for word in self.words if word in self.scene.case.reports]

    @precondition(lambda self: self.open)
    @rule(days=st.integers(1, 60))
    def wishes(self, days: int) -> None:
        self.take(moves.wish(self.scene, OWNER, civil(self.now) + timedelta(days=days), self.now))

    @precondition(lambda self: self.open)
    @rule(side=sides, reason=st.sampled_from(["problem", "human", "emergency", "cannot"]))
    def needs_a_person(self, side: str, reason: str) -> None:
        self.take(moves.matter(self.scene, self.person(side), reason, self.now))

    @precondition(lambda self: self.open and self.scene.case.matter is not None)
    @rule(what=st.sampled_from(["take", "snooze", "settle", "assign"]))
    def staff_act(self, what: str) -> None:
        if what == "take":
            self.take(desk.take(self.scene, "staff:desk", self.now))
        elif what == "snooze":
            self.take(desk.snooze(self.scene, "staff:desk", civil(self.now) + timedelta(days=7), self.now))
        elif what == "settle":
            if self.scene.case.matter and self.scene.case.matter.reason in DECIDED:
                self.words.clear()
            self.take(desk.settle(self.scene, "staff:desk", "inbound:1", self.now))
        else:
            self.words.clear()
            self.take(desk.assign(self.scene, "staff:desk", SERVICERS[1], self.now))
            self.scene = replace(self.scene, household=replace(self.scene.household, servicer=SERVICERS[1]))

    @precondition(lambda self: self.open and self.scene.case.candidacy is None)
    @rule(queue=st.permutations([person.id for person in SERVICERS]))
    def staff_ask_another_company(self, queue: list[str]) -> None:
        self.take(candidacy.ask(self.scene, "staff:desk", tuple(queue), self.now))

    @precondition(lambda self: self.open and self.scene.case.candidacy is not None)
    @rule(answer=st.sampled_from(["accept", "decline", "withdraw"]))
    def the_company_answers(self, answer: str) -> None:
        asked = self.scene.case.candidacy
        assert asked is not None
        if answer == "withdraw":
            self.take(candidacy.withdraw(self.scene, "staff:desk", self.now))
        elif answer == "decline":
            self.take(candidacy.decline(self.scene, asked.servicer, self.now))
        else:
            company = next(person for person in SERVICERS if person.id == asked.servicer)
            self.take(candidacy.accept(self.scene, company, 30_000, self.now))

    @precondition(lambda self: self.open and self.scene.case.candidacy is not None)
    @rule(yes=st.booleans())
    def the_owner_answers(self, yes: bool) -> None:
        asked = self.scene.case.candidacy
        if asked is None or not asked.accepted:
            return
        if not yes:
            self.take(candidacy.refuse(self.scene, OWNER.id, self.now))
            return
        self.words.clear()
        company = next(person for person in SERVICERS if person.id == asked.servicer)
        self.take(candidacy.agree(self.scene, OWNER.id, company, self.now))
        self.scene = replace(self.scene, household=replace(self.scene.household, servicer=company))

    @invariant()
    def nobody_gets_the_house_unasked(self) -> None:
        """While another company is asked, the house keeps the one it has, and somebody is to answer by a day."""
        if hasattr(self, "scene") and self.open and self.scene.case.candidacy is not None:
            next_at = self.scene.case.next_action_at
            assert self.scene.case.candidacy.until >= civil(self.now) or (next_at is not None and next_at <= self.now)

    @rule()
    def the_mandate_changes(self) -> None:
        household = self.scene.household
        self.scene = replace(self.scene, household=replace(household, mandated=not household.mandated))

    @invariant()
    def one_holder_and_a_next_date(self) -> None:
        if not hasattr(self, "scene") or not self.open:
            return
        case = self.scene.case
        assert case.holder in {OWNER.id, *(person.id for person in SERVICERS), "staff:desk"}
        assert case.next_action_at is not None
        assert case.next_action_at - self.now < timedelta(days=2010)

    @invariant()
    def nothing_is_closed_on_one_bare_word(self) -> None:
        if not hasattr(self, "scene"):
            return
        for work in self.scene.works:
            said = {report.side: report for report in self.words}
            if work.basis is Basis.BOTH:
                owner, servicer = said[Role.OWNER], said[Role.SERVICER]
                assert owner.result is servicer.result is work.result
                assert abs(owner.done_on - servicer.done_on) <= timedelta(days=AGREE_DAYS)
                assert work.done_on == servicer.done_on
            elif work.basis is Basis.UNCONFIRMED:
                assert said[Role.SERVICER].evidence
                assert said[Role.SERVICER].said_at + timedelta(days=EVIDENCE_DAYS) <= self.now + timedelta(days=1)
                assert Role.OWNER not in said
            elif work.basis is Basis.OWNER:
                assert self.scene.case.ladder == "self/1"

    @invariant()
    def a_fixed_day_has_a_day(self) -> None:
        if hasattr(self, "scene") and self.scene.case.phase is Phase.FIXED:
            assert self.scene.case.visit_on is not None


Visit.TestCase.settings = settings(max_examples=400, stateful_step_count=30, deadline=None)
TestVisit = Visit.TestCase
