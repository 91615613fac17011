"""Submitters' own machines, each with a key, in front of the running application."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import httpx2

from bot.core.api_key import Scope, until
from storage.api_keys import Wanted, make_key
from storage.submitters import Entry, enter
from tests.handlers.web.street import HOST, Street

EVERYTHING = (Scope.IMPORT, Scope.READ, Scope.REPORT, Scope.HOOK)
JSON, CSV = "application/json", "text/csv"


@dataclass
class Machine:
    """One that shows its key with every request."""

    client: httpx2.AsyncClient
    secret: str
    number: int

    async def asks(self, path: str, **headers: str) -> httpx2.Response:
        return await self.client.get(f"/api/v1{path}", headers=self.shown(headers))

    async def brings(self, body: bytes, key: str, media: str = CSV, *, trial: bool = False) -> httpx2.Response:
        headers = self.shown({"content-type": media, "idempotency-key": key})
        return await self.client.post(f"/api/v1/imports?dry_run={str(trial).lower()}", content=body, headers=headers)

    async def reports(self, work: str, day: str, key: str = "r1", **more: Any) -> httpx2.Response:
        headers = self.shown({"idempotency-key": key})
        body = {"done_on": day, "result": "ok"} | more
        return await self.client.post(f"/api/v1/works/{work}/reports", json=body, headers=headers)

    def shown(self, headers: dict[str, str]) -> dict[str, str]:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return {"authorization": f"Bearer {self.secret}"} | named


async def machine_of(street: Street, company: str, scopes: Sequence[Scope] = EVERYTHING, days: int = 365) -> Machine:
    """The machine of a company, which is entered as a submitter, with a key made now."""
    service = street.town.service
    async with service.store.write() as connection:
        if company != "operator":
            await enter(connection, Entry(company, "丸太 太郎", "東京都港区1-1", "contract"), street.town.today)
        now = service.clock.now()
        wanted = Wanted(company, frozenset(scopes), until(now, days))
        number, secret = await make_key(connection, service.store.pins.seal, wanted, now)
    client = httpx2.AsyncClient(transport=httpx2.ASGITransport(street.app), base_url=HOST)
    street.readers.append(client)
    return Machine(client, secret, number)
