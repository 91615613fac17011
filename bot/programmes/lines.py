"""JSON in, JSON out: loans to be estimated, one after the other, and what each comes to.

An input is ``{"principal", "months", "steps": [{"from_payment", "annual_rate_pct"}]}``, yen and per cent a year; it may
also have ``method`` ("level" or "principal"), ``residual`` (yen that come with the last payment) and
``interest_only_from`` (a payment). A rate is a number or the text of one, and is read digit by digit: 1.70 is 1.70.
"""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, TypeVar

from bot.programmes.benefit import Benefit
from bot.programmes.loan import BadLoan, Loan, Method, Step
from bot.programmes.repayment import Estimate

Read = TypeVar("Read")
WITHOUT = "without"
BOM = "\ufeff"  # which some editors put before the first line
NEEDED = ("principal", "months", "steps")
KNOWN = (*NEEDED, "method", "residual", "interest_only_from")
OF_STEP = ("from_payment", "annual_rate_pct")
NUMBER = re.compile(r"[0-9]{1,3}(\.[0-9]{1,20})?")
NOT_JSON = "not JSON: one object after the other is wanted"


@dataclass(frozen=True, slots=True)
class NoNumber:
    """What Python's JSON reads though the standard has it not: NaN and the infinities."""

    word: str


def loans(text: str | bytes) -> list[Loan]:
    """The loans of a text, each a JSON object, whatever whitespace stands between. Raises BadLoan.

    Where there are several, the reason says which.
    """
    return _each(text, loan_of)


def benefits(text: str | bytes) -> list[Benefit]:
    """As loans, of objects that also have ``without``: the steps as they would be without the benefit."""
    return _each(text, benefit_of)


def loan_of(fields: Any) -> Loan:
    """One loan of an object as ``json`` read it, its numbers with a point as Decimal. Raises BadLoan."""
    _check_keys(fields, "a loan", NEEDED, KNOWN)
    steps = fields["steps"]
    if not isinstance(steps, list):
        raise BadLoan("steps must be a list")
    only = fields.get("interest_only_from")
    return Loan(
        principal=whole(fields["principal"], "principal"),
        months=whole(fields["months"], "months"),
        steps=tuple(map(_step, steps)),
        method=_method(fields.get("method", Method.LEVEL)),
        residual=whole(fields.get("residual", 0), "residual"),
        interest_only_from=None if only is None else whole(only, "interest_only_from"),
    )


def benefit_of(fields: Any) -> Benefit:
    """A loan and the same at the rates of ``without``. Raises BadLoan."""
    _check_keys(fields, "a comparison", (*NEEDED, WITHOUT), (*KNOWN, WITHOUT))
    kept = {key: value for key, value in fields.items() if key != WITHOUT}
    return Benefit(loan_of(kept), loan_of(kept | {"steps": fields[WITHOUT]}))


def answer(found: Estimate) -> dict[str, Any]:
    """The answer to one loan, in the stated order of its fields."""
    payments = [{"from_payment": each.from_payment, "yen": each.yen} for each in found.levels]
    return {"payments": payments, "total": found.total, "last_payment": found.last_payment}


def rate_of(value: object, field: str = "annual_rate_pct") -> Decimal:
    """A yearly rate in per cent as it is printed. Raises BadLoan for anything else."""
    if isinstance(value, Decimal):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return Decimal(value)
    try:
        if isinstance(value, str) and NUMBER.fullmatch(value):
            return Decimal(value)
    except InvalidOperation:
        pass
    raise BadLoan(f"{field} must be a number such as 1.70")


def whole(value: object, field: str) -> int:
    """A whole number. Raises BadLoan for anything else, also for 1.0 and for the text of one."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise BadLoan(f"{field} must be a whole number")


def _objects(text: str) -> Iterator[Any]:
    decoder = json.JSONDecoder(parse_float=Decimal, parse_constant=NoNumber, object_pairs_hook=_once)
    place = _past_space(text, 0)
    while place < len(text):
        try:
            found, place = decoder.raw_decode(text, place)
            _finite(found)
        except (json.JSONDecodeError, RecursionError):
            raise BadLoan(NOT_JSON) from None
        except BadLoan:
            raise
        except ValueError:  # a number of thousands of digits
            raise BadLoan(NOT_JSON) from None
        yield found
        place = _past_space(text, place)


def _past_space(text: str, place: int) -> int:
    while place < len(text) and text[place] in " \t\r\n":
        place += 1
    return place


def _decoded(text: str | bytes) -> str:
    try:
        return (text if isinstance(text, str) else text.decode()).removeprefix(BOM)
    except UnicodeDecodeError:
        raise BadLoan("not UTF-8") from None


def _each(text: str | bytes, read: Callable[[Any], Read]) -> list[Read]:
    objects = list(_objects(_decoded(text)))
    if not objects:
        raise BadLoan("no loan: one JSON object is wanted")
    return [_named(each, read, number if len(objects) > 1 else 0) for number, each in enumerate(objects, 1)]


def _named(fields: Any, read: Callable[[Any], Read], number: int) -> Read:
    try:
        return read(fields)
    except BadLoan as bad:
        raise (BadLoan(f"loan {number}: {bad}") if number else bad) from None


def _step(fields: Any) -> Step:
    _check_keys(fields, "a step", OF_STEP, OF_STEP)
    return Step(whole(fields["from_payment"], "from_payment"), rate_of(fields["annual_rate_pct"]))


def _method(value: object) -> Method:
    if isinstance(value, str) and value in set(Method):
        return Method(value)
    raise BadLoan("method must be level or principal")


def _check_keys(fields: Any, what: str, needed: tuple[str, ...], known: tuple[str, ...]) -> None:
    if not isinstance(fields, dict):
        raise BadLoan(f"{what} must be a JSON object with {', '.join(needed)}")
    missing = [key for key in needed if key not in fields]
    if missing:
        raise BadLoan(f"{what} must have {', '.join(missing)}")
    unknown = [key for key in fields if key not in known]
    if unknown:
        raise BadLoan(f"{what} has no field {_plain(unknown[0])}; what there is is {', '.join(known)}")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        twice = next(key for at, (key, _) in enumerate(pairs) if key in dict(pairs[:at]))
        raise BadLoan(f"{_plain(twice)} stands twice")
    return found


def _finite(value: Any, key: str = "") -> None:
    """Raises BadLoan for what is no number in JSON, with the field in which it stands."""
    if isinstance(value, NoNumber):
        raise BadLoan(f"{_plain(key)}: {value.word} is no number" if key else f"{value.word} is no number")
    if isinstance(value, dict):
        for name, one in value.items():
            _finite(one, name)
    elif isinstance(value, list):
        for one in value:
            _finite(one, key)


def _plain(key: str) -> str:
    """A key as one short line may hold it."""
    return json.dumps(key[:40], ensure_ascii=True)


def objects(text: str | bytes) -> list[Any]:
    """Every JSON value of a text, its numbers with a point as Decimal. Raises BadLoan."""
    return list(_objects(_decoded(text)))
