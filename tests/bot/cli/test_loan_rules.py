"""`engawa loan list`, `show` and `check`: a program that has only read the list can ask every rule."""

import io
import json
import re
from datetime import date
from decimal import Decimal, InvalidOperation

import pytest

from bot.cli.loan.check import told
from bot.intake.dates import read_date
from bot.programmes.check import as_json, check
from bot.programmes.edition import Status, editions
from bot.programmes.given import BadInput, given
from bot.programmes.rule import rules

SITE = "sumairu-kosodate-2026/site_area"
NOW = "2026-11-30"


@pytest.fixture
def piped(engawa, monkeypatch):
    """Runs a command with this text on stdin."""

    def run(text: str, *words: str, **settings: str):
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text.encode()), "utf-8"))
        return engawa("loan", *words, **{"now": NOW} | settings)

    return run


def test_a_rule_answers_in_the_stated_form(piped):
    ended = piped('{"site_m2": 164.99}', "check", SITE, "--json")
    found = json.loads(ended.out)
    assert (ended.status, ended.err, ended.out.count("\n")) == (0, "", 1)
    assert list(found) == ["out", "rule", "limit", "source", "reason_ja", "reason_en", "status"]
    assert (found["out"], found["rule"], found["limit"], found["status"]) == ("outside", SITE, 165, "in_force")
    assert "165㎡以上" in found["reason_ja"]
    assert "at least 165 m²" in found["reason_en"]


def test_several_inputs_are_answered_line_by_line(piped):
    ended = piped('{"site_m2": 165}\n{"site_m2": "164.9"}\n', "check", SITE, "--json")
    assert [json.loads(line)["out"] for line in ended.out.splitlines()] == ["within", "outside"]


def test_of_several_inputs_the_one_that_is_wrong_is_named(piped):
    ended = piped('{"site_m2": 165}\n{"site_m2": "x"}\n', "check", SITE, "--json")
    assert (ended.status, ended.out) == (2, "")
    assert "object 2: site_m2 must be" in ended.err


def test_the_list_says_what_stands_in_place_of_a_value_and_has_a_limit_in_words_for_every_rule(piped):
    listed = {each["rule"]: each for each in json.loads(piped("", "list", "--json").out)["rules"]}
    assert all(each["limit_ja"] and each["limit_en"] for each in listed.values())
    assert "outside where there is none" in listed["flat35-reno-2016/plan_a"]["out"]["form"]
    none = json.loads(piped("{}", "check", "flat35-reno-2016/plan_a", "--json").out)
    assert none["out"] == "outside"  # and no empty list
    last = json.loads(
        piped('{"plan": "plan_b", "payment": 60}', "check", "flat35-reno-2016/reduced_payment", "--json").out
    )
    assert last["limit"]["plan_b"] == {"years": 5, "first_payment": 1, "last_payment": 60}


def test_the_list_is_enough_to_ask_every_rule(piped):
    """Made up from the types alone, every rule's inputs are taken, or refused by a name that the list has."""
    listed = json.loads(piped("", "list", "--json").out)
    made = {"date": "2026-04-01", "month": "2026-04", "number": "100.5", "integer": 100, "boolean": True}
    assert {each["edition"] for each in listed["editions"]} == {each["edition"] for each in listed["rules"]}
    for each in listed["rules"][::9]:
        given = {}
        for one in each["inputs"]:
            codes = [choice["code"] for choice in one["choices"]]
            given[one["name"]] = codes[:1] if one["type"] == "choices" else codes[0] if codes else made[one["type"]]
        ended = piped(json.dumps(given), "check", each["rule"], "--json")
        if ended.status:
            assert any(one["name"] in ended.err for one in each["inputs"]), ended.err
        else:
            assert json.loads(ended.out)["limit"] == each["limit"]


def test_a_closed_edition_says_so_and_its_day_is_the_civil_now(piped):
    ended = piped('{"site_m2": 165}', "check", SITE, "--json", now="2025-12-31")
    assert json.loads(ended.out)["status"] == "announced"
    ended = piped('{"with_flat35s": false}', "check", "flat35-reno-2016/with_flat35s", "--json", "--at", "2017-03-31")
    assert json.loads(ended.out)["status"] == "in_force"
    closed = json.loads(piped('{"with_flat35s": false}', "check", "flat35-reno-2016/with_flat35s", "--json").out)
    assert (closed["out"], closed["status"]) == ("within", "closed")
    assert "受付終了" in closed["reason_ja"]
    assert "no longer taking applications" in closed["reason_en"]


@pytest.mark.parametrize(
    ("text", "name", "why"),
    [
        ("{}", SITE, "site_m2 is missing"),
        ("", SITE, "a JSON object with the rule's inputs is wanted"),
        ("[]", SITE, "a JSON object with the rule's inputs is wanted"),
        ("{", SITE, "not JSON"),
        ('{"site_m2": 1, "site_m2": 2}', SITE, "stands twice"),
        ('{"site_m2": NaN}', SITE, '"site_m2": NaN is no number'),
        ('{"site_m2": [-Infinity]}', SITE, '"site_m2": -Infinity is no number'),
        ("NaN", SITE, "NaN is no number"),
        ("{}", "sumairu-kosodate-2026/x\ny", "no rule sumairu-kosodate-2026/x y; what"),
        ("{}", "x\ny/site_area", "no edition x y; what"),
        ('{"site_m2": 1e400000}', SITE, "site_m2 must be a number"),
        ('{"site_m2": 165}{"site_m2": "x"}', SITE, "site_m2 must be a number"),
        ('{"area": 1, "site_m2": 1}', SITE, "'area' is no input"),
        ("{}", "sumairu-kosodate-2026/size", "no rule sumairu-kosodate-2026/size; what sumairu-kosodate-2026 has is"),
        ("{}", "nowhere/site_area", "no edition nowhere"),
        ('{"x": 1}', "sumairu-kosodate-2026/location", "it asks for nothing"),
    ],
)
def test_what_cannot_be_is_one_plain_line_and_no_answer(piped, text, name, why):
    ended = piped(text, "check", name, "--json")
    assert (ended.status, ended.out) == (2, "")
    assert why in ended.err
    assert ended.err.count("\n") == 1


def test_people_type_inputs_and_read_why(engawa):
    ended = engawa("loan", "check", "kosodate-2023/unit_area", "unit_m2=39.9", "reduced=はい", now=NOW)
    assert ended.out.splitlines()[0] == "outside"
    assert "【受付終了】" in ended.out
    ended = engawa("loan", "check", "reform-2022/insulation_works", "parts=wall, floor", "spec_standard_met=yes",
                   "enough_insulation=no", now=NOW)  # fmt: skip
    assert ended.out.splitlines()[0] == "standard"
    assert engawa("loan", "check", "sumairu-kosodate-2026/rate_fixed_on", "applied_on=令和8年1月31日", now=NOW).out[
        :10
    ] == ("2026-03-31")
    for words, why in ((("unit_m2",), "INPUT=VALUE"), (("unit_m2=1", "unit_m2=2"), "stands twice")):
        ended = engawa("loan", "check", "kosodate-2023/unit_area", *words, now=NOW)
        assert (ended.status, ended.out) == (2, "")
        assert why in ended.err


def test_a_month_is_said_as_a_month(engawa):
    """「7月と入れたのに、7月1日と書いてあります」; the first day that comes of it is a day."""
    words = ("loan", "check", "zanka-2023/options_from", "residual_month=2050-07")
    japanese = engawa(*words, now=NOW).out
    assert japanese.startswith("2050-07-01\n")
    assert "最初の日」は2050年7月1日です" in japanese
    assert "残価設定月：2050年7月です" in japanese
    assert "residual month: July 2050." in engawa(*words, "--language", "en", now=NOW).out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("sumairu-kosodate-2026/applicant_age", "age=1"), "1 year of age"),
        (("sumairu-kosodate-2026/applicant_age", "age=2"), "2 years of age"),
        (("sumairu-machizukuri-2026/applicant", "applicant=corporation", "employees=1"), "regular employees: 1 person"),
        (("sumairu-kosodate-2026/prefecture", "prefecture=沖縄県"), "prefecture of the site: Okinawa"),
        (("reform-2022/structure", "structure=other"), "(fire-resistant or quasi fire-resistant)"),
        (
            ("flat35-reno-2016/application", "applied_on=2016-09-30"),
            "expected to be reached, applications end before 31",
        ),
        (("reform-2022/security", "land_right=ownership"), "Up to 3,000,000 yen no mortgage is needed"),
    ],
)
def test_what_is_said_in_english_reads_as_english(engawa, words, said):
    assert said in engawa("loan", "check", *words, "--language", "en", now=NOW).out


REBUILT = {"after_long_life": True, "total_rebuilding": True}
BARRED = {"before_insulation_grade": 4, "after_insulation_grade": 4, "after_primary_energy_grade": 4}


@pytest.mark.parametrize(
    ("name", "row", "said"),
    [
        ("flat35-reno-2016/plan", REBUILT, "全部改築工事は"),
        ("flat35-reno-2016/plan", BARRED, "工事前から適合していたため"),
        ("flat35-reno-2016/plan", {"after_seismic_grade": 1}, "当てはまりません"),
        (
            "flat35-reno-2016/loan_ratio",
            {"amount_yen": 10_000_001, "price_yen": 10_000_000},
            "借入額は購入価額以内です",
        ),
        ("flat35-reno-2016/loan_ratio", {"amount_yen": 0, "price_yen": 10_000_000}, "借入額が0円"),
        *(
            (
                f"sumairu-kosodate-2026/{name}",
                {"stage": "before_start", "guarantee_company": True},
                "保証事業会社の保証を受けた",
            )
            for name in ("interim_share", "interim_total_share")
        ),
        *(
            (f"sumairu-kosodate-2026/{name}", {"stage": "start", "guarantee_company": True}, "土地の評価額が上限")
            for name in ("interim_share", "interim_total_share")
        ),
    ],
)
def test_a_reason_names_what_was_missed(piped, name, row, said):
    assert said in json.loads(piped(json.dumps(row), "check", name, "--json").out)["reason_ja"]


def test_a_subsidy_is_taken_off_the_loan_as_the_sentence_says(piped):
    """In whole steps of 100,000 yen before it and after it."""
    for name, cost, subsidy, left in (
        ("sumairu-kosodate-2026", 1_250_000, 50_000, 1_100_000),
        ("reform-2022", 1_490_000, 90_000, 1_000_000),
    ):
        row = json.dumps({"project_cost_yen": cost, "subsidy_yen": subsidy})
        found = json.loads(piped(row, "check", f"{name}/loan_after_subsidy", "--json").out)
        assert found["out"] == left
        assert "（10万円単位、切捨て）による融資額から" in found["reason_ja"]


def test_the_editions_stand_in_a_table_with_their_status(engawa):
    out = engawa("loan", "list", now=NOW).out
    assert "sumairu-machizukuri-2026" in out
    assert "受付終了" in out
    assert "受付中" in out


JAPANESE = re.compile(r"[ぁ-んァ-ヶ一-龠]")


@pytest.mark.parametrize(
    "words",
    [("list",), ("show", "sumairu-kosodate-2026"), ("check", "kosodate-2023/unit_area", "unit_m2=39.9", "reduced=yes")],
)
def test_people_read_one_language(engawa, words):
    """Names of offices and places are names; a language that nothing is written in is refused."""
    japanese = engawa("loan", *words, now=NOW).out
    english = engawa("loan", *words, "--language", "en", now=NOW).out.partition("telephone")[0]
    assert JAPANESE.search(japanese)
    assert not JAPANESE.search(english), english
    for line in ("open to applications", "no longer taking", "not met", "certified long-life"):
        assert line not in japanese
    ended = engawa("loan", *words, "--language", "fr", now=NOW)
    assert (ended.status, ended.out) == (2, "")
    assert "--language fr: what there is is ja, en" in ended.err


def test_every_answer_about_a_closed_edition_says_so(engawa):
    """Also sums and tables of payments, where somebody says whose loan it is; what is paid stays as it is."""
    lent = ("--principal", "1億円", "--years", "1", "--rate", "1.50")
    for command in (("estimate",), ("schedule",)):
        plain = json.loads(engawa("loan", *command, *lent, "--json", now=NOW).out)
        named = engawa("loan", *command, *lent, "--json", "--edition", "kosodate-2023", now=NOW)
        told = json.loads(named.out)
        assert (told.pop("edition"), told.pop("status"), told.pop("status_en")) == (
            *("kosodate-2023", "closed"),
            "closed to applications",
        )
        assert told.pop("status_ja") == "受付終了"
        assert told == plain
        table = engawa("loan", *command, *lent, "--csv", "--edition", "kosodate-2023", now=NOW)
        assert "受付終了" in table.err
        assert table.out == engawa("loan", *command, *lent, "--csv", now=NOW).out
    for words in (("compare", "--edition", "kosodate-2023"), ("show", "kosodate-2023"), ("list",)):
        assert "受付終了" in engawa("loan", *words, now=NOW).out


def numbers(limit):
    """Every number of a limit, however deep."""
    if isinstance(limit, dict | list):
        return [found for one in (limit.values() if isinstance(limit, dict) else limit) for found in numbers(one)]
    try:
        return [Decimal(str(limit))] if not isinstance(limit, bool) else []
    except InvalidOperation:
        return []


def made_up(one):
    """Something for an input, by its type and choices alone."""
    codes = list(one.choices)
    of_type = {"date": "2026-04-01", "month": "2026-04", "number": "100.5", "integer": 100, "boolean": True}
    return codes[:1] if one.type == "choices" else codes[0] if codes else of_type[one.type]


def answer_to(each, row, on):
    """The answer; None where an input is refused, by a name that the list has."""
    try:
        return told(check(each, given(each, row, lambda text: read_date(text).day), on))
    except BadInput as bad:
        return None if any(name in str(bad) for name in row) else pytest.fail(str(bad))


RUBBISH = ("x", "", "-1", -1, 10**30, "1e9", ["x"], {"x": 1}, None, True, "2026-02-30", "令和0年1月1日", "NaN")
FIELDS = ["out", "rule", "limit", "source", "reason_ja", "reason_en", "status"]


@pytest.mark.parametrize("edition", sorted(editions()))
def test_whatever_a_rule_is_asked_its_answer_is_whole_or_the_input_is_named(edition):
    """Each of its limits, one more and one less, and rubbish, in the place of each input."""
    on, answered = date(2026, 11, 30), 0
    for each in (one for one in rules().values() if one.edition.id == edition):
        row = {one.name: made_up(one) for one in each.inputs}
        near = [str(limit + step) for limit in numbers(as_json(each.limit)) for step in (-1, 0, 1)]
        asked = [row | {one.name: value} for one in each.inputs for value in (*near, *one.choices, *RUBBISH)]
        for found in filter(None, (answer_to(each, one, on) for one in [row, *asked])):
            answered += 1
            assert list(found) == FIELDS
            assert not any(found[name] in ("", None, {}, []) for name in FIELDS), found
            closed = "受付終了" in found["reason_ja"] and "no longer taking" in found["reason_en"]
            assert closed == (each.status(on) is Status.CLOSED)
    assert answered > 5


def test_an_edition_is_shown_with_rates_rules_and_offices(engawa):
    out = engawa("loan", "show", "sumairu-kosodate-2026", now=NOW).out
    for words in (
        "1.54%",
        "−0.5%（15年間）",
        "site_area",
        "165㎡以上",
        "011-261-8305",
        "受付中",
        "│ 4    │ 設計検査 ",
        "（着工時）",
        "要確認",
    ):
        assert words in out
    told = json.loads(engawa("loan", "show", "flat35-reno-2016", "--json", now=NOW).out)
    assert told["status"] == "closed"
    assert {each["off_pct"] for each in told["rates"]["reduction"]} == {"0.6"}
    assert any(each["rule"] == "flat35-reno-2016/plan_a" for each in told["rules"])


def test_whom_to_ask_depends_on_the_prefecture_and_the_edition(engawa):
    def phones(edition: str, place: str) -> list[str]:
        told = json.loads(engawa("loan", "show", edition, "--prefecture", place, "--json", now=NOW).out)
        return [one["phone"] for one in told["contacts"]["office"]]

    assert phones("sumairu-kosodate-2026", "富山県") == ["06-6281-9266", "06-6266-9950"]
    assert phones("sumairu-kosodate-2026", "広島県")[0] == "082-568-8422"
    assert phones("reform-2022", "広島県") == ["082-221-8653"]
    assert phones("flat35-reno-2016", "沖縄県") == ["0120-689-520", "0120-0860-35"]
    assert phones("sumairu-kosodate-2026", "沖縄県") == []
    assert "記載がありません" in engawa("loan", "show", "reform-2022", "--prefecture", "沖縄県", now=NOW).out
    ended = engawa("loan", "show", "reform-2022", "--prefecture", "富山", now=NOW)
    assert (ended.status, ended.out) == (2, "")


@pytest.mark.parametrize(
    ("name", "values", "statuses"),
    [
        (
            "reform-2022/works_before_change",
            '{"insulation_grade": 4}',
            {"2022-09-30": "in_force", "2022-10-01": "closed", "2026-11-30": "closed"},
        ),
        ("reform-2022/works_standard", '{"applied_on": "2022-09-30"}', {"2026-11-30": "in_force"}),
        (
            "kosodate-2023/wall_quantity",
            '{"applied_on": "2024-04-01", "by_wall_quantity": true, "revised_walls_met": false}',
            {"2023-12-01": "announced", "2024-03-31": "announced", "2024-04-01": "in_force", "2026-11-30": "closed"},
        ),
        (
            "sakoju-2023/wall_quantity",
            '{"applied_on": "2024-04-01", "by_wall_quantity": true, "revised_walls_met": true}',
            {"2024-03-31": "announced", "2026-11-30": "in_force"},
        ),
    ],
)
def test_a_rule_that_has_days_of_its_own_says_whether_it_is_in_force(piped, name, values, statuses):
    """「9月で終わった要件なのに、そう書いてありませんでした」: in the answer and in the list alike."""
    opened = {"in_force": "", "closed": "【受付終了】", "announced": "【受付開始前】"}
    for day, status in statuses.items():
        found = json.loads(piped(values, "check", name, "--json", now=day).out)
        assert (found["status"], "".join(re.findall("^【受付[^】]+】", found["reason_ja"]))) == (
            status,
            opened[status],
        ), day
        listed = json.loads(piped("", "list", "--json", now=day).out)["rules"]
        assert [one["status"] for one in listed if one["rule"] == name] == [status]


def test_the_days_of_a_rule_stand_in_the_list_and_beside_its_title(engawa):
    listed = json.loads(engawa("loan", "list", "--json", now=NOW).out)["rules"]
    days = {one["rule"]: (one["opens_on"], one["closes_on"]) for one in listed if one["opens_on"] or one["closes_on"]}
    since_october = {name for name, ends in days.items() if ends == ("2023-10-01", None)}
    assert {"machizukuri-2023/reduction", "sakoju-2023/reduction", "sakoju-2023/zeh_proof"} < since_october
    assert not any(name.startswith("kosodate") or name.endswith("energy") for name in since_october)
    assert {name: ends for name, ends in days.items() if name not in since_october} == {
        "kosodate-2023/land_financed": ("2023-07-01", None),
        "reform-2022/works_before_change": (None, "2022-09-30"),
        **{f"{each}-2023/wall_quantity": ("2024-04-01", None) for each in ("kosodate", "machizukuri", "sakoju")},
    }
    shown = engawa("loan", "show", "reform-2022", now=NOW).out
    assert shown.count("[受付終了]") == 1
    english = engawa("loan", "show", "kosodate-2023", "--language", "en", now="2023-12-01").out
    assert english.count("[not yet") == 1  # the rest is folded
