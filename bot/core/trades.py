"""What kind of company one is, and on which structures of houses it works, from the words that a file gives."""

from collections.abc import Mapping

# 構造: the families that a house's own word and a company's list are held against each other by. ツーバイフォー (枠組壁
# 工法) is of wood; 鉄骨鉄筋コンクリート is of two.
STRUCTURES: Mapping[str, tuple[str, ...]] = {
    "wood": ("木", "在来", "軸組", "枠組", "ツーバイ", "2×4", "2x4"),
    "concrete": ("鉄筋", "コンクリート", "RC", "ＲＣ"),
    "steel": ("鉄骨", "S造", "Ｓ造"),
}
# 種別: what is said of a company beside its name.
KINDS: Mapping[str, tuple[str, ...]] = {
    "inspection_company": ("検査", "点検", "診断", "インスペ"),
    "renovator": ("リフォーム", "改修", "改築", "リノベ"),
    "builder": ("工務店", "建設", "建築", "住宅", "ビルダー", "施工"),
}


def structures_of(words: str) -> frozenset[str]:
    """The families of structures that are named; none where no word is known."""
    return frozenset(family for family, known in STRUCTURES.items() if any(word in words for word in known))


def kind_of(words: str) -> str:
    """The kind of company; empty where no word is known. 「建築診断」 inspects."""
    return next((kind for kind, known in KINDS.items() if any(word in words for word in known)), "")
