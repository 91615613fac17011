"""The staff's page of a database that was put back from a copy."""

from datetime import timedelta

from sqlalchemy import update

from bot.core.restored import COMMAND, Restored
from scheduler.restoring import mark_restored
from storage.tables import people
from tests.handlers.web.street import Street

SERVICER = "servicer:B1"


async def put_back(street: Street) -> None:
    """What the company would have been told in the beginning of January may have been told already."""
    town = street.town
    await town.house()
    await town.until("2027-01-01")
    await town.skip_clock("2027-01-22")
    now = town.service.clock.now()
    await mark_restored(town.service.watch, Restored(COMMAND, since=now, until=now - timedelta(days=2)))
    await town.run()


async def test_the_desk_sees_it_first_and_takes_it(street: Street):
    """It has a holder and a day, like everything that is open."""
    await put_back(street)
    staff = await street.staff()
    assert "控えから戻したデータを確かめるまで、何も送りません" in staff.text
    assert "次に動く人：担当窓口（2027年1月25日(月)まで）" in staff.text
    page = await staff.opens("/staff/restored")
    assert "もう送ったかもしれないもの（1件）" in page.text
    async with street.town.service.store.write() as connection:
        await connection.execute(update(people).where(people.c.id == "staff:desk").values(name="中村"))
    await page.presses("引き受ける")
    assert "次に動く人：中村" in page.text


async def test_one_is_sent_by_decision_and_sending_begins_again(street: Street):
    """Nothing goes out before the box is ticked and the button pressed."""
    await put_back(street)
    page = await (await street.staff()).opens("/staff/restored")
    await page.presses("送る")
    assert "もう送ったかもしれないもの（0件）" in page.text
    await street.town.run()
    assert await street.town.hears(SERVICER) == []
    form = page.page.select("form[action='/staff/restored']")[-1]
    await page.sends(form, {"how": "reconcile"})  # without the tick
    assert page.status == 400
    page = await page.opens("/staff/restored")
    form = page.page.select("form[action='/staff/restored']")[-1]
    await page.sends(form, {"how": "reconcile", "sure": "1"})
    assert "確かめるものはありません" in page.text
    await street.town.run()
    assert await street.town.hears(SERVICER) == ["servicer_offer"]
    house = await street.town.view()
    assert "database_reconciled" in str(house["pauses"])


async def test_the_ordinary_switch_does_not_end_it(street: Street):
    """Resuming is for pauses that people made."""
    await put_back(street)
    page = await (await street.staff()).opens("/staff/pause")
    assert "再開する" not in [button.get_text(strip=True) for button in page.page.select("table button")]
    form = page.page.select_one("form[action='/staff/pause']")
    assert form is not None
    form["action"] = "/staff/resume"
    await page.sends(form, {"scope": "restored"})
    assert (await page.client.get("/readyz")).text.startswith("ok, observing")
    figures = (await page.client.get("/metrics")).text
    assert "engawa_observing 1.0" in figures
