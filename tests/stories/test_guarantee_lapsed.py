"""A guarantee that has lapsed is recorded by two people of the staff, and by nobody and nothing else."""

from sqlalchemy import insert, select, update

from bot.core.book.standing import standing_on
from bot.core.days import civil
from bot.core.standing import State
from storage.letters import mark_posted, unposted
from storage.standing import standing_sources
from storage.tables import outbox, people
from tests.stories.town import Town

OWNER, STAFF, SATO, TANAKA = "owner:O-H1", "staff:desk", "staff:sato", "staff:tanaka"
AHEAD = ("2027-01-04", "2027-02-01", "2027-03-20", "2027-04-02", "2027-04-20", "2027-04-30", "2027-05-02")
LAPSE, CONFIRM, DROP = "lapse:H1-2:0:", "lapse_confirm:H1-2:0:", "lapse_drop:H1-2:0:"


async def at_risk(town: Town, *later: str) -> None:
    """An inspection that nobody has had done for a month; two of the staff are at work, each under their own name."""
    await town.house(guarantee_no="Z-0001", email="yamada@example.jp")
    async with town.service.store.write() as connection:
        await connection.execute(insert(people), [{"id": SATO, "name": "佐藤"}, {"id": TANAKA, "name": "田中"}])
        await connection.execute(update(people).where(people.c.id.in_((SATO, TANAKA))).values(staff_role="supervisor"))
    for day in (*AHEAD, *later):
        await town.skip_to(day)


async def letter_posted(town: Town) -> None:
    async with town.service.store.write() as connection:
        ids = [letter.outbox_id for letter in await unposted(connection)]
        await mark_posted(connection, town.service.store.pins.seal, ids, SATO, town.service.clock.now())


async def told_everywhere(town: Town) -> None:
    """In the chat, by mail and by letter."""
    await at_risk(town, "2027-05-16", "2027-05-30")
    await letter_posted(town)


async def state(town: Town) -> State:
    async with town.service.store.read() as connection:
        found = (await standing_sources(connection, ["H1"]))["H1"]
    return standing_on(found, town.today, town.today).state


async def refused(town: Town, person_id: str, action: str) -> str:
    """The line with which it was refused."""
    assert (await town.says(person_id, action=action))[-1] == "reply_lapse_refused"
    return await town.words(person_id)


async def test_two_people_record_it_and_the_owner_is_written_to(town: Town):
    await told_everywhere(town)
    assert await town.says(SATO, action=LAPSE) == ["reply_lapse_proposed"]
    assert await state(town) is State.AT_RISK
    assert await town.says(TANAKA, action=CONFIRM) == ["reply_lapsed"]
    assert await state(town) is State.LAPSED
    view = await town.view()
    assert view["house"]["lapsed_on"] == civil(town.service.clock.now())
    lapsed = next(fact for fact in view["facts"] if fact["kind"] == "guarantee_lapsed")
    assert (lapsed["by"], lapsed["data"]["proposed_by"]) == (TANAKA, SATO)
    assert [reason.partition(" ")[0] for reason in lapsed["data"]["reasons"]] == ["overdue"] * 3
    assert len(lapsed["data"]["notices"]) == 3
    assert "owner_lapsed" in await town.letters(OWNER)
    assert {"staff_lapse"} <= set(await town.hears(STAFF))
    await town.skip_to("2027-06-30")
    assert await state(town) is State.LAPSED
    await town.all_is_well()


async def test_nobody_confirms_their_own_proposal(town: Town):
    await told_everywhere(town)
    await town.says(SATO, action=LAPSE)
    assert "提案した本人は確定できません" in await refused(town, SATO, CONFIRM)
    assert await state(town) is State.AT_RISK


async def test_nobody_knows_who_stands_at_the_shared_entrance(town: Town):
    """What is done at the desk itself is nobody's name, neither first nor second."""
    await told_everywhere(town)
    assert "担当者2人の名前" in await refused(town, STAFF, LAPSE)
    await town.says(SATO, action=LAPSE)
    assert await town.says(STAFF, action=CONFIRM) == ["staff_lapse", "reply_no_right"]  # the proposal is told there too


async def test_without_a_second_channel_it_is_refused(town: Town):
    await at_risk(town)
    assert "2つの連絡方法" in await refused(town, SATO, LAPSE)


async def test_without_a_posted_letter_it_is_refused(town: Town):
    """A letter that still lies in the office has told nobody anything."""
    await at_risk(town, "2027-05-16", "2027-05-30")
    assert "手紙を送った記録がありません" in await refused(town, SATO, LAPSE)
    await letter_posted(town)
    assert await town.says(SATO, action=LAPSE) == ["reply_lapse_proposed"]


async def test_nothing_is_confirmed_that_nobody_proposed(town: Town):
    await told_everywhere(town)
    assert "先に、ほかの担当者が" in await refused(town, TANAKA, CONFIRM)


async def test_a_proposal_is_taken_back_and_made_again(town: Town):
    await told_everywhere(town)
    await town.says(SATO, action=LAPSE)
    assert "もう提案されています" in await refused(town, TANAKA, LAPSE)
    assert await town.says(TANAKA, action=DROP) == ["reply_lapse_dropped"]
    assert await town.says(TANAKA, action=DROP) == ["reply_over"]
    assert "先に、ほかの担当者が" in await refused(town, SATO, CONFIRM)
    assert await town.says(TANAKA, action=LAPSE) == ["reply_lapse_proposed"]
    assert await town.says(SATO, action=CONFIRM) == ["reply_lapsed"]


async def test_what_was_mended_in_between_ends_the_proposal(town: Town):
    """The inspection was done after all: there is nothing left to confirm."""
    await told_everywhere(town)
    await town.says(SATO, action=LAPSE)
    await town.says("servicer:B1", "5月28日に点検しました。異常ありません")
    await town.taps("servicer:B1", "yes")
    await town.says(OWNER, "5月28日に終わりました。異常なしです")
    await town.taps(OWNER, "yes")
    assert await town.says(TANAKA, action=CONFIRM) == ["reply_over"]
    assert await state(town) is State.GOOD
    await town.all_is_well()


async def test_the_desk_is_offered_the_second_step(town: Town):
    """Who proposed it, the reasons, and the button for another person."""
    await told_everywhere(town)
    await town.says(SATO, action=LAPSE)
    query = select(outbox.c.parts).where(outbox.c.person_id == STAFF, outbox.c.state == "sent")
    async with town.service.store.read() as connection:
        parts = (await connection.execute(query.order_by(outbox.c.id.desc()).limit(1))).scalar_one()
    message = town.service.post.renderer.part(parts[-1], "ja", "")
    assert message.title == "佐藤：保証の失効を提案しました（H1）"
    assert [button.action for button in message.buttons] == ["lapse_confirm:H1-2:0:", "lapse_drop:H1-2:0:"]
