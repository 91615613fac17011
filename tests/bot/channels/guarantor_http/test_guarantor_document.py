"""The document that a guarantor builds by says what the channel does."""

import json
from pathlib import Path

import pytest

from bot.channels.guarantor_http.channel import KINDS, body_of
from bot.channels.guarantor_http.door import PATH
from bot.core.guarantee import Kind, read_told
from bot.core.standing import MENDS, State
from tests.bot.channels.guarantor_http.test_guarantor_channel import EVENT, envelope

DOCUMENT = json.loads((Path(__file__).parents[4] / "docs" / "guarantor-api.json").read_text("utf-8"))
SCHEMAS = DOCUMENT["components"]["schemas"]
AT_TIMES = {"guarantor_standing": {"corrects"}}  # where a lapse was taken back


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_change_is_told_there_with_all_that_it_has(kind: str):
    schema = SCHEMAS[KINDS[kind]]
    sent = json.loads(body_of(envelope("https://a.example", kind)))
    assert set(schema["required"]) == sent.keys()
    assert set(schema["properties"]) - sent.keys() == AT_TIMES.get(kind, set())
    assert schema["properties"]["kind"]["const"] == sent["kind"]


def test_every_standing_and_reason_is_named():
    standing = SCHEMAS["standing"]["properties"]
    assert set(standing["state"]["enum"]) == set(State)
    assert set(standing["reasons"]["items"]["enum"]) == set(MENDS)


def test_an_event_is_what_the_door_reads():
    schema = SCHEMAS["event"]
    assert set(schema["properties"]["kind"]["enum"]) == set(Kind)
    for name in schema["required"]:
        with pytest.raises(ValueError, match=r".+"):
            read_told({key: value for key, value in EVENT.items() if key != name})
    assert set(schema["properties"]) == {*EVENT, "common_id", "certificate_no", "residual_month"}


def test_both_directions_have_their_place():
    assert set(DOCUMENT["paths"]) == {"/v1/changes", "/v1/guarantees"}
    assert set(DOCUMENT["webhooks"]) == {PATH}
    assert set(DOCUMENT["webhooks"][PATH]["post"]["responses"]) == {"200", "400", "401", "413", "415", "422"}
