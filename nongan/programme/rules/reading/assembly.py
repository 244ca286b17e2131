"""From the text of a document to its plans."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from nongan.programme.rules.reading.basis import find_basis
from nongan.programme.rules.reading.clauses import find_clauses, headed_by_units
from nongan.programme.rules.reading.document import Document
from nongan.programme.rules.reading.furniture import closings, furniture
from nongan.programme.rules.reading.goals import read_goals, read_safeguards
from nongan.programme.rules.reading.headings import Kind
from nongan.programme.rules.reading.marks import Style, bare_titles, heading_marks
from nongan.programme.rules.reading.outline import Node, outline
from nongan.programme.rules.reading.parts import classify, is_container
from nongan.programme.rules.reading.phases import read_phases
from nongan.programme.rules.reading.plans import Segment, segments
from nongan.programme.rules.reading.shapes import Aside, Basis, Heading, Passage, Plan, Reading, Reason, Span, Unread
from nongan.programme.rules.reading.sheet import Sheet
from nongan.programme.rules.reading.source import FEW_BREAKS, MANY_BREAKS, Range, Source, make_source, tidy
from nongan.programme.rules.reading.tables import read_tables, tables_of_tasks
from nongan.programme.rules.reading.tasks import (
    Chapter,
    add_common_units,
    give_common_due,
    let_first_lead,
    read_tasks,
    units_close_chapters,
)

_SENTENCE = re.compile(r"[^。!\n]+")
_AIM = re.compile("目标|确保|力争|努力实现")
_WORDLESS = re.compile(r"[^0-9A-Za-z\u00c0-\u024f\u3400-\u9fff]*")


@dataclass(frozen=True, slots=True)
class _Whole:
    """A document as read: `source` with everything, `running` with tables, notes and signatures blanked."""

    document: Document
    source: Source
    running: Source
    closings: list[Range]
    furniture: list[Range]


def read_document(document: Document) -> Reading:
    """Every plan of the document. A part without tasks beside plans with tasks is listed as unread, not as a plan."""
    whole = _whole(document)
    found = segments(whole.running.plain)
    plans = [_read_plan(whole, segment) for segment in found]
    plans = _without_taskless(whole.source, plans)
    return Reading(document.text, tuple(_with_rest(whole, plans)), whole.source.corrections)


def _whole(document: Document) -> _Whole:
    skip = furniture(document.text)
    source = make_source(document.text, skip=skip, breaks=MANY_BREAKS if document.paragraphs else FEW_BREAKS)
    blanks = [(source.place(start), source.place(end)) for start, end in document.notes]
    blanks += [(source.place(table.start), source.place(table.end)) for table in document.tables]
    running = source.hide(blanks)
    signed = list(closings(running.plain, 0, len(running.plain)))
    return _Whole(document, source, running.hide(signed), signed, skip)


def _read_plan(whole: _Whole, segment: Segment) -> Plan:
    source, plain = whole.running, whole.running.plain
    root = _outline(whole, segment)
    stops = sorted(node.start for node in root.walk())
    clauses, strange = find_clauses(plain, segment.preface, segment.end, stops)
    sheet = Sheet(source, clauses, strange)
    if segment.title[1] > segment.title[0]:
        sheet.headings.append(Heading("", source.words(*segment.title), source.span(*segment.title)))
    inside = [table for table in whole.document.tables if segment.start <= source.place(table.start) < segment.end]
    sheet.tables = tables_of_tasks(whole.source, inside)
    basis = _read_preface(sheet, segment.preface, root.lead_end)
    tops = classify(plain, root, sheet.has_units, titled=segment.title[1] > segment.title[0])
    if root.children and tops is not root.children:
        sheet.add_heading(root.children[0])
    parts = [node.children for top in tops for node in top.walk() if node.kind is Kind.TASKS]
    headed = [headed_by_units(plain, [(child.after_mark, child.lead_end) for child in part]) for part in parts]
    sheet.add_clauses([clause for part in headed for clause in part])
    closing = units_close_chapters(sheet, [node for node in tops if node.kind is Kind.TASKS])
    lone = sum(node.kind is Kind.TASKS for node in tops) == 1
    for node in tops:
        _read_part(sheet, node, closing, lone)
    for start, end in whole.closings:
        if segment.start <= start < segment.end:
            text, span = whole.source.words(start, end), whole.source.span(*_trimmed(whole.source.plain, start, end))
            sheet.passages.append(Passage(Aside.CLOSING, text, span))
    read_tables(sheet, whole.source, inside)
    _read_targets_elsewhere(sheet, tops)
    let_first_lead(sheet, segment.start, segment.end)
    give_common_due(sheet, segment.start, segment.end)
    add_common_units(sheet)
    return _plan(whole, segment, sheet, basis)


def _outline(whole: _Whole, segment: Segment) -> Node:
    plain = whole.running.plain
    more = heading_marks(plain, _headings(whole, segment))
    root = outline(plain, segment.preface, segment.end, more)
    styles = {node.mark.style for node in root.walk() if node.mark}
    if not styles & {Style.SECTION, Style.PART, Style.H1, Style.H2}:
        more += bare_titles(plain, segment.preface, segment.end)
        root = outline(plain, segment.preface, segment.end, more) if more else root
    return root


def _headings(whole: _Whole, segment: Segment) -> Iterable[tuple[int, int]]:
    for offset, level in whole.document.headings:
        place = whole.source.place(offset)
        while place < segment.end and whole.running.plain[place] == " ":
            place += 1
        if segment.preface <= place < segment.end:
            yield place, level


def _read_preface(sheet: Sheet, start: int, end: int) -> list[Basis]:
    sheet.add_passage(Aside.PREFACE, start, end)
    return list(find_basis(sheet.source, start, end))


def _read_part(sheet: Sheet, node: Node, closing: bool, lone: bool = False) -> None:
    """Read a part by its kind; parts below it may be of another kind (总体要求: 指导思想, 工作目标).

    `lone`: it is the only part of tasks, and so the frame of its chapters, whatever its name.
    """
    others = [child for child in node.children if child.kind is not node.kind]
    if node.twofold:
        sheet.add_heading(node)
        read_tasks(sheet, node, node.children, None)
        read_phases(sheet, node)
        return
    if node.kind is Kind.TASKS:
        _read_task_part(sheet, node, closing, lone)
    elif others and node.kind in (Kind.PRINCIPLES, Kind.GOALS, Kind.UNKNOWN, Kind.AIMS_AND_TASKS):
        sheet.add_heading(node)
        _read_text(sheet, node, node.body, node.lead_end)
        for child in node.children:
            _read_part(sheet, child, closing)
        return
    elif node.kind is Kind.GOALS:
        sheet.add_heading(node)
        read_goals(sheet, node)
    elif node.kind is Kind.PHASES:
        sheet.add_heading(node)
        read_phases(sheet, node)
    elif node.kind is Kind.SAFEGUARDS:
        sheet.add_heading(node)
        read_safeguards(sheet, node)
    elif node.mark and node.mark.style is Style.ANNEX:
        sheet.add_passage(Aside.ANNEX, node.start, node.end)
    else:
        sheet.add_heading(node)
        _read_text(sheet, node, node.body, node.end)
    if node.kind is Kind.TASKS:
        for child in others:
            _read_part(sheet, child, closing)


def _read_text(sheet: Sheet, node: Node, start: int, end: int) -> None:
    kind = Aside.PRINCIPLES if node.kind is Kind.PRINCIPLES else Aside.SECTION
    sheet.add_passage(kind, start, end)


def _read_task_part(sheet: Sheet, node: Node, closing: bool, lone: bool) -> None:
    """`closing`: in chapters that stand at the top, the last task's units hold for the whole chapter."""
    heading = sheet.add_heading(node)
    tasks = [child for child in node.children if child.kind is Kind.TASKS]
    frame = is_container(sheet.source.plain, node) or (
        lone and any(child.children or _is_chapter(child) for child in tasks)
    )
    read_tasks(sheet, node, tasks, None if frame else Chapter(node.label, heading, closing=closing))


def _is_chapter(node: Node) -> bool:
    return node.mark is not None and node.mark.style is Style.CHAPTER


def _read_targets_elsewhere(sheet: Sheet, tops: list[Node]) -> None:
    """A plan without goals may state its figures among its principles, or in a sentence of its preface."""
    if sheet.goals:
        return
    for passage in sheet.passages:
        if passage.kind is Aside.PREFACE:
            start, end = sheet.source.place(passage.span.start), sheet.source.place(passage.span.end)
            for sentence in _SENTENCE.finditer(sheet.source.plain, start, end):
                if _AIM.search(sentence[0]):
                    sheet.add_targets("引言", *sentence.span())
    for node in (node for top in tops for node in top.walk()):
        if node.kind is Kind.PRINCIPLES:
            sheet.add_targets(sheet.source.words(*node.heading)[:20], node.body, node.lead_end)


def _plan(whole: _Whole, segment: Segment, sheet: Sheet, basis: list[Basis]) -> Plan:
    number = whole.source.words(*segment.number)
    title = re.sub(r"\n", "", whole.source.words(*segment.title))
    return Plan(
        title=title,
        number=number or None,
        span=whole.source.span(segment.start, segment.end),
        basis=tuple(basis),
        goals=tuple(sheet.goals),
        targets=tuple(sorted(sheet.targets, key=lambda target: target.span.start)),
        tasks=tuple(sheet.tasks),
        phases=tuple(sheet.phases),
        safeguards=tuple(sheet.safeguards),
        headings=tuple(sheet.headings),
        passages=tuple(sheet.passages),
        joints=(whole.source.span(*segment.number),) if number else (),
        unread=tuple(sheet.unread),
    )


def _without_taskless(source: Source, plans: list[Plan]) -> list[Plan]:
    """Plans with tasks; one without goes, unread, to the plan before it, or else to the first."""
    kept = [plan for plan in plans if plan.tasks]
    if not kept or len(kept) == len(plans):
        return plans
    for plan in plans:
        if not plan.tasks:
            nth = max((n for n, other in enumerate(kept) if other.span.start < plan.span.start), default=0)
            start, end = _trimmed(source.plain, source.place(plan.span.start), source.place(plan.span.end))
            unread = Unread(source.words(start, end), Reason.NO_TASKS, source.span(start, end))
            kept[nth] = replace(kept[nth], unread=(*kept[nth].unread, unread))
    return kept


def _with_rest(whole: _Whole, plans: list[Plan]) -> Iterable[Plan]:
    """Give every plan what no part of it holds, so that every character of the document is in some span."""
    starts = [0, *(plan.span.start for plan in plans[1:]), len(whole.document.text)]
    for nth, plan in enumerate(plans):
        yield _completed(whole, plan, starts[nth], starts[nth + 1])


def _completed(whole: _Whole, plan: Plan, start: int, end: int) -> Plan:
    text = whole.document.text
    joints, unread = list(plan.joints), list(plan.unread)
    unread += [_piece(text, *place, Reason.FURNITURE) for place in _around(whole, plan, start, end)]
    covered = list(spans_of(replace(plan, unread=tuple(unread))))
    for first, last in _gaps(covered, start, end):
        if not text[first:last].strip():
            continue
        piece = _piece(text, first, last, Reason.OUTSIDE)
        if _WORDLESS.fullmatch(text, piece.span.start, piece.span.end):
            joints.append(piece.span)
        else:
            unread.append(piece)
    unread.sort(key=lambda piece: (piece.span.start, piece.span.end))
    return replace(plan, joints=tuple(joints), unread=tuple(unread))


def _around(whole: _Whole, plan: Plan, start: int, end: int) -> Iterable[Range]:
    """Page furniture of a plan; where some stands before its title, all that stands there is."""
    first = plan.span.start
    if any(start <= place < first for place, _stop in whole.furniture):
        yield start, first
        start = first
    yield from _runs(whole.document.text, [one for one in whole.furniture if start <= one[0] < end])


def _runs(text: str, ranges: list[Range]) -> Iterable[Range]:
    """Ranges with nothing but blanks between them as one."""
    run: Range | None = None
    for start, end in ranges:
        if run and not text[run[1] : start].strip():
            run = (run[0], end)
            continue
        if run:
            yield run
        run = (start, end)
    if run:
        yield run


def _piece(text: str, start: int, end: int, reason: Reason) -> Unread:
    words = text[start:end]
    start, end = start + len(words) - len(words.lstrip()), end - (len(words) - len(words.rstrip()))
    return Unread(tidy(text[start:end]), reason, Span(start, end))


def spans_of(plan: Plan) -> Iterable[Span]:
    """Every span of the plan's parts; together they cover the plan."""
    for group in (plan.basis, plan.goals, plan.tasks, plan.phases, plan.safeguards, plan.headings, plan.passages):
        yield from (part.span for part in group)
    yield from (piece.span for piece in plan.unread)
    yield from plan.joints


def _gaps(covered: Iterable[Span], start: int, end: int) -> Iterable[Range]:
    place = start
    for span in sorted(covered, key=lambda span: (span.start, span.end)):
        if span.start > place:
            yield place, min(span.start, end)
        place = max(place, span.end)
    if place < end:
        yield place, end


def _trimmed(plain: str, start: int, end: int) -> Range:
    while start < end and plain[start] in " \n":
        start += 1
    while end > start and plain[end - 1] in " \n":
        end -= 1
    return start, end
