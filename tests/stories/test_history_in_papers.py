"""What people told of the way to a house's history stands in every paper that names it."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pypdf

from bot.cli.imports import take_files
from bot.config import Settings
from bot.core.book.whole import book
from bot.core.history.asking import list_held
from bot.core.people import STAFF_DESK
from handlers.web.delivery import Delivery
from main import office
from storage.book import book_sources
from storage.histories import shelf_of
from storage.providers import Told, tell_access
from templates.book.spoken import Spoken, pack_words
from templates.letter import requested
from templates.paper.request import request_pdf
from templates.render import Renderer
from tests.stories.test_house_history import closes, known
from tests.stories.town import Town, town_at

OFFICE = {"office_name": "住まいの点検事務局", "office_phone": "03-5555-0199", "office_address": "千代田区一番町8"}
NAMED, TOLD = "住まい履歴センター", "いえかるて東京"


async def told(town: Town) -> None:
    """The file named one provider; the owner showed the staff a contract with another."""
    await town.house(history_provider=NAMED, address="東京都世田谷区太子堂1-2-3")
    await known(town)
    fields = {"provider_id": "P1", "contract_no": "K-77", "registered_address": "世田谷区太子堂一丁目2番3"}
    async with town.service.store.write() as connection:
        told = Told("H1", STAFF_DESK, fields)
        assert await tell_access(connection, town.service.store.pins.seal, told, town.service.clock.now())


async def papers(town: Town, settings: Settings | None = None) -> dict[str, bytes]:
    words = town.service.catalogue.words
    spoken = {language: Spoken(language, words[language], pack_words(language)) for language in words}
    here = office(settings or town.service.settings)
    delivery = Delivery(town.service.store, here, spoken, Renderer(town.service.catalogue, here))
    return await delivery.give("H1", STAFF_DESK, town.service.clock.now())


def read(pdf: bytes) -> str:
    """As one line: where a sentence breaks is the printer's business."""
    return "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages).replace("\n", "")


def row_of(files: dict[str, bytes], code: str) -> dict[str, Any]:
    sections = json.loads(files["handover.json"])["sections"]
    return next(section["rows"][0] for section in sections if section["code"] == code)


async def test_the_papers_name_the_provider_that_people_told(town: Town):
    """Also to another installation that takes the tables in."""
    await told(town)
    files = await papers(town)
    history = row_of(files, "history")
    assert (history["history_provider"], history["contract_no"]) == (TOLD, "K-77")
    assert history["registered_address"] == "世田谷区太子堂一丁目2番3"
    letter = read(files["history-request.pdf"])
    for needed in (f"{TOLD} 御中", "K-77", "世田谷区太子堂一丁目2番3"):
        assert needed in letter
    (house,) = csv.DictReader(io.StringIO(files["houses.csv"].decode("utf-8-sig")))
    assert house["history_provider"] == TOLD
    assert NAMED not in "".join(data.decode("utf-8", "replace") for data in files.values()) + letter


async def test_the_record_says_that_the_drawings_lie_there(town: Town):
    await told(town)
    async with town.service.store.read() as connection:
        sources = await book_sources(connection, "H1")
    assert sources is not None
    drawings = next(section for section in book(sources, town.today).sections if section.code == "drawings")
    assert drawings.rows[0]["kept_at"] == TOLD


async def test_nobody_writes_to_a_provider_that_has_closed(town: Town):
    """Until its last day it can still answer; after it the papers say when that was, and the letter names nobody."""
    await told(town)
    await closes(town, "2026-11-20")
    assert f"{TOLD} 御中" in read((await papers(town))["history-request.pdf"])
    await town.skip_to("2026-11-21")
    files = await papers(town)
    letter = read(files["history-request.pdf"])
    assert "住宅履歴の情報サービス機関 御中" in letter
    for gone in (TOLD, "K-77", NAMED):
        assert gone not in letter
    history = row_of(files, "history")
    assert (history["history_provider"], history["provider_closed_on"]) == (TOLD, "2026-11-20")


async def test_the_letter_speaks_of_another_company_only_where_there_is_one(town: Town):
    await told(town)
    letter = read((await papers(town))["history-request.pdf"])
    assert "点検と修理のために使います" in letter
    for untrue in ("替わり", "新しく", "引継ぎ"):
        assert untrue not in letter
    await town.until("2027-01-12")
    await town.changes_company()
    letter = read((await papers(town))["history-request.pdf"])
    assert "2027年1月12日(火)から、うかがう会社があおぞら建設に替わりました" in letter
    assert "あおぞら建設" in letter


async def test_a_provider_without_a_machine_is_written_to_by_the_letter_in_the_papers(town: Town):
    """Filled in, for the new company to sign and post; no other letter of ours lies beside it."""
    await told(town)
    await town.until("2027-01-12")
    await town.changes_company()
    await town.until("2027-01-14")
    assert await town.letters("provider:P1") == []
    letter = read((await papers(town))["history-request.pdf"])
    for needed in (f"{TOLD} 御中", "C-H1", "K-77", "2022年4月1日", "あおぞら建設"):
        assert needed in letter


async def test_a_provider_gets_one_and_the_same_letter_whoever_asks(town: Town):
    """「同じお願いなのに、手紙が2種類ある」: the letter in the papers is the one that `engawa provider ask` writes."""
    await told(town)
    service = town.service
    async with service.store.read() as connection:
        shelf = await shelf_of(connection, "H1")
    assert shelf is not None
    assert shelf.access.provider is not None
    here = office(service.settings)
    say = list_held(shelf, shelf.access.provider)
    asked = requested(Renderer(service.catalogue, here), say, (TOLD, "", ""), (here, town.today))
    assert request_pdf(asked) == (await papers(town))["history-request.pdf"]


async def test_whoever_gets_the_letter_knows_where_and_by_when_to_answer(town: Town):
    await told(town)
    settings = town.service.settings.model_copy(update=OFFICE)
    letter = read((await papers(town, settings))["history-request.pdf"])
    for needed in (*OFFICE.values(), "3週間以内", "署名", "いつもお世話になっております。", "ありがとうございます。"):
        assert needed in letter


async def test_papers_of_a_house_with_nothing_done_are_taken_in_elsewhere(town: Town, tmp_path: Path):
    await told(town)
    files = await papers(town)
    paths = [tmp_path / name for name in ("houses.csv", "plan.csv", "records.csv")]
    for path in paths:
        path.write_bytes(files[path.name])
    assert files["open_works.csv"].decode("utf-8-sig").startswith("house_id,id,code,")
    async with town_at(tmp_path, f"sqlite+aiosqlite:///{tmp_path / 'e.db'}", "2027-01-14") as other:
        await other.companies()
        reports = await take_files(other.service, paths)
        assert [report.rows_accepted for report in reports] == [1, 3, 0]
        assert [one for report in reports for one in report.problems if one.severity == "error"] == []
