"""Which company could take a house over, and why; and what may be told of where a house stands."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.candidates import Company, rank
from bot.core.house import House
from bot.core.people import Person
from bot.core.town import town_of

TODAY = date(2027, 2, 1)
HOUSE = House(
    "H1",
    date(2022, 4, 1),
    date(2022, 4, 1),
    50,
    date(2022, 4, 1),
    municipality="131121",
    servicer_id="B1",
    backup_servicer_id="B9",
    town="東京都世田谷区",
)


def company(number: int, **given: object) -> Company:
    return replace(Company(Person(f"servicer:B{number}", f"第{number}工務店")), **given)  # type: ignore[arg-type]


def test_the_house_s_own_backup_comes_first_and_its_own_company_never():
    known = [company(1, area="世田谷区"), company(2, area="131121"), company(9)]
    assert [one.id for one in rank(HOUSE, known, TODAY)] == ["servicer:B9", "servicer:B2"]


@pytest.mark.parametrize(
    ("area", "reasons"),
    [
        ("東京都世田谷区、東京都杉並区", ("town",)),
        ("世田谷区", ("town",)),
        ("13112", ("town",)),
        ("東京都", ("prefecture",)),
        ("13104 13105", ("prefecture",)),
        ("神奈川県", ()),
        ("", ()),
    ],
)
def test_the_place_speaks_for_a_company(area: str, reasons: tuple[str, ...]):
    (one,) = rank(HOUSE, [company(2, area=area)], TODAY)
    assert one.reasons == reasons


def test_who_has_no_room_or_no_licence_comes_last_and_is_still_shown():
    full = company(2, area="世田谷区", capacity=3, load=3)
    over = company(3, area="世田谷区", licence_until=date(2027, 1, 31))
    free = company(4, capacity=3, load=2)
    assert [one.id for one in rank(HOUSE, [over, full, free], TODAY)] == ["servicer:B4", "servicer:B2", "servicer:B3"]


def test_who_is_out_of_business_is_not_shown():
    gone = company(2, person=Person("servicer:B2", "", active=False))
    assert rank(HOUSE, [gone], TODAY) == []


KNOWN = [company(n, area="世田谷区" if n % 2 else "", backup=n > 4) for n in range(2, 8)]


@given(st.permutations(KNOWN))
def test_the_order_does_not_depend_on_how_they_come(known: list[Company]):
    assert rank(HOUSE, known, TODAY) == rank(HOUSE, KNOWN, TODAY)


@pytest.mark.parametrize(
    ("address", "town"),
    [
        ("東京都世田谷区太子堂1-2-3", "東京都世田谷区"),
        ("神奈川県横浜市鶴見区鶴見中央3", "神奈川県横浜市鶴見区"),
        ("東京都町田市原町田1", "東京都町田市"),
        ("千葉県市川市八幡1-1", "千葉県市川市"),
        ("三重県四日市市諏訪町1", "三重県四日市市"),
        ("広島県廿日市市下平良", "広島県廿日市市"),
        ("北海道余市郡余市町朝日町", "北海道余市郡余市町"),
        ("京都府京都市中京区河原町", "京都府京都市中京区"),
        ("群馬県佐波郡玉村町大字", "群馬県佐波郡玉村町"),
        ("どこか", ""),
        ("", ""),
    ],
)
def test_the_town_is_told_and_nothing_behind_it(address: str, town: str):
    assert town_of(address) == town


@pytest.mark.parametrize(
    ("structure", "works_on", "reason"),
    [
        ("木造（軸組工法）", "木造・鉄骨造", ("structure",)),
        ("木造", "鉄骨造、RC造", ("other_structure",)),
        ("鉄筋コンクリート造", "木造", ("other_structure",)),
        ("鉄筋コンクリート造", "RC", ("structure",)),
        ("軽量鉄骨造", "鉄筋コンクリート造", ("other_structure",)),
        ("ツーバイフォー", "木造", ("structure",)),
        ("", "木造", ()),
        ("木造", "", ()),
        ("木造", "応相談", ()),
        ("土蔵", "木造", ()),
    ],
)
def test_the_structure_speaks_for_who_works_on_it(structure: str, works_on: str, reason: tuple[str, ...]):
    """Where either side has not said it in words that are known, nothing is concluded."""
    (one,) = rank(replace(HOUSE, structure=structure), [company(2, structures=works_on)], TODAY)
    assert one.reasons == reason


def test_who_does_not_work_on_such_houses_comes_after_who_is_far_away():
    near, far = company(2, area="世田谷区", structures="鉄骨造"), company(3, structures="木造")
    assert [one.id for one in rank(replace(HOUSE, structure="木造"), [near, far], TODAY)] == [
        "servicer:B3",
        "servicer:B2",
    ]


@pytest.mark.parametrize(
    ("role", "kind"),
    [("工務店", "builder"), ("リフォーム会社", "renovator"), ("住宅検査会社", "inspection_company"), ("商社", "")],
)
def test_the_staff_see_what_kind_of_company_it_is(role: str, kind: str):
    (one,) = rank(HOUSE, [company(2, role=role)], TODAY)
    assert one.reasons == ((kind,) if kind else ())
