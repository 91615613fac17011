"""A builder's own system is told what happens at its houses, once, signed, and never of anybody else's."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from sqlalchemy import select, update

from bot.core.api_key import Scope
from bot.core.hook import News
from bot.core.people import servicer_key
from engawa_fakes import Trouble
from engawa_fakes.submitter import FakeSubmitter
from scheduler.dispatch import Tally, busy_lanes, drain
from scheduler.run import decide
from storage.hooks import any_hook
from storage.lanes import Lane
from storage.news import tell_again
from storage.submitters import end
from storage.tables import addresses, facts, outbox
from tests.handlers.web.api.machine import Machine, machine_of
from tests.handlers.web.street import Street, street_at

PRIVATE = ("山田", "花子", "太子堂", "O-H1", "丸太")
CSV = "住宅ID,施工事業者ID,維持管理事業者ID,引渡日,所有者氏名,メール\nN1,B1,B1,2024-04-01,佐藤 一郎,ichiro@example.jp\n"
LOOSE = ("http://hooks.example.jp/x", "https://10.0.0.8/x", "https://[::1]/x", "https://u:p@hooks.example.jp/")


@pytest_asyncio.fixture
async def street(tmp_path, database_url) -> AsyncIterator[Street]:
    """A house of B1 and one of B2, whose inspections are about to be due."""
    async with street_at(tmp_path, "2026-11-01", database_url) as found:
        await found.town.house("H1", address="東京都世田谷区太子堂1-1", municipality_code="131121")
        await found.town.house("X9", owner_id="O-X9", builder_id="B2", servicer_id="B2")
        yield found


async def registered(machine: Machine, fake: FakeSubmitter, *events: News, url: str = "") -> dict[str, Any]:
    """The address as its owner was told it; the receiver knows its secret."""
    body = {"url": url or fake.hook, "events": [str(one) for one in events or News]}
    answer = await machine.client.post("/api/v1/webhooks", json=body, headers=machine.shown({}))
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    fake.secret = made["secret"]
    return made


async def rows(street: Street) -> list[tuple[str, int, str]]:
    query = select(outbox.c.state, outbox.c.attempts, outbox.c.detail).where(outbox.c.person_id.like("hook:%"))
    async with street.town.service.store.read() as connection:
        return [tuple(row) for row in await connection.execute(query.order_by(outbox.c.id))]


async def at_once(street: Street) -> None:
    """By the machine's clock enough time has passed for another attempt."""
    async with street.town.service.store.write() as connection:
        await connection.execute(update(outbox).values(retry_at=None))
    await street.town.run()


async def test_it_is_told_of_a_visit_from_the_first_notice_to_the_end(street: Street, fake_submitter: FakeSubmitter):
    """丸太工務店: 自社の工程表に、そのまま載せたいのです。"""
    machine = await machine_of(street, "B1")
    await registered(machine, fake_submitter)
    town = street.town
    await town.skip_to("2027-01-12")
    due = list(fake_submitter.told.values())
    assert {told["type"] for told in due} == {"work.due"}
    works = (await machine.asks("/houses/H1/works")).json()["items"]
    assert {told["data"]["work_id"] for told in due} == {work["id"] for work in works}
    await town.says("owner:O-H1", "2月24日でお願いします")
    await town.taps("owner:O-H1", "yes")
    await town.taps("servicer:B1", "accept")
    assert fake_submitter.types[-1] == "visit.fixed"
    assert list(fake_submitter.told.values())[-1]["data"] == {
        "house_id": "H1",
        "case_id": "H1-1",
        "visit_on": "2027-02-24",
        "moved": False,
    }
    await town.skip_to("2027-02-26")
    assert (await machine.reports(works[0]["id"], "2027-02-24")).status_code == 201
    await town.run()
    await town.taps("owner:O-H1", "done_ok")
    closed = [told["data"] for told in fake_submitter.told.values() if told["type"] == "work.closed"]
    assert {one["done_on"] for one in closed} == {"2027-02-24"}
    said = " ".join(call.body.decode() for call in fake_submitter.calls)
    assert [private for private in PRIVATE if private in said] == []
    assert "X9" not in said
    await town.all_is_well()


async def test_another_companys_machine_is_told_nothing_of_it(street: Street, fake_submitter: FakeSubmitter):
    """Nor does it see, change or remove the address of another, not even that there is one."""
    made = await registered(await machine_of(street, "B2"), fake_submitter)
    other = await machine_of(street, "B1")
    await street.town.skip_to("2027-01-12")
    assert {told["data"]["house_id"] for told in fake_submitter.told.values()} == {"X9"}
    for method in ("GET", "DELETE"):
        theirs, nobodys = [
            await other.client.request(method, f"/api/v1/webhooks/{one}", headers=other.shown({}))
            for one in (made["id"], "wh_none")
        ]
        assert (theirs.status_code, theirs.content) == (404, nobodys.content)
    assert (await other.asks("/webhooks")).json()["items"] == []
    assert made["secret"] not in str(await street.everything())


async def test_who_no_longer_has_the_house_is_not_told_of_it(street: Street, fake_submitter: FakeSubmitter):
    """What waited while their machine was down is not told to them once the house is another's."""
    await registered(await machine_of(street, "B1"), fake_submitter, News.WORK_DUE)
    fake_submitter.next(*[Trouble.BROKEN] * 3)
    await street.town.skip_to("2027-01-12")
    await street.town.house("H1", servicer_id="B2", builder_id="B2")
    await at_once(street)
    assert fake_submitter.told == {}
    assert {state for state, _, _ in await rows(street)} == {"dropped"}


@pytest.mark.parametrize("trouble", [Trouble.BROKEN, Trouble.LOST, Trouble.DROPPED, Trouble.HTML, Trouble.BUSY])
async def test_a_machine_in_trouble_hears_it_later_and_once(
    street: Street, fake_submitter: FakeSubmitter, trouble: Trouble
):
    """The same bytes under the same id, so whoever has it already knows it."""
    await registered(await machine_of(street, "B1"), fake_submitter, News.WORK_DUE)
    fake_submitter.next(*[trouble] * 3)
    await street.town.skip_to("2027-01-12")
    assert {state for state, _, _ in await rows(street)} == {"waiting"}
    await at_once(street)
    assert {state for state, _, _ in await rows(street)} == {"sent"}
    assert len(fake_submitter.told) == 3
    bodies = [(call.headers["webhook-id"], call.body) for call in fake_submitter.calls]
    assert len(set(bodies)) == 3
    assert fake_submitter.again == (3 if trouble is Trouble.LOST else 0)


async def test_what_is_signed_goes_to_nobody_else(street: Street, fake_submitter: FakeSubmitter):
    """A receiver that sends on, and one that finds the signature wrong, are asked again later."""
    await registered(await machine_of(street, "B1"), fake_submitter, News.WORK_DUE)
    fake_submitter.moved_to = f"{fake_submitter.url}/elsewhere"
    await street.town.skip_to("2027-01-12")
    fake_submitter.moved_to, fake_submitter.secret = "", "whsec_AAAA"
    await at_once(street)
    assert {call.path for call in fake_submitter.calls} == {"/engawa"}
    assert {(state, detail) for state, _, detail in await rows(street)} == {("waiting", "401")}
    assert fake_submitter.told == {}


async def test_an_address_that_says_it_is_gone_is_told_nothing_more(street: Street, fake_submitter: FakeSubmitter):
    """Until its owner changes it; the staff see it meanwhile."""
    machine = await machine_of(street, "B1")
    made = await registered(machine, fake_submitter)
    fake_submitter.gone = True
    await street.town.skip_to("2027-01-12")
    asked = len(fake_submitter.calls)
    assert {state for state, _, _ in await rows(street)} == {"dropped"}
    read = await machine.asks(f"/webhooks/{made['id']}")
    assert read.json()["state"] == "gone"
    await at_once(street)
    assert len(fake_submitter.calls) == asked
    staff = await (await street.staff()).opens("/staff/")
    assert "会社のシステム1か所に、知らせが届いていません" in staff.text
    await staff.opens("/staff/hooks")
    assert (staff.status, "もう使われていないと答えました" in staff.text) == (200, True)
    assert "/engawa" not in staff.text
    fake_submitter.gone = False
    body = {"url": fake_submitter.hook, "events": ["work.due"]}
    shown = machine.shown({"if_match": read.headers["etag"]})
    changed = await machine.client.put(f"/api/v1/webhooks/{made['id']}", json=body, headers=shown)
    assert (changed.status_code, changed.json()["state"]) == (200, "on")
    async with street.town.service.store.write() as connection:
        hook = await any_hook(connection, made["id"])
        assert hook is not None
        service = street.town.service
        assert await tell_again(connection, service.store.pins, hook, street.town.today, service.clock.now()) == 3
    await street.town.run()
    assert len(fake_submitter.told) == 3


async def test_a_system_that_answers_nothing_good_for_days_lies_with_the_staff(
    street: Street, fake_submitter: FakeSubmitter
):
    """Nothing is switched off by silence; the staff may let the address go."""
    await registered(await machine_of(street, "B1"), fake_submitter, News.WORK_DUE)
    fake_submitter.next(*[Trouble.BROKEN] * 30)
    await street.town.skip_to("2027-01-12")
    staff = await (await street.staff()).opens("/staff/hooks")
    assert "知らせ先はありません" in staff.text
    await street.town.skip_to("2027-01-13")
    for day in ("2027-01-14", "2027-01-17"):
        await street.town.skip_clock(day)
        await at_once(street)
    assert {state for state, _, _ in await rows(street)} == {"dropped"}
    staff = await (await street.staff()).opens("/staff/hooks")
    assert "3日より長く" in staff.text
    await staff.presses("この知らせ先をなくす")
    assert "知らせ先はありません" in staff.text


async def test_what_was_lost_is_told_again_under_the_same_id(street: Street, fake_submitter: FakeSubmitter):
    """The whole of a day, or one message; who has one already knows it."""
    made = await registered(await machine_of(street, "B1"), fake_submitter, News.WORK_DUE)
    await street.town.skip_to("2027-01-12")
    first, *_ = had = list(fake_submitter.told)
    service = street.town.service
    for which, count in ((street.town.today, 3), (first, 1), ("00000000-0000-0000-0000-000000000000", 0)):
        async with service.store.write() as connection:
            hook = await any_hook(connection, made["id"])
            assert hook is not None
            assert await tell_again(connection, service.store.pins, hook, which, service.clock.now()) == count
        await street.town.run()
    assert list(fake_submitter.told) == had
    assert fake_submitter.again == 4


async def test_nobody_is_reached_inside(street: Street, fake_submitter: FakeSubmitter):
    """Numbers, plain http and passwords in an address are refused; the words do not repeat it."""
    machine = await machine_of(street, "B1")
    for url in LOOSE:
        body = {"url": url, "events": ["work.due"]}
        answer = await machine.client.post("/api/v1/webhooks", json=body, headers=machine.shown({}))
        assert (answer.status_code, answer.json()["places"]) == (422, ["body.url"])
        assert url not in answer.text
    made = await registered(machine, fake_submitter)
    async with street.town.service.store.write() as connection:
        inside = update(addresses).where(addresses.c.person_id == f"hook:{made['id']}")
        await connection.execute(inside.values(address="http://192.168.0.1/x"))
    await street.town.skip_to("2027-01-12")
    assert {(state, detail) for state, _, detail in await rows(street)} == {
        ("waiting", "an address that is not told anything")
    }


async def test_two_who_change_an_address_at_once_hear_of_each_other(street: Street, fake_submitter: FakeSubmitter):
    """Whoever shows no tag is asked for it; an old one is refused, and nothing is changed."""
    machine = await machine_of(street, "B1")
    made = await registered(machine, fake_submitter)
    path, body = f"/api/v1/webhooks/{made['id']}", {"url": fake_submitter.hook, "events": ["work.closed"]}
    tag = (await machine.asks(f"/webhooks/{made['id']}")).headers["etag"]
    for nothing in ({}, {"if_match": ""}, {"if_match": "  "}):
        blind = await machine.client.put(path, json=body, headers=machine.shown(nothing))
        assert (blind.status_code, blind.json()["code"]) == (428, "unseen")
    first = await machine.client.put(path, json=body, headers=machine.shown({"if_match": tag}))
    assert (first.status_code, first.json()["events"]) == (200, ["work.closed"])
    late = await machine.client.put(
        path, json=body | {"events": ["work.due"]}, headers=machine.shown({"if_match": tag})
    )
    assert (late.status_code, late.json()["code"]) == (412, "changed_since")
    read = await machine.asks(f"/webhooks/{made['id']}")
    assert (read.json()["events"], read.headers["etag"]) == (["work.closed"], first.headers["etag"])
    gone = await machine.client.delete(path, headers=machine.shown({}))
    assert (gone.status_code, gone.content) == (204, b"")
    assert (await machine.asks(f"/webhooks/{made['id']}")).status_code == 404


async def test_a_key_for_something_else_and_a_company_that_left_are_told_nothing(
    street: Street, fake_submitter: FakeSubmitter
):
    reader = await machine_of(street, "B1", [Scope.READ])
    assert (await reader.asks("/webhooks")).status_code == 403
    await registered(await machine_of(street, "B1"), fake_submitter)
    async with street.town.service.store.write() as connection:
        assert await end(connection, "B1", street.town.today)
    await street.town.skip_to("2027-01-12")
    assert fake_submitter.calls == []


async def test_it_hears_what_became_of_its_file(street: Street, fake_submitter: FakeSubmitter):
    """And each telling is on record: to which address, and what kind of thing."""
    machine, other = await machine_of(street, "B1"), await machine_of(street, "B2")
    await registered(machine, fake_submitter)
    await other.brings(CSV.replace("N1,B1,B1", "N2,B2,B2").encode(), "k1")
    answer = (await machine.brings(CSV.encode(), "k1")).json()
    await street.town.run()
    (told,) = fake_submitter.told.values()
    assert (told["type"], told["data"]) == (
        "import.done",
        {"import_id": answer["id"], "verdict": "accept_with_warning", "rows": 1},
    )
    async with street.town.service.store.read() as connection:
        noted = (await connection.execute(select(facts.c.data).where(facts.c.kind == "notice_sent"))).scalars().all()
    assert [one for one in noted if "hook_news" in one and "hook:wh_" in one]
    assert servicer_key("B1") not in str(told)


async def decided(street: Street, day: str) -> list[Lane]:
    """The morning of that day is decided and nothing of it sent yet: the ways out that wait."""
    post = street.town.service.post
    await street.town.skip_clock(day)
    await decide(post, street.town.service.clock.now())
    return await busy_lanes(post, street.town.service.clock.now())


async def test_a_system_that_never_answers_holds_up_no_other(street: Street, fake_submitter: FakeSubmitter):
    """あおぞら建設: よその会社のサーバーが止まっていても、うちには届きます。"""
    async with FakeSubmitter() as dead:
        silent = await registered(await machine_of(street, "B1"), dead, News.WORK_DUE)
        other = await registered(await machine_of(street, "B2"), fake_submitter, News.WORK_DUE)
        lanes = {lane.person: lane for lane in await decided(street, "2027-01-12") if lane.person}
        assert sorted(lanes) == sorted(f"hook:{made['id']}" for made in (silent, other))
        dead.next(*[Trouble.SILENT] * 10)
        post, clock, tally = street.town.service.post, street.town.service.clock, Tally()
        stuck = asyncio.create_task(drain(post, lanes[f"hook:{silent['id']}"], clock.now, tally))
        await drain(post, lanes[f"hook:{other['id']}"], clock.now, tally)
        assert (len(fake_submitter.told), stuck.done()) == (3, False)
        assert {told["data"]["house_id"] for told in fake_submitter.told.values()} == {"X9"}
        stuck.cancel()
        await asyncio.gather(stuck, return_exceptions=True)
