"""Every page that can be opened, on a phone and at a desk: found by walking the doors and links, so that a new one is
looked at as well. Nothing scrolls sideways and no words are cut off.
"""

import re
from dataclasses import dataclass, field
from datetime import timedelta

from playwright.async_api import Browser, Page, ViewportSize

from bot.core.links import STAFF
from bot.core.rights import StaffRole
from handlers.web.begin import leaflet_address
from scheduler.tallying import tally_all
from storage.reconciled import THEM, US, Gap, keep_gaps
from tests.counterparts.chromium import DESK, PHONE
from tests.handlers.web.loopback import on_loopback
from tests.handlers.web.street import HOST, Street
from tests.handlers.web.test_every_door import ASSOCIATION, B1, OWNER, Plan, at, crowded, doors, of_staff, street
from tests.handlers.web.test_roles import comes_in
from tests.stories.test_shadow import begins

__all__ = ["crowded", "street"]
SIZES = {"phone": PHONE, "desk": DESK}
NO_PAGE = re.compile(r"\.(pdf|csv|json|ics|xlsx)$|/files/|/sent/|^/(api|docs|healthz|metrics|readyz)|^/c/[^/]+/news$")
LEADS_ON = re.compile(r"^/(staff|c|contracts|begin)(/|$)")
# What a table or a print of its own scrolls within itself stands in .wide and .raw; what only a reader's voice hears is
# cut on purpose.
SEEN = """() => {
  const wrong = [], root = document.documentElement, aside = ".unseen, .skip, .wide, .raw, .stack thead, svg";
  if (root.scrollWidth > innerWidth) wrong.push(`wider than the screen: ${root.scrollWidth}`);
  if (document.querySelectorAll("h1").length !== 1) wrong.push("not one first heading");
  for (const field of document.querySelectorAll("input:not([type=hidden]), select, textarea"))
    if (!field.labels?.length && !field.ariaLabel) wrong.push(`no label: ${field.name}`);
  const words = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), range = document.createRange();
  for (let node = words.nextNode(); node; node = words.nextNode()) {
    const within = node.parentElement;
    if (!node.data.trim() || within.closest(aside) || !within.checkVisibility()) continue;
    range.selectNodeContents(node);
    for (const box of range.getClientRects()) {
      if (box.left < -1 || box.right > innerWidth + 1) wrong.push(`beyond the edge: ${node.data.trim()}`);
      for (let one = within; one; one = one.parentElement) {
        const edge = one.getBoundingClientRect();
        if (!["visible", "auto"].includes(getComputedStyle(one).overflowX) && one !== root && one !== document.body)
          if (box.right > edge.right + 1 || box.bottom > edge.bottom + 1) wrong.push(`cut off: ${node.data.trim()}`);
        if (["BUTTON", "SELECT"].includes(one.tagName) && box.right > edge.right + 1)
          wrong.push(`out of its button: ${node.data.trim()}`);
      }
    }
  }
  return [...new Set(wrong)];
}"""


@dataclass
class Round:
    """What was found on the pages that somebody can come to, each of a kind twice at most."""

    page: Page
    host: str
    plan: Plan
    seen: dict[str, str] = field(default_factory=dict)  # address to kind
    wrong: list[tuple[str, str, str]] = field(default_factory=list)

    async def walks(self, waits: list[str]) -> None:
        while waits:
            address = waits.pop(0)
            kind = self.plan.door(address)
            if address in self.seen or NO_PAGE.search(kind) or list(self.seen.values()).count(kind) > 1:
                continue
            answer = await self.page.goto(self.host + address, wait_until="load")
            assert answer is not None
            if answer.status == 200:
                self.seen[address] = kind
                await self._looks(kind)
                waits += await self._links()

    async def _looks(self, kind: str) -> None:
        await self.measures(kind)
        if await self.page.locator("form[action='/staff/why']").count():
            await self.presses("記録の確認")
            await self.measures(kind)

    async def presses(self, label: str) -> None:
        """And waits for the page that follows: a press alone leads on before there is one."""
        async with self.page.expect_navigation():
            await self.page.get_by_role("button", name=label).click()

    async def _links(self) -> list[str]:
        """Where the page leads, without what is another's, or of no concern here."""
        links = await self.page.eval_on_selector_all("a[href]", "all => all.map(it => it.getAttribute('href'))")
        ways = [one.removeprefix(HOST).partition("#")[0] for one in links]
        return [one for one in ways if LEADS_ON.match(one)]

    async def measures(self, kind: str) -> None:
        for name, size in SIZES.items():
            await self.page.set_viewport_size(size)
            self.wrong += [(kind, name, one) for one in await self.page.evaluate(SEEN)]


async def begun(browser: Browser, street: Street, host: str) -> Round:
    context = await browser.new_context(locale="ja-JP", viewport=ViewportSize(width=390, height=844))
    return Round(await context.new_page(), host, Plan(street.app))


async def busy(street: Street) -> None:
    """What else a console may have to show: a batch of letters, figures, numbers that do not agree, a shadow run."""
    chief, town = await comes_in(street, "mori", StaffRole.SUPERVISOR), street.town
    await (await chief.opens("/staff/letters")).presses("選んだ手紙を、まとめて印刷する")
    async with town.service.store.write() as connection:
        await keep_gaps(connection, [Gap("Z-0001", US, "H1"), Gap("Z-0009", THEM)], town.today)
    await begins(town)
    await town.skip_to("2027-02-12")
    await tally_all(town.service.store, town.service.clock.now() + timedelta(days=1))


async def test_the_console_on_any_screen(street: Street, browser: Browser):
    """A supervisor at their desk, and on the way: each page fits, has one first heading, and labels every field."""
    await busy(street)
    async with on_loopback(street.app) as host:
        found = await begun(browser, street, host)
        await found.page.goto(f"{host}/staff/enter/{street.town.service.links.token(STAFF, 'mori')}")
        await found.measures("/staff/enter/{token}")
        await found.presses("入る")
        await found.walks([at(path) for method, path in of_staff(street.app) if method == "GET"])
        await found.page.context.close()
    assert found.wrong == []
    assert len(found.seen) > 35


async def test_everybodys_pages_on_any_screen(street: Street, browser: Browser):
    """An owner, a company, an association, and who follows a leaflet."""
    paths = [path for method, path in doors(street.app) if method == "GET" and path.startswith("/c/{token}")]
    people = [street.link(one).rpartition("/")[2] for one in (OWNER, B1, ASSOCIATION)]
    leaflet = leaflet_address(street.town.service.links, HOST, "servicer", "B1")
    stop, kinds, wrong = await street.stop_link(OWNER), set[str](), list[tuple[str, str, str]]()
    async with on_loopback(street.app) as host:
        for token in people:
            found = await begun(browser, street, host)
            await found.walks([at(path, token=token) for path in paths])
            await found.page.context.close()
            kinds.update(found.seen.values())
            wrong += found.wrong
        found = await begun(browser, street, host)
        await found.walks([leaflet.removeprefix(HOST), stop, "/staff/login"])
        await found.page.context.close()
    assert wrong + found.wrong == []
    assert len(kinds) > 14
