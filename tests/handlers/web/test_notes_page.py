"""An owner tells on their own page how to get into their house; the staff enter what they were told at the console."""

from typing import Any

import pytest
from bs4 import Tag

from tests.handlers.web.street import Reader, Street

OWNER, OTHER, SERVICER = "owner:O-H1", "owner:O-H2", "servicer:B1"
TOLD = {"entrance": "門は手前に引きます。\n犬がいます", "guarantee": "構造の保証。ほかの会社が直すと終わる"}
TOLD |= {"until_on": "2052-03-31"}


def form_of(reader: Reader, house: str = "H1") -> Tag:
    form = reader.page.select_one(f"form[action$='/{house}/notes'], form[action$='/notes/{house}']")
    assert form is not None
    return form


def typed(reader: Reader, name: str) -> str:
    field = reader.page.select_one(f"textarea[name={name}]")
    assert field is not None
    return field.get_text()


async def notes_page(street: Street, person: str = OWNER) -> Reader:
    return await street.reader().opens(f"{street.link(person)}/notes")


async def kept(street: Street, house: str = "H1") -> dict[str, Any]:
    return {row["topic"]: row for row in (await street.town.view(house))["notes"]}


async def test_the_menu_leads_there_and_it_is_kept(street: Street):
    """One form for each house; the record says that something was noted, and not a word of it."""
    await street.town.house()
    owner = await street.visits(OWNER)
    link = owner.page.select_one("a[href$='/notes']")
    assert link is not None
    await owner.opens(str(link["href"]))
    assert "暗証番号" in owner.text
    assert "お宅を受け持つ会社" in owner.text
    await owner.sends(form_of(owner), TOLD)
    assert "保存しました" in owner.text
    found = await kept(street)
    assert {topic: row["text"] for topic, row in found.items()} == {name: TOLD[name] for name in found}
    assert str(found["guarantee"]["until_on"]) == "2052-03-31"
    facts = [fact for fact in (await street.town.view())["facts"] if fact["kind"] == "note_told"]
    assert [(fact["by"], fact["data"]["topic"]) for fact in facts] == [(OWNER, "entrance"), (OWNER, "guarantee")]
    assert not any(word in str(facts) for word in ("犬", "構造"))
    again = await notes_page(street)
    assert typed(again, "entrance") == TOLD["entrance"]
    await again.sends(form_of(again), TOLD)
    assert (await street.town.facts()).count("note_told") == 2
    await street.town.all_is_well()


async def test_an_empty_field_takes_it_back(street: Street):
    await street.town.house()
    owner = await notes_page(street)
    await owner.sends(form_of(owner), TOLD)
    await owner.sends(form_of(owner), TOLD | {"entrance": ""})
    assert set(await kept(street)) == {"guarantee"}
    assert (await street.town.facts())[-1] == "note_taken_back"


async def test_what_another_wrote_meanwhile_stays(street: Street):
    """A field that was left as it was shown is nobody's word."""
    await street.town.house()
    first, second = await notes_page(street), await notes_page(street)
    await first.sends(form_of(first), {"parking": "家の前に1台"})
    await second.sends(form_of(second), {"care": "犬がいます"})
    assert set(await kept(street)) == {"parking", "care"}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("entrance", "鍵" * 401),
        ("guarantee", "保" * 5000),
        ("until_on", "2022-03-31"),  # before there was a house
        ("until_on", "2222-01-01"),
        ("until_on", "いつまでも"),
        ("until_on", "2052-02-30"),
    ],
)
async def test_what_cannot_be_kept_is_told_and_stays_in_its_field(street: Street, field: str, value: str):
    """Nothing of the form is saved, and nothing of it is lost."""
    await street.town.house()
    owner = await notes_page(street)
    await owner.sends(form_of(owner), {"care": "犬がいます", field: value})
    assert "まだ保存していません" in owner.text
    wrong = owner.page.select("[aria-invalid]")
    assert [found["name"] for found in wrong] == [field]
    assert typed(owner, "care") == "犬がいます"
    assert await kept(street) == {}
    await owner.sends(form_of(owner), {"care": "犬がいます"})
    assert set(await kept(street)) == {"care"}


async def test_tags_are_text_and_what_nobody_sees_is_taken_out(street: Street):
    await street.town.house()
    owner = await notes_page(street)
    bad = "</textarea><script>alert(1)</script>\x07\u202e裏口\u200b"
    await owner.sends(form_of(owner), {"entrance": bad})
    assert (await kept(street))["entrance"]["text"] == "</textarea><script>alert(1)</script>裏口"
    for reader in (owner, await (await street.staff()).opens("/staff/houses/H1")):
        assert not [found for found in reader.page.select("script") if "alert" in found.get_text()]
        assert "alert(1)" in typed(reader, "entrance")


async def test_nobody_tells_of_anybody_elses_house(street: Street):
    """Neither with another's house in the address, nor with another's link, nor without a stamp of this page."""
    await street.town.house()
    await street.town.house("H2", owner_name="佐藤 次郎")
    other = await notes_page(street, OTHER)
    assert len(other.page.select("form[action*='/notes/']")) == 1
    for house in ("H1", "H9", "%00", "../H1"):
        path = f"{street.link(OTHER)}/notes/{house}"
        assert (await other.client.post(path, data={"stamp": other.stamp, "care": "x"})).status_code == 404
    mine = f"{street.link(OWNER)}/notes/H1"
    for stamp in ("", "forged", other.stamp):
        assert (await other.client.post(mine, data={"stamp": stamp, "care": "x"})).status_code == 403
    assert (await notes_page(street, SERVICER)).status == 404
    assert (await street.reader().opens("/c/forged/notes")).status == 404
    assert await kept(street) == {}


async def test_an_old_link_shows_and_takes_nothing(street: Street):
    await street.town.house()
    await street.town.until("2027-02-01")
    link = await street.message_link(OWNER)
    page = await street.reader().opens(f"{link}/notes")
    assert page.status == 200
    await street.town.skip_clock("2027-06-01")
    assert (await street.reader().opens(f"{link}/notes")).status == 410
    data = {"stamp": page.stamp, "care": "x"}
    assert (await page.client.post(f"{link}/notes/H1", data=data)).status_code == 404


async def test_the_staff_enter_what_they_were_told(street: Street):
    """With who and when beside it; nobody comes in without the entrance, and what cannot be is refused."""
    await street.town.house()
    staff = await (await street.staff()).opens("/staff/houses/H1")
    await staff.sends(form_of(staff), {"guarantee": "構造と雨もり", "until_on": "2052-03-31"})
    assert (staff.status, staff.path) == (200, "/staff/houses/H1")
    assert "建てた会社の保証：2026年11月1日" in staff.text
    assert (await kept(street))["guarantee"]["told_by"] == "staff:desk"
    assert "建てた会社の保証を書きとめました（2052年3月31日" in staff.text
    await staff.sends(form_of(staff), {"until_on": "1900-01-01"})
    assert staff.status == 400
    path = "/staff/houses/{}/notes"
    assert (await street.reader().client.post(path.format("H1"), data={"care": "x"})).status_code == 401
    assert (await staff.client.post(path.format("H1"), data={"care": "x"})).status_code == 403
    fresh = await (await street.staff()).opens("/staff/houses/H1")
    assert (await fresh.client.post(path.format("H9"), data={"stamp": fresh.stamp, "care": "x"})).status_code == 404
    assert "care" not in await kept(street)
