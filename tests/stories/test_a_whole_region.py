"""An earthquake under a whole region: everybody is asked once, in bounded batches, and the list stands."""

import csv
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.cli.imports import take_files
from storage.event_list import lines_of
from storage.events import counts_of
from storage.tables import cases, outbox
from tests.stories.event_town import STAFF, at, bulletin, comes
from tests.stories.town import Town

EVENT = "jma-20261101220500"
WARDS = [f"131{number:02d}" for number in range(1, 24)]  # of Tokyo


def write_region(folder: Path, count: int) -> Path:
    """Houses all over the wards of Tokyo, every tenth without a mandate, all with the same company."""
    names = ["house_id", "builder_id", "servicer_id", "common_id", "handed_over_on", "plan_years", "owner_id"]
    names += ["owner_name", "consent_information_on", "consent_mandate_on", "email", "municipality_code"]
    path = folder / "houses.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(names)
        for n in range(count):
            day = "2022-04-01" if n % 10 else ""
            row = [f"H{n:05d}", "B1", "B1", f"C{n}", "2022-04-01", 50, f"O{n}", f"山田 {n}", day, day]
            writer.writerow([*row, f"o{n}@example.jp", WARDS[n % 23]])
    return path


async def everybody_is_asked(town: Town, count: int) -> None:
    report, *_ = await take_files(town.service, [write_region(town.folder, count)])
    assert report.rows_accepted == count
    await at(town, "2026-11-01T22:15")
    await comes(town, bulletin({f"{ward}00": "6-" for ward in WARDS}))
    assert f"{count - count // 10}軒の所有者" in await town.words(STAFF)
    await town.taps(STAFF, "event_release")
    async with town.service.store.read() as connection:
        assert await counts_of(connection, EVENT) == {"silent": count}
        opened = select(func.count()).where(cases.c.ladder == "event/1")
        assert (await connection.execute(opened)).scalar_one() == count
    await at(town, "2026-11-02T09:05")
    assert await told(town) == {"owner_event": count - count // 10}
    await at(town, "2026-11-02T09:30")
    assert await told(town) == {"owner_event": count - count // 10}
    async with town.service.store.read() as connection:
        assert len(await lines_of(connection, EVENT, limit=count + 1)) == count


async def told(town: Town) -> Counter[str]:
    """How many owners were told what."""
    sent = (outbox.c.state == "sent", outbox.c.person_id.like("owner:%"))
    async with town.service.store.read() as connection:
        rows = (await connection.execute(select(outbox.c.parts).where(*sent))).scalars().all()
    return Counter(part["kind"] for parts in rows for part in parts)


async def test_some_hundred_houses(town: Town):
    await everybody_is_asked(town, 310)
    await town.all_is_well()


@pytest.mark.soak
async def test_twenty_thousand_houses(empty_town: Town):
    """On SQLite, as one machine has it."""
    await empty_town.companies()
    await everybody_is_asked(empty_town, 20_000)
