"""What the API says of itself: everything below /api/v1, nothing of the console, and no key of anybody's."""

from dataclasses import replace

import pytest

from bot.core.api_key import Scope
from bot.core.signature import Signatory
from scheduler.clock import machine_now
from tests.handlers.web.api.machine import machine_of
from tests.handlers.web.street import Street

KEYS = {"401", "403", "404", "422", "429"}
OF_METHODS = {
    "get": {"304"},
    "post": {"409", "413", "415"},
    "put": {"412", "413", "415", "428"},
    "delete": {"204"},
}


async def described(street: Street, language: str = "ja") -> dict[str, dict[str, dict[str, object]]]:
    reader = street.reader()
    answer = await reader.client.get("/api/v1/openapi.json", headers={"accept-language": language})
    assert answer.status_code == 200
    found: dict[str, dict[str, dict[str, object]]] = answer.json()
    return found


async def test_every_door_is_described_with_its_refusals(street: Street):
    """Also the one for a signed word, where it is open."""
    assert "post" not in (await described(street))["paths"]["/api/v1/events"]
    state = street.app.state
    state.site = replace(state.site, teller=Signatory("a-secret-of-theirs", machine_now))
    found = await described(street)
    assert str(found["openapi"]).startswith("3.1")
    assert [path for path in found["paths"] if not path.startswith("/api/v1/")] == []
    doors = {(door.path, method.lower()) for door in street.app.state.api for method in door.methods}
    told = {(path, method) for path, methods in found["paths"].items() for method in methods}
    assert told == doors - {("/api/v1/openapi.json", "get")}
    for path, methods in found["paths"].items():
        for method, operation in methods.items():
            wanted = KEYS | OF_METHODS[method]
            statuses = set(operation["responses"])  # type: ignore[index]
            assert path == "/api/v1/events" or wanted <= statuses, path


async def test_both_languages_describe_the_same(street: Street):
    japanese, english = await described(street), await described(street, "en")
    assert japanese["paths"].keys() == english["paths"].keys()
    assert japanese["info"] != english["info"]
    words = street.app.state.site.pages.words
    assert words["ja"]["api"].keys() == words["en"]["api"].keys()
    for part in ("problems", "operations", "statuses", "names"):
        assert words["ja"]["api"][part].keys() == words["en"]["api"][part].keys()


async def test_the_page_needs_nothing_from_elsewhere(street: Street):
    """Our own policy would keep it out, and an office's network too."""
    page = await street.reader().opens("/docs")
    assert page.status == 200
    assert page.page.select("script") == []
    assert [
        found for found in page.page.select("[src], link[href]") if "//" in str(found.get("src", found.get("href")))
    ] == []
    assert all(scope in page.text for scope in Scope)


@pytest.mark.parametrize("path", ["/docs", "/api/v1/openapi.json"])
async def test_it_names_no_key(street: Street, path: str):
    machine = await machine_of(street, "B1")
    assert machine.secret not in (await machine.client.get(path, headers=machine.shown({}))).text
