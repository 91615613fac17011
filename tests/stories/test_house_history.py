"""Who keeps the history of a house: asked once a year, told what was done, and followed when it closes."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from sqlalchemy import insert, select

from bot.core.disclosure import disclosures
from engawa_fakes import Trouble
from engawa_fakes.provider import FakeCouncil, FakeProvider
from main import pages
from scheduler.answering import Answering
from scheduler.dispatch import dispatch, recover
from storage.closings import approve_closing, prepare_closing
from storage.histories import history_view
from storage.providers import Listed, Told, take_provider, tell_access
from storage.tables import outbox, people
from tests.handlers.web.street import Street
from tests.photos import photo as picture
from tests.stories.closing_place import Place
from tests.stories.town import Town, town_at

OWNER, COMPANY, STAFF, SATO = "owner:O-H1", "servicer:B1", "staff:desk", "staff:sato"
MACHINE = "provider_http"
DONE = "2027-02-09"
ADDRESS = "東京都世田谷区太子堂1-2-3"
FAR = [("P9", "屋根", "点検", 30, 30)]  # nothing of it falls due in these stories


async def known(town: Town, base_url: str = "", provider_id: str = "P1") -> None:
    """The office keeps a provider, which the owner's file names."""
    listed = Listed(
        provider_id, "いえかるて東京", MACHINE if base_url else "", base_url, "100-0001", "東京都千代田区1-1"
    )
    async with town.service.store.write() as connection:
        await take_provider(connection, town.service.store.pins.seal, listed, town.service.clock.now())


async def contracted(town: Town, house_id: str = "H1") -> None:
    """Staff were told the contract."""
    told = Told(house_id, STAFF, {"contract_no": "K-77", "registered_address": "東京都世田谷区太子堂1-2-3"})
    async with town.service.store.write() as connection:
        assert await tell_access(connection, town.service.store.pins.seal, told, town.service.clock.now())


async def closes(town: Town, on: str) -> None:
    """A supervisor has looked at it, and signs."""
    store, now = town.service.store, town.service.clock.now()
    async with store.write() as connection:
        if (await connection.execute(select(people.c.id).where(people.c.id == SATO))).first() is None:
            await connection.execute(insert(people).values(id=SATO, name="佐藤", staff_role="supervisor"))
    await prepare_closing(store, "P1", date.fromisoformat(on), now)
    await approve_closing(store, "P1", SATO, now)


async def inspected(town: Town, *, photo: bool = False) -> None:
    """The company came on 9 February and found nothing, and both say so."""
    await town.skip_to("2027-01-05")
    await town.skip_to("2027-02-10")
    kept = await town.service.inbox.files.keep(COMPANY, picture()) if photo else None
    files = [{"ref": kept.ref, "media_type": kept.media_type, "size": kept.size}] if kept else []
    await town.says(COMPANY, "2月9日に点検完了、異常ありません", files=files)
    await town.taps(COMPANY, "yes")
    await town.taps(OWNER, "done_ok")
    assert "work_closed" in await town.facts()
    await town.hears(OWNER)


async def history(town: Town, house_id: str = "H1") -> dict:
    async with town.service.store.read() as connection:
        return await history_view(connection, house_id)


async def states(town: Town) -> set[str]:
    return {row["state"] for row in (await history(town))["entries"]}


def token_of(machine: Any) -> str:
    return f"{machine.host}={machine.token}"


@asynccontextmanager
async def spoken_to(folder: Path, database_url: str, *machines) -> AsyncIterator[Town]:
    tokens = " ".join(map(token_of, machines))
    async with town_at(folder, database_url, "2026-11-01", {"ENGAWA_PROVIDER_TOKENS": tokens}) as town:
        await town.companies()
        yield town


@pytest_asyncio.fixture
async def machine_town(
    tmp_path: Path, database_url: str, fake_provider: FakeProvider, fake_council: FakeCouncil
) -> AsyncIterator[Town]:
    """A town whose provider has a machine, and a house whose contract is known there."""
    async with spoken_to(tmp_path, database_url, fake_provider, fake_council) as town:
        await known(town, fake_provider.url)
        fake_provider.houses["C-H1"] = "K-77"
        await town.house(history_provider="いえかるて東京", address="東京都世田谷区太子堂1-2-3")
        await contracted(town)
        yield town


async def test_the_owner_is_asked_once_a_year_and_one_tap_answers(town: Town):
    await known(town)
    await town.house(history_provider="いえかるて東京", plan=FAR)
    await contracted(town)
    await town.skip_to("2027-10-30")
    assert "owner_history" not in await town.hears(OWNER)
    await town.until("2027-11-02")
    assert "owner_history" in await town.hears(OWNER)
    assert await town.taps(OWNER, "history_same") == ["reply_history_same"]
    row = (await history(town))["history"]
    assert (row["answer"], row["confirmed_by"], str(row["confirmed_on"])) == ("same", OWNER, "2027-11-02")
    assert "history_same" in await town.facts()
    await town.all_is_well()


async def test_silence_changes_nothing_and_the_next_year_asks_again(town: Town):
    await known(town)
    await town.house(history_provider="いえかるて東京", plan=FAR)
    await town.skip_to("2027-11-02")
    await town.until("2027-11-05")
    assert (await town.hears(OWNER)).count("owner_history") == 1
    await town.skip_to("2028-11-06")
    await town.until("2028-11-08")
    assert (await town.hears(OWNER)).count("owner_history") == 1
    assert (await history(town))["history"]["provider_id"] == "P1"


async def test_something_changed_lies_with_the_staff(town: Town):
    await known(town)
    await town.house(history_provider="いえかるて東京", plan=FAR)
    await town.skip_to("2027-11-02")
    await town.until("2027-11-03")
    assert "reply_history_changed" in await town.taps(OWNER, "history_changed")
    matters = [case["reason"] for case in (await town.view())["cases"] if case["reason"]]
    assert matters == ["history_changed"]
    await town.all_is_well()


async def test_the_company_says_by_one_tap_when_it_entered_its_work(town: Town):
    await known(town)
    await town.house(history_provider="いえかるて東京")
    await inspected(town)
    await town.until("2027-02-12")
    assert "servicer_entered" in await town.hears(COMPANY)
    assert await town.taps(COMPANY, "entered", f"H1-1={DONE}") == ["reply_entered"]
    assert await town.says(COMPANY, "受付番号は R-0042 です") == ["reply_referenced"]
    rows = (await history(town))["entries"]
    assert {(row["state"], str(row["registered_on"]), row["reference"]) for row in rows} == {("done", DONE, "R-0042")}
    assert len(rows) == 3
    assert {"work_registered", "work_referenced"} <= set(await town.facts())
    await town.all_is_well()


async def test_another_company_answers_for_nobody(town: Town):
    await known(town)
    await town.house(history_provider="いえかるて東京")
    await inspected(town)
    await town.until("2027-02-12")
    assert await town.says("servicer:B2", action="entered::0:H1-1=today") == ["reply_over"]
    assert await states(town) == {"asked"}


async def test_what_is_in_no_history_after_sixty_days_lies_with_the_staff(town: Town):
    await known(town)
    await town.house(history_provider="いえかるて東京")
    await inspected(town)
    await town.until("2027-02-12")
    await town.taps(COMPANY, "not_entered")
    await town.skip_to("2027-04-10")
    assert await states(town) == {"asked"}
    await town.skip_to("2027-04-13")
    assert await states(town) == {"staff"}
    matters = [case for case in (await town.view())["cases"] if case["reason"] == "unregistered"]
    assert len(matters) == 1
    assert matters[0]["holder"] == STAFF
    assert matters[0]["next_action_at"] is not None
    await town.all_is_well()


@pytest.mark.parametrize("named", ["", "いえかるて大阪"], ids=["nobody told", "nobody on the list"])
async def test_what_nobody_could_be_asked_to_enter_lies_with_the_staff_as_well(town: Town, named: str):
    """担当: どこの履歴にも入っていない点検があるなら、預け先がわからない家でも知らせてほしい。"""
    await town.house(history_provider=named)
    await inspected(town)
    assert await states(town) == {"new"}
    await town.all_is_well()
    await town.skip_to("2027-04-10")
    assert await states(town) == {"new"}
    await town.skip_to("2027-04-13")
    assert await states(town) == {"staff"}
    (matter,) = [case for case in (await town.view())["cases"] if case["reason"] == "no_provider"]
    assert matter["holder"] == STAFF
    assert matter["next_action_at"] is not None
    assert "servicer_entered" not in await town.hears(COMPANY)
    await town.all_is_well()


async def test_what_closes_while_its_provider_closes_lies_with_the_staff(town: Town):
    """Nothing new goes there any more, and sixty days on no other one was found."""
    await known(town)
    await town.house(history_provider="いえかるて東京")
    await closes(town, "2027-03-31")
    await inspected(town)
    await town.skip_to("2027-04-10")
    assert await states(town) == {"new"}
    await town.skip_to("2027-04-13")
    assert await states(town) == {"staff"}
    reasons = [case["reason"] for case in (await town.view())["cases"]]
    assert reasons.count("unregistered") == 1
    await town.all_is_well()


async def test_a_machine_is_told_once_the_owner_says_so(machine_town: Town, fake_provider: FakeProvider):
    town = machine_town
    await town.until("2026-11-03")
    assert "owner_entrust" in await town.hears(OWNER)
    assert await town.taps(OWNER, "entrust") == ["reply_entrusted"]
    await inspected(town, photo=True)
    await town.until("2027-02-12")
    (record,) = fake_provider.records
    assert {work["part"] for work in record["works"]} == {"屋根", "基礎", "給水管"}
    assert "山田" not in str(record)
    assert await states(town) == {"done"}
    assert list(fake_provider.files.values())
    view = await town.view()
    (consent,) = [fact for fact in view["facts"] if fact["kind"] == "history_entrusted"]
    given = [each for each in disclosures(view["facts"]) if each.to == "provider:P1"]
    assert {what for each in given for what in each.what} >= {"provider_record", "provider_file"}
    assert {each.under for each in given if "provider_record" in each.what} == {f"fact:{consent['seq']}"}
    assert "servicer_entered" not in await town.hears(COMPANY)
    await town.all_is_well()


async def test_without_the_owners_word_nothing_is_given(machine_town: Town, fake_provider: FakeProvider):
    town = machine_town
    await town.until("2026-11-03")
    assert (await town.taps(OWNER, "entrust_no"))[-1] == "reply_not_entrusted"
    await inspected(town, photo=True)
    await town.until("2027-02-12")
    assert (fake_provider.records, fake_provider.files) == ([], {})
    assert "servicer_entered" in await town.hears(COMPANY)
    assert {file["state"] for file in (await history(town))["evidence"]} == {"kept"}


async def test_handed_over_files_go_after_their_period_and_their_hash_stays(
    machine_town: Town, fake_provider: FakeProvider
):
    town = machine_town
    await town.until("2026-11-03")
    await town.taps(OWNER, "entrust")
    await inspected(town, photo=True)
    await town.until("2027-02-13")
    assert "owner_files" in await town.hears(OWNER)
    (file,) = (await history(town))["evidence"]
    assert await town.service.inbox.files.read(file["ref"]) is not None
    await town.skip_to("2027-05-16")
    (file,) = (await history(town))["evidence"]
    assert (file["state"], file["reference"], file["handed_to"]) == ("gone", "F-0001", "provider:P1")
    assert await town.service.inbox.files.read(file["ref"]) is None
    assert "evidence_gone" in await town.facts()
    await town.all_is_well()


async def test_the_owner_keeps_them_here_as_well(machine_town: Town, fake_provider: FakeProvider):
    town = machine_town
    await town.until("2026-11-03")
    await town.taps(OWNER, "entrust")
    await inspected(town, photo=True)
    await town.until("2027-02-13")
    assert await town.says(OWNER, "写真は残さないほうがいいですか") != ["reply_files_go"]
    assert await town.says(OWNER, "写真は残しておいてください") == ["reply_files_kept"]
    await town.skip_to("2027-05-16")
    (file,) = (await history(town))["evidence"]
    assert file["state"] == "told"
    assert await town.service.inbox.files.read(file["ref"]) is not None
    await town.taps(OWNER, "let_files_go")
    await town.until("2027-05-18")
    assert await town.service.inbox.files.read(file["ref"]) is None


async def test_killed_between_telling_and_writing_down_it_is_told_once(machine_town: Town, fake_provider: FakeProvider):
    """The answer was on its way when the process died: the same words go out under the same key."""
    town = machine_town
    await town.until("2026-11-03")
    await town.taps(OWNER, "entrust")
    fake_provider.next(Trouble.LOST)
    await inspected(town)
    await town.run()
    (waiting,) = await _rows(town, "waiting")
    assert len(fake_provider.records) == 1
    async with town.service.store.write() as connection:
        dying = outbox.update().where(outbox.c.id == waiting.id)
        now = town.service.clock.now()
        await connection.execute(dying.values(state="sending", lease="dead", lease_until=now, retry_at=None))
    assert await recover(town.service.post, now, all_dead=True) == 1
    await dispatch(town.service.post, now)
    assert len(fake_provider.records) == 1
    keys = [call.headers["Idempotency-Key"] for call in fake_provider.calls if call.path.endswith("/records")]
    assert keys == [waiting.key, waiting.key]
    assert await states(town) == {"done"}
    await town.all_is_well()


async def _rows(town: Town, state: str) -> list:
    query = select(outbox).where(outbox.c.channel == MACHINE, outbox.c.state == state)
    async with town.service.store.read() as connection:
        return list((await connection.execute(query)).all())


async def test_what_the_machine_refuses_becomes_a_letter_for_the_staff(machine_town: Town, fake_provider: FakeProvider):
    town = machine_town
    await town.until("2026-11-03")
    await town.taps(OWNER, "entrust")
    fake_provider.houses.clear()
    await inspected(town)
    await town.until("2027-02-12")
    assert await town.letters("provider:P1") == ["provider_record"]
    assert await states(town) == {"letter"}
    await town.skip_to("2027-04-13")
    assert await states(town) == {"staff"}
    await town.all_is_well()


async def test_a_contract_that_differs_there_lies_with_the_staff(machine_town: Town, fake_provider: FakeProvider):
    fake_provider.houses["C-H1"] = "K-99"
    await machine_town.until("2026-11-04")
    matters = [case["reason"] for case in (await machine_town.view())["cases"] if case["reason"]]
    assert matters == ["history_differs"]
    assert (await history(machine_town))["history"]["provider_says"] == "with_staff"


def asked_for_lists(fake_provider: FakeProvider) -> list[Any]:
    return [call for call in fake_provider.calls if call.path.endswith("/list")]


@pytest.mark.parametrize("way", ["the owner agrees", "a file names it"])
async def test_a_machine_is_asked_what_it_holds_when_another_company_has_the_house(
    machine_town: Town, fake_provider: FakeProvider, way: str
):
    """あおぞら建設: 前の会社が何をしたのか、履歴の一覧を取り寄せておいてほしい。Once, and on the owner's mandate."""
    town = machine_town
    await town.until("2027-01-12")
    assert asked_for_lists(fake_provider) == []
    if way == "a file names it":
        await town.house(history_provider="いえかるて東京", address=ADDRESS, servicer_id="B2")
    else:
        await town.changes_company()
    await town.until("2027-01-14")
    (call,) = asked_for_lists(fake_provider)
    told = json.loads(call.body)
    assert call.path == "/v1/houses/C-H1/list"
    assert call.headers["Idempotency-Key"]
    assert (told["contract_no"], told["address"], told["consent"]["on"]) == ("K-77", ADDRESS, "2022-04-01")
    assert "山田" not in call.body.decode()
    view = await town.view()
    assert "history_listed" in [fact["kind"] for fact in view["facts"]]
    (consent,) = [fact["seq"] for fact in view["facts"] if fact["kind"] == "consent_claimed"]
    given = [each for each in disclosures(view["facts"]) if each.what == ("provider_list",)]
    assert [(each.to, each.under) for each in given] == [("provider:P1", f"fact:{consent}")]
    assert (await history(town))["history"]["listed_count"] == 0
    await town.until("2027-02-01")
    assert len(asked_for_lists(fake_provider)) == 1
    await town.all_is_well()


async def test_what_its_machine_does_not_answer_about_another_company_is_a_letter(
    machine_town: Town, fake_provider: FakeProvider
):
    await machine_town.until("2027-01-12")
    fake_provider.houses.clear()
    await machine_town.changes_company()
    await machine_town.until("2027-01-14")
    assert await machine_town.letters("provider:P1") == ["provider_list"]


async def test_without_the_mandate_no_machine_is_asked_at_a_handover(machine_town: Town, fake_provider: FakeProvider):
    await machine_town.until("2027-01-12")
    await machine_town.says(OWNER, "同意を撤回します")
    await machine_town.taps(OWNER, "yes")
    await machine_town.house(history_provider="いえかるて東京", address=ADDRESS, servicer_id="B2")
    await machine_town.until("2027-01-14")
    assert asked_for_lists(fake_provider) == []


async def test_the_provider_is_asked_again_in_the_second_year(machine_town: Town, fake_provider: FakeProvider):
    """All was well in the first; in the second the contract is another one there, and that lies with the staff."""
    town = machine_town

    def asked() -> int:
        return sum(call.path.endswith("/contract") for call in fake_provider.calls)

    await town.until("2026-11-04")
    row = (await history(town))["history"]
    assert (asked(), row["provider_says"], row["confirmed_by"]) == (1, "confirmed", "provider:P1")
    first = row["provider_asked_on"]
    await town.skip_to(str(first.replace(year=2027) - timedelta(days=1)))
    assert asked() == 1
    fake_provider.houses["C-H1"] = "K-99"
    await town.until(first.replace(year=2027) + timedelta(days=1))
    assert asked() == 2
    assert "history_differs" in [case["reason"] for case in (await town.view())["cases"]]
    await town.all_is_well()


@pytest.mark.parametrize("found", [[{"provider": "いえかるて東京", "common_id": "C-77"}], []], ids=["one", "nobody"])
async def test_the_council_is_asked_where_a_history_is_and_staff_see_its_answer(
    tmp_path: Path, database_url: str, fake_council: FakeCouncil, found: list[dict[str, str]]
):
    """Nobody knows who keeps it: asked by the house's address, on the owner's mandate; the answer is kept and shown."""
    fake_council.known[ADDRESS] = found
    async with spoken_to(tmp_path, database_url, fake_council) as town:
        await town.house("H1", FAR, address=ADDRESS)
        there = Place(tmp_path, database_url, town.today, ENGAWA_PROVIDER_TOKENS=token_of(fake_council))
        council = ("--name", "住宅履歴の協議会", "--council", "--url", fake_council.url)
        assert await there.ends("provider", "add", "C1", *council) == 0
        assert await there.ends("provider", "ask", "H1", "--what", "lookup") == 0
        await town.run()
        (call,) = fake_council.calls
        told = json.loads(call.body)
        assert (call.path, told["address"], told["consent"]["on"]) == ("/v1/lookups", ADDRESS, "2022-04-01")
        assert "山田" not in call.body.decode()
        row = (await history(town))["history"]
        assert (row["looked_up_on"], row["looked_up"]) == (town.today, found)
        view = await town.view()
        (fact,) = [fact for fact in view["facts"] if fact["kind"] == "history_looked_up"]
        assert (fact["by"], fact["data"]) == ("provider:C1", {"found": len(found)})
        assert ("provider:C1", ("provider_lookup",)) in [(each.to, each.what) for each in disclosures(view["facts"])]
        street = Street(town, pages(town.service, Answering(*answering(town))))
        page = await (await street.staff()).opens("/staff/houses/H1")
        assert "協議会の答え（2026年11月1日" in page.text
        assert ("いえかるて東京（共通ID C-77）" if found else "見つかりませんでした") in page.text
        await page.client.aclose()
        await town.all_is_well()


def answering(town: Town) -> tuple[Any, ...]:
    service = town.service
    return service.post, service.inbox.handle, service.clock, asyncio.Event()


async def test_a_provider_that_closes_is_followed_until_there_is_another(town: Town):
    await known(town)
    await town.house(history_provider="いえかるて東京", plan=FAR)
    await town.house("H2", history_provider="いえかるて東京", plan=FAR)
    await contracted(town)
    await contracted(town, "H2")
    await closes(town, "2027-03-31")
    await town.until("2026-11-03")
    assert "owner_milestone" in await town.hears(OWNER)
    assert "owner_milestone" in await town.hears("owner:O-H2")
    assert await town.letters("provider:P1") == ["provider_list", "provider_list"]
    await approve_closing(town.service.store, "P1", SATO, town.service.clock.now())
    await town.until("2026-11-05")
    assert len((await town.view())["cases"]) == 1
    await town.taps(OWNER, "self_ok")
    await town.until("2026-11-06")
    reasons = [case["reason"] for case in (await town.view())["cases"]]
    assert "new_provider" in reasons
    await town.all_is_well()


async def test_who_finds_nobody_is_followed_up_by_the_staff(town: Town):
    await known(town)
    await town.house(history_provider="いえかるて東京", plan=FAR)
    await closes(town, "2027-03-31")
    await town.until("2027-04-01")
    (case,) = (await town.view())["cases"]
    assert case["reason"] == "overdue"
    assert case["holder"] == STAFF


async def test_nobody_speaks_of_a_house_without_its_owners_mandate(machine_town: Town, fake_provider: FakeProvider):
    town = machine_town
    await town.house("H2", history_provider="いえかるて東京", consent_information_on="", consent_mandate_on="")
    fake_provider.houses["C-H2"] = "K-1"
    await contracted(town, "H2")
    await town.until("2026-11-05")
    assert not any("C-H2" in call.path for call in fake_provider.calls)
