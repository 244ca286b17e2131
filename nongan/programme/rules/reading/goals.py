"""Goals, safeguards and the text around them."""

import re
from collections.abc import Iterator

from nongan.programme.rules.reading.headings import Kind, kind_of_line
from nongan.programme.rules.reading.outline import Node
from nongan.programme.rules.reading.paragraphs import paragraphs
from nongan.programme.rules.reading.shapes import Aside, Goal, Reason, Safeguard
from nongan.programme.rules.reading.sheet import Sheet
from nongan.programme.rules.reading.source import Range

_PEOPLE = re.compile(
    r"(?<=\n)[ ]*(?:副?\s?组\s*长|常务副组长|第一组长|成\s*员|召\s?集\s?人|指\s?挥\s?长)\s*[::][^\n]*(?:\n[^\n。]{2,60}(?=\n|$))*"
)
_FIRSTLY = re.compile(r"(?:^|[。;:\n])\s?([一二三四五六七八九十](?:是|要))")


def read_goals(sheet: Sheet, part: Node, where: str = "目标") -> None:
    """The text of a part and each numbered part below it is a goal; 总体目标 and 具体目标 are frames of goals."""
    _add_text(sheet, part, where)
    for node in part.children:
        heading = sheet.source.words(*node.heading)
        label = where + (f"({node.label})" if node.label and node.label.isalnum() else "")
        if node.children and kind_of_line(heading) is Kind.GOALS:
            sheet.add_heading(node)
            read_goals(sheet, node, label)
            continue
        start, end = sheet.trimmed(node.start, node.end)
        body = sheet.source.words(node.body, node.end)
        number = node.label if node.label.isalnum() else None
        sheet.goals.append(Goal(number, heading, body, sheet.source.span(start, end)))
        sheet.add_targets(label, node.body if heading else node.after_mark, node.end)


def _add_text(sheet: Sheet, part: Node, where: str) -> None:
    for start, end in paragraphs(sheet.source.plain, part.body, part.lead_end):
        text = sheet.source.words(start, end)
        if part.children and text.endswith(("：", ":")):
            sheet.add_passage(Aside.LEAD_IN, start, end)
        else:
            sheet.goals.append(Goal(None, "", text, sheet.source.span(start, end)))
        sheet.add_targets(where, start, end)


def read_safeguards(sheet: Sheet, part: Node) -> None:
    """Each numbered part is a safeguard; without numbers, each paragraph."""
    if part.children:
        sheet.add_passage(Aside.LEAD_IN, part.body, part.lead_end)
        for node in part.children:
            _add_safeguard(sheet, node.after_mark, node.start, node.end)
        return
    for first, last in _without_people(sheet, part.body, part.end):
        for paragraph in paragraphs(sheet.source.plain, first, last):
            for start, end in _firstly(sheet.source.plain, *paragraph):
                _add_safeguard(sheet, start, start, end)


def _without_people(sheet: Sheet, start: int, end: int) -> Iterator[Range]:
    """The text around the members of a leading group, who are left unread; the line that announces them is a lead-in."""
    people = _PEOPLE.search(sheet.source.plain, start, end)
    if people is None:
        yield start, end
        return
    sheet.add_unread(people.start(), people.end(), Reason.PERSON)
    line = sheet.source.plain.rfind("\n", start, len(sheet.source.plain[: people.start()].rstrip())) + 1
    if sheet.source.plain[line : people.start()].rstrip().endswith(":"):
        sheet.add_passage(Aside.LEAD_IN, max(line, start), people.start())
        yield start, max(line, start)
    else:
        yield start, people.start()
    yield from _without_people(sheet, people.end(), end)


def _firstly(plain: str, start: int, end: int) -> Iterator[Range]:
    """一是…二是…三是…: cut before each."""
    cuts = [match.start(1) for match in _FIRSTLY.finditer(plain, start, end)]
    cuts = [start, *(cut for cut in cuts if cut > start), end] if len(cuts) > 1 else [start, end]
    yield from zip(cuts, cuts[1:], strict=False)


def _add_safeguard(sheet: Sheet, words: int, start: int, end: int) -> None:
    if text := sheet.source.words(words, end):
        sheet.safeguards.append(Safeguard(text, sheet.source.span(*sheet.trimmed(start, end))))
