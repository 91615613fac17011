"""Taking the same file in again changes nothing; what differs becomes a fact."""

from datetime import date

import pytest
from sqlalchemy import select

from storage.changes import person_set, servicer_chosen
from storage.people import end_address
from storage.record import SERVICE
from storage.tables import addresses, houses, people, servicers
from storage.view import house_facts
from tests.stories.town import PLAN, Town

NAMES = ("house_id", "item_code", "item_name", "kind", "first_year", "interval_years")
HOUSE = {
    "house_id": "0007",
    "builder_id": "B1",
    "servicer_id": "B1",
    "handed_over_on": "2022-04-01",
    "plan_years": "50",
    "owner_id": "O7",
    "owner_name": "=HYPERLINK(x)",
    "email": "a@example.jp",
    "consent_information_on": "2026-01-01",
    "consent_mandate_on": "2026-01-01",
}


def lines(plan=PLAN) -> list[dict[str, object]]:
    return [dict(zip(NAMES, ("0007", *line), strict=True)) for line in plan]


async def test_the_same_file_twice_is_one_house(town: Town):
    """No fact, version or row more than the first time."""
    await town.take(houses=[HOUSE], plan=lines())
    before = await town.view("0007")
    await town.take(houses=[HOUSE], plan=lines())
    assert await town.view("0007") == before
    assert before["house"]["id"] == "0007"
    assert before["owners"][0]["name"] == "=HYPERLINK(x)"


async def test_a_changed_plan_is_a_new_version(town: Town):
    """The old row stays, the new one is current, and the record says so."""
    await town.take(houses=[HOUSE], plan=lines())
    await town.take(plan=lines([("P1", "屋根", "点検", 4, 4)]))
    rows = [row for row in (await town.view("0007"))["plan"] if row["code"] == "P1"]
    assert sorted((row["version"], row["first_year"], row["current"]) for row in rows) == [(1, 5, False), (2, 4, True)]
    assert (await town.facts("0007")).count("plan_taken_in") == 2


async def test_a_plan_that_comes_in_pieces_is_one_version(town: Town):
    """The lines of a plan may stand far apart in a file: together they are one plan, and one new version of it."""
    ids = [f"H{n:03}" for n in range(251)]
    houses = [HOUSE | {"house_id": house_id, "owner_id": ""} for house_id in ids]
    for years, version in ((5, 1), (4, 2)):
        rows = [
            dict(zip(NAMES, (house_id, code, part, "点検", years, years), strict=True))
            for code, part in (("P1", "屋根"), ("P2", "基礎"))
            for house_id in ids
        ]
        await town.take(houses=houses, plan=rows)
        for house_id in ("H000", "H250"):
            view = await town.view(house_id)
            current = {row["code"]: row["version"] for row in view["plan"] if row["current"]}
            assert (view["house"]["plan_version"], current) == (version, {"P1": version, "P2": version})


async def test_a_house_without_a_plan_gets_the_guide_and_loses_it_when_the_plan_comes(town: Town):
    """A default is marked as one, and gives way to the builder's own."""
    await town.take(houses=[HOUSE])
    guide = (await town.view("0007"))["plan"]
    assert guide
    assert all(row["source"].startswith("guide ") for row in guide)
    await town.take(plan=lines())
    current = [row for row in (await town.view("0007"))["plan"] if row["current"]]
    assert {row["code"] for row in current} == {"P1", "P2", "P3"}


async def test_a_new_address_replaces_the_old_one(town: Town):
    """One living address per channel; the old one is kept as ended."""
    await town.take(houses=[HOUSE])
    await town.take(houses=[HOUSE | {"email": "b@example.jp"}])
    async with town.service.store.read() as connection:
        rows = (await connection.execute(select(addresses).where(addresses.c.person_id == "owner:O7"))).all()
    assert {(row.address, row.ended_at is None) for row in rows} == {("a@example.jp", False), ("b@example.jp", True)}


async def living(town: Town) -> set[str]:
    """Where the owner is written to by mail."""
    mine = (addresses.c.person_id == "owner:O7", addresses.c.channel == "email", addresses.c.ended_at.is_(None))
    async with town.service.store.read() as connection:
        return set((await connection.execute(select(addresses.c.address).where(*mine))).scalars())


async def test_an_address_in_another_case_is_the_same_address(town: Town):
    """A living one is not replaced by itself in capitals, and a dead one does not come back that way."""
    for email in ("a@example.jp", "A@Example.JP"):
        await town.take(houses=[HOUSE | {"email": email}])
        assert await living(town) == {"a@example.jp"}
    async with town.service.store.write() as connection:
        await end_address(connection, "owner:O7", "email", "dead", town.service.clock.now())
    await town.take(houses=[HOUSE | {"email": "A@example.jp"}])
    assert await living(town) == set()


async def test_an_address_that_comes_back_lives_again(town: Town):
    """Who moves away and back is written to where they are."""
    for email in ("a@example.jp", "b@example.jp", "a@example.jp"):
        await town.take(houses=[HOUSE | {"email": email}])
        assert await living(town) == {email}


async def test_a_file_never_opens_a_channel_that_the_person_ended(town: Town):
    """Also not under another address."""
    await town.take(houses=[HOUSE])
    async with town.service.store.write() as connection:
        await end_address(connection, "owner:O7", "email", "stopped", town.service.clock.now())
    for email in ("a@example.jp", "b@example.jp"):
        await town.take(houses=[HOUSE | {"email": email}])
        assert await living(town) == set()


async def test_a_new_address_is_taken_where_the_old_one_was_dead(town: Town):
    """Nobody was reached there, and nobody has asked for silence."""
    await town.take(houses=[HOUSE])
    async with town.service.store.write() as connection:
        await end_address(connection, "owner:O7", "email", "dead", town.service.clock.now())
    await town.take(houses=[HOUSE])
    assert await living(town) == set()
    await town.take(houses=[HOUSE | {"email": "b@example.jp"}])
    assert await living(town) == {"b@example.jp"}


async def test_a_file_never_takes_a_withdrawal_back(town: Town):
    """Who ended the support in the chat is not signed up again by last month's file."""
    await town.take(houses=[HOUSE], plan=lines())
    await town.chats("owner:O7")
    await town.says("owner:O7", "同意を撤回します")
    await town.taps("owner:O7", "yes")
    await town.take(houses=[HOUSE], plan=lines())
    async with town.service.store.read() as connection:
        query = select(houses.c.mandated).where(houses.c.id == "0007")
        assert (await connection.execute(query)).scalar() is False


async def test_a_changed_field_becomes_a_fact_without_its_text(town: Town):
    """That the address changed is on record; what it is stands elsewhere."""
    await town.take(houses=[HOUSE | {"address": "東京都千代田区1-1"}])
    await town.take(houses=[HOUSE | {"address": "東京都千代田区2-2"}])
    fact = (await town.view("0007"))["facts"][-1]
    assert fact["kind"] == "house_updated"
    assert list(fact["data"]["fields"]) == ["address"]
    assert "千代田" not in str(fact)


WHOLE = HOUSE | {
    "common_id": "C-7",
    "certification_kind": "既存",
    "completed_on": "2022-03-01",
    "residual_month": "2043-10",
    "owner_kana": "ヤマダ",
    "language": "en",
    "phone": "03-1234-5678",
    "co_owners": "山田 一郎・山田 二郎",
    "line_user_id": "U" + "0" * 32,
    "channel_order": "line>email",
}


@pytest.mark.parametrize("blank", [False, True], ids=["column left out", "cell left blank"])
async def test_what_a_later_file_leaves_out_stays(town: Town, blank: bool):
    """Blank is not given: a file of a few columns changes those, and takes neither consent nor owner away."""
    await town.take(houses=[WHOLE])
    before = await town.view("0007")
    needed = ("house_id", "builder_id", "servicer_id", "handed_over_on", "owner_name")
    rest = dict.fromkeys(WHOLE, "") if blank else {}
    await town.take(houses=[rest | {name: WHOLE[name] for name in needed}])
    assert await town.view("0007") == before
    await town.take(houses=[rest | {name: WHOLE[name] for name in needed} | {"plan_years": "60"}])
    assert (await town.view("0007"))["facts"][-1]["data"]["fields"] == {"plan_years": "60"}


async def test_a_company_stays_closed_when_a_later_file_does_not_say(town: Town):
    """What is usual holds for a new company, and is no news of a known one."""
    company = {"servicer_id": "B2", "name": "あおぞら建設"}
    closed = {"status": "廃業", "closed_on": "2026-10-01", "language": "en", "phone": "03-1234-5678", "backup": "はい"}
    await town.take(servicers=[company | closed])
    await town.take(servicers=[company])
    query = select(servicers, people.c.language, people.c.phone).join(people, people.c.id == "servicer:B2")
    async with town.service.store.read() as connection:
        row = (await connection.execute(query.where(servicers.c.id == "B2"))).one()
    assert (row.status, row.closed_on, row.backup) == ("廃業", date(2026, 10, 1), True)
    assert (row.language, row.phone) == ("en", "03-1234-5678")


async def test_a_changed_contact_becomes_a_fact_without_its_text(town: Town):
    """How the owner is called and reached is part of a house's row, and a change of it is on the house's record."""
    await town.take(houses=[HOUSE])
    new = {"owner_name": "山田 花子", "email": "b@example.jp", "phone": "03-1234-5678"}
    await town.take(houses=[HOUSE | new])
    fact = (await town.view("0007"))["facts"][-1]
    assert fact["kind"] == "house_updated"
    assert sorted(fact["data"]["fields"]) == ["email", "owner_name", "phone"]
    assert not any(text in str(fact) for text in new.values())


async def test_a_companys_new_address_is_on_record(town: Town):
    """Whom we write to is no less a fact than what they do."""
    company = {"servicer_id": "B2", "name": "あおぞら建設", "role": "builder", "status": "営業"}
    await town.take(servicers=[company | {"name": "青空建設", "email": "b2@example.jp"}])
    async with town.service.store.read() as connection:
        (fact,) = [fact for fact in await house_facts(connection, SERVICE) if fact["kind"] == "servicer_updated"]
    assert fact["data"]["fields"] == ["email", "name"]


async def test_a_record_moves_the_next_date(town: Town):
    """What was done last year settles its occurrence."""
    done = {"house_id": "0007", "item_code": "P1", "done_on": "2026-10-01", "performer": "丸太工務店", "result": "良"}
    await town.take(houses=[HOUSE], plan=lines(), records=[done])
    await town.until("2026-11-02")
    plan = {row["code"]: str(row["next_due_on"]) for row in (await town.view("0007"))["plan"] if row["current"]}
    assert plan == {"P1": "2032-04-01", "P2": "2027-04-01", "P3": "2027-04-01"}


async def test_a_part_named_anew_tells_no_gap_twice(town: Town):
    """What nobody recorded is a fact once, also when the plan calls the part by another name."""
    done = {"house_id": "0007", "item_code": "P1", "done_on": "2026-04-01", "result": "良"}
    await town.take(houses=[HOUSE], plan=lines([("P1", "屋根", "点検", 2, 2)]), records=[done])
    await town.run()
    await town.take(plan=lines([("P1", "屋根・雨どい", "点検", 2, 2)]))
    await town.until("2026-11-02")
    assert (await town.facts("0007")).count("occurrence_unrecorded") == 1


RECORD = {"house_id": "H1", "item_code": "P1", "performer": "丸太工務店", "note": ""}


async def test_a_record_that_comes_late_settles_what_is_open(town: Town):
    """The builder came, told nobody, and sends the record with the next file: nobody is asked about that part again."""
    await town.house()
    await town.until("2027-02-10")
    await town.take(records=[RECORD | {"done_on": "2027-02-08", "result": "良"}])
    await town.until("2027-02-11")
    settled = {work["code"]: work["basis"] for work in (await town.view())["works"]}
    assert settled["P1"] == "file"
    assert set(settled.values()) == {"file", None}
    item = next(row for row in (await town.view())["plan"] if row["code"] == "P1")
    assert item["next_due_on"] == date(2032, 4, 1)
    assert "owner_closed" in await town.hears("owner:O-H1")
    await town.all_is_well()


async def test_a_finding_in_a_file_is_a_work_of_its_own(town: Town):
    """要補修 in a record is a repair with a holder and a date, as when somebody says it in the chat."""
    await town.house()
    await town.until("2027-02-10")
    await town.take(records=[RECORD | {"done_on": "2027-02-08", "result": "要補修"}])
    await town.until("2027-02-11")
    assert "finding_opened" in await town.facts()
    await town.all_is_well()


async def test_a_file_does_not_overrule_the_owner(town: Town):
    """The owner found something wrong; a record that says all was well does not close the case over their head."""
    await town.house()
    await town.until("2027-02-10")
    await town.says("owner:O-H1", "2月8日に点検に来ました。外壁にひびがあると言われました")
    await town.says("owner:O-H1", "はい")
    await town.take(records=[RECORD | {"done_on": "2027-02-08", "result": "良"}])
    await town.until("2027-02-11")
    assert "work_reported" in await town.facts()
    assert {work["basis"] for work in (await town.view())["works"]} == {None}
    await town.all_is_well()


async def test_a_common_id_in_a_file_ends_the_task_to_find_it(town: Town):
    """Staff are not sent after what the builder has sent."""
    await town.take(houses=[HOUSE], plan=lines())
    await town.until("2026-11-02")
    await town.take(houses=[HOUSE | {"common_id": "K-123"}])
    await town.until("2026-11-03")
    task = next(work for work in (await town.view("0007"))["works"] if work["code"] == "common-id")
    assert task["basis"] == "file"
    await town.all_is_well()


async def test_an_owner_who_buys_the_house_back_is_its_owner_again(town: Town):
    """Sold and bought back: the house is theirs again, and what they agreed to before they sold it is not assumed."""
    await town.take(houses=[HOUSE | {"common_id": "K-1"}], plan=lines())
    await town.until("2026-11-02")
    await town.take(houses=[HOUSE | {"owner_id": "O8", "owner_name": "鈴木 一郎", "email": "b@example.jp"}])
    await town.until("2026-11-03")
    await town.take(houses=[HOUSE])
    await town.until("2026-11-04")
    view = await town.view("0007")
    assert [(owner["id"], owner["until_on"]) for owner in view["owners"] if owner["until_on"] is None] == [
        ("owner:O7", None)
    ]
    assert view["house"]["mandated"] is False
    assert (await town.facts("0007")).count("owners_changed") == 2
    await town.all_is_well()


async def test_a_file_does_not_undo_what_the_staff_chose(town: Town):
    """The builder's monthly file still names the company that fell silent; only one it did not name before counts."""
    third = {"servicer_id": "B3", "name": "山川工務店", "role": "builder", "status": "営業"}
    house = HOUSE | {"common_id": "K-1"}
    await town.take(houses=[house], plan=lines())
    async with town.service.store.write() as connection:
        await servicer_chosen(connection, "0007", {"servicer_id": "B2"}, town.service.clock.now())
    await town.take(houses=[house])
    assert (await town.view("0007"))["house"]["servicer_id"] == "B2"
    await town.take(houses=[house | {"servicer_id": "B3"}], servicers=[third])
    assert (await town.view("0007"))["house"]["servicer_id"] == "B3"


async def test_a_file_does_not_undo_the_language_a_person_chose(town: Town):
    """A file says what the builder believes; what the person has chosen on their page is theirs."""
    await town.take(houses=[HOUSE | {"language": "ja"}], plan=lines())
    async with town.service.store.write() as connection:
        await person_set(connection, "0007", {"person_id": "owner:O7", "language": "en"}, town.service.clock.now())
    await town.take(houses=[HOUSE | {"language": "ja"}])
    assert (await town.view("0007"))["owners"][0]["language"] == "en"
