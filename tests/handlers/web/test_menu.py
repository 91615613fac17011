"""The console's menu: everybody finds every page that they may open, and the few of every day at once."""

import pytest

from bot.core.people import Person
from bot.core.rights import RIGHTS, Right, StaffRole
from handlers.web.staff.entrance import DOORS
from handlers.web.staff.menu import DAILY, WAYS, menu_of
from tests.handlers.web.street import Street
from tests.handlers.web.test_roles import comes_in


@pytest.mark.parametrize("role", StaffRole)
def test_a_page_is_offered_to_those_who_may_open_it(role: StaffRole):
    menu = menu_of(Person("staff:sato", "佐藤", staff_role=role), "/staff/letters")
    assert len(menu.daily) <= 5
    assert menu.daily.keys() == DAILY[role]
    offered = set(menu.daily.values()) | set(menu.more.values())
    assert offered == {path for path, _ in WAYS.values() if DOORS.get(path, Right.SEE) in RIGHTS[role]}


async def test_each_of_them_opens_and_is_called_something(street: Street):
    """Also where the page is one of those behind the word: its name stands in the word's place."""
    chief = await comes_in(street, "chief", StaffRole.SUPERVISOR)
    for name, (path, _) in WAYS.items():
        assert (await chief.opens(path)).status == 200, path
        said = street.app.state.site.pages.words["ja"]["staff"]["nav"][name]
        assert [at.get_text(strip=True) for at in chief.page.select("nav [aria-current]")] == [said]
        word = chief.page.select_one("nav summary")
        assert word is not None
        assert word.get_text(strip=True) == ("ほか" if name in DAILY[StaffRole.SUPERVISOR] else said)
