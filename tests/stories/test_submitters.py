"""A company brings in the data of its own houses: of nobody else's does it see or change anything."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select

from bot.core.days import civil
from bot.intake.report import FileReport
from handlers.web.intake.taking import Sending, Taken, reports_of, take_files
from storage.imports import provisions
from storage.record import SERVICE
from storage.submitters import Entry, end, enter, submitter_of
from storage.tables import addresses, facts, houses, mandates, people, sealed_contacts
from tests.stories.town import Town

HOUSE = {
    "house_id": "N1",
    "builder_id": "B1",
    "servicer_id": "B1",
    "handed_over_on": "2024-04-01",
    "owner_id": "O-N1",
    "owner_name": "佐藤 一郎",
    "email": "ichiro@example.jp",
    "phone": "03-1111-2222",
}
AGREED = {"consent_information_on": "2024-04-01", "consent_mandate_on": "2024-04-01"}
OWNER = "owner:O-N1"


async def entered(town: Town, *companies: str) -> None:
    async with town.service.store.write() as connection:
        for company in companies:
            await enter(connection, Entry(company, "丸太 太郎", "東京都港区1-1", "contract"), town.today)


async def brings(town: Town, company: str, **tables: list[dict[str, Any]]) -> list[FileReport]:
    """The company's files go in, whatever of them is refused."""
    return list(reports_of(await _taken(town, company, **tables)))


async def _taken(town: Town, company: str, **tables: list[dict[str, Any]]) -> list[Taken]:
    async with town.service.store.read() as connection:
        who = await submitter_of(connection, company)
    assert who is not None
    paths: list[Path] = [town._file(table, rows) for table, rows in tables.items()]
    sending = Sending(who=who, by=f"servicer:{company}", door="page", rejected_files=False)
    return await take_files(town.service.store, paths, sending, town.service.clock.now())


def found(report: FileReport) -> list[tuple[str | None, str]]:
    return [(one.field, one.reason) for one in report.problems if one.severity == "error"]


async def reached(town: Town) -> tuple[list[tuple[str, str]], str]:
    """The living addresses and the telephone of the owner."""
    async with town.service.store.read() as connection:
        query = select(addresses.c.channel, addresses.c.address).where(addresses.c.person_id == OWNER)
        rows = [(row.channel, row.address) for row in await connection.execute(query.order_by(addresses.c.channel))]
        phone = (await connection.execute(select(people.c.phone).where(people.c.id == OWNER))).scalar_one()
    return rows, phone


async def mandated(town: Town, house_id: str) -> bool:
    async with town.service.store.read() as connection:
        return (await connection.execute(select(houses.c.mandated).where(houses.c.id == house_id))).scalar_one()


async def put_aside(town: Town) -> int:
    async with town.service.store.read() as connection:
        return len((await connection.execute(select(sealed_contacts))).all())


async def test_a_builder_brings_its_own_house_and_it_is_known_who_brought_it(town: Town):
    """山田さん: この家のことを、いつ、どこから聞いたのですか。"""
    await entered(town, "B1")
    (report,) = await brings(town, "B1", houses=[HOUSE])
    assert report.rows_accepted == 1
    async with town.service.store.read() as connection:
        (brought,) = await provisions(connection, "N1")
        told = select(facts.c.kind).where(facts.c.house_id == SERVICE, facts.c.kind == "import_taken")
        assert len((await connection.execute(told)).all()) == 1
    assert (brought["submitter"], brought["name"], brought["representative"]) == ("B1", "丸太工務店", "丸太 太郎")
    assert (brought["acquired"], civil(brought["at"])) == ("contract", town.today)
    assert brought["address"] == "東京都港区1-1"
    assert "佐藤" not in str((await town.view("N1"))["facts"])
    await town.all_is_well()


async def test_the_operators_own_file_opens_nobodys_address_either(town: Town):
    """同意のない方の連絡先は、だれの表で届いても、封をして預かる。"""
    mail, phone = "hanako@example.jp", "090-1234-5678"
    await town.house("H1", email=mail, phone=phone, consent_information_on="", consent_mandate_on="")
    async with town.service.store.read() as connection:
        known = select(addresses.c.address).where(addresses.c.address == mail)
        assert (await connection.execute(known)).all() == []
        told = select(people.c.phone).where(people.c.id == "owner:O-H1")
        assert not (await connection.execute(told)).scalar_one()
    assert await put_aside(town) == 1
    await town.house("H1", email=mail, phone=phone)  # who has agreed is reached
    assert await put_aside(town) == 0


async def test_another_companys_house_reads_like_none(town: Town):
    """A plan or a record of it is one of an unknown house; its row is one whose id cannot be used."""
    await town.house("H1")
    await entered(town, "B2")
    plan = {"item_code": "P1", "item_name": "屋根", "kind": "点検", "first_year": "5", "interval_years": "5"}
    rows = [plan | {"house_id": house} for house in ("H1", "NOWHERE")]
    before = await town.view("H1")
    (report,) = await brings(town, "B2", plan=rows)
    theirs, nobodys = report.problems
    assert (theirs.reason, theirs.message.replace("H1", "NOWHERE")) == (nobodys.reason, nobodys.message)
    (report,) = await brings(town, "B2", houses=[HOUSE | {"house_id": "H1", "builder_id": "B2", "servicer_id": "B2"}])
    assert found(report) == [("house_id", "not_usable")]
    record = {"house_id": "H1", "item_code": "P1", "done_on": "2024-05-01"}
    (report,) = await brings(town, "B2", records=[record])
    assert found(report) == [("house_id", "unknown_house")]
    assert await town.view("H1") == before


@pytest.mark.parametrize(
    ("given", "field"),
    [({"common_id": "C-H1"}, "common_id"), ({"owner_id": "O-H1"}, "owner_id"), ({"owner_id": "~H1"}, "owner_id")],
)
async def test_an_id_that_is_anothers_cannot_be_used(town: Town, given: dict[str, str], field: str):
    await town.house("H1")
    await entered(town, "B2")
    (report,) = await brings(town, "B2", houses=[HOUSE | {"builder_id": "B2", "servicer_id": "B2"} | given])
    assert found(report) == [(field, "not_usable")]


async def test_nobody_learns_how_a_customer_of_two_companies_is_reached(town: Town):
    """Whether a guess is right makes no difference to what is said, and none to how they are reached."""
    await town.house("H1", owner_id="O-N1", owner_name="佐藤 一郎", email="ichiro@example.jp")
    await town.house("H2", owner_id="O-N1", owner_name="佐藤 一郎", builder_id="B2", servicer_id="B2")
    await entered(town, "B2")
    said = []
    for number, guess in enumerate(("ichiro@example.jp", "wrong@example.jp")):
        row = HOUSE | AGREED | {"house_id": f"N{number}", "builder_id": "B2", "servicer_id": "B2", "email": guess}
        (report,) = await brings(town, "B2", houses=[row])
        assert report.rows_accepted == 1
        said.append([one.reason for one in report.problems])
    assert said[0] == said[1]
    assert (("email", "ichiro@example.jp") in (await reached(town))[0], await put_aside(town)) == (True, 0)
    assert "wrong@example.jp" not in str(await reached(town))


async def test_no_other_company_is_named_or_changed(town: Town):
    """Whether the company exists makes no difference to what is said."""
    await entered(town, "B2")
    for other in ("B1", "B9"):
        (report,) = await brings(town, "B2", houses=[HOUSE | {"builder_id": "B2", "servicer_id": other}])
        assert found(report) == [("servicer_id", "company_not_yours")]
        (report,) = await brings(town, "B2", servicers=[{"servicer_id": other, "name": "ほかの会社"}])
        assert found(report) == [("servicer_id", "row_of_another")]
    own = {"servicer_id": "B2", "name": "あおぞら建設株式会社", "role": "団体", "slack_user_id": "U0B2"}
    (report,) = await brings(town, "B2", servicers=[own])
    assert [one.reason for one in report.problems] == ["operators_only", "chat_by_person"]
    async with town.service.store.read() as connection:
        assert (await submitter_of(connection, "B2")).kind == "builder"  # type: ignore[union-attr]


async def test_a_house_that_was_handed_over_is_theirs_no_more(town: Town):
    await town.house("H1")
    await entered(town, "B1", "B2")
    await town.until("2027-01-25")
    await town.changes_company()
    own = {"house_id": "H1", "item_code": "P1", "done_on": "2024-05-01"}
    (report,) = await brings(town, "B1", records=[own])
    assert found(report) == [("house_id", "unknown_house")]
    (report,) = await brings(town, "B2", records=[own])
    assert found(report) == []


async def test_an_association_brings_the_houses_of_its_members(town: Town):
    await town.companies(
        [
            {"servicer_id": "A1", "name": "ひなた工務店会", "role": "団体"},
            {"servicer_id": "M1", "name": "かえで住建", "association": "ひなた工務店会"},
        ]
    )
    await entered(town, "A1")
    (report,) = await brings(town, "A1", houses=[HOUSE | {"builder_id": "M1", "servicer_id": "M1"}])
    assert report.rows_accepted == 1
    (report,) = await brings(town, "A1", houses=[HOUSE | {"house_id": "N2"}])
    assert ("builder_id", "company_not_yours") in found(report)


async def test_whose_entry_has_ended_brings_nothing(town: Town):
    await entered(town, "B1")
    async with town.service.store.write() as connection:
        assert await end(connection, "B1", town.today)
        assert await submitter_of(connection, "B1") is None


async def test_an_owner_who_has_agreed_stays_the_owner(town: Town):
    await town.house("H1")
    await entered(town, "B1")
    other = HOUSE | {"house_id": "H1", "owner_id": "O-NEW", "owner_name": "別人"}
    (report,) = await brings(town, "B1", houses=[other])
    assert found(report) == [("owner_id", "owner_change")]


async def test_how_people_are_reached_is_sealed_until_they_agree(town: Town):
    """佐藤さん: まだ何も頼んでいないのに、連絡先が使われるのはこまります。"""
    await entered(town, "B1")
    await brings(town, "B1", houses=[HOUSE])
    assert await reached(town) == ([], "")
    assert not [secret for secret in ("ichiro", "03-1111") if secret in str(await town.view("N1"))]
    await brings(town, "B1", houses=[HOUSE | AGREED])
    assert await reached(town) == ([("email", "ichiro@example.jp")], "03-1111-2222")
    assert await put_aside(town) == 0


async def test_ninety_days_without_consent_and_it_is_gone(town: Town):
    await entered(town, "B1")
    await brings(town, "B1", houses=[HOUSE])
    await town.skip_to("2027-01-29")
    assert await put_aside(town) == 1
    await town.skip_to("2027-01-31")
    assert await put_aside(town) == 0
    await brings(town, "B1", houses=[HOUSE | {"email": "", "phone": ""} | AGREED])
    assert await reached(town) == ([], "")


async def test_a_file_has_nobody_agree_who_withdrew(town: Town):
    await town.house("H1", consent_information_on="", consent_mandate_on="")
    await entered(town, "B1")
    once = {"house_id": "H1", "person_id": "owner:O-H1", "channel": "email", "source": "inbound:1"}
    days = dict.fromkeys(("information_on", "mandate_on", "withdrawn_on"), town.today)
    async with town.service.store.write() as connection:
        await connection.execute(insert(mandates).values(**once, **days))
    (report,) = await brings(town, "B1", houses=[HOUSE | AGREED | {"house_id": "H1", "owner_id": "O-H1"}])
    assert report.rows_accepted == 1
    assert not await mandated(town, "H1")
