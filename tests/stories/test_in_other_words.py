"""What is said in other words than ours is heard: a slip put right, a day agreed to, a full book, a death next door."""

import pytest

from tests.stories.town import Town

OWNER, SERVICER, STAFF = "owner:O-H1", "servicer:B1", "staff:desk"


async def asked(town: Town) -> None:
    """The owner and the company have been asked for a day. It is Monday 1 February."""
    await town.house()
    await town.until("2027-02-01")
    for person in (OWNER, SERVICER, STAFF):
        await town.hears(person)


async def test_a_report_taken_back_in_the_same_breath_is_not_recorded(town: Town):
    await asked(town)
    assert await town.says(OWNER, "終わったよ。あ、ごめん、それは車検だった") == ["reply_unclear"]
    assert not {"work_reported", "work_not_done"} & set(await town.facts())


async def test_a_weekday_put_right_is_the_one_gone_by(town: Town):
    """ "No, it was Thursday": the day of the report, not one to come."""
    await asked(town)
    await town.says(OWNER, "点検は先週の金曜にやってもらいました、異常なしです")
    assert await town.says(OWNER, "いや、木曜だった") == ["reply_read_back"]
    assert "点検が終わったのは、1月28日(木)でよろしいですか" in await town.words(OWNER)
    await town.taps(OWNER, "yes")
    reported = [fact for fact in (await town.view())["facts"] if fact["kind"] == "work_reported"]
    assert [fact["data"]["done_on"] for fact in reported] == ["2027-01-28"]


@pytest.mark.parametrize("words", ["承知しました", "はい、うかがえます"])
async def test_a_company_agrees_to_the_day_wished_for_in_words(town: Town, words: str):
    """It is read back, as every day is, and fixed by their yes."""
    await asked(town)
    await town.says(OWNER, "2月10日にお願いしたいです")
    await town.taps(OWNER, "yes")
    assert await town.says(SERVICER, words) == ["servicer_wish", "reply_read_back"]
    assert "2月10日(水)でよろしいですか" in await town.words(SERVICER)
    assert "visit_fixed" not in await town.facts()
    assert await town.taps(SERVICER, "yes") == ["servicer_fixed"]
    assert str((await town.case())["visit_on"]) == "2027-02-10"


async def test_a_company_agrees_in_words_to_another_day_than_the_fixed_one(town: Town):
    """The wish that is open is what "understood" answers, not the day that stood before it."""
    await asked(town)
    await town.says(SERVICER, "2月10日に点検に行きます")
    await town.taps(SERVICER, "yes")
    await town.says(OWNER, "10日は無理になりました。2月17日に変えてください")
    await town.taps(OWNER, "yes")
    assert (await town.says(SERVICER, "承知しました"))[-1] == "reply_read_back"
    await town.taps(SERVICER, "yes")
    assert str((await town.case())["visit_on"]) == "2027-02-17"


async def test_a_company_with_a_full_book_is_asked_again_later(town: Town):
    await asked(town)
    assert await town.says(SERVICER, "今月はもう枠がいっぱいです") == ["reply_later"]
    assert "visit_fixed" not in await town.facts()
    await town.all_is_well()


async def test_a_death_next_door_stops_no_channel(town: Town):
    await asked(town)
    await town.says(OWNER, "隣の奥さんが亡くなりました")
    assert not {"death_reported", "channel_ended"} & set(await town.facts())
