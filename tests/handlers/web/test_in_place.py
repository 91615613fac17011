"""What a page answers that is asked for a piece of itself: the same, to the same people, and only the piece."""

import re
from hashlib import sha256
from pathlib import Path

from bot.core.rights import StaffRole
from tests.handlers.web.street import Street
from tests.handlers.web.test_roles import comes_in, looked
from tests.handlers.web.test_staff_list import asking, taken

STATIC = Path(__file__).parents[3] / "handlers" / "web" / "static"
IN_PLACE = {"HX-Request": "true"}


async def test_a_piece_is_a_part_of_the_page_and_as_much_of_a_look(street: Street):
    """No cache may take one for the other."""
    sato = await comes_in(street, "sato", StaffRole.OFFICER)
    whole = await sato.client.get("/staff/?whose=nobody")
    before = len(await looked(street))
    piece = await sato.client.get("/staff/?whose=nobody", headers=IN_PLACE)
    assert len(await looked(street)) > before
    assert "<html" in whole.text
    assert "<html" not in piece.text
    assert "<nav" not in piece.text
    assert 'id="waiting"' in piece.text
    for answer in (whole, piece):
        assert answer.headers["vary"] == "HX-Request"
        assert answer.headers["cache-control"] == "no-store"


async def test_a_press_in_place_is_held_to_the_same_rules(street: Street):
    """The stamp, the role, the session and the way back: none is another because a script asks."""
    await asking(street)
    sato = await (await comes_in(street, "sato", StaffRole.OFFICER)).opens("/staff/")
    auditor = await (await comes_in(street, "kanda", StaffRole.AUDITOR)).opens("/staff/")
    press = {"on-H1-1": "1", "do": "take"}
    for reader, stamp in ((sato, "forged"), (sato, auditor.stamp), (auditor, auditor.stamp)):
        refused = await reader.client.post("/staff/many", data=press | {"stamp": stamp}, headers=IN_PLACE)
        assert refused.status_code == 403
        assert 'class="line"' in refused.text
        assert "HX-Redirect" not in refused.headers
    stranger = await street.reader().client.post("/staff/many", data=press, headers=IN_PLACE)
    assert (stranger.status_code, stranger.headers["HX-Redirect"]) == (401, "/staff/login")
    assert set((await taken(street)).values()) == {"desk"}
    for away in ("//evil.example/staff/?", "https://evil.example/", "/staff/?\r\nx: y", ""):
        data = {"stamp": sato.stamp, "from": away}
        answer = await sato.client.post("/staff/imports/B1", data=data, headers=IN_PLACE)
        assert answer.headers["location"] == "/staff/?did=1", away
    data = {"stamp": sato.stamp, "from": "/staff/?reason=imports"}
    answer = await sato.client.post("/staff/imports/B1", data=data, headers=IN_PLACE, follow_redirects=True)
    assert "記録しました。この条件の用件はありません。" in answer.text


def test_the_script_is_the_one_that_its_place_names():
    """Somebody else's code: its version, its bytes and its licence are told beside it."""
    folder = STATIC / "htmx"
    told = (folder / "README.md").read_text("utf-8")
    script = next(folder.glob("*.js"))
    assert script.name in told
    assert sha256(script.read_bytes()).hexdigest() in told
    assert "Zero-Clause BSD" in (folder / "LICENSE").read_text("utf-8")


async def test_the_script_keeps_nothing_and_evaluates_nothing(street: Street):
    """And a browser fetches it once a year."""
    staff = await street.staff()
    meta = (await staff.opens("/staff/")).page.select_one("meta[name=htmx-config]")
    assert meta is not None
    told = re.sub(r"\s", "", str(meta["content"]))
    for setting in ("historyCacheSize:0", "allowEval:false", "includeIndicatorStyles:false", "selfRequestsOnly:true"):
        assert setting in told.replace('"', "")
    for script in staff.page.select("script[src]"):
        answer = await staff.client.get(str(script["src"]))
        assert answer.status_code == 200
        assert ("immutable" in answer.headers.get("cache-control", "")) is ("/htmx/" in str(script["src"]))
