"""The document that providers build by says what the channel does."""

import json
from pathlib import Path

from bot.channels.provider_http.requests import LOOKUP, PATHS, request_of
from tests.bot.channels.provider_http.test_provider_adapters import envelope

DOCUMENT = json.loads((Path(__file__).parents[4] / "docs" / "provider-api.json").read_text("utf-8"))


def test_every_request_is_told_there_with_all_that_it_needs():
    """Each path, and each property that the schema asks for."""
    assert set(DOCUMENT["paths"]) == {f"/v1/houses/{{common_id}}/{path}" for path in PATHS.values()} | {"/v1/lookups"}
    for kind in (*PATHS, LOOKUP):
        request = request_of(envelope(kind, "https://a.example"))
        path = request.url.removeprefix("https://a.example").replace("/C1/", "/{common_id}/")
        content = DOCUMENT["paths"][path]["post"]["requestBody"]["content"]
        schema = next(iter(content.values()))["schema"]
        about = schema["properties"]["about"] if "properties" in schema else schema
        wanted = DOCUMENT["components"]["schemas"][about["$ref"].rpartition("/")[2]]["required"]
        assert set(wanted) <= json.loads(request.body).keys(), kind
