"""The link under every mail that ends this channel. It shows on GET and acts on POST; the token is the proof."""

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse

from bot.core.action import Action
from bot.core.links import MESSAGE
from handlers.web.said import event_of, said
from handlers.web.site import Site, SiteHere, page
from handlers.web.visitor import Visitor, visitor_of

routes = APIRouter(include_in_schema=False)


@routes.get("/stop/{token}")
async def ask(site: SiteHere, token: str) -> HTMLResponse:
    return _page(site, await _visitor(site, token))


@routes.post("/stop/{token}")
async def stop(site: SiteHere, token: str) -> HTMLResponse:
    """One click, also by the mail program alone (RFC 8058). Who took mail up again since can end it again."""
    visitor = await _visitor(site, token)
    assert visitor.row is not None
    if _goes_on(visitor):
        channel = visitor.row.channel
        what = {"action": str(Action("stop_channel", arg=channel)), "label": _button(site, visitor)}
        event_id = f"stop:{visitor.row.id}:{int(site.now().timestamp())}"  # of a hasty second click the same
        event = event_of(site, visitor.person.id, event_id, answers=str(visitor.row.id), **what)
        await said(site, event)
        visitor = await _visitor(site, token)
    return _page(site, visitor)


async def _visitor(site: Site, token: str) -> Visitor:
    """However old the message is, its channel can be ended."""
    if not isinstance(site.links.read(MESSAGE, token), int):
        raise HTTPException(404)
    async with site.store.read() as connection:
        return await visitor_of(connection, site.links, token, site.now())


def _goes_on(visitor: Visitor) -> bool:
    """Whether messages still go through the channel of that message."""
    return any(visitor.row and address.channel == visitor.row.channel for address in visitor.person.addresses)


def _channel(site: Site, visitor: Visitor) -> str:
    assert visitor.row is not None
    names = site.renderer.catalogue.words[visitor.person.language]["channels"]
    return str(names.get(visitor.row.channel, visitor.row.channel))


def _button(site: Site, visitor: Visitor) -> str:
    said = site.pages.words[visitor.person.language]["site"]["stop"]
    return str(said["button"].format(channel=_channel(site, visitor)))


def _page(site: Site, visitor: Visitor) -> HTMLResponse:
    language = visitor.person.language
    names = site.renderer.catalogue.words[language]["channels"]
    following = next(iter(visitor.person.addresses), None)
    return page(
        site,
        "stop",
        language,
        visitor=visitor,
        goes_on=_goes_on(visitor),
        channel=_channel(site, visitor),
        button=_button(site, visitor),
        following=names.get(following.channel, following.channel) if following else "",
    )
