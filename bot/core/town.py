"""The town in an address: prefecture and municipality, and of a designated city the ward. What follows is private."""

import re

# Municipalities whose own names hold a 市, 町 or 村, or that would be cut short by one.
_CITIES = (
    "旭川|伊達|石狩|盛岡|奥州|田村|南相馬|那須塩原|東村山|武蔵村山|羽村|十日町|上越|富山|野々市|大町|蒲郡|四日市|市川|市原|町田"
    "|姫路|大和郡山|廿日市|下松|岩国|田川|大村|宮古|富良野|別府|佐伯|黒部|小諸|塩尻|玉野|周南|村上|村山|八日市場|今市"
)
_TOWN = re.compile(
    r"(?:.{2,3}?[都道府県])?"
    rf"(?:(?:{_CITIES})市"
    r"|(?:余市|高市|[^市]{2,3}?)郡(?:玉村|大町|.{1,5}?)[町村]"
    r"|(?:.{1,4}市)?[^町]{1,4}?区"
    r"|.{1,7}?[市町村])"
)


def town_of(address: str) -> str:
    """「東京都世田谷区」 of 「東京都世田谷区太子堂1-2-3」; empty where no municipality is found."""
    found = _TOWN.match(address.strip())
    return found[0] if found else ""
