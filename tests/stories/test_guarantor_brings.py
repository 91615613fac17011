"""The guarantor brings in what it guarantees by the doors that a builder has, and of no other house."""

from datetime import date
from typing import Any

from sqlalchemy import select, update

from bot.core.api_key import SCOPES, Scope, wrong_scopes
from bot.core.submitter import SubmitterKind
from storage.companies import associations_for, in_business, ranked_for
from storage.households import house_of
from storage.imports import provisions
from storage.submitters import Entry, enter
from storage.tables import houses, imports
from tests.handlers.web.api.machine import machine_of
from tests.handlers.web.street import Street
from tests.stories.test_builders_page import HEADERS, at_the_page, excel, uploads
from tests.stories.test_submitters import HOUSE, brings, found
from tests.stories.town import Town

FUND = "G1"
ROW = {"servicer_id": FUND, "name": "ひなた保証基金", "role": "保証機関"}
PLAN = {"item_code": "P9", "item_name": "屋根", "kind": "点検", "first_year": "5", "interval_years": "5"}
OWN, OTHER = {"house_id": "H1"}, {"house_id": "H2"}
HEADER = "住宅ID,残価保証番号,施工事業者ID,維持管理事業者ID,引渡日,所有者氏名\n"


async def guaranteed(town: Town) -> None:
    """H1 is under its guarantee, H2 is not; the guarantor is put down with who represents it."""
    await town.house("H1", guarantee_no="G-001")
    await town.house("H2", guarantee_no="")
    await town.take(servicers=[ROW])
    async with town.service.store.write() as connection:
        entry = Entry(FUND, "保証 理事", "東京都千代田区1-1", "guarantee")
        assert await enter(connection, entry, town.today) is SubmitterKind.GUARANTOR


async def ends(town: Town, **values: Any) -> None:
    async with town.service.store.write() as connection:
        await connection.execute(update(houses).where(houses.c.id == "H1").values(**values))


async def test_the_guarantor_tells_of_its_own_houses_and_of_no_other(town: Town):
    """保証基金: うちが保証している家の計画だけを、うちから送ります。"""
    await guaranteed(town)
    before = await town.view("H2")
    (report,) = await brings(town, FUND, plan=[PLAN | OWN, PLAN | OTHER, PLAN | {"house_id": "NOWHERE"}])
    assert (report.rows_accepted, found(report)) == (1, [("house_id", "unknown_house")] * 2)
    theirs, nobodys = [one.message for one in report.problems if one.severity == "error"]
    assert theirs.replace("H2", "NOWHERE") == nobodys
    (report,) = await brings(town, FUND, houses=[HOUSE | OTHER | {"guarantee_no": "G-002"}])
    assert found(report) == [("house_id", "not_usable")]
    assert await town.view("H2") == before
    await town.all_is_well()


async def test_a_new_house_comes_with_its_number_whoever_built_it(town: Town):
    await guaranteed(town)
    (report,) = await brings(town, FUND, houses=[HOUSE])
    assert found(report) == [("guarantee_no", "not_guaranteed")]
    (report,) = await brings(town, FUND, houses=[HOUSE | {"guarantee_no": "G-009", "builder_id": "B2"}])
    assert (report.rows_accepted, found(report)) == (1, [])
    (report,) = await brings(
        town, FUND, houses=[HOUSE | {"guarantee_no": "G-009", "builder_id": "B2", "servicer_id": "B2"}]
    )
    assert found(report) == [("servicer_id", "company_not_yours")]  # it is handed over, never written over
    assert (await town.view("N1"))["house"]["servicer_id"] == "B1"


async def test_who_provided_it_is_on_record(town: Town):
    """山田さん: 保証機関は、誰の責任で、どうやってこの情報を手に入れたのですか。"""
    await guaranteed(town)
    await brings(town, FUND, houses=[HOUSE | {"guarantee_no": "G-009"}])
    await town.house("H1", guarantee_no="G-001", floor_area_m2="101")
    async with town.service.store.read() as connection:
        (brought,) = await provisions(connection, "N1")
        last = select(imports.c.representative, imports.c.acquired).where(imports.c.submitter == "operator")
        by_command = (await connection.execute(last.order_by(imports.c.id.desc()))).first()
    assert (brought["submitter"], brought["name"], brought["representative"]) == (FUND, "ひなた保証基金", "保証 理事")
    assert (brought["address"], brought["acquired"]) == ("東京都千代田区1-1", "guarantee")
    assert tuple(by_command or ()) == ("保証 理事", "guarantee")


async def test_a_house_whose_guarantee_is_over_is_theirs_no_more(town: Town):
    await guaranteed(town)
    day = date(2026, 10, 1)
    for ended_on, lapsed_on in ((day, None), (None, day)):
        await ends(town, guarantee_ended_on=ended_on, lapsed_on=lapsed_on)
        (report,) = await brings(town, FUND, plan=[PLAN | OWN])
        assert found(report) == [("house_id", "unknown_house")]


async def test_the_guarantor_is_never_asked_to_look_after_a_house(town: Town):
    await guaranteed(town)
    async with town.service.store.read() as connection:
        house = house_of((await connection.execute(select(houses).where(houses.c.id == "H1"))).one())
        ranked = [one.id for one in await ranked_for(connection, house, town.today)]
        firms = [one.person.id for one in await in_business(connection)]
        asked = [one.id for one in await associations_for(connection, house)]
    assert (f"servicer:{FUND}" in {*ranked, *firms, *asked}, bool(firms)) == (False, True)


async def test_it_has_the_page_that_a_builder_has(street: Street):
    """保証基金: 表をページに置いて、見込みを見てから取り込みます。"""
    await guaranteed(street.town)
    page = await at_the_page(street, FUND)
    assert "新しい住宅には残価保証番号をご記入ください" in page.text
    assert "建てた住宅" not in page.text
    row = ("N1", "B1", "B1", "2024-04-01", "佐藤 一郎", "", "", "")
    await uploads(page, excel(row), "保証.xlsx")
    assert "残価保証番号" in page.text
    assert "取り込める行がありません" in page.text
    assert len(HEADERS) == len(row)
    blank = await page.client.get(f"{street.link(f'servicer:{FUND}')}/intake/blank.xlsx")
    assert blank.status_code == 200


async def test_its_machine_brings_and_reads_what_it_guarantees(street: Street):
    await guaranteed(street.town)
    machine = await machine_of(street, FUND, (Scope.IMPORT, Scope.READ))
    assert [one["id"] for one in (await machine.asks("/houses")).json()["items"]] == ["H1"]
    assert (await machine.asks("/houses/H1/works")).status_code == 200
    other, none = await machine.asks("/houses/H2"), await machine.asks("/houses/NOWHERE")
    assert (other.status_code, other.text.replace("H2", "NOWHERE")) == (404, none.text)
    brought = (await machine.brings((HEADER + "N1,G-009,B2,B2,2024-04-01,佐藤 一郎\n").encode(), "k1")).json()
    assert (brought["rows_accepted"], brought["rows_total"]) == (1, 1)
    assert {one["id"] for one in (await machine.asks("/houses")).json()["items"]} == {"H1", "N1"}
    await ends(street.town, guarantee_ended_on=date(2026, 10, 1))
    assert (await machine.asks("/houses/H1")).status_code == 404
    assert wrong_scopes(SubmitterKind.GUARANTOR, frozenset(Scope)) == frozenset(Scope) - SCOPES[SubmitterKind.GUARANTOR]
