"""An owner asks, and is answered what they asked; nothing is counted as an answer to what we asked."""

import pytest

from tests.stories.town import Town

OWNER, SERVICER = "owner:O-H1", "servicer:B1"


@pytest.mark.parametrize(
    ("asked", "kind", "said"),
    [
        ("次の点検はいつですか", "reply_when", "2027年4月1日"),
        ("誰が来るのですか", "reply_visitor", "丸太工務店"),
        ("費用はいくらですか", "reply_cost", "無料"),
        ("立ち会いは必要ですか", "reply_presence", "立ち会い"),
        ("何時間かかりますか", "reply_duration", "2時間"),
        ("何を点検するのですか", "reply_content", "傷み"),
        ("なぜ点検が必要なんですか", "reply_why", "務め"),
        ("やらないとどうなりますか", "reply_stake", "残価保証"),
        ("あなたは誰ですか", "reply_sender", "自動"),
        ("ローンの残額はいくらですか", "reply_loan", "金融機関"),
    ],
)
async def test_each_question_has_its_own_answer(empty_town: Town, asked: str, kind: str, said: str):
    town = empty_town
    await town.companies()
    await town.house()
    await town.until("2027-02-01")
    before = await town.case()
    await town.hears(OWNER)
    assert await town.says(OWNER, asked) == [kind]
    assert said in await town.words(OWNER)
    assert await town.case() == before


async def test_the_history_of_the_house(town: Town):
    """The latest of what was done, newest first; and where nothing is on record, that."""
    await town.house()
    await town.until("2026-11-02")
    assert await town.says(OWNER, "これまでの点検の記録を教えてください") == ["reply_history"]
    assert "まだありません" in await town.words(OWNER)
    done = {"house_id": "H1", "item_code": "P1", "performer": "丸太工務店", "result": "要補修", "note": ""}
    await town.take(records=[done | {"done_on": "2025-04-01"}, done | {"done_on": "2026-05-02", "result": "良"}])
    await town.says(OWNER, "これまでの点検の記録を教えてください")
    words = await town.words(OWNER)
    assert words.index("2026年5月2日") < words.index("2025年4月1日")
    assert "異常なし" in words
    assert "指摘あり" in words


async def test_when_nothing_is_open_the_next_time_is_told(town: Town):
    await town.house()
    await town.until("2026-11-02")
    assert await town.says(OWNER, "次の点検はいつですか") == ["reply_next"]
    assert "2027年4月1日" in await town.words(OWNER)


async def test_a_question_no_topic_fits_gets_what_we_know_and_a_person(town: Town):
    await town.house()
    await town.until("2027-02-01")
    await town.hears(OWNER)
    assert await town.says(OWNER, "表札の色はどうすればいいですか") == ["reply_help"]
