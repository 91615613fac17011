"""Nobody told who keeps the papers of a house: its owner is asked once a year, and nothing is guessed."""

import pytest

from storage.providers import Told, tell_access
from tests.stories.test_house_history import COMPANY, FAR, OWNER, STAFF, history, inspected, known, states
from tests.stories.town import Town

YOUNG = {"handed_over_on": "2023-04-01"}  # nothing else is asked of its owner
ABOUT_HISTORY = {"no_provider", "provider_named", "unregistered"}


async def asked(town: Town, **house: str) -> None:
    """The year has gone round, and the message has come."""
    await town.house(plan=FAR, **(YOUNG | house))
    await town.skip_to("2027-10-31")
    assert "owner_keeper" not in await town.hears(OWNER)
    await town.until("2027-11-02")
    assert (await town.hears(OWNER)).count("owner_keeper") == 1


async def open_matters(town: Town) -> list[str]:
    return [case["reason"] for case in (await town.view())["cases"] if case["reason"] in ABOUT_HISTORY]


async def keeper(town: Town) -> tuple[str | None, str, str]:
    row = (await history(town))["history"]
    return row["provider_id"], row["answer"], row["confirmed_by"]


async def test_nobody_or_not_known_is_one_tap_and_holds_for_a_year(town: Town):
    """山田: 預け先と言われても、わかりません。"""
    await asked(town)
    assert await town.taps(OWNER, "keeper_none") == ["reply_nobody"]
    assert await keeper(town) == (None, "none", "")
    told = {fact["kind"]: fact for fact in (await town.view())["facts"]}
    assert told["history_none"]["by"] == OWNER
    await town.until("2028-10-30")
    assert "owner_keeper" not in await town.hears(OWNER)
    await town.until("2028-11-03")
    assert (await town.hears(OWNER)).count("owner_keeper") == 1
    assert await open_matters(town) == []
    await town.all_is_well()


async def test_who_says_nothing_is_asked_again_next_year_and_not_before(town: Town):
    await asked(town)
    await town.until("2028-10-30")
    assert "owner_keeper" not in await town.hears(OWNER)
    await town.until("2028-11-02")
    assert (await town.hears(OWNER)).count("owner_keeper") == 1


@pytest.mark.parametrize("way", ["at once", "after the button"])
async def test_a_name_on_the_list_is_read_back_before_it_is_on_record(town: Town, way: str):
    """山田: 「いえかるて東京」さんだったと思います。"""
    await known(town)
    await asked(town)
    if way == "after the button":
        assert await town.taps(OWNER, "keeper_there") == ["reply_ask_provider"]
    assert await town.says(OWNER, "いえかるて　東京だったと思います") == ["reply_provider"]
    assert "いえかるて東京" in await town.words(OWNER)
    assert (await keeper(town))[0] is None
    assert await town.taps(OWNER, "yes") == ["reply_provider_noted"]
    assert await keeper(town) == ("P1", "told", OWNER)
    assert "history_told" in await town.facts()
    await town.until("2028-11-03")
    heard = await town.hears(OWNER)
    assert ("owner_keeper" in heard, heard.count("owner_history")) == (False, 1)
    assert await open_matters(town) == []
    await town.all_is_well()


async def test_what_was_understood_wrongly_is_not_recorded(town: Town):
    """山田: いいえ、そこではありません。The staff read who it is instead."""
    await known(town)
    await asked(town)
    await town.says(OWNER, "いえかるて東京です")
    assert await town.taps(OWNER, "no") == ["reply_ask_provider"]
    assert await town.says(OWNER, "いえかるて東京ではなくて、別のところです") == ["reply_provider_asked"]
    assert (await keeper(town))[0] is None
    assert await open_matters(town) == ["provider_named"]


async def test_a_name_on_no_list_lies_with_the_staff_in_the_owners_words(town: Town):
    """山田: 近くの住宅センターに預けています。Who that is nobody guesses; once the staff know, it is over by itself."""
    await asked(town)
    assert await town.says(OWNER, "近くの住宅センターに預けています") == ["reply_provider_asked"]
    assert await open_matters(town) == ["provider_named"]
    assert await keeper(town) == (None, "told", "")
    await staff_note(town)
    assert await open_matters(town) == []
    await town.all_is_well()


async def test_none_in_words_is_read_back_too(town: Town):
    await asked(town)
    assert await town.says(OWNER, "とくにありません") == ["reply_provider"]
    assert await town.taps(OWNER, "yes") == ["reply_nobody"]
    assert (await keeper(town))[1] == "none"


async def test_while_something_else_is_open_bare_words_are_no_answer_to_it(town: Town):
    """山田: わかりません。The five years' papers are asked for as well, so only words on the history are about that."""
    await known(town)
    await asked(town, handed_over_on="2022-04-01")
    assert "reply_provider" not in await town.says(OWNER, "わかりません")
    assert await town.says(OWNER, "いえかるて東京です") == ["reply_provider"]
    assert await town.taps(OWNER, "no") == ["reply_ask_provider"]
    assert await town.says(OWNER, "わかりません") == ["reply_provider"]
    assert await town.taps(OWNER, "yes") == ["reply_nobody"]


async def staff_note(town: Town) -> None:
    """The staff have found out who it is, added it to the list and noted it."""
    await known(town)
    store, now = town.service.store, town.service.clock.now()
    async with store.write() as connection:
        assert await tell_access(connection, store.pins.seal, Told("H1", STAFF, {"provider_id": "P1"}), now)
    await town.run()


async def test_what_lay_with_the_staff_goes_on_once_they_know_who_keeps_it(town: Town):
    """担当: 預け先を登録したら、その件は終わり。The company is asked whether it entered its work, and has its time."""
    await town.house()
    await inspected(town)
    await town.skip_to("2027-04-13")
    assert (await open_matters(town), await states(town)) == (["no_provider"], {"staff"})
    await staff_note(town)
    assert (await open_matters(town), await states(town)) == ([], {"asked"})
    await town.until("2027-04-15")
    assert "servicer_entered" in await town.hears(COMPANY)
    await town.until("2027-06-11")
    assert await states(town) == {"asked"}
    await town.until("2027-06-13")
    assert (await open_matters(town), await states(town)) == (["unregistered"], {"staff"})
    await town.all_is_well()


async def test_staff_who_note_it_and_close_the_matter_by_hand_lose_no_work(town: Town):
    """担当: 預け先を登録して、件も自分で閉じました。"""
    await town.house()
    await inspected(town)
    await town.skip_to("2027-04-13")
    close = await town.button(STAFF, "close")
    await known(town)
    store, now = town.service.store, town.service.clock.now()
    async with store.write() as connection:
        assert await tell_access(connection, store.pins.seal, Told("H1", STAFF, {"provider_id": "P1"}), now)
    await town.says(STAFF, "預け先がわかりました", action=close)
    assert (await open_matters(town), await states(town)) == ([], {"asked"})
    await town.all_is_well()


async def test_while_the_owner_says_that_nobody_keeps_it_no_work_goes_to_the_staff(town: Town):
    """担当: 預け先はないと聞いたばかりの家を、机に並べないでほしい。Next year the owner is asked first."""
    await town.house()
    await inspected(town)
    await town.skip_to("2027-04-13")
    assert await open_matters(town) == ["no_provider"]
    await town.skip_to("2027-11-02")
    await town.taps(OWNER, "keeper_none")
    assert (await open_matters(town), await states(town)) == ([], {"new"})
    await town.all_is_well()
    await town.until("2028-11-15")
    assert "owner_keeper" in await town.hears(OWNER)
    assert (await open_matters(town), await states(town)) == ([], {"new"})
    await town.until("2028-11-18")
    assert (await open_matters(town), await states(town)) == (["no_provider"], {"staff"})
    await town.all_is_well()


async def test_whom_a_file_names_is_asked_about_by_that_name(town: Town):
    """Nobody on our list: the owner need not tell what the builder has told."""
    await town.house(plan=FAR, history_provider="いえかるて大阪", **YOUNG)
    await town.skip_to("2027-11-02")
    assert "owner_history" in await town.hears(OWNER)
    assert "いえかるて大阪" in await town.words(OWNER)


async def test_an_old_button_changes_nothing_once_it_is_known(town: Town):
    await asked(town)
    await staff_note(town)
    assert await town.taps(OWNER, "keeper_none") == ["reply_over"]
    assert await keeper(town) == ("P1", "", STAFF)
