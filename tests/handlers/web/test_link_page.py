"""Receiving notices elsewhere: the code is made by a press, shown once, and good for one account."""

from dataclasses import replace

from sqlalchemy import select

from bot.core.link_code import read_code
from storage.tables import link_codes
from tests.handlers.web.street import Street

OWNER = "owner:O-H1"


class Platform:
    """A channel to which a person comes with a code."""

    def __init__(self, url: str) -> None:
        self.url = url

    async def invitation(self, code: str) -> str:
        return f"{self.url}{code}" if self.url else ""


def opened(street: Street, **platforms: str) -> None:
    site = street.app.state.site
    street.app.state.site = replace(site, inviting={name: Platform(url) for name, url in platforms.items()})


async def codes(street: Street) -> list[str]:
    async with street.town.service.store.read() as connection:
        return list((await connection.execute(select(link_codes.c.digest).order_by(link_codes.c.written_at))).scalars())


async def test_a_press_makes_a_code_and_opening_the_page_does_not(street: Street):
    await street.town.house()
    opened(street, line="https://line.example/?", telegram="")
    owner = await street.visits(OWNER)
    assert "ほかの方法で受け取る" in owner.text
    await owner.opens(f"{owner.path.split('#')[0].split('?')[0]}/link")
    assert "お知らせをLINE・Telegramでも受け取れます" in owner.text
    assert await codes(street) == []
    await owner.presses("番号を出す")
    assert len(await codes(street)) == 1
    code = read_code(owner.page.select(".code")[0].get_text(strip=True))
    assert code
    assert owner.page.select("a[href^='https://line.example/']")[0]["href"] == f"https://line.example/?{code}"
    assert len(owner.page.select(".qr svg")) == 1
    assert "Telegramで、この番号をお送りください" in owner.text


async def test_the_code_itself_is_kept_nowhere(street: Street):
    await street.town.house()
    opened(street, line="https://line.example/?")
    owner = await street.visits(OWNER)
    await owner.opens(f"{owner.path.split('?')[0]}/link")
    await owner.presses("番号を出す")
    code = read_code(owner.page.select(".code")[0].get_text(strip=True))
    assert code not in repr(await street.everything())


async def test_with_no_platform_the_page_says_how_we_write(street: Street):
    await street.town.house()
    owner = await street.visits(OWNER)
    assert "ほかの方法で受け取る" not in owner.text
    await owner.opens(f"{owner.path.split('?')[0]}/link")
    assert "このページとメール、手紙でお知らせしています" in owner.text
    assert owner.page.select("form[action$='/link']") == []
