"""Where the plans of a document begin and end.

A plan begins at its title: a line, or the beginning of a sentence, that ends in 实施方案, 行动计划 and the like, and
is the last such before a first section (一、). Where a collection prints no titles, a first section of a known name
that follows later sections begins a new plan, together with the sentence that leads up to it (“为…制定本方案”).
What stands before the first title is page furniture.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from nongan.programme.rules.reading.headings import Kind, kind_of_name, known_name
from nongan.programme.rules.reading.marks import Place, place_of
from nongan.programme.rules.reading.source import Range

_PLAN = (
    r"(?:(?:实施|工作|行动|创建|建设|推进|整治|活动|试点)方案|方案|(?:实施|行动|工作|推进|创建|建设)计划|计划|实施意见|规划"
    r"|(?:工作)?要点|任务分工|任务书|(?:任务|责任|问题|措施|项目|重点|工作)清单|(?:工作|任务|责任)台账|(?:实施)?细则|(?:管理|创建|实施|工作)办法"
    r"|(?:任务|责任|工作)(?:分解|分工|配档|责任)?(?:分解|分工|配档|矩阵)(?:一览)?表?|(?:指导|实施)意见|(?:工作|任务)安排)"
)
_DATED = r"(?:\s?\([^()\n]{0,12}\d{1,2}月[^()\n]{0,6}\))?"  # when it was written: not a part of its title
_TAIL = r"(?:\s?\((?![^()\n]{0,12}\d月)[^()\n]{1,14}\))?"
_WORD = r"[^\s。;:!?|\t]"
_TITLE_LINE = re.compile(
    rf"(?:^|(?<=\n))[ #]*(?P<title>(?P<head>(?:{_WORD}[^。;:!?|\t\n]{{1,60}}?)?{_PLAN}){_TAIL})\s?(?P<number>\d{{1,2}}|[一二三四五六七八九十])?{_DATED}[ ]*(?=\n|$)"
)
_TITLE_RUN_IN = re.compile(
    rf"(?:^|(?<=[\n。;!?”]))[ ]*(?P<title>{_WORD}{{3,60}}?{_PLAN}{_TAIL})\s?(?P<number>\d{{1,2}})?"
    r"(?=\s?(?:为(?!主|了?目标|准|期)|根据|按照|依据|近年|当前|随着|结合|各[县市区乡镇]|一、|(?<=\d)\D))"
)
_SPACED = re.compile(
    r"(?:^|(?<=\n))[ ]*(?P<title>(?:(?:实 *施|工 *作|行 *动|创 *建) *)?(?:方 {1,6}案|计 {1,6}划|意 {1,6}见))(?P<number>)[ ]*(?=\n|$)"
)
_NOTICE = re.compile(r"(?:^|(?<=\n))[ ]*(?P<title>[^\s。;:|]{4,80}(?:的通知|的(?:指导|实施)?意见))[ ]*(?=\n|$)")
_NOT_A_TITLE = re.compile(
    r"^(?:制定|制订|印发|编制|出台|按照|根据|现将|关于印发|附件|见|经|我|本|该|此|一、|\(|\d(?!\d{3}年(?!\d)))|印发给|(?:制[定订]|现将|将)?[本此该](?:实施|工作|行动|创建)?(?:方案|计划|意见|细则|办法)$|\.docx?|的通知$|[《》].*[,,]|^(?:附?表|图)\s?\d|^[^一-龥]*$"
)
_UPPER_LINE = re.compile(r"[^\s。,:;()\[\]|\d]{4,40}")
_OPENING = re.compile(r"(?<![第其统唯同万单专划归逐初合到每之十])一\s?、 ?|(?:^|(?<=\n))[ ]*一 +(?=[一-龥])")
_LATER_PART = re.compile(r"(?:^|(?<=\n))[ ]*第(?![一1]部|[一1]章)(?:[一二三四五六七八九十]{1,3}|\d{1,2})(?:部分|章|篇)")
_ANNEXED = re.compile(r"附\s?件\s?\d{0,2}\s?:?\s{0,4}\Z")
_LEADS_UP = re.compile(
    r"(?:^|(?<=[\n。!?]))[ ]*(?:为|根据|按照|依据)(?:[^\n]{10,600}?)(?:方案|计划|意见|如下|通知)[。:,]?\s*$"
)


@dataclass(frozen=True, slots=True)
class Segment:
    """One plan's part of the text: `title` and its `number`, then from `preface` to `end`."""

    start: int
    title: Range
    number: Range
    preface: int
    end: int


def segments(plain: str) -> list[Segment]:
    """The plans of the document in order; one segment without a title where none is found."""
    openings = list(_openings(plain))
    titles = list(_titles(plain))
    found: list[tuple[int, Range, Range]] = []
    last = 0
    for nth, (place, known) in enumerate(openings or [(len(plain), False)]):
        title = next((title for title in reversed(titles) if last <= title[0][0] < place), None)
        if title and not (found and _ANNEXED.search(plain, max(0, title[0][0] - 12), title[0][0])):
            found.append((title[0][0], *title))
        elif nth == 0:
            found.append((0, (0, 0), (0, 0)))
        elif known and not _LATER_PART.search(plain, last, place):
            begin = _preface_start(plain, last, place)
            found.append((begin, (begin, begin), (begin, begin)))
        last = place
    if len(found) > 1 and found[0][1] == (0, 0):
        found[0] = (0, (0, 0), (0, 0))
    ends = [start for start, *_ in found[1:]] + [len(plain)]
    return [
        Segment(start, title, number, max(title[1], number[1], start), end)
        for (start, title, number), end in zip(found, ends, strict=True)
    ]


def _openings(plain: str) -> Iterator[tuple[int, bool]]:
    """Every 一、 that begins a line, or is followed by the known name of a part (True)."""
    for match in _OPENING.finditer(plain):
        known = known_name(plain, match.end(), len(plain)) is not None
        if known or ("、" in match[0] and place_of(plain, match.start(), 0) is Place.LINE):
            yield match.start(), known


def _titles(plain: str) -> list[tuple[Range, Range]]:
    found: dict[int, tuple[Range, Range]] = {}
    for pattern in (_NOTICE, _TITLE_RUN_IN, _TITLE_LINE, _SPACED):
        for match in pattern.finditer(plain):
            if pattern is not _NOTICE and (
                _NOT_A_TITLE.search(match["title"]) or kind_of_name(match["title"]) is not Kind.UNKNOWN
            ):
                continue
            number = match.span("number") if pattern is not _NOTICE and match["number"] else (match.end(),) * 2
            found[match.start("title")] = (_whole_title(plain, *match.span("title")), number)
    plans = {start: title for start, title in found.items() if not plain[slice(*title[0])].endswith(("通知", "的意见"))}
    return [title for _, title in sorted((plans or found).items())]


def _whole_title(plain: str, start: int, end: int) -> Range:
    """A short title line goes on from the line above: “XX市创建国家农产品质量安全市” + “实施方案”."""
    first = plain.rfind("\n", 0, start) + 1
    if end - start > 14 or first < 2 or plain[first:start].strip():
        return start, end
    while first > 1 and plain[first - 2] == "\n":  # a blank line between the halves
        first -= 1
    above = plain.rfind("\n", 0, first - 1) + 1
    line = plain[above : first - 1].strip()
    if _UPPER_LINE.fullmatch(line) and not line.endswith(("文件", "通知", "办公室", "政府", "委员会", "局")):
        return above + len(plain[above:first]) - len(plain[above:first].lstrip()), end
    return start, end


def _preface_start(plain: str, last: int, place: int) -> int:
    """Where the sentence begins that leads up to an untitled plan."""
    first = max(last, place - 700)
    match = _LEADS_UP.search(plain, first, place)
    return match.start() if match else place
