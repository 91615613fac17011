"""Where one statement ends and the next begins."""

import re
from dataclasses import dataclass

from bot.language.text.opening import guarded

EMOJI = "[☀-➿⌀-⏿⬀-⯿\U0001f000-\U0001faff]"

# A full stop or an emoji ends a clause; so does a comma, but not between figures (2、3日前) or before と思います.
COMMA = r"(?<!\d)[,、]+(?!と[聞言思の])|(?<=\d)[,、]+(?![\d\s]|と[聞言思の])"
STOP = rf"[。!?;\n]+|(?<!\d)\.+|\.+(?!\d)|{COMMA}|{EMOJI}+"
# So does a connecting word after a finished verb: 終わりました|が, 来ないん|ですけど, 忙しい|ので.
FINITE = "ます|です|ません|でした|ました|った|いた|んだ|した|来た|れた|せた|けた|めた|みた|てた|ない|たい|よう|だ"
BUT = "けれども|けれど|けども|けど"
GA = "が(?!る|って|っ|ち|た[るりっ])"
LISTING = "し(?![かてなまよたずばゃいらくとん。!?]|$)"
LINKING = f"{GA}|{BUT}|ので(?!す|し)|のに|ものの|から|{LISTING}"
LINKS = [f"(?<={word})(?:{LINKING})" for word in FINITE.split("|")]
LOOSE = rf"(?<=[るうくむい])(?:{BUT}|ので(?!す|し)|のに|から(?!$))|(?<=な)(?:ので(?!す|し)|のに)"
BREAK = re.compile(guarded([STOP, *LINKS, LOOSE]))
ASKING = re.compile(r"(?:です|ます|ました|ません|でしょう|でした|ないです)か(?:ね|な)?$")
LONGEST = 300  # characters; longer stretches without a stop are cut, so that work stays linear


@dataclass(frozen=True, slots=True)
class Clause:
    """One statement: where it stands in the text, its words, and whether a question mark ends it."""

    start: int
    end: int
    text: str
    asks: bool = False


def clauses(text: str) -> list[Clause]:
    """The statements of a normalised text, in order, without their punctuation."""
    found: list[Clause] = []
    start = 0
    for stop in BREAK.finditer(text):
        end = stop.end() if stop[0][0] in "がけのもかし" else stop.start()
        if end > start:
            found.extend(_cut(text, start, end, "?" in stop[0]))
        elif "?" in stop[0] and found:
            found[-1] = Clause(found[-1].start, found[-1].end, found[-1].text, asks=True)
        start = stop.end()
    found.extend(_cut(text, start, len(text), asks=False))
    return found


def _cut(text: str, start: int, end: int, asks: bool) -> list[Clause]:
    pieces = range(start, end, LONGEST)
    asks = asks or bool(ASKING.search(text, max(start, end - 8), end))
    return [
        Clause(at, min(at + LONGEST, end), text[at : min(at + LONGEST, end)], asks)
        for at in pieces
        if text[at:end].strip()
    ]
