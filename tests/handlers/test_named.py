"""Which houses a company means."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.case import Case, Scene
from bot.core.house import House, Household
from bot.core.people import Person
from handlers.named import Named, named

DAY = date(2022, 4, 1)


def case_of(house_id: str, name: str, number: int = 1) -> Scene:
    house = House(house_id, DAY, DAY, 50, DAY)
    household = Household(house, (Person(f"owner:O-{house_id}", name),), None, True)
    return Scene(household, Case(f"{house_id}-{number}", house_id, number, "visit/1", DAY, DAY), ())


HAYASHI, KOBAYASHI = case_of("H1", "林 一郎"), case_of("H2", "小林 花子")
YAMADA, SATO, TENTH = case_of("H3", "山田 花子"), case_of("H4", "佐藤 次郎"), case_of("H10", "高橋 光")
ALL = (HAYASHI, KOBAYASHI, YAMADA, SATO, TENTH)


@pytest.mark.parametrize(
    ("text", "houses"),
    [
        ("小林様邸、完了しました", ["H2"]),
        ("林様邸、完了しました", ["H1"]),
        ("2月9日林様邸と小林様邸が完了しました", ["H1", "H2"]),
        ("山田様邸、佐藤様邸とも完了", ["H3", "H4"]),
        ("山田邸、佐藤邸とも完了", ["H3", "H4"]),
        ("2月9日林邸と小林邸が完了", ["H1", "H2"]),
        ("佐藤 次郎様、完了", ["H4"]),
        ("山田花子邸は完了しました", ["H3"]),
        ("H10 完了", ["H10"]),
        ("H1とH10が完了", ["H1", "H10"]),
        ("H3 山田様邸 完了", ["H3"]),
        ("お客様のご都合で延期です。奥様から連絡がありました", []),
        ("完了しました", []),
        ("様子を見ます", []),
    ],
)
def test_a_house_is_named_whole(text: str, houses: list[str]):
    """A name within a longer one names nobody, nor does a number within a number."""
    found = named(text, ALL)
    assert not found.unsure
    assert [scene.case.house_id for scene in found.scenes] == houses


@pytest.mark.parametrize(
    "text", ["鈴木様邸、完了しました", "大林様邸、完了しました", "鈴木様完了", "山田様邸と鈴木様邸が完了"]
)
def test_somebody_elses_house_is_unsure(text: str):
    """Rather than taken for one that is being talked about."""
    assert named(text, ALL).unsure


def test_a_shared_name_is_unsure():
    """Two houses of one name, or two cases at one house."""
    assert named("山田様邸、完了", (YAMADA, case_of("H9", "山田 太郎"))).unsure
    assert named("山田様邸、完了", (YAMADA, case_of("H3", "山田 花子", 2))).unsure


def test_each_house_keeps_its_own_words():
    """From its name to the next one."""
    found = named("本日、山田様邸は異常なし、佐藤様邸は指摘あり", ALL)
    assert found.words == ("山田様邸は異常なし、", "佐藤様邸は指摘あり")


def test_an_owner_without_a_name_is_not_named():
    """Whose name we do not hold is known by the number alone."""
    nameless = replace(YAMADA, household=replace(YAMADA.household, owners=(Person("owner:O-H3", ""),)))
    assert named("完了しました", (nameless,)) == Named()
    assert named("H3完了", (nameless,)).scenes == (nameless,)


@given(text=st.text())
def test_any_text_can_be_looked_at(text: str):
    """It never fails, and names nobody twice."""
    found = named(text, ALL)
    assert len({scene.case.id for scene in found.scenes}) == len(found.scenes) == len(found.words)
