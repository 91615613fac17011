"""Municipalities by their 全国地方公共団体コード, in whichever of its forms somebody writes it.

The code itself has five digits (prefecture by JIS X 0401, municipality by JIS X 0402); a sixth is its check digit. The
meteorological agency writes the five and two more, 00 for the municipality as a whole. Designated cities have a code
of their own and one for each of their wards: earthquakes are told by ward, other things by city, and a house may be
known by either.
"""

from collections.abc import Iterator, Mapping
from typing import TypeVar

Level = TypeVar("Level")
# 政令指定都市 and the wards of Tokyo: their wards follow their own code, up to the next city's or up to 199.
CITIES = (
    *("01100", "04100", "11100", "12100", "13100", "14100", "14130", "14150", "15100", "22100", "22130"),
    *("23100", "26100", "27100", "27140", "28100", "33100", "34100", "40100", "40130", "43100"),
)
LAST_WARD = 199
# 都道府県 in the order of their numbers (JIS X 0401).
PREFECTURES = (
    *("北海道", "青森県", "岩手県", "宮城県", "秋田県", "山形県", "福島県", "茨城県"),
    *("栃木県", "群馬県", "埼玉県", "千葉県", "東京都", "神奈川県", "新潟県", "富山県"),
    *("石川県", "福井県", "山梨県", "長野県", "岐阜県", "静岡県", "愛知県", "三重県"),
    *("滋賀県", "京都府", "大阪府", "兵庫県", "奈良県", "和歌山県", "鳥取県", "島根県"),
    *("岡山県", "広島県", "山口県", "徳島県", "香川県", "愛媛県", "高知県", "福岡県"),
    *("佐賀県", "長崎県", "熊本県", "大分県", "宮崎県", "鹿児島県", "沖縄県"),
)
ROMAN = (  # the same, as they are written in English
    *("Hokkaido", "Aomori", "Iwate", "Miyagi", "Akita", "Yamagata", "Fukushima", "Ibaraki"),
    *("Tochigi", "Gunma", "Saitama", "Chiba", "Tokyo", "Kanagawa", "Niigata", "Toyama"),
    *("Ishikawa", "Fukui", "Yamanashi", "Nagano", "Gifu", "Shizuoka", "Aichi", "Mie"),
    *("Shiga", "Kyoto", "Osaka", "Hyogo", "Nara", "Wakayama", "Tottori", "Shimane"),
    *("Okayama", "Hiroshima", "Yamaguchi", "Tokushima", "Kagawa", "Ehime", "Kochi", "Fukuoka"),
    *("Saga", "Nagasaki", "Kumamoto", "Oita", "Miyazaki", "Kagoshima", "Okinawa"),
)
NUMBERED = {f"{number:02d}": name for number, name in enumerate(PREFECTURES, 1)}


def five_digits(code: str) -> str:
    """The code without what stands behind it. Raises ValueError for what is no municipality of a prefecture."""
    known = len(code) in (5, 6, 7) and code.isascii() and code.isdigit()
    if not known or not 1 <= int(code[:2]) <= 47 or code[2:5] == "000":
        raise ValueError(f"{code[:20]} is no municipality code")
    if len(code) == 6 and code[5] != check_digit(code[:5]):
        raise ValueError(f"{code}: its check digit is wrong")
    return code[:5]


def check_digit(code: str) -> str:
    """The sixth digit: the last digit of 11 less the remainder by 11 of the five weighted 6, 5, 4, 3, 2."""
    weighted = sum(int(digit) * weight for digit, weight in zip(code, (6, 5, 4, 3, 2), strict=True))
    return str((11 - weighted % 11) % 10)


def forms_of(code: str) -> tuple[str, str]:
    """How a house's row may write a code of five digits."""
    return code, code + check_digit(code)


def city_of(code: str) -> str:
    """The city that a ward is part of; empty for what is no ward."""
    if not 100 < int(code[2:]) <= LAST_WARD or code in CITIES:
        return ""
    return max((city for city in CITIES if city[:2] == code[:2] and city < code), default="")


def kin_of(code: str) -> Iterator[str]:
    """The codes under which houses there may be known: itself, of a ward its city, of a city all its wards."""
    yield code
    if city := city_of(code):
        yield city
    if code in CITIES:
        numbers = range(int(code) + 1, int(code[:2]) * 1000 + LAST_WARD + 1)
        yield from (ward for number in numbers if city_of(ward := f"{number:05d}") == code)


def level_at(code: str, levels: Mapping[str, Level]) -> Level | None:
    """What was told of the place with this code, or else of its city; None where nothing was.

    For a house that is known by its city alone the first of what was told of a ward is taken: give the strongest first.
    """
    if code in levels:
        return levels[code]
    if city := city_of(code):
        return levels.get(city)
    wards = (level for other, level in levels.items() if city_of(other) == code) if code in CITIES else iter(())
    return next(wards, None)
