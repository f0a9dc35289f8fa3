"""Pinyin as names are written in it: `段青山` → `Duan Qingshan`."""

from __future__ import annotations

from functools import lru_cache

# As surnames these are read in a way of their own.
_SURNAMES = {
    "单": "shan", "解": "xie", "仇": "qiu", "朴": "piao", "盖": "ge", "区": "ou", "查": "zha",
    "曾": "zeng", "翟": "zhai", "缪": "miao", "任": "ren", "华": "hua", "覃": "qin", "冼": "xian",
    "尉迟": "yuchi", "长孙": "zhangsun", "令狐": "linghu", "澹台": "tantai", "纪": "ji",
    "燕": "yan", "宁": "ning", "沈": "shen", "曲": "qu", "万俟": "moqi", "仉": "zhang",
}  # fmt: skip
# Places known abroad by another spelling than their pinyin.
_PLACES = {
    "陕西": "Shaanxi", "内蒙古": "Inner Mongolia", "西藏": "Tibet", "香港": "Hong Kong",
    "澳门": "Macau", "哈尔滨": "Harbin", "呼和浩特": "Hohhot", "乌鲁木齐": "Urumqi",
    "拉萨": "Lhasa", "喀什": "Kashgar", "吐鲁番": "Turpan", "日喀则": "Shigatse",
    "鄂尔多斯": "Ordos", "呼伦贝尔": "Hulunbuir", "克拉玛依": "Karamay", "伊犁": "Ili",
    "齐齐哈尔": "Qiqihar", "台北": "Taipei", "高雄": "Kaohsiung", "台中": "Taichung",
    "新竹": "Hsinchu", "基隆": "Keelung", "新加坡": "Singapore", "纽约": "New York",
    "伦敦": "London", "巴黎": "Paris", "东京": "Tokyo", "首尔": "Seoul", "洛杉矶": "Los Angeles",
    "旧金山": "San Francisco", "悉尼": "Sydney", "曼谷": "Bangkok", "柏林": "Berlin",
    "罗马": "Rome", "莫斯科": "Moscow",
}  # fmt: skip


def person(surname: str, given: str = "") -> str:
    """Write a name surname first, as passports do, either part of which may be empty.

    >>> person("单", "晓安")
    "Shan Xiao'an"
    """
    said = _SURNAMES.get(surname) or "".join(_syllables(surname))
    return " ".join(part.capitalize() for part in (said, word(given)) if part)


def place(name: str) -> str:
    """Write a place as maps have it: its pinyin, or the name it is known by abroad."""
    return _PLACES.get(name) or word(name)


def word(chinese: str) -> str:
    """Write pinyin without tones as one word, apart where it could be misread: `Xi'an`."""
    first, *rest = _syllables(chinese) or ("",)
    return (first + "".join(f"'{each}" if each[0] in "aoe" else each for each in rest)).capitalize()


@lru_cache(maxsize=4096)
def _syllables(chinese: str) -> tuple[str, ...]:
    from pypinyin import Style, lazy_pinyin

    said = lazy_pinyin(chinese, style=Style.NORMAL, v_to_u=True)
    return tuple(each for each in said if each.strip())
