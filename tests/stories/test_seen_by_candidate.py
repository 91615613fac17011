"""What a company reads that is asked about a house: town, structure, works and month, on whatever channel it is."""

import re

from bs4 import BeautifulSoup

from tests.handlers.web.street import HOST
from tests.stories.five_channels import settled_in
from tests.stories.phones import MailPhone, Phone, Platforms

STAFF, ASKED = "staff:desk", "引き受けていただけますか"
TOLD = {
    "owner_name": "風待{n} 灯子",
    "owner_kana": "カザマチトウコ",
    "phone": "022-555-010{n}",
    "postcode": "981-093{n}",
    "address": "宮城県仙台市青葉区米ケ袋{n}丁目17-6",
    "structure": "木造",
    "certificate_no": "第2022-88{n}1号",
}
# The works, the town, the structure, the month, and by when to answer.
KNOWN = ("点検（外まわり・基礎・配管）", "宮城県仙台市青葉区", "木造", "2027年4月", "お返事の期日")


def secrets(n: int) -> list[str]:
    """What would tell whose house it is, or where: names, address, numbers, its company, and its very day."""
    return [
        *(f"風待{n}", "灯子", "カザマチ", f"022-555-010{n}", f"981-093{n}", "米ケ袋", "17-6", f"88{n}1"),
        *(f"H{n}", f"C-H{n}", f"第{n}工務店", "4月1日"),
    ]


async def test_a_company_that_is_asked_learns_no_name_and_no_address_on_any_channel(five_channels: Platforms):
    """Five houses, each asked of the next house's company: by LINE, Telegram, Slack, mail, and its own page."""
    at = five_channels
    pairs = await settled_in(at, **TOLD)
    await at.town.until("2027-01-12")
    for n in range(1, 6):
        await at.town.says(STAFF, action=f"called:H{n}-1:0:no_answer")
        await at.town.says(STAFF, action=f"assign:H{n}-1:0:B{n % 5 + 1}")
    await at.town.until("2027-01-13")
    for n in range(1, 6):
        company = pairs[n % 5].company
        for where, text in (("page", await on_page(at, company)), (company.channel, await arrived(at, company))):
            assert [word for word in KNOWN if word not in text] == [], (where, text)
            assert [word for word in secrets(n) if word in text] == [], (where, text)
    assert {pair.company.channel for pair in pairs} == {"line", "telegram", "slack", "email", "chat"}
    await at.town.all_is_well()


async def on_page(at: Platforms, company: Phone) -> str:
    """The question as it stands on the company's own page."""
    page = (await at.client.get(at.town.service.links.person(company.person_id).removeprefix(HOST))).text
    (asked,) = [one for one in BeautifulSoup(page, "html.parser").select(".theirs") if ASKED in one.get_text()]
    return asked.get_text(" ")


async def arrived(at: Platforms, company: Phone) -> str:
    """The question as its platform shows it; of a mail every word, in both of its forms, without what its links say."""
    if company.channel == "chat":
        return await on_page(at, company)
    if not isinstance(company, MailPhone):
        (asked,) = [text for text in await company.shown() if ASKED in text]
        return asked
    mails = [mail.parsed() for mail in at.mail.messages if company.address in mail.recipients]
    (asked_by,) = [mail for mail in mails if ASKED in str(mail["Subject"])]
    words = {form: asked_by.get_body((form,)) for form in ("plain", "html")}
    said = {form: str(body.get_content()) for form, body in words.items() if body is not None}
    html = BeautifulSoup(said["html"], "html.parser").get_text(" ")
    return "\n".join([str(asked_by["Subject"]), re.sub(r"https?://\S+", "", said["plain"]), html])
