"""What must hold within one row, and what someone should look at. What takes other rows to know is in checks."""

from collections.abc import Callable
from datetime import date
from typing import Any

from bot.core.loan import REDUCTIONS
from bot.core.statements import LAW_IN_FORCE
from bot.intake.reasons import Fault
from bot.intake.rows import INSPECTION, is_statutory
from bot.intake.tables import ADDRESSES, CHANNEL_COLUMNS

LOAN_YEARS = 50  # what a residual-value loan needs
LONGEST_GAP = 10  # years between statutory inspections (平成21年国土交通省告示第209号 第4)
NEWLY_BUILT = "新築"

Values = dict[str, Any]


def judge(table: str, values: Values, today: date) -> list[Fault]:
    """What is to be reported about the checked values of a row; refused or blank ones are None."""
    return _JUDGES[table](values, today)


def _house(values: Values, today: date) -> list[Fault]:
    about_time = [*_dates(values, today), *_plan_period(values), *_consents(values, today)]
    return [*about_time, *_contacts(values), *_backup(values)]


def _dates(values: Values, today: date) -> list[Fault]:
    certified, handed_over = values["certified_on"], values["handed_over_on"]
    faults: list[Fault] = []
    if certified and certified < LAW_IN_FORCE:
        faults.append(_about("before_the_law", "certified_on", certified))
    if handed_over and handed_over > today:
        faults.append(_about("in_the_future", "handed_over_on", handed_over))
    if certified and handed_over and handed_over < certified and values["certification_kind"] == NEWLY_BUILT:
        faults.append(_about("before_certification", "handed_over_on", handed_over))
    return faults


def _plan_period(values: Values) -> list[Fault]:
    years = values["plan_years"]
    if years and values["residual_month"] and years < LOAN_YEARS:
        return [_about("plan_under_50_years", "plan_years", years)]
    return []


def _consents(values: Values, today: date) -> list[Fault]:
    withdrawn = values["consent_withdrawn_on"]
    faults: list[Fault] = []
    for key in ("consent_information_on", "consent_mandate_on"):
        given = values[key]
        if given is None:
            faults.append(Fault("consent_missing", key))
        elif given > today:
            faults.append(_about("consent_in_the_future", key, given))
    before = [key for key in ("consent_information_on", "consent_mandate_on") if values[key] and withdrawn]
    if any(withdrawn < values[key] for key in before):
        faults.append(_about("before_consent", "consent_withdrawn_on", withdrawn))
    return faults


def _contacts(values: Values) -> list[Fault]:
    faults = _channel_order(values)
    if not any(values[column.key] for column in ADDRESSES):
        faults.append(Fault("no_channel", "channel_order"))
    return faults


def _channel_order(values: Values) -> list[Fault]:
    faults: list[Fault] = []
    order = values["channel_order"] or ()
    for channel in order:
        column = CHANNEL_COLUMNS.get(channel)
        if column is None:
            faults.append(Fault("unknown_channel", "channel_order", channel))
        elif not values[column.key]:
            faults.append(Fault("channel_without_address", "channel_order", channel))
    values["channel_order"] = tuple(channel for channel in order if channel in CHANNEL_COLUMNS) or None
    return faults


def _backup(values: Values) -> list[Fault]:
    backup = values["backup_servicer_id"]
    if backup and backup == values["servicer_id"]:
        return [Fault("backup_is_servicer", "backup_servicer_id", backup)]
    return []


def _plan_row(values: Values, _today: date) -> list[Fault]:
    first, interval = values["first_year"] or 0, values["interval_years"] or 0
    if max(first, interval) <= LONGEST_GAP or values["kind"] != INSPECTION:
        return []
    if not is_statutory(values["item_name"] or "", values["kind"], values["legal_class"]):
        return []
    key = "interval_years" if interval > LONGEST_GAP else "first_year"
    return [_about("inspection_gap", key, values[key])]


def _record(values: Values, today: date) -> list[Fault]:
    done = values["done_on"]
    return [_about("in_the_future", "done_on", done)] if done and done > today else []


def _loan(values: Values, today: date) -> list[Fault]:
    faults = [Fault("bad_choice", "reductions", name) for name in values["reductions"] or () if name not in REDUCTIONS]
    applied, contracted, repaid = values["applied_on"], values["contracted_on"], values["repaid_on"]
    for key in ("contracted_on", "first_payment_on", "repaid_on"):
        if applied and values[key] and values[key] < applied:
            faults.append(_about("before_application", key, values[key]))
    faults += [
        _about("in_the_future", key, day)
        for key, day in (("applied_on", applied), ("contracted_on", contracted), ("repaid_on", repaid))
        if day and day > today
    ]
    units, certified = values["units"], values["certified_units"]
    if certified is not None and units is not None and certified > units:
        faults.append(_about("out_of_range", "certified_units", certified))
    return faults


def _servicer(values: Values, _today: date) -> list[Fault]:
    return _channel_order(values)


def _about(reason: str, key: str, value: date | int) -> Fault:
    return Fault(reason, key, value.isoformat() if isinstance(value, date) else str(value))


_JUDGES: dict[str, Callable[[Values, date], list[Fault]]] = {
    "houses": _house,
    "plan": _plan_row,
    "records": _record,
    "loans": _loan,
    "servicers": _servicer,
}
