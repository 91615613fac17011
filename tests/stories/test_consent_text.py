"""What an owner agreed to can be shown for good: the very text, in the very version and language that they saw."""

from datetime import timedelta
from io import BytesIO
from typing import Any

from pypdf import PdfReader
from sqlalchemy import select, update

from bot.core.outcome import Mode
from storage.tables import outbox, people, talks
from templates.contract import contract
from tests.handlers.web.street import HOST, Reader, Street
from tests.handlers.web.test_every_door import at, of_staff
from tests.stories.test_month_works import street
from tests.stories.town import Town

__all__ = ["street"]
OWNER = "owner:O-H1"


async def asked(town: Town) -> None:
    await town.house(consent_information_on="", consent_mandate_on="")
    await town.until("2027-01-15")
    assert await town.says(OWNER, "同意します") == ["consent_ask"]


async def given(town: Town) -> dict[str, str]:
    return next(fact["data"] for fact in (await town.view())["facts"] if fact["kind"] == "mandate_given")


async def test_the_mandate_pins_the_whole_text(town: Town):
    """Version and hash on record are those of a text that is kept, in the owner's language."""
    await asked(town)
    assert await town.says(OWNER, "はい") == ["reply_consented"]
    fact = await given(town)
    assert fact["text_hash"] == contract("consent", "ja", fact["text_version"]).hash


async def test_a_yes_to_an_older_text_agrees_to_nothing(town: Town):
    """届いた質問のあとで文書が新しい版になったら、もう一度、新しい文でたずねる。"""
    await asked(town)
    old = contract("consent", "ja", "1")
    async with town.service.store.write() as connection:
        mine = talks.c.person_id == OWNER
        state = (await connection.execute(select(talks.c.state).where(mine))).scalar_one()
        seen = {"data": {"version": old.version, "hash": old.hash}}
        await connection.execute(update(talks).where(mine).values(state=state | seen))
    assert await town.says(OWNER, "はい") == ["consent_ask"]
    assert "mandate_given" not in await town.facts()
    assert await town.says(OWNER, "はい") == ["reply_consented"]
    assert (await given(town))["text_version"] != old.version


async def test_a_yes_in_another_language_is_asked_again(town: Town):
    """They read the Japanese text; what they would agree to now is the English one."""
    await asked(town)
    async with town.service.store.write() as connection:
        await connection.execute(update(people).where(people.c.id == OWNER).values(language="en"))
    assert await town.says(OWNER, "yes") == ["consent_ask"]
    assert await town.says(OWNER, "yes") == ["reply_consented"]
    assert (await given(town))["text_hash"] == contract("consent", "en").hash


async def test_what_is_sealed_is_shown_to_nobody_and_used_for_nothing(street: Street):
    """お約束のとおりに：同意の前に届いた電話とメールは、担当者の画面にも、手紙にも、送り先にも出ず、90日で消える。"""
    town, sealed = street.town, ("himitsu@example.jp", "090-5555-4444")
    mine: dict[str, Any] = {
        "email": sealed[0],
        "phone": sealed[1],
        "address": "東京都世田谷区太子堂7-8-9",
        "postcode": "154-0004",
    }
    await town.house("H9", owner_id="O-H9", **mine, consent_information_on="", consent_mandate_on="")
    staff = await street.staff()
    await (await staff.opens("/staff/houses/H9")).presses("同意のお願いの手紙を作る")
    await (await staff.opens("/staff/letters")).presses("選んだ手紙を、まとめて印刷する")
    named = {"house_id": "H9", "case_id": "H9-1", "person_id": "owner:O-H9"}
    doors = [at(path, **named) for method, path in of_staff(street.app) if method == "GET"]
    read = "".join([await all_of(staff, path) for path in [*doors, "/staff/find?q=H9"]])
    assert "太子堂7-8-9" in read  # the letter is made, with what may be used
    assert [one for one in sealed if one in read] == []
    await town.skip_to(str(town.today + timedelta(days=89)))
    rows = await street.everything()
    assert {name for name in rows if any(one in str(rows[name]) for one in sealed)} == {"sealed_contacts"}
    assert not any(path.is_file() for path in town.service.settings.mail_dir.rglob("*"))
    await town.skip_to(str(town.today + timedelta(days=2)))
    assert (await street.everything())["sealed_contacts"] == []


async def all_of(staff: Reader, path: str) -> str:
    """What a page says, or a print."""
    answer = await staff.client.get(path)
    if answer.headers.get("content-type") != "application/pdf":
        return answer.text
    return "".join(page.extract_text() for page in PdfReader(BytesIO(answer.content)).pages)


async def test_the_question_leads_to_the_whole_text(street: Street):
    """リンクから全文が開き、同意のお願いと同じ版である。"""
    town = street.town
    await town.house("H9", owner_id="O-H9", consent_information_on="", consent_mandate_on="")
    assert await town.says("owner:O-H9", "同意します") == ["consent_ask"]
    async with town.service.store.read() as connection:
        mine = (outbox.c.person_id == "owner:O-H9", outbox.c.mode == Mode.REPLY)
        part = (await connection.execute(select(outbox.c.parts).where(*mine))).scalars().all()[-1][0]
    link = town.service.links.contract("ja", "consent", part["params"]["version"])
    reader = await street.reader().opens(link.removeprefix(HOST))
    text = contract("consent", "ja")
    assert reader.status == 200
    assert all("".join(words.split()) in "".join(reader.text.split()) for words in text.text.split("\n"))
    assert text.hash in reader.text
    assert "案：弁護士の確認が必要" in reader.text


async def test_every_version_can_be_read_and_printed(street: Street):
    """前の版も、英語も、印刷用も。会社どうしの文書と、ないものは見せない。"""
    for path in ("ja/consent", "ja/consent/1", "en/consent/2", "ja/privacy", "en/privacy/1"):
        assert (await street.reader().opens(f"/contracts/{path}")).status == 200
    answer = await street.reader().client.get("/contracts/ja/privacy/1/text.pdf")
    said = "".join("".join(page.extract_text().split()) for page in PdfReader(BytesIO(answer.content)).pages)
    assert "アメリカの会社です" in said
    for path in ("ja/association", "ja/consent/99", "fr/consent", "ja/..%2f..%2fwords", "ja/consent/1%00"):
        assert (await street.reader(breaks=True).opens(f"/contracts/{path}")).status in (400, 404)
