"""How to get in, and what the builder has promised: told once, given to the next company, gone with its owner."""

import io
import json
import zipfile
from typing import Any

import pypdf
import pytest
import pytest_asyncio
from bs4 import Tag
from sqlalchemy import select

from scheduler.run import run_once
from storage.tables import facts, notes, transfers
from tests.handlers.web.street import Reader, Street, street_at
from tests.stories.test_house_record import book_of, file, paper
from tests.stories.test_new_owner import newcomer, owners_page, records

OWNER, STAFF, NOW = "owner:O-H1", "staff:desk", "servicer:B2"
ENTRANCE, PARKING, CARE = "門は手前に引きます。鍵は家族が開けます", "南の空き地に1台", "犬が2匹います"
COVERS, UNTIL = "構造と雨もり。5年ごとの点検を受けないと終わる", "2052-03-31"
GETTING_IN = {"entrance": ENTRANCE, "parking": PARKING, "care": CARE}
GUARANTEE = {"guarantee": COVERS, "until_on": UNTIL}


@pytest_asyncio.fixture
async def street(tmp_path, database_url):
    """A town with its pages, on either database."""
    async with street_at(tmp_path, "2026-11-01", database_url) as found:
        yield found


async def fills(reader: Reader, action: str, values: dict[str, str]) -> Reader:
    form = reader.page.select_one(f"form[action$='{action}']")
    assert isinstance(form, Tag)
    await reader.sends(form, values)
    assert reader.status == 200, reader.text
    return reader


async def owner_tells(street: Street, values: dict[str, str], person: str = OWNER) -> None:
    page = await street.reader().opens(f"{street.link(person)}/notes")
    await fills(page, "/notes/H1", values)


async def staff_note(street: Street, values: dict[str, str]) -> None:
    await fills(await (await street.staff()).opens("/staff/houses/H1"), "/houses/H1/notes", values)


async def told(street: Street, house: str = "H1") -> dict[str, str]:
    return {row["topic"]: row["text"] for row in (await street.town.view(house))["notes"]}


async def papers(street: Street) -> tuple[dict[str, Any], str]:
    """What the new company takes home: its sections by name, and the paper as it is read."""
    page = await (await street.visits(NOW)).opens(f"{street.link(NOW)}/handover/H1")
    form = page.page.select_one("main form[action$='/handover/H1']")
    assert form is not None
    given = await page.client.post(str(form["action"]), data={"stamp": page.stamp})
    archive = zipfile.ZipFile(io.BytesIO(given.content))
    sections = {each["code"]: each["rows"] for each in json.loads(archive.read("handover.json"))["sections"]}
    paper = pypdf.PdfReader(io.BytesIO(archive.read("handover.pdf"))).pages
    return sections, "".join("".join(page.extract_text() for page in paper).split())


async def another_company(street: Street) -> None:
    await street.town.until("2027-01-12")
    await street.town.changes_company()
    await street.town.until("2027-01-14")


async def test_the_next_company_reads_how_to_get_in(street: Street):
    """山田さん: 門の開け方は、前の会社しか知りません。次の会社にも伝えてもらえますか。"""
    await street.town.house()
    await owner_tells(street, GETTING_IN)
    await staff_note(street, GUARANTEE)
    await another_company(street)
    sections, paper = await papers(street)
    assert sections["access"] == [GETTING_IN]
    law, maker = sections["warranties"]
    assert (law["until"], law["covers"]["code"]) == ("2032-04-01", "law")
    assert (maker["until"], maker["covers"], maker["given_by"]) == (UNTIL, COVERS, "丸太工務店")
    for words in (*GETTING_IN.values(), COVERS, "2052年3月31日"):
        assert "".join(words.split()) in paper
    await street.town.all_is_well()


async def test_what_nobody_told_is_not_on_record(street: Street):
    """It has its place all the same, so that the new company asks."""
    await street.town.house()
    await another_company(street)
    sections, paper = await papers(street)
    maker = sections["warranties"][1]
    for value in (*sections["access"][0].values(), maker["until"], maker["covers"]):
        assert (value["code"], value["ja"]) == (None, "記録なし")
    assert "鍵・入り方記録なし" in paper


async def test_the_record_holds_the_builders_guarantee(street: Street):
    """山田さん: 建てた会社の保証がいつまでか、家の記録を見ればわかりますか。"""
    town = street.town
    await town.house()
    await town.until("2026-12-01")
    await staff_note(street, GUARANTEE)
    law, maker = file(town, await book_of(town))["warranties"]
    assert law["until"] == "2032-04-01"
    assert (maker["until"], maker["covers"], maker["given_by"]) == (UNTIL, COVERS, "丸太工務店")
    assert "".join(COVERS.split()) in paper(town, await book_of(town))
    await town.until("2026-12-10")
    await staff_note(street, GUARANTEE | {"until_on": "2042-03-31"})
    _, corrected = file(town, await book_of(town, "2026-12-05"))["warranties"]
    assert corrected["until"] == "2042-03-31"  # its words are today's, as the house's own particulars are
    _, before = file(town, await book_of(town, "2026-11-30"))["warranties"]
    assert before["until"]["ja"] == "記録なし"


async def test_who_buys_the_house_learns_nothing_of_it(street: Street):
    """山田さん: 家を売りました。犬のことも鍵のことも、もう関係ありません。 The guarantee is the house's."""
    town = street.town
    await town.house(email="hanako@example.jp")
    await owner_tells(street, {**GETTING_IN, **GUARANTEE})
    await staff_note(street, {"care": "猫もいます"})
    await records(street)
    assert await told(street) == {"guarantee": COVERS}
    buyer = await newcomer(street)
    page = await street.reader().opens(f"{street.link(buyer)}/notes")
    assert not any(words in page.text for words in (ENTRANCE, PARKING, CARE, "猫もいます"))
    assert (await street.reader().opens(f"{street.link(OWNER)}/notes")).page.select("main form") == []
    async with town.service.store.read() as connection:
        kept = (await connection.execute(select(transfers.c.kept))).scalars().all()
    assert not any(words in json.dumps(kept, ensure_ascii=False) for words in GETTING_IN.values())
    await town.all_is_well()


async def test_undoing_a_sale_does_not_bring_it_back(street: Street):
    """What is gone is gone: the owner tells it again; what the buyer had told goes with the buyer."""
    await street.town.house(email="hanako@example.jp")
    await owner_tells(street, GETTING_IN)
    await records(street)
    await owner_tells(street, {"parking": "裏に2台"}, await newcomer(street))
    await (await owners_page(street)).presses("なかったことにする")
    assert await told(street) == {}
    await owner_tells(street, {"care": CARE})
    assert await told(street) == {"care": CARE}
    await street.town.all_is_well()


async def test_a_file_that_names_another_owner_ends_it_too(street: Street):
    await street.town.house()
    await owner_tells(street, {**GETTING_IN, **GUARANTEE})
    await street.town.house()  # the same owner once more: nothing changes
    assert set(await told(street)) == {*GETTING_IN, "guarantee"}
    await street.town.house(owner_id="O2", owner_name="佐藤 三郎")
    assert await told(street) == {"guarantee": COVERS}


async def test_who_is_erased_takes_it_with_them(street: Street):
    """山田さん: 個人情報を消してください。 Also what the staff wrote down for them; the guarantee stays."""
    town = street.town
    await town.house()
    await town.house("H2", owner_name="佐藤 次郎")
    await owner_tells(street, {"entrance": ENTRANCE, **GUARANTEE})
    await staff_note(street, {"care": CARE})
    await town.says(OWNER, "個人情報を消して")
    await town.says(OWNER, "はい、消してください")
    assert "person_erased" in await town.facts()
    assert await told(street) == {"guarantee": COVERS}
    async with town.service.store.read() as connection:
        record = "\n".join((await connection.execute(select(facts.c.data))).scalars())
    assert not any(words in record for words in (ENTRANCE, CARE, COVERS))
    await town.all_is_well()


async def test_one_of_two_owners_is_erased(street: Street):
    """What the other one told stays, for the house is theirs as well."""
    town = street.town
    await town.house(co_owners="山田 太郎")
    owners = [owner["id"] for owner in (await town.view())["owners"]]
    other = next(owner for owner in owners if owner != OWNER)
    await owner_tells(street, {"entrance": ENTRANCE})
    await owner_tells(street, {"care": CARE}, other)
    await town.says(OWNER, "個人情報を消して")
    await town.says(OWNER, "はい、消してください")
    assert await told(street) == {"care": CARE}


async def test_it_is_among_ones_own_data(street: Street):
    """What they told, and what the staff wrote down of getting in; nothing of another's house."""
    town = street.town
    await town.house()
    await town.house("H2", owner_name="佐藤 次郎")
    await owner_tells(street, {"entrance": ENTRANCE, **GUARANTEE})
    await staff_note(street, {"care": CARE})
    found = {}
    for person in (OWNER, "owner:O-H2"):
        page = await street.reader().opens(f"{street.link(person)}/data")
        given = await page.client.post(f"{street.link(person)}/data", data={"stamp": page.stamp})
        data = json.loads(zipfile.ZipFile(io.BytesIO(given.content)).read("data.json"))
        found[person] = {row["topic"]: row["text"] for row in data["notes_of_houses"]}
    assert found == {OWNER: {"entrance": ENTRANCE, "guarantee": COVERS, "care": CARE}, "owner:O-H2": {}}


@pytest.mark.parametrize(
    ("until", "said"),
    [
        (UNTIL, "建てた会社の保証（2052年3月まで）が続かない"),
        ("", "長期の保証が続かない"),
        ("2026-12-31", "長期の保証が続かない"),
    ],
)
async def test_the_owner_hears_of_the_guarantee_before_agreeing(street: Street, until: str, said: str):
    """山田さん: 保証書は2052年3月までです。会社を変えたら、どうなりますか。 The note itself is in no chat."""
    town = street.town
    await town.house()
    await staff_note(street, {"guarantee": COVERS, "until_on": until})
    await town.until("2027-01-12")
    await town.says(STAFF, action="called:H1-1:0:no_answer")
    await town.says(STAFF, action="assign:H1-1:0:B2")
    await town.taps(NOW, "take_on")
    await town.says(NOW, "3万円")
    await town.taps(NOW, "yes")
    await run_once(town.service.post, town.service.understanding, town.service.clock.now())
    assert (await town.hears(OWNER))[-1] == "owner_new_company"
    for words in (await town.words(OWNER), await _asked_again(street)):
        assert said in words
        assert COVERS not in words
        assert words.index(said) < words.index("あおぞら建設")


async def _asked_again(street: Street) -> str:
    assert await street.town.says(OWNER, "その会社でお願いします") == ["owner_new_company"]
    return await street.town.words(OWNER)


async def test_nothing_of_the_notes_is_left_anywhere(street: Street):
    """The table is the only place: no message and no fact repeats a word."""
    await street.town.house(email="hanako@example.jp")
    await owner_tells(street, {**GETTING_IN, **GUARANTEE})
    await another_company(street)
    everything = await street.everything()
    places = {
        table for table, rows in everything.items() if any(CARE in str(row) or COVERS in str(row) for row in rows)
    }
    assert places == {notes.name}
