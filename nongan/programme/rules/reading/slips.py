"""Slips of text recognition that leave no doubt: one wrong character for one right one.

- 。 read as O or ○ behind a figure or at the end of a sentence (70%O三、)
- 0 read as O or o, 1 as l or I, within a number that a unit follows (1OO%, 2O19年, l2次)
- signs that look alike within a word that allows no other (责任卑位, 1月一7月, 3曰, 硝基吠喃)
"""

import re
from collections.abc import Iterator

_CN = "一二三四五六七八九十"
_BEFORE_MARK = rf"(?=\s*(?:$|\n|[{_CN}]{{1,3}}、|\([{_CN}]|\d{{1,2}}\s?[.、]))"
_SIGNS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"(?<=%)[Oo○](?=\s*(?:$|[^A-Za-z\d]))"), "。"),  # 70%O三、
    (re.compile(r"(?<=[\u4e00-\u9fff)”])O" + _BEFORE_MARK), "。"),
    (re.compile(r"(?<=[月日])一(?=\d{1,2}[月日])"), "—"),  # 1月一7月
    (re.compile(r"(?<=\d)曰"), "日"),
    (re.compile(r"(?<=\d)冃"), "月"),
    (re.compile(r"(?<=硝基)吠(?=喃)"), "呋"),
    (re.compile(r"(?<=责)[仼仟](?=\s?[单単卑]\s?位)"), "任"),
    (re.compile(r"(?<=[任头合办])[単卑](?=\s?位)"), "单"),
)
_UNIT = r"\s?(?:%|‰|[年月日万余多个家名次批起项场份人元分亩户吨件期台条条小学课])"
_DIGITS = re.compile(rf"(?<![A-Za-z0-9%])[0-9OolI]{{1,8}}(?=(?:\.[0-9OolI]{{1,4}})?{_UNIT})")
_LETTERS = {"O": "0", "o": "0", "l": "1", "I": "1"}
_BY_LETTERS = re.compile(r"[lI][Oo]{1,3}|[lI]")  # a number of letters only: lOO%, l次


def signs(plain: str) -> Iterator[tuple[list[int], str]]:
    """The places of each kind of wrong sign, and the right one."""
    for pattern, right in _SIGNS:
        yield [match.start() for match in pattern.finditer(plain)], right
    found: dict[str, list[int]] = {"0": [], "1": []}
    for match in _DIGITS.finditer(plain):
        if any(char.isdecimal() for char in match[0]) or _BY_LETTERS.fullmatch(match[0]):
            for place, char in enumerate(match[0], match.start()):
                if char in _LETTERS:
                    found[_LETTERS[char]].append(place)
    for right, places in found.items():
        yield places, right
