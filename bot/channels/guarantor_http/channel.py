"""Speaks to the guarantor's core system: tells it what changed, and asks for its list."""

import json
from collections.abc import AsyncIterator, Callable, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, urlsplit

from bot.channels.guarantor_http.door import NAME, PATH, Door, parse
from bot.channels.guarantor_http.settings import GuarantorSettings
from bot.channels.machine import LOST, PATIENCE, Answer, Machine, turned_away
from bot.channels.raw import read_object, text_at
from bot.core.arrival import Inbound, Webhook
from bot.core.delivery import Abilities, Envelope, Outcome, Receipt
from bot.core.guarantee import OWNERS, STANDING
from bot.core.signature import sign

LONGEST_ANSWER = 1024 * 1024  # bytes of a page of the list
A_PAGE = 500  # guarantees asked for at once
KINDS: Mapping[str, str] = {STANDING: "standing", OWNERS: "owners"}


class GuarantorChannel:
    """Both ways. A list is read page by page, and never held whole."""

    name = NAME
    abilities = Abilities(repeatable=True, at_once=4)

    def __init__(
        self, settings: GuarantorSettings, machine_now: Callable[[], datetime], patience: float = PATIENCE
    ) -> None:
        self.guarantor = settings.url
        self.webhooks = (Webhook(PATH, Door(settings.secret, machine_now).read),)
        self._settings = settings
        self._machine_now = machine_now
        self._machine = Machine(patience, LONGEST_ANSWER)

    def parse(self, raw: Mapping[str, Any]) -> Inbound:
        return parse(raw)

    async def send(self, envelope: Envelope) -> Receipt:
        if envelope.message.kind not in KINDS:
            return Receipt(Outcome.REFUSED, detail="no machine understands this")
        body = body_of(envelope)
        headers = {"Content-Type": "application/json", "Idempotency-Key": envelope.key, **self._signed(body)}
        found = await self._machine.post(f"{envelope.address}/v1/changes", body, headers)
        return receipt_of(found) if isinstance(found, Answer) else found

    async def guarantee_numbers(self) -> AsyncIterator[str]:
        """Every living guarantee's number, sorted by code point. Raises OSError where the list cannot be had whole."""
        after = ""
        while True:
            page = await self._page(after)
            for number in page:
                if number <= after:
                    raise OSError("the guarantor's list is not in order")
                yield number
                after = number
            if len(page) < A_PAGE:
                return

    async def check(self) -> str:
        """Asks for the first page of their list."""
        try:
            await self._page("")
        except OSError as error:
            return str(error)
        return ""

    async def close(self) -> None:
        await self._machine.close()

    async def _page(self, after: str) -> list[str]:
        query = f"/v1/guarantees?limit={A_PAGE}" + (f"&after={quote(after, safe='')}" if after else "")
        path = urlsplit(self._settings.url).path + query
        try:
            answer = await self._machine.get(f"{self._settings.url}{query}", self._signed(path.encode()))
        except LOST as error:
            raise OSError(f"the guarantor's list: {type(error).__name__}") from error
        if answer.status != 200:
            raise OSError(f"the guarantor's list: {answer.status}")
        return numbers_in(answer.body)

    def _signed(self, content: bytes) -> dict[str, str]:
        return sign(self._settings.secret, int(self._machine_now().timestamp()), content)


def body_of(envelope: Envelope) -> bytes:
    """The same bytes for every retry; see docs/guarantor-api.json."""
    told = {**envelope.record, "kind": KINDS[envelope.message.kind]}
    told |= {"written_at": envelope.written_at.astimezone(UTC).isoformat()}
    return json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def receipt_of(answer: Answer) -> Receipt:
    """What an answer means. A key that they had taken before (409 with the word ``taken``) has arrived."""
    said = _object(answer.body)
    if answer.status in (200, 201, 202, 204):
        return Receipt(Outcome.SENT)
    if answer.status == 409 and said.get("taken") is True:
        return Receipt(Outcome.SENT, detail="accepted before")
    return turned_away(answer, f"{answer.status} {_plain(said)}".strip())


def numbers_in(body: bytes) -> list[str]:
    """The numbers on a page of their list. Raises OSError for what is none."""
    found = _object(body).get("guarantees")
    if not isinstance(found, list):
        raise OSError("the guarantor's list cannot be read")
    numbers = [text_at(one, "guarantee_no") if isinstance(one, dict) else "" for one in found]
    if not all(numbers):
        raise OSError("the guarantor's list has a line without a number")
    return numbers


def _plain(said: Mapping[str, Any]) -> str:
    return "".join(char if char.isprintable() else " " for char in text_at(said, "message"))[:120].strip()


def _object(body: bytes) -> dict[str, Any]:
    try:
        return read_object(body)
    except ValueError:
        return {}
