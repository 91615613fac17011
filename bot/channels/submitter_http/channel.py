"""Tells submitters' own addresses what happened: one signed POST for each, the same bytes at every attempt."""

import json
from collections.abc import Callable
from datetime import datetime

from bot.channels.machine import Answer, Machine, turned_away
from bot.channels.submitter_http.resolver import PublicResolver
from bot.core.delivery import Abilities, Envelope, Outcome, Receipt
from bot.core.hook import KIND, NAME, is_address
from bot.core.signature import sign_standard

PATIENCE = 10.0  # seconds for an answer: and its own lane waits meanwhile
AT_ONCE = 4  # messages on the way to one address: an office's system is small
LONGEST_ANSWER = 4 * 1024  # bytes; nothing is read out of them
GONE = 410


class SubmitterChannel:
    """One channel for all of them. ``own``: whether this machine itself may be told."""

    name = "submitter_http"
    abilities = Abilities(repeatable=True, machines=True, at_once=AT_ONCE)
    tells_submitters = True

    def __init__(
        self,
        secret: Callable[[str], bytes],
        machine_now: Callable[[], datetime],
        own: bool,
        patience: float = PATIENCE,
    ) -> None:
        self._secret = secret
        self._machine_now = machine_now
        self._own = own
        self._machine = Machine(patience, LONGEST_ANSWER, lambda: PublicResolver(own))

    async def send(self, envelope: Envelope) -> Receipt:
        if envelope.message.kind != KIND:
            return Receipt(Outcome.REFUSED, detail="no machine understands this")
        if not is_address(envelope.address, own=self._own):
            return Receipt(Outcome.LATER, detail="an address that is not told anything")
        body = body_of(envelope)
        message_id = str(envelope.record.get("again") or envelope.key)
        second = int(self._machine_now().timestamp())
        signed = sign_standard(self._secret(f"{NAME}{envelope.record['hook']}"), message_id, second, body)
        headers = {"Content-Type": "application/json", "User-Agent": "Engawa", **signed}
        found = await self._machine.post(envelope.address, body, headers)
        return receipt_of(found) if isinstance(found, Answer) else found

    async def close(self) -> None:
        await self._machine.close()


def body_of(envelope: Envelope) -> bytes:
    """The same bytes for every attempt."""
    told = {"type": envelope.record["type"], "timestamp": envelope.record["at"], "data": envelope.record["data"]}
    return json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def receipt_of(answer: Answer) -> Receipt:
    """Whatever is neither taken nor gone is tried again: a receiver that is being mended answers anything."""
    if 200 <= answer.status < 300:
        return Receipt(Outcome.SENT)
    if answer.status == GONE:
        return Receipt(Outcome.DEAD, detail=str(GONE))
    found = turned_away(answer, str(answer.status))
    return Receipt(Outcome.LATER, detail=found.detail, retry_after=found.retry_after)
