"""A builder's own system comes with a key: it reads and tells of its own houses, and of nobody else's ever."""

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
import pytest_asyncio
from sqlalchemy import select, update

from bot.core.api_key import Scope, until
from bot.core.people import servicer_key
from handlers.web.api.pace import Pace
from storage.api_keys import end_by, key_at, revoke
from storage.imports import provisions
from storage.submitters import end
from storage.tables import facts, inbound
from storage.tables import imports as imports_table
from tests.handlers.web.api.machine import JSON, Machine, machine_of
from tests.handlers.web.street import Street, street_at
from tests.stories.event_town import shaken

HEADER = "住宅ID,施工事業者ID,維持管理事業者ID,引渡日,所有者氏名,メール\n"
GOOD, WRONG = "N1,B1,B1,2024-04-01,佐藤 一郎,ichiro@example.jp\n", "N2,B1,B1,24/4/1,鈴木 二郎,\n"
BEGUN = datetime(2026, 11, 1, 1, tzinfo=UTC)
OF_HOUSE = ("", "/plan", "/works", "/reports", "/standing")
PRIVATE = ("山田", "花子", "佐藤", "太子堂", "O-H1", "example.jp")


@pytest_asyncio.fixture
async def street(tmp_path, database_url) -> AsyncIterator[Street]:
    """A house of B1 and one of B2, whose inspections are open since yesterday."""
    async with street_at(tmp_path, "2026-11-01", database_url) as found:
        await found.town.house("H1", address="東京都世田谷区太子堂1-1", municipality_code="131121")
        await found.town.house("X9", owner_id="O-X9", builder_id="B2", servicer_id="B2", municipality_code="131121")
        yield found


async def in_january(street: Street) -> None:
    await street.town.skip_to("2027-01-12")


async def rows(street: Street) -> dict[str, list[tuple[object, ...]]]:
    """Everything but on which day a key was last used, and how often it came."""
    return {name: found for name, found in (await street.everything()).items() if name not in ("api_keys", "paces")}


async def test_it_reads_its_own_houses_and_no_owner(street: Street):
    """丸太工務店: 自社の管理システムに、予定と状態を写したいのです。"""
    await in_january(street)
    machine = await machine_of(street, "B1")
    (house,) = (await machine.asks("/houses")).json()["items"]
    assert (house["id"], house["agreed"], house["looked_after"]) == ("H1", True, True)
    answers = [await machine.asks(f"/houses/H1{part}") for part in OF_HOUSE]
    assert [answer.status_code for answer in answers] == [200] * len(OF_HOUSE)
    plan, works = answers[1].json()["items"], answers[2].json()["items"]
    assert [line["code"] for line in plan] == ["P1", "P2", "P3"]
    assert {work["phase"] for work in works} == {"arranging"}
    said = " ".join(answer.text for answer in answers)
    assert [private for private in PRIVATE if private in said] == []


async def test_another_companys_house_is_none(street: Street):
    """The same bytes for a house that is another's and for one that nobody has, and nothing is changed."""
    await in_january(street)
    machine, other = await machine_of(street, "B1"), await machine_of(street, "B2")
    work = (await other.asks("/houses/X9/works")).json()["items"][0]["id"]
    await other.brings(GOOD.encode(), "k1")
    before = await rows(street)
    for part in OF_HOUSE:
        theirs, nobodys = [await machine.asks(f"/houses/{house}{part}") for house in ("X9", "NOWHERE")]
        assert (theirs.status_code, theirs.content) == (404, nobodys.content)
    theirs, nobodys = [await machine.reports(one, "2027-01-11") for one in (work, "NOWHERE-1-1")]
    assert (theirs.status_code, theirs.content) == (404, nobodys.content)
    number = (await other.asks("/imports")).json()["items"][0]["id"]
    theirs, nobodys = [await machine.asks(f"/imports/{one}") for one in (number, 999_999)]
    assert (theirs.status_code, theirs.content) == (404, nobodys.content)
    assert (await machine.asks("/imports")).json()["items"] == []
    assert await rows(street) == before


async def test_a_lost_key_is_made_useless_and_a_secret_stands_nowhere(street: Street):
    """Revoked, expired, never made, in the address, or of a company that is no submitter: one answer for all."""
    service = street.town.service
    machine, second, third = [await machine_of(street, "B1", days=days) for days in (30, 30, 1)]
    assert (await machine.asks("/houses")).status_code == 200
    async with service.store.write() as connection:
        key = await key_at(connection, machine.number)
        assert key is not None
        assert await revoke(connection, service.store.pins.seal, key, service.clock.now())
    service.clock.wind(timedelta(days=1))
    made_up = Machine(machine.client, "engawa_" + "A" * 43, 0)
    refused = [await one.asks("/houses") for one in (machine, third, made_up)]
    assert [answer.status_code for answer in refused] == [401] * 3
    assert len({answer.content for answer in refused}) == 1
    assert refused[0].headers["www-authenticate"].startswith("Bearer")
    for path in (f"/api/v1/houses?access_token={second.secret}", f"/api/v1/houses?key={second.secret}"):
        assert (await machine.client.get(path)).status_code == 401
    assert (await second.asks("/houses")).status_code == 200
    everything = json.dumps(await street.everything(), default=str)
    assert [one.secret for one in (machine, second, third) if one.secret in everything] == []
    async with service.store.write() as connection:
        assert await end(connection, "B1", street.town.today)
    assert (await second.asks("/houses")).content == refused[0].content


async def test_a_key_is_changed_without_a_day_of_silence(street: Street):
    """The old one serves for as long as was said when the new one was made."""
    service = street.town.service
    machine = await machine_of(street, "B1", days=300)
    async with service.store.write() as connection:
        key = await key_at(connection, machine.number)
        assert key is not None
        await end_by(connection, key, until(service.clock.now(), 7))
    service.clock.wind(timedelta(days=6))
    assert (await machine.asks("/houses")).status_code == 200
    service.clock.wind(timedelta(days=1))
    assert (await machine.asks("/houses")).status_code == 401


async def test_a_key_opens_what_it_is_for(street: Street):
    """A scope that its submitter cannot have opens nothing either."""
    reader = await machine_of(street, "B1", [Scope.READ, Scope.AUDIT])
    importer = await machine_of(street, "B1", [Scope.IMPORT])
    before = await rows(street)
    refused = [
        await reader.brings(GOOD.encode(), "k1"),
        await reader.reports("H1-1-1", "2027-01-11"),
        await reader.asks("/imports"),
        await reader.asks("/audit"),
        await importer.asks("/houses"),
        await importer.asks("/events"),
    ]
    assert {(answer.status_code, answer.json()["code"]) for answer in refused} == {(403, "scope")}
    assert await rows(street) == before


async def test_the_guarantor_sees_all_houses_and_how_the_auditor_stands(street: Street):
    guarantor = await machine_of(street, "operator", [Scope.READ, Scope.AUDIT, Scope.IMPORT])
    assert [house["id"] for house in (await guarantor.asks("/houses")).json()["items"]] == ["H1", "X9"]
    assert (await guarantor.asks("/audit")).json()["findings"] == 0
    assert (await guarantor.brings(GOOD.encode(), "k1")).status_code == 403


async def test_the_same_once_more_is_the_same_import(street: Street):
    """Whoever got no answer asks again under the same key, and has what they would have had."""
    machine = await machine_of(street, "B1")
    body = (HEADER + GOOD + WRONG).encode()
    before = await rows(street)
    trial = await machine.brings(body, "k1", trial=True)
    assert (trial.status_code, trial.json()["id"], trial.json()["verdict"]) == (200, None, "reject_row")
    assert await rows(street) == before
    first = await machine.brings(body, "k1")
    assert first.status_code == 201
    assert [(one["row"], one["field"]) for one in first.json()["problems"] if one["severity"] == "error"] == [
        (3, "handed_over_on")
    ]
    after = await rows(street)
    again = await machine.brings(body, "k1")
    assert (again.status_code, again.content) == (201, first.content)
    other = await machine.brings(body + b"\n", "k1")
    assert (other.status_code, other.json()["code"]) == (409, "other_body")
    assert await rows(street) == after
    assert "24/4/1" not in first.text
    assert "jiro" not in first.text
    async with street.town.service.store.read() as connection:
        (brought,) = await provisions(connection, "N1")
    assert (brought["submitter"], brought["door"], brought["acquired"]) == ("B1", "api", "contract")
    assert (await machine.asks(f"/imports/{first.json()['id']}")).content == first.content
    await street.town.all_is_well()


async def test_an_import_that_was_cut_short_is_taken_anew(street: Street):
    machine = await machine_of(street, "B1")
    body = json.dumps({"houses": [{"house_id": "N1", "builder_id": "B1", "servicer_id": "B1"}]}).encode()
    number = (await machine.brings(body, "k1", JSON)).json()["id"]
    async with street.town.service.store.write() as connection:
        await connection.execute(update(imports_table).where(imports_table.c.id == number).values(verdict=""))
    waits = await machine.brings(body, "k1", JSON)
    assert (waits.status_code, waits.json()["code"], waits.headers["retry-after"]) == (409, "under_way", "5")
    street.town.service.clock.wind(timedelta(minutes=16))
    anew = await machine.brings(body, "k1", JSON)
    assert (anew.status_code, anew.json()["verdict"], anew.json()["id"] > number) == (201, "reject_row", True)


async def test_a_file_of_anothers_house_is_refused_row_by_row(street: Street):
    """As by every other door: the reason does not tell whether the house exists."""
    machine = await machine_of(street, "B1")
    before = await street.town.view("X9")
    rows = [{"house_id": house, "item_code": "P1", "done_on": "2025-04-01"} for house in ("X9", "NOWHERE")]
    answer = (await machine.brings(json.dumps({"records": rows}).encode(), "k1", JSON)).json()
    assert [one["reason"] for one in answer["problems"]] == ["unknown_house"] * 2
    assert await street.town.view("X9") == before


@pytest.mark.parametrize(
    ("body", "media", "status"),
    [
        (b"{", JSON, 422),
        (b"[]", JSON, 422),
        (b'{"houses": {}}', JSON, 422),
        (b'{"hauses": []}', JSON, 422),
        (b"[" * 100_000, JSON, 422),
        (b"a" * (5 << 20), "text/csv", 413),
        (b"a" * (6 << 20), "text/csv", 413),
        (b"x", "text/plain", 415),
    ],
)
async def test_what_is_no_file_of_ours_is_refused(street: Street, body: bytes, media: str, status: int):
    machine = await machine_of(street, "B1")
    before = await rows(street)
    answer = await machine.brings(body, "k1", media)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert await rows(street) == before


async def test_its_report_is_an_answer_like_any(street: Street):
    """The owner is asked, the record has whose word it was, and said twice it is said once."""
    await in_january(street)
    town, machine = street.town, await machine_of(street, "B1")
    (work, *_) = (await machine.asks("/houses/H1/works")).json()["items"]
    first = await machine.reports(work["id"], "2027-01-11")
    assert (first.status_code, first.json()["phase"]) == (201, "confirming")
    after = await rows(street)
    again = await machine.reports(work["id"], "2027-01-11")
    assert (again.status_code, again.content) == (201, first.content)
    assert (await machine.reports(work["id"], "2027-01-10")).json()["code"] == "other_body"
    assert (await machine.reports(work["id"], "2027-01-10", "r2")).json()["code"] == "not_kept"
    assert await rows(street) == after
    async with town.service.store.read() as connection:
        told = select(facts.c.by).where(facts.c.house_id == "H1", facts.c.kind == "work_reported")
        assert list((await connection.execute(told)).scalars()) == [servicer_key("B1")]
        came = select(inbound.c.event_id).where(inbound.c.event_id.like("api:%"))
        assert len(list((await connection.execute(came)).scalars())) == 1
    (said,) = (await machine.asks("/houses/H1/reports")).json()["items"]
    assert (said["side"], said["done_on"], said["result"]) == ("servicer", "2027-01-11", "ok")
    await town.run()
    assert "owner_confirm" in await town.hears("owner:O-H1")
    await town.taps("owner:O-H1", "done_ok")
    assert (await town.case())["phase"] == "closed"
    late = await machine.reports(work["id"], "2027-01-11")
    assert (late.status_code, late.json()["phase"]) == (201, "closed")
    await town.all_is_well()


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"done_on": "2027-01-13"}, 409),  # has not come yet
        ({"done_on": "2022-03-31"}, 409),  # before the house was handed over
        ({"done_on": "2027-02-30"}, 422),
        ({"result": "perhaps"}, 422),
        ({"note": "床下に水"}, 422),
    ],
)
async def test_a_report_that_cannot_be_changes_nothing(street: Street, body: dict[str, str], status: int):
    await in_january(street)
    machine = await machine_of(street, "B1")
    (work, *_) = (await machine.asks("/houses/H1/works")).json()["items"]
    before = await rows(street)
    assert (await machine.reports(work["id"], **({"day": "2027-01-11"} | body))).status_code == status
    assert await rows(street) == before


async def test_without_the_owners_consent_a_company_tells_and_does_not_read(street: Street):
    machine = await machine_of(street, "B1")
    await machine.brings((HEADER + GOOD).encode(), "k1")
    house = (await machine.asks("/houses/N1")).json()
    assert (house["agreed"], house["looked_after"]) == (False, False)
    assert (await machine.asks("/houses/N1/plan")).status_code == 200
    refused = [await machine.asks(f"/houses/N1{part}") for part in OF_HOUSE[2:]]
    assert {(answer.status_code, answer.json()["code"]) for answer in refused} == {(403, "not_looked_after")}


async def test_a_house_that_was_handed_over_is_the_others(street: Street):
    """The one company reads that it went, the other that it came, and neither whose it was or is."""
    machine, other = await machine_of(street, "B1"), await machine_of(street, "B2")
    await street.town.until("2027-01-25")
    await street.town.changes_company()
    assert (await machine.asks("/houses/H1")).status_code == 404
    assert (await machine.asks("/houses")).json()["items"] == []
    assert (await other.asks("/houses/H1/works")).status_code == 200
    ends = [(await one.asks("/handovers")).json()["items"] for one in (machine, other)]
    done = [[one for one in found if one["state"] == "done"] for found in ends]
    assert [[(one["house_id"], one["from"], one["to"]) for one in found] for found in done] == [
        [("H1", "B1", None)],
        [("H1", None, "B2")],
    ]


async def test_after_an_earthquake_it_reads_of_its_own_houses_alone(street: Street):
    await shaken(street.town)
    machine = await machine_of(street, "B1")
    (event,) = (await machine.asks("/events")).json()["items"]
    assert (event["hazard"], sum(event["houses"].values())) == ("earthquake", 1)
    (house,) = (await machine.asks(f"/events/{event['id']}/houses")).json()["items"]
    assert (house["house_id"], house["level"], house["found"]) == ("H1", "6弱", "silent")
    assert (await machine.asks("/events/none/houses")).status_code == 404


async def test_a_list_is_read_to_its_end_page_by_page(street: Street):
    """A cursor serves the list and the submitter that it was given to, and no other."""
    machine, other = await machine_of(street, "B1"), await machine_of(street, "B2")
    for number in range(5):
        await street.town.house(f"H1{number}", owner_id=f"O-{number}")
    path, seen, cursors = "/houses?limit=2", [], []
    while path:
        answer = await machine.asks(path)
        seen += [house["id"] for house in answer.json()["items"]]
        cursors.append(answer.json()["next"])
        path = answer.links["next"]["url"].partition("/api/v1")[2] if answer.links else ""
    assert (seen, len(cursors), cursors[-1]) == (["H1", "H10", "H11", "H12", "H13", "H14"], 3, None)
    for one, list_path in ((other, "/houses"), (machine, "/imports"), (machine, "/houses/H1/plan")):
        assert (await one.asks(f"{list_path}?cursor={cursors[0]}")).json()["code"] == "cursor"
    assert (await machine.asks("/houses?limit=201")).status_code == 422


async def test_what_has_not_changed_is_not_sent_again(street: Street):
    machine = await machine_of(street, "B1")
    tag = (await machine.asks("/houses")).headers["etag"]
    answer = await machine.asks("/houses", if_none_match=f'"old", W/{tag}')
    assert (answer.status_code, answer.content, answer.headers["etag"]) == (304, b"", tag)
    await street.town.house("H2", owner_id="O-H2")
    assert (await machine.asks("/houses", if_none_match=tag)).status_code == 200


async def test_who_asks_too_often_is_told_when_to_ask_again(street: Street):
    """One key's haste costs no other."""
    seconds = [0.0]
    street.app.state.pace = Pace(lambda: seconds[0], lambda: BEGUN + timedelta(seconds=seconds[0]), 2, 0.5)
    machine, other = await machine_of(street, "B1"), await machine_of(street, "B2")
    assert [(await machine.asks("/houses")).status_code for _ in range(3)] == [200, 200, 429]
    answer = await machine.asks("/audit")
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "2")
    assert (await other.asks("/houses")).status_code == 200
    seconds[0] += 2
    assert (await machine.asks("/houses")).status_code == 200


async def test_two_processes_count_together(street: Street):
    """And neither writes for every request, nor for one that it refuses."""
    machine, seconds = await machine_of(street, "B1"), [0.0]
    paces = [Pace(lambda: seconds[0], lambda: BEGUN + timedelta(seconds=seconds[0]), 20, 0.5) for _ in range(2)]

    async def asks(process: int) -> int:
        street.app.state.pace = paces[process]
        return (await machine.asks("/audit")).status_code  # a key for something else: counted all the same

    assert [await asks(one % 2) for one in range(20)].count(429) == 0
    before = (await street.everything())["paces"]
    assert [await asks(one % 2) for one in range(6)] == [429] * 6
    assert (await street.everything())["paces"] == before
    seconds[0] += 2
    assert [await asks(0), await asks(1)] == [403, 429]


@pytest.mark.parametrize(
    ("language", "title"), [("ja,en;q=0.5", "見つかりません"), ("en-GB", "Not found"), ("fr", "見つかりません")]
)
async def test_a_refusal_is_told_in_the_callers_language(street: Street, language: str, title: str):
    machine = await machine_of(street, "B1")
    for path in ("/houses/NOWHERE", "/nowhere"):
        answer = await machine.asks(path, accept_language=language)
        assert answer.headers["content-type"] == "application/problem+json"
        assert (answer.status_code, answer.json()["title"]) == (404, title)
    refused = await machine.client.delete("/api/v1/houses")
    assert (refused.status_code, refused.headers["allow"], refused.json()["code"]) == (405, "GET", "method")
