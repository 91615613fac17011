"""Rules about who applies and who stands surety."""

from datetime import date
from typing import Any

from bot.programmes.given import BadInput, Given
from bot.programmes.rules.finding import OUTSIDE, WITHIN, Finding, verdict

CORPORATION = "corporation"


def age_on(born_on: date, day: date) -> int:
    """Full years (満年齢) from the birthday on; whoever was born on 29 February is a year older on 1 March, as after 28
    February has passed (民法 143 条 2 項), where the year has no such day; see ``days.years_old_on``."""
    return day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day))


def _age(values: Given, who: str) -> int | None:
    """The age that was given, or that follows from the birthday on the day of application."""
    age, born, applied = values[f"{who}age"], values[f"{who}born_on"], values["applied_on"]
    if born is None or (age is not None and applied is None):
        return None if age is None else int(age)
    if applied is None:
        raise BadInput("applied_on is missing: an age is counted on the day of application")
    if born > applied:
        raise BadInput(f"{who}born_on cannot lie after applied_on")
    counted = age_on(born, applied)
    if age is not None and age != counted:
        raise BadInput(f"{who}age is not the age that follows from {who}born_on and applied_on")
    return counted


def applicant_age(values: Given, limit: Any) -> Finding:
    """An applicant below the age, or from that age on together with a successor below it."""
    age, successor = _age(values, ""), _age(values, "successor_")
    if age is None:
        raise BadInput("age is missing: give age, or born_on and applied_on")
    if age < limit["under"]:
        return Finding(WITHIN)
    if successor is None:
        return Finding(OUTSIDE, case="alone")
    return Finding(WITHIN, case="joint") if successor < limit["under"] else Finding(OUTSIDE)


def small_business(values: Given, limit: Any) -> Finding:
    """The applicant's form; a corporation also must be small: by its capital or by its people, either is enough."""
    if values["applicant"] not in limit["one_of"]:
        return Finding(OUTSIDE)
    if values["applicant"] != CORPORATION:
        return Finding(WITHIN)
    capital, employees = values["capital_yen"], values["employees"]
    small = (capital is not None and capital <= limit["capital_yen"]) or (
        employees is not None and employees <= limit["employees"]
    )
    if not small and None in (capital, employees):
        missing = "capital_yen" if capital is None else "employees"
        raise BadInput(f"{missing} is missing: a corporation is small by its capital or by its employees")
    return verdict(small)


def serving(values: Given, limit: Any) -> Finding:
    """Which of the approved companies stand surety for a building there."""
    return Finding([code for code, places in limit.items() if values["prefecture"] in places] or OUTSIDE)


def surety(values: Given, limit: Any) -> Finding:
    """A person can stand surety only for the corporation that they manage; others must be capable corporations."""
    if values["surety"] == "manager_of_applicant":
        return verdict(values["applicant"] == CORPORATION)
    return verdict(values["surety"] in limit["one_of"])
