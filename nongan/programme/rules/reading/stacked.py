"""Tables that a text holds without marks between the cells, as they come from a page by copying.

One line below the other with gaps of several spaces between the columns, below a head that names them; or the cells
one below the other:

    序号 / 工作任务 / 责任单位 / 完成时限 / 1 / … / … / … / 2 / …

The head is at least three lines that name columns, the first of them 序号; every row begins with the next number on
a line of its own. A line that ends in 、 or , goes on in the next. A row with one line too few lacks its column of
kinds (merged with the row above); a row that fits in no way ends the table.
"""

import re

from nongan.programme.rules.reading.columns import kind_of
from nongan.programme.rules.reading.document import Table
from nongan.programme.rules.reading.shapes import Role
from nongan.programme.rules.reading.source import Range

_NUMBER = re.compile(r"[★*]?\s?(\d{1,3})[.、．]?")
_CELL = re.compile(r"\S+(?:[ ]\S+)*")
_OPEN = ("、", "，", ",", "；", ";", "（", "(")
_ROLES = {role.value for role in Role}


def stacked_tables(text: str) -> tuple[Table, ...]:
    lines = _lines(text)
    found: list[Table] = []
    place = 0
    while place < len(lines):
        kinds = _head(text, lines, place)
        if not kinds:
            place += 1
            continue
        rows: list[tuple[Range | None, ...]] = [tuple(lines[place : place + len(kinds)])]
        after = place + len(kinds)
        while row := _row(text, lines, after, len(rows), kinds):
            cells, after = row
            rows.append(cells)
        if len(rows) > 1:
            found.append(Table(lines[place][0], lines[after - 1][1], tuple(rows)))
        place = after
    return tuple(found)


def spaced_tables(text: str) -> tuple[Table, ...]:
    found: list[Table] = []
    rows: list[tuple[Range | None, ...]] = []
    for line in [*_lines(text), (len(text), len(text))]:
        marked = "\t" in text[slice(*line)] or "|" in text[slice(*line)]
        cells = (
            ()
            if marked
            else tuple((line[0] + cell.start(), line[0] + cell.end()) for cell in _CELL.finditer(text[slice(*line)]))
        )
        if rows and len(cells) == len(rows[0]):
            rows.append(cells)
            continue
        if len(rows) > 1 and rows[0][0] and rows[-1][-1]:
            found.append(Table(rows[0][0][0], rows[-1][-1][1], tuple(rows)))
        kinds = [kind_of(_folded(text[slice(*cell)])).kind for cell in cells] if 3 <= len(cells) <= 9 else []
        whole = set(kinds) & {"text", "standard"} and set(kinds) & _ROLES and kinds.count("other") <= 1
        rows = [cells] if whole else []
    return tuple(found)


def _lines(text: str) -> list[Range]:
    """The lines that hold something, without blanks around them."""
    found = []
    place = 0
    for line in text.split("\n"):
        if words := line.strip():
            start = place + line.index(words)
            found.append((start, start + len(words)))
        place += len(line) + 1
    return found


def _head(text: str, lines: list[Range], place: int) -> list[str]:
    """The kinds of the columns whose names stand from line `place` on; none where no table begins there."""
    kinds: list[str] = []
    for start, end in lines[place : place + 12]:
        kind = kind_of(_folded(text[start:end])).kind if end - start <= 14 else "other"
        if kind == "other" and text[start:end] not in ("备注", "附注", "落实情况", "进展情况", "完成情况", "说明"):
            break
        kinds.append(kind)
    whole = len(kinds) >= 3 and kinds[0] == "number" and set(kinds) & {"text", "standard"} and set(kinds) & _ROLES
    return kinds if whole else []


def _row(
    text: str, lines: list[Range], place: int, number: int, kinds: list[str]
) -> tuple[tuple[Range | None, ...], int] | None:
    """The cells of row `number`, which begins with line `place`, and the line behind it."""
    first = _NUMBER.fullmatch(text[slice(*lines[place])]) if place < len(lines) else None
    if first is None or int(first[1]) != number:
        return None
    cells: list[Range | None] = [lines[place]]
    place += 1
    while place < len(lines) and not _next_row(text, lines[place], number + 1):
        before = cells[-1]
        if len(cells) > 1 and before and text[before[1] - 1] in _OPEN:
            cells[-1] = (before[0], lines[place][1])
        elif len(cells) == len(kinds):
            break
        else:
            cells.append(lines[place])
        place += 1
    missing = len(kinds) - len(cells)
    if missing and kinds[-1] == "other":  # 备注 is empty
        cells, missing = [*cells, None], missing - 1
    if missing == 1 and "chapter" in kinds:
        cells.insert(kinds.index("chapter"), None)
        missing = 0
    return (tuple(cells), place) if not missing else None


def _next_row(text: str, line: Range, number: int) -> bool:
    match = _NUMBER.fullmatch(text[slice(*line)])
    return match is not None and int(match[1]) == number


def _folded(words: str) -> str:
    return words.replace("（", "(").replace("）", ")")
