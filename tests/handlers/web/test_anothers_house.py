"""A company tries, on its own page, every door that names a house, with a house that is another company's."""

import pkgutil
from importlib import import_module
from typing import Any

import pytest

import handlers.web
from tests.handlers.web.street import Street

THEIRS, NOBODYS = "H1", "H-NONE"


def doors() -> list[tuple[str, str]]:
    """Each page of a company or an owner that is opened with the id of a house, and how."""
    modules = (import_module(f"handlers.web.{one.name}") for one in pkgutil.iter_modules(handlers.web.__path__))
    routers = (module.routes for module in modules if hasattr(module, "routes"))
    found: list[Any] = [route for router in routers for route in router.routes]
    return sorted(
        (method, route.path)
        for route in found
        if route.path.startswith("/c/{token}/") and "{house_id}" in route.path
        for method in route.methods
    )


@pytest.mark.parametrize("door", doors(), ids=" ".join)
async def test_it_is_answered_as_a_house_that_does_not_exist(street: Street, door: tuple[str, str]):
    """Nothing is shown, nothing is changed, and the answer does not tell that the house is there."""
    method, path = door
    await street.town.house(THEIRS)
    company = await street.visits("servicer:B2")
    before = await street.everything()
    answers = []
    for house in (THEIRS, NOBODYS):
        at = path.format(token=street.link("servicer:B2").rpartition("/")[2], house_id=house)
        form = {"stamp": company.stamp, "parking": "x", "done_on": "2026-01-01"} if method == "POST" else None
        answers.append(await company.client.request(method, at, data=form))
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].text == answers[1].text
    assert await street.everything() == before


def test_there_are_such_doors():
    """The list above follows the pages, and is not empty by a mistake of its own."""
    assert ("GET", "/c/{token}/record/{house_id}.json") in doors()
    assert ("POST", "/c/{token}/notes/{house_id}") in doors()
