"""`engawa loan`: the same answers for people and for programs, and one plain line for what cannot be."""

import csv
import io
import json
import re

import pytest

RATES = '"steps": [{"from_payment": 1, "annual_rate_pct": 1.50}, {"from_payment": 181, "annual_rate_pct": "1.70"}]'
RENTAL = f'{{"principal": 100000000, "months": 420, {RATES}}}'
ANSWER = {
    "payments": [{"from_payment": 1, "yen": 306_184}, {"from_payment": 181, "yen": 312_055}],
    "total": 130_006_361,
    "last_payment": 312_096,
}
OPTIONS = ("--principal", "1億円", "--years", "35", "--rate", "1.5", "--step", "181:1.70")


@pytest.fixture
def piped(engawa, monkeypatch):
    """Runs a command with this text on stdin."""

    def run(text: str, *words: str, **settings: str):
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text.encode()), "utf-8"))
        return engawa("loan", *words, **settings)

    return run


def test_a_loan_on_stdin_is_answered_in_the_stated_form(piped):
    ended = piped(RENTAL, "estimate", "--json")
    assert (ended.status, ended.err) == (0, "")
    assert json.loads(ended.out) == ANSWER
    assert ended.out.count("\n") == 1


def test_several_loans_are_answered_line_by_line(piped):
    ended = piped(f"{RENTAL}\n{RENTAL}\n", "estimate", "--json")
    assert [json.loads(line) for line in ended.out.splitlines()] == [ANSWER, ANSWER]


def test_options_say_the_same(engawa):
    assert json.loads(engawa("loan", "estimate", *OPTIONS, "--json").out) == ANSWER
    shown = engawa("loan", "estimate", *OPTIONS).out
    assert all(figure in shown for figure in ("1〜180回目", "1.50%", "306,184", "312,055", "130,006,361", "312,096"))


def test_loans_that_are_paid_side_by_side(piped):
    """One for 35 years and one for 15, at the reference rates of January 2026: from payment 181 one is left."""
    both = "\n".join(
        f'{{"principal": 50000000, "months": {months}, "steps": [{{"from_payment": 1, "annual_rate_pct": {rate}}}]}}'
        for months, rate in ((420, "1.95"), (180, "1.54"))
    )
    apart = [json.loads(line) for line in piped(both, "estimate", "--json").out.splitlines()]
    found = json.loads(piped(both, "estimate", "--json", "--together").out)
    assert found["total"] == sum(each["total"] for each in apart)
    levels = {level["from_payment"]: level["yen"] for level in found["payments"]}
    assert levels[1] == sum(each["payments"][0]["yen"] for each in apart)
    assert levels[181] == apart[0]["payments"][0]["yen"]
    rows = list(csv.DictReader(io.StringIO(piped(both, "schedule", "--csv", "--together").out)))
    assert (len(rows), sum(int(row["yen"]) for row in rows)) == (420, found["total"])
    assert piped(both, "schedule", "--csv").err.startswith("engawa: --csv takes one loan")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", "no loan"),
        ("rubbish", "not JSON"),
        (RENTAL.replace("420", "0"), "months must be from 1 to 1200"),
        (RENTAL.replace("months", "month"), "a loan must have months"),
        (f"{RENTAL}\n{RENTAL.replace('1.50', '-1')}", "loan 2: annual_rate_pct must be from 0"),
    ],
)
def test_what_is_no_loan_is_one_line_and_nothing_is_answered(piped, text, line):
    ended = piped(text, "estimate", "--json")
    assert (ended.status, ended.out) == (2, "")
    assert ended.err.startswith(f"engawa: {line}")
    assert ended.err.count("\n") == 1


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (("estimate",), "--principal, --rate and one of"),
        (("estimate", "--principal", "1億円"), "--principal, --rate and one of"),
        (("estimate", *OPTIONS, "--months", "420"), "--principal, --rate and one of"),
        (("estimate", *OPTIONS, "--principal", "much"), "--principal must be yen"),
        (("estimate", *OPTIONS, "--rate", "1.5%"), "--rate must be a number"),
        (("estimate", *OPTIONS, "--step", "later"), "--step must be a payment and a rate"),
        (("estimate", *OPTIONS, "--json", "--csv"), "--json and --csv do not go together"),
        (("schedule", *OPTIONS, "--first-payment", "9999-01-31"), "--first-payment must be a date"),
        (("compare", *OPTIONS), "--reduction and --for-years"),
        (("compare", "--edition", "flat35"), "no edition flat35; what there is is flat35-reno-2016"),
        (("compare", "--edition", "zanka-2023", "--at", "soon"), "--at must be a date"),
        (
            ("compare", *OPTIONS, "--edition", "zanka-2023"),
            "zanka-2023 has no reduction for nothing; what there is is none",
        ),
        (
            ("compare", *OPTIONS, "--edition", "flat35-reno-2016", "--benefit", "plan_a", "--benefit", "plan_b"),
            "flat35-reno-2016 has no reduction for plan_a+plan_b; what there is is plan_a, plan_b",
        ),
        (
            ("compare", *OPTIONS, "--edition", "kosodate-2023", "--benefit", "plan_a"),
            "kosodate-2023 has no reduction for plan_a; what there is is long_life, zeh",
        ),
        (("estimate", *OPTIONS, "--residual", "2億円"), "residual must be from 0 to the principal"),
        (("estimate", *OPTIONS, "--interest-only-from", "421"), "interest_only_from must be a payment"),
    ],
)
def test_options_that_cannot_be(engawa, words, line):
    ended = engawa("loan", *words)
    assert (ended.status, ended.out) == (2, "")
    assert ended.err.startswith(f"engawa: {line}")
    assert ended.err.count("\n") == 1


def test_every_payment_as_csv_with_its_day(engawa):
    """A day that a month lacks is its last; it is counted from the first payment, not from the one before."""
    ended = engawa("loan", "schedule", *OPTIONS, "--first-payment", "2027-01-31", "--csv")
    found = list(csv.DictReader(io.StringIO(ended.out)))
    assert [row["on"] for row in found[:3]] == ["2027-01-31", "2027-02-28", "2027-03-31"]
    assert sum(int(row["yen"]) for row in found) == ANSWER["total"]
    assert sum(int(row["principal"]) for row in found) == 100_000_000
    assert (found[-1]["payment"], found[-1]["balance"]) == ("420", "0")
    plain = list(csv.DictReader(io.StringIO(engawa("loan", "estimate", *OPTIONS, "--csv").out)))
    assert plain == [{key: value for key, value in row.items() if key != "on"} for row in found]


def test_interest_alone_from_year_fifty_and_the_rest_in_the_end(engawa):
    """As the residual-value loan has it."""
    terms = ("--principal", "2,000万円", "--years", "60", "--rate", "1.5")
    ended = engawa("loan", "schedule", *terms, "--residual", "500万円", "--interest-only-from", "601", "--csv")
    found = list(csv.DictReader(io.StringIO(ended.out)))
    assert {row["principal"] for row in found[600:-1]} == {"0"}
    assert found[-1]["principal"] == found[599]["balance"]
    assert abs(int(found[599]["balance"]) - 5_000_000) < 1_000


def test_a_schedule_for_people_and_for_programs(engawa, piped):
    short = ("--principal", "300万円", "--months", "3", "--rate", "1.2")
    shown = engawa("loan", "schedule", *short, "--first-payment", "2027-01-31").out
    assert all(text in shown for text in ("2027-02-28", "1,002,002", "総返済額 3,006,002円"))
    assert json.loads(piped(RENTAL, "schedule", "--json").out)["payments"][0] == {
        "payment": 1,
        "yen": 306_184,
        "interest": 125_000,
        "principal": 181_184,
        "balance": 99_818_816,
    }


def test_what_a_reduction_is_worth(engawa, piped):
    words = ("--principal", "1億円", "--years", "35", "--rate", "1.70", "--reduction", "0.2", "--for-years", "15")
    found = json.loads(engawa("loan", "compare", *words, "--from-payment", "181", "--json").out)
    assert found["with"] == ANSWER
    assert found["differences"] == [{"from_payment": 1, "yen": -9_891}, {"from_payment": 181, "yen": -4_020}]
    assert found["total_difference"] == -2_745_149
    assert found["at_stake"] == {"from_payment": 181, "yen": 0, "yen_a_month": 0}
    without = RENTAL[:-1] + ', "without": [{"from_payment": 1, "annual_rate_pct": "1.7"}]}'
    told = json.loads(piped(without, "compare", "--json").out)
    assert told["at_stake"] == {"from_payment": 1, "yen": 2_745_149, "yen_a_month": 9_891}
    shown = engawa("loan", "compare", *words).out
    assert all(text in shown for text in ("▲9,891", "▲4,020", "差 ▲2,745,149円", "合計 2,745,149円"))


def test_a_result_printed_without_its_inputs_is_said_to_be_one(engawa):
    shown = engawa("loan", "compare", "--edition", "zanka-2023", now="2027-04-01").out
    assert all(text in shown for text in ("約9,430,000", "約1,360,000", "再計算できません", "計算できません"))
    told = json.loads(engawa("loan", "compare", "--edition", "zanka-2023", "--json").out)
    assert [figure["computed"] for figure in told["printed"][0]["figures"]] == [None, None]
    assert told["printed"][0]["basis"] == "not_reproducible"


def test_a_rate_that_is_not_printed_is_said_to_be_inferred(engawa):
    (told,) = json.loads(engawa("loan", "compare", "--edition", "sumairu-kosodate-2026", "--json").out)["printed"]
    assert told["basis"] == "inferred"
    assert "inferred" in told["note_en"]
    assert told["figures"][0] | {"printed": 62_111, "computed": 62_111, "agrees": True} == told["figures"][0]


@pytest.mark.parametrize(
    ("at", "said"), [("2016-12-01", "受付中"), ("2017-03-31", "受付中"), ("2017-04-01", "受付終了")]
)
def test_a_closed_edition_says_so(engawa, at, said):
    assert said in engawa("loan", "compare", "--edition", "flat35-reno-2016", "--at", at).out
    told = json.loads(engawa("loan", "compare", "--edition", "flat35-reno-2016", "--json", now=at).out)
    assert told["status_ja"] == said


DRAWN = ("--principal", "1億円", "--years", "35", "--rate", "1.70", "--reduction", "0.2", "--for-years", "15")


def test_a_chart_says_what_is_compared_and_what_it_comes_to(engawa, folder):
    """The same bytes each time, so that a picture on paper can be made again."""
    for name in ("one.svg", "two.svg"):
        assert engawa("loan", "chart", *DRAWN, "--to", name).out == f"{name}\n"
    drawn = (folder / "one.svg").read_text("utf-8")
    said = ("10,000万円・35年・元利均等", "毎月の返済額", "残高", "金利引下げあり", "金利引下げなし", "差 ▲2,745,149円")
    assert [text for text in said if text not in drawn] == []
    assert drawn == (folder / "two.svg").read_text("utf-8")


def test_a_chart_of_one_loan_in_english_as_png(engawa, folder):
    ended = engawa("loan", "chart", *DRAWN[:6], "--to", "one.png", "--language", "en")
    assert (ended.status, ended.out) == (0, "one.png\n")
    assert (folder / "one.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (("--to", "one.gif"), "--to must end in .svg, .png, .pdf"),
        (("--to", "nowhere/one.svg"), "--to: nowhere/one.svg cannot be written"),
        (("--to", "one.svg", "--language", "fr"), "--language fr: what there is is ja, en"),
        (("--to", "one.svg", "--for-years", "0"), "--reduction and --for-years"),
    ],
)
def test_a_chart_that_cannot_be(engawa, words, line):
    ended = engawa("loan", "chart", *DRAWN, *words)
    assert (ended.status, ended.out) == (2, "")
    assert ended.err.startswith(f"engawa: {line}")


LENT = ("--principal", "1億円", "--years", "35", "--rate", "1.95")
RESTRICTED = ("--contracted", "2026-06-10", "--first-payment", "2026-07-10")


def test_what_a_prepayment_saves_and_costs(engawa):
    """The 120th payment falls on the last day of the ten years, the 121st after them."""
    words = ("loan", "prepay", *LENT, "--yen", "500万円", *RESTRICTED)
    within = json.loads(engawa(*words, "--with-payment", "120", "--json").out)
    assert (within["prepaid"], within["charge"]) == (5_000_000, 250_000)
    assert within["payments_after"] < within["payments_before"] == 420
    assert within["payment_after"] <= within["payment_before"]
    after = json.loads(engawa(*words, "--with-payment", "121", "--effect", "lower", "--json").out)
    assert (after["charge"], after["payments_after"]) == (0, 420)
    assert after["interest_saved"] > 0
    assert "繰上返済違約金：250,000円" in engawa(*words, "--with-payment", "120").out


def test_all_that_is_owed_is_prepaid_where_no_sum_is_said(engawa):
    found = json.loads(engawa("loan", "prepay", *LENT, "--with-payment", "60", "--json").out)
    assert (found["owed_after"], found["payments_after"], found["payment_after"]) == (0, 60, 0)


BUILT = ("--begun", "2026-10-01", "--roofed", "2027-01-01", "--completed", "2027-04-01", "--contracted", "2027-06-01")


def test_what_is_handed_over_while_a_house_is_built(engawa):
    words = ("loan", "interim", "--principal", "1億円", "--rate", "1.95", "--fee", "50万円", *BUILT)
    told = json.loads(engawa(*words, "--json").out)["handed_over"]
    assert [each["share"] for each in told] == [30_000_000, 30_000_000, 30_000_000, 10_000_000]
    assert told[1] == {
        "stage": "roofed",
        "on": "2027-01-01",
        "share": 30_000_000,
        "interest": 147_452,
        "fee": 0,
        "received": 29_852_548,
    }
    assert "29,852,548" in engawa(*words).out


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (("prepay", *LENT), "a prepayment must come with a payment from 1 to 419"),
        (("prepay", *LENT, "--with-payment", "420"), "a prepayment must come with a payment from 1 to 419"),
        (("prepay", *LENT, "--with-payment", "60", "--yen", "2億円"), "a prepayment must be from 1 to"),
        (("prepay", *LENT, "--with-payment", "60", "--contracted", "2026-06-10"), "--contracted and --first-payment"),
        (("interim", "--principal", "1億円", "--rate", "1.95"), "the last money is handed over after the contract"),
        (("interim", "--rate", "1.95", *BUILT), "--principal must be yen"),
        (
            ("interim", "--principal", "1億円", "--rate", "1.95", *BUILT, "--begun", "2027-02-01"),
            "money is handed over",
        ),
    ],
)
def test_what_cannot_be_prepaid_or_handed_over(engawa, words, line):
    ended = engawa("loan", *words)
    assert (ended.status, ended.out) == (2, "")
    assert ended.err.startswith(f"engawa: {line}")
    assert ended.err.count("\n") == 1


def test_the_options_of_a_residual_value_loan(engawa):
    lent = ("--principal", "4,000万円", "--years", "35", "--rate", "1.5", "--after", "300", "--until", "720")
    words = ("loan", "convert", *lent, "--then-rate", "1.5", "--residual", "1,200万円", "--interest-only-from", "601")
    told = json.loads(engawa(*words, "--json").out)
    assert told["payment_after"] < told["payment_before"]
    assert told["interest_alone"] == 15_000
    rows = list(csv.DictReader(io.StringIO(engawa(*words, "--csv").out)))
    assert told["buy_back"] == int(rows[299]["balance"])
    assert (len(rows), told["last_payment"]) == (720, int(rows[-1]["yen"]))
    assert f"買取オプションの額）：{told['buy_back']:,}円" in engawa(*words).out
    refused = engawa("loan", "convert", *lent, "--then-rate", "much")
    assert (refused.status, refused.err) == (2, "engawa: --then-rate must be a number such as 1.70\n")


def test_a_house_that_is_both_long_lived_and_a_zeh_gets_the_larger_reduction_with_its_page(engawa):
    """「両方に当たるのに、組み合わせられないと言われました」"""
    both = ("--edition", "sumairu-kosodate-2026", "--benefit", "zeh", "--benefit", "long_life")
    told = json.loads(engawa("loan", "compare", *OPTIONS[:6], *both, "--json").out)
    assert told["reduction"] == {
        "benefits": ["long_life", "zeh"],
        "off_pct": "0.3",
        "years": 15,
        "source_ja": "P7～P8、P22～P24",
        "source_en": "p. 7 to 8 and 22 to 24",
    }
    alone = json.loads(engawa("loan", "compare", *OPTIONS[:6], *both[:2], "--benefit", "long_life", "--json").out)
    assert told["total_difference"] == alone["total_difference"] < 0
    assert alone["reduction"]["source_ja"] == "P7～P8、P22 5.(1)"  # and not the page of the reference rates
    child = engawa("loan", "compare", *OPTIONS[:6], *both[:2], "--benefit", "child_rearing", "--language", "en").out
    assert "p. 7 to 8; p. 23, 5 (2)" in child
    shown = engawa("loan", "compare", *OPTIONS[:6], *both).out
    assert "長期優良住宅＋ZEH 金利引下げ：年−0.3%（15年間）\n出典：P7～P8、P22～P24" in shown


JAPANESE = re.compile("[ぁ-んァ-ヶ一-龠]")


@pytest.mark.parametrize(
    "words",
    [
        ("estimate", *OPTIONS, "--method", "principal"),
        ("schedule", *LENT, "--first-payment", "2027-01-31"),
        ("compare", *LENT, "--reduction", "0.2", "--for-years", "15"),
        ("compare", *LENT, "--edition", "kosodate-2023", "--benefit", "zeh"),
        ("compare", "--edition", "zanka-2023"),
        ("compare", "--edition", "sumairu-kosodate-2026"),
        ("prepay", *LENT, "--with-payment", "60", "--yen", "500万円"),
        ("convert", *LENT, "--after", "300", "--until", "720", "--then-rate", "1.5", "--interest-only-from", "601"),
        ("interim", "--principal", "1億円", "--rate", "1.95", "--fee", "50万円", *BUILT),
    ],
)
def test_sums_are_said_in_one_language(engawa, words):
    """Headings, units and reasons; a language that nothing is written in is refused before anything is worked out."""
    japanese = engawa("loan", *words)
    english = engawa("loan", *words, "--language", "en")
    assert (japanese.status, english.status) == (0, 0)
    assert not re.search("[a-z]{3,}", re.sub("sumairu-kosodate-2026|--csv", "", japanese.out + japanese.err))
    assert not JAPANESE.search(english.out + english.err), english.out
    ended = engawa("loan", *words, "--language", "fr")
    assert (ended.status, ended.out) == (2, "")
    assert ended.err == "engawa: --language fr: what there is is ja, en\n"
