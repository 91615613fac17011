"""Every door of the running application, found by walking its routes: one that is added later is tried as well.

What is refused is also not done: after each walk the whole database is as it was before.
"""

import re
import shutil
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import pytest_asyncio
from bs4 import Tag
from fastapi import FastAPI
from jinja2 import Environment, nodes
from sqlalchemy import select

from bot.core.rights import RIGHTS, Right, StaffRole
from handlers.web.begin import leaflet_address
from handlers.web.forms import FIELD, stamp
from handlers.web.staff.entrance import DOORS
from scheduler.handover import Closing, prepare
from storage.submitters import Entry, enter
from storage.tables import looks
from tests.handlers.web.street import HOST, Reader, Street, street_at
from tests.handlers.web.test_roles import comes_in
from tests.handlers.web.test_signing_in import asks, door, known, links
from tests.stories.event_town import SETAGAYA, bulletin, comes

OWNER, B1, B2, ASSOCIATION = "owner:O-H1", "servicer:B1", "servicer:B2", "servicer:A1"
EVENT = "jma-20261101220500"
HERE: dict[str, Any] = {"address": "東京都世田谷区太子堂1-2-3", "postcode": "154-0004", "municipality_code": "131121"}
COMPANIES = [
    {"servicer_id": "B1", "name": "丸太工務店", "status": "営業", "licence_until": "2027-02-01"},
    {"servicer_id": "B2", "name": "あおぞら建設", "status": "営業", "backup": "はい", "area": "東京都世田谷区"},
    {"servicer_id": "B3", "name": "みどり点検", "status": "営業", "area": "東京都世田谷区"},
    {"servicer_id": "A1", "name": "ひなた工務店会", "status": "営業", "role": "団体", "area": "東京都"},
]
DAYS = ("2027-01-04", "2027-01-14", "2027-01-22", "2027-01-29", "2027-02-06")
NAMED = {
    "house_id": "H1",
    "case_id": "H1-1",
    "person_id": OWNER,
    "number": "1",
    "handover": "1",
    "event_id": EVENT,
    "hook_id": "1",
    "servicer_id": "B1",
    "company": "B1",
    "ref": "a" * 24,
    "what": "works",
    "part": "0",
    "digest": "0" * 64,
}
ENTRANCE = ("/staff/enter/", "/staff/login")  # where nobody is anybody yet
OWN = {"/staff/leave", "/staff/me/sessions", "/staff/why"}  # one's own sessions, and why one looks
PROVED_BY_THE_LINK = "/stop/{token}"  # RFC 8058: a mail program presses it alone, without having seen a form
OF_A_PLATFORM = "/account/{token}"  # only where a channel confirms accounts; see test_account_link_on_line
ANOTHERS = re.compile(r"(?<![\w-])(?:O-)?H[12](?!\w)|山田|小林")  # as words: a random key may hold the letters
PRINTS = (".pdf", ".csv")
READ = ("text/", "application/json")
PAGES = Path(__file__).parents[3] / "handlers" / "web" / "pages"


def doors(app: FastAPI) -> list[tuple[str, str]]:
    """Method and pattern of everything that the application answers to."""
    inner = [getattr(one, "original_router", None) or one for one in app.routes]
    routes: list[Any] = [route for one in inner for route in getattr(one, "routes", None) or [one]]
    known = {(method, one.path) for one in routes for method in getattr(one, "methods", None) or ()}
    return sorted(known - {(method, path) for method, path in known if method in ("HEAD", "OPTIONS")})


def of_staff(app: FastAPI) -> list[tuple[str, str]]:
    return [one for one in doors(app) if one[1].startswith("/staff/") and not one[1].startswith(ENTRANCE)]


def at(path: str, **named: str) -> str:
    return re.sub(r"{(\w+)(:path)?}", lambda found: (NAMED | named)[found[1]], path)


def right_of(method: str, path: str) -> Right | None:
    return DOORS.get(path, Right.SEE if method == "GET" else Right.ACT)


@pytest_asyncio.fixture(scope="module")
async def crowded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A desk with a bit of everything: a silent company, letters, an event, a handover, worrying companies."""
    folder = tmp_path_factory.mktemp("crowded")
    async with street_at(folder, "2026-11-01") as street:
        town = street.town
        await town.companies(COMPANIES)
        await town.house("H1", **HERE)
        await town.house("H2", **HERE, owner_name="小林 次郎")
        await town.house("H4", **HERE, owner_name="田中 四郎", builder_id="B2", servicer_id="B2")
        await town.says("owner:O-H2", action="stop_channel::0:chat")
        for day in DAYS:
            await town.skip_to(day)
        assert (await town.case())["reason"] == "servicer_silent"
        await town.says("staff:desk", action="called:H1-1:0:no_answer")
        await town.says("staff:desk", action="ask_association:H1-1:0:A1")
        assert (await town.case())["holder"] == ASSOCIATION
        await comes(town, bulletin({SETAGAYA: "6-"}))
        async with town.service.store.write() as connection:
            await enter(connection, Entry("B1", "丸太 太郎", "東京都港区1-1", "contract"), town.today)
        assert await prepare(town.service.store, Closing("B2", "closed"), town.service.clock.now()) == 1
    return folder


@pytest_asyncio.fixture
async def street(crowded: Path, tmp_path: Path) -> AsyncIterator[Street]:
    """That desk, for one test: a copy of its files."""
    shutil.copytree(crowded, tmp_path, dirs_exist_ok=True)
    async with street_at(tmp_path, DAYS[-1]) as found:
        yield found


async def refused(reader: Reader, wanted: Iterable[tuple[str, str]], status: int) -> list[tuple[str, str, int]]:
    """The doors that answer anything else than this refusal."""
    answers = [
        (method, path, (await reader.client.request(method, at(path), follow_redirects=False)).status_code)
        for method, path in wanted
    ]
    return [one for one in answers if one[2] != status]


async def test_a_stranger_comes_in_at_no_door_of_the_console(street: Street):
    before = await street.everything()
    assert await refused(street.reader(), of_staff(street.app), 401) == []
    assert await street.everything() == before
    assert len(of_staff(street.app)) > 80


@pytest.mark.parametrize("role", StaffRole)
async def test_each_role_is_refused_at_every_door_that_is_not_theirs(street: Street, role: StaffRole):
    """And not by the page that lies behind it: before anything is looked up, or put on record as a look."""
    reader = await comes_in(street, "kanda", role)
    closed = [one for one in of_staff(street.app) if (right_of(*one) or Right.SEE) not in RIGHTS[role] | _free(one)]
    before = await street.everything()
    assert await refused(reader, closed, 403) == []
    assert await street.everything() == before
    posts = {path for method, path in of_staff(street.app) if method == "POST"} - {path for _, path in closed}
    gets = {path for method, path in of_staff(street.app) if method == "GET"} - {path for _, path in closed}
    if role is StaffRole.AUDITOR:
        assert posts == OWN
    if role is StaffRole.OPERATOR:
        paused = {"/staff/pause", "/staff/resume", "/staff/team"}
        assert posts == (OWN - {"/staff/why"}) | paused
        assert gets == {"/staff/me", "/staff/pause", "/staff/team"}
    if role is StaffRole.OFFICER:
        assert {path for _, path in closed} == {"/staff/looks", "/staff/team", "/staff/handovers/{handover}/sign"}
    if role is StaffRole.SUPERVISOR:
        assert closed == []


def _free(one: tuple[str, str]) -> set[Right]:
    """A door that asks for no right is open to all who are signed in."""
    return set(Right) if right_of(*one) is None else set()


async def test_no_form_is_taken_without_its_stamp(street: Street):
    """CSRF: every POST of the console and of people's pages, from another site, with no stamp and with another's.

    There is no look at Origin, for there could be none: our pages send no referrer, and a browser then says ``null``
    for our own forms as for anybody's. The stamp alone decides.
    """
    people = [OWNER, B1, B2, ASSOCIATION]
    supervisor = await comes_in(street, "mori", StaffRole.SUPERVISOR)
    tokens = await entrances(street)
    posts = [path for method, path in doors(street.app) if method == "POST" and not _of_machines(path)]
    before, wrong = await street.everything(), []
    for path in posts:
        told = [one for one in tokens if path.startswith(one)]
        names = tokens[told[0]] if told else [street.link(one).rpartition("/")[2] for one in people]
        answers = {await unstamped(street, supervisor, at(path, token=name)) for name in names}
        wanted = {404} if path == OF_A_PLATFORM else {403}
        if not wanted <= answers <= wanted | {404}:
            wrong.append((path, answers))
    assert wrong == []
    assert await street.everything() == before
    assert {"/c/{token}", "/c/{token}/introduce/{case_id}", "/begin/{token}", "/staff/leave"} <= set(posts)


def _of_machines(path: str) -> bool:
    return path.startswith(("/api/", "/webhooks/")) or path == PROVED_BY_THE_LINK


async def unstamped(street: Street, reader: Reader, path: str) -> int:
    """How a form is answered that another site sends; the same without a stamp and with that of somebody else."""
    site = {"origin": "https://evil.example", "referer": "https://evil.example/", "sec-fetch-site": "cross-site"}
    first = (await reader.client.post(path, data={"sure": "1"}, headers=site)).status_code
    for mark in ("forged", stamp(street.town.service.links, "owner:somebody")) if first == 403 else ():
        again = await reader.client.post(path, data={"sure": "1", FIELD: mark}, headers=site)
        assert again.status_code == first, path
    return first


async def entrances(street: Street) -> dict[str, list[str]]:
    """The keys that open what is not opened by a person's own link, or by a session."""
    await known(street)
    await asks(street, "sato@example.jp")
    (number,) = await links(street)
    leaflet = leaflet_address(street.town.service.links, HOST, "servicer", "B1")
    return {
        "/staff/enter/": [street.town.service.links.token("staff", "desk")],
        "/staff/login/": [door(street, number).rpartition("/")[2]],
        "/staff/": [""],
        "/begin/": [leaflet.rpartition("/")[2]],
    }


async def test_a_machine_without_a_key_is_told_nothing(street: Street):
    """Every operation of the API but its own description."""
    asked = [one for one in doors(street.app) if one[1].startswith("/api/v1/") and not one[1].endswith("openapi.json")]
    before, told = await street.everything(), []
    for method, path in asked:
        answer = await street.reader().client.request(method, at(path, import_id="1", work_id="H1-1-P1"), json={})
        told += [(method, path, answer.status_code)] if answer.status_code not in (401, 404) else []
        told += [(method, path, 0)] if ANOTHERS.search(answer.text) else []
    assert told == []
    assert await street.everything() == before
    assert len(asked) > 15


async def test_a_company_sees_nothing_of_anothers_houses(street: Street):
    """At every door that a company's link opens, with the ids of a house that is another's: neither name nor number."""
    mine = [path for method, path in doors(street.app) if method == "GET" and path.startswith("/c/{token}")]
    token, shown, seen = street.link("servicer:B3").rpartition("/")[2], [], 0
    before = await street.everything()
    for path in mine:
        answer = await street.reader().client.get(at(path, token=token))
        seen += answer.status_code == 200
        told = answer.text if answer.headers.get("content-type", "").startswith(READ) else ""
        told = told.replace(at(path, token=token), "")
        shown += [(path, secret) for secret in ANOTHERS.findall(told)]
    assert shown == []
    assert seen > 5  # its own pages do open
    assert await street.everything() == before


async def test_a_company_changes_nothing_at_anothers_houses(street: Street):
    """With its own stamp, and every field that a form of those pages has, filled in for the other's work."""
    sent = {"on-H1-1": "1", "day-H1-1": "2027-02-05", "do": "report", "case": "H1-1", "house": "H1", "sure": "1"}
    sent |= {"press": "0|done_ok:H1-1:0:2027-02-05", "name": "山田", "parking": "x", "code-1": "0000", "what": "H1-1"}
    posts = [path for method, path in doors(street.app) if method == "POST" and path.startswith("/c/{token}")]
    token = street.link("servicer:B3").rpartition("/")[2]
    before = await street.everything()
    for path in posts:
        data = sent | {FIELD: stamp(street.town.service.links, "servicer:B3")}
        answer = await street.reader().client.post(at(path, token=token), data=data)
        assert "山田" not in answer.text, path
    after = await street.everything()
    fresh = {name: [row for row in after[name] if row not in before[name]] for name in after}
    said = {"inbound"}  # that it pressed what was never offered to it
    assert [name for name, rows in fresh.items() if ANOTHERS.search(str(rows)) and name not in said] == []
    assert {name for name in after if len(after[name]) < len(before[name])} == set()
    assert len(posts) > 10


async def looked_at(street: Street, path: str) -> set[str]:
    """The houses and people that are on record as looked at through this door."""
    async with street.town.service.store.read() as connection:
        rows = await connection.execute(select(looks.c.house_id, looks.c.seen).where(looks.c.door == path))
        return {seen for row in rows for seen in row}


async def test_whoever_is_called_by_name_is_on_record_as_looked_at(street: Street):
    """At every page that is opened without the id of a house or person, prints and tables too."""
    officer = await comes_in(street, "sato", StaffRole.OFFICER)
    await (await officer.opens("/staff/letters")).presses("選んだ手紙を、まとめて印刷する")
    gets = [path for method, path in of_staff(street.app) if method == "GET" and right_of(method, path) is Right.SEE]
    lists, unseen = [one for one in gets if not re.search("{(house|case|person)_id}|{ref", one)], []
    called = {"山田 花子": ("H1", OWNER), "小林 次郎": ("H2", "owner:O-H2"), "田中 四郎": ("H4", "owner:O-H4")}
    for path in lists:
        answer = await officer.client.get(at(path), params={"q": "H"} if path == "/staff/find" else {})
        told = answer.text if answer.headers.get("content-type", "").startswith(READ) else ""
        seen = await looked_at(street, path)
        unseen += [(path, name) for name, ids in called.items() if name in told and not seen.intersection(ids)]
    assert unseen == []
    assert len(lists) > 20


@dataclass
class Walk:
    """What somebody saw who followed every link of the console: ``forms`` are what they could press, and where."""

    refused: list[tuple[str, int]] = field(default_factory=list)
    forms: set[tuple[str, str]] = field(default_factory=set)
    seen: set[str] = field(default_factory=set)


@dataclass
class Plan:
    """All doors, to say to which of them an address leads."""

    app: FastAPI

    def __post_init__(self) -> None:
        routes = sorted({path for _, path in doors(self.app)}, key=lambda one: (one.count("{"), one))
        self._fits = [(re.compile(re.sub(r"{\w+(:path)?}", "[^/]+", one).replace(".", r"[.]")), one) for one in routes]

    def door(self, address: str) -> str:
        path = urlsplit(address).path
        return next((one for fits, one in self._fits if fits.fullmatch(path)), path)


async def walked(street: Street, reader: Reader) -> Walk:
    """Follows links from page to page, but to two pages of one kind at most, and to no print."""
    plan, found, waits, kinds = Plan(street.app), Walk(), ["/staff/me"], dict[str, int]()
    while waits:
        address = waits.pop(0)
        kind = plan.door(address)
        if address in found.seen or kinds.get(kind, 0) >= 2 or kind.endswith(PRINTS):
            continue
        found.seen.add(address)
        kinds[kind] = kinds.get(kind, 0) + 1
        await reader.opens(address)
        found.refused += [(address, reader.status)] if reader.status != 200 else []
        found.forms |= {(kind, plan.door(one)) for one in actions(reader)}
        waits += [str(one["href"]).partition("#")[0] for one in reader.page.select("a[href^='/staff/']")]
    return found


def actions(reader: Reader) -> list[str]:
    """Where the forms of a page would post to."""
    forms: Sequence[Tag] = reader.page.select("form[method=post]")
    return [str(one["action"]) for one in forms] + [
        str(one["formaction"]) for one in reader.page.select("[formaction]")
    ]


@pytest.mark.parametrize("role", [StaffRole.OFFICER, StaffRole.AUDITOR, StaffRole.OPERATOR])
async def test_nobody_is_offered_what_would_be_refused(street: Street, role: StaffRole):
    """No link of theirs leads to a closed door, and no form posts to one: an auditor is shown no form at all."""
    reader = await comes_in(street, "kanda", role)
    walk = await walked(street, reader)
    assert walk.refused == []
    closed = {
        (page, to)
        for page, to in walk.forms
        if (right_of("POST", to) or Right.SEE) not in RIGHTS[role] | _free(("POST", to))
    }
    assert closed == set()
    if role is StaffRole.AUDITOR:
        assert {to for _, to in walk.forms} <= OWN
    if role is StaffRole.OFFICER:
        assert len({to for _, to in walk.forms}) > 15  # the walk sees forms where there are some
    assert len(walk.seen) > (2 if role is StaffRole.OPERATOR else 25)


def posting(name: str) -> list[str]:
    """The posting forms of a page of the console, and of what it includes, that stand under no question of right."""
    environment = Environment(autoescape=True)

    def of(node: nodes.Node, *, asked: bool) -> list[str]:
        if isinstance(node, nodes.TemplateData) and not asked:
            return re.findall(r'<form[^>]*method="post"[^>]*', node.data)
        if isinstance(node, nodes.Include) and not asked and isinstance(node.template, nodes.Const):
            return posting(node.template.value)
        if isinstance(node, nodes.If):
            may = asked or any(one.name == "may" for one in node.test.find_all(nodes.Name))
            inner = [*((one, may) for one in node.body), *((one, asked) for one in (*node.elif_, *node.else_))]
            return [form for one, known in inner for form in of(one, asked=known)]
        return [form for one in node.iter_child_nodes() for form in of(one, asked=asked)]

    return of(environment.parse((PAGES / name).read_text("utf-8")), asked=False)


@pytest.mark.parametrize("page", sorted(str(one.relative_to(PAGES)) for one in (PAGES / "staff").glob("*.html")))
def test_every_form_of_the_console_asks_first_whether_they_may(page: str):
    """Also where the town above has nothing to show. A page that opens only to who may press on it need not."""
    own = {f"staff/{one}.html" for one in ("frame", "me", "why", "enter", "login", "team", "pause")}
    asked = {f"staff/{one}.html" for one in ("acts", "owners_preview", "sheet_check", "register")}  # before it is shown
    assert page in own | asked or posting(page) == []
