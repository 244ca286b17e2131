"""The phases of a plan: name, first and last day, what is done.

    phase = number name [ "(" period ")" | ":" period ] text

A month without a year takes the year of the phase before it, unless the phase would then begin before that one: a
year is never guessed. What names no full date gives None and is listed as unread.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from nongan.programme.rules.reading.dates import Period, find_periods, period_at
from nongan.programme.rules.reading.marks import Style
from nongan.programme.rules.reading.outline import Node
from nongan.programme.rules.reading.paragraphs import paragraphs
from nongan.programme.rules.reading.shapes import Aside, Phase, Reason
from nongan.programme.rules.reading.sheet import Sheet
from nongan.programme.rules.reading.source import Range

_STAGE = re.compile(r"[^\n。;,、:()]{0,24}(?:阶段|环节|步骤)")
_PARTS, _SMALL_PARTS = re.compile("[;。\n]"), re.compile("[,;。\n]")
_SHORT_NAME = re.compile(r"[一-龥]{4,10}(?=[。:;,]|\Z)")
_ENDS = re.compile(r"[(:。\n;]|(?<=阶段),")
_EMPTY_BRACKETS = re.compile(
    r"[(（\[【〔][\s,，、:：;；]*(?:时间)?[:：]?(?:自|从)?(?:即日|现在|印发之日)?起?(?:至|到)?(?:完成)?[\s,，、:：;；]*[)）\]】〕]"
)
_YEAR = re.compile(r"20\d\d|二[零〇○]")
Days = tuple[date | None, date | None]
_AROUND = re.compile(
    r"^(?:第?[一二三四五六七八九十]+(?:阶段|步))?[:：、,，。.]+|^[为是](?=[一-龥]{2,12}阶段)|(?:时间|时限|期限|日期)?[:：、,，。;；.—-]+$"
)
_TIME = re.compile(r"(?:工作|实施)?(?:时间|时限|期限)(?:安排)?\s*[:为]?\s*")
_EARLY = 60  # characters of the text behind the name in which a phase may say when it is


@dataclass(slots=True)
class _Clock:
    """The phase before: its year and its first day."""

    year: int | None = None
    first: date | None = None


def read_phases(sheet: Sheet, part: Node) -> None:
    """Read every part below `part` as a phase; without numbered parts, every paragraph that begins with a …阶段."""
    clock = _Clock()
    if not part.children:
        _read_paragraphs(sheet, part, clock)
        return
    sheet.add_passage(Aside.LEAD_IN, part.body, part.lead_end)
    for node in part.children:
        inner = _unwrapped(sheet, node)
        if inner.mark and inner.mark.style is Style.DASH and not _has_period(sheet, inner) and sheet.phases:
            sheet.add_passage(Aside.SECTION, node.start, node.end)
            continue
        _read_phase(sheet, node.start, inner.label, _head(sheet, inner), inner.end, clock)


def _unwrapped(sheet: Sheet, node: Node) -> Node:
    """“(一)第一阶段:动员部署”: a number that only holds another is that other."""
    while len(node.children) == 1 and not sheet.source.plain[node.after_mark : node.lead_end].strip():
        node = node.children[0]
    return node


def _head(sheet: Sheet, node: Node) -> Range:
    """The name with its period: up to the end of the heading, or of the first bracket that closes."""
    start = node.after_mark
    heading = node.heading if node.heading[1] > node.heading[0] else (start, start)
    if heading[1] > heading[0]:
        return heading
    stop = _ENDS.search(sheet.source.plain, start, node.lead_end)
    return start, stop.start() if stop else node.lead_end


def _has_period(sheet: Sheet, node: Node) -> bool:
    return next(find_periods(sheet.source.plain, node.start, min(node.end, node.after_mark + 80)), None) is not None


def _read_paragraphs(sheet: Sheet, part: Node, clock: _Clock) -> None:
    begun: list[Range] = []
    lead = part.body
    for start, end in _pieces(sheet.source.plain, part.body, part.end):
        if _begins_a_phase(sheet.source.plain, start, end):
            begun.append((start, end))
        elif begun:
            begun[-1] = (begun[-1][0], end)
        else:
            lead = end
    if not begun:
        sheet.add_passage(Aside.SECTION, part.body, part.end)
        return
    sheet.add_passage(Aside.LEAD_IN, part.body, lead if begun[0][0] >= lead else part.body)
    for start, end in begun:
        stop = _ENDS.search(sheet.source.plain, start, end)
        _read_phase(sheet, start, "", (start, stop.start() if stop else end), end, clock)


def _pieces(plain: str, start: int, end: int) -> Iterator[Range]:
    """The paragraphs; one that says a time behind every semicolon (1-3月,部署;4-10月,实施) is cut there."""
    for first, last in paragraphs(plain, start, end):
        for marks in (_PARTS, _SMALL_PARTS):
            cuts = [first, *(match.end() for match in marks.finditer(plain, first, last - 1)), last]
            pieces = list(zip(cuts, cuts[1:], strict=False))
            if len(pieces) > 1 and all(period_at(plain, *piece) for piece in pieces):
                yield from pieces
                break
        else:
            yield first, last


def _begins_a_phase(plain: str, start: int, end: int) -> bool:
    """A paragraph that begins with the name of a phase, or with a time and says what is done in it."""
    dated = period_at(plain, start, end)
    return bool(_STAGE.match(plain, start, end)) or (
        dated is not None and len(plain[dated.stop : end].strip("。,; ")) > 1
    )


def _read_phase(sheet: Sheet, start: int, label: str, head: Range, end: int, clock: _Clock) -> None:
    plain = sheet.source.plain
    stop = _with_bracket(plain, head[1], end)
    inside = _find(plain, (head[0], stop), clock)
    period = inside or _early(plain, stop, end, clock)
    if period and not inside and plain[period.stop : period.stop + 1] not in ",。;:、)\n":
        period = _joined([period, *find_periods(plain, period.stop, end, period.year)])  # days of single acts
    hole = (inside.begin, inside.stop) if inside else (stop, stop)
    name = _name(sheet, label, head[0], stop, hole)
    if inside and (named := _named_behind(plain, head[0], stop, hole, end)):
        name, stop = sheet.source.words(*named), named[1]  # 2019年3月—5月:动员部署阶段
    days = _days(plain, period, clock)
    if period and not _settled(period, days):
        sheet.add_unread(period.begin, period.stop, Reason.DATE)
    add_phase(sheet, name, days, (_body(plain, stop, end), end), (start, end))


def _named_behind(plain: str, start: int, stop: int, hole: Range, end: int) -> Range | None:
    """The name that stands behind a time at the beginning."""
    if plain[start : hole[0]].strip(" (") or plain[hole[1] : stop].strip(" ):"):
        return None
    place = max(stop, hole[1])
    while place < end and plain[place] in " :,、":
        place += 1
    named = _STAGE.match(plain, place, end) or _SHORT_NAME.match(plain, place, end)
    return named.span() if named else None


def add_phase(sheet: Sheet, name: str, days: Days, body: Range, whole: Range) -> None:
    span = sheet.source.span(*sheet.trimmed(*whole))
    sheet.phases.append(Phase(name, *days, sheet.source.words(*body), span))


def _with_bracket(plain: str, place: int, end: int) -> int:
    """Behind the bracket that follows the name, if one does: “动员阶段(2017年6月上旬)”."""
    if place < end and plain[place] in "([":
        depth = 0
        for at in range(place, min(end, place + 80)):
            depth += (plain[at] in "([") - (plain[at] in ")]")
            if depth == 0:
                return at + 1
    return place


def _find(plain: str, place: Range, clock: _Clock) -> Period | None:
    periods = list(find_periods(plain, *place, clock.year))
    return _joined(periods) if periods else None


def _joined(periods: list[Period]) -> Period:
    """The whole time from the first to the last period named."""
    first, last = periods[0], periods[-1]
    if first is last:
        return first
    return Period(
        first.start, last.end, first.begin, last.stop, first.complete and last.complete, last.deadline, last.year
    )


def _early(plain: str, start: int, end: int, clock: _Clock) -> Period | None:
    """A period with which the text begins: “时间:3月1日至5月31日。”, “2017年6月底前,…”."""
    place = start
    while place < end and plain[place] in " \n:,。、;(":
        place += 1
    if label := _TIME.match(plain, place, end):
        place = label.end()
    period = period_at(plain, place, min(end, place + _EARLY), clock.year)
    return period if period and (period.start or period.end or not period.complete) else None


def _name(sheet: Sheet, label: str, start: int, stop: int, hole: Range) -> str:
    """The words of the heading without the period and the bracket that held it."""
    shown = sheet.source.shown
    name = re.sub(r"\s", "", shown[start : hole[0]] + shown[hole[1] : stop])
    name = _AROUND.sub("", _EMPTY_BRACKETS.sub("", name)).strip(" ,，、:：;；-—。")
    return name or (f"第{label}阶段" if label else re.sub(r"\s", "", shown[start:stop]))


def _body(plain: str, place: int, end: int) -> int:
    while place < end and plain[place] in " \n:。;,、.":
        place += 1
    return place


def _days(plain: str, period: Period | None, clock: _Clock) -> Days:
    if period is None:
        return None, None
    start, end = period.start, period.end
    inherited = not _YEAR.search(plain, period.begin, period.stop)
    if inherited and clock.first and (start or end or clock.first) < clock.first:
        return None, None
    clock.year = period.year or clock.year
    clock.first = start or clock.first
    return start, end


def _settled(period: Period, days: Days) -> bool:
    """Is all that the period says understood? An open start or end is."""
    return days != (None, None) and (period.complete or period.deadline or None not in (days[0], period.year))
