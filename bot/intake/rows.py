"""Checked rows: what the importer hands over, with real types. None is what the file does not give."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from unicodedata import normalize

from bot.intake.tables import ADDRESSES, TABLES, Column, Table

# A plan item is statutory when it says so, or, where the plan does not say, when it inspects one of these parts:
# what the law's 維持保全 covers (法第2条第3項, 令第1条-第3条) in the words that plans use.
STATUTORY_PARTS = (
    "構造",
    "基礎",
    "土台",
    "床組",
    "軸組",
    "小屋組",
    "屋根",
    "外壁",
    "開口部",
    "バルコニー",
    "雨水",
    "給水",
    "排水",
    "給排水",
    "配管",
    "全部位",
)
INSPECTION = "点検"
STATUTORY = "法定"
CLOSED = "廃業"


@dataclass(frozen=True, slots=True)
class ServicerRow:
    """A company that looks after houses. ``addresses`` are (channel, address) pairs, one per channel at most.

    ``given`` are the columns in which something was written: of what is stored, an update changes those only.
    """

    servicer_id: str
    name: str
    role: str | None = None
    corporate_no: str | None = None
    addresses: tuple[tuple[str, str], ...] = ()
    phone: str | None = None
    area: str | None = None
    status: str = "営業"
    closed_on: date | None = None
    channel_order: tuple[str, ...] = ()
    closing_days: str | None = None
    backup: bool = False
    capacity_per_month: int | None = None
    association: str | None = None
    licence_until: date | None = None
    structures: str | None = None
    language: str = "ja"
    given: frozenset[str] = field(default=frozenset(), compare=False)


@dataclass(frozen=True, slots=True)
class HouseRow:
    """A house, its owner and the consents a file claims.

    ``residual_month`` is ``YYYY-MM``. ``contacts_hold`` is false where another row of the same owner came first in
    the file: that row's contacts hold, and what this row says about the owner is not to be taken. ``given`` are the
    columns in which something was written: of what is stored, an update changes those only.
    """

    house_id: str
    builder_id: str
    servicer_id: str
    handed_over_on: date
    owner_name: str
    common_id: str | None = None
    guarantee_no: str | None = None
    certification_kind: str = "新築"
    completed_on: date | None = None
    history_provider: str | None = None
    backup_servicer_id: str | None = None
    certificate_no: str | None = None
    certified_on: date | None = None
    authority: str | None = None
    structure: str | None = None
    storeys: int | None = None
    floor_area_m2: float | None = None
    postcode: str | None = None
    address: str | None = None
    municipality_code: str | None = None
    event_intensity: str | None = None
    event_wind: int | None = None
    plan_years: int | None = None
    residual_month: str | None = None
    lender: str | None = None
    owner_id: str | None = None
    owner_kana: str | None = None
    language: str = "ja"
    consent_information_on: date | None = None
    consent_mandate_on: date | None = None
    consent_withdrawn_on: date | None = None
    addresses: tuple[tuple[str, str], ...] = ()
    phone: str | None = None
    co_owners: tuple[str, ...] = ()
    channel_order: tuple[str, ...] = ()
    contacts_hold: bool = True
    given: frozenset[str] = field(default=frozenset(), compare=False)

    def consents(self, today: date) -> tuple[date | None, date | None]:
        """The dates of consent to information and of the mandate, as far as they are consents at all.

        A date after the day of the intake is none, also when that day has come: nobody had agreed to it then.
        """
        information, mandate = self.consent_information_on, self.consent_mandate_on
        return (
            information if information and information <= today else None,
            mandate if mandate and mandate <= today else None,
        )

    def behind_first_contacts(self) -> "HouseRow":
        """The same row, marked so that its contacts are not taken."""
        return replace(self, contacts_hold=False)


@dataclass(frozen=True, slots=True)
class PlanRow:
    """One line of a maintenance plan. ``source`` is empty for a builder's own line, else where the default is from."""

    house_id: str
    item_code: str
    item_name: str
    kind: str
    first_year: int
    interval_years: int
    legal_class: str | None = None
    done_by: str | None = None
    source: str = ""

    @property
    def statutory(self) -> bool:
        return is_statutory(self.item_name, self.kind, self.legal_class)


@dataclass(frozen=True, slots=True)
class RecordRow:
    """One thing done to a house. ``result`` is 良, 要補修 or not given."""

    house_id: str
    item_code: str
    done_on: date
    performer: str | None = None
    result: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class LoanRow:
    """A loan on a house, whole: what a row leaves blank is not known. Sums are yen, and in no ``repr``.

    ``rate_steps`` are (from which payment on, per cent a year as it is written), ``step_days`` (a step, its day).
    """

    house_id: str
    loan_no: int
    edition: str
    applied_on: date
    contracted_on: date | None = None
    first_payment_on: date | None = None
    months: int | None = field(default=None, repr=False)
    principal_yen: int | None = field(default=None, repr=False)
    rate_steps: tuple[tuple[int, str], ...] = field(default=(), repr=False)
    reductions: tuple[str, ...] = ()
    fixed_years: int | None = None
    prepayment_restricted: bool = False
    inspection_on: date | None = None
    insured_until: date | None = None
    units: int | None = None
    certified_units: int | None = None
    repaid_on: date | None = None
    method: str | None = None
    step_days: tuple[tuple[str, date], ...] = ()


Row = ServicerRow | HouseRow | PlanRow | RecordRow | LoanRow
GIVEN_IN_PART = frozenset({"servicers", "houses"})  # the tables of which a later file may give some columns only
ROW_TYPES: Mapping[str, type[Row]] = {
    "servicers": ServicerRow,
    "houses": HouseRow,
    "plan": PlanRow,
    "records": RecordRow,
    "loans": LoanRow,
}


def is_statutory(item_name: str, kind: str, legal_class: str | None = None) -> bool:
    """Whether the law asks for this line of a plan: what the plan says, or else what its part is called."""
    if legal_class is not None:
        return legal_class == STATUTORY
    if kind != INSPECTION:
        return False
    name = normalize("NFKC", item_name)
    return any(part in name for part in STATUTORY_PARTS)


def table_of(row: Row) -> Table:
    return next(table for table in TABLES if isinstance(row, ROW_TYPES[table.name]))


def key_of(row: Row, table: Table) -> tuple[Any, ...]:
    """What a row is known by within its table."""
    return tuple(getattr(row, key) for key in table.key)


def made(table: Table, values: dict[str, Any], given: frozenset[str] = frozenset()) -> Row:
    """The row of these checked values, one per column of the table; ``given`` are those that the file gives."""
    fields = {key: value for key, value in values.items() if value is not None}
    if table.name in GIVEN_IN_PART:
        found = ((column.channel, fields.pop(column.key, None)) for column in ADDRESSES)
        fields["given"] = given
        fields["addresses"] = tuple((channel, address) for channel, address in found if address is not None)
    if table.name == "servicers":
        fields["backup"] = fields.get("backup") == "はい"
    if table.name == "loans":
        fields["prepayment_restricted"] = fields.get("prepayment_restricted") == "はい"
    return ROW_TYPES[table.name](**fields)


def fields(row: Row) -> dict[str, Any]:
    """Every intake field under its key, as JSON can hold it: dates as ISO text, names and channels as lists."""
    addresses = dict(getattr(row, "addresses", ()))
    return {column.key: _plain(row, column, addresses) for column in table_of(row).columns}


def _plain(row: Row, column: Column, addresses: Mapping[str, str]) -> Any:
    if column.channel:
        return addresses.get(column.channel)
    value = getattr(row, column.key)
    if isinstance(value, bool):
        return "はい" if value else "いいえ"
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value
