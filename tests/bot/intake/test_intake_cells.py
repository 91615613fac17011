"""Cells: text stays as written, numbers and addresses come to their standard form, the rest is refused."""

import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.intake.cells import DateCell, Number, Odd, cleaned, read_cell
from bot.intake.reasons import Fault, refuses
from bot.intake.tables import HOUSES, PLAN, SERVICERS, TABLES, Kind

UNSEEN = [
    "\x07",
    "\t",
    "\x0b",
    "\x7f",
    "\x9f",
    "\u200b",
    "\u200d",
    "\ufeff",
    "\u202e",
    "\u2066",
    "\u00ad",
    "\U000e0041",
]


def read(cell, key, table=HOUSES):
    """The value of a cell and the reasons reported."""
    faults: list[Fault] = []
    value = read_cell(cell, table.column(key), faults)
    return value, [fault.reason for fault in faults]


@given(st.text(st.characters(exclude_categories=["Cc", "Cf", "Cs"]), min_size=1, max_size=200))
def test_text_is_kept_as_written_only_trimmed(text):
    """No width, kana or ideograph of a name is changed."""
    assert read(text, "authority") == (text.strip() or None, [])


@given(st.text(), st.sampled_from([(table, column) for table in TABLES for column in table.columns]))
def test_any_text_in_any_column_gives_a_value_or_a_reason(text, place):
    """Nothing a cell says crashes the importer, and nothing refused has a value."""
    _table, column = place
    faults: list[Fault] = []
    value = read_cell(text, column, faults)
    if refuses(faults):
        assert value is None
    elif cleaned(text) and column.kind not in (Kind.NAMES, Kind.CHANNELS):
        assert value is not None


@pytest.mark.parametrize("unseen", UNSEEN)
def test_characters_nobody_sees_are_removed_and_reported(unseen):
    """A name is the same name without them."""
    assert read(f"山田{unseen}太郎", "owner_name") == ("山田太郎", ["characters_removed"])
    assert unicodedata.category(unseen) in ("Cc", "Cf")


def test_trimming_alone_is_not_reported():
    """Spaces, wide spaces and tabs around a text are nobody's meaning."""
    assert read("\t \u3000山田 太郎\u3000 \r\n", "owner_name") == ("山田 太郎", [])


def test_line_breaks_and_variants_of_ideographs_stay():
    """An address of two lines stays two lines, 辻 with one dot stays 辻 with one dot."""
    assert read("一丁目\r\n二番", "address") == ("一丁目\r\n二番", [])
    assert read("辻\U000e0100", "owner_name") == ("辻\U000e0100", [])


def test_a_nul_and_half_a_character_refuse():
    """No store and no terminal agrees on these."""
    assert read("山\0田", "owner_name") == (None, ["nul_character"])
    assert read("山\ud83d", "owner_name") == (None, ["bad_character"])


@pytest.mark.parametrize(
    ("key", "longest"), [("owner_name", 200), ("address", 1000), ("house_id", 64), ("common_id", 64)]
)
def test_length_is_counted_in_characters_after_cleaning(key, longest):
    """The last good length is good, one more refuses."""
    assert read("x" * longest, key)[1] == []
    assert read(" " + "x" * (longest - 1) + "\u200bx ", key)[1] == ["characters_removed"]
    assert read("x" * (longest + 1), key) == (None, ["too_long"])


def test_a_blank_required_cell_refuses():
    """Blank is not given, also when only unseen characters stand there."""
    assert read(" \u3000", "owner_name") == (None, ["required"])
    assert read("\u200b", "owner_name") == (None, ["characters_removed", "required"])
    assert read("", "lender") == (None, [])


@pytest.mark.parametrize(
    ("text", "value", "reasons"),
    [
        ("5", 5, []),
        ("５", 5, ["number_form"]),
        ("15年", 15, ["number_form"]),
        ("１５年", 15, ["number_form"]),
        ("15年目", None, ["not_a_number"]),
        ("5年ごと", 5, ["number_form"]),
        ("５年ごと", 5, ["number_form"]),
        ("5.0", 5, ["number_form"]),
        ("0", 0, []),
        ("100", 100, []),
        ("101", None, ["out_of_range"]),
        ("-1", None, ["out_of_range"]),
        ("5.5", None, ["not_whole"]),
        ("五", None, ["not_a_number"]),
        ("5²", None, ["not_a_number"]),
        ("٥", None, ["not_a_number"]),
        ("1e1", None, ["not_a_number"]),
        ("5 5", None, ["not_a_number"]),
        ("9" * 150, None, ["not_a_number"]),
    ],
)
def test_whole_numbers_are_whole_or_refused(text, value, reasons):
    """The plan's years are counted, not guessed."""
    assert read(text, "interval_years", PLAN) == (value, reasons)


def test_areas_may_have_a_fraction():
    """Also in full width; units and thousands separators are no numbers."""
    assert read("112.50", "floor_area_m2") == (112.5, [])
    assert read("１１２．５", "floor_area_m2") == (112.5, ["number_form"])
    assert read("112.5㎡", "floor_area_m2") == (None, ["not_a_number"])
    assert read("1,234.5", "floor_area_m2") == (None, ["not_a_number"])
    assert read("nan", "floor_area_m2") == (None, ["not_a_number"])


@pytest.mark.parametrize(
    ("key", "text", "value", "reasons"),
    [
        ("email", "taro@example.jp", "taro@example.jp", []),
        ("email", "taro.@docomo.ne.jp", "taro.@docomo.ne.jp", []),
        ("email", "Taro.Y@Example.JP", "Taro.Y@example.jp", []),
        ("email", "taro１＠example.jp", "taro1@example.jp", ["address_form"]),
        ("email", "taro@example.jp, hana@example.jp", None, ["bad_address"]),
        ("email", "taro@example.jp;hana@example.jp", None, ["bad_address"]),
        ("email", "taro", None, ["bad_address"]),
        ("email", "taro@example.jp\nBcc: x@example.jp", None, ["bad_address"]),
        ("email", "<script>@example.jp", None, ["bad_address"]),
        ("line_user_id", "U" + "0123456789abcdef" * 2, "U" + "0123456789abcdef" * 2, []),
        ("line_user_id", "U" + "g" * 32, None, ["bad_address"]),
        ("line_user_id", "U" + "0" * 31, None, ["bad_address"]),
        ("telegram_chat_id", "-1001234567890", "-1001234567890", []),
        ("telegram_chat_id", "１２３", "123", ["address_form"]),
        ("telegram_chat_id", "12.5", None, ["bad_address"]),
        ("telegram_chat_id", "@taro", None, ["bad_address"]),
        ("slack_user_id", "U0123ABCD", "U0123ABCD", []),
        ("slack_user_id", "<!channel>", None, ["bad_address"]),
        ("phone", "０９０－１２３４－５６７８", "090-1234-5678", ["address_form"]),
        ("phone", "+81 (90) 1234-5678", "+81 (90) 1234-5678", []),
        ("phone", "090-1234-5678、03-1111-2222", None, ["bad_address"]),
    ],
)
def test_one_address_each_in_ascii(key, text, value, reasons):
    """Full-width digits and ＠ are brought to ASCII; two addresses, or none, refuse."""
    assert read(text, key) == (value, reasons)


def test_official_numbers_are_checked_by_their_check_digits():
    """法人番号 and municipality codes of real bodies pass, one digit off does not."""
    assert read("7000012050002", "corporate_no", SERVICERS) == ("7000012050002", [])  # 国税庁
    assert read("７０００012050002", "corporate_no", SERVICERS) == ("7000012050002", ["number_form"])
    assert read("7000012050003", "corporate_no", SERVICERS) == (None, ["bad_corporate_no"])
    assert read("700001205000", "corporate_no", SERVICERS) == (None, ["bad_corporate_no"])
    for code in ("011002", "131016", "141003", "221309", "01100", "13101"):
        assert read(code, "municipality_code") == (code, [])
    for code in ("131017", "1310", "13101x", "000000", "48001"):
        assert read(code, "municipality_code") == (None, ["bad_municipality_code"])


@given(st.integers(0, 10**12 - 1), st.integers(0, 9))
def test_a_corporate_number_has_exactly_one_check_digit(body, wrong):
    """For any twelve digits, nine first digits are wrong."""
    digits = [int(digit) for digit in f"{body:012}"]
    check = 9 - sum(digit * (1 if place % 2 else 2) for place, digit in enumerate(digits)) % 9
    assert (read(f"{wrong}{body:012}", "corporate_no", SERVICERS)[1] == []) == (wrong == check)


@pytest.mark.parametrize("key", ["house_id", "common_id", "guarantee_no", "builder_id", "owner_id"])
def test_a_number_cell_in_an_id_column_refuses(key):
    """Its leading zeros may be gone."""
    assert read(Number("12"), key) == (None, ["number_in_id"])
    assert read(DateCell(date(2026, 4, 1), "2026-04-01"), key) == (None, ["number_in_id"])


@pytest.mark.parametrize("key", ["certificate_no", "postcode", "owner_name", "lender", "address"])
def test_a_number_cell_in_another_text_column_is_a_warning(key):
    """It is kept as the text a person sees."""
    assert read(Number("1570066"), key) == ("1570066", ["number_for_text"])


def test_a_municipality_as_a_number_is_taken_only_where_no_zero_can_be_lost():
    """Five digits may have been six."""
    assert read(Number("131016"), "municipality_code") == ("131016", ["number_for_text"])
    assert read(Number("11002"), "municipality_code") == (None, ["number_in_id"])


def test_number_cells_where_numbers_belong_are_no_matter():
    """Counts, areas and chat numbers are numbers by nature."""
    assert read(Number("2"), "storeys") == (2, [])
    assert read(Number("2.0"), "storeys") == (2, [])
    assert read(Number("2.5"), "storeys") == (None, ["not_whole"])
    assert read(Number("112.5"), "floor_area_m2") == (112.5, [])
    assert read(Number("-1001234567890"), "telegram_chat_id") == ("-1001234567890", [])
    assert read(Number("true"), "storeys") == (None, ["not_a_number"])


def test_date_cells_are_standard_and_serials_are_not():
    """A date cell is a date; a bare number in a date column is one in another form, by its workbook's calendar."""
    day = date(2026, 4, 1)
    assert read(DateCell(day, "2026-04-01"), "certified_on") == (day, [])
    assert read(DateCell(day, "2026-04-01", exact=False), "certified_on") == (day, ["date_form"])
    assert read(DateCell(None, "0.5"), "certified_on") == (None, ["date_impossible"])
    assert read(Number("46113"), "certified_on") == (day, ["date_form"])
    assert read(Number("44651", from_1904=True), "certified_on") == (day, ["date_form"])
    assert read(Number("2026"), "certified_on") == (None, ["date_unreadable"])
    assert read(DateCell(day, "2026-04-01"), "storeys") == (None, ["not_a_number"])


def test_a_month_that_a_spreadsheet_made_a_date_is_a_month():
    """2051-04 typed into a sheet becomes the first of April."""
    assert read(DateCell(date(2051, 4, 1), "2051-04-01"), "residual_month") == ("2051-04", ["month_form"])
    assert read(DateCell(date(2051, 4, 2), "2051-04-02"), "residual_month") == (None, ["month_unreadable"])
    assert read(Number("205104"), "residual_month") == (None, ["month_unreadable"])


def test_cells_that_no_column_can_hold_refuse_with_their_reason():
    """A formula without a value, an error value, a list."""
    for reason in ("formula_without_value", "error_value", "not_text", "not_finite"):
        assert read(Odd(reason, "x"), "owner_name") == (None, [reason])


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("花子・次郎", ("花子", "次郎")),
        ("花子; 次郎；三郎", ("花子", "次郎", "三郎")),
        ("・", None),
        ("花子", ("花子",)),
    ],
)
def test_co_owners_are_separated_by_dots_or_semicolons(text, value):
    """All of them must consent, so all of them must be found."""
    assert read(text, "co_owners") == (value, [])


@pytest.mark.parametrize(
    ("text", "value", "reasons"),
    [
        ("line>email", ("line", "email"), []),
        ("line > email", ("line", "email"), []),
        ("LINE＞メール", ("line", "email"), ["channel_form"]),
        ("fax>email", ("fax", "email"), []),
        ("line>>email>line", ("line", "email"), ["channel_form"]),
    ],
)
def test_the_order_of_channels_is_read_by_name(text, value, reasons):
    """Headers serve as names too."""
    assert read(text, "channel_order") == (value, reasons)


@pytest.mark.parametrize("text", ["火水", "火・水", "毎週水曜日", "水曜日、日曜日", "日祝", "年中無休"])
def test_closing_days_are_weekdays(text):
    """What can be read as weekdays is kept without a word."""
    assert read(text, "closing_days", SERVICERS) == (text, [])


def test_closing_days_in_doubt_are_kept_with_a_warning():
    """第2水曜 is not every Wednesday."""
    assert read("第2水曜", "closing_days", SERVICERS) == ("第2水曜", ["closing_days_unclear"])
