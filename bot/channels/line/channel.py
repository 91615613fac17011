"""The channel itself, both ways: a neutral message in, a receipt out; a stored event in, what it was out."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlencode

from bot.channels.line import events
from bot.channels.line.answers import is_token_refused, receipt_of
from bot.channels.line.form import BubbleWords, as_bytes, messages
from bot.channels.line.plan import Plan
from bot.channels.line.settings import LineSettings
from bot.channels.line.ticket import living_token
from bot.channels.line.user import user_id
from bot.channels.line.webhook import PATH, Door, event_id
from bot.channels.line.wire import CONNECTIONS, LostError, UnreachedError, Wire
from bot.channels.registry import Context
from bot.core.allowance import Allowance
from bot.core.arrival import GoneError, Inbound, Remote, Webhook
from bot.core.delivery import Abilities, Envelope, Outcome, Receipt
from bot.core.link_code import shown
from bot.core.message import LINK

PATIENCE = 10.0  # seconds for one request
LARGEST_FILE = 10 * 1024 * 1024
PUSH, REPLY, CONTENT = "/v2/bot/message/push", "/v2/bot/message/reply", "/v2/bot/message/{}/content"
KEPT = "quota kept for emergencies"
SETTLED = (Outcome.SENT, Outcome.REFUSED)  # said of the very same request, it holds for the one before
_RETRY_KEY = "X-Line-Retry-Key"
# https://developers.line.biz/en/docs/messaging-api/using-line-url-scheme/#sending-text-messages
CONFIRMATION = "{}/dialog/bot/accountLink?{}"  # "Linking user accounts": redirect the user to the endpoint
INVITATION = "https://line.me/R/oaMessage/{}/?{}"


class LineChannel:
    """Answers go by reply token while it lives, which is free; all else is pushed, under the message's own key."""

    name = events.NAME
    # The platform takes 2,000 pushes a second, and a repeat under the same key once ("Rate limits", "Retry key").
    abilities = Abilities(repeatable=True, answers=True, at_once=CONNECTIONS, per_second=2000.0)

    def __init__(self, wire: Wire, plan: Plan, context: Context, settings: LineSettings) -> None:
        door = Door(settings.secret, context.machine_now)
        self.webhooks = (Webhook(PATH, door.read),)
        self._wire = wire
        self._plan = plan
        self._access = settings.access
        self._machine_now: Callable[[], datetime] = context.machine_now
        self._basic_id = ""  # of our account, once it is known
        self._words = {language: BubbleWords(**lines["bubble"]) for language, lines in context.words.items()}

    def parse(self, raw: Mapping[str, Any]) -> Inbound:
        """Raises ValueError for an event without any time."""
        return events.parse(raw, event_id(raw))

    def is_once(self, ticket: str) -> bool:
        """A reply takes no retry key ("Retry failed API requests")."""
        return bool(living_token(ticket, self._machine_now()))

    async def send(self, envelope: Envelope) -> Receipt:
        user = user_id(envelope.address)
        if not user:
            return Receipt(Outcome.DEAD, detail="no user id")
        page = await self._account_page(envelope, user)
        said = messages(envelope, self._words[envelope.message.language], page)
        token = living_token(envelope.ticket, self._machine_now())
        answered = await self._answer(as_bytes({"replyToken": token, "messages": said})) if token else None
        if answered is not None:
            return answered
        if envelope.kept_back:
            return Receipt(Outcome.REFUSED, detail=KEPT)
        return await self._push(as_bytes({"to": user, "messages": said}), envelope.key)

    async def allowance(self) -> Allowance | None:
        """The month's messages; a reply is none of them, and several objects in one push are one."""
        return await self._plan.allowance()

    async def check(self) -> str:
        return await self._plan.check()

    async def fetch(self, remote: Remote) -> bytes:
        """https://developers.line.biz/en/reference/messaging-api/#get-content"""
        if not remote.id.isalnum():
            raise GoneError("gone")  # the id becomes part of an address
        status, data = await self._wire.download(CONTENT.format(remote.id), LARGEST_FILE)
        if status in (404, 410):
            raise GoneError("gone")
        if status != 200:  # 202: a video that the platform is still preparing
            raise OSError(f"content: {status}")
        if len(data) > LARGEST_FILE:
            raise GoneError("large")
        return data

    async def invitation(self, code: str) -> str:
        """Our account with the code already typed. While the platform does not tell who we are, there is none."""
        self._basic_id = self._basic_id or await self._plan.basic_id()
        return INVITATION.format(quote(self._basic_id, safe=""), quote(shown(code))) if self._basic_id else ""

    def confirmation(self, ticket: str, nonce: str) -> str:
        return CONFIRMATION.format(self._access, urlencode({"linkToken": ticket, "nonce": nonce}))

    async def _account_page(self, envelope: Envelope, user: str) -> str:
        """Our page for a stranger's code, with what the platform wants to see again; empty where that did not come.

        The platform's token is the person's own: it stands in the message, and nowhere else. A repeat of the message
        brings a new one, under the same key.
        """
        if envelope.message.wants != LINK or not envelope.account_url:
            return ""
        token = await self._plan.link_token(user)
        return f"{envelope.account_url}?{urlencode({'ticket': token})}" if token else ""

    async def close(self) -> None:
        await self._wire.close()
        await self._plan.close()

    async def _push(self, body: bytes, key: str) -> Receipt:
        try:
            return receipt_of(await self._wire.post(PUSH, body, {_RETRY_KEY: key}))
        except UnreachedError as error:
            return Receipt(Outcome.LATER, detail=f"connect: {error}")
        except LostError as error:
            return Receipt(Outcome.UNKNOWN, detail=f"no answer: {error}")

    async def _answer(self, body: bytes) -> Receipt | None:
        """The receipt, or None where the token no longer serves and nothing can have been said by it.

        Replies take no key, but a token works once. So an answer that was lost is asked for again at once: where the
        token is refused then, the first request was taken. While that is not settled nothing may be pushed instead.
        """
        lost = ""
        for _ in range(2):
            try:
                reply = await self._wire.post(REPLY, body, {})
            except UnreachedError:
                return _unsettled(lost) if lost else None
            except LostError as error:
                lost = str(error)
                continue
            if is_token_refused(reply):
                return Receipt(Outcome.SENT, detail="reply accepted before") if lost else None
            receipt = receipt_of(reply)
            if reply.status < 500 and (not lost or receipt.outcome in SETTLED):
                return receipt
            lost = receipt.detail  # a message "may have been delivered" also where the answer is a 5xx
        return _unsettled(lost)


def _unsettled(why: str) -> Receipt:
    return Receipt(Outcome.UNKNOWN, detail=f"no answer to a reply: {why}", once=True)


def open_channel(settings: LineSettings, context: Context, patience: float = PATIENCE) -> LineChannel:
    """Nothing is connected before the first message."""
    return LineChannel(Wire(settings, patience), Plan(settings, patience), context, settings)
