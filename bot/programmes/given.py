"""What was given to a rule, read from the values of a JSON object.

Numbers come as JSON numbers or as text, exactly as they are written; days as ``2026-04-01`` or however else the caller
can read one. Nothing is guessed: what is missing, unknown or cannot be is named in one line.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from bot.programmes.rule import Input, Rule

Value = Any  # Decimal, int, bool, date, str or a list of str; None where an optional input was left out
Given = Mapping[str, Value]
ReadDay = Callable[[str], date | None]
NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,9})?")  # more figures than any house needs, few enough to stay exact
MONTH = re.compile(r"[0-9]{4}-[0-9]{2}")


class BadInput(ValueError):
    """An input is missing, unknown or cannot be; the message is one line that names it."""


def iso_day(text: str) -> date | None:
    """A day in standard form; None for anything else."""
    try:
        return date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None


def given(rule: Rule, values: Mapping[str, Any], read_day: ReadDay = iso_day) -> Given:
    """The inputs of a rule, each in its type; what was left out of the optional ones is None. Raises BadInput."""
    known = {each.name: each for each in rule.inputs}
    unknown = [name for name in values if name not in known]
    if unknown:
        raise BadInput(f"{unknown[0][:60]!r} is no input of {rule.name}: it asks for {', '.join(known) or 'nothing'}")
    missing = [name for name, each in known.items() if each.required and values.get(name) is None]
    if missing:
        raise BadInput(f"{missing[0]} is missing: {known[missing[0]].title.en}")
    return {name: _value(each, values.get(name), read_day) for name, each in known.items()}


def _value(asked: Input, raw: Any, read_day: ReadDay) -> Value:
    if raw is None:
        return None
    match asked.type:
        case "boolean":
            if isinstance(raw, bool):
                return raw
            raise _wrong(asked, "true or false")
        case "number" | "integer":
            return _number(asked, raw)
        case "date" | "month":
            return _day(asked, raw, read_day)
        case "choices":
            return _codes(asked, raw)
    return _code(asked, raw)


def _number(asked: Input, raw: Any) -> Decimal | int:
    text = "" if isinstance(raw, bool) else _text(raw)
    if not NUMBER.fullmatch(text):
        raise _wrong(asked, "a number, with up to 15 figures and 9 decimals")
    number = Decimal(text)
    if number < asked.least:
        raise _wrong(asked, f"{asked.least} or more")
    if asked.type == "number":
        return number
    if number != int(number):
        raise _wrong(asked, "a whole number")
    return int(number)


def _text(raw: Any) -> str:
    if isinstance(raw, Decimal):
        return f"{raw:f}" if raw.is_finite() and abs(raw.adjusted()) < 30 else ""
    if isinstance(raw, int):
        return str(raw) if abs(raw) < 10**15 else ""
    return unicodedata.normalize("NFKC", raw).strip() if isinstance(raw, str) else ""


def _day(asked: Input, raw: Any, read_day: ReadDay) -> date:
    text = raw.strip() if isinstance(raw, str) else ""
    if asked.type == "month" and MONTH.fullmatch(text):
        text += "-01"
    found = read_day(text)
    if found is None or not 1900 <= found.year <= 2200:
        form = "a month such as 2050-07" if asked.type == "month" else "a day such as 2026-04-01"
        raise _wrong(asked, f"{form}, between 1900 and 2200")
    return found


def _code(asked: Input, raw: Any) -> str:
    code = str(raw) if isinstance(raw, int | Decimal) and not isinstance(raw, bool) else raw
    if isinstance(code, str) and code in asked.choices:
        return code
    raise _wrong(asked, f"one of {', '.join(asked.choices)}")


def _codes(asked: Input, raw: Any) -> tuple[str, ...]:
    if not isinstance(raw, list):
        raise _wrong(asked, f"a list of {', '.join(asked.choices)}")
    return tuple(dict.fromkeys(_code(asked, one) for one in raw))


def _wrong(asked: Input, form: str) -> BadInput:
    return BadInput(f"{asked.name} must be {form}")
