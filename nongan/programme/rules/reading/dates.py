"""Dates and periods as plans write them.

    period  = moment [SEP moment] [前] | 即日起至 moment | moment 起 | 2018—2020年
    moment  = year [month [part] | half | quarter | 底] | month [part] | 年底 | 2018-06-30 | 2018.6
    year    = 2018年 | 二〇一八年 | 20XX年 | 今年, 次年 …        (今年: unknown; 次年: the year after the one in force)
    part    = 上旬 (1–10) | 中旬 (11–20) | 下旬 (21–end) | 初 | 中 | 底 | 末 | 30日

The second moment of a range inherits the year and month of the first. A month without a year takes the `year` in
force where it stands, and is unknown without one: a year is never guessed. “前” leaves the start open, “起” the
end. An unknown moment gives None, and then `Period.complete` is False.
"""

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from nongan.programme.rules.reading.numerals import ordinal

_CN = "[零〇○一二三四五六七八九十]"
_SEP = r"\s*(?:-{1,2}|[—–~―－]{1,2}|至|到)\s*"

_HINT = re.compile(
    rf"(?<![\d.\-/〇A-Za-z])(?:20[\dXxY×*?○_]|[Xx×]{{2,4}}\s*年|\d{{1,2}}\s*(?:月|{_SEP}\d{{1,2}}\s*月)|{_CN}{{1,2}}月|二[零〇○]|[今明当次翌]年|年[底末初])"
)
_AT_ONCE = re.compile(r"\d{1,2}月")  # behind the number of a heading: 2.4月至10月
_YEARS = re.compile(rf"(20\d\d)\s*年?{_SEP}(20\d\d)\s*年")
_DIGITAL = re.compile(r"(20\d\d)\s?[-./]\s?(1[0-2]|0?[1-9])(?:\s?[-./]\s?(3[01]|[12]\d|0?[1-9]))?(?![\d%])")
_YEAR = re.compile(
    rf"(20\d\d|20[XxY×*?○_]{{2}}|20\d[A-Za-z×*?○_]|[Xx×*]{{2,4}}|二[零〇○]{_CN}{{2}})\s*年度?\s*|([今明当次翌])年\s*"
)
_MONTH = re.compile(rf"(1[0-2]|0?[1-9]|{_CN}{{1,2}})\s*(?:月份?|(?=底)|(?={_SEP}(?:1[0-2]|0?[1-9])\s*月))\s*")
_DAY = re.compile(rf"(\d{{1,2}}|{_CN}{{1,3}})\s*(?:[日号]|(?={_SEP}\d{{1,2}}\s*[日号]))")
_TENTH = re.compile("上旬|中旬|下旬|上半月|下半月|初|中(?!央|国|心)|底|末")
_PART_OF_YEAR = re.compile("[上下]半年|第?[一二三四1-4]季度|年?(?:底|末|初|中期)")
_TO = re.compile(_SEP)
_BEFORE = re.compile(r"\s*(?:之前|以前|前)")
_SINCE = re.compile(r"\s*(?:开始|起|以后|之后)")
_UNTIL = re.compile(r"(?:即日起|现在起|印发之日起)\s*(?:至|到)\s*$")
_EVERY = re.compile(r"每(?:年|月|季度)?(?:的|度)?\s*$")
UNTIL_NOW = re.compile(r"(?:自|从)?\s*(?:(?:即日|现在|印发之日)起)?\s*(?:至|到)?\s*")

_TENTHS = {"上旬": (1, 10), "中旬": (11, 20), "下旬": (21, 31), "上半月": (1, 15), "下半月": (16, 31)}
_TENTHS |= {"初": (1, 10), "中": (11, 20), "底": (31, 31), "末": (31, 31)}


@dataclass(frozen=True, slots=True)
class Period:
    """`start` or `end` None: open or unknown. `begin` and `stop` are its place in the text read."""

    start: date | None
    end: date | None
    begin: int
    stop: int
    complete: bool
    deadline: bool
    year: int | None


@dataclass(frozen=True, slots=True)
class _Moment:
    """`first` to `last` day, None when unknown; `year` and `month` are what a following moment inherits."""

    first: date | None
    last: date | None
    year: int | None
    month: int | None
    stop: int


def find_periods(plain: str, start: int, end: int, year: int | None = None) -> Iterator[Period]:
    """All periods between `start` and `end` of `plain`; each hands its year to the next."""
    place = start
    while hint := (place == start and _AT_ONCE.match(plain, place, end)) or _HINT.search(plain, place, end):
        period = _period(plain, hint.start(), end, year)
        if period is None or _EVERY.search(plain, max(start, hint.start() - 4), hint.start()):
            place = hint.end()
            continue
        yield period
        year, place = period.year, period.stop


def period_at(plain: str, place: int, end: int, year: int | None = None) -> Period | None:
    """The period that begins exactly at `place`, with its 自 or 即日起至 if it has one."""
    lead = UNTIL_NOW.match(plain, place, end)
    period = _period(plain, lead.end() if lead else place, end, year)
    return replace(period, begin=place) if period else None


def _period(plain: str, place: int, end: int, year: int | None) -> Period | None:
    if years := _YEARS.match(plain, place, end):
        began, ended = int(years[1]), int(years[2])
        return Period(date(began, 1, 1), date(ended, 12, 31), place, years.end(), True, False, ended)
    one = _moment(plain, place, end, year, None)
    if one is None:
        return None
    joint = _TO.match(plain, one.stop, end)
    two = _moment(plain, joint.end(), end, one.year, one.month) if joint else None
    last = two or one
    stop_day = last.last
    if one.first and stop_day and stop_day < one.first:  # 2019年10月至3月: whose March is not said
        stop_day = None
    period = Period(one.first, stop_day, place, last.stop, None not in (one.first, stop_day), False, last.year)
    if _UNTIL.search(plain, max(0, place - 8), place):
        return replace(period, start=None, deadline=True)
    if before := _BEFORE.match(plain, last.stop, end):
        start = period.start if two else None
        return replace(period, start=start, stop=before.end(), deadline=True)
    if since := _SINCE.match(plain, last.stop, end):
        return replace(period, end=None if not two else period.end, stop=since.end())
    return period


def _moment(plain: str, place: int, end: int, year: int | None, month: int | None) -> _Moment | None:
    if digital := _DIGITAL.match(plain, place, end):
        return _digital(digital)
    stop = place
    if named := _YEAR.match(plain, place, end):
        month, stop = None, named.end()
        year = _year(named[1]) if named[1] else year + 1 if year and named[2] in "次翌" else None
    part = _PART_OF_YEAR.match(plain, stop, end)
    if part and (named or part[0].startswith("年") or part[0][-1] == "度" or part[0].endswith("半年")):
        return _part_of_year(part, year)
    if found := _MONTH.match(plain, stop, end):
        number = ordinal(found[1])
        return _within_month(plain, found.end(), end, year, number) if number and number <= 12 else None
    if month and not named and (day := _DAY.match(plain, place, end)):
        return _day(year, month, day)
    if not named:
        return None
    return _days(year, 1, 12, stop)


def _within_month(plain: str, place: int, end: int, year: int | None, month: int) -> _Moment:
    if day := _DAY.match(plain, place, end):
        return _day(year, month, day)
    if tenth := _TENTH.match(plain, place, end):
        first, last = _TENTHS[tenth[0]]
        if year is None:
            return _Moment(None, None, None, month, tenth.end())
        length = monthrange(year, month)[1]
        return _Moment(
            date(year, month, min(first, length)), date(year, month, min(last, length)), year, month, tenth.end()
        )
    return _days(year, month, month, place)


def _days(year: int | None, first: int, last: int, stop: int) -> _Moment:
    """The first day of month `first` to the last day of month `last`."""
    month = first if first == last else None
    if year is None:
        return _Moment(None, None, None, month, stop)
    return _Moment(date(year, first, 1), date(year, last, monthrange(year, last)[1]), year, month, stop)


def _day(year: int | None, month: int, day: re.Match[str]) -> _Moment:
    number = ordinal(day[1]) or 0
    if year is None or not 1 <= number <= monthrange(year, month)[1]:
        return _Moment(None, None, year, month, day.end())
    the_day = date(year, month, number)
    return _Moment(the_day, the_day, year, month, day.end())


def _digital(match: re.Match[str]) -> _Moment:
    year, month = int(match[1]), int(match[2])
    if not match[3]:
        return _days(year, month, month, match.end())
    if int(match[3]) > monthrange(year, month)[1]:
        return _Moment(None, None, year, month, match.end())
    the_day = date(year, month, int(match[3]))
    return _Moment(the_day, the_day, year, month, match.end())


def _part_of_year(part: re.Match[str], year: int | None) -> _Moment:
    words = part[0]
    if words.endswith("半年"):
        first, last = (1, 6) if words[0] == "上" else (7, 12)
    elif words.endswith("季度"):
        quarter = ordinal(words[-3]) or 1
        first, last = 3 * quarter - 2, 3 * quarter
    elif words[-1] in "底末":
        end = None if year is None else date(year, 12, 31)
        return _Moment(end, end, year, 12, part.end())
    else:
        first, last = (1, 1) if words[-1] == "初" else (6, 6)
    return _days(year, first, last, part.end())


def _year(text: str) -> int | None:
    value = ordinal(text.replace("○", "〇"))
    return value if value and 2000 <= value <= 2099 else None
