"""Judging a record of a bulletin, or saying why the loaded law does not cover it."""

from dataclasses import dataclass, replace

from nongan.standards.rules.book import LimitBook, Resolution, Why
from nongan.standards.rules.bulletin.cells import read_item, read_result
from nongan.standards.rules.bulletin.records import Record
from nongan.standards.rules.commodity import Tree
from nongan.standards.rules.judge import Judgement, Verdict, decide
from nongan.standards.rules.quantity import NumberRefused, Quantity, UnitRefused, parse_quantity
from nongan.standards.rules.result import Form, Result, parse_result

CONFIRMED = "官方公示的不合格结果，视为确认检出"
LEFTOVER = ("其他", "未细分")  # classes of what fits nowhere else


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

    @property
    def agrees(self) -> bool:
        """A published failure fails; what the table calls 合格 does not."""
        verdict = self.judgement.verdict if self.judgement else None
        return verdict != Verdict.FAIL if self.record.passed else verdict == Verdict.FAIL


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
    day = f"按{'生产' if record.produced_on else '抽样'}日期 {on}"
    told = day if record.passed else f"{day}；{CONFIRMED}"
    judgement = _doubted(record, decide(book, resolution, _result(record), told))
    return Checked(record, judgement, food=food, analyte=analyte)


def _doubted(record: Record, found: Judgement) -> Judgement:
    """What was published as failing and passes by an amount picked out of other words was not understood."""
    plain = parse_result(record.result, record.unit).form != Form.UNREAD
    if found.verdict != Verdict.PASS or record.passed or plain:
        return found
    reason = f"从“{record.result}”读出的结果符合限量，与公示的不合格矛盾，须由人核对"
    return replace(found, verdict=Verdict.UNDECIDED, reason=reason, path=(*found.path[:-1], reason))


def _result(record: Record) -> Result:
    if record.doubt:
        return Result(text=record.result, form=Form.UNREAD, trouble=record.doubt)
    return read_result(record.result, record.unit, confirmed=not record.passed, lod=_lod(record))


def _lod(record: Record) -> Quantity | None:
    """The detection limit of a column of its own; without a unit it has that of the result."""
    try:
        return parse_quantity(record.lod, record.unit) if record.lod else None
    except (NumberRefused, UnitRefused):
        return None


def _covers(resolution: Resolution) -> bool:
    return resolution.why in {Why.LIMIT, Why.BAN}
