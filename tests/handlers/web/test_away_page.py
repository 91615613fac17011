"""An absence is entered at the console: by oneself, by a supervisor for anybody, and by nobody else."""

from datetime import timedelta

from bot.core.rights import StaffRole
from tests.handlers.web.street import Reader, Street
from tests.handlers.web.test_roles import comes_in
from tests.handlers.web.test_staff_console import OWNER

PATH = "/staff/away"


async def enters(street: Street, reader: Reader, person: str, **given: str) -> Reader:
    today = street.town.today
    days = {"from": today.isoformat(), "until": (today + timedelta(days=3)).isoformat()}
    form = (await reader.opens(PATH)).page.select_one(f"form[action='{PATH}']")
    assert form is not None
    return await reader.sends(form, {"person": person, **days, **given})


async def test_what_they_hold_goes_at_once_and_is_passed_back_at_its_page(street: Street):
    town = street.town
    await town.house()
    await town.skip_to("2027-01-12")
    await town.says(OWNER, "担当者と話したい")
    sato, mori = [await comes_in(street, name, StaffRole.OFFICER) for name in ("sato", "mori")]
    await (await sato.opens("/staff/case/H1-1")).presses("引き受ける")
    await enters(street, sato, "staff:sato", substitute="staff:mori")
    assert "sato お休み中" in sato.text
    assert (await town.case())["holder"] == "staff:mori"
    await (await mori.opens("/staff/case/H1-1")).presses("担当窓口に戻す")
    assert (await town.case())["holder"] == "staff:desk"
    await (await sato.opens("/staff/case/H1-1")).presses("引き受ける")
    assert "お休みの登録があります" in sato.text
    await (await sato.opens(PATH)).presses("お休みを終える")
    assert (await town.case())["holder"] == "staff:desk"
    await (await sato.opens("/staff/case/H1-1")).presses("引き受ける")
    form = next(f for f in sato.page.select("form") if f.select_one("#colleague"))
    await sato.sends(form, {"verb": "pass_on", "colleague": "staff:mori"})
    assert "同僚に渡しました" in sato.text
    assert (await town.case())["holder"] == "staff:mori"
    await town.all_is_well()


async def test_for_others_it_takes_a_supervisor(street: Street):
    sato = await comes_in(street, "sato", StaffRole.OFFICER)
    chief = await comes_in(street, "chief", StaffRole.SUPERVISOR)
    assert (await enters(street, sato, "staff:chief")).status == 403
    await enters(street, chief, "staff:sato")
    assert "sato お休み中" in chief.text
    await enters(street, chief, "staff:sato")
    assert "もうお休みの登録があります" in chief.text
    data = {"stamp": (await sato.opens(PATH)).stamp, "person": "staff:chief"}
    assert (await sato.client.post(f"{PATH}/end", data=data)).status_code == 403
    auditor = await comes_in(street, "kanda", StaffRole.AUDITOR)
    assert (await auditor.opens(PATH)).page.select_one(f"form[action='{PATH}']") is None


async def test_what_cannot_be_is_said(street: Street):
    sato = await comes_in(street, "sato", StaffRole.OFFICER)
    for given, said in (
        ({"until": "2020-01-01"}, "日をお確かめください"),
        ({"from": "never"}, "日をお確かめください"),
        ({"substitute": "staff:sato"}, "ほかの方を選んでください"),
        ({"substitute": OWNER}, "その方は代わりになれません"),
    ):
        assert said in (await enters(street, sato, "staff:sato", **given)).text
    assert (await street.everything())["absences"] == []
