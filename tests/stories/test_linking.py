"""An account on a platform becomes somebody's only by their own doing, and what happens there is understood."""

from datetime import timedelta
from typing import Any

import pytest
import pytest_asyncio
from sqlalchemy import select

from bot.core.arrival import What
from bot.core.delivery import Outcome, Receipt
from bot.core.link_code import shown
from storage.guests import new_code
from storage.tables import addresses, inbound, outbox
from tests.stories.town import Town
from tests.stories.toy import TOY, Street, Toy

OWNER, SERVICER, STAFF = "owner:O-H1", "servicer:B1", "staff:desk"
PHONE, OTHER = "account-1", "account-2"


@pytest_asyncio.fixture
async def street(town: Town) -> Street:
    await town.house()
    return Street(town, Toy())


async def code_for(street: Street, person_id: str = OWNER) -> str:
    service = street.town.service
    async with service.store.write() as connection:
        return await new_code(connection, service.store.pins.seal, person_id, service.clock.now())


async def linked(street: Street, account: str = PHONE) -> None:
    assert await street.happens(account, text=await code_for(street)) == ["reply_linked"]


async def living(street: Street, person_id: str = OWNER) -> list[tuple[str, str]]:
    query = select(addresses.c.channel, addresses.c.address).where(
        addresses.c.person_id == person_id, addresses.c.ended_at.is_(None)
    )
    async with street.town.service.store.read() as connection:
        return [tuple(row) for row in await connection.execute(query.order_by(addresses.c.rank))]


async def test_a_stranger_is_told_how_to_link_and_nothing_else(street: Street):
    """Once a day, whatever they write; no name, house or company is in the answer."""
    assert await street.happens(PHONE, text="山田花子さんの家の点検はいつですか") == ["reply_stranger"]
    message = street.toy.sent[0].message
    assert not any(name in repr(message) for name in ("山田", "H1", "丸太"))
    assert await street.happens(PHONE, text="もしもし") == []
    street.town.service.clock.wind(timedelta(days=1))
    assert await street.happens(PHONE, text="もしもし") == ["reply_stranger"]


async def test_a_stranger_who_blocks_us_is_no_letter_and_nobodys_task(street: Street):
    """Nobody knows who they are, nor where they live."""
    street.toy.answers = [Receipt(Outcome.DEAD, detail="blocked")]
    await street.happens(PHONE, text="もしもし")
    async with street.town.service.store.read() as connection:
        rows = (await connection.execute(select(outbox.c.channel, outbox.c.state))).all()
    assert [tuple(row) for row in rows] == [(TOY, "dropped")]


async def test_danger_is_answered_whoever_writes(street: Street):
    assert await street.happens(PHONE, text="ガス臭いです") == ["reply_emergency"]
    assert "staff_note" in await street.town.hears(STAFF)


async def test_a_buyer_whom_nobody_knows_is_heard_by_the_staff(street: Street):
    """先月この家を買いました。 The staff are told once a day, and the buyer is asked to telephone."""
    await street.town.skip_to("2026-11-02")  # a Monday: the staff are there
    assert await street.happens(PHONE, text="もしもし") == ["reply_stranger"]
    assert await street.happens(PHONE, text="先月この家を買いました。") == ["reply_unknown_change"]
    await street.town.run()
    assert (await street.town.hears(STAFF)).count("staff_note") == 1
    assert "登録のない方から、所有者" in await street.town.words(STAFF)
    told = repr(street.toy.sent[-1].message)
    assert "担当者に伝えました" in told
    assert not any(name in told for name in ("山田", "H1", "丸太"))
    assert await street.happens(PHONE, text="2222-2222") == ["reply_code_unknown"]
    assert await street.happens(PHONE, text="この家の持ち主が変わりました") == []
    await street.town.run()
    assert "staff_note" not in await street.town.hears(STAFF)
    street.town.service.clock.wind(timedelta(days=1))
    assert await street.happens(PHONE, text="先月この家を買いました。") == ["reply_unknown_change"]


async def test_word_of_a_change_gives_no_more_guesses(street: Street):
    """Whoever has used up their codes is not given new ones for saying that they bought a house."""
    code = await code_for(street)
    for _ in range(5):
        await street.happens(PHONE, text="2222-2222")
    assert await street.happens(PHONE, text="先月この家を買いました。") == ["reply_unknown_change"]
    assert await street.happens(PHONE, text=code) == []


async def test_a_code_makes_the_account_theirs_and_works_once(street: Street):
    """Typed as it stands in the letter, in any width; from then on they are written to there first."""
    code = await code_for(street)
    await street.happens(PHONE, text="こんにちは")
    typed = f"番号は{shown(code).lower()}です"
    assert await street.happens(PHONE, text=typed) == ["reply_linked"]
    assert await living(street) == [(TOY, PHONE), ("chat", OWNER)]
    assert await street.happens(OTHER, text=code) == ["reply_code_unknown"]
    assert "channel_linked" in await street.town.facts()
    await street.town.until("2027-02-02")
    assert "owner_ask" in street.toy.told(PHONE)
    await street.town.all_is_well()


async def test_the_guest_is_gone_once_the_account_is_linked(street: Street):
    await street.happens(PHONE, text="こんにちは")
    await linked(street)
    assert [who for who, _ in await _guests(street)] == []


async def _guests(street: Street) -> list[tuple[str, str]]:
    query = select(addresses.c.person_id, addresses.c.address).where(addresses.c.person_id.like("guest:%"))
    async with street.town.service.store.read() as connection:
        return [tuple(row) for row in await connection.execute(query)]


async def test_a_code_runs_out(street: Street):
    code = await code_for(street)
    street.town.service.clock.wind(timedelta(days=8))
    assert await street.happens(PHONE, text=code) == ["reply_code_unknown"]
    assert await living(street) == [("chat", OWNER)]


async def test_who_guesses_soon_hears_nothing(street: Street):
    """Five wrong codes; then the right one does not help either until the next day."""
    code = await code_for(street)
    for _ in range(5):
        assert await street.happens(PHONE, text="2222-2222") == ["reply_code_unknown"]
    assert await street.happens(PHONE, text="3333-3333") == []
    assert await street.happens(PHONE, text=code) == []
    street.town.service.clock.wind(timedelta(days=1))
    assert await street.happens(PHONE, text=code) == ["reply_linked"]


async def test_another_account_waits_for_the_one_before(street: Street):
    """The old account is asked; until it agrees nothing changes."""
    await linked(street)
    assert await street.happens(OTHER, text=await code_for(street)) == ["reply_link_waits"]
    assert street.toy.told(PHONE)[-1] == "reply_link_ask"
    assert (await living(street))[0] == (TOY, PHONE)
    agree = street.toy.sent[-1] if street.toy.sent[-1].address == PHONE else street.toy.sent[-2]
    await street.happens(PHONE, action=agree.message.buttons[0].action)
    assert (await living(street))[0] == (TOY, OTHER)
    assert (TOY, PHONE) not in await living(street)
    assert street.toy.told(OTHER)[-1] == "reply_linked"


async def test_the_one_before_may_refuse(street: Street):
    await linked(street)
    await street.happens(OTHER, text=await code_for(street))
    asked = next(envelope for envelope in street.toy.sent if envelope.message.kind == "reply_link_ask")
    assert await street.happens(PHONE, action=asked.message.buttons[1].action) == ["reply_link_refused"]
    assert (await living(street))[0] == (TOY, PHONE)
    assert await street.happens(PHONE, action=asked.message.buttons[0].action) == ["reply_link_over"]
    assert (await living(street))[0] == (TOY, PHONE)
    assert "link_refused" in await street.town.facts()


def asks(street: Street) -> Any:
    """The question to the account before."""
    return next(envelope for envelope in street.toy.sent if envelope.message.kind == "reply_link_ask")


async def test_the_answer_may_be_given_on_the_page(street: Street):
    """Wherever they say yes, it is the account that waits which takes the old one's place."""
    await linked(street)
    await street.happens(OTHER, text=await code_for(street))
    heard = await street.town.says(OWNER, action=asks(street).message.buttons[0].action)
    assert heard[-2:] == ["reply_linked", "reply_linked"]  # here, and there
    assert (await living(street))[0] == (TOY, OTHER)
    assert street.toy.told(OTHER)[-1] == "reply_linked"


@pytest.mark.parametrize("button", [0, 1])
async def test_an_answer_after_a_week_changes_nothing(street: Street, button: int):
    """Nobody remembers who asked then; and the record says nothing that did not happen."""
    await linked(street)
    await street.happens(OTHER, text=await code_for(street))
    before = await street.town.facts()
    street.town.service.clock.wind(timedelta(days=8))
    assert await street.happens(PHONE, action=asks(street).message.buttons[button].action) == ["reply_link_over"]
    assert (await living(street))[0] == (TOY, PHONE)
    after = await street.town.facts()
    assert [after.count(kind) - before.count(kind) for kind in ("channel_linked", "link_refused")] == [0, 0]


async def test_the_same_answer_twice_is_told_once(street: Street):
    """A double press, or one after the other answer: the first word stands."""
    await linked(street)
    await street.happens(OTHER, text=await code_for(street))
    yes, no = (button.action for button in asks(street).message.buttons)
    await street.town.says(OWNER, action=no)
    for late in (no, yes):
        assert await street.town.says(OWNER, action=late) == ["reply_link_over"]
    assert (await street.town.facts()).count("link_refused") == 1
    assert (await living(street))[0] == (TOY, PHONE)


async def test_who_leaves_is_reached_elsewhere_and_may_come_back(street: Street):
    """An unfollow ends the channel with a fact; a follow opens it again and is greeted."""
    await linked(street)
    assert await street.happens(PHONE, What.LEFT) == []
    assert await living(street) == [("chat", OWNER)]
    assert "address_ended" in await street.town.facts()
    assert await street.happens(PHONE, What.CAME) == ["reply_help_nothing"]
    assert (TOY, PHONE) in await living(street)


async def test_what_waits_for_who_left_goes_the_next_way(street: Street):
    await linked(street)
    street.toy.answers = [Receipt(Outcome.LATER, detail="busy")]
    await street.town.until("2027-02-02")
    await street.happens(PHONE, What.LEFT)
    await street.town.run()
    assert "owner_ask" in await street.town.hears(OWNER)
    await street.town.all_is_well()


async def test_a_message_that_came_back_ends_the_address_and_goes_on(street: Street):
    """Taken at first, returned later: the address ends, the staff hear, the message goes the next way."""
    await linked(street)
    await street.town.until("2027-02-02")
    asked = next(envelope for envelope in street.toy.sent if envelope.message.kind == "owner_ask")
    await street.happens(PHONE, What.FAILED, answers_key=asked.key)
    await street.town.run()
    assert await living(street) == [("chat", OWNER)]
    assert "owner_ask" in await street.town.hears(OWNER)
    await street.town.until("2027-02-03")
    assert "staff_note" in await street.town.hears(STAFF)


async def test_a_forged_report_ends_nothing(street: Street):
    """It names no message of ours, or one to somebody else: whoever wrote it knows an address and no more."""
    await linked(street)
    await street.town.until("2027-02-02")
    await street.happens(OTHER, text="もしもし")
    other = next(envelope for envelope in street.toy.sent if envelope.address == OTHER)
    before = await street.town.facts()
    for key in ("", "0000", other.key):
        for what in (What.FAILED, What.RETURNED):
            assert await street.happens(PHONE, what, answers_key=key) == []
    assert (TOY, PHONE) in await living(street)
    assert await street.town.facts() == before
    assert "staff_note" not in await street.town.hears(STAFF)


async def test_a_report_that_was_taken_back_is_asked_again(street: Street):
    """The words are forgotten, that they were withdrawn is kept, and nothing counts as done."""
    await linked(street)
    await street.town.until("2027-01-20")
    await street.town.says(SERVICER, "3月1日に伺うことになりました")
    await street.town.taps(SERVICER, "yes")
    await street.town.until("2027-03-02")
    done = next(button for button in street.toy.sent[-1].message.buttons if button.action.startswith("done_ok"))
    await street.happens(PHONE, action=done.action, message_id="m-7")
    assert [report["side"] for report in (await street.town.case())["state"]["reports"]] == ["owner"]
    assert await street.happens(PHONE, What.TOOK_BACK, about="m-7") == ["reply_withdrawn"]
    assert (await street.town.case())["state"]["reports"] == []
    assert {"message_withdrawn", "report_withdrawn"} <= set(await street.town.facts())
    await street.town.until("2027-03-04")
    assert street.toy.told(PHONE)[-1] == "owner_confirm"
    async with street.town.service.store.read() as connection:
        rows = (await connection.execute(select(inbound.c.said).where(inbound.c.message_id == "m-7"))).scalars()
        assert list(rows) == [{}]
    await street.town.all_is_well()


async def test_an_answer_goes_to_the_case_of_the_message_it_answers(street: Street):
    """Two houses, one owner: the platform tells which message was answered, so nobody has to ask which house."""
    await street.town.house("H2", owner_id="O-H1", handed_over_on="2022-04-20")
    await linked(street)
    await street.town.until("2027-02-22")
    first, second = [envelope for envelope in street.toy.sent if envelope.message.kind == "owner_ask"][:2]
    assert [first.topic, second.topic] == ["H1-1", "H2-1"]
    assert await street.happens(PHONE, text="まだです") == ["reply_which"]
    assert await street.happens(PHONE, text="まだです", answers_key=first.key) == ["reply_not_yet"]
    assert "work_not_done" in await street.town.facts("H1")
    assert "work_not_done" not in await street.town.facts("H2")


async def test_a_deleted_row_of_the_platform_is_no_row_of_ours(street: Street):
    """What is taken back without ever having come in brings nothing about."""
    await linked(street)
    assert await street.happens(PHONE, What.TOOK_BACK, about="never-came") == []
    assert "message_withdrawn" not in await street.town.facts()
    assert await street.happens("nobody", What.LEFT) == []
    assert await street.happens("nobody", What.FAILED, answers_key="x") == []
    assert [who for who, _ in await _guests(street)] == []


async def test_what_came_back_for_no_fault_of_the_address_goes_on_once(street: Street):
    """One message goes the next way; the address stays."""
    await linked(street)
    await street.town.until("2027-02-02")
    asked = next(envelope for envelope in street.toy.sent if envelope.message.kind == "owner_ask")
    for _ in range(2):
        await street.happens(PHONE, What.RETURNED, answers_key=asked.key)
    assert (TOY, PHONE) in await living(street)
    assert (await street.town.hears(OWNER)).count("owner_ask") == 1


async def test_a_name_alone_closes_nothing(street: Street):
    """Where anybody can write in their name, only an answer to a message of ours to them is taken for theirs."""
    await linked(street)
    await street.town.until("2027-02-02")
    asked = next(envelope for envelope in street.toy.sent if envelope.message.kind == "owner_ask")
    said: dict[str, Any] = {"text": "2027年2月1日に終わりました。異常なしです", "forgeable": True}
    assert await street.happens(PHONE, **said) == ["reply_unproved"]
    assert await street.happens(PHONE, **said, answers_key="0000") == ["reply_unproved"]
    assert (await street.town.case())["state"]["reports"] == []
    assert await street.happens(PHONE, **said, answers_key=asked.key) == ["reply_read_back"]
    assert await street.happens(PHONE, text="配信停止してください", forgeable=True) == ["reply_channel_ended"]


async def test_who_is_erased_is_erased_also_as_the_stranger_they_were(street: Street):
    """What they wrote before anybody knew them, and the account that was answered, go with all the rest."""
    service = street.town.service
    await street.happens(PHONE, text="山田花子と申します", message_id="m-1")
    await street.happens(OTHER, text="通りがかりの者です", message_id="m-2")
    await linked(street)
    await street.happens(PHONE, text="個人情報を消して")
    assert await street.happens(PHONE, text="はい、消してください") == ["reply_erased"]
    words = select(inbound.c.message_id, inbound.c.raw, inbound.c.said).order_by(inbound.c.id)
    async with service.store.read() as connection:
        kept = {name: (raw, said) for name, raw, said in await connection.execute(words) if name}
        assert kept["m-1"] == ({}, {})
        assert kept["m-2"][0]["text"] == "通りがかりの者です"
        accounts = (await connection.execute(select(outbox.c.address).where(outbox.c.channel == TOY))).scalars().all()
    assert set(accounts) == {"", OTHER}
    await street.town.all_is_well()
