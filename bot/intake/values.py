"""What the text of a cell says, by the kind of its column: a value, and the reason to report (empty: none).

Number and address columns, ids and codes are brought to the usual width: an office types Ｈ－１ and means H-1. NFKC is
used for characters that differ in width only; all of it would also turn 5² into 52.
"""

import re
from collections.abc import Callable
from datetime import date
from itertools import pairwise
from math import isfinite
from typing import Any
from unicodedata import normalize

from bot.core.loan import STEPS
from bot.intake.dates import read_date, read_month
from bot.intake.official import is_corporate_no, is_municipality_code
from bot.intake.tables import CHANNEL_COLUMNS, Column, Kind

_DIGITS = str.maketrans("０１２３４５６７８９．－＋", "0123456789.-+")
_WIDE = re.compile("[\u3000\uff01-\uffee]+")  # the forms of other width, and nothing else
_DASH = re.compile("(?<=[0-9A-Za-z])[‐‑‒–—―−ー](?=[0-9A-Za-z])")  # what the key of the minus gives between letters
_PHONE = str.maketrans("０１２３４５６７８９－＋（）\u3000‐‑‒–—―−ー", "0123456789-+() --------")
_YEARS = re.compile(r"([0-9]{1,9})年(?:ごと)?")
_INTEGER = re.compile(r"[+-]?[0-9]{1,15}")
_NUMBER = re.compile(r"[+-]?[0-9]{1,40}(?:\.[0-9]{1,40})?(?:[eE][+-]?[0-9]{1,3})?")
_PHONE_NUMBER = re.compile(r"\+?[0-9][0-9() -]{2,30}")
_STEP = re.compile(r"([0-9]{1,3}):([0-9]{1,2}(?:\.[0-9]{1,4})?)%?")
_RATES = str.maketrans("０１２３４５６７８９．：％＞", "0123456789.:%>")
_NAME_BREAK = re.compile("[・･;；]")
_WEEKDAYS = "月火水木金土日祝"
_NEVER_CLOSED = ("無休", "年中無休", "なし")


def narrowed(text: str) -> str:
    """With every letter, digit and sign in its usual width."""
    return text if text.isascii() else _WIDE.sub(lambda found: normalize("NFKC", found[0]), text)


def code_of(text: str) -> str:
    """An id or a code, as it is compared."""
    return text if text.isascii() else _DASH.sub("-", narrowed(text))


def as_float(text: str) -> float | None:
    return float(text) if _NUMBER.fullmatch(text) else None


def whole_text(text: str) -> str:
    """A whole number without its exponent or its ``.0``; anything else as it is."""
    number = as_float(text)
    return str(int(number)) if number is not None and number.is_integer() and not _INTEGER.fullmatch(text) else text


def number_in_column(text: str, column: Column, reason: str) -> tuple[Any, str]:
    """A number in ASCII, within its bounds; ``reason`` is what to report if it is good."""
    found = as_float(text)
    if found is None:
        return None, "not_a_number"
    if column.kind is Kind.WHOLE and isfinite(found) and not found.is_integer():
        return None, "not_whole"
    if not column.least <= found <= column.most:
        return None, "out_of_range"
    return (int(found) if column.kind is Kind.WHOLE else found), reason


def _read_number(text: str, column: Column) -> tuple[Any, str]:
    if len(text) <= 15 and text.isascii() and text.isdigit():
        found = int(text)
        return (found, "") if column.least <= found <= column.most else (None, "out_of_range")
    plain = text.translate(_DIGITS)
    if column.years and (years := _YEARS.fullmatch(plain)):
        return number_in_column(years[1], column, "number_form")
    if "e" in plain.lower():
        return None, "not_a_number"
    standard = column.kind is Kind.DECIMAL and plain == text and text[0].isdigit()
    return number_in_column(plain, column, "" if standard else "number_form")


def _read_date_text(text: str, column: Column) -> tuple[Any, str]:
    read = read_date(text)
    return read.day, read.reason


def _read_month_text(text: str, column: Column) -> tuple[Any, str]:
    return read_month(text)


def _read_id(text: str, column: Column) -> tuple[Any, str]:
    plain = code_of(text)
    if column.pattern and not re.fullmatch(column.pattern, plain):
        return None, "bad_id"
    return plain, "" if plain == text else "width_form"


def _read_code(text: str, column: Column) -> tuple[Any, str]:
    plain = code_of(text)
    return plain, "" if plain == text else "width_form"


def _read_choice(text: str, column: Column) -> tuple[Any, str]:
    if text in column.choices:
        return text, ""
    plain = code_of(text)
    return (plain, "width_form") if plain in column.choices else (None, "bad_choice")


def _read_address(text: str, column: Column) -> tuple[Any, str]:
    plain = narrowed(text)
    if not re.fullmatch(column.pattern, plain):
        return None, "bad_address"
    local, at, domain = plain.rpartition("@")
    if at:  # a domain is one name in any case (RFC 4343); what stands before it may not be, and stays
        return f"{local}@{domain.lower()}", "" if plain == text else "address_form"
    return plain, "" if plain == text else "address_form"


def _read_phone(text: str, column: Column) -> tuple[Any, str]:
    plain = text.translate(_PHONE)
    if not _PHONE_NUMBER.fullmatch(plain):
        return None, "bad_address"
    return plain, "" if plain == text else "address_form"


def _read_corporate(text: str, column: Column) -> tuple[Any, str]:
    plain = text.translate(_DIGITS)
    if not is_corporate_no(plain):
        return None, "bad_corporate_no"
    return plain, "" if plain == text else "number_form"


def _read_municipality(text: str, column: Column) -> tuple[Any, str]:
    plain = text.translate(_DIGITS)
    if not is_municipality_code(plain):
        return None, "bad_municipality_code"
    return plain, "" if plain == text else "number_form"


def _read_names(text: str, column: Column) -> tuple[Any, str]:
    return tuple(name for part in _NAME_BREAK.split(text) if (name := part.strip())) or None, ""


def _read_channels(text: str, column: Column) -> tuple[Any, str]:
    """Names as written except for case and width; whether each is known is judged with the row."""
    written = [name for part in text.replace("＞", ">").split(">") if (name := part.strip())]
    names = tuple(dict.fromkeys(_channel_name(name) for name in written))
    return names or None, "" if list(names) == written and "＞" not in text else "channel_form"


def _channel_name(written: str) -> str:
    by_header = {column.header: channel for channel, column in CHANNEL_COLUMNS.items()}
    name = narrowed(written)
    return name.lower() if name.lower() in CHANNEL_COLUMNS else by_header.get(name, name)


def _read_closing_days(text: str, column: Column) -> tuple[Any, str]:
    clear = text in _NEVER_CLOSED or not closing_weekdays_left_over(text)
    return text, "" if clear else "closing_days_unclear"


def closing_weekdays_left_over(text: str) -> str:
    """What of a list of closing days (``火水``, ``火・水曜日``) is neither a weekday nor a sign between two."""
    return re.sub(rf"[{_WEEKDAYS}]|[・、,，/／\s]", "", re.sub(r"毎週|曜日|曜", "", text))


def _read_rates(text: str, column: Column) -> tuple[Any, str]:
    """``1:0.33>121:0.93``: from which payment on, and the rate in per cent a year, as it is printed."""
    plain = re.sub(r"\s", "", text.translate(_RATES))
    found = [_STEP.fullmatch(step) for step in plain.split(">")]
    steps = tuple((int(step[1]), step[2]) for step in found if step)
    firsts = [first for first, _ in steps]
    if len(steps) < len(found) or firsts[0] != 1 or any(a >= b for a, b in pairwise(firsts)):
        return None, "bad_rates"
    return steps, "" if plain == text else "number_form"


def _read_step_days(text: str, column: Column) -> tuple[Any, str]:
    """``設計検査:2026-12-01・資金受取:2027-08-01``: each step once, with its day."""
    found: dict[str, date] = {}
    for part in _read_names(text, column)[0] or ():
        name, sign, written = part.replace("：", ":").partition(":")
        day = read_date(written.strip()).day if sign else None
        if day is None or name.strip() not in STEPS or name.strip() in found:
            return None, "bad_step_days"
        found[name.strip()] = day
    return tuple(found.items()) or None, ""


READERS: dict[Kind, Callable[[str, Column], tuple[Any, str]]] = {
    Kind.ID: _read_id,
    Kind.CODE: _read_code,
    Kind.CHOICE: _read_choice,
    Kind.DATE: _read_date_text,
    Kind.MONTH: _read_month_text,
    Kind.WHOLE: _read_number,
    Kind.DECIMAL: _read_number,
    Kind.ADDRESS: _read_address,
    Kind.PHONE: _read_phone,
    Kind.CORPORATE: _read_corporate,
    Kind.MUNICIPALITY: _read_municipality,
    Kind.NAMES: _read_names,
    Kind.CHANNELS: _read_channels,
    Kind.CLOSING_DAYS: _read_closing_days,
    Kind.RATES: _read_rates,
    Kind.STEP_DAYS: _read_step_days,
}
