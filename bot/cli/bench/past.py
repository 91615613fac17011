"""What lies behind a house of the town: last year's visit, which was told of, reported by both sides and closed.

A database that has been lived in for years is mostly this: closed cases, facts, and messages that were sent.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, insert, literal, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.case import Basis, Case, Phase, Result, Work
from bot.core.days import morning
from bot.core.opening import VISIT
from bot.core.outcome import Deed, Mode
from bot.core.people import Role, owner_key, servicer_key
from bot.core.plan import DoneBy, PlanItem
from storage.cases import save_cases, save_works
from storage.outbox import SENT
from storage.record import Seal, append
from storage.store import Store
from storage.tables import attempts, outbox, records
from storage.witness import witness

LEAD = timedelta(days=60)  # from the first word to the visit
Row = dict[str, Any]


def company_of(firm: str) -> str:
    """What a servicer of the town is called."""
    return f"工務店{firm}"


def mailbox_of(person_id: str) -> Row:
    """How everybody in the town is reached."""
    return {"person_id": person_id, "channel": "email", "address": f"{person_id.replace(':', '.')}@bench.example"}


@dataclass(frozen=True, slots=True)
class Visit:
    """The visit to the ``number``-th house, at which one item of its plan was looked at on ``done_on``."""

    number: int
    house_id: str
    firm: str
    item: PlanItem
    done_on: date

    @property
    def case_id(self) -> str:
        return f"{self.house_id}-1"

    @property
    def work_id(self) -> str:
        return f"{self.case_id}-1"

    @property
    def company(self) -> str:
        return company_of(self.firm)

    def people(self) -> dict[Role, str]:
        return {Role.SERVICER: servicer_key(self.firm), Role.OWNER: owner_key(f"{self.number:07d}")}

    def case(self) -> Case:
        begun, sides = self.done_on - LEAD, self.people()
        return Case(
            self.case_id,
            self.house_id,
            1,
            VISIT,
            opened_on=begun,
            target_on=self.done_on,
            holder=sides[Role.OWNER],
            phase=Phase.CLOSED,
            version=1,
            visit_on=self.done_on,
            fired={"servicer_asked": begun, "owner_confirm": self.done_on},
            answered_on=dict.fromkeys(sides, self.done_on),
            company=sides[Role.SERVICER],
        )

    def work(self) -> Work:
        return Work(
            self.work_id,
            self.case_id,
            self.item.code,
            self.item.part,
            self.item.kind,
            self.item.statutory,
            DoneBy.SERVICER,
            self.done_on,
            plan_version=1,
            done_on=self.done_on,
            result=Result.OK,
            performer=self.company,
            basis=Basis.BOTH,
        )

    def record(self) -> Row:
        told = {"code": self.item.code, "part": self.item.part, "performer": self.company, "result": Result.OK}
        return {"house_id": self.house_id, "done_on": self.done_on, "work_id": self.work_id, "source": "engawa"} | told

    def messages(self, versions: Mapping[str, int]) -> Iterator[Row]:
        """What the company was asked, and what the owner was."""
        asked = (("servicer_offer", Role.SERVICER, self.done_on - LEAD), ("owner_confirm", Role.OWNER, self.done_on))
        for place, (kind, side, day) in enumerate(asked):
            at, key, person = morning(day, 10), _key(self.number, place), self.people()[side]
            sent: Row = {"state": SENT, "attempts": 1, "provider_id": key, "sent_at": at}
            about = {"house": self.house_id, "case": self.case_id, "version": 1, "round": 0, "phase": Phase.ARRANGING}
            part = {"kind": kind, "v": versions[kind], "params": self._params(), "mode": Mode.PROMPT, "asks": True}
            yield (
                sent
                | mailbox_of(person)
                | {
                    "key": key,
                    "language": "ja",
                    "parts": [part | about],
                    "mode": Mode.PROMPT,
                    "servicer_id": self.firm,
                    "day": day,
                    "written_at": at,
                    "send_at": at,
                }
            )

    def _params(self) -> Row:
        named = {"owner": "山田 太郎", "company": self.company, "cared_by": self.company}
        said = {"areas": ["outside"], "kinds": [self.item.kind], "offered": [], "wished": "", "risks": [], "event": {}}
        days = {"target": self.done_on.isoformat(), "visit": self.done_on.isoformat(), "year": 4}
        flags = {"visits": True, "statutory": self.item.statutory, "stake": False, "guarantee": False, "first": True}
        return {"house": self.house_id, "code": self.item.code, "round": 0} | named | said | days | flags

    def deeds(self, seal: Seal) -> Iterator[Deed]:
        """As opening the case, sending and both reports would have written it down."""
        item, day, people = self.item.code, self.done_on.isoformat(), self.people()
        opened: Row = {"item": item, "due_on": day, "backstop_on": None, "ladder": VISIT, "plan_version": 1}
        yield Deed("work_opened", "engawa", opened | {"work": self.work_id}, self.case_id)
        for place, kind in enumerate(("servicer_offer", "owner_confirm")):
            to = list(people.values())[place]
            told = {"channel": "email", "key": _key(self.number, place), "kinds": [kind], "state": SENT, "to": to}
            yield Deed("notice_sent", "engawa", told)
        for side, person in people.items():
            said: Row = {"side": side, "done_on": day, "result": Result.OK, "works": [self.work_id], "via": "email"}
            yield Deed("work_reported", person, said | {"evidence": 0, "checklist": False}, self.case_id)
        words = witness(seal, self.house_id, self.item.part, self.company)
        done: Row = {"item": item, "done_on": day, "result": Result.OK, "basis": Basis.BOTH, "kind": self.item.kind}
        done |= {"entrusted_to": people[Role.SERVICER], "plan_version": 1, "witness": words}
        yield Deed("work_closed", people[Role.OWNER], done | {"work": self.work_id}, self.case_id)


def _key(number: int, place: int) -> str:
    return f"{number:08x}-0000-4000-8000-{place:012x}"


async def live(connection: AsyncConnection, store: Store, visits: Sequence[Visit]) -> None:
    """Writes all of these visits, each house's facts on the day on which it was over."""
    await save_cases(connection, [visit.case() for visit in visits])
    house_of = {visit.case_id: visit.house_id for visit in visits}
    await save_works(connection, [visit.work() for visit in visits], house_of)
    await connection.execute(insert(records), [visit.record() for visit in visits])
    before = (await connection.execute(select(func.coalesce(func.max(outbox.c.id), 0)))).scalar_one()
    sent = [row for visit in visits for row in visit.messages(store.pins.versions)]
    await connection.execute(insert(outbox), sent)
    await _tried(connection, before)
    days: dict[datetime, list[tuple[str, Deed]]] = defaultdict(list)
    for visit in visits:
        days[morning(visit.done_on, 18)] += ((visit.house_id, deed) for deed in visit.deeds(store.pins.seal))
    for now, deeds in days.items():
        await append(connection, store.pins.seal, deeds, now)


async def _tried(connection: AsyncConnection, before: int) -> None:
    """One attempt for each message after that one: inside the database, which alone knows their numbers."""
    columns = (outbox.c.id, literal(1), outbox.c.sent_at, literal(SENT), outbox.c.provider_id, literal(""))
    names = ["outbox_id", "number", "at", "answer", "provider_id", "detail"]
    await connection.execute(insert(attempts).from_select(names, select(*columns).where(outbox.c.id > before)))
