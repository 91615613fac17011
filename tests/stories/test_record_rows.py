"""What is printed of a house rests on rows: each that was changed, taken out or put in is found, and placed."""

import json
from datetime import date

import pytest
from sqlalchemy import select, text, update

from bot.core.statements import Content, Line, Source, Statement, stated
from storage.audit import audit
from storage.commit import commit
from storage.record import canonical
from storage.statements import stated_at
from storage.tables import facts, loans
from storage.witness import witness
from tests.counterparts.database import POSTGRESQL, SQLITE
from tests.stories.event_town import SETAGAYA, STAFF, SUGINAMI, at, bulletin, comes
from tests.stories.town import Town

FILED = {"house_id": "H1", "item_code": "roof", "done_on": "2025-04-10", "result": "良", "performer": "丸太工務店"}

ONE_ITEM = "code = (SELECT min(code) FROM plan_items)"


async def findings(town: Town) -> list[tuple[str, str]]:
    async with town.service.store.read() as connection:
        seal, now = town.service.store.pins.seal, town.service.clock.now()
        return [(found.kind, found.where) async for found in audit(connection, seal, now)]


async def damage(town: Town, statements: str) -> None:
    async with town.service.store.write() as connection:
        for statement in statements.split(";"):
            await connection.execute(text(statement))


async def lived_in(town: Town) -> None:
    """A house with a guarantee, a filed record, an order stated twice, and an inspection that both have confirmed."""
    await town.house("H1", guarantee_no="Z-1", residual_month="2060-04")
    await town.take(records=[FILED])
    await town.until("2027-01-11")
    await town.says("servicer:B1", "1月5日に点検しました。異常ありません")
    await town.taps("servicer:B1", "yes")
    await town.says("owner:O-H1", "1月5日に終わりました。異常なしです")
    await town.taps("owner:O-H1", "yes")
    await state(town, Line.ORDER, Content("基礎の改修", on_day=date(2026, 12, 1)))
    await state(town, Line.ORDER, Content("基礎と屋根の改修", on_day=date(2026, 12, 1)), corrects=1)
    await state(town, Line.IMPLEMENTER, Content(name="山田 花子"))
    await town.run()
    assert await findings(town) == []


async def state(town: Town, line: Line, content: Content, corrects: int = 0) -> None:
    """The owner's own word."""
    store, now = town.service.store, town.service.clock.now()
    told = Statement(line, content, Source("owner:O-H1", town.today), corrects)
    async with store.write() as connection:
        found = await stated_at(connection, "H1")
        assert found is not None
        await commit(connection, store.pins, [stated(found, told)], now)


@pytest.mark.parametrize(
    ("change", "kind", "where"),
    [
        ("UPDATE records SET done_on = '2025-01-01' WHERE work_id <> ''", "row_differs", "H1:records#"),
        ("UPDATE records SET performer = 'にせ工務店' WHERE work_id <> ''", "row_differs", "H1:records#"),
        ("UPDATE records SET result = 'issues' WHERE work_id <> ''", "row_differs", "H1:records#"),
        ("UPDATE records SET code = 'gutter' WHERE work_id <> ''", "row_differs", "H1:records#"),
        ("DELETE FROM records WHERE work_id <> ''", "row_gone", "H1:records#work H1-"),
        ("UPDATE records SET performer = 'にせ工務店' WHERE work_id = ''", "row_differs", "H1:records#"),
        ("UPDATE records SET note = '異常' WHERE work_id = ''", "row_differs", "H1:records#"),
        ("UPDATE records SET result = '要補修' WHERE work_id = ''", "row_differs", "H1:records#"),
        ("UPDATE records SET done_on = '2025-05-10' WHERE work_id = ''", "row_untold", "H1:records#"),
        ("DELETE FROM records WHERE work_id = ''", "row_gone", "H1:records#roof 2025-04-10"),
        (
            "INSERT INTO records (house_id, code, part, done_on, performer, result, note, work_id, source) "
            "VALUES ('H1', 'roof', '屋根', '2026-01-05', '', '良', '', '', 'file:x')",
            "row_untold",
            "H1:records#",
        ),
        ("UPDATE works SET done_on = '2025-01-01' WHERE basis IS NOT NULL", "row_differs", "H1:works#H1-"),
        ("UPDATE works SET basis = 'called_off' WHERE basis IS NOT NULL", "row_differs", "H1:works#H1-"),
        ("UPDATE works SET performer = 'にせ工務店' WHERE basis IS NOT NULL", "row_differs", "H1:works#H1-"),
        ("UPDATE works SET due_on = '2090-01-01'", "row_differs", "H1:works#H1-"),
        (
            "INSERT INTO works (id, case_id, house_id, code, part, kind, statutory, done_by, due_on, plan_version, "
            "done_on, result, performer, basis) SELECT 'H1-99-1', case_id, house_id, code, part, kind, statutory, "
            "done_by, due_on, plan_version, done_on, result, performer, basis FROM works "
            "WHERE basis IS NOT NULL LIMIT 1",
            "row_untold",
            "H1:works#H1-99-1",
        ),
        ("UPDATE plan_items SET next_due_on = '2090-01-01', backstop_on = '2090-01-01'", "dates_differ", "H1:"),
        (f"DELETE FROM plan_items WHERE {ONE_ITEM}", "plan_differs", "H1:plan 1"),
        (f"UPDATE plan_items SET current = false WHERE {ONE_ITEM}", "plan_differs", "H1:"),
        (f"UPDATE plan_items SET interval_years = 40 WHERE {ONE_ITEM}", "plan_differs", "H1:plan 1"),
        ("UPDATE houses SET wake_on = '9999-12-31'", "asleep_too_long", "H1"),
        ("UPDATE houses SET guarantee_no = NULL, lapsed_on = '2027-01-01'", "row_differs", "H1:guarantee"),
        ("UPDATE houses SET guarantee_no = 'Z-2'", "row_differs", "H1:guarantee"),
        ("UPDATE houses SET residual_month = '2070-04-01'", "row_differs", "H1:guarantee"),
        ("UPDATE houses SET lapsed_on = '2027-01-01'", "row_untold", "H1:guarantee"),
        ("UPDATE houses SET guarantee_ended_on = '2027-01-01'", "row_untold", "H1:guarantee"),
        ("DELETE FROM histories", "row_gone", "H1:histories"),
        ("UPDATE statements SET text = '何もない' WHERE number = 2", "row_differs", "H1:statements#2"),
        ("UPDATE statements SET name = 'ほかの人', person_id = '' WHERE number = 3", "row_differs", "H1:statements#3"),
        ("UPDATE statements SET name = '' WHERE number = 3", "row_differs", "H1:statements#3"),  # nobody is erased
        ("UPDATE statements SET line = 'advice' WHERE number = 2", "row_differs", "H1:statements#2"),
        ("UPDATE statements SET on_day = '2026-12-02' WHERE number = 2", "row_differs", "H1:statements#2"),
        ("UPDATE statements SET corrects = 0 WHERE number = 2", "row_differs", "H1:statements#2"),
        ("UPDATE statements SET told_by = 'staff:desk' WHERE number = 1", "row_differs", "H1:statements#1"),
        ("UPDATE statements SET told_on = '2026-11-01' WHERE number = 1", "row_differs", "H1:statements#1"),
        ("UPDATE statements SET paper = 'letter', paper_on = '2026-12-01'", "row_differs", "H1:statements#1"),
        ("DELETE FROM statements WHERE number = 1", "row_gone", "H1:statements#1"),
        (
            "INSERT INTO statements SELECT house_id, 9, line, text, name, person_id, on_day, second_on, told_by, "
            "told_on, paper, paper_on, 0 FROM statements WHERE number = 2",
            "row_untold",
            "H1:statements#9",
        ),
    ],
)
async def test_a_changed_row_is_found_and_placed(town: Town, change: str, kind: str, where: str):
    """Whoever can write to the database cannot make the printed record, or a date, say something else unseen."""
    await lived_in(town)
    await damage(town, change)
    found = await findings(town)
    assert any(one == kind and place.startswith(where) for one, place in found), found


LENT = {"house_id": "H1", "loan_no": "1", "edition": "kosodate-2023", "applied_on": "2023-07-03"}
OTHERWISE = {  # what somebody could make of each column of a loan
    **dict.fromkeys(("applied_on", "contracted_on", "first_payment_on", "inspection_on"), "'2023-07-04'"),
    **dict.fromkeys(("insured_until", "repaid_on", "uncertified_since"), "'2023-07-04'"),
    **dict.fromkeys(("months", "principal", "fixed_years", "units", "certified_units"), "7"),
    "edition": "'zanka-2023'",
    "restricted": "true",
    "method": "'principal'",
    "reductions": "'zeh'",
    "steps": """'[[1, "0.01"]]'""",
    "step_days": """'[["receipt", "2023-07-04"]]'""",
}


async def test_every_column_of_a_loan_is_held_against_the_record(town: Town):
    """Whoever writes into the database lends nobody more, for longer, or under another promise, unseen."""
    await town.house("H1")
    await town.take(loans=[LENT])
    assert await findings(town) == []
    assert OTHERWISE.keys() == {column.name for column in loans.columns} - {"house_id", "number", "person_id"}
    for name, value in OTHERWISE.items():
        await damage(town, f"CREATE TABLE kept AS SELECT * FROM loans; UPDATE loans SET {name} = {value}")
        assert ("row_differs", "H1:loans#1") in await findings(town), name
        await damage(town, "DELETE FROM loans; INSERT INTO loans SELECT * FROM kept; DROP TABLE kept")
    await damage(town, "UPDATE loans SET number = 2")
    assert {("row_untold", "H1:loans#2"), ("row_gone", "H1:loans#1")} <= set(await findings(town))
    await damage(town, "UPDATE loans SET number = 1")
    assert await findings(town) == []


async def test_a_history_that_nobody_will_look_at_is_found(town: Town):
    """The entry of what was done is asked for in time; a day put off without end shows."""
    await lived_in(town)
    provider = "INSERT INTO providers (id, name, adapter, council, postcode, address, added_on) "
    provider += "VALUES ('P1', '住まい履歴', 'letter', false, '', '', '2026-11-01')"
    await damage(town, f"{provider}; UPDATE histories SET provider_id = 'P1', look_on = '2027-01-01'")
    await town.until("2027-01-12")
    assert await findings(town) == []
    await damage(town, "UPDATE histories SET look_on = '2099-01-01'")
    assert ("asleep_too_long", "H1:histories") in await findings(town)


EVENT = "event jma-20261101220500"


@pytest.mark.parametrize(
    ("change", "released"),
    [
        ("next_at = NULL", False),
        ("next_at = next_at - 864000", False),
        ("next_at = next_at + 1728000", False),
        ("stage = '', next_at = NULL", True),
    ],
    ids=["no time", "passed over", "put off without end", "widened and forgotten"],
)
async def test_an_earthquake_that_nobody_will_come_back_to_is_found(empty_town: Town, change: str, released: bool):
    """Houses are asked about only if somebody decides: whoever takes that away is told of, and where."""
    town = empty_town
    await town.companies()
    await town.house("H1", municipality_code="131121")
    await at(town, "2026-11-01T22:15")
    await comes(town, bulletin({SETAGAYA: "6-"}))
    if released:
        await town.taps(STAFF, "event_release")
        await at(town, "2026-11-01T22:25")
        await comes(town, bulletin({SETAGAYA: "6-", SUGINAMI: "6-"}, serial=2, told="2026-11-01T22:20:00"))
    assert await findings(town) == []
    await damage(town, f"UPDATE events SET {change}")
    assert ("event_left", EVENT) in await findings(town)


async def test_facts_from_before_names_were_witnessed_compare_what_they_have(town: Town):
    """An older fact knows that a company was named, not which: its day and result are held against it all the same."""
    await lived_in(town)
    async with town.service.store.write() as connection:
        rows = (await connection.execute(select(facts).where(facts.c.house_id == "H1").order_by(facts.c.seq))).all()
        seal, before = town.service.store.pins.seal, ""
        for row in rows:
            fact = dict(row._mapping) | {"data": _without_witness(row.data)}
            mac = seal.mac(fact, before)
            await connection.execute(_at(row).values(data=fact["data"], mac=mac))
            before = seal.close(mac)
        await connection.execute(text("UPDATE houses SET fact_mac = :mac"), {"mac": before})
    assert await findings(town) == []
    await damage(town, "UPDATE records SET result = 'issues' WHERE work_id <> ''")
    assert any(kind == "row_differs" for kind, _ in await findings(town))


def _without_witness(data: str) -> str:
    new = ("witness", "guarantee")
    return canonical({name: value for name, value in json.loads(data).items() if name not in new})


def _at(row):
    return update(facts).where(facts.c.house_id == row.house_id, facts.c.seq == row.seq)


async def test_a_witness_tells_nobody_a_name(town: Town):
    """What a fact knows of a name differs from house to house."""
    seal = town.service.store.pins.seal
    assert witness(seal, "H1", "屋根", "山田 太郎") != witness(seal, "H2", "屋根", "山田 太郎")
    assert witness(seal, "H1", "屋根", "山田") != witness(seal, "H1", "屋根", "", "山田")


BY_ANY = (  # what no type of a column keeps out
    ("UPDATE facts SET at = 9223372036854775807 WHERE house_id = 'H1' AND seq = 2", "H1#2"),
    ("UPDATE cases SET state = '[]' WHERE phase <> 'closed'", "H1-"),
    ("INSERT INTO events VALUES ('E', 'quake', 0, 'proposed', 1, '{}', '', 'remind', '', 0)", "event E"),
)
SPOILED = {
    SQLITE: (  # keeps whatever it is given
        *BY_ANY,
        ("UPDATE facts SET at = 'yesterday' WHERE house_id = 'H1' AND seq = 2", "H1#2"),
        ("UPDATE facts SET data = x'00ff' WHERE house_id = 'H1' AND seq = 2", "H1#2"),
        ("UPDATE facts SET mac = x'00ff' WHERE house_id = 'H1' AND seq = 2", "H1#2"),
        ("UPDATE records SET done_on = 'yesterday'", "H1"),
        ("UPDATE works SET done_on = 'yesterday'", "H1"),
        ("UPDATE plan_items SET next_due_on = 'some day'", "H1"),
        ("UPDATE houses SET residual_month = 'some day'", "H1"),
        ("UPDATE cases SET state = '{' WHERE phase <> 'closed'", "H1-"),
        ("UPDATE histories SET look_on = 'x'", "H1"),
    ),
    POSTGRESQL: (  # keeps dates that Python has none for
        *BY_ANY,
        ("UPDATE records SET done_on = '0044-03-15 BC'", "H1"),
        ("UPDATE plan_items SET next_due_on = '10000-01-01'", "H1"),
        ("UPDATE histories SET look_on = '10000-01-01'", "H1"),
    ),
}


@pytest.mark.parametrize(
    ("database_url", "spoiled", "where"),
    [(kind, *each) for kind, spoiled in SPOILED.items() for each in spoiled],
    indirect=["database_url"],
)
async def test_what_cannot_be_read_is_a_finding_and_not_the_end(empty_town: Town, spoiled: str, where: str):
    """One spoiled cell is told with its place, and the walk goes on to the next house."""
    town = empty_town
    await town.companies()
    await town.house("H1", guarantee_no="Z-1", handed_over_on="2021-04-01")
    await town.house("H2", owner_name="小林 次郎")
    await town.take(records=[FILED])
    await town.until("2027-01-05")
    await damage(town, f"{spoiled}; UPDATE facts SET case_id = 'x' WHERE house_id = 'H2' AND seq = 1")
    found = await findings(town)
    assert any(kind == "unreadable" and place.startswith(where) for kind, place in found), found
    assert ("fact_changed", "H2#1") in found
