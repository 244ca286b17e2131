"""Tables with a column for each unit: 工作任务 | 县财政局 | 县公安局 | …, with a sign where a unit has to do with the task.

What a sign means, the plan says somewhere (“√为牵头单位，△为配合单位”; “牵头单位用★表示”). Where it does not, a hollow
sign beside full ones is a supporting unit, and every other a responsible one.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from nongan.programme.rules.reading import names
from nongan.programme.rules.reading.columns import Column, kind_of, settled
from nongan.programme.rules.reading.document import Table
from nongan.programme.rules.reading.shapes import Role
from nongan.programme.rules.reading.source import Range

_FULL, _HOLLOW = "√✓✔☑●★▲■◆◎⊙", "△○☆□◇"
_SIGN = f"[{_FULL}{_HOLLOW}〇]"
_CELL = re.compile(rf"\s*({_SIGN}|[-—–/×]*)\s*")
_DUTY = r"(?:(?P<lead>总?牵\s?头|主办|主责)|(?P<support>配合|协办|协助|参与|参加|支持)|(?P<responsible>责任|负责|承办|落实|实施))"
_SAID = re.compile(
    rf"(?P<sign>{_SIGN})[”\"’']?\s?(?:的)?(?:表示|代表|者?为|是|指|:|=|-)?\s?[“\"]?(?:主要|共同)?{_DUTY}"
)
_SAID_BEFORE = re.compile(
    rf"{_DUTY}(?:单位|部门|科室)?\s?(?:均?(?:用|以|为|标注|注明|标|画|打)*|:|\()\s?[“\"‘'(]?(?P<sign>{_SIGN})"
)
_AROUND = 3000  # characters before and behind the table in which the meaning of its signs may stand
_ORDER = (Role.LEAD, Role.RESPONSIBLE, Role.SUPPORT)
Signs = dict[str, Role]


def matrix_columns(plain: str, table: Table) -> tuple[int, list[Column]]:
    """The number of rows of the head, and the columns, those of units as “mark”; none where the table is no matrix."""
    for nth, row in enumerate(table.rows[:3]):
        columns = [
            replace(kind_of(plain[slice(*cell)]), place=place) if cell else Column(place, "other")
            for place, cell in enumerate(row)
        ]
        marked = {column.place for column in columns if _is_marked(plain, table, nth, column.place)}
        if len(marked) > 1 and any(column.kind == "text" for column in columns):
            columns = [replace(one, kind="mark") if one.place in marked else one for one in columns]
            return nth + 1, settled(columns)
    return 0, []


def _is_marked(plain: str, table: Table, nth: int, place: int) -> bool:
    """Is the column headed by a unit, and are there only signs below?"""
    head = table.rows[nth][place]
    name = re.sub(r"\s", "", plain[slice(*head)]) if head else ""
    if not names.is_name(name) or not (names.ORGAN_END.search(name) or name.startswith("各")):
        return False
    cells = [row[place] for row in table.rows[nth + 1 :] if place < len(row) and len(set(row)) > 1]
    words = [_CELL.fullmatch(plain, *cell) if cell else None for cell in cells]
    full = [match for match, cell in zip(words, cells, strict=True) if cell and cell[1] > cell[0]]
    return all(full) and any(match and re.match(_SIGN, match[1]) for match in full)


def signs_of(plain: str, table: Table, columns: list[Column], first: int) -> Signs:
    """The role that each sign of the table gives."""
    places = [column.place for column in columns if column.kind == "mark"]
    used = {
        plain[slice(*cell)].strip()
        for row in table.rows[first:]
        for place in places
        if place < len(row) and (cell := row[place]) and cell[1] > cell[0]
    }
    said: Signs = {}
    around = (max(0, table.start - _AROUND), min(len(plain), table.end + _AROUND)) if used else (0, 0)
    for pattern in (_SAID, _SAID_BEFORE):
        for match in pattern.finditer(plain, *around):
            if match["sign"] in used:
                said.setdefault(match["sign"], _role(match))
    mixed = any(sign in _FULL for sign in used)
    for sign in used - said.keys():
        said[sign] = Role.SUPPORT if mixed and sign in f"{_HOLLOW}〇" else Role.RESPONSIBLE
    return said


def _role(match: re.Match[str]) -> Role:
    return Role.LEAD if match["lead"] else Role.SUPPORT if match["support"] else Role.RESPONSIBLE


def marked_units(
    plain: str, head: tuple[Range | None, ...], row: tuple[Range | None, ...], columns: list[Column], signs: Signs
) -> Iterator[tuple[Role, Range]]:
    """The heads of the columns that the row marks, with their roles: those that lead come first."""
    found: list[tuple[Role, Range]] = []
    for column in columns:
        cell = row[column.place] if column.kind == "mark" and column.place < len(row) else None
        name = head[column.place]
        sign = plain[slice(*cell)].strip() if cell else ""
        if name and re.fullmatch(_SIGN, sign):
            found.append((signs[sign], name))
    yield from sorted(found, key=lambda one: _ORDER.index(one[0]))
