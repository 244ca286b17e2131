"""The tree of numbered parts of one plan.

A candidate number orders the text when it begins a line; when it follows the end of a sentence or bracket and goes
on from the number before (a step of two or a repeated number is taken for a slip); or, within a line, when it goes
on exactly and what precedes it is a heading (“(一)落实属地管理责任1.各县…”). Items may be numbered through all
chapters or anew in each. 附件, 第一章 and 一、 stand above (第一章 below 一、 where that comes first); the other styles nest in the order of first use.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from nongan.programme.rules.reading.headings import Kind, known_name
from nongan.programme.rules.reading.marks import Mark, Place, Style, candidates
from nongan.programme.rules.reading.source import Range

_RANK = {Style.ANNEX: 0, Style.H1: 1, Style.PART: 2, Style.SECTION: 3}
_LOW = 9
_UNNUMBERED = {Style.DASH, Style.ANNEX, Style.H1, Style.H2, Style.H3}
_HEADING_LIMIT = 45
_FIGURE = re.compile(r"\d\s*%|百分之|\d+(?:个|家|批次|次|万|亩)|[≥≤]")


@dataclass(slots=True)
class Node:
    """`start` is its number, `lead` its own text up to its first child, `heading` and `body` parts of the lead."""

    mark: Mark | None
    start: int
    end: int = 0
    children: list["Node"] = field(default_factory=list)
    kind: Kind = Kind.UNKNOWN
    twofold: bool = False  # its parts are phases and hold the tasks
    heading: Range = (0, 0)
    body: int = 0

    @property
    def after_mark(self) -> int:
        return self.mark.end if self.mark else self.start

    @property
    def lead_end(self) -> int:
        return self.children[0].start if self.children else self.end

    @property
    def label(self) -> str:
        return self.mark.label if self.mark else ""

    def walk(self) -> Iterator["Node"]:
        yield self
        for child in self.children:
            yield from child.walk()


def outline(plain: str, start: int, end: int, more: Iterable[Mark] = ()) -> Node:
    """The tree of the text from `start` to `end`; `more` are marks found by other means."""
    root = Node(None, start, end)
    stack, through, ranks = [root], dict[Style, int](), dict(_RANK)
    for mark in sorted([*candidates(plain, start, end), *more], key=lambda mark: (mark.start, mark.end)):
        if mark.start < stack[-1].after_mark or not _orders(plain, mark, stack, through):
            continue
        while len(stack) > 1 and _closes(mark, stack, ranks):
            stack.pop().end = mark.start
        if mark.style is Style.SECTION and Style.PART not in through:
            ranks[Style.PART] = _LOW  # 第一部分 within 三、
        node = Node(mark, mark.start)
        stack[-1].children.append(node)
        stack.append(node)
        through[mark.style] = mark.number
    for node in stack:
        node.end = end
    for node in root.walk():
        _set_heading(plain, node)
    return root


def _same(stack: list[Node], style: Style) -> Mark | None:
    return next((node.mark for node in reversed(stack) if node.mark and node.mark.style is style), None)


def _orders(plain: str, mark: Mark, stack: list[Node], through: dict[Style, int]) -> bool:
    if mark.style in _UNNUMBERED:
        return mark.style is not Style.ANNEX or mark.place is Place.LINE or plain[mark.end - 1] == ":"
    same = _same(stack, mark.style)
    goes_on = mark.number == (same.number if same else through.get(mark.style, 0)) + 1
    fits = goes_on or (same is None and mark.number == 1)
    if stack[-1].mark and mark.start == stack[-1].after_mark:  # directly behind another number: (一)第一阶段
        return fits and mark.style is Style.STAGE
    if mark.place is Place.LINE:
        return 0 < mark.number <= 200
    if mark.place is Place.BREAK:
        slip = same is not None and same.number <= mark.number <= same.number + 2
        anew = mark.number == 1 and mark.style is not Style.SECTION
        return fits or slip or anew
    return fits and _is_behind_a_heading(plain, mark, stack[-1], goes_on and mark.number > 1)


def _is_behind_a_heading(plain: str, mark: Mark, last: Node, goes_on: bool) -> bool:
    """May a number within a line order the text? Only where a heading, or a lost full stop, precedes it."""
    before, after = plain[mark.start - 1], plain[mark.end : mark.end + 1]
    if mark.style is Style.SECTION:
        return known_name(plain, mark.end, len(plain)) is not None
    if mark.style is Style.STAGE:
        return plain[mark.end - 1] in ":、," or after in "(:"
    if (
        mark.style in (Style.PART, Style.CLOSED)
        or before <= "\x7f"
        or before in "、,第至到—见按附表图"
        or after <= "\x7f"
    ):
        return False
    gap = plain[last.after_mark : mark.start]
    heading = len(gap) <= _HEADING_LIMIT and not re.search("[。;\n]", gap)
    return heading or (goes_on and mark.style in (Style.CHAPTER, Style.CIRCLE))


def _closes(mark: Mark, stack: list[Node], ranks: dict[Style, int]) -> bool:
    """Does this mark end the last open node?"""
    top = stack[-1].mark
    if top is None:
        return False
    rank = ranks.get(mark.style, _LOW)
    if rank < _LOW:
        return ranks.get(top.style, _LOW) >= rank
    return _same(stack, mark.style) is not None


def _set_heading(plain: str, node: Node) -> None:
    """Divide the lead into heading and body."""
    start, end = _trimmed(plain, node.after_mark, node.lead_end)
    alone = node.mark is not None and node.mark.place is Place.LINE and "\n" in plain[end : node.lead_end]
    section = node.mark is not None and node.mark.style in (Style.SECTION, Style.PART)
    stop = _heading_end(plain, start, end, bool(node.children) or (section and alone), section)
    node.heading = _trimmed(plain, start, stop)
    body = re.compile(r"[\s。:;,、.]*").match(plain, stop, end)
    node.body = body.end() if body and stop > start else stop


def _heading_end(plain: str, start: int, end: int, parent: bool, section: bool) -> int:
    line = plain.find("\n", start, end)
    line = end if line < 0 else line
    if section and (known := known_name(plain, start, line)):
        rest = plain[known[1] : line].strip()
        whole = parent or line < end
        whole = whole and len(rest) <= 12 and not re.search(r"[。;,:(]", rest) and not _FIGURE.search(rest)
        return line if rest and whole else known[1]
    stop = _sentence_end(plain, start, line)
    if stop < line:
        more = stop + 1 < end and plain[stop + 1 : end].strip() != ""
        title = stop - start <= _HEADING_LIMIT and not _FIGURE.search(plain, start, stop)
        return stop if title and (more or parent) else start
    if line < end or parent:
        title = line - start <= _HEADING_LIMIT + 15 and plain[line - 1 : line] not in ";,"
        return line if title and not (line == end and _FIGURE.search(plain, start, line) and not parent) else start
    return start


def _sentence_end(plain: str, start: int, end: int) -> int:
    """The first full stop or colon outside brackets; `end` without one."""
    depth = 0
    for place in range(start, end):
        char = plain[place]
        depth = max(0, depth + (char in "([") - (char in ")]"))
        if char in "。!" or (char == ":" and depth == 0):
            return place
    return end


def _trimmed(plain: str, start: int, end: int) -> Range:
    while start < end and plain[start] in " \n":
        start += 1
    while end > start and plain[end - 1] in " \n":
        end -= 1
    return start, end
