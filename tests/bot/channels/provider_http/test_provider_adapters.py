"""What every way to a provider of histories keeps: its machine, and a letter. One suite, told to each by a rig."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import date
from hashlib import sha256
from io import BytesIO
from typing import Any, Protocol
from uuid import uuid4

import pytest
import pytest_asyncio
from pypdf import PdfReader

from bot.channels.provider_http.channel import ProviderChannel
from bot.channels.provider_http.settings import ProviderSettings, read_settings
from bot.core.delivery import Enclosure, Envelope, Outcome, Receipt
from engawa_fakes import Trouble
from engawa_fakes.provider import FakeCouncil, FakeProvider
from templates.paper.request import RequestLetter, request_pdf
from tests.bot.channels.contract import WRITTEN_AT
from tests.templates.samples import OF_PROVIDER, OFFICE, RENDERER, part

FILE = b"%PDF-1.7 a report"


def envelope(kind: str, at: str = "", **given: Any) -> Envelope:
    """One request as the dispatcher hands it over."""
    record = {**OF_PROVIDER, **given}
    message = RENDERER.part(part(kind, record, "relay", case=""), "ja", "")
    return Envelope(str(uuid4()), at, "いえかるて東京", message, WRITTEN_AT, record=record)


class Rig(Protocol):
    async def hand_over(self, ready: Envelope) -> str:
        """What reaches the provider, as text."""
        ...


@dataclass
class ByMachine:
    """The machine on loopback."""

    fake: FakeProvider
    channel: ProviderChannel

    async def hand_over(self, ready: Envelope) -> str:
        self.fake.houses[ready.record["common_id"]] = ready.record["contract_no"]
        receipt = await self.channel.send(replace(ready, address=self.fake.url))
        assert receipt.outcome is Outcome.SENT, receipt
        return self.fake.calls[-1].path + self.fake.calls[-1].body.decode()


@dataclass
class ByLetter:
    """A letter that staff post."""

    pages: list[bytes] = field(default_factory=list)

    async def hand_over(self, ready: Envelope) -> str:
        pdf = request_pdf(
            RequestLetter(
                ready.message, ready.name, "1000001", ("東京都千代田区1-1",), OFFICE, (), date(2027, 2, 1), "H-0001"
            )
        )
        self.pages.append(pdf)
        return "".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)


@pytest_asyncio.fixture
async def machine(fake_provider: FakeProvider) -> AsyncIterator[ByMachine]:
    channel = ProviderChannel(ProviderSettings({fake_provider.host: fake_provider.token}))
    yield ByMachine(fake_provider, channel)
    await channel.close()


@pytest.fixture(params=["machine", "letter"])
def rig(request: pytest.FixtureRequest, machine: ByMachine) -> Rig:
    return machine if request.param == "machine" else ByLetter()


@pytest.mark.parametrize("kind", ["provider_record", "provider_contract", "provider_list"])
async def test_the_provider_learns_which_house_and_on_whose_word(rig: Rig, kind: str):
    """The common ID, the contract and the consent; nobody's name."""
    told = await rig.hand_over(envelope(kind))
    for known in ("C1", "K-1"):
        assert known in told
    assert "2026-12-01" in told or "2026年12月1日" in told
    assert "山田" not in told


async def test_what_was_done_is_told_whole(rig: Rig):
    told = await rig.hand_over(envelope("provider_record"))
    assert "外壁" in told
    assert "床下" in told
    assert "2027-02-20" in told or "2027年2月20日" in told


async def test_the_same_request_is_the_same_bytes(rig: Rig):
    ready = envelope("provider_list")
    assert await rig.hand_over(ready) == await rig.hand_over(ready)


async def send(machine: ByMachine, kind: str = "provider_record", **given: Any) -> Receipt:
    machine.fake.houses.setdefault("C1", "K-1")
    return await machine.channel.send(envelope(kind, machine.fake.url, **given))


async def test_a_reference_comes_back(machine: ByMachine):
    receipt = await send(machine)
    assert (receipt.outcome, receipt.provider_id, receipt.answer) == (Outcome.SENT, "R-0001", {"reference": "R-0001"})


async def test_a_repeat_under_the_same_key_is_entered_once(machine: ByMachine):
    machine.fake.houses["C1"] = "K-1"
    same = envelope("provider_record", machine.fake.url)
    receipts = [await machine.channel.send(same) for _ in range(3)]
    assert {receipt.provider_id for receipt in receipts} == {"R-0001"}
    assert receipts[-1].detail == "accepted before"
    assert len(machine.fake.records) == 1


async def test_a_file_arrives_as_it_is(machine: ByMachine):
    machine.fake.houses["C1"] = "K-1"
    digest = "6a4a2ff5dd9e0d1b1b2b6ddcc4cb0e4a5ae8b7a1"
    wrong = envelope("provider_file", machine.fake.url, digest=digest)
    wrong = replace(wrong, enclosed=Enclosure(f"{'0' * 24}/{digest}.pdf", FILE, "application/pdf"))
    assert (await machine.channel.send(wrong)).outcome is Outcome.REFUSED
    true = digest_of(FILE)
    right = envelope("provider_file", machine.fake.url, digest=true)
    right = replace(right, enclosed=Enclosure(f"{'0' * 24}/{true}.pdf", FILE, "application/pdf"))
    assert (await machine.channel.send(right)).provider_id == "F-0001"
    assert machine.fake.files == {true: FILE}


def digest_of(data: bytes) -> str:
    return sha256(data).hexdigest()[:40]


@pytest.mark.parametrize(("contract", "says"), [("K-1", "confirmed"), ("K-2", "differs")])
async def test_a_contract_is_confirmed_or_not(machine: ByMachine, contract: str, says: str):
    assert (await send(machine, "provider_contract", contract_no=contract)).answer == {"status": says}


async def test_a_house_that_is_not_there_is_an_answer_about_the_contract_and_a_refusal_of_a_record(machine: ByMachine):
    asked = await machine.channel.send(envelope("provider_contract", machine.fake.url))
    told = await machine.channel.send(envelope("provider_record", machine.fake.url))
    assert (asked.outcome, asked.answer) == (Outcome.SENT, {"status": "unknown"})
    assert told.outcome is Outcome.REFUSED


@pytest.mark.parametrize(
    ("trouble", "outcome"),
    [
        (Trouble.BUSY, Outcome.LATER),
        (Trouble.BROKEN, Outcome.LATER),
        (Trouble.HTML, Outcome.LATER),
        (Trouble.BAD_UTF8, Outcome.LATER),
        (Trouble.DROPPED, Outcome.UNKNOWN),
        (Trouble.BAD_JSON, Outcome.UNKNOWN),
        (Trouble.LOST, Outcome.UNKNOWN),
    ],
)
async def test_whatever_goes_wrong_is_told_apart_and_the_next_one_goes_out(
    machine: ByMachine, trouble: Trouble, outcome: Outcome
):
    machine.fake.next(trouble)
    receipt = await send(machine)
    assert receipt.outcome is outcome
    assert receipt.retry_after == (120 if trouble is Trouble.BUSY else None)
    assert (await send(machine)).outcome is Outcome.SENT


async def test_a_machine_that_hangs_costs_one_attempt(fake_provider: FakeProvider):
    fake_provider.houses["C1"] = "K-1"
    hasty = ProviderChannel(ProviderSettings({fake_provider.host: fake_provider.token}), patience=0.2)
    fake_provider.next(Trouble.SILENT)
    assert (await hasty.send(envelope("provider_record", fake_provider.url))).outcome is Outcome.UNKNOWN
    await hasty.close()


async def test_what_lacks_something_is_refused(machine: ByMachine):
    """422: it will never be taken as it is."""
    assert (await send(machine, works=[])).outcome is Outcome.REFUSED
    nothing = {"version": "", "hash": "", "on": ""}
    assert (await send(machine, consent=nothing)).outcome is Outcome.REFUSED


async def test_a_token_that_is_not_taken_closes_the_way_and_shows_nowhere(fake_provider: FakeProvider):
    channel = ProviderChannel(ProviderSettings({fake_provider.host: "sekrit"}))
    receipt = await channel.send(envelope("provider_record", fake_provider.url))
    assert receipt.outcome is Outcome.CLOSED
    assert "sekrit" not in repr(receipt) + repr(channel) + repr(vars(channel))
    await channel.close()


async def test_a_token_is_told_to_its_own_machine_alone(fake_provider: FakeProvider):
    channel = ProviderChannel(ProviderSettings({"elsewhere.example": "sekrit"}))
    assert (await channel.send(envelope("provider_record", fake_provider.url))).outcome is Outcome.CLOSED
    assert fake_provider.calls == []
    await channel.close()


async def test_the_council_tells_by_the_address_who_keeps_a_history(fake_council: FakeCouncil):
    """One more machine behind the same way."""
    found = [{"provider": "いえかるて東京", "common_id": "C1"}]
    fake_council.known[OF_PROVIDER["address"]] = found
    channel = ProviderChannel(ProviderSettings({fake_council.host: fake_council.token}))
    assert (await channel.send(envelope("provider_lookup", fake_council.url))).answer == {"found": found}
    nobody = await channel.send(envelope("provider_lookup", fake_council.url, address="東京都狛江市1-1"))
    assert nobody.answer == {"found": []}
    await channel.close()


def test_settings_are_read_or_refused_in_one_line():
    assert read_settings({}) is None
    read = read_settings({"ENGAWA_PROVIDER_TOKENS": "a.example=x b.example:8443=y"})
    assert read is not None
    assert (read.token_for("https://B.example:8443/api"), read.token_for("https://c.example")) == ("y", "")
    with pytest.raises(ValueError, match="HOST=TOKEN") as refused:
        read_settings({"ENGAWA_PROVIDER_TOKENS": "sekrit"})
    assert "sekrit" not in str(refused.value)
