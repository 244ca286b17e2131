"""Figures: a number with its unit and the words that compare it.

    figure     = [before] number [scale] unit [after]      不少于4400批次, 98%以上, 2万批次, 百分之九十八
               | number - number unit                      3—5个: the lower bound, or the upper after 不超过
    before     = 不少于 不低于 至少 达到 提高到 稳定在 ≥ …   at least
               | 不超过 不高于 控制在 降到 低于 ≤ …          at most; nothing: exactly
    after      = 以上 (at least) | 以下 以内 (at most)       goes before what stands in front
    unit       = % ‰ 百分点 批次 人次 次 场 个 家 户 人 亩 吨 小时 学时 元 … [/千人]

A scale is multiplied out (2万批次: 20000 批次). A Chinese number counts only where something compares it, or 每
makes it a frequency, or it is at least a hundred, so that 三级, 两手抓 or 一个 are none. Dates, document numbers and ordinals have no such unit.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from nongan.programme.rules.reading.numerals import CHINESE, SCALES, chinese_number
from nongan.programme.rules.reading.shapes import Comparator

_NUMBER = r"(?:\d{1,3}(?:,\d{3})+(?!\d)|\d{1,9})(?:\.\d{1,4})?"
_SCALE = "十万|百万|千万|万|亿|百|千"
_PER = r"(?:\s?[/每]\s?(?:千人|万人|百人|百户|人|亩|户|年|月|季度|周|次|头|公斤|千克|吨))+"
_UNITS = (
    "个百分点|百分点|%|‰|个?批次|批\\(次\\)|人次|车次|场次|家次|户次|班次|个工作日|工作日|个?小时|个?学时|个?课时|分钟|个月|立方米|平方米|平方公里"
    "|公里|公顷|公斤|千克|毫克/千克|mg/kg|kg|亩次|标准亩|亩|吨|元|批|次|场|期|家|户|人|名|件|宗|起|例|项|台套|台|套|辆|艘|条|处|座|间|所"
    "|支|篇|部(?![门队委署省级分位长件])|幅(?!度)|块(?![茎根状])|种(?![植养子业类苗畜禽粮群质])|份|张|枚|册|本|只|头|羽|尾|株|米|克|升|倍|天|日(?=内|以内|之内)|分(?!之|钟|别|类|级|解|工|析|期|批|步|段|布|管|散)|个"
)
UNIT = f"(?:{_UNITS})(?:{_PER})?"
_SEP = r"\s?(?:-{1,2}|[—–~―－]{1,2}|至|到)\s?"
_FIGURE = re.compile(
    rf"(?<![\d.A-Za-z第])(?:(?P<low>{_NUMBER})\s?(?P<lowscale>{_SCALE})?(?P<lowunit>%|个|家|次|元|亩)?{_SEP})?"
    rf"(?P<number>{_NUMBER})\s?(?P<scale>{_SCALE})?(?P<more>余|多)?\s?(?P<unit>{_UNITS})(?P<per>{_PER})?"
)
_CHINESE_FIGURE = re.compile(
    rf"百分之(?P<percent>{CHINESE}+(?:点{CHINESE}+)?)|(?P<tenths>[一二三四五六七八九])成(?=[以左,。;、!\s]|$)"
    rf"|(?<![第\d.,{CHINESE[1:-1]}])(?P<number>{CHINESE}+)(?P<unit>{_UNITS})(?P<per>{_PER})?"
)
FRACTION = re.compile(rf"(?!百)(?!千)(?!万)[{CHINESE[1:-1]}]{{1,2}}分之[{CHINESE[1:-1]}]{{1,3}}|翻[一两二三四]番")

_AT_LEAST = (
    "不少于|不低于|不小于|不得少于|不得低于|不能少于|不能低于|至少|最少|最低|≥|>=|>|大于等于|大于|高于|超过|多于|突破|达到了?|达|"
    "(?:提高|提升|增加|增长|上升|扩大|发展|升|增|稳定|保持|维持)(?:到|至|在)|保持"
)
_AT_MOST = (
    "不高于|不超过|不大于|不多于|不得超过|不得高于|不得多于|≤|<=|<|小于等于|低于|小于|少于|最多|最高|控制(?:在|到|为)"
    "|(?:降|降低|下降|减少|压减|压缩|缩短|减)(?:到|至|为)"
)
_FILLER = r"(?:(?<=少于|低于|小于|高于|超过|大于|多于|至少)[一-龥]{1,8}?)?"
_BEFORE = re.compile(
    rf"(?:(?P<least>{_AT_LEAST})|(?P<most>{_AT_MOST})){_FILLER}\s*(?:约|近|每年|全年|每[千万百]人)?\s*$"
)
_AFTER = re.compile(
    r"\s*(?:\(\s?含[^()]{0,10}\))?\s*(?:(?P<least>及?以上|之上)|(?P<most>及?以下|以内|之内|内(?!部|容|设))|(?P<about>左右|上下))"
)
_EVERY = re.compile(r"(?:每(?:年|季度|季|月|周|半年|旬|日|天|村|镇|乡|县|人|户|家|批|个)|年均|人均|户均)[^,。;]{0,14}$")
_PER_HEAD = re.compile(r"每(千人|万人|百人)[^,。;\d]{0,12}$")

_WINDOW = 24


@dataclass(frozen=True, slots=True)
class Figure:
    """`start` to `end` covers number and unit; `left` to `right` also the words that compare."""

    start: int
    end: int
    left: int
    right: int
    value: Decimal
    unit: str
    comparator: Comparator
    compared: bool


def find_figures(plain: str, start: int, end: int) -> Iterator[Figure]:
    """All figures between `start` and `end`, in order."""
    found = [figure for match in _FIGURE.finditer(plain, start, end) if (figure := _arabic(plain, match, start, end))]
    digits = [(figure.start, figure.end) for figure in found]
    for match in _CHINESE_FIGURE.finditer(plain, start, end):
        in_a_unit = any(first <= match.start() < last for first, last in digits)  # 批次/千人
        if not in_a_unit and (figure := _chinese(plain, match, start, end)):
            found.append(figure)
    yield from sorted(found, key=lambda figure: figure.start)


def _arabic(plain: str, match: re.Match[str], start: int, end: int) -> Figure | None:
    value = _value(match["number"], match["scale"])
    if match["unit"].startswith("分") and not _compares(plain, match, start, end):
        return None
    first, comparator, left, right = match.start("number"), *_comparison(plain, match, start, end)
    compared = left < match.start() or right > match.end()
    if match["low"]:
        first = match.start()
        if comparator is not Comparator.AT_MOST:
            value, comparator = _value(match["low"], match["lowscale"] or match["scale"]), Comparator.AT_LEAST
    if match["more"] and comparator is Comparator.EXACTLY:
        comparator = Comparator.AT_LEAST
    return Figure(first, match.end(), left, right, value, _unit(plain, match, start), comparator, compared)


def _chinese(plain: str, match: re.Match[str], start: int, end: int) -> Figure | None:
    value = chinese_number(match["percent"] or match["tenths"] or match["number"])
    if value is None:
        return None
    comparator, left, right = _comparison(plain, match, start, end)
    compared = left < match.start() or right > match.end()
    if match["tenths"]:  # 四成以上: at least 40 %
        value *= 10
    if match["percent"] or (match["tenths"] and compared):
        return Figure(match.start(), match.end(), left, right, value, "%", comparator, compared)
    if match["tenths"]:
        return None
    large = len(match["number"]) > 1 and match["number"][0] not in "十百千万" and value >= 100
    if match["unit"].startswith("分") or not (compared or large or _frequency(plain, match, start)):
        return None
    return Figure(match.start(), match.end(), left, right, value, _unit(plain, match, start), comparator, compared)


def _compares(plain: str, match: re.Match[str], start: int, end: int) -> bool:
    return bool(
        _BEFORE.search(plain, max(start, match.start() - _WINDOW), match.start())
        or _AFTER.match(plain, match.end(), end)
    )


def _frequency(plain: str, match: re.Match[str], start: int) -> bool:
    counts = match["unit"] in ("次", "场", "期", "批次", "批", "场次", "人次")
    return counts and bool(_EVERY.search(plain, max(start, match.start() - _WINDOW), match.start()))


def _comparison(plain: str, match: re.Match[str], start: int, end: int) -> tuple[Comparator, int, int]:
    """The comparator, and how far to the left and right its words reach."""
    before = _BEFORE.search(plain, max(start, match.start() - _WINDOW), match.start())
    after = _AFTER.match(plain, match.end(), end)
    left = before.start() if before else match.start()
    right = after.end() if after else match.end()
    if after and not after["about"]:
        return (Comparator.AT_LEAST if after["least"] else Comparator.AT_MOST), left, right
    if before and not after:
        return (Comparator.AT_LEAST if before["least"] else Comparator.AT_MOST), left, right
    return Comparator.EXACTLY, left, right


def _value(number: str, scale: str | None) -> Decimal:
    value = Decimal(number.replace(",", "")) * SCALES.get(scale or "", 1)
    return value.to_integral_value() if value == value.to_integral_value() else value.normalize()


def _unit(plain: str, match: re.Match[str], start: int) -> str:
    unit = match["unit"]
    if len(unit) > 1 and unit.startswith("个"):
        unit = unit[1:]
    if unit == "批(次)":
        unit = "批次"
    if match["per"]:
        return unit + re.sub(r"\s", "", match["per"]).replace("每", "/").replace("//", "/")
    head = _PER_HEAD.search(plain, max(start, match.start() - _WINDOW), match.start())
    return f"{unit}/{head[1]}" if head and unit == "批次" else unit
