"""Bans from a sheet: every row a new entry of the list, with its day and its basis."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from nongan.common.spreadsheet import Column, Problem, Row
from nongan.documents.services import ImportKind
from nongan.journal.services import Act, record_many
from nongan.standards.models import Ban
from nongan.standards.queries import book
from nongan.standards.rules import BanStatus, BanTest, LimitBook
from nongan.standards.services.imports.cells import (
    Faults,
    allow,
    choice_of,
    code_of,
    day_of,
    item_of,
    listed,
    too_long,
)
from nongan.standards.services.stamp import renew

if TYPE_CHECKING:
    from nongan.accounts.models import User

EVERYTHING = {"全部", "全部食品", "所有食品", "全部农产品"}
COLUMNS = [
    Column("item", "物质", help="名称、别名或编码", example="克百威"),
    Column("status", "状态", example="禁用"),
    Column("valid_from", "生效日期", help="年-月-日", example="2026-06-01"),
    Column("valid_to", "失效日期", False, "没有则不填", ""),
    Column("scope", "范围", False, "全部，或食品、类别的名称或编码，用顿号分开；定点经营不用填", "全部"),
    Column("basis", "依据", help="公告名称和文号", example="农业农村部公告第736号"),
    Column("test", "判定方式", False, "含有（农药）或 不得检出（兽药）；不填为含有", "含有"),
    Column("note", "备注", False),
    Column("source", "来源", False),
]
LENGTHS = {"basis": 200, "note": 300, "source": 300, "scope": 300}


@dataclass(frozen=True)
class Entry:
    row: Row
    analyte: str
    status: str
    valid_from: date
    valid_to: date | None
    everywhere: bool
    scope: tuple[str, ...]
    test: str


def check(rows: list[Row], options: dict[str, str], by: "User") -> list[Problem]:
    faults = Faults(COLUMNS)
    read(rows, book(), faults)
    return faults.found


def read(rows: Iterable[Row], law: LimitBook, faults: Faults) -> list[Entry]:
    seen = {(b.analyte, b.basis, b.valid_from, b.scope, b.everywhere): _("名录中已有的一条") for b in law.bans}
    entries = []
    for row in rows:
        entry = _entry(row, law, faults)
        if entry is None:
            continue
        place = (entry.analyte, row.cells["basis"], entry.valid_from, frozenset(entry.scope), entry.everywhere)
        if place in seen:
            reason = _("与%(where)s重复") % {"where": seen[place]}
            faults.add(row, "item", reason, _("请删去这一行"))
        seen.setdefault(place, _("第 %(n)s 行") % {"n": row.number})
        entries.append(entry)
    return entries


def _entry(row: Row, law: LimitBook, faults: Faults) -> Entry | None:
    cells, before = row.cells, len(faults.found)
    analyte = item_of(law, faults, row, "item", cells["item"]) if cells["item"] else ""
    status = choice_of(faults, row, "status", cells["status"], BanStatus) if cells["status"] else ""
    test = choice_of(faults, row, "test", cells["test"] or BanTest.CONTAINS, BanTest)
    start = day_of(faults, row, "valid_from", cells["valid_from"])
    end = day_of(faults, row, "valid_to", cells["valid_to"])
    if start and end and end < start:
        faults.add(row, "valid_to", _("失效日期早于生效日期"), _("请核对两个日期"))
    everywhere = cells["scope"] in EVERYTHING
    scope = () if everywhere else tuple(code_of(law, faults, row, "scope", name) for name in listed(cells["scope"]))
    if status and status != BanStatus.CONTROLLED and not everywhere and not scope:
        faults.add(row, "scope", _("禁用、限用、停用须写明范围"), _("请填 全部，或食品类别"))
    too_long(faults, row, LENGTHS)
    if start is None or len(faults.found) > before or not (analyte and status and cells["basis"]):
        return None
    return Entry(row, analyte, status, start, end, everywhere, scope, test)


def apply(rows: list[Row], options: dict[str, str], by: "User", at: datetime) -> int:
    faults = Faults(COLUMNS)
    entries = read(rows, book(), faults)
    assert not faults.found  # the confirmation has checked the same rows again
    stamp = f"{at:%Y%m%d%H%M%S}"
    bans = Ban.objects.bulk_create([_ban(entry, f"import-{stamp}-{entry.row.number}") for entry in entries])
    through = Ban.scope.through
    through.objects.bulk_create(
        through(ban_id=ban.pk, commodity_id=code)
        for ban, entry in zip(bans, entries, strict=True)
        for code in entry.scope
    )
    acts = [
        Act("standards.ban.imported", ban, {"analyte": ban.analyte_id, "basis": ban.basis, "status": ban.status})
        for ban in bans
    ]
    record_many(acts, by=by, at=at)
    renew()
    return len(bans)


def _ban(entry: Entry, key: str) -> Ban:
    cells = entry.row.cells
    return Ban(
        key=key, analyte_id=entry.analyte, status=entry.status, valid_from=entry.valid_from, valid_to=entry.valid_to,
        everywhere=entry.everywhere, scope_text=cells["scope"], test=entry.test, listed_as=cells["item"],
        basis=cells["basis"], note=cells["note"], source=cells["source"], demonstration=False,
    )  # fmt: skip


def kind() -> ImportKind:
    labels = {"status": BanStatus.labels}
    columns = [replace(c, help="、".join(map(str, labels[c.key]))) if c.key in labels else c for c in COLUMNS]
    return ImportKind(
        kind="bans", title="禁限用名录", columns=columns, allow=allow, check=check, apply=apply, back="standards:bans"
    )
