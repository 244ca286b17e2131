"""The tasks of a part, with their chapters and units.

    part     = chapter { chapter } | task { task }
    chapter  = number heading [text] [clause] task { task }       a clause here holds for tasks without their own
             | number heading text [clause]                       one task, or several, each closed by its clause
    task     = number text { point } [clause]

Points ((1), ①, ——) belong to their task unless at least two of them name units of their own. Where only the last
task of each chapter names units, the clause closes the chapter and holds for all its tasks.
"""

import re
from bisect import bisect_right
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from nongan.programme.rules.reading.dates import find_periods, period_at
from nongan.programme.rules.reading.marks import Style
from nongan.programme.rules.reading.outline import Node
from nongan.programme.rules.reading.shapes import Aside, Reason, Role, Task, Unit
from nongan.programme.rules.reading.sheet import Sheet
from nongan.programme.rules.reading.source import Range
from nongan.programme.rules.reading.units import FIRST_LEADS, Clause

_CHAPTERS = (Style.ANNEX, Style.PART, Style.SECTION, Style.CHAPTER, Style.H1, Style.H2, Style.H3)
_TASKS = (Style.SECTION, Style.ARTICLE, Style.CHAPTER, Style.ITEM, Style.DECIMAL, Style.H2, Style.H3)
_STAR = re.compile(r"^\s*[★☆*※▲]\s*")
_STAR_BEHIND = re.compile(r"\s*[★☆※▲]\s*(?=[。;]?\s*$)")
_DONE = re.compile(r"[^,。;\d]{0,10}(?:完成|建成|到位|达标|实现|落实)")
_POINTS = re.compile(r"\((?:计|共)?(\d{1,3}(?:\.\d)?)\s?分\)")
_ALL_DUE = re.compile(
    r"(?:以上|上述|所有|各项|全部)(?:各项|所有|创建)*(?:任务|工作|措施)(?:均|都|全部|需|须|要|应|于|在|务必)*"
)
_WORTH = 6  # characters that make a text between two clauses a task of its own


@dataclass(frozen=True, slots=True)
class Chapter:
    label: str = ""
    heading: str = ""
    clauses: tuple[Clause, ...] = ()
    closing: bool = False
    styles: frozenset[Style] = frozenset()  # of the tasks of the chapters beside


def read_tasks(sheet: Sheet, part: Node, nodes: list[Node], chapter: Chapter | None) -> None:
    """Read the tasks below `part`; `chapter` is given where the part is a chapter itself."""
    lead = _add_lead(sheet, part) if nodes else []
    frame = chapter or Chapter()
    if frame.closing and not lead and _only_last_has_units(sheet, part):
        lead = _last_clauses(sheet, part)
    frame = replace(frame, clauses=tuple(lead) or frame.clauses, closing=units_close_chapters(sheet, nodes))
    if not nodes and (chapter or sheet.holds_table(part) or sheet.source.words(part.body, part.end)):
        _read_leaf(sheet, part, frame)
    frame = replace(frame, styles=_styles(sheet, nodes))
    for place, node in enumerate(nodes, 1):
        _read_node(sheet, node, frame, place)


def _styles(sheet: Sheet, nodes: list[Node]) -> frozenset[Style]:
    chapters = [node for node in nodes if node.children and not _are_points(sheet, node)]
    return frozenset(child.mark.style for node in chapters for child in node.children if child.mark)


def _add_lead(sheet: Sheet, node: Node) -> list[Clause]:
    """The text between a heading and its first task: a passage, whose clauses hold for the tasks below."""
    clauses = [clause for clause in sheet.clauses_in(node.start, node.lead_end) if clause.mentions]
    for clause in sheet.clauses_in(node.start, node.lead_end):
        _leftovers(sheet, clause)
    if sheet.words_without(node.body, node.lead_end, clauses).strip("。:;,"):
        sheet.add_passage(Aside.LEAD_IN, node.body, node.lead_end)
        sheet.add_targets(_where(node.label, 0), node.body, node.lead_end, clauses)
    return clauses


def _read_node(sheet: Sheet, node: Node, chapter: Chapter, place: int) -> None:
    if node.children and (not _are_points(sheet, node) or _holds_one_task(sheet, node, chapter)):
        _read_chapter(sheet, node, chapter)
    elif not chapter.label and node.mark and node.mark.style in _CHAPTERS:
        sheet.add_heading(node)
        _read_leaf(sheet, node, _below(sheet, chapter, node))
    else:
        number = (node.mark.number if node.mark else 0) or place
        clauses = sheet.clauses_in(node.start, node.end)
        key = node.mark is not None and node.mark.key
        _add_task(sheet, chapter, number, (node.start, node.after_mark, node.end), clauses, key)


def _below(sheet: Sheet, chapter: Chapter, node: Node) -> Chapter:
    start, end = node.heading
    heading = sheet.words_without(start, end, sheet.clauses_in(start, end))
    label = f"{chapter.label}.{node.label}" if chapter.label and node.label else chapter.label or node.label
    words = f"{chapter.heading} / {heading}" if chapter.heading and heading else chapter.heading or heading
    return replace(chapter, label=label, heading=words)


def _read_chapter(sheet: Sheet, node: Node, chapter: Chapter) -> None:
    sheet.add_heading(node)
    own = tuple(_add_lead(sheet, node))
    below = _below(sheet, chapter, node)
    if chapter.closing and not own and _only_last_has_units(sheet, node):
        own = tuple(_last_clauses(sheet, node))
    below = replace(below, clauses=own or chapter.clauses, styles=_styles(sheet, node.children))
    for place, child in enumerate(node.children, 1):
        _read_node(sheet, child, below, place)


def _are_points(sheet: Sheet, node: Node) -> bool:
    with_units = [child for child in node.children if sheet.has_units(child)]
    if len(with_units) >= 2 or (with_units and with_units[0] is not node.children[-1]):
        return False
    styles = {child.mark.style for child in node.children if child.mark}
    proper = node.mark is not None and node.mark.style in _CHAPTERS and styles & set(_TASKS)
    return not proper


def _holds_one_task(sheet: Sheet, node: Node, chapter: Chapter) -> bool:
    """A chapter of one task, beside chapters with several of its kind."""
    only = node.children[0]
    return (
        len(node.children) == 1
        and only.mark is not None
        and only.mark.style in chapter.styles
        and sheet.has_units(only)
    )


def _only_last_has_units(sheet: Sheet, node: Node) -> bool:
    *before, last = node.children
    return bool(before) and sheet.has_units(last) and not any(sheet.has_units(child) for child in before)


def _last_clauses(sheet: Sheet, node: Node) -> list[Clause]:
    last = node.children[-1]
    return [clause for clause in sheet.clauses_in(last.start, last.end) if clause.mentions]


def units_close_chapters(sheet: Sheet, nodes: list[Node]) -> bool:
    """Do the clauses close whole chapters? So in every chapter with units only the last task names some."""
    chapters = [node for node in nodes if len(node.children) >= 2 and sheet.has_units(node)]
    closed = [node for node in chapters if _only_last_has_units(sheet, node)]
    return bool(closed) and len(closed) == len(chapters) and (len(closed) >= 2 or _on_own_line(sheet, closed[0]))


def _on_own_line(sheet: Sheet, node: Node) -> bool:
    clause = sheet.clauses_in(node.children[-1].start, node.end)[-1]
    return sheet.source.plain[: clause.start].rstrip(" ").endswith("\n")


def _read_leaf(sheet: Sheet, node: Node, chapter: Chapter) -> None:
    """A chapter without numbered tasks: one task, or one for each text that a clause closes, or those of a table."""
    if sheet.holds_table(node) and not sheet.has_units(node):
        line = sheet.source.plain.find("\n", node.body, node.end)
        named = node.heading[1] > node.heading[0] or not chapter.label
        heading = chapter.heading if named else sheet.source.words(node.body, line if line >= 0 else node.end)
        sheet.frames.append((node.start, node.end, (chapter.label, heading)))
        sheet.add_passage(Aside.LEAD_IN, node.body, node.end)
        sheet.add_targets(_where(chapter.label, 0), node.body, node.end)
        return
    start = node.body if sheet.source.words(node.body, node.end).strip("。") else node.heading[0]
    clauses = sheet.clauses_in(start, node.end)
    in_heading = [clause for clause in sheet.clauses_in(node.start, node.end) if clause.start < start]
    chapter = replace(chapter, clauses=tuple(in_heading) or chapter.clauses)
    key = node.mark is not None and node.mark.key
    for number, (first, last) in enumerate(_closed_by_clauses(sheet, start, node.end, clauses), 1):
        inside = [clause for clause in clauses if first <= clause.start < last]
        _add_task(sheet, chapter, number, (first, first, last), inside, key)


def _closed_by_clauses(sheet: Sheet, start: int, end: int, clauses: list[Clause]) -> list[Range]:
    """The texts between clauses; clauses that follow each other directly close the same text."""
    ranges: list[Range] = []
    first = start
    clauses = [clause for clause in clauses if not clause.kept]
    if clauses and not sheet.source.words(start, clauses[0].start):
        return _opened_by_clauses(sheet, start, end, clauses)
    for clause in clauses:
        text = sheet.source.words(first, clause.start).strip("。;,、")
        if len(text) < _WORTH and ranges:
            ranges[-1] = (ranges[-1][0], clause.end)
        else:
            ranges.append((first, clause.end))
        first = clause.end
    rest = sheet.source.words(first, end).strip("。;,、")
    if not ranges or (len(rest) >= _WORTH and "\n" in sheet.source.plain[first:end].rstrip()):
        ranges.append((first, end))
    elif rest or first < end:
        ranges[-1] = (ranges[-1][0], end)
    return [found for found in ranges if sheet.source.words(*found).strip("。;,、")]


def _opened_by_clauses(sheet: Sheet, start: int, end: int, clauses: list[Clause]) -> list[Range]:
    """The same, where the units stand before the text: “牵头单位:…, 成员单位:…, 工作任务:…”."""
    cuts = [start]
    for before, clause in zip(clauses, clauses[1:], strict=False):
        if len(sheet.source.words(before.end, clause.start).strip("。;,、")) >= _WORTH:
            cuts.append(clause.start)
    return list(zip(cuts, [*cuts[1:], end], strict=True))


def _add_task(
    sheet: Sheet, chapter: Chapter, number: int, place: tuple[int, int, int], clauses: list[Clause], key: bool
) -> None:
    start, body, end = place
    text = sheet.words_without(body, end, clauses)
    starred = _STAR.match(text)
    points = _POINTS.findall(sheet.source.plain, body, end)
    units = _units(sheet, clauses, list(chapter.clauses))
    first, last = sheet.trimmed(start, end)
    sheet.tasks.append(
        Task(
            chapter=chapter.label,
            chapter_heading=chapter.heading,
            number=number,
            text=_STAR_BEHIND.sub("", text[starred.end() :] if starred else text),
            units=tuple(units),
            key=key or starred is not None or _STAR_BEHIND.search(text) is not None,
            score=Decimal(points[0]) if len(points) == 1 else None,
            due=_due(sheet, body, end, clauses),
            standard="",
            span=sheet.source.span(first, last),
        )
    )
    sheet.add_targets(_where(chapter.label, number), body, end, clauses)
    for clause in clauses:
        _leftovers(sheet, clause)
    for strange in sheet.strange:
        if start <= strange[0] < end:
            sheet.add_unread(*strange, Reason.UNITS)


def _units(sheet: Sheet, own: list[Clause], above: list[Clause]) -> list[Unit]:
    """The units of a task: named beside it or its chapter, else within its sentences or by its heading."""
    for kept in (False, True):
        for clauses in (own, above):
            if found := units_of(sheet, [clause for clause in clauses if clause.kept is kept]):
                return found
    return []


def _where(chapter: str, number: int) -> str:
    return "任务" + (f"({chapter})" if chapter else "") + (str(number) if number else "")


def units_of(sheet: Sheet, clauses: list[Clause]) -> list[Unit]:
    """The units that the clauses name, each once in each role."""
    found: dict[tuple[str, Role], Unit] = {}
    for clause in clauses:
        for mention in clause.mentions:
            unit = unit_at(sheet, mention.start, mention.end, mention.role)
            found.setdefault((unit.name, unit.role), unit)
    return list(found.values())


def unit_at(sheet: Sheet, start: int, end: int, role: Role) -> Unit:
    start, end = sheet.trimmed(start, end)
    return Unit(re.sub(r"\s", "", sheet.source.shown[start:end]), role, sheet.source.span(start, end))


def _leftovers(sheet: Sheet, clause: Clause) -> None:
    for start, end, reason in clause.left:
        sheet.add_unread(start, end, reason)


def _due(sheet: Sheet, start: int, end: int, clauses: list[Clause]) -> date | None:
    """The latest deadline named, in the clause's 完成时限 or in the text (“2018年6月底前完成”)."""
    plain = sheet.source.plain
    days: list[date] = []
    for clause in clauses:
        for first, last in clause.due:
            days += due_days(sheet, first, last)
    for period in find_periods(plain, start, end):
        named = period.deadline or _DONE.match(plain, period.stop, end)
        if _of_all(plain, start, period.begin):
            continue
        if not named or any(clause.start <= period.begin < clause.end for clause in clauses):
            continue
        if period.end:
            days.append(period.end)
        elif period.start is None:
            sheet.add_unread(period.begin, period.stop, Reason.DATE)
    return max(days, default=None)


def _of_all(plain: str, start: int, place: int) -> bool:
    return any(said.end() == place for said in _ALL_DUE.finditer(plain, max(start, place - 30), place))


def give_common_due(sheet: Sheet, start: int, end: int) -> None:
    """“以上任务于2022年10月底前全部完成”: so for every task before it that names no time of its own; 各项任务: for all."""
    plain = sheet.source.plain
    above: dict[int, date] = {}  # by the place of the note
    for_all: date | None = None
    for said in _ALL_DUE.finditer(plain, start, end):
        period = period_at(plain, said.end(), end)
        if period is None or period.end is None or not (period.deadline or _DONE.match(plain, period.stop, end)):
            continue
        if said[0].startswith(("以上", "上述")):
            above[sheet.source.offsets[said.start()]] = period.end
        else:
            for_all = for_all or period.end
    notes = list(above)
    for place, task in enumerate(sheet.tasks if notes or for_all else ()):
        nth = bisect_right(notes, task.span.start)
        due = above[notes[nth]] if nth < len(notes) else for_all
        sheet.tasks[place] = replace(task, due=task.due or due)


def due_days(sheet: Sheet, start: int, end: int) -> list[date]:
    """The last days of the periods in a 完成时限; what names no full date is left unread."""
    periods = list(find_periods(sheet.source.plain, start, end))
    days = [period.end for period in periods if period.end]
    if not days:
        sheet.add_unread(start, end, Reason.DATE)
    return days


def let_first_lead(sheet: Sheet, start: int, end: int) -> None:
    """“排在第一位的为牵头单位”: so for every task that tells no other roles; within a clause only with 下同."""
    said = FIRST_LEADS.finditer(sheet.source.plain, start, end)
    if all(not note["on"] and _within_a_clause(sheet, note.start()) for note in said):
        return
    for place, task in enumerate(sheet.tasks):
        if task.units and all(unit.role is Role.RESPONSIBLE for unit in task.units):
            first, *rest = task.units
            sheet.tasks[place] = replace(task, units=(replace(first, role=Role.LEAD), *rest))


def _within_a_clause(sheet: Sheet, place: int) -> bool:
    before = bisect_right(sheet.starts, place) - 1
    return before >= 0 and sheet.clauses[before].end > place


def add_common_units(sheet: Sheet) -> None:
    """Give every task the units that the plan names for all, unless it names them itself."""
    for common in sheet.common:
        units = [unit_at(sheet, mention.start, mention.end, mention.role) for mention in common.mentions]
        note = sheet.source.offsets[common.place]
        for place, task in enumerate(sheet.tasks):
            reached = (common.after and task.span.start > note) or (common.before and task.span.start <= note)
            if reached:
                own = {unit.name for unit in task.units}
                more = tuple(unit for unit in units if unit.name not in own)
                sheet.tasks[place] = replace(task, units=task.units + more)
