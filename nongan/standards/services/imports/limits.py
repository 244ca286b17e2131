"""A table of limits from a sheet: one new edition of a standard, with its validity."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from nongan.common.spreadsheet import Column, Problem, Row
from nongan.documents.services import ImportKind
from nongan.journal.services import record
from nongan.standards.models import Edition, Limit
from nongan.standards.queries import book
from nongan.standards.rules import Authority, Bounds, LimitBook, LimitForm, LimitRefused, parse_limit
from nongan.standards.services.imports.cells import (
    Faults,
    allow,
    code_of,
    day_of,
    item_of,
    listed,
    too_long,
    yes_of,
)
from nongan.standards.services.stamp import renew

if TYPE_CHECKING:
    from nongan.accounts.models import User

COLUMNS = [
    Column("item", "检测项目", help="名称、别名或编码", example="吡虫啉"),
    Column("food", "食品", help="食品或食品类别的名称、别名或编码", example="豆类蔬菜"),
    Column("exclusions", "除外", False, "除外的食品，用顿号分开", "菜豆、食荚豌豆"),
    Column(
        "limit",
        "限量",
        help="数字、范围（6.5~8.5）、≥ 下限、不得检出、不得使用或 —（不作限量）；临时限量后加 *",
        example="2",
    ),
    Column("unit", "单位", False, "mg/kg、μg/kg、g/kg、mg/L、g/100g、%、CFU/g 等；不得检出等不用填", "mg/kg"),
    Column("food_text", "标准原文", False, "标准里的食品类别写法", "豆类蔬菜（菜豆、食荚豌豆除外）"),
    Column("condition", "适用条件", False, "只适用于其中一部分产品时填写；超过的由人核对", ""),
    Column("note", "备注", False),
]
OPTIONS = {
    "edition": "版本（标准号-年号，如 GB 2763-2026）",
    "title": "标准名称",
    "valid_from": "生效日期（如 2026-03-01）",
    "complete": "所列项目的限量是否齐全（是或否）",
    "source": "来源（公告、文件名或网址）",
}
LENGTHS = {"food_text": 500, "condition": 300, "note": 500, "unit": 20}
DIGITS, PLACES = 15, 9  # of one number: what every database keeps exactly


@dataclass(frozen=True)
class Read:
    """A line as it will be kept."""

    row: Row
    analyte: str
    commodity: str
    exclusions: tuple[str, ...]
    bounds: Bounds


@dataclass(frozen=True)
class Head:
    """The edition that the sheet becomes."""

    code: str
    title: str
    valid_from: date
    complete: bool
    source: str


def check(rows: list[Row], options: dict[str, str], by: "User") -> list[Problem]:
    faults = Faults(COLUMNS)
    read_head(options, faults)
    read_rows(rows, book(), faults)
    return faults.found


def read_head(options: dict[str, str], faults: Faults) -> Head | None:
    """The edition typed with the upload; it must be a new one."""
    code = " ".join(options.get("edition", "").split())
    start = day_of(faults, None, _("生效日期"), options.get("valid_from", ""))
    complete = yes_of(faults, None, _("限量是否齐全"), options.get("complete", ""))
    if not code:
        faults.whole(_("版本"), _("没有填写版本"), _("请填标准号和年号，如 GB 2763-2026"))
    elif len(code) > 60:
        faults.whole(_("版本"), _("超过 %(n)s 个字") % {"n": 60}, _("请缩短"))
    elif Edition.objects.filter(code=code).exists():
        reason = _("已经载入过“%(code)s”") % {"code": code}
        faults.whole(
            _("版本"), reason, _("已载入的版本不改动。修改单请另起版本号，如“%(code)s 第1号修改单”") % {"code": code}
        )
    if start is None and not options.get("valid_from"):
        faults.whole(_("生效日期"), _("没有填写生效日期"), _("请填标准的实施日期"))
    if not code or start is None:
        return None
    return Head(code, options.get("title", "")[:200] or code, start, complete, options.get("source", "")[:300])


def read_rows(rows: Sequence[Row], law: LimitBook, faults: Faults) -> list[Read]:
    seen: dict[tuple[str, str, str], int] = {}
    found = []
    for row in rows:
        line = _read(row, law, faults)
        if line is None:
            continue
        key = (line.analyte, line.commodity, row.cells["condition"])
        if key in seen:
            reason = _("与第 %(n)s 行重复：同一项目、同一食品") % {"n": seen[key]}
            faults.add(row, "food", reason, _("请删去其中一行，或写明各自的适用条件"))
        seen.setdefault(key, row.number)
        found.append(line)
    return found


def _read(row: Row, law: LimitBook, faults: Faults) -> Read | None:
    cells = row.cells
    before = len(faults.found)
    analyte = item_of(law, faults, row, "item", cells["item"]) if cells["item"] else ""
    commodity = code_of(law, faults, row, "food", cells["food"]) if cells["food"] else ""
    exclusions = tuple(code_of(law, faults, row, "exclusions", name) for name in listed(cells["exclusions"]))
    for code in exclusions:
        if commodity and code and not (code != commodity and law.tree.is_within(code, commodity)):
            reason = _("“%(name)s”不在“%(food)s”之内，不能除外") % {"name": law.tree.name(code), "food": cells["food"]}
            faults.add(row, "exclusions", reason, _("请核对食品分类"))
    bounds = _bounds(row, faults)
    too_long(faults, row, LENGTHS)
    if bounds is None or len(faults.found) > before or not (analyte and commodity):
        return None
    return Read(row, analyte, commodity, exclusions, bounds)


def _bounds(row: Row, faults: Faults) -> Bounds | None:
    cells = row.cells
    if not cells["limit"]:
        return None
    try:
        bounds = parse_limit(cells["limit"], cells["unit"])
    except LimitRefused as refusal:
        faults.add(row, "limit", str(refusal), _("请按“怎么填”改正限量或单位"))
        return None
    numbers = [number for number in (bounds.low, bounds.high) if number is not None]
    if bounds.form == LimitForm.MAXIMUM and not bounds.unit:
        faults.add(row, "unit", _("有数字的限量没有单位"), _("请填 mg/kg 等单位"))
        return None
    for number in numbers:
        if not fits(number):
            reason = _("“%(text)s”的位数太多") % {"text": cells["limit"]}
            faults.add(row, "limit", reason, _("最多 15 位有效数字、9 位小数"))
            return None
    return bounds


def fits(number: Decimal) -> bool:
    """Does every database keep the number exactly?"""
    _sign, digits, exponent = number.normalize().as_tuple()
    return len(digits) <= DIGITS and isinstance(exponent, int) and exponent >= -PLACES and number < 10**DIGITS


def apply(rows: list[Row], options: dict[str, str], by: "User", at: datetime) -> int:
    """Write the edition with all its rows. Called inside the transaction of the confirmation, after `check`."""
    faults = Faults(COLUMNS)
    head, lines = read_head(options, faults), read_rows(rows, book(), faults)
    assert head is not None and not faults.found  # the confirmation has checked the same rows again
    edition = Edition.objects.create(
        code=head.code, series=head.code.rsplit("-", 1)[0].strip(), title=head.title, valid_from=head.valid_from,
        authority=Authority.OFFICIAL, complete=head.complete, source=head.source, by=str(by), at=at,
    )  # fmt: skip
    limits = Limit.objects.bulk_create([_limit(edition, line, head.source) for line in lines], batch_size=500)
    through = Limit.exclusions.through
    through.objects.bulk_create(
        [
            through(limit_id=limit.pk, commodity_id=code)
            for limit, line in zip(limits, lines, strict=True)
            for code in line.exclusions
        ],
        batch_size=500,
    )
    record(
        "standards.edition.imported", on=edition, by=by, at=at, code=edition.code, rows=len(limits),
        valid_from=edition.valid_from.isoformat(), note=_("%(n)s 条限量") % {"n": len(limits)},
    )  # fmt: skip
    renew()
    return len(limits)


def _limit(edition: Edition, line: Read, source: str) -> Limit:
    cells, bounds = line.row.cells, line.bounds
    return Limit(
        edition=edition, key=str(line.row.number), analyte_id=line.analyte, commodity_id=line.commodity,
        form=bounds.form, low=bounds.low, high=bounds.high, unit=bounds.unit, basis=bounds.basis,
        temporary=bounds.temporary, food_text=cells["food_text"], condition=cells["condition"], note=cells["note"],
        source=source,
    )  # fmt: skip


def kind() -> ImportKind:
    return ImportKind(
        kind="limits", title="限量标准", columns=COLUMNS, allow=allow, check=check, apply=apply,
        back="standards:limits", options=OPTIONS,
    )  # fmt: skip
