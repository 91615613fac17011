"""An edition answers for its own days, and a newer one leaves it as it was."""

from datetime import date

import pytest

from bot.core.days import days_after
from bot.core.municipality import PREFECTURES
from bot.programmes.check import check
from bot.programmes.edition import Status, UnknownEdition, edition, editions
from bot.programmes.rule import rule, rules
from bot.programmes.rules.finding import TO_CONFIRM, WITHIN


def test_every_edition_says_what_it_is_and_where_it_stands_written():
    for each in editions().values():
        assert all((each.programme, each.name_ja, each.name_en, each.source_ja, each.source_en))
        assert each.closes_on is None or each.closes_on > each.open_by


@pytest.mark.parametrize(
    ("day", "status"),
    [
        (date(2016, 9, 30), Status.ANNOUNCED),
        (date(2016, 10, 1), Status.IN_FORCE),
        (date(2017, 3, 31), Status.IN_FORCE),
        (date(2017, 4, 1), Status.CLOSED),
    ],
)
def test_flat35_renovation_takes_applications_from_october_to_march(day: date, status: Status):
    assert edition("flat35-reno-2016").status(day) is status


def test_an_edition_without_a_last_day_closes_when_the_next_one_opens():
    old, new = edition("kosodate-2023"), edition("sumairu-kosodate-2026")
    assert old.status(date(2025, 12, 31)) is Status.IN_FORCE
    assert old.status(new.open_by) is Status.CLOSED
    assert new.status(date(2050, 1, 1)) is Status.IN_FORCE


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("kosodate-2023", date(2023, 6, 30)),
        ("machizukuri-2023", date(2023, 10, 1)),
        ("sakoju-2023", date(2023, 10, 1)),
    ],
)
def test_no_first_day_is_made_up_where_none_is_printed(name: str, shown: date):
    """「9月にも申し込めたのに、受付開始前と言われました」: what nobody printed is to be asked."""
    found = edition(name)
    assert found.opens_on is None
    assert found.status(days_after(shown, -1)) is Status.TO_CONFIRM
    assert found.status(shown) is Status.IN_FORCE
    here = {each.id: each for each in rules().values() if each.edition is found}
    own = {name: each.status(days_after(shown, -1)) for name, each in here.items()}
    announced = {name for name, status in own.items() if status is Status.ANNOUNCED}
    assert announced == {name for name, each in here.items() if each.opens_on}  # their own first day is printed
    assert "wall_quantity" in announced
    assert set(own.values()) == {Status.ANNOUNCED, Status.TO_CONFIRM}


@pytest.mark.parametrize("name", ["machizukuri-2023", "sakoju-2023"])
def test_a_reduction_that_begins_later_for_one_loan_is_announced_until_then(name: str):
    """「令和5年10月以降申込受付分から」: the leaflet prints the day, so nobody needs to be asked for it."""
    here = [each for each in rules().values() if each.edition is edition(name)]
    begins = edition(name).data["begins"]
    assert set(begins["rules"]) <= {each.id for each in here}
    for each in here:
        if each.id in begins["rules"]:
            assert each.status(date(2023, 9, 30)) is Status.ANNOUNCED
            assert each.status(date(2023, 10, 1)) is Status.IN_FORCE
    assert rule("kosodate-2023/reduction").status(date(2023, 9, 30)) is Status.IN_FORCE


def test_the_loan_for_families_is_open_before_land_is_financed():
    """Before its own day land is announced, and the answer says why an application of June may still have it."""
    land = rule("kosodate-2023/land_financed")
    assert land.edition.status(date(2023, 6, 30)) is Status.IN_FORCE
    told = check(land, {"applied_on": date(2023, 6, 30), "reduced": True}, date(2023, 6, 30))
    assert (told.out, told.status) == (TO_CONFIRM, Status.ANNOUNCED)
    assert "原則として令和5年7月1日以後の申込分から" in told.reason.ja
    assert "令和5年6月30日以前の申込みでも受けられる場合があります" in told.reason.ja
    later = check(land, {"applied_on": date(2023, 7, 1), "reduced": True}, date(2023, 7, 1))
    assert (later.out, later.status) == (WITHIN, Status.IN_FORCE)


@pytest.mark.parametrize(
    ("name", "on", "says"),
    [
        ("sakoju-2023/reduction_available", date(2026, 11, 28), "受付の終了日が書かれていないため、受付中としています"),
        (
            "machizukuri-2023/reduction_available",
            date(2025, 12, 31),
            "受付の終了日が書かれていないため、受付中としています",
        ),
        ("machizukuri-2023/reduction_available", date(2026, 1, 1), "後の版（機構すまい・る賃貸ローン まちづくり型）"),
        ("flat35-reno-2016/application", date(2017, 3, 31), ""),
        ("flat35-reno-2016/application", date(2017, 4, 1), ""),
    ],
)
def test_where_no_last_day_is_printed_the_answer_says_on_what_it_rests(name: str, on: date, says: str):
    """「受付中とありましたが、どこにも終了日が書いてありません」"""
    reason = check(rule(name), {"applied_on": date(2023, 10, 1)}, on).reason
    assert ("終了日" in reason.ja) is bool(says)
    assert says in reason.ja
    assert ("o last day of applications is printed" in reason.en) is bool(says)


def test_a_newer_edition_follows_within_its_programme_and_later():
    for each in editions().values():
        if each.superseded_by:
            follower = edition(each.superseded_by)
            assert follower.programme == each.programme
            assert follower.open_by > each.open_by


def test_an_edition_nobody_wrote_is_unknown():
    with pytest.raises(UnknownEdition):
        edition("flat35-reno-2099")


def test_what_a_leaflet_says_of_all_its_editions_is_a_part_of_each():
    both = [edition(name).data for name in ("sumairu-kosodate-2026", "sumairu-machizukuri-2026")]
    assert both[0]["rates"] == both[1]["rates"]
    assert {one["off_pct"] for one in both[0]["rates"]["reduction"]} == {"0.2", "0.3", "0.4", "0.5"}
    assert "chintai" in edition("machizukuri-2023").data["contacts"]["url"]
    assert edition("machizukuri-2023").data["contacts"]["hours"]
    assert {one["off_pct"] for one in edition("kosodate-2023").data["rates"]["reduction"]} == {"0.2"}


def test_a_guarantee_company_stands_surety_where_its_offices_serve():
    """The rule and the offices are of one page."""
    limit = rule("sumairu-kosodate-2026/guarantee_area").limit
    offices = [each for each in edition("sumairu-kosodate-2026").data["contacts"]["office"] if "of" in each]
    named = {"kairyo": "一般財団法人住宅改良開発公社", "funen": "一般財団法人首都圏不燃建築公社"}
    for code, name in named.items():
        served = {place for each in offices if each["of"] == name for place in each["prefectures"]}
        assert set(limit[code]) == served


def test_each_prefecture_but_one_has_the_office_that_its_leaflet_prints():
    for name in ("sumairu-kosodate-2026", "reform-2022"):
        offices = [one for one in edition(name).data["contacts"]["office"] if one["kind"] == "agency"]
        served = [place for one in offices for place in one["prefectures"]]
        assert sorted(served) == sorted(set(PREFECTURES) - {"沖縄県"})
