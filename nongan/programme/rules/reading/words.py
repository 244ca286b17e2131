"""Targets that a plan states in words: “全部纳入追溯体系”, “经费增幅高于经常性财政收入增幅”.

Only sayings that leave no doubt of their value: all of something, or 全覆盖, is 100 %, growth above another growth is
a difference of at least 0 percentage points.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from nongan.programme.rules.indicators import indicator_for
from nongan.programme.rules.reading.quantities import find_figures
from nongan.programme.rules.reading.shapes import Comparator

_ALL = r"(?:全部|全面|所有|均|都要?|各级|两级|三级|市县|每个|各)"
_QUALIFIED = r"(?:计量认证|资质认定|双认证|“?双认证”?|CMA|CATL|机构考核)"
_SAYINGS: tuple[tuple[str, str, Decimal, str, re.Pattern[str]], ...] = (
    (
        "traced_bases", "%", Decimal(100), "追溯",
        re.compile(r"[^,。;]{0,40}(?:基地|[三两]品一标|绿色食品|有机)[^,。;]{0,20}(?:全部|全面|均|都)[^,。;]{0,6}纳入[^,。;]{0,14}追溯[^,。;]{0,6}"),
    ),
    (
        "six_haves", "%", Decimal(100), "有",
        re.compile(
            r"[^,。;]{0,12}(?:所有|全部|每个|各)[^,。;“”]{0,16}(?:乡镇|镇街|监管站|监管机构|街道)[^,。;“”]{0,20}"
            r"(?:“?六有”?|“有[^”、]{1,20}(?:、有[^”、]{1,20}){4,7}”)[^,。;]{0,20}"
            r"|[^,。;]{0,12}(?:乡镇|镇街|镇村|街道|基层)[^,。;“”]{0,16}(?:站|机构|所)[^,。;“”]{0,4}(?:全部|均|都|100%)[^,。;“”]{0,8}“?六有”?[^,。;]{0,12}"
        ),
    ),
    (
        "labs_qualified", "%", Decimal(100), "机构",
        re.compile(
            rf"[^,。;]{{0,14}}{_ALL}[^,。;]{{0,16}}(?:检测|检验|质检)[^,。;]{{0,8}}(?:机构|中心|站)[^,。;]{{0,12}}(?:取得|通过|获得|具备)"
            rf"[^,。;]{{0,24}}{_QUALIFIED}[^,。;]{{0,30}}"
        ),
    ),
    (
        "budget_growth", "百分点", Decimal(0), "增",
        re.compile(r"[^,。;]{0,16}(?:经费|投入|预算)[^,。;]{0,12}(?:,[^,。;]{0,4})?增(?:长|幅)[^,。;]{0,8}(?:高于|超过|不低于|大于)[^,。;]{0,14}(?:增长|增幅)[^,。;]{0,6}"),
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Said:
    start: int
    end: int
    comparator: Comparator
    value: Decimal
    unit: str
    indicator: str | None


def in_words(plain: str, start: int, end: int) -> Iterator[Said]:
    """The sayings between `start` and `end` that print no figure of their own."""
    for indicator, unit, value, word, saying in _SAYINGS:
        if plain.find(word, start, end) < 0:
            continue
        for match in saying.finditer(plain, start, end):
            figures = find_figures(plain, *match.span())
            if all(_quoted(plain, match, figure.start) for figure in figures):
                comparator = Comparator.AT_LEAST if indicator == "budget_growth" else Comparator.EXACTLY
                yield Said(*match.span(), comparator, value, unit, indicator)
    if plain.find("覆盖", start, end) >= 0:
        yield from _covered(plain, start, end)


_COVERED = re.compile(r"[^,。;!?、]{2,40}(?<![、—-])全(?:面)?覆盖(?=[,。;!?)\s]|$)")
_PURSUES = re.compile("推[进动行]|扩大|探索|逐步|促进|加快|努力")
_REACHES = re.compile("实现|达到|做到|确保|力争")


def _covered(plain: str, start: int, end: int) -> Iterator[Said]:
    """“追溯管理实现全覆盖” is 100 %; “推进全覆盖” is a direction, not a figure."""
    for match in _COVERED.finditer(plain, start, end):
        if "“" in match[0] or "%" in match[0] or (_PURSUES.search(match[0]) and not _REACHES.search(match[0])):
            continue
        what = re.sub("(?:实现|达到|做到|力争|确保)?全面?覆盖", "覆盖率达到", match[0])
        if len(what) > len("覆盖率达到") + 1:
            yield Said(*match.span(), Comparator.EXACTLY, Decimal(100), "%", indicator_for(what, "%"))


def _quoted(plain: str, match: re.Match[str], place: int) -> bool:
    return plain.count("“", match.start(), place) > plain.count("”", match.start(), place)
