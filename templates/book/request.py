"""The letter to the provider of a house's history that lies in a pack: the staff look at it, sign it and send it."""

from functools import partial

from bot.core.book.section import Book
from templates.book.paper import section_part, sheets, titled
from templates.book.spoken import Spoken
from templates.paper.font import legible
from templates.paper.sheet import LEFT, RIGHT, Sheet, Strip, Type
from templates.paper.table import Part, heading, paragraph, space
from templates.render import Office


def request_pdf(book: Book, office: Office, spoken: Spoken) -> bytes:
    """Why it is asked is told as it is: another company, or the one that the house has."""
    letter, day, row = spoken.said["letter"], spoken.day(book.on), book.sections[0].rows[0]
    provider, since = row["history_provider"], row["visits_since"]
    to = letter["to"].format(provider=provider) if provider else letter["nobody"]
    why = letter["changed"].format(day=spoken.value(book, since)) if since else letter["same"]
    sender = letter["sender"].format(office=office.name, guarantor=office.guarantor)
    lines = [to, letter["dated"].format(day=day), sender]
    parts = [titled(letter["title"], lines, [text.format(why=why) for text in letter["lead"]])]
    parts += [section_part(book, section, spoken) for section in book.sections]
    parts.append(_answer(office, spoken))
    return sheets(parts, spoken, letter["title"], letter["printed"].format(house=book.house_id, day=day))


def _answer(office: Office, spoken: Spoken) -> Part:
    """Where the answer goes, and the place to sign."""
    letter = spoken.said["letter"]
    lines = [office.name, *office.address]
    lines += [letter["phone"].format(phone=office.phone)] if office.phone else []
    lines += [letter["hours"].format(hours=office.hours)] if office.phone and office.hours else []
    strips = [strip for line in lines for strip in paragraph(line, Type(11), 5.2)]
    return Part(heading(letter["answer"]), [*strips, space(4), Strip(16, partial(_sign, spoken))])


def _sign(spoken: Spoken, sheet: Sheet, y: float) -> None:
    letter = spoken.said["letter"]
    sheet.line(LEFT, y + 8, legible(letter["signed_on"]), Type(12))
    sheet.line(LEFT + 84, y + 8, legible(letter["signed"]), Type(12))
    sheet.rule((LEFT + 84, y + 10.5), (RIGHT, y + 10.5), 0.2)
