"""Lines of a bulletin as records: one item of one sample each, however many stand in a cell."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from nongan.standards.rules.book import LimitBook
from nongan.standards.rules.bulletin.cells import (
    PARTED,
    SEPARATE,
    STANDARDS_SIGN,
    UNIT,
    breaks_limit,
    cut,
    read_day,
    read_item,
    split_item,
)
from nongan.standards.rules.bulletin.columns import Columns, find_columns
from nongan.standards.rules.names import key
from nongan.standards.rules.quantity import tidy

SAMPLE = ("food", "other_food", "category", "produced", "sampled", "record")  # what merged cells give to several lines
LONGEST = 1000  # characters of a cell
PASSING = re.compile(r"^(?:合格|符合|通过|pass|√|达标)")
WORDS = "未检出|检出|阳性|阴性|nd"
# “毒死蜱：0.39mg/kg（标准值≤0.02mg/kg）”, “毒死蜱（实测值0.39mg/kg）”, “毒死蜱/0.39mg/kg/≤0.02mg/kg”
ENTRY = re.compile(
    rf"^(?P<item>.+?)[\s:：/,，(（]*(?:(?:实测|检测|检出|检验)(?:值|结果|量)|结果|检出)?(?:为|是)?[\s:：]*"
    rf"(?P<result>(?:[<>]?\s*\d[\d.,×x*^⁰¹²³⁴⁵⁶⁷⁸⁹⁻ -]*\s*{UNIT}|(?:{WORDS})(?=$|[\s/,，;)）(（])))(?P<rest>.*)$",
    re.IGNORECASE | re.DOTALL,
)  # fmt: skip


@dataclass(frozen=True)
class Record:
    """One item of a bulletin. `category`: what the sampler classed the food as, from narrow to broad. `unit`: of a
    result without its own. `passed`: the table says that this one is 合格. `doubt`: why its result cannot be told."""

    number: int
    record: str
    foods: tuple[str, ...]
    category: tuple[str, ...]
    item: str
    result: str
    produced_on: date | None
    sampled_on: date | None
    limit: str = ""
    unit: str = ""
    lod: str = ""
    passed: bool = False
    doubt: str = ""
    sheet: str = ""


@dataclass(frozen=True)
class Entry:
    """What one line says about one item."""

    item: str
    result: str
    limit: str = ""
    unit: str = ""
    doubt: str = ""


Cells = dict[str, tuple[str, ...]]


def read_table(book: LimitBook, lines: Sequence[Sequence[str]], sheet: str = "") -> list[Record]:
    """All records of a sheet. Lines under a merged cell take their sample from the line above. Raises KeyError when no
    line has the headings of a bulletin."""
    start, columns = find_columns(lines)
    above: Cells = {}
    found: list[Record] = []
    for number, line in enumerate(lines[start:], start=start + 1):
        cells = _cells(line, columns)
        if not any(cells.get("item", ())) and not any(cells.get("result", ())):
            continue  # a note, a total, an empty line
        if cells["food"] and key(cells["food"][0]) == key(columns.headings[columns.places["food"][0]]):
            continue  # the headings again, on the next page
        if not any(cells.get(name) for name in ("food", "category", "produced", "sampled")):
            cells = cells | {name: above[name] for name in SAMPLE if name in above}
        above = cells
        for own in _side_by_side(line, cells, columns):
            found += _records(book, number, own, columns, sheet)
    return found


def _side_by_side(line: Sequence[str], cells: Cells, columns: Columns) -> Iterator[Cells]:
    """The cells of each item of a line that holds several."""
    if not columns.sets:
        yield cells
    for places in columns.sets:
        own = {name: (line[at].strip(),) if at < len(line) and line[at].strip() else () for name, at in places.items()}
        if own["item"] or own["result"]:
            yield cells | own


def read_line(book: LimitBook, number: int, line: Sequence[str], columns: Columns) -> list[Record]:
    """The records of one line."""
    sets = _side_by_side(line, _cells(line, columns), columns)
    return [record for own in sets for record in _records(book, number, own, columns, "")]


def _cells(line: Sequence[str], columns: Columns) -> Cells:
    return {
        name: tuple(text for place in places if place < len(line) and (text := _short(line[place].strip())))
        for name, places in columns.places.items()
    }


def _short(text: str) -> str:
    """A cell of a whole page says nothing that we could tell apart."""
    return text if len(text) <= LONGEST else f"（{len(text)} 字，过长）"


def _records(book: LimitBook, number: int, cells: Cells, columns: Columns, sheet: str) -> Iterator[Record]:
    days = [day for text in cells.get("produced", ()) if (day := read_day(text))]
    taken = [day for text in cells.get("sampled", ()) if (day := read_day(text))]
    names = dict.fromkeys([*cells["food"][:1], *cells.get("other_food", ())[:1]])
    classes = [part.strip() for text in cells.get("category", ()) for part in re.split(r"[-—>＞→/]+", text)[::-1]]
    for entry in _entries(book, cells, columns):
        yield Record(
            number=number, record=_first(cells, "record"), foods=tuple(names),
            category=tuple(dict.fromkeys(part for part in classes if part)), item=entry.item, result=entry.result,
            produced_on=days[0] if days else None, sampled_on=taken[0] if taken else None, limit=entry.limit,
            unit=_unit(book, entry, cells, columns), lod=_first(cells, "lod"),
            passed=bool(PASSING.match(key(_first(cells, "verdict")))), doubt=entry.doubt, sheet=sheet,
        )  # fmt: skip


def _first(cells: Cells, name: str) -> str:
    return next(iter(cells.get(name, ())), "")


def _unit(book: LimitBook, entry: Entry, cells: Cells, columns: Columns) -> str:
    """Of a bare number: the column of units, the heading, the name of the item, else the limit that it breaks."""
    told = entry.unit or _first(cells, "unit") or columns.units.get("result", "")
    told = told or split_item(book, entry.item)[1]
    bare = re.fullmatch(r"[<>]?[\d.,]+", tidy(entry.result))
    limit = f"{entry.limit}{columns.units.get('limit', '')}"
    return told or (breaks_limit(entry.result, limit) if bare else "")


def _entries(book: LimitBook, cells: Cells, columns: Columns) -> Iterable[Entry]:
    item, result, limit = (_first(cells, name) for name in ("item", "result", "limit"))
    if SEPARATE.search(item) or columns.joined:
        lines = [part.strip() for part in PARTED.split(item) if part.strip()]
        return [_joined(line, result if len(lines) == 1 else "", limit if len(lines) == 1 else "") for line in lines]
    names = _names(book, item)
    if len(names) < 2:
        return [Entry(item, result, limit, _first(cells, "unit"))]
    results = cut(result, len(names))
    if results is None:
        doubt = f"一格内有 {len(names)} 个项目，结果不能一一对应。"
        return [Entry(name, result, limit, doubt=doubt) for name in names]
    limits, units = (cut(text, len(names)) or [text] * len(names) for text in (limit, _first(cells, "unit")))
    pairs = zip(names, results, limits, units, strict=True)
    return [Entry(name, one, bound if bound != limit else "", unit) for name, one, bound, unit in pairs]


def _names(book: LimitBook, item: str) -> list[str]:
    """The items of a cell: several where it has line ends or semicolons, or where every part between 、 is known."""
    if read_item(book, item):
        return [item]
    lines = [part.strip() for part in PARTED.split(item) if part.strip()]
    if len(lines) > 1:
        return lines
    parts = [part.strip() for part in re.split(r"[、]|[,，](?!\d)", item) if part.strip()]
    return parts if len(parts) > 1 and all(read_item(book, part) for part in parts) else [item]


def _joined(line: str, result: str, limit: str) -> Entry:
    """Item, result and standard out of one cell; what stands in columns of their own completes it."""
    parts = [part.strip() for part in SEPARATE.split(line) if part.strip()]
    if len(parts) > 1:
        values = [part for part in parts[1:] if not STANDARDS_SIGN.match(tidy(part))]
        bounds = [part for part in parts[1:] if STANDARDS_SIGN.match(tidy(part))]
        if not bounds and len(values) == 2:  # “噻虫胺║0.39mg/kg║不得检出”
            values, bounds = values[:1], values[1:]
        return Entry(parts[0], values[0] if len(values) == 1 else " ".join(values), bounds[0] if bounds else limit)
    found = ENTRY.match(line)
    if not found:
        return Entry(line, result, limit)
    item = found.group("item").strip(" :：/,，(（")
    return Entry(item, result or found.group("result"), limit or found.group("rest").strip(" /,，()（）"))
