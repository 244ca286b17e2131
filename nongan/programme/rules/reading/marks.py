"""The numbers that order a plan: 一、 (一) 1. (1) ① 1) 1.1 第一阶段 第一章 第一条 附件, and headings of a .docx.

A number is a *candidate* wherever it is written; whether it orders the text is decided by `outline` from where it
stands (`Place`) and whether it goes on from the number before. “★” or “*” before or behind it marks a key item.
"""

import re
import sys
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum

from nongan.programme.rules.reading.headings import Kind, kind_of_name, known_name
from nongan.programme.rules.reading.numerals import ordinal


class Style(Enum):
    """The kinds of number. The first three always stand above the others."""

    ANNEX = "附件"
    PART = "第一章"
    SECTION = "一、"
    ARTICLE = "第一条"
    CHAPTER = "(一)"
    ITEM = "1."
    DECIMAL = "1.1"
    SUB = "(1)"
    CLOSED = "1)"
    CIRCLE = "①"
    STAGE = "第一阶段"
    DASH = "——"
    H1 = "heading 1"
    H2 = "heading 2"
    H3 = "heading 3"


class Place(Enum):
    LINE = "begins a line"
    BREAK = "follows the end of a sentence or bracket"
    INLINE = "stands within a line"


@dataclass(frozen=True, slots=True)
class Mark:
    """`label` is the bare number as printed; `start` to `end` covers it with its punctuation and star."""

    style: Style
    number: int
    label: str
    start: int
    end: int
    place: Place
    key: bool


_CN = "[一二三四五六七八九十]{1,3}"
_STAR = "[★☆*※▲]"
_CANDIDATE = re.compile(
    rf"(?:(?P<star>{_STAR})\s?)?(?:"
    rf"(?P<stage>第(?P<n1>{_CN})(?:阶段|步)(?!骤))\s?[::、,]?"
    rf"|(?P<part>第(?P<n2>{_CN}|\d{{1,2}})(?:部分|章|篇))\s?[::、]?"
    rf"|(?P<article>第(?P<n10>{_CN}|\d{{1,2}})条(?=[ :、]))\s?[::、]?"
    rf"|(?P<section>(?<![第其统唯同万单专划归逐初合到每之])(?P<n3>{_CN})\s?[、.](?!{_CN}\s?、))"
    rf"|(?P<chapter>\(\s?(?P<n4>{_CN})\s?\)\s?[、.]?)"
    r"|(?P<sub>\(\s?(?P<n5>\d{1,2})\s?\)\s?[、.]?)"
    r"|(?P<decimal>(?<![\d.%A-Za-z])(?P<n6>\d{1,2}(?:\.\d{1,2}){1,2})(?=[\s　、][^\d%]|[^\d\s.%‰月日年万亿元倍个分批亩吨公千])(?![-—~/]))"
    r"|(?P<item>(?<![\d.%A-Za-z第\-—~/])(?P<n7>\d{1,3})\s{0,2}(?:[.、](?:(?![\d.])|(?=\d{4}年|\d{1,2}月))|(?<=\d)\s{0,2}\.\s(?=\d{4}年)))"
    rf"|(?P<bare>(?:^|(?<=\n))[ ]*(?P<n11>\d{{1,2}}|{_CN}) {{1,2}}(?=[一-龥]{{2}}))"
    rf"|(?P<named>(?:^|(?<=\n))[ ]*任务\s?(?P<n12>\d{{1,3}}|{_CN})\s?[:、])"
    r"|(?P<closed>(?<![\d.(A-Za-z])(?P<n8>\d{1,2})\)\s?、?)"
    r"|(?P<circle>[①-⑳])"
    r"|(?P<dash>(?<=\n)[ 　]*(?:[—–-]{2}|[●•◆■◇□▪·])\s?)"
    r"|(?P<annex>附\s?件\s?(?P<n9>\d{0,2})\s?(?:[::]|(?=\n)|$))"
    rf")(?:\s?(?P<star2>{_STAR}))?"
)
_STYLES = {
    "stage": Style.STAGE,
    "part": Style.PART,
    "section": Style.SECTION,
    "article": Style.ARTICLE,
    "chapter": Style.CHAPTER,
    "sub": Style.SUB,
    "decimal": Style.DECIMAL,
    "item": Style.ITEM,
    "bare": Style.SECTION,
    "named": Style.ITEM,
    "closed": Style.CLOSED,
    "circle": Style.CIRCLE,
    "dash": Style.DASH,
    "annex": Style.ANNEX,
}
_NUMBERS = ("n1", "n2", "n3", "n4", "n5", "n6", "n7", "n8", "n9", "n10", "n11", "n12", "circle")
_NOTE = re.compile(
    r"(?:^|(?<=\n))[ ]*(?:注|备\s?注|(?:填表|有关)?说\s?明)\s?:(?:[ ]*(?=1|\(1|①|\n)[^\n]*(?:\n[ ]*(?:\d{1,2}\s?[.、]|\(\d\)|[①-⑳])[^\n]*)*|[^\n]*)"
)  # the numbers of a note below a table order the note only
_ENDS = frozenset("。;!?:)]”’》」")


def candidates(plain: str, start: int, end: int) -> Iterator[Mark]:
    """Every number between `start` and `end` that could order the text."""
    notes = [note.span() for note in _NOTE.finditer(plain, start, end)]
    for match in _CANDIDATE.finditer(plain, start, end):
        if _inside(notes, match.start()):
            continue
        style = next(style for group, style in _STYLES.items() if match[group] is not None)
        label = next((match[group] for group in _NUMBERS if match[group] is not None), match[0].strip())
        place = place_of(plain, match.start(), start)
        if style in (Style.DECIMAL, Style.ARTICLE) and place is not Place.LINE:
            continue
        if match["bare"] and known_name(plain, match.end(), end) is None:
            continue  # “1 总体目标” is a part, “2 名人员” is none
        key = bool(match["star"] or match["star2"])
        yield Mark(style, _number(style, label), label, match.start(), match.end(), place, key)


def _inside(notes: list[tuple[int, int]], place: int) -> bool:
    nth = bisect_right(notes, (place, sys.maxsize)) - 1
    return nth >= 0 and place < notes[nth][1]


def _number(style: Style, label: str) -> int:
    if style is Style.CIRCLE:
        return ord(label) - ord("①") + 1
    if style in (Style.DASH, Style.ANNEX):
        return 0
    if style is Style.DECIMAL:
        return int(label.rsplit(".", 1)[1])
    return ordinal(label) or 0


def place_of(plain: str, place: int, start: int) -> Place:
    """How the text before `place` ends."""
    before = place - 1
    while before >= start and plain[before] == " ":
        before -= 1
    if before < start or plain[before] == "\n":
        return Place.LINE
    if plain[before] in _ENDS or (plain[before] == "." and plain[before - 1 : before] > "\x7f"):
        return Place.BREAK
    if before < place - 1 and plain[before] > "\u2fff" and plain[before] not in "、,第":  # line ends that became spaces
        return Place.BREAK
    return Place.INLINE


def heading_marks(plain: str, headings: Iterable[tuple[int, int]]) -> list[Mark]:
    """Marks for the headings (place, level) of a .docx that carry no number of their own."""
    styles = (Style.H1, Style.H2, Style.H3)
    marks = []
    for place, level in headings:
        match = _CANDIDATE.match(plain, place)
        if not match and 1 <= level <= 3:
            marks.append(Mark(styles[level - 1], 0, "", place, place, Place.LINE, False))
    return marks


def bare_titles(plain: str, start: int, end: int) -> list[Mark]:
    """Lines that are the name of a part and nothing else (“主要任务”), for plans without 一、二、三、."""
    marks = []
    for line in re.finditer(r"(?:^|(?<=\n))[ ]*([^\s。;:,]{2,14})[:]?[ ]*(?=\n)", plain[start:end]):
        if kind_of_name(line[1]) is not Kind.UNKNOWN:
            place = start + line.start(1)
            marks.append(Mark(Style.H1, 0, "", place, place, Place.LINE, False))
    return marks
