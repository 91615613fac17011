"""What strangers, scanners and forgers meet."""

import re
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from bot.core.links import MESSAGE, PERSON, STAFF, Links
from handlers.web.forms import FIELD, stamp
from storage.tables import outbox
from tests.handlers.web.street import Street

OWNER, SERVICER, DESK = "owner:O-H1", "servicer:B1", "staff:desk"
EVIL = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'{{1234*1234}}"
PAGES = Path(__file__).parents[3] / "handlers" / "web" / "pages"


async def asked(street: Street, **given: Any) -> None:
    """An owner who has been asked for a day."""
    await street.town.house(**given)
    await street.town.skip_to("2027-01-12")
    servicer = await street.visits(SERVICER)
    await servicer.presses("うかがえる日を知らせる")
    await servicer.presses("3日とも候補にする")
    await street.town.skip_to("2027-02-01")


async def test_every_answer_carries_the_headers(street: Street):
    """Whatever is answered: no foreign code, no foreign frame, no referrer with a key in it, and no copy in a cache."""
    await street.town.house()
    for path in (street.link(OWNER), "/nowhere", "/healthz", "/staff/", "/c/forged"):
        headers = (await street.reader().opens(path)).headers
        assert headers["content-security-policy"].startswith("default-src 'self'; frame-ancestors 'self'")
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["x-frame-options"] == "SAMEORIGIN"
        assert headers["cache-control"] == "no-store"
    assert "cache-control" not in (await street.reader().opens("/static/style.css")).headers


async def test_pages_hold_nothing_that_the_policy_forbids(street: Street):
    """No inline script, no inline style, nothing from another host."""
    await asked(street)
    staff = await street.staff()
    seen = [await street.visits(OWNER), staff]
    for reader in [*seen, await staff.opens("/staff/case/H1-1")]:
        assert reader.page.select("[style], style, [onclick], [onload]") == []
        assert [it for it in reader.page.select("script") if not it.get("src")] == []
        linked = [str(it.get("src") or it.get("href")) for it in reader.page.select("[src], link[href]")]
        assert [it for it in linked if not it.startswith("/")] == []


async def test_names_and_words_are_never_markup(street: Street):
    """A name, a company and a message full of markup are read as they were written."""
    await asked(street, owner_name=EVIL)
    owner = await street.visits(OWNER)
    await owner.writes(EVIL)
    staff = await street.staff()
    pages = [owner, await street.visits(SERVICER)]
    for path in ("/staff/case/H1-1", "/staff/houses/H1", f"/staff/people/{OWNER}", f"/staff/find?q={EVIL}"):
        reader = await street.reader().opens("/healthz")
        reader.client.cookies = staff.client.cookies
        pages.append(await reader.opens(path))
    for reader in pages:
        assert reader.status == 200
        assert reader.page.select("img[onerror]") == []
        assert [it for it in reader.page.select("script") if "alert" in it.get_text()] == []
        assert str(1234 * 1234) not in reader.text
    assert "alert(1)" in owner.text


@pytest.mark.parametrize("how", ["missing", "wrong", "of another person", "of another purpose"])
async def test_a_post_without_our_stamp_does_nothing(street: Street, how: str):
    """Neither a form that another site made, nor one that was shown to somebody else."""
    await asked(street)
    links = street.town.service.links
    marks = {
        "missing": "",
        "wrong": "forged",
        "of another person": stamp(links, SERVICER),
        "of another purpose": links.token(PERSON, OWNER),
    }
    before = await street.everything()
    reader = street.reader()
    answer = await reader.client.post(street.link(OWNER), data={FIELD: marks[how], "text": "停止"})
    assert answer.status_code == 403
    assert await street.everything() == before


@pytest.mark.parametrize("token", ["", "x", "Im93bmVyOk8tSDEi.forged", "../../etc/passwd", "%00", "ＡＢ"])
async def test_a_link_that_we_never_made_opens_nothing(street: Street, token: str):
    """The same page for all of them: it tells nobody who is known here."""
    await street.town.house()
    for path in (f"/c/{token}", f"/stop/{token}", f"/staff/enter/{token}"):
        assert (await street.reader().opens(path)).status == 404


async def test_links_of_other_keys_and_purposes_open_nothing(street: Street):
    """A link signed by somebody else, or made for something else, is as good as none."""
    await street.town.house()
    service = street.town.service
    foreign = Links(["another secret, as long as ours is"], "http://127.0.0.1:8000")
    tokens = [
        foreign.token(PERSON, OWNER),
        service.links.token(STAFF, OWNER),
        service.links.token("form", OWNER),
        service.links.token(PERSON, "owner:nobody"),
        service.links.token(MESSAGE, 99_999),
    ]
    for token in tokens:
        assert (await street.reader().opens(f"/c/{token}")).status == 404


async def test_somebody_elses_case_is_out_of_reach(street: Street):
    """A button of another house, put into one's own form, is not taken."""
    await asked(street)
    await street.town.house("H2", owner_name="佐藤 次郎")
    owner = await street.visits("owner:O-H2")
    form = owner.page.select_one("#answer")
    assert form is not None
    before = await street.town.case("H1")
    for action in (await street.town.button(OWNER, "pick"), "done_ok:H1-1:0:", "take:H1-1:0:", "said:H1-1:0:x"):
        await owner.sends(form, {"press": f"0|{action}"})
        assert "いまは選べません" in owner.text
    assert await street.town.case("H1") == before


async def test_looking_changes_nothing(street: Street):
    """Mail scanners open every link, with every query they find: not one row may change."""
    await asked(street, email="hanako@example.jp")
    action = await street.town.button(OWNER, "pick")
    own, message = street.link(OWNER), await street.message_link(OWNER)
    paths = [own, message, f"{message}?answer={action}", f"{own}/news?after=x", await street.stop_link(OWNER)]
    paths += [f"/staff/enter/{street.town.service.links.token(STAFF, 'desk')}", "/metrics", "/readyz"]
    staff = await street.staff()
    before = await street.everything()
    for path in paths:
        assert (await street.reader().opens(path)).status == 200
    for path in ("", "gaps", "find?q=H", "case/H1-1", "letters", "slip?code=123456", "pause", "houses/H1"):
        assert (await staff.opens(f"/staff/{path}")).status == 200
    after = await street.everything()
    assert after.pop("looks") != before.pop("looks")  # but that somebody of the staff looked
    assert after == before


async def test_what_is_too_large_is_refused(street: Street):
    """With an honest header or without one, long before it is all in memory; a single large photo gets its own line."""
    await street.town.house()
    owner = await street.visits(OWNER)

    async def flood():
        yield b'--x\r\nContent-Disposition: form-data; name="files"; filename="a.jpg"\r\n\r\n'
        for _ in range(80):
            yield b"x" * 1024 * 1024

    link = street.link(OWNER)
    answer = await owner.client.post(link, content=flood(), headers={"content-type": "multipart/form-data; boundary=x"})
    assert answer.status_code == 413
    honest = {"content-length": str(10**9), "content-type": "application/x-www-form-urlencoded"}
    assert (await owner.client.post(link, content=b"a=1", headers=honest)).status_code == 413
    assert (await owner.client.post("/staff/pause", data={"reason": "x" * 300_000})).status_code in (401, 413)
    await owner.writes("", ("large.jpg", b"\xff\xd8\xff" + b"0" * (10 * 1024 * 1024), "image/jpeg"))
    assert "1つ10MBまで" in owner.text
    assert owner.said == []
    await owner.opens(link)
    await owner.writes("六枚です", *[(f"{n}.pdf", b"%PDF-1.7", "application/pdf") for n in range(6)])
    assert owner.status == 413
    assert "一度に5枚まで" in owner.text


async def test_where_no_file_can_be_kept_words_still_are(street: Street):
    """The folder is gone, or the disk full: one line says so, and nothing is taken for sent."""
    await street.town.house()
    owner = await street.visits(OWNER)
    folder = street.town.service.settings.files_dir
    folder.write_text("no folder")
    await owner.writes("終わりました", ("a.pdf", b"%PDF-1.7", "application/pdf"))
    assert "いまは写真や書類をお預かりできません" in owner.text
    assert owner.said == []
    await owner.opens(street.link(OWNER))
    await owner.writes("もしもし")
    assert owner.said == ["もしもし"]


@pytest.mark.parametrize(
    "data",
    [b"<html><script>alert(1)</script>", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"MZ\x90\x00", b"GIF89a", b""],
)
async def test_only_photos_and_documents_are_kept(street: Street, data: bytes):
    """What it is decides, not what it is called."""
    await street.town.house()
    owner = await street.visits(OWNER)
    await owner.writes("", ("photo.jpg", data, "image/jpeg"))
    assert "写真（JPEG・PNG・HEIC・WebP）とPDFだけです" in owner.text
    assert list(street.town.folder.glob("files/*/*")) == []


@pytest.mark.parametrize(
    "ref", ["../engawa.key", "..%2f..%2fengawa.key", "/etc/passwd", "a" * 24 + "/../../engawa.key"]
)
async def test_file_names_lead_nowhere_else(street: Street, ref: str):
    """No reference reaches outside the folder."""
    await street.town.house()
    staff = await street.staff()
    for path in (f"{street.link(OWNER)}/files/{ref}", f"/staff/people/{OWNER}/files/{ref}"):
        assert (await staff.opens(path)).status in (404, 405)


async def test_odd_forms_are_refused_politely(street: Street):
    """Null characters, lone surrogates, broken multipart and ten thousand fields: a clear page, never a crash."""
    await street.town.house()
    owner = await street.visits(OWNER)
    link, mark = street.link(OWNER), owner.stamp
    await owner.writes("a\x00b \ud800".encode("utf-16", "surrogatepass").decode("utf-16", "replace"))
    assert owner.status == 200
    broken = {"content-type": "multipart/form-data; boundary=x"}
    assert (await owner.client.post(link, content=b"--y\r\nnonsense", headers=broken)).status_code in (400, 403)
    many = {f"f{n}": "1" for n in range(10_000)}
    assert (await owner.client.post(link, data={FIELD: mark} | many)).status_code in (400, 403, 413)
    wrong = await owner.client.post(link, data={FIELD: mark, "press": "x" * 3000})
    assert wrong.status_code == 303


@pytest.mark.parametrize("charset", ["unicode_escape", "utf-7", "punycode", "idna", "utf-16", "nobody"])
async def test_only_utf_8_is_read(street: Street, charset: str):
    """Some codecs would make text of what are no characters: such a form is refused before it is read."""
    await street.town.house()
    owner = await street.visits(OWNER)
    fields = {FIELD: owner.stamp, "text": "\\ud800 +2AA- \\-99999"}
    body = "".join(f'--x\r\nContent-Disposition: form-data; name="{it}"\r\n\r\n{fields[it]}\r\n' for it in fields)
    header = {"content-type": f"multipart/form-data; boundary=x; charset={charset}"}
    answer = await owner.client.post(street.link(OWNER), content=f"{body}--x--\r\n".encode(), headers=header)
    assert answer.status_code == 415
    assert "読み取れませんでした" in answer.text
    assert (await owner.opens(street.link(OWNER))).said == []


async def test_our_own_mistake_shows_one_line_and_no_more(street: Street):
    """A page that fails still carries its headers, and tells nothing about us."""
    await asked(street)
    service = street.town.service
    async with service.store.write() as connection:
        await connection.execute(update(outbox).values(parts=[{"kind": "gone"}]))
    client = street.reader(breaks=True)
    answer = await client.opens(street.link(OWNER))
    assert answer.status == 500
    assert "ページを表示できませんでした" in answer.text
    assert "KeyError" not in answer.text
    assert answer.headers["cache-control"] == "no-store"


def test_no_page_switches_escaping_off():
    """Nothing but words of the template itself is ever called safe."""
    texts = {path: path.read_text("utf-8") for path in PAGES.rglob("*.html")}
    assert [
        str(path) for path, text in texts.items() if re.search(r"[^'\s]\s*\|\s*safe\b|autoescape|Markup", text)
    ] == []
