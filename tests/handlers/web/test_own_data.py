"""An owner takes all that is kept about them, and nothing about anybody else."""

import io
import json
import zipfile
from typing import Any

from bs4 import BeautifulSoup

from tests.handlers.web.street import Reader, Street
from tests.photos import photo
from tests.stories.test_statements import ADVICE, owner_says
from tests.stories.test_submitters import HOUSE, brings, entered

OWNER, OTHER, SERVICER = "owner:O-H1", "owner:O-H2", "servicer:B1"


async def lived(street: Street) -> str:
    """A year of two houses; the photo that the first owner sent."""
    town = street.town
    await town.house("H1", email="hanako@example.jp", phone="090-1234-5678", address="東京都千代田区1-2-3")
    await town.house("H2", owner_name="佐藤 次郎", email="jiro@example.jp")
    kept = await street.app.state.site.files.keep(OWNER, photo())
    file = {"ref": kept.ref, "media_type": kept.media_type, "size": kept.size}
    await town.says(OWNER, "屋根の写真です", files=[file])
    await town.says(OTHER, "佐藤です、よろしくお願いします")
    await town.until("2027-01-12")
    return kept.ref


async def taken(reader: Reader) -> tuple[dict[str, Any], zipfile.ZipFile]:
    """What the button gives."""
    form = reader.page.select_one("main form[action$='/data']")
    assert form is not None
    given = await reader.client.post(str(form["action"]), data={"stamp": reader.stamp})
    assert (given.status_code, given.headers["content-type"]) == (200, "application/zip")
    archive = zipfile.ZipFile(io.BytesIO(given.content))
    return json.loads(archive.read("data.json")), archive


async def test_the_file_holds_what_is_kept_about_them_and_nobody_else(street: Street):
    """Names, words, houses, consents, the photo, and what the company was told."""
    ref = await lived(street)
    owner = await (await street.visits(OWNER)).opens(f"{street.link(OWNER)}/data")
    assert "ご自分のデータを受け取る" in owner.text
    data, archive = await taken(owner)
    assert data["person"]["name"] == "山田 花子"
    assert data["person"]["phone"] == "090-1234-5678"
    assert data["houses"][0]["address"] == "東京都千代田区1-2-3"
    assert "hanako@example.jp" in [address["address"] for address in data["addresses"]]
    assert data["consents"][0]["mandate_on"] == "2022-04-01"
    assert data["messages_from_you"][0]["text"] == "屋根の写真です"
    assert data["messages_to_you"][0]["title"]
    assert {(one["to"], one["under"]) for one in data["given_to_others"]} == {(SERVICER, "fact:2")}
    assert {"submitter", "representative", "address", "acquired"} <= data["brought_by_others"][0].keys()
    assert archive.read(data["messages_from_you"][0]["files"][0]) == (await street.app.state.site.files.read(ref))[0]
    assert "佐藤" not in json.dumps(data, ensure_ascii=False)
    assert "jiro" not in json.dumps(data, ensure_ascii=False)


async def test_a_page_in_it_can_be_read_by_anybody(street: Street):
    """「data.json と言われても、開けません」: every word of it is there in Japanese, and the photo opens from it."""
    ref = await lived(street)
    await owner_says(street, "line=advice", ADVICE)
    owner = await (await street.visits(OWNER)).opens(f"{street.link(OWNER)}/data")
    data, archive = await taken(owner)
    page = BeautifulSoup(archive.read("index.html"), "html.parser")
    read = page.get_text()
    for told in (
        "山田 花子",
        "090-1234-5678",
        "東京都千代田区1-2-3",
        "hanako@example.jp",
        "2022年4月1日",
        "屋根の写真です",
        "助言・指導",
        ADVICE["text"],
        "2026年10月20日",
    ):
        assert told in read
    assert data["messages_to_you"][0]["text"] in read
    assert "丸太工務店" in read
    assert "お預けになった会社 縁側 維持管理支援窓口" in page.get_text(" ", strip=True)  # the operators' own file
    assert "住宅の記録2番の同意" in read
    links = [str(link["href"]) for link in page.select("a")]
    assert links == data["messages_from_you"][0]["files"]
    assert links[0].endswith(ref.rpartition("/")[2])
    assert page.select("script, link, img, [src]") == []
    for code in ("佐藤", "servicer", "owner_", "None", "chat"):
        assert code not in read


async def test_the_page_tells_who_brought_their_data(street: Street):
    """「うちのことを、どこから聞いたのですか」: the company, its representative and seat, and how it came by it."""
    await entered(street.town, "B1")
    await brings(street.town, "B1", houses=[HOUSE])
    owner = await (await street.visits("owner:O-N1")).opens(f"{street.link('owner:O-N1')}/data")
    _, archive = await taken(owner)
    read = BeautifulSoup(archive.read("index.html"), "html.parser").get_text(" ", strip=True)
    told = read.partition("お住まいの情報をお預けになった会社")[2].partition("ほかにお渡しした内容")[0]
    for word in ("N1", "丸太工務店", "丸太 太郎", "東京都港区1-1", "お客様との契約", "封をして", HOUSE["phone"]):
        assert word in told


async def test_that_they_took_it_is_on_record(street: Street):
    """At every house of theirs; opening the page alone is nothing."""
    await lived(street)
    owner = await (await street.visits(OWNER)).opens(f"{street.link(OWNER)}/data")
    assert "disclosed" not in await street.town.facts()
    await taken(owner)
    fact = next(fact for fact in (await street.town.view())["facts"] if fact["kind"] == "disclosed")
    assert (fact["by"], fact["data"]) == (OWNER, {"to": OWNER, "what": ["own_data"], "under": "own_request"})
    assert "disclosed" not in await street.town.facts("H2")
    await street.town.all_is_well()


async def test_nobody_else_has_the_page(street: Street):
    """No company, nobody without a stamp of this page, and nobody with an old link."""
    await lived(street)
    company = await street.reader().opens(f"{street.link(SERVICER)}/data")
    assert company.status == 404
    assert (await street.reader().client.post(f"{street.link(OWNER)}/data", data={})).status_code == 403
    link = await street.message_link(OWNER)
    await street.town.skip_to("2027-06-01")
    assert (await street.reader().opens(f"{link}/data")).status == 410


async def test_the_menu_leads_there(street: Street):
    """An owner finds it among the other wishes; a company has none."""
    await lived(street)
    assert (await street.visits(OWNER)).page.select("a[href$='/data']")
    assert not (await street.visits(SERVICER)).page.select("a[href$='/data']")
