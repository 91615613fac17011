"""The forms of what the API tells and takes. They only grow: a field that is there stays and keeps its meaning.

No owner is in them, neither by name nor by address or telephone.
"""

from datetime import date, datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from bot.core.case import Basis, Phase, Result
from bot.core.event import Hazard
from bot.core.hook import ADDRESS, LONGEST, News
from bot.core.plan import DoneBy, Kind
from bot.core.seen import Found
from bot.core.standing import State


class House(BaseModel):
    """A house. ``agreed``: its owners have agreed to be helped; ``looked_after``: by a company of the submitter's, so
    that its works may be read."""

    id: str
    common_id: str | None
    guarantee_no: str | None
    certification_kind: str
    handed_over_on: date
    completed_on: date | None
    builder_id: str | None
    servicer_id: str | None
    backup_servicer_id: str | None
    structure: str
    storeys: int | None
    municipality_code: str
    plan_years: int | None
    plan_version: int
    taken_in_on: date
    agreed: bool
    looked_after: bool


class PlanLine(BaseModel):
    """One line of the plan, as it holds now: after how many years first, then every how many (0: once)."""

    code: str
    part: str
    kind: Kind
    first_year: int
    interval_years: int
    statutory: bool
    done_by: DoneBy
    version: int
    next_due_on: date | None
    backstop_on: date | None


class Work(BaseModel):
    """One dated occurrence of a line of the plan. ``basis`` says on whose word it was closed; null while it is open."""

    id: str
    case_id: str
    code: str
    part: str
    kind: Kind
    statutory: bool
    done_by: DoneBy
    due_on: date
    backstop_on: date | None
    plan_version: int
    phase: Phase
    visit_on: date | None
    done_on: date | None
    result: Result | None
    basis: Basis | None


class Told(BaseModel):
    """What one side said of works, or that it took its word back."""

    at: datetime
    said: Literal["reported", "withdrawn"]
    side: str
    case_id: str
    works: list[str]
    done_on: date | None
    result: Result | None


class Why(BaseModel):
    """Why a guarantee is at risk, since when, and what would mend it."""

    code: str
    since: date
    part: str
    mend: str


class StandingNow(BaseModel):
    """Where the guarantee of a house stands today; ``since`` when people recorded that it has lapsed."""

    state: State
    on: date
    since: date | None
    reasons: list[Why]


class EventOfHouses(BaseModel):
    """An earthquake or a storm, with how many of the submitter's houses were found in which state."""

    id: str
    hazard: Hazard
    at: datetime
    state: str
    houses: dict[str, int]


class HouseAfterEvent(BaseModel):
    """What became of a house after it. ``level`` is what was felt there; ``next_on`` is null once nothing is open."""

    house_id: str
    level: str
    found: Found
    case_id: str
    next_on: date | None


class PartOfWork(BaseModel):
    """What is to be done to which part of a house."""

    part: str
    kind: Kind


class AskedAbout(BaseModel):
    """What a company that is asked whether it takes a house over may know of it; ``month`` as 2027-03."""

    municipality_code: str
    structure: str
    works: list[PartOfWork]
    month: str


class HandedOver(BaseModel):
    """One step of a house from one company to another; one that is not the submitter's is null. ``handover_id`` is the
    same for all steps with one company at one house. ``house_id`` is null for a company that does not have the house,
    and where all houses of a company are meant. ``about`` is there for as long as the company is asked."""

    handover_id: str
    state: Literal["prepared", "approved", "proposed", "accepted", "declined", "silent", "ended", "done"]
    house_id: str | None
    about: AskedAbout | None
    at: datetime
    before: str | None = Field(serialization_alias="from")
    now: str | None = Field(serialization_alias="to")


class Remark(BaseModel):
    """One thing found in what was brought in: where, and why. What is written there is not repeated."""

    table: str | None
    row: int | None
    field: str | None
    reason: str
    severity: str
    message: str


class ImportLine(BaseModel):
    """A file that was brought in. ``verdict`` is null while it is being taken; ``id`` of a trial."""

    id: int | None
    at: datetime
    door: str
    verdict: str | None
    rows_total: int
    rows_accepted: int
    counts: dict[str, int]


class Import(ImportLine):
    """The same with what was found in it, the first thousand."""

    problems: list[Remark]


class Reported(BaseModel):
    """A company's word that a visit is done, on which day, and whether anything was found."""

    model_config = ConfigDict(extra="forbid")
    done_on: date
    result: Result


class Kept(BaseModel):
    """What stands after it: the case of the work, and what else it waits for."""

    work_id: str
    case_id: str
    done_on: date
    result: Result
    phase: Phase


class HookWanted(BaseModel):
    """An address of the submitter's own, and what it is to be told of."""

    model_config = ConfigDict(extra="forbid")
    url: str = Field(max_length=LONGEST, json_schema_extra={"pattern": ADDRESS})
    events: list[News] = Field(min_length=1, max_length=len(News))


class Hook(BaseModel):
    """The same as it stands. ``gone``: it has answered 410, and is told nothing until it is changed."""

    id: str
    url: str
    events: list[News]
    state: Literal["on", "gone"]
    made_at: datetime


class HookMade(Hook):
    """With its secret, which is said this once."""

    secret: str


class AuditNow(BaseModel):
    """How the auditor stands: its last whole run, its last clean one, and what is found and not mended yet."""

    well: bool
    last_run_at: datetime | None
    last_clean_at: datetime | None
    findings: int


class Problem(BaseModel):
    """Why a request was refused (RFC 9457). ``code`` keeps its meaning; what people read is in their language."""

    model_config = ConfigDict(extra="allow")
    type: str
    title: str
    status: int
    detail: str
    code: str | None = None


def told_of(body: Any, names: type[BaseModel], **more: Any) -> dict[str, Any]:
    """The fields of a form that a row has by the same name."""
    known = body._mapping
    return {name: known[name] for name in names.model_fields if name in known} | more
