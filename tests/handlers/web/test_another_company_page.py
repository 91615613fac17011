"""Another company is asked, and the owner agrees, on their own pages: an answer has its button until it is given."""

import re
import tomllib
from pathlib import Path

from sqlalchemy import select

from handlers.web.talk import TO_QUESTION
from storage.tables import outbox
from tests.handlers.web.street import Reader, Street

OWNER, BEFORE, NOW, STAFF = "owner:O-H1", "servicer:B1", "servicer:B2", "staff:desk"
TEMPLATES = Path(__file__).parents[3] / "templates"


async def asked(street: Street) -> Reader:
    """The first company cannot come, and the staff ask another; its page."""
    town = street.town
    await town.house("H1", owner_name="山田 花子")
    await town.until("2027-01-12")
    await town.says(BEFORE, action="cannot:H1-1:" + str((await town.case())["round"]))
    await town.says(STAFF, action="called:H1-1:0:no_answer")
    await town.says(STAFF, action="assign:H1-1:0:B2")
    return await street.visits(NOW)


async def takes_it_on(street: Street) -> None:
    page = await asked(street)
    await page.presses("引き受ける")
    await page.writes("3万円")
    await page.presses("はい")
    await street.town.run()


async def link_of(street: Street, person_id: str, label: str) -> str:
    """Where a button of the last message to somebody leads from their mail."""
    query = select(outbox.c.parts).where(outbox.c.id == await street.newest(person_id))
    async with street.town.service.store.read() as connection:
        parts = (await connection.execute(query)).scalar_one()
    message = street.town.service.post.renderer.render(parts, "ja", "")
    action = next(button.action for button in message.buttons if button.label == label)
    return f"{await street.message_link(person_id)}?answer={action}"


async def test_a_company_answers_with_its_fee_and_one_tap(street: Street):
    page = await asked(street)
    await page.presses("引き受ける")
    await page.writes("3万円")
    assert page.offered[-2:] == ["はい", "書き直す"]
    await page.presses("書き直す")
    await page.writes("2万5千円")
    await page.presses("はい")
    await street.town.run()
    assert "reply_taken_on" in await street.town.hears(NOW)
    assert "owner_new_company" in await street.town.hears(OWNER)


async def test_who_comes_back_to_a_mail_that_was_answered_sees_what_is_on_record(street: Street):
    await takes_it_on(street)
    mail = await link_of(street, OWNER, "お願いする")
    await (await street.visits(OWNER)).presses("お願いする")
    again = await street.reader().opens(mail)
    assert "もう受け付けを終えています" in again.text
    assert "新しい会社に決めました" in again.text
    assert "お返事は、まだ記録していません" not in again.text


async def test_a_person_is_to_be_had_under_every_message(street: Street):
    """The mail that the papers lie ready bears that one link; it leads somewhere, whatever has come after."""
    await takes_it_on(street)
    await (await street.visits(OWNER)).presses("お願いする")
    await street.town.run()
    mail = await link_of(street, NOW, "担当者と話す")
    assert "もう受け付けを終えています" not in (await street.reader().opens(mail)).text


def test_every_question_that_a_button_names_is_known_to_the_page():
    """Else the page would show the question without its buttons."""
    named = set()
    for path in TEMPLATES.glob("*/*.toml"):
        for button in tomllib.loads(path.read_text("utf-8")).get("buttons", ()):
            if button["verb"] in TO_QUESTION and re.fullmatch("[a-z_]+", button.get("arg", "")):
                named.add((button["verb"], button["arg"]))
    assert ("yes", "confirm_fee") in named
    assert [arg for verb, arg in named if arg not in TO_QUESTION[verb]] == []
