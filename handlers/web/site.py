"""Everything that the pages need, handed in by the composition root."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request
from starlette.responses import HTMLResponse

from bot.core.arrival import Addressed, Confirming, Inviting, Webhook
from bot.core.company_account import Company
from bot.core.cost import PriceList
from bot.core.delivery import Envelope, Shape
from bot.core.links import Links
from bot.core.signature import Signatory
from handlers.web.render import Pages
from storage.files import Files
from storage.store import Store
from templates.book.spoken import Spoken
from templates.contract import Contract
from templates.facts import Facts
from templates.render import Office, Renderer


@dataclass(frozen=True, slots=True)
class Site:
    """``receive`` understands one stored inbound row and sends what answers it at once.

    ``now`` is the civil clock, ``elapsed`` machine time in seconds and ``machine_now`` its instant. ``channel`` is the
    name under which what is done on a page is stored. ``consent``, ``facts`` and ``spoken`` (the words of a house's
    book) are by language, ``doors``, ``inviting`` and ``confirming`` by channel.
    """

    store: Store
    renderer: Renderer
    links: Links
    files: Files
    pages: Pages
    office: Office
    office_address: tuple[str, ...]
    consent: Mapping[str, Contract]
    facts: Mapping[str, Facts]
    spoken: Mapping[str, Spoken]
    now: Callable[[], datetime]
    elapsed: Callable[[], float]
    machine_now: Callable[[], datetime]
    receive: Callable[[int], Awaitable[None]]
    public_url: str
    channel: str
    doors: Mapping[str, Sequence[Webhook]] = field(default_factory=dict)
    inviting: Mapping[str, Inviting] = field(default_factory=dict)
    confirming: Mapping[str, Confirming] = field(default_factory=dict)
    session_hours: int = 12
    hooks: str = ""  # the channel that tells submitters' own addresses
    teller: Signatory | None = None  # who may tell of earthquakes and storms
    mail: str = ""  # the channel of mail addresses, if there is one
    addressed: Addressed | None = None  # the channel in which a company has an address of its own for its files
    company: Company | None = None  # whose accounts the staff sign in with
    shapes: Mapping[str, Callable[[Envelope], Shape]] = field(default_factory=dict)  # by channel, to look at a message
    prices: Mapping[str, PriceList] = field(default_factory=dict)  # by channel, and of letters
    metrics_token: str = ""  # what whoever reads the figures shows; without one they stay on this machine

    @property
    def secure(self) -> bool:
        """Whether people reach it through https alone."""
        return self.public_url.startswith("https://")


def site_of(request: Request) -> Site:
    site: Site = request.app.state.site
    return site


SiteHere = Annotated[Site, Depends(site_of)]


def language_of(request: Request) -> str:
    """The language of a page for somebody we do not know: Japanese unless the browser prefers English."""
    first = request.headers.get("accept-language", "ja").split(",")[0].strip().lower()
    return "en" if first.startswith("en") else "ja"


def page(site: Site, name: str, language: str, status: int = 200, **shown: object) -> HTMLResponse:
    """A whole page; it names the office at its top."""
    return HTMLResponse(site.pages.render(name, language, office=site.office, **shown), status)
