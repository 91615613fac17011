"""What the desk hears of what an auditor found, and when all is well."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.core.findings import GROUPS, NAMED, group_of, is_well, new_findings

NOW = datetime(2027, 2, 1, 1, tzinfo=UTC)


def test_every_kind_has_one_group():
    kinds = [kind for group in GROUPS.values() for kind in group]
    assert len(kinds) == len(set(kinds))
    assert group_of("no_holder") == "orphan"
    with pytest.raises(LookupError):
        group_of("nothing of ours")


def test_the_desk_hears_groups_and_the_first_places():
    """However much was found, the message stays short."""
    told = new_findings({"put_off": 2, "no_holder": 1, "fact_changed": 4}, [f"H{n}" for n in range(NAMED + 1)]).params
    assert told["groups"] == [{"group": "orphan", "count": 3}, {"group": "record", "count": 4}]
    assert len(told["places"]) == NAMED
    assert told["more"] is True
    assert new_findings({"put_off": 1}, ["H1"]).params["more"] is False


@pytest.mark.parametrize(
    ("ago", "findings", "well"),
    [(None, 0, False), (0, 0, True), (48, 0, True), (49, 0, False), (0, 1, False), (-1, 0, True)],
)
def test_it_is_well_while_the_auditor_was_here_and_found_nothing(ago: int | None, findings: int, well: bool):
    """``ago``: hours since its last whole run."""
    last = None if ago is None else NOW - timedelta(hours=ago)
    assert is_well(last, findings, NOW) is well
