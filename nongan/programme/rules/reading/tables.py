"""Task tables: 一级指标 | 工作任务 | 考评标准 | 分值 | 责任单位 | 完成时限, in any order and choice of columns.

Each row is a task. The last column that names a task holds its text; columns of kinds before it (一级指标, 重点任务)
are its chapter, carried down where they are merged or empty, as are rows with one cell only. 考评标准 is the task's
standard, or its text where no column names a task. Where the running text states the same task, the row completes
it; where they name different units, the row's are left unread. A table of phases gives phases; what is in no known
column, and tables of other kinds, are left unread.
"""

import re
from bisect import bisect_left
from dataclasses import dataclass, field, replace
from decimal import Decimal

from nongan.programme.rules.reading import units
from nongan.programme.rules.reading.columns import Column, columns_of
from nongan.programme.rules.reading.dates import find_periods
from nongan.programme.rules.reading.document import Table
from nongan.programme.rules.reading.matrix import Signs, marked_units, matrix_columns, signs_of
from nongan.programme.rules.reading.numerals import ordinal
from nongan.programme.rules.reading.phases import add_phase
from nongan.programme.rules.reading.shapes import Aside, Heading, Reason, Role, Target, Task, Unit
from nongan.programme.rules.reading.sheet import Sheet
from nongan.programme.rules.reading.source import Range, Source
from nongan.programme.rules.reading.target_tables import heads_of, read_target_table, states_targets
from nongan.programme.rules.reading.tasks import due_days, units_of

_LABEL = re.compile(
    r"\s*(?:(?P<cn>[一二三四五六七八九十]{1,3})\s?[、.]|第(?P<part>[一二三四五六七八九十]{1,3})(?:部分|章|项)?[、:\s]"
    r"|\(\s?(?P<bracket>[一二三四五六七八九十]{1,3}|\d{1,2})\s?\)|(?P<number>\d{1,3}(?:\.\d{1,2})*)\s?[、..]?(?=\D))\s*"
)
_STAR = re.compile(r"[★☆※▲*＊]")
_STAR_BEHIND = re.compile(rf"{_STAR.pattern}\s*[。;]?\s*$")
_NUMBER = re.compile(r"^\s*[★☆※▲*]?\s*\(?\s*(\d{1,3})(?:\s*[、.)]|(?=\s*$))(?!\d)\s*[★☆※▲*]?\s*")
_POINTS = re.compile(r"\(\s?(?:计|共)?(\d{1,3}(?:\.\d)?)\s?分\s?\)")
_SCORE = re.compile(r"\s*(\d{1,3}(?:\.\d{1,2})?)\s?分?\s*$")
_SUM = re.compile(r"\s*(?:合\s?计|总\s?计|小\s?计|总\s?分|(?:填表|制表|审核|负责)人\s?[::])")
_SAME = 12  # characters that two texts must share to be the same task
_WHOLE = 6  # characters of a shorter text that must be equal


@dataclass(slots=True)
class _Reader:
    """One table while it is read: `frame` is the chapter in which it stands, `chapter` the one in force within it,
    `used` the numbers given in each, `head` the row that names the columns, `signs` what their signs mean."""

    sheet: Sheet
    table: Table
    columns: list[Column]
    frame: tuple[str, str] = ("", "")
    chapter: tuple[str, str] = ("", "")
    levels: dict[int, str] = field(default_factory=dict)
    seen: set[Range] = field(default_factory=set)
    used: dict[tuple[str, str], set[int]] = field(default_factory=dict)
    head: tuple[Range | None, ...] = ()
    signs: Signs = field(default_factory=dict)
    tasks: list[Task] = field(default_factory=list)


def read_tables(sheet: Sheet, source: Source, tables: list[Table]) -> None:
    """Read the tables of one plan; `source` has them, the sheet's own has not."""
    inner = replace(sheet, source=source)
    written = len(sheet.tasks)
    columns: list[Column] = []
    head: tuple[Range | None, ...] = ()
    for table in (_placed(source, table) for table in tables):
        first, found = _columns(source.plain, table)
        if not found and (heads := heads_of(source.plain, table)):
            read_target_table(inner, table, heads)
            continue
        head = table.rows[first - 1] if first else head
        columns = found or (columns if columns and _goes_on(table, columns) else [])
        if columns and any(column.kind == "stage" for column in columns):
            _read_phases(inner, table, columns, first)
        elif columns:
            frame = next((names for start, end, names in sheet.frames if start <= table.start < end), ("", ""))
            _read_tasks(_Reader(inner, table, columns, frame, frame, head=head), first)
        else:
            inner.add_unread(table.start, table.end, Reason.OUTSIDE)
    _complete(sheet, written)


def tables_of_tasks(source: Source, tables: list[Table]) -> list[int]:
    """Where the tables begin whose head names tasks."""
    placed = [_placed(source, table) for table in tables]
    heads = [(table.start, _columns(source.plain, table)[1]) for table in placed]
    return [start for start, columns in heads if columns and all(column.kind != "stage" for column in columns)]


def _columns(plain: str, table: Table) -> tuple[int, list[Column]]:
    first, columns = matrix_columns(plain, table)
    if columns or states_targets(plain, table):
        return first, columns
    return columns_of(plain, table)


def _placed(source: Source, table: Table) -> Table:
    """The table with ranges of `plain` instead of the document's text."""
    known: dict[Range, Range] = {}

    def place(cell: Range | None) -> Range | None:
        if cell is None:
            return None
        if cell not in known:
            known[cell] = _trimmed(source.plain, source.place(cell[0]), source.place(cell[1]))
        return known[cell]

    rows = tuple(tuple(place(cell) for cell in row) for row in table.rows)
    return Table(source.place(table.start), source.place(table.end), rows)


def _goes_on(table: Table, columns: list[Column]) -> bool:
    """A table without a head, as wide as the one before, goes on with it over a page."""
    return bool(table.rows) and len(table.rows[0]) == max(column.place for column in columns) + 1


def _read_tasks(reader: _Reader, first: int) -> None:
    head = [_words(reader, cell) for cell in reader.head]
    reader.signs = signs_of(reader.sheet.source.plain, reader.table, reader.columns, first)
    for nth, row in enumerate(reader.table.rows):
        if nth < first:
            start, end = _reach(row) or (0, 0)
            reader.sheet.add_passage(Aside.LEAD_IN, start, end)
        elif first and [_words(reader, cell) for cell in row] == head:
            reader.sheet.add_passage(Aside.LEAD_IN, *(_reach(row) or (0, 0)))
        else:
            _read_row(reader, row)


def _words(reader: _Reader, cell: Range | None) -> str:
    return re.sub(r"\s", "", reader.sheet.source.words(*cell)) if cell else ""


def _reach(row: tuple[Range | None, ...]) -> Range | None:
    cells = [cell for cell in row if cell]
    return (min(start for start, _end in cells), max(end for _start, end in cells)) if cells else None


def _read_row(reader: _Reader, row: tuple[Range | None, ...]) -> None:
    cells = {cell for cell in row if cell and cell[1] > cell[0]}
    own = cells - reader.seen
    if not own:
        return
    if len(cells) == 1 and len(row) > 1:
        _read_wide(reader, *cells)
        return
    kinds = {column.place: column.kind for column in reader.columns}
    by_kind: dict[str, list[Range]] = {}
    for place, cell in enumerate(row):
        if cell and cell[1] > cell[0] and cell not in by_kind.setdefault(kinds.get(place, "other"), []):
            by_kind[kinds.get(place, "other")].append(cell)
    for role, name in marked_units(reader.sheet.source.plain, reader.head, row, reader.columns, reader.signs):
        by_kind.setdefault(role.value, []).append(name)
    reader.seen |= cells
    text = _text_of(reader, by_kind)
    if text is None:
        start, end = _reach(tuple(own)) or (0, 0)
        reader.sheet.add_unread(start, end, Reason.ROW)
        return
    _read_chapter(reader, row, own)
    _add_task(reader, by_kind, text, own)


def _text_of(reader: _Reader, by_kind: dict[str, list[Range]]) -> Range | None:
    """The cell with the task; none in a row of sums, or where it holds no words."""
    found = by_kind.get("text") or by_kind.get("standard")
    if not found or any(_SUM.match(reader.sheet.source.plain, *cell) for cells in by_kind.values() for cell in cells):
        return None
    return found[0] if re.search(r"[一-龥]{2}", reader.sheet.source.plain[slice(*found[0])]) else None


def _read_wide(reader: _Reader, cell: Range) -> None:
    """A row with one cell is the heading of the rows below it; a note, where it is long or ends a sentence."""
    reader.seen.add(cell)
    words = reader.sheet.source.words(*cell)
    if len(words) > 60 or words.endswith(("。", "；")) or words.startswith(("注", "说明", "备注")):
        reader.sheet.add_unread(*cell, Reason.ROW)
        return
    reader.levels = {0: words}
    _set_chapter(reader)
    reader.sheet.headings.append(Heading(reader.chapter[0], reader.chapter[1], reader.sheet.source.span(*cell)))


def _read_chapter(reader: _Reader, row: tuple[Range | None, ...], own: set[Range]) -> None:
    """The columns of kinds; an empty one keeps what stood above it, unless one before it changed."""
    changed = False
    for column in reader.columns:
        cell = row[column.place] if column.place < len(row) else None
        if column.kind != "chapter" or not cell or cell[1] <= cell[0]:
            if column.kind == "chapter" and changed:
                reader.levels.pop(column.place + 1, None)
            continue
        if column.place and row[column.place - 1] == cell:  # merged over two columns of kinds
            reader.levels.pop(column.place + 1, None)
            continue
        words = reader.sheet.source.words(*cell).replace("\n", "")
        if reader.levels.get(column.place + 1) != words:
            changed = True
            reader.levels[column.place + 1] = words
        if cell in own:
            label, heading = _labelled(words)
            reader.sheet.headings.append(Heading(label, heading, reader.sheet.source.span(*cell)))
    _set_chapter(reader)


def _set_chapter(reader: _Reader) -> None:
    parts = [reader.frame, *(_labelled(reader.levels[place]) for place in sorted(reader.levels))]
    labels, headings = [label for label, _ in parts if label], [heading for _, heading in parts if heading]
    reader.chapter = (".".join(labels), " / ".join(headings))


def _labelled(words: str) -> tuple[str, str]:
    """“一、属地管理责任(16分)” is “一” and “属地管理责任”."""
    plain = words.replace("（", "(").replace("）", ")").replace("．", ".")
    match = _LABEL.match(plain)
    start = match.end() if match and match.end() < len(plain) else 0
    points = _POINTS.search(plain, start)
    heading = words[start : points.start()] + words[points.end() :] if points else words[start:]
    label = next((group for group in match.groups() if group), "") if match and start else ""
    return label, heading.strip(" 。:：")


def _add_task(reader: _Reader, by_kind: dict[str, list[Range]], text: Range, own: set[Range]) -> None:
    sheet = reader.sheet
    plain = sheet.source.plain
    standards = [cell for cell in by_kind.get("standard", []) if cell != text]
    stars = [text, *standards, *by_kind.get("number", [])]
    key = any(re.match(rf"\s*(?:\d{{1,3}}\s?[.、]?)?\s*{_STAR.pattern}", plain[slice(*cell)]) for cell in stars)
    key = key or any(_STAR.search(plain, *cell) for cell in by_kind.get("number", []))
    key = key or any(_STAR_BEHIND.search(plain, *cell) for cell in [text, *standards])
    numbered = _NUMBER.match(plain[slice(*text)])
    start = text[0] + numbered.end() if numbered else text[0]
    if starred := _STAR.match(plain, start, text[1]):
        start = starred.end()
    starred_end = _STAR_BEHIND.search(plain, start, text[1])
    chapters = set(by_kind.get("chapter", []))
    span = _reach(tuple(own - chapters)) or text
    label = _number(reader, by_kind, int(numbered[1]) if numbered else None)
    found = _units(reader, by_kind)
    reader.sheet.tasks.append(
        Task(
            chapter=reader.chapter[0],
            chapter_heading=reader.chapter[1],
            number=label,
            text=sheet.source.words(start, starred_end.start() if starred_end else text[1]),
            units=tuple(found),
            key=key,
            score=_score(reader, by_kind, [text, *standards]),
            due=max((day for cell in by_kind.get("due", []) for day in due_days(sheet, *cell)), default=None),
            standard="\n".join(sheet.source.words(*cell) for cell in standards),
            span=sheet.source.span(*span),
        )
    )
    where = f"任务({reader.chapter[0]}){label}" if reader.chapter[0] else f"任务{label}"
    for cell in [text, *standards]:
        if cell in own:
            sheet.add_targets(where, *cell, of=sheet.source.words(*text) if cell != text else "")
    for kind, reason in (("person", Reason.PERSON), ("other", Reason.OUTSIDE)):
        for cell in by_kind.get(kind, []):
            if cell in own:
                sheet.add_unread(*cell, reason)


def _number(reader: _Reader, by_kind: dict[str, list[Range]], printed: int | None) -> int:
    """The number of its column, or before its text; the next free one of the chapter where none is, or it is taken."""
    used = reader.used.setdefault(reader.chapter, set())
    for cell in by_kind.get("number", []):
        digits = re.search(r"\d{1,3}$|^\d{1,3}|[一二三四五六七八九十]{1,3}", _STAR.sub("", _words(reader, cell)))
        printed = (ordinal(digits[0]) if digits else None) or printed
    number = printed if printed and printed not in used else max(used, default=0) + 1
    used.add(number)
    return number


def _score(reader: _Reader, by_kind: dict[str, list[Range]], texts: list[Range]) -> Decimal | None:
    for cell in by_kind.get("score", []):
        if match := _SCORE.match(reader.sheet.source.plain, *cell):
            return Decimal(match[1])
        reader.sheet.add_unread(*cell, Reason.ROW)
    points = [match for cell in texts for match in _POINTS.finditer(reader.sheet.source.plain, *cell)]
    return Decimal(points[0][1]) if len(points) == 1 else None


def _units(reader: _Reader, by_kind: dict[str, list[Range]]) -> list[Unit]:
    found: list[units.Clause] = []
    roles = {role.value: role for role in Role}
    in_order = [column.kind for column in reader.columns] + list(by_kind)
    for kind in dict.fromkeys(kind for kind in in_order if kind in roles):
        role = roles[kind]
        for cell in by_kind.get(kind, []):
            plain = reader.sheet.source.plain
            clause = units.read_cell(plain, *cell, role)
            found.append(clause)
            for start, end, reason in clause.left:
                reader.sheet.add_unread(start, end, reason)
            for start, end in clause.due:
                reader.sheet.add_unread(start, end, Reason.DATE)
            reader.sheet.common += clause.common
    first = any(column.first_leads for column in reader.columns)
    made = units_of(reader.sheet, found)
    if first and made and all(unit.role is Role.RESPONSIBLE for unit in made):
        made[0] = replace(made[0], role=Role.LEAD)
    return made


def _read_phases(sheet: Sheet, table: Table, columns: list[Column], first: int) -> None:
    kinds = {column.place: column.kind for column in columns}
    for nth, row in enumerate(table.rows):
        reach = _reach(row)
        if reach is None:
            continue
        if nth < first:
            sheet.add_passage(Aside.LEAD_IN, *reach)
            continue
        cells = {kinds.get(place, "other"): cell for place, cell in enumerate(row) if cell and cell[1] > cell[0]}
        name, body = cells.get("stage"), cells.get("text") or cells.get("other")
        if name is None:
            sheet.add_unread(*reach, Reason.ROW)
            continue
        when = cells.get("due") or name
        periods = list(find_periods(sheet.source.plain, *when))
        days = (periods[0].start, periods[-1].end) if periods else (None, None)
        if days == (None, None) and "due" in cells:
            sheet.add_unread(*cells["due"], Reason.DATE)
        words = sheet.source.words(*name).replace("\n", "")
        add_phase(sheet, _labelled(words)[1] or words, days, body or (name[1], name[1]), reach)


def _complete(sheet: Sheet, written: int) -> None:
    """Rows that state a task of the running text again complete it instead of standing beside it."""
    texts, rows = sheet.tasks[:written], sheet.tasks[written:]
    if not texts or not rows:
        return
    known: dict[str, int] = {}
    for place, task in enumerate(texts):
        known.setdefault(_bare(task.text)[:_SAME], place)
    kept: list[Task] = []
    pairs: list[tuple[Task, Task]] = []
    for row in rows:
        bare = _bare(row.text)
        same = known.get(bare[:_SAME]) if len(bare) >= _WHOLE else None
        if same is None or not (_bare(texts[same].text).startswith(bare) or bare.startswith(_bare(texts[same].text))):
            kept.append(row)
            continue
        pairs.append((texts[same], row))
        texts[same] = _merged(sheet, texts[same], row)
    sheet.tasks[:] = [*texts, *kept]
    _drop_repeated(sheet, pairs)


def _drop_repeated(sheet: Sheet, pairs: list[tuple[Task, Task]]) -> None:
    """The figures that a row only repeats from the running text stand there already."""
    targets = sorted(sheet.targets, key=lambda target: target.span.start)
    starts = [target.span.start for target in targets]
    dropped: set[int] = set()
    for task, row in pairs:
        first, last = (bisect_left(starts, place) for place in (task.span.start, task.span.end))
        known = {_figure(target) for target in targets[first:last]}
        first, last = (bisect_left(starts, place) for place in (row.span.start, row.span.end))
        dropped |= {place for place in range(first, last) if _figure(targets[place]) in known}
    sheet.targets[:] = [target for place, target in enumerate(targets) if place not in dropped]


def _figure(target: Target) -> tuple[object, ...]:
    return target.comparator, target.value, target.unit, target.indicator


def _merged(sheet: Sheet, task: Task, row: Task) -> Task:
    names = [{unit.name for unit in one.units} for one in (task, row)]
    if task.units and row.units and names[0] != names[1]:
        sheet.add_conflict(row)
    return replace(
        task, key=task.key or row.key, units=task.units or row.units, standard=task.standard or row.standard,
        score=task.score if task.score is not None else row.score, due=task.due or row.due,
    )  # fmt: skip


def _bare(text: str) -> str:
    return re.sub(r"[^0-9A-Za-z\u3400-\u9fff]", "", text)


def _trimmed(plain: str, start: int, end: int) -> Range:
    while start < end and plain[start] in " \n\t":
        start += 1
    while end > start and plain[end - 1] in " \n\t":
        end -= 1
    return start, end
