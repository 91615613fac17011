"""The parts of a plan as people name them."""

from types import SimpleNamespace
from typing import Any

import pytest

from bot.core.particulars import areas


@pytest.mark.parametrize(
    ("part", "named"),
    [
        ("屋根・基礎", ["outside", "foundation"]),
        ("土台（防腐・防蟻処理）", ["underfloor"]),
        ("門（扉・鍵）・物置（屋外・鋼製）", ["門（扉・鍵）", "物置（屋外・鋼製）"]),
    ],
)
def test_what_stands_in_brackets_is_no_part_of_its_own(part: str, named: list[str]):
    """A dot between brackets parts nothing: half a bracket would be read by owners and companies."""
    work: Any = SimpleNamespace(part=part)
    assert areas([work]) == named
