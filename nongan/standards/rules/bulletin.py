"""Records of official bulletins of failures (抽检不合格公示): columns under many names, dates, results with noise.

A bulletin reports what a laboratory confirmed and the agency published, so a result in it is a detected amount.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from nongan.standards.rules.book import LimitBook, Resolution, Why
from nongan.standards.rules.commodity import Tree
from nongan.standards.rules.judge import Judgement, decide
from nongan.standards.rules.names import key
from nongan.standards.rules.quantity import UnitRefused, parse_unit
from nongan.standards.rules.result import Form, Result, parse_result

# What the columns are called, the likeliest first.
HEADINGS = {
    "record": ("record_id", "id", "序号", "编号", "抽样编号"),
    "food": ("food_raw", "food", "食品名称", "样品名称", "产品名称", "名称"),
    "other_food": ("food_canonical",),
    "category": ("sub_category", "食品细类", "细类", "食品小类", "食品类别", "分类", "big_category", "食品大类"),
    "item": ("item", "不合格项目", "检验项目", "检测项目", "项目"),
    "result": ("result", "检验结果", "检测结果", "实测值", "结果"),
    "produced": ("prod_date", "生产日期/批号", "生产日期", "生产（购进、检疫）日期", "购进日期", "日期"),
    "sampled": ("sample_date", "抽样日期", "采样日期"),
}
EXCEL = date(1899, 12, 30)  # day 0 of the dates that a spreadsheet keeps as numbers
SERIAL = re.compile(r"^([34]\d{4}|5[0-5]\d{3})(?:\.0*)?$")
DAY = re.compile(r"(20\d\d)\s*[-./年]\s*(\d{1,2})\s*[-./月]\s*(\d{1,2})|(20\d\d)(\d\d)(\d\d)(?!\d)")
AMOUNT = re.compile(r"[<>≤≥]?\s*\d[\d.,]*(?:\s*[×x*]\s*10\^?[⁰¹²³⁴⁵⁶⁷⁸⁹\d]*)?\s*[^\s;；,，、|║()（）]*")
TAIL = re.compile(r"^(.*?)[\s,，;；/(（]+([a-zA-Zμµ%％/·]+(?:\d*[a-zA-Z]+)?)[)）]?$")
CONFIRMED = "官方公示的不合格结果，视为确认检出"
LEFTOVER = ("其他", "未细分")  # classes of what fits nowhere else


@dataclass(frozen=True)
class Record:
    """One line of a bulletin. `category`: what the sampler classed the food as, from narrow to broad."""

    number: int
    record: str
    foods: tuple[str, ...]
    category: tuple[str, ...]
    item: str
    result: str
    produced_on: date | None
    sampled_on: date | None


def columns_of(headings: list[str]) -> dict[str, str]:
    """Our name of a column → the file's own. A file without food, item and result is no bulletin: KeyError."""
    tidy = {key(heading): heading for heading in headings}
    found = {
        name: tidy[key(known)]
        for name, spellings in HEADINGS.items()
        for known in spellings[::-1]
        if key(known) in tidy
    }
    for needed in ("food", "item", "result"):
        found[needed]  # noqa: B018
    return found


def read_record(number: int, row: Mapping[str, str], columns: Mapping[str, str]) -> Record:
    """The line as a record; what is missing stays blank."""
    cell = {name: (row.get(heading) or "").strip() for name, heading in columns.items()}
    foods = dict.fromkeys(name for name in (cell["food"], cell.get("other_food", "")) if name)
    return Record(
        number=number, record=cell.get("record", ""), foods=tuple(foods),
        category=tuple(part for part in re.split(r"[-—>＞]", cell.get("category", ""))[::-1] if part),
        item=cell["item"], result=cell["result"], produced_on=read_day(cell.get("produced", "")),
        sampled_on=read_day(cell.get("sampled", "")),
    )  # fmt: skip


def read_day(text: str) -> date | None:
    """2025-11-03, 2025/11/3, 2025年11月3日, 20251103, and the 45951.0 of a spreadsheet; None when it is no day."""
    serial = SERIAL.match(text.strip())
    if serial:
        return EXCEL + timedelta(days=int(serial.group(1)))
    found = DAY.search(text)
    if not found:
        return None
    year, month, day = (int(part) for part in found.groups() if part)
    try:
        return date(year, month, day)
    except ValueError:
        return None


def read_result(text: str) -> Result:
    """The confirmed amount, also out of a cell with more in it (“检出，0.5μg/kg”, “0.37mg/kg 三唑磷”)."""
    whole = parse_result(text, detected=True)
    if whole.form != Form.UNREAD:
        return whole
    for amount in AMOUNT.findall(text):
        part = parse_result(amount.strip(), detected=True)
        if part.form != Form.UNREAD and part.quantity is not None and part.quantity.unit.symbol:
            return replace(part, text=text)
    return whole


def read_item(book: LimitBook, text: str) -> str:
    """The code of the item, also with a unit behind its name (“噻虫胺,mg/kg”); blank when unknown."""
    found = book.analytes.find(text)
    tail = TAIL.match(text.strip())
    if found or not tail:
        return found
    try:
        parse_unit(tail.group(2))
    except UnitRefused:
        return ""
    return book.analytes.find(tail.group(1))


def meanings(tree: Tree, record: Record) -> list[str]:
    """Codes of what the food may be, the likeliest first: its name within its class, its exact name, its class."""
    classes = [code for code in (tree.find(name).code for name in record.category) if code]
    found: list[str] = []
    for name in record.foods:
        found += [tree.find(name, inside=within).code for within in classes]
        anywhere = tree.find(name)
        found += [anywhere.code] if not classes or "结尾" not in anywhere.how else []
    if record.category and not any(word in record.category[0] for word in LEFTOVER):
        found += [tree.find(record.category[0]).code]
    found += classes[:1]
    return [code for code in dict.fromkeys(found) if code]


@dataclass(frozen=True)
class Checked:
    """A record with its judgement, or with the reason why the loaded law does not cover it."""

    record: Record
    judgement: Judgement | None = None
    reason: str = ""
    food: str = ""
    analyte: str = ""

    @property
    def covered(self) -> bool:
        return self.judgement is not None


def check_record(book: LimitBook, record: Record) -> Checked:
    """Judge one record by what was in force on its day of production, else of sampling."""
    analyte, foods = read_item(book, record.item), meanings(book.tree, record)
    on = record.produced_on or record.sampled_on
    if not foods:
        return Checked(record, reason=f"食品“{'、'.join(record.foods)}”不在食品分类中", analyte=analyte)
    if not analyte:
        return Checked(record, reason=f"检测项目“{record.item}”不在项目表中", food=foods[0])
    if on is None:
        return Checked(record, reason="没有读出生产日期或抽样日期，不知用哪一版限量", food=foods[0], analyte=analyte)
    looked = [(food, book.resolve(food, analyte, on)) for food in foods]
    food, resolution = next((pair for pair in looked if pair[1].readings), looked[0])
    if not _covers(resolution):
        return Checked(record, reason=resolution.words, food=food, analyte=analyte)
    day = f"按{'生产' if record.produced_on else '抽样'}日期 {on}；{CONFIRMED}"
    return Checked(record, decide(book, resolution, read_result(record.result), day), food=food, analyte=analyte)


def _covers(resolution: Resolution) -> bool:
    return resolution.why in {Why.LIMIT, Why.BAN}
