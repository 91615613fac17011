"""What an owner writes after an earthquake or a storm, beyond what is understood anyway: a sticker, and danger."""

import re

from bot.language.text.normal import normalise

COLOURS = {
    "red": r"赤|レッド|危険の(紙|札|ステッカー)|\bred\b",
    "yellow": r"黄|イエロー|要注意の(紙|札|ステッカー)|\byellow\b",
    "green": r"緑|グリーン|調査済|\bgreen\b",
}
PAPER = re.compile(r"紙|札|ステッカー|シール|判定|貼|はら(れ|っ)|sticker|placard|paper|tag", re.I)
NO_PAPER = re.compile(
    r"(紙|札|ステッカー|シール|何も|なにも|まだ)?.{0,6}(貼|は)(られて|って)(い)?(ない|ません)"
    r"|(紙|札|ステッカー|シール)(は|も)?.{0,4}(ない|ありません|無い)|no (sticker|placard|paper)|\bnone\b",
    re.I,
)
DANGER = re.compile(
    r"傾い|傾き|倒壊|倒れそう|崩れ|くずれ|潰れ|つぶれ|全壊|半壊|危な(い|く)|危険|近づけ(ない|ません)|入れ(ない|ません)"
    r"|collaps|leaning|dangerous|unsafe",
    re.I,
)
NOT_DANGER = re.compile(
    r"(危な|危険)(く|で)?(は)?(ない|ありません)|傾いて(は)?(い)?(ない|ません)|not (dangerous|leaning)", re.I
)


def sticker_in(text: str, *, asked: bool) -> str:
    """The colour of an official sticker that the words name, or none; empty where they speak of none.

    A bare colour counts only where it was ``asked``.
    """
    said = normalise(text)
    if NO_PAPER.search(said):
        return "none"
    found = [colour for colour, words in COLOURS.items() if re.search(words, said, re.I)]
    return found[0] if len(found) == 1 and (asked or PAPER.search(said)) else ""


def speaks_of_danger(text: str) -> bool:
    """Whether a house may come down, or cannot be entered."""
    said = normalise(text)
    return bool(DANGER.search(said)) and not NOT_DANGER.search(said)
