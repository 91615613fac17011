"""What those who look after the machine ask for."""

from sqlalchemy import update

from storage.tables import outbox
from tests.handlers.web.street import Street

OWNER = "owner:O-H1"


async def figures(street: Street) -> dict[str, float]:
    lines = (await street.reader().client.get("/metrics")).text.splitlines()
    return {name: float(value) for name, value in (line.split(" ") for line in lines if line and line[0] != "#")}


async def test_alive_and_ready(street: Street):
    """The process answers, and so does the database."""
    for path in ("/healthz", "/readyz"):
        answer = await street.reader().client.get(path)
        assert (answer.status_code, answer.text) == (200, "ok\n")


async def test_not_ready_without_its_database(street: Street):
    """When the database is gone it says so, and stays alive."""
    street.town.folder.joinpath("engawa.db").rename(street.town.folder / "away.db")
    await street.town.service.database.close()
    street.town.folder.joinpath("engawa.db").mkdir()
    assert (await street.reader().client.get("/readyz")).status_code == 503
    assert (await street.reader().client.get("/healthz")).status_code == 200


async def test_the_figures_follow_what_waits(street: Street):
    """A message that is due and unsent, one of unknown outcome, a case with the staff: each is counted."""
    await street.town.house("H1")
    await street.town.house("H2", owner_name="佐藤 次郎", consent_mandate_on="", consent_information_on="")
    await street.town.skip_to("2027-02-01")
    before = await figures(street)
    assert before["engawa_cases_with_staff"] == 1
    assert (before["engawa_outbox_waiting"], before["engawa_outbox_oldest_due_seconds"]) == (0, 0)
    row = await street.newest(OWNER)
    async with street.town.service.store.write() as connection:
        await connection.execute(update(outbox).where(outbox.c.id == row).values(state="waiting"))
    await street.town.skip_clock("2027-02-01", hour=11)
    after = await figures(street)
    assert (after["engawa_outbox_waiting"], after["engawa_outbox_oldest_due_seconds"]) == (1, 3600)
    async with street.town.service.store.write() as connection:
        await connection.execute(update(outbox).where(outbox.c.id == row).values(state="unknown"))
    assert (await figures(street))["engawa_outbox_unknown"] == 1
    text = (await street.reader().client.get("/metrics")).text
    assert "O-H1" not in text
    assert "山田" not in text
