"""Subjects from a sheet: every fault named by row and field, then all rows or none."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db.models import TextChoices
from django.utils.dateparse import parse_date
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from nongan.accounts.rules import Permission
from nongan.accounts.services import require
from nongan.common.spreadsheet import Column, Problem, Row
from nongan.documents.services import ImportKind
from nongan.registry import queries
from nongan.registry.rules import (
    LONGEST,
    Facts,
    Fault,
    Scale,
    SubjectType,
    fault_of_day,
    faults_of,
    same_subject,
)
from nongan.registry.services.places import Places
from nongan.registry.services.subjects import Entry, Supervision, register_many

if TYPE_CHECKING:
    from nongan.accounts.models import User

NEVER = date.min  # stands for a day that could not be read; the fault is named, nothing is saved


# The sheet is a Chinese document whoever reads the page: its headings do not change with the language.
COLUMNS = [
    Column("name", "名称", example="彬江镇绿源蔬菜专业合作社"),
    Column("type", "类型", example="农民专业合作社"),
    Column("scale", "规模", example="规模以上"),
    Column("uscc", "统一社会信用代码", False, "18 位；大户、家庭农场、经纪人没有的可不填", "91350100M000100Y43"),
    Column("division", "区划代码", False, "9 或 12 位；与区划名称填一个即可", "360902100000"),
    Column("division_name", "区划名称", False, "县、乡镇或村；重名的写全，如 袁州区彬江镇", "袁州区彬江镇"),
    Column("address", "地址", False),
    Column("contact", "联系人", example="王小明"),
    Column("phone", "联系电话", help="11 位手机号，或带区号的固定电话", example="13800000000"),
    Column("products", "主要产品", False, example="辣椒、茄子"),
    Column("registered_on", "纳入名录日期", help="年-月-日", example="2026-03-01"),
    Column("supervising", "监管单位", False, "机构全称，与监管责任人一起填或都不填"),
    Column("supervisor", "监管责任人", False),
    Column("supervised_from", "落实监管日期", False, "不填则为纳入名录日期"),
    Column(
        "distinct",
        "确认为不同主体",
        False,
        "是或否，不填为否。提示疑似重复、核实后确属另一主体的填“是”；代码相同的不能",
        "否",
    ),
]
YES, NO = {"是", "yes"}, {"否", "no", ""}  # the second for readers of the English pages
HEADINGS = {column.key: column.heading for column in COLUMNS}


def allow(by: "User") -> None:
    require(by, Permission.SUBJECT_EDIT)


def check(rows: list[Row], options: dict[str, str], by: "User") -> list[Problem]:
    """Every fault of every row: form, scope, duplicates within the sheet and with the registry."""
    reading = Reading(by, localdate())
    problems = []
    entries: list[tuple[Row, Entry]] = []
    for row in rows:
        entry, faults = reading.read(row)
        problems += _problems(row, faults)
        if not faults:
            entries.append((row, entry))
    return problems + _duplicates(entries)


def apply(rows: list[Row], options: dict[str, str], by: "User", at: datetime) -> int:
    reading = Reading(by, localdate(at))
    entries = [reading.read(row)[0] for row in rows]
    return len(register_many(entries=entries, by=by, at=at))


class Reading:
    """The sheet read against what one person may use: places of the scope, organisations of the scope."""

    def __init__(self, by: "User", on: date) -> None:
        self.on, self.places = on, Places(by.scope)
        self.types, self.scales = _words(SubjectType), _words(Scale)
        self.organisations = {o.name: o.pk for o in queries.supervising_organisations(by)}

    def read(self, row: Row) -> tuple[Entry, list[Fault]]:
        """A line as an entry, and what is wrong with it; an entry with faults is not to be used."""
        faults: list[Fault] = []
        cells = row.cells
        division, wrong = self.places.find(cells["division"], cells["division_name"])
        faults += [wrong] if wrong else []
        entered = _day("registered_on", cells, faults)
        type_, scale = cells["type"], cells["scale"]
        facts = Facts(
            name=cells["name"], type=self.types.get(type_, type_), scale=self.scales.get(scale, scale),
            uscc=cells["uscc"], division=division, contact=cells["contact"], phone=cells["phone"],
            registered_on=entered or NEVER, address=cells["address"], products=cells["products"],
        ).tidy  # fmt: skip
        named = {fault.field for fault in faults} | {key for key in ("name", "contact", "phone") if not cells[key]}
        named |= {"division"} if wrong else set()
        named |= {key for key in ("type", "scale") if not cells[key]}
        faults += [fault for fault in faults_of(facts, on=self.on) if fault.field not in named]
        return Entry(facts, self._supervision(cells, entered, faults), _distinct(cells, faults)), faults

    def _supervision(self, cells: dict[str, str], entered: date | None, faults: list[Fault]) -> Supervision | None:
        name, person = cells["supervising"], " ".join(cells["supervisor"].split())
        if not name and not person and not cells["supervised_from"]:
            return None
        for key in ("supervising", "supervisor"):
            if not cells[key]:
                faults.append(Fault(key, _("未填写"), _("监管单位和监管责任人要么都填，要么都不填")))
        if len(person) > LONGEST["supervisor"]:
            faults.append(Fault("supervisor", _("超过 %(n)s 个字") % {"n": LONGEST["supervisor"]}, _("请缩短")))
        if name and name not in self.organisations:
            reason = _("您的管辖范围内没有“%(name)s”这个机构") % {"name": name}
            faults.append(Fault("supervising", reason, _("请写机构全称；新机构请先由系统管理员登记")))
        start = _day("supervised_from", cells, faults) if cells["supervised_from"] else entered
        if start and start != entered and (fault := fault_of_day("supervised_from", start, self.on)):
            faults.append(fault)
        return Supervision(self.organisations.get(name, 0), person, start or NEVER)


def _words(choices: type[TextChoices]) -> dict[str, str]:
    """What may stand in a cell, label or code word → the code word."""
    return {text: value for value, label in choices.choices for text in (str(label), value)}


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
    elif day is None:
        faults.append(Fault(field, _("未填写"), _("必填")))
    return day


def _distinct(cells: dict[str, str], faults: list[Fault]) -> bool:
    """Did somebody look, and say that this is another subject than the one of the same name?"""
    said = cells["distinct"].strip().lower()
    if said not in YES | NO:
        faults.append(Fault("distinct", _("没有“%(text)s”这一项") % {"text": said}, _("请填“是”或“否”，或不填")))
    return said in YES


def _problems(row: Row, faults: Iterable[Fault]) -> list[Problem]:
    return [Problem(row.number, HEADINGS[f.field], str(f.reason), str(f.remedy)) for f in faults]


def _duplicates(entries: list[tuple[Row, Entry]]) -> list[Problem]:
    """Lines that look like a line above, or like an entry of the registry."""
    problems = []
    seen: dict[str, list[tuple[str, Facts]]] = {}
    for subject in queries.known_like(entry.facts for _row, entry in entries):
        known = (_("名录中的 %(subject)s") % {"subject": subject}, subject.facts)
        for key in _keys(subject.facts):
            seen.setdefault(key, []).append(known)
    for row, entry in entries:
        facts = entry.facts
        near = [known for key in _keys(facts) for known in seen.get(key, [])]
        coded = next((where for where, other in near if facts.uscc and facts.uscc == other.uscc), None)
        twin = next((where for where, other in near if same_subject(facts, other)), None)
        if coded:
            reason = _("与%(where)s重复") % {"where": coded}
            problems += _problems(row, [Fault("uscc", reason, _("信用代码相同就是同一主体，请删去这一行，或更正代码"))])
        elif twin and not entry.distinct:
            reason = _("疑似与%(where)s重复：同一乡镇、名称相同") % {"where": twin}
            remedy = _("同一主体的删去这一行；核实为另一主体的，在“%(column)s”列填“是”，或补全代码、电话以示区别")
            problems += _problems(row, [Fault("name", reason, remedy % {"column": HEADINGS["distinct"]})])
        for key in _keys(facts):
            seen.setdefault(key, []).append((_("本表第 %(n)s 行") % {"n": row.number}, facts))
    return problems


def _keys(facts: Facts) -> list[str]:
    """Under what an entry is looked for: two that are the same share one of these."""
    return [key for key in (facts.uscc, facts.name) if key]


def kind() -> ImportKind:
    """What `apps.ready` registers with documents."""
    helps = {"type": SubjectType, "scale": Scale}
    with_help = [replace(c, help="、".join(map(str, helps[c.key].labels))) if c.key in helps else c for c in COLUMNS]
    return ImportKind(
        kind="subjects", title="监管名录", columns=with_help, allow=allow, check=check, apply=apply,
        back="registry:subjects",
    )  # fmt: skip
