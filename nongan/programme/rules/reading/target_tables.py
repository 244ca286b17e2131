"""Tables of targets: 指标名称 | 单位 | 现状 | 目标值, in any order; several columns of values give a target each.

Each row is a goal. A value prints its unit, or takes it from the column of units or from a bracket behind the name
(“合格率(%)”). 零发生 is 0, 全覆盖 is 100 %. What is true already, and values that are no figure, are left unread.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from nongan.programme.rules.indicators import indicator_for
from nongan.programme.rules.reading.document import Table
from nongan.programme.rules.reading.quantities import UNIT, find_figures
from nongan.programme.rules.reading.shapes import Aside, Comparator, Goal, Reason, Target
from nongan.programme.rules.reading.sheet import Sheet
from nongan.programme.rules.reading.source import Range

_YEAR = r"(?:到?(?:20\d\d|20[xX]{2})年?(?:底|末)?|“?十[三四五]五”?末?|预期|年度|创建|期末|规划期末)*"
_HEADS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("number", re.compile(r"序号?|编号|NO\.?")),
    ("unit", re.compile(r"(?:计量)?单位")),
    ("now", re.compile(r".{0,8}(?:现状|基数|基期|基准|实际|完成情况|当前|现有).{0,4}")),
    ("value", re.compile(rf"{_YEAR}(?:目标值?|指标值|目标要求|达标值|标准值|任务值|数值|值)|(?:到?20\d\d年底?)")),
    ("name", re.compile(r"(?:主要|核心|具体|考核|创建|工作|目标|预期|三级|二级)*指标(?:名称|内容|项目)?|(?:目标)?(?:项目|内容)|名称|目标名称")),
)  # fmt: skip
_COMPARES = re.compile(r"(?P<least>≥|>=|不低于|不少于|不小于|以上)|(?P<most>≤|<=|不高于|不超过|不大于|以下|以内)")
_BARE = re.compile(r"\s*(\D{0,6}?)\s*(\d[\d,.]*)\s*(\D{0,4}?)\s*")
_FIGURE = re.compile(r"[^一-龥]*\d[^一-龥]*(?:[一-龥]{1,3}(?:/千人)?)?(?:以上|以下|以内)?\s*|零发生|全覆盖")
_TASK = re.compile("任务|内容|措施|分值|标准|得分")
_NONE = re.compile(r"零(?:发生|事故|容忍)?|不发生|无|杜绝")
_ALL = re.compile(r"全(?:面)?覆盖|全部")
_UNIT_OF_NAME = re.compile(rf"\(({UNIT})[,、;≥≤>=<]*\)")
Heads = dict[int, str]


@dataclass(frozen=True, slots=True)
class _Value:
    comparator: Comparator
    value: Decimal
    unit: str
    bare: bool = False  # a figure that nothing compares


def heads_of(plain: str, table: Table) -> Heads:
    """What the columns hold; empty where the first row is not the head of a table of targets."""
    heads: Heads = {}
    for place, cell in enumerate(table.rows[0] if table.rows else ()):
        words = re.sub(r"\s", "", plain[slice(*cell)]) if cell else ""
        bare = _COMPARES.sub("", re.sub(r"\([^()]*\)", "", words)) or "目标"
        if words and (kind := next((kind for kind, pattern in _HEADS if pattern.fullmatch(bare)), "")):
            heads[place] = kind
    kinds = list(heads.values())
    return heads if kinds.count("name") >= 1 and "value" in kinds else {}


def states_targets(plain: str, table: Table) -> bool:
    """Does a table with a column of names and one of values hold figures, though it names units beside them?"""
    heads = heads_of(plain, table)
    words = {re.sub(r"\s", "", plain[slice(*cell)]) for cell in table.rows[0] if cell} if heads else set()
    if not heads or any(_TASK.search(word) for word in words):
        return False
    values = [cell for row in table.rows[1:] for place, cell in enumerate(row) if heads.get(place) == "value" and cell]
    figures = [cell for cell in values if _FIGURE.fullmatch(plain, *cell)]
    return bool(values) and 2 * len(figures) > len(values)


def read_target_table(sheet: Sheet, table: Table, heads: Heads) -> None:
    head, *rows = table.rows
    sheet.add_passage(Aside.LEAD_IN, *_reach(head))
    several = list(heads.values()).count("value") > 1
    for row in rows:
        cells = {place: cell for place, cell in enumerate(row) if cell and cell[1] > cell[0]}
        names = [cell for place, cell in cells.items() if heads.get(place) == "name"]
        if not names:
            if cells:
                sheet.add_unread(*_reach(row), Reason.ROW)
            continue
        name = sheet.source.words(*names[-1]).replace("\n", "")
        unit = _unit(sheet, cells, heads, names[-1])
        found = 0
        for place, cell in cells.items():
            if heads.get(place) == "now":
                sheet.add_unread(*cell, Reason.BASELINE)
            elif heads.get(place) == "value":
                of = head[place]
                when = sheet.source.words(*of) + " " if several and of else ""
                said = _COMPARES.search(sheet.source.plain[slice(*of)] if of else "") or _COMPARES.search(name)
                found += _add_target(sheet, f"{name} {when}".strip(), cell, unit, said)
            elif place not in heads:  # units, remarks
                sheet.add_unread(*cell, Reason.OUTSIDE)
        _add_goal(sheet, row, cells, heads, name)


def _add_goal(sheet: Sheet, row: tuple[Range | None, ...], cells: dict[int, Range], heads: Heads, name: str) -> None:
    number = next((sheet.source.words(*cell) for place, cell in cells.items() if heads.get(place) == "number"), None)
    values = [sheet.source.words(*cell) for place, cell in cells.items() if heads.get(place) in ("value", "unit")]
    sheet.goals.append(Goal(number, name, " ".join(values), sheet.source.span(*_reach(row))))


def _add_target(sheet: Sheet, name: str, cell: Range, unit: str, said: re.Match[str] | None) -> int:
    """`said`: the words that compare, where they stand in the head or behind the name (目标值(≥))."""
    found = _value(sheet.source.plain[slice(*cell)], unit)
    if found and said and found.bare:
        found = replace(found, comparator=Comparator.AT_LEAST if said["least"] else Comparator.AT_MOST)
    if found is None:
        sheet.add_unread(*cell, Reason.ROW)
        return 0
    text = f"{name} {sheet.source.words(*cell)}"
    span = sheet.source.span(*cell)
    indicator = indicator_for(name + "达到", found.unit)
    sheet.targets.append(Target(text, "目标", found.comparator, found.value, found.unit, indicator, span, span))
    return 1


def _value(words: str, unit: str) -> _Value | None:
    words = re.sub(r"\s", "", words)
    if _NONE.fullmatch(words):
        return _Value(Comparator.EXACTLY, Decimal(0), unit or "起")
    if _ALL.fullmatch(words):
        return _Value(Comparator.EXACTLY, Decimal(100), "%")
    figures = list(find_figures(words, 0, len(words)))
    bare = _BARE.fullmatch(words)
    if not figures and bare and unit:
        words = f"{bare[1]}{bare[2]}{unit}{bare[3]}"
        figures = list(find_figures(words, 0, len(words)))
    if len(figures) != 1:
        return None
    return _Value(figures[0].comparator, figures[0].value, figures[0].unit, not figures[0].compared)


def _unit(sheet: Sheet, cells: dict[int, Range], heads: Heads, name: Range) -> str:
    for place, cell in cells.items():
        if heads.get(place) == "unit":
            return re.sub(r"\s", "", sheet.source.plain[slice(*cell)])
    within = _UNIT_OF_NAME.search(sheet.source.plain, *name)
    return within[1] if within else ""


def _reach(row: tuple[Range | None, ...]) -> Range:
    cells: list[Range] = list(_filled(row))
    return (min(start for start, _end in cells), max(end for _start, end in cells)) if cells else (0, 0)


def _filled(row: tuple[Range | None, ...]) -> Iterator[Range]:
    return (cell for cell in row if cell)
