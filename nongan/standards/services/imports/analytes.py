"""Items from a sheet: new ones, and changes of those that are there, by code."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from nongan.common.spreadsheet import Column, Problem, Row
from nongan.documents.services import ImportKind
from nongan.journal.services import Act, record_many
from nongan.standards.models import Analyte, Component
from nongan.standards.queries import book
from nongan.standards.rules import Analyte as Item
from nongan.standards.rules import AnalyteKind, Analytes, Part
from nongan.standards.rules.names import key
from nongan.standards.services.imports.cells import CODE, Faults, allow, choice_of, too_long
from nongan.standards.services.stamp import renew

if TYPE_CHECKING:
    from nongan.accounts.models import User

COLUMNS = [
    Column("code", "编码", help="字母、数字、点和横线，至多 20 位；已有的编码表示修改", example="P900"),
    Column("name", "名称", example="氟啶虫胺腈"),
    Column("kind", "类别", example="农药"),
    Column("english", "英文名", False, "", "sulfoxaflor"),
    Column("synonyms", "别名", False, "用分号分开；名称内含逗号的照写", "可立施"),
    Column("definition", "残留物定义", False, "标准原文", "氟啶虫胺腈"),
    Column(
        "parts",
        "组分",
        False,
        "残留物为总和时填：名称或编码，可带折算系数，用分号分开",
        "克百威母体；3-羟基克百威*0.9326",
    ),
    Column("source", "来源", False, "", "GB 2763-2026"),
]
LENGTHS = {"name": 100, "english": 200, "definition": 500, "source": 300}


def check(rows: list[Row], options: dict[str, str], by: "User") -> list[Problem]:
    faults = Faults(COLUMNS)
    read(rows, book().analytes, faults)
    return faults.found


def read(rows: Iterable[Row], known: Analytes, faults: Faults) -> list[Item]:
    """The items of the sheet. Parts may stand in the sheet itself."""
    rows = list(rows)
    own = {row.cells["name"]: row.cells["code"] for row in rows}
    seen: dict[str, int] = {}
    names = {key(name): one.code for one in known.by_code.values() for name in (one.name, *one.synonyms)}
    items = []
    for row in rows:
        code = row.cells["code"]
        if code and not CODE.match(code):
            faults.add(row, "code", _("“%(code)s”不是编码") % {"code": code}, _("请用字母、数字、点和横线，至多 20 位"))
        if code in seen:
            faults.add(row, "code", _("与第 %(n)s 行编码重复") % {"n": seen[code]}, _("请删去其中一行"))
        seen.setdefault(code, row.number)
        item = _item(row, known, own, faults)
        items.append(item)
        for name in (item.name, *item.synonyms):
            other = names.setdefault(key(name), code)
            if name and other != code:
                shown = known.name(other) if other in known.by_code else other
                reason = _("“%(name)s”已是 %(other)s（%(code)s）的名称") % {"name": name, "other": shown, "code": other}
                field = "name" if name == item.name else "synonyms"
                faults.add(row, field, reason, _("请换一个名称，或去掉该别名"))
        too_long(faults, row, LENGTHS)
    return items


def _item(row: Row, known: Analytes, own: dict[str, str], faults: Faults) -> Item:
    cells = row.cells
    kind = choice_of(faults, row, "kind", cells["kind"], AnalyteKind) if cells["kind"] else ""
    parts = [part for text in _parts(cells["parts"]) if (part := _part(row, text, known, own, faults))]
    if len({part.code for part in parts}) != len(parts):
        faults.add(row, "parts", _("同一个组分写了两次"), _("请删去重复的组分"))
    return Item(
        code=cells["code"], name=cells["name"], kind=AnalyteKind(kind or AnalyteKind.PESTICIDE),
        synonyms=tuple(_parts(cells["synonyms"])), definition=cells["definition"], parts=tuple(parts),
        source=cells["source"],
    )  # fmt: skip


def _parts(text: str) -> list[str]:
    """Parted by semicolons only: “2,4-滴” has a comma in its name."""
    return [part.strip() for part in text.replace("；", ";").replace("\n", ";").split(";") if part.strip()]


def _part(row: Row, text: str, known: Analytes, own: dict[str, str], faults: Faults) -> Part | None:
    name, _star, written = text.partition("*")
    code = own.get(name) or (name if name in known.by_code or name in own.values() else known.find(name))
    try:
        factor = Decimal(written or 1)
    except InvalidOperation:
        factor = Decimal(0)
    if not factor.is_finite() or not 0 < factor < 1000:
        faults.add(row, "parts", _("“%(text)s”的折算系数不是正数") % {"text": text}, _("请写成 3-羟基克百威*0.9326"))
        return None
    if not code or code == row.cells["code"]:
        reason = _("没有“%(name)s”这个组分，或组分就是它自己") % {"name": name}
        faults.add(row, "parts", reason, _("请核对，或在本表中加上这个项目"))
        return None
    return Part(code, factor)


def apply(rows: list[Row], options: dict[str, str], by: "User", at: datetime) -> int:
    faults = Faults(COLUMNS)
    items = read(rows, book().analytes, faults)
    assert not faults.found  # the confirmation has checked the same rows again
    english = {row.cells["code"]: row.cells["english"] for row in rows}
    things = [
        Analyte(
            code=item.code, name=item.name, english=english[item.code], synonyms=list(item.synonyms), kind=item.kind,
            definition=item.definition, source=item.source,
        )
        for item in items
    ]  # fmt: skip
    Analyte.objects.bulk_create(
        things, batch_size=500, update_conflicts=True, unique_fields=["code"],
        update_fields=["name", "english", "synonyms", "kind", "definition", "source"],
    )  # fmt: skip
    Component.objects.filter(whole__in=[item.code for item in items]).delete()
    Component.objects.bulk_create(
        Component(whole_id=item.code, part_id=part.code, factor=part.factor) for item in items for part in item.parts
    )
    record_many(
        [Act("standards.analyte.imported", thing, {"code": thing.code, "name": thing.name}) for thing in things],
        by=by, at=at,
    )  # fmt: skip
    renew()
    return len(things)


def kind() -> ImportKind:
    labels = "、".join(str(label) for label in AnalyteKind.labels)
    columns = [replace(column, help=labels) if column.key == "kind" else column for column in COLUMNS]
    return ImportKind(
        kind="analytes", title="检测项目", columns=columns, allow=allow, check=check, apply=apply,
        back="standards:analytes",
    )  # fmt: skip
