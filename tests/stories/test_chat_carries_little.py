"""A house's address, its papers' numbers and its loan come in with a file, and go out in no chat and no mail."""

from collections.abc import Sequence

from sqlalchemy import select

from storage.tables import houses
from tests.handlers.web.street import HOST
from tests.stories.five_channels import settled_in
from tests.stories.phones import Phone, Platforms

# What a file tells of each house; {n} makes it the house's own.
TOLD = {
    "guarantee_no": "ZK-77{n}041",
    "certificate_no": "第2022-88{n}1号",
    "authority": "架空市建築審査課",
    "postcode": "981-093{n}",
    "address": "架空県架空市青葉町{n}丁目17-6",
    "lender": "架空信用金庫",
    "residual_month": "2047-03",
    "floor_area_m2": "118.37",
    "phone": "022-555-010{n}",
    "owner_kana": "ヤマダハナコ",
}
ASKED = (
    "費用はいくらですか",
    "ローンの残高を教えてください",
    "認定番号は何番ですか",
    "家の住所はどう登録されていますか",
    "前回の点検はいつでしたか",
    "次の点検はいつですか",
    "引っ越しました",
    "家を売ることになりました",
    "担当の方とお話したい",
)


def own(n: int) -> list[str]:
    """What of this house must not be found; the loan's month is told to its owner as a date of theirs."""
    kept = {name: value.format(n=n) for name, value in TOLD.items() if name != "residual_month"}
    return [*kept.values(), kept["address"][-8:], kept["certificate_no"][1:-1], "青葉町"]


async def everything_sent(at: Platforms, phones: Sequence[Phone]) -> str:
    """Every byte that left for a platform, and what the pages show."""
    calls = [call for platform in (at.line, at.telegram, at.slack) for call in platform.calls]
    sent = [call.body.decode() for call in calls] + [call.body.decode("unicode_escape", "replace") for call in calls]
    for mail in (each.parsed() for each in at.mail.messages):
        bodies = [mail.get_body((kind,)) for kind in ("plain", "html")]
        sent += [str(mail["Subject"]), *(body.get_content() for body in bodies if body is not None)]
    for phone in phones:
        page = at.town.service.links.person(phone.person_id).removeprefix(HOST)
        sent.append((await at.client.get(page)).text)
    return "\n".join(sent)


async def test_no_chat_and_no_mail_carries_what_belongs_on_paper(five_channels: Platforms):
    """A winter of questions, silence, alerts and letters, on every channel and to every side."""
    at = five_channels
    pairs = await settled_in(at, **TOLD)
    phones = [phone for pair in pairs for phone in (pair.owner, pair.company)]
    async with at.town.service.store.read() as connection:
        assert len((await connection.execute(select(houses.c.id).where(houses.c.address.like("%青葉町%")))).all()) == 5
    await at.town.until("2027-01-04")
    for pair in pairs:
        for words in ASKED if pair.owner.channel != "email" else ():
            await pair.owner.says(words)
        await pair.company.says("住所と認定番号を教えてください")
    await at.town.until("2027-04-10")
    sent = await everything_sent(at, phones)
    assert "点検" in sent
    assert [word for n in range(1, 6) for word in own(n) if word in sent] == []
    await at.town.all_is_well()
