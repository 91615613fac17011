"""Which of their cases a company means by the houses it names: 「山田様邸、佐藤様邸とも完了」."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from bot.core.case import Scene

# What may stand directly before a name without being a part of it: 「2月9日林様邸」.
DAY_BEFORE = re.compile(r"(?:[0-9０-９]日|[本昨今先翌]日|午前|午後)$")
IN_A_NAME = re.compile(r"[一-龥々ァ-ヶーA-Za-z]$")
SOMEBODY = re.compile(r"(?<![おご御])([一-龥々]{1,4})(?:様(?!子)|(?<!様)邸)")
NOBODY = re.compile(r"(?:客|奥|皆|主|主人|旦那|家主|大家|管理人|住人|[業有住居当]者|同|多|仕|模|有)$")
SPACES = re.compile(r"[ \u3000]+")


@dataclass(frozen=True, slots=True)
class Named:
    """The cases named, in the order of the text, and the words about each: from its name to the next one.

    ``unsure``: a name that two of their cases share, or that none of them has.
    """

    scenes: tuple[Scene, ...] = ()
    words: tuple[str, ...] = ()
    unsure: bool = False


def named(text: str, scenes: Iterable[Scene]) -> Named:
    """A house is named by its number or its owner's name."""
    known = {scene.case.id: scene for scene in scenes}
    places = sorted((*place, case_id) for case_id, scene in known.items() for place in _places(text, scene))
    starts = [start for start, _, _ in places]
    if _strangers(text, {end for _, end, _ in places}) or len(set(starts)) < len(starts):
        return Named(unsure=True)
    words: dict[str, str] = {}
    for (start, _, case_id), following in zip(places, [*starts, len(text)][1:], strict=True):
        words[case_id] = words.get(case_id, "") + text[start:following]
    return Named(tuple(known[case_id] for case_id in words), tuple(words.values()))


def _places(text: str, scene: Scene) -> list[tuple[int, int]]:
    """Where a text names this house: never within a longer name or number."""
    owner = scene.household.owner
    number = rf"(?<![A-Za-z0-9_-]){re.escape(scene.case.house_id)}(?![A-Za-z0-9_-])"
    places = [match.span() for match in re.finditer(number, text)]
    if owner is None or not owner.name.strip():
        return places
    family, *given = map(re.escape, SPACES.split(owner.name.strip()))
    whole = r"[ \u3000]*".join((family, *given)) + r"(?=[様邸宅]|[^一-龥々]|$)"
    called = f"{family}(?:様|(?=[邸宅]))"
    name = f"{called}|{whole}" if given else called
    return places + [match.span() for match in re.finditer(name, text) if _begins(text[: match.start()])]


def _begins(before: str) -> bool:
    """Whether a name can begin after this: 林 does not begin within 小林."""
    return not IN_A_NAME.search(before) or bool(DAY_BEFORE.search(before))


def _strangers(text: str, ends: set[int]) -> bool:
    """Whether somebody is named whose house is none of theirs."""
    called = (match for match in SOMEBODY.finditer(text) if not NOBODY.search(match[1]))
    return any(match.end() not in ends and match.end() - 1 not in ends for match in called)
