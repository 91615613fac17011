"""An owner calls about a loan: the staff enter, correct and close it as a file would, and each look is on record."""

import json
from typing import Any

import pytest_asyncio
from bs4 import Tag
from sqlalchemy import select

from bot.core.rights import StaffRole
from storage.looks import Sought, looks_at
from storage.tables import facts, loan_dates, loans
from tests.handlers.web.street import Reader, Street, street_at
from tests.handlers.web.test_roles import comes_in

PLAN = [("P1", "屋根", "点検", 50, 0)]
PAGE = "/staff/houses/H1/loans"
TYPED = {
    "edition": "kosodate-2023",
    "applied_on": "2023-07-03",
    "contracted_on": "2024-03-01",
    "first_payment_on": "2024-05-01",
    "months": "420",
    "principal_yen": "100000000",
    "rate_steps": "1:1.50>181:1.70",
    "reductions-長期優良住宅": "1",
}


@pytest_asyncio.fixture
async def street(tmp_path, database_url):
    """A town with its pages, on either database."""
    async with street_at(tmp_path, "2026-11-01", database_url) as found:
        await found.town.house("H1", PLAN)
        yield found


async def rows(street: Street, table: Any) -> list[Any]:
    async with street.town.service.store.read() as connection:
        return list((await connection.execute(select(table))).mappings())


def form_of(reader: Reader, place: str = "#form form") -> Tag:
    form = reader.page.select_one(place)
    assert form is not None
    return form


async def test_a_loan_is_entered_corrected_and_closed_at_the_console(street: Street):
    officer = await comes_in(street, "sato", StaffRole.OFFICER)
    empty = form_of(await officer.opens(f"{PAGE}?number=new"))
    await officer.sends(empty, TYPED)
    assert officer.status == 200
    for told in ("山田", "返済中", "2039年4月1日", "100,000,000円", "1回目から 1.50%"):
        assert told in officer.text
    await officer.sends(empty, TYPED)  # the same form pressed twice is one loan
    (loan,) = await rows(street, loans)
    assert (loan["number"], loan["person_id"], loan["steps"]) == (1, "owner:O-H1", [[1, "1.50"], [181, "1.70"]])
    filled = form_of(await officer.opens(f"{PAGE}?number=1"))
    assert await officer.sends(filled, TYPED | {"months": "360", "edition": "sumairu-kosodate-2026"})
    (loan,) = await rows(street, loans)
    assert (loan["months"], loan["edition"]) == (360, "kosodate-2023")
    await officer.sends(form_of(officer, "#loan-1 form"), {"step": "repaid_on", "repaid_on": "2026-10-31"})
    assert "完済（2026年10月31日" in officer.text
    assert await rows(street, loan_dates) == []
    kept = [row for row in await rows(street, facts) if row["kind"].startswith("loan_")]
    assert [row["kind"] for row in kept] == ["loan_recorded", "loan_corrected", "loan_repaid"]
    assert {json.loads(row["data"])["source"] for row in kept} == {"staff:sato"}
    assert not any("100000000" in row["data"] for row in kept)
    await street.town.all_is_well()


async def test_whichever_owner_borrowed_is_the_borrower_with_method_and_steps_as_the_contract_has_them(street: Street):
    """「借りたのは夫ではなく、わたしです」: also where the house names another owner first."""
    await street.town.house("H2", PLAN, co_owners="山田 一郎")
    co_owner = next(one["id"] for one in (await street.town.view("H2"))["owners"] if one["id"] != "owner:O-H2")
    officer = await comes_in(street, "sato", StaffRole.OFFICER)
    page = PAGE.replace("H1", "H2")
    form = form_of(await officer.opens(f"{page}?number=new"))
    assert [str(one["value"]) for one in form.select("[name=borrower] option")] == ["owner:O-H2", co_owner]
    rental = TYPED | {"edition": "sumairu-kosodate-2026", "applied_on": "2026-02-03", "contracted_on": ""}
    rental |= {"first_payment_on": "", "method": "元金均等"}
    await officer.sends(form, rental | {"borrower": "owner:O-H1"})
    assert officer.status == 422
    await officer.sends(form, rental | {"borrower": co_owner})
    assert officer.status == 200
    assert "元金均等" in officer.text
    filled = form_of(await officer.opens(f"{page}?number=1"))
    assert [str(one["name"]) for one in filled.select("[name^=step-]")] == [
        *("step-design-inspection", "step-contract-papers", "step-interim-payments", "step-interim-roofed"),
        *(
            "step-interim-completed",
            "step-total-decided",
            "step-loan-contract",
            "step-receipt",
            "step-rate-review-next",
        ),
    ]
    await officer.sends(filled, rental | {"borrower": co_owner, "step-total-decided": "2027-03-01"})
    (loan,) = await rows(street, loans)
    assert (loan["person_id"], loan["method"], loan["step_days"]) == (
        *(co_owner, "principal"),
        [["total-decided", "2027-03-01"]],
    )
    filled = form_of(await officer.opens(f"{page}?number=1"))
    await officer.sends(filled, rental | {"borrower": "owner:O-H2"})
    (loan,) = await rows(street, loans)
    assert (loan["person_id"], loan["step_days"]) == ("owner:O-H2", [])
    await street.town.all_is_well()


async def test_what_a_file_is_refused_for_the_form_is_refused_for(street: Street):
    """And comes back as it was typed; nothing is kept of it."""
    officer = await comes_in(street, "sato", StaffRole.OFFICER)
    form = form_of(await officer.opens(f"{PAGE}?number=new"))
    wrong = {"contracted_on": "2023-07-02", "rate_steps": "2:1.50", "units": "3", "certified_units": "4"}
    await officer.sends(form, TYPED | wrong)
    assert officer.status == 422
    marked = {str(field["name"]) for field in officer.page.select("[aria-invalid=true]")}
    assert marked == {"contracted_on", "rate_steps", "certified_units"}
    assert "100000000" in str(form_of(officer))
    assert (await officer.sends(form, TYPED | {"number": "5"})).status == 404
    assert await rows(street, loans) == []


async def test_of_two_who_correct_a_loan_at_once_the_second_is_asked_to_look(street: Street):
    """What a file or a colleague has changed meanwhile is not overwritten unseen."""
    officer = await comes_in(street, "sato", StaffRole.OFFICER)
    await officer.sends(form_of(await officer.opens(f"{PAGE}?number=new")), TYPED)
    stale = form_of(await officer.opens(f"{PAGE}?number=1"))
    await officer.sends(stale, TYPED | {"insured_until": "2027-01-31"})
    assert (await officer.sends(stale, TYPED | {"months": "360"})).status == 422
    assert "記録が変わりました" in officer.text
    (loan,) = await rows(street, loans)
    assert (loan["months"], loan["insured_until"].isoformat()) == (420, "2027-01-31")


async def test_an_auditor_sees_the_sums_on_record_and_enters_nothing(street: Street):
    """An operator sees no house, so no loan either."""
    officer = await comes_in(street, "sato", StaffRole.OFFICER)
    form = form_of(await officer.opens(f"{PAGE}?number=new"))
    await officer.sends(form, TYPED)
    auditor = await comes_in(street, "kanda", StaffRole.AUDITOR)
    assert "100,000,000円" in (await auditor.opens(f"{PAGE}?number=1")).text
    assert auditor.page.select("main form") == []
    assert (await auditor.sends(form, TYPED)).status == 403
    operator = await comes_in(street, "ueda", StaffRole.OPERATOR)
    assert (await operator.opens(PAGE)).status == 403
    async with street.town.service.store.read() as connection:
        looked = {
            (row.by, row.house_id)
            for row in await looks_at(connection, Sought())
            if row.door == PAGE.replace("H1", "{house_id}")
        }
    assert looked == {("staff:sato", "H1"), ("staff:kanda", "H1")}
