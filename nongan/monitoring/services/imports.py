"""Samplings from a sheet: every fault named by row and field, then all rows or none."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from django.db.models import TextChoices
from django.utils.dateparse import parse_date
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from nongan.accounts.rules import Permission
from nongan.accounts.services import require
from nongan.common.divisions import level_of
from nongan.common.spreadsheet import Column, Problem, Row
from nongan.common.words import listed
from nongan.documents.services import ImportKind
from nongan.monitoring.queries import same_batches
from nongan.monitoring.rules import (
    Fault,
    Packaging,
    SampledAbove,
    SampleKind,
    Sampling,
    Unit,
    check_not_sampled_above,
    parts_of,
)
from nongan.monitoring.services.taking import Check, organisation_of, supervised, take_samples
from nongan.registry.queries import subjects_visible_to
from nongan.registry.services.places import Places
from nongan.standards.queries import find_analyte, find_commodity

if TYPE_CHECKING:
    from nongan.accounts.models import User
    from nongan.registry.models import Subject

NEVER = date.min  # stands for a day that could not be read; the fault is named, nothing is saved
Read = tuple[Sampling, "Subject | None", list[Fault]]

# The sheet is a Chinese document whoever reads the page: its headings do not change with the language.
COLUMNS = [
    Column("kind", "类别", example="例行监测"),
    Column("subject", "主体编号", False, "与主体名称填一个即可；都填时须是同一主体", "ZT-360902-000001"),
    Column("subject_name", "主体名称", False, "与监管名录一致", "彬江镇绿源蔬菜专业合作社"),
    Column("commodity", "产品", help="名称或食品分类编码", example="豇豆"),
    Column("produced_on", "生产日期", False, "监督抽查必填", "2026-05-10"),
    Column("sampled_on", "抽样日期", help="年-月-日", example="2026-05-11"),
    Column("quantity", "抽样量", False, example="3"),
    Column("unit", "单位", False, example="千克"),
    Column("packaging", "包装", False, example="散装"),
    Column("place", "抽样地点", False, example="2 号大棚"),
    Column("samplers", "抽样人员", help="监督抽查不少于两人，用顿号隔开", example="张三、李四"),
    Column("panel", "检测项目", False, "用顿号隔开；不填则为该产品的常规项目", "克百威、吡虫啉"),
    Column("division", "区划代码", False, "抽样地，不填则为主体所在区划"),
    Column("note", "备注", False),
]
HEADINGS = {column.key: column.heading for column in COLUMNS}


def allow(by: "User") -> None:
    require(by, Permission.SAMPLE_TAKE)
    organisation_of(by)


def check(rows: list[Row], options: dict[str, str], by: "User") -> list[Problem]:
    """Every fault of every row: form, scope, the law of sampling, batches that a higher authority has sampled."""
    read = Reading(rows, by).read_all(rows)
    level, on = level_of(organisation_of(by).division_id), localdate()
    places = {sampling.division for sampling, subject, _faults in read if subject}
    known = Check([sampling for sampling, _subject, _faults in read], places)
    batches = same_batches(
        [(s.pk, sampling.commodity, sampling.produced_on) for sampling, s, _f in read if s and supervised([sampling])]
    )
    problems = []
    for row, (sampling, subject, faults) in zip(rows, read, strict=True):
        named = {fault.field for fault in faults}
        named |= {"sampled_on", "produced_on"} if sampling.sampled_on == NEVER else set()
        if subject is not None:
            found = known.faults(sampling, subject, sampling.division, level, on)
            faults += [fault for fault in found if fault.field not in named]
            key = (subject.pk, sampling.commodity, sampling.produced_on or NEVER)
            faults += _sampled_above(sampling, level, batches.get(key, []))
        problems += [Problem(row.number, HEADINGS[f.field], str(f.reason), str(f.remedy)) for f in faults]
    return problems


def _sampled_above(sampling: Sampling, level: int, earlier: list[tuple[str, int]]) -> list[Fault]:
    try:
        check_not_sampled_above(sampling.kind, level, earlier)
    except SampledAbove as refusal:
        return [Fault("produced_on", str(refusal).rstrip("。"))]
    return []


def apply(rows: list[Row], options: dict[str, str], by: "User", at: datetime) -> int:
    read = Reading(rows, by).read_all(rows)
    return len(take_samples(samplings=[sampling for sampling, _subject, _faults in read], by=by, at=at))


class Reading:
    """The sheet read against what one person may use: subjects and places of the scope, products and items by name."""

    def __init__(self, rows: Iterable[Row], by: "User") -> None:
        cells = [row.cells for row in rows]
        self.places = Places(by.scope)
        self.by_number = {s.number: s for s in self._subjects("number", {c["subject"].upper() for c in cells}, by)}
        self.by_name: dict[str, list[Subject]] = {}
        for subject in self._subjects("name", {c["subject_name"] for c in cells if not c["subject"]}, by):
            self.by_name.setdefault(subject.name, []).append(subject)
        self.commodities = {text: find_commodity(text) for text in {c["commodity"] for c in cells} if text}
        items = {text for c in cells for text in parts_of(c["panel"])}
        self.analytes = {text: find_analyte(text) for text in items}

    def _subjects(self, column: str, values: set[str], by: "User") -> "Iterable[Subject]":
        wanted = sorted(values - {""})
        for start in range(0, len(wanted), 500):
            yield from subjects_visible_to(by).filter(**{f"{column}__in": wanted[start : start + 500]})

    def read_all(self, rows: Iterable[Row]) -> list[Read]:
        return [self.read(row.cells) for row in rows]

    def read(self, cells: dict[str, str]) -> Read:
        """A line as a sampling, its subject, and what is wrong with it; with faults it is not to be used."""
        faults: list[Fault] = []
        subject = self._subject(cells, faults)
        sampling = Sampling(
            kind=_value(SampleKind, cells["kind"]), subject=subject.number if subject else "",
            commodity=self._commodity(cells["commodity"], faults),
            sampled_on=_day("sampled_on", cells, faults) or NEVER, samplers=cells["samplers"],
            produced_on=_day("produced_on", cells, faults), division=self._place(cells, subject, faults),
            quantity=_number("quantity", cells, faults),
            unit=_value(Unit, cells["unit"] or str(Unit.KILOGRAM.value)),
            packaging=_value(Packaging, cells["packaging"] or str(Packaging.LOOSE.value)),
            place=cells["place"], note=cells["note"], panel=self._panel(cells["panel"], faults),
        )  # fmt: skip
        return sampling, subject, faults

    def _subject(self, cells: dict[str, str], faults: list[Fault]) -> "Subject | None":
        number, name = cells["subject"].upper(), cells["subject_name"]
        if not number and not name:
            faults.append(Fault("subject", _("未填写"), _("主体编号和主体名称至少填一个")))
            return None
        if not number:
            return self._named(name, faults)
        found = self.by_number.get(number)
        if found is None:
            reason = _("您的管辖范围内没有编号为“%(number)s”的主体") % {"number": number}
            faults.append(Fault("subject", reason, _("请核对编号，或改填主体名称")))
        elif name and name != found.name:
            reason = _("与主体编号 %(number)s（%(name)s）不是同一主体") % {"number": number, "name": found.name}
            faults.append(Fault("subject_name", reason, _("请核对，或只填一个")))
        return found

    def _named(self, name: str, faults: list[Fault]) -> "Subject | None":
        found = self.by_name.get(name, [])
        if len(found) == 1:
            return found[0]
        if found:
            reason = _("名录里有 %(n)s 个主体叫“%(name)s”") % {"n": len(found), "name": name}
            faults.append(Fault("subject_name", reason, _("请改填主体编号")))
        else:
            reason = _("您管辖范围的名录里没有“%(name)s”") % {"name": name}
            faults.append(Fault("subject_name", reason, _("请写全称；新主体请先登记")))
        return None

    def _commodity(self, text: str, faults: list[Fault]) -> str:
        code = self.commodities.get(text)
        if text and code is None:
            faults.append(
                Fault("commodity", _("没有“%(text)s”这种产品") % {"text": text}, _("请照食品分类填名称或编码"))
            )
        return code or ""

    def _panel(self, text: str, faults: list[Fault]) -> tuple[str, ...]:
        names = parts_of(text)
        if unknown := [name for name in names if self.analytes[name] is None]:
            reason = _("没有“%(names)s”这个检测项目") % {"names": listed(unknown)}
            faults.append(Fault("panel", reason, _("请照检测项目目录填名称或编码")))
        return tuple(dict.fromkeys(code for name in names if (code := self.analytes[name])))

    def _place(self, cells: dict[str, str], subject: "Subject | None", faults: list[Fault]) -> str:
        if not cells["division"]:
            return subject.division_id if subject else ""
        code, wrong = self.places.find(cells["division"], "")
        faults += [Fault("division", wrong.reason, wrong.remedy)] if wrong else []
        return code


def _value(choices: type[TextChoices] | Any, text: str) -> str:
    """The code word behind a label; the text itself when there is none, so that the fault can quote it."""
    return next((value for value, label in choices.choices if text in (str(label), value)), text)


def _day(field: str, cells: dict[str, str], faults: list[Fault]) -> date | None:
    text = cells[field]
    for sign in "年月/.":
        text = text.replace(sign, "-")
    try:
        day = parse_date(text.replace("日", "").strip())
    except ValueError:
        day = None
    if day is None and cells[field]:
        faults.append(Fault(field, _("“%(text)s”不是日期") % {"text": cells[field]}, _("请写成 2026-03-01 的样子")))
    return day


def _number(field: str, cells: dict[str, str], faults: list[Fault]) -> Decimal | None:
    if not cells[field]:
        return None
    try:
        number = Decimal(cells[field].replace(",", ""))
    except InvalidOperation:
        number = Decimal("NaN")
    exponent = number.as_tuple().exponent
    if not isinstance(exponent, int):
        faults.append(Fault(field, _("“%(text)s”不是数") % {"text": cells[field]}, _("单位填在“单位”一列")))
        return None
    if exponent < -3:
        faults.append(Fault(field, _("小数超过三位"), _("请最多保留三位小数")))
        return None
    return number


def kind() -> ImportKind:
    """What `apps.ready` registers with documents."""
    helps: dict[str, Any] = {"kind": SampleKind, "unit": Unit, "packaging": Packaging}
    with_help = [replace(c, help="、".join(map(str, helps[c.key].labels))) if c.key in helps else c for c in COLUMNS]
    return ImportKind(
        kind="samples", title="抽样单", columns=with_help, allow=allow, check=check, apply=apply,
        back="monitoring:samples",
    )  # fmt: skip
