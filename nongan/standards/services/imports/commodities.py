"""Foods from a sheet: new ones, and changes of those that are there, by code."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Max
from django.utils.translation import gettext as _

from nongan.common.spreadsheet import Column, Problem, Row
from nongan.documents.services import ImportKind
from nongan.journal.services import Act, record_many
from nongan.standards.models import Branch, Commodity
from nongan.standards.queries import book
from nongan.standards.rules import Commodity as Food
from nongan.standards.rules import Tree, TreeBroken
from nongan.standards.rules.names import key
from nongan.standards.services.imports.cells import CODE, Faults, allow, listed, too_long, yes_of
from nongan.standards.services.stamp import renew

if TYPE_CHECKING:
    from nongan.accounts.models import User

COLUMNS = [
    Column("code", "编码", help="字母、数字、点和横线，至多 20 位；已有的编码表示修改", example="V080110"),
    Column("name", "名称", example="龙豆"),
    Column("parents", "上级分类", False, "编码或名称，第一个为主；多个用分号分开", "荚可食类豆类蔬菜"),
    Column("synonyms", "别名", False, "用分号分开", "翼豆；四角豆"),
    Column("processed", "加工食品", False, "是或否", "否"),
    Column("source", "来源", False, "", "GB 2763-2026 附录 A"),
]
LENGTHS = {"name": 100, "source": 300}


def check(rows: list[Row], options: dict[str, str], by: "User") -> list[Problem]:
    faults = Faults(COLUMNS)
    read(rows, book().tree, faults)
    return faults.found


def read(rows: Iterable[Row], tree: Tree, faults: Faults) -> list[Food]:
    """The foods of the sheet. Parents may stand in the sheet itself, above or below."""
    rows = list(rows)
    own = {row.cells["name"]: row.cells["code"] for row in rows}
    codes = {row.cells["code"] for row in rows}
    seen: dict[str, int] = {}
    names: dict[str, set[str]] = {}
    for one in tree.nodes.values():
        for name in (one.name, *one.synonyms, *one.heads):
            names.setdefault(key(name), set()).add(one.code)
    foods = []
    for row in rows:
        code = row.cells["code"]
        if code and not CODE.match(code):
            faults.add(row, "code", _("“%(code)s”不是编码") % {"code": code}, _("请用字母、数字、点和横线，至多 20 位"))
        if code in seen:
            faults.add(row, "code", _("与第 %(n)s 行编码重复") % {"n": seen[code]}, _("请删去其中一行"))
        seen.setdefault(code, row.number)
        foods.append(_food(row, tree, own, codes, faults))
        for name in (row.cells["name"], *foods[-1].synonyms):
            owners = names.setdefault(key(name), {code})
            other = min(owners)
            if name and code not in owners:
                shown = tree.name(other) if other in tree.nodes else other
                reason = _("“%(name)s”已是 %(other)s（%(code)s）的名称") % {"name": name, "other": shown, "code": other}
                faults.add(
                    row, "name" if name == row.cells["name"] else "synonyms", reason, _("请换一个名称，或去掉该别名")
                )
        too_long(faults, row, LENGTHS)
    if not faults.found:
        _check_tree(tree, foods, rows, faults)
    return foods


def _food(row: Row, tree: Tree, own: dict[str, str], codes: set[str], faults: Faults) -> Food:
    cells, parents = row.cells, []
    for text in listed(cells["parents"]):
        parent = text if text in tree.nodes or text in codes else own.get(text) or tree.find(text).code
        if parent:
            parents.append(parent)
        else:
            reason = _("食品分类和本表中都没有“%(text)s”") % {"text": text}
            faults.add(row, "parents", reason, _("请核对，或在本表中加上这个分类"))
    known = tree.nodes.get(cells["code"])
    heads = known.heads if known else ()
    return Food(
        code=cells["code"], name=cells["name"], parents=tuple(parents),
        synonyms=tuple(name for name in listed(cells["synonyms"]) if name not in heads), heads=heads,
        processed=yes_of(faults, row, "processed", cells["processed"]), source=cells["source"],
    )  # fmt: skip


def _check_tree(tree: Tree, foods: list[Food], rows: list[Row], faults: Faults) -> None:
    """No food may come to stand under itself."""
    try:
        Tree.of(({**tree.nodes, **{food.code: food for food in foods}}).values())
    except TreeBroken as broken:
        guilty = next((row for row in rows if row.cells["code"] and row.cells["code"] in str(broken)), rows[0])
        faults.add(guilty, "parents", str(broken), _("请核对上级分类"))


def apply(rows: list[Row], options: dict[str, str], by: "User", at: datetime) -> int:
    faults = Faults(COLUMNS)
    foods = read(rows, book().tree, faults)
    assert not faults.found  # the confirmation has checked the same rows again
    last = Commodity.objects.aggregate(last=Max("position"))["last"] or 0
    places = dict(Commodity.objects.values_list("code", "position"))
    things = [
        Commodity(
            code=food.code, name=food.name, synonyms=list(food.synonyms), heads=list(food.heads),
            processed=food.processed, source=food.source, position=places.get(food.code, last + n),
        )
        for n, food in enumerate(foods, start=1)
    ]  # fmt: skip
    Commodity.objects.bulk_create(
        things, batch_size=500, update_conflicts=True, unique_fields=["code"],
        update_fields=["name", "synonyms", "processed", "source"],
    )  # fmt: skip
    Branch.objects.filter(commodity__in=[food.code for food in foods]).delete()
    Branch.objects.bulk_create(
        (
            Branch(commodity_id=food.code, parent_id=parent, position=n)
            for food in foods
            for n, parent in enumerate(food.parents)
        ),
        batch_size=500,
    )
    record_many(
        [Act("standards.commodity.imported", thing, {"code": thing.code, "name": thing.name}) for thing in things],
        by=by, at=at,
    )  # fmt: skip
    renew()
    return len(things)


def kind() -> ImportKind:
    columns = [replace(column) for column in COLUMNS]
    return ImportKind(
        kind="commodities", title="食品分类", columns=columns, allow=allow, check=check, apply=apply,
        back="standards:commodities",
    )  # fmt: skip
