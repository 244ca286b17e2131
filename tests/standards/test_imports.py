"""The operator's own tables: every fault by row and field, nothing before the confirmation, all rows or none."""

import io
from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from openpyxl import Workbook, load_workbook

from nongan.accounts.rules import Role
from nongan.common.spreadsheet import template
from nongan.documents.services import KINDS, ImportRefused, begin_import, finish_import
from nongan.journal.models import Line
from nongan.standards import queries
from nongan.standards.models import Analyte, Ban, Commodity, Edition, Limit
from nongan.standards.rules import Verdict, judge, parse_result
from tests.accounts.factories import UserFactory
from tests.conftest import NOON
from tests.standards import factories as law

pytestmark = pytest.mark.django_db
OPTIONS = {
    "edition": "GB 2763-2027", "title": "农药残留限量", "valid_from": "2027-01-01", "complete": "是", "source": "公告",
}  # fmt: skip


@pytest.fixture
def office():
    law.small_law()
    return UserFactory(role=Role.PROGRAMME_OFFICE)


def sheet(kind, *rows):
    """An xlsx with the headings of the kind and rows given by column key."""
    columns = KINDS[kind].columns
    book = Workbook()
    book.active.append([column.heading for column in columns])
    for row in rows:
        book.active.append([row.get(column.key, "") for column in columns])
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def begin(kind, by, *rows, options=None):
    options = (OPTIONS if kind == "limits" else {}) if options is None else options
    return begin_import(kind=kind, name="表.xlsx", data=sheet(kind, *rows), options=options, by=by, at=NOON)


def run(kind, by, *rows, **more):
    found = begin(kind, by, *rows, **more)
    assert found.problems == []
    return finish_import(import_id=found.pk, by=by, at=NOON)


def faults(found):
    return {(problem["row"], problem["field"]): problem["reason"] for problem in found.problems}


GOOD = [
    {"item": "吡虫啉", "food": "豆类蔬菜", "exclusions": "菜豆", "limit": "0.5", "unit": "mg/kg", "note": "注"},
    {"item": "呋喃丹", "food": "长豆角", "limit": "0.01*", "unit": "mg/kg"},
    {"item": "克伦特罗", "food": "猪肉", "limit": "不得检出"},
    {"item": "恩诺沙星", "food": law.EGG, "limit": "10μg/kg"},
    {"item": "毒死蜱", "food": "姜", "limit": "—"},
]  # fmt: skip


def test_limits_become_a_new_edition(office):
    found = begin("limits", office, *GOOD)
    assert found.problems == []
    assert not Edition.objects.filter(code="GB 2763-2027").exists()
    finish_import(import_id=found.pk, by=office, at=NOON)
    edition = Edition.objects.get(code="GB 2763-2027")
    assert (edition.series, edition.valid_from, edition.demonstration) == ("GB 2763", date(2027, 1, 1), False)
    assert edition.complete
    assert Limit.objects.filter(edition=edition).count() == 5
    first = Limit.objects.get(edition=edition, analyte=law.IMIDACLOPRID)
    assert (first.high, first.unit) == (Decimal("0.5"), "mg/kg")
    assert [food.code for food in first.exclusions.all()] == [law.GREEN_BEAN]
    assert Limit.objects.get(edition=edition, analyte=law.CARBOFURAN).temporary
    assert Line.objects.get(action="standards.edition.imported").facts["rows"] == 5


def test_imported_limits_judge_from_their_day(office):
    Edition.objects.filter(code=law.NEW).update(valid_to=date(2026, 12, 31))
    run("limits", office, *GOOD)
    result = parse_result("0.6", "mg/kg")

    def verdict(day):
        return judge(queries.book(), food=law.COWPEA, analyte=law.IMIDACLOPRID, result=result, produced_on=day)

    assert verdict(date(2026, 12, 31)).verdict == Verdict.PASS
    assert verdict(date(2027, 1, 1)).verdict == Verdict.FAIL
    assert verdict(date(2027, 1, 1)).limit.edition == "GB 2763-2027"


def test_every_fault_of_a_limit_is_named_by_row_and_field(office):
    found = begin(
        "limits", office, GOOD[0],
        {"item": "没有的药", "food": "火星果", "limit": "1", "unit": "斤/亩"},
        {"item": "吡虫啉", "food": "韭菜", "limit": "8.5~6.5", "unit": "mg/kg"},
        {"item": "吡虫啉", "food": "豆类蔬菜", "limit": "0.4", "unit": "mg/kg"},
        {"item": "吡虫啉", "food": "豇豆", "exclusions": "韭菜", "limit": "1", "unit": "mg/kg"},
        {"item": "吡虫啉", "food": "芹菜", "limit": "1"},
        {"item": "", "food": "芹菜", "limit": ""},
        {"item": "吡虫啉", "food": "姜", "limit": "0.0000000001", "unit": "mg/kg"},
        {"item": "吡虫啉", "food": "草鱼", "limit": "少许", "unit": "mg/kg"},
    )  # fmt: skip
    wrong = faults(found)
    assert "没有“没有的药”" in wrong[3, "检测项目"]
    assert "没有“火星果”" in wrong[3, "食品"]
    assert "单位" in wrong[3, "限量"]
    assert "大于上限" in wrong[4, "限量"]
    assert "第 2 行重复" in wrong[5, "食品"]
    assert "不能除外" in wrong[6, "除外"]
    assert "没有单位" in wrong[7, "单位"]
    assert wrong[8, "检测项目"] == wrong[8, "限量"] == "未填写"
    assert "位数太多" in wrong[9, "限量"]
    assert "看不懂" in wrong[10, "限量"]
    assert found.bad_rows == 8
    with pytest.raises(ImportRefused):
        finish_import(import_id=found.pk, by=office, at=NOON)
    assert not Edition.objects.filter(code="GB 2763-2027").exists()


@pytest.mark.parametrize(
    ("change", "field"),
    [({"edition": ""}, "版本"), ({"edition": law.NEW}, "版本"), ({"valid_from": ""}, "生效日期"),
     ({"valid_from": "明年"}, "生效日期"), ({"complete": "也许"}, "限量是否齐全"), ({"edition": "长" * 61}, "版本")],
)  # fmt: skip
def test_the_edition_must_be_new_and_dated(office, change, field):
    found = begin("limits", office, GOOD[0], options=OPTIONS | change)
    assert (1, field) in faults(found)


def test_ten_thousand_limits_with_37_bad_rows(office):
    Commodity.objects.bulk_create(Commodity(code=f"T{n}", name=f"试验菜{n}", position=n) for n in range(2000))
    law.renew()
    names = ["吡虫啉", "毒死蜱", "克百威", "铅", "恩诺沙星"]
    rows = [
        {"item": names[n % 5], "food": f"T{n // 5}", "limit": "1" if n % 270 else "多", "unit": "mg/kg"}
        for n in range(1, 9991)
    ]
    found = begin("limits", office, *rows)
    assert found.bad_rows == len({problem["row"] for problem in found.problems}) == 37
    rows = [row | {"limit": "1"} for row in rows]
    run("limits", office, *rows)
    assert Limit.objects.filter(edition__code="GB 2763-2027").count() == 9990


def test_foods_come_in_with_parents_of_the_same_sheet(office):
    run(
        "commodities", office,
        {"code": "V99", "name": "试验类蔬菜", "parents": "蔬菜；新鲜蔬菜"},
        {"code": "V9901", "name": "冰菜", "parents": "试验类蔬菜", "synonyms": "冰草；水晶冰菜"},
        {"code": law.COWPEA, "name": "豇豆", "parents": law.PODS, "synonyms": "长豆角；豆角；缸豆"},
    )  # fmt: skip
    tree = queries.book().tree
    assert tree.is_within("V9901", law.VEGETABLES)
    assert queries.find_commodity("水晶冰菜") == "V9901"
    assert queries.find_commodity("缸豆") == law.COWPEA
    assert Line.objects.filter(action="standards.commodity.imported").count() == 3


def test_every_fault_of_a_food_is_named(office):
    found = begin(
        "commodities", office,
        {"code": "坏 码", "name": "甲菜"},
        {"code": "V98", "name": "韭菜"},
        {"code": "V98", "name": "乙菜", "synonyms": "豇豆"},
        {"code": "V97", "name": "丙菜", "parents": "火星类"},
        {"code": "V96", "name": "丁菜", "processed": "也许"},
    )  # fmt: skip
    wrong = faults(found)
    assert set(wrong) >= {(2, "编码"), (3, "名称"), (4, "编码"), (4, "别名"), (5, "上级分类"), (6, "加工食品")}


def test_a_food_cannot_come_to_stand_under_itself(office):
    found = begin("commodities", office, {"code": law.VEGETABLES, "name": "蔬菜", "parents": law.COWPEA})
    assert "绕了一圈" in found.problems[0]["reason"]
    assert found.problems[0]["row"] == 2


def test_items_come_in_with_their_parts(office):
    run(
        "analytes", office,
        {"code": "P900", "name": "新药", "kind": "农药", "synonyms": "2,4-新；新药(总量)", "definition": "新药之和",
         "parts": "新药母体；新药代谢物*0.91"},
        {"code": "P901", "name": "新药母体", "kind": "农药"},
        {"code": "P902", "name": "新药代谢物", "kind": "农药"},
    )  # fmt: skip
    item = queries.book().analytes.by_code["P900"]
    assert [(part.code, part.factor) for part in item.parts] == [("P901", Decimal(1)), ("P902", Decimal("0.91"))]
    assert queries.find_analyte("2,4-新") == "P900"
    assert Analyte.objects.get(pk="P900").kind == "pesticide"


def test_every_fault_of_an_item_is_named(office):
    found = begin(
        "analytes", office,
        {"code": "P900", "name": "呋喃丹", "kind": "农药"},
        {"code": "P901", "name": "新药", "kind": "食物"},
        {"code": "P902", "name": "药二", "kind": "农药", "parts": "没有的药；铅*负一；铅*0"},
        {"code": "P902", "name": "药三", "kind": "农药", "parts": "药三"},
    )  # fmt: skip
    assert set(faults(found)) >= {(2, "名称"), (3, "类别"), (4, "组分"), (5, "编码"), (5, "组分")}


def test_bans_come_in_and_forbid_from_their_day(office):
    run(
        "bans", office,
        {"item": "吡虫啉", "status": "限用", "valid_from": "2027年1月1日", "scope": "豆类蔬菜、韭菜",
         "basis": "公告第1000号"},
        {"item": "毒死蜱", "status": "定点经营", "valid_from": "2027-01-01", "basis": "公告第1001号"},
        {"item": "恩诺沙星", "status": "停用", "valid_from": "2027-01-01", "scope": "全部", "basis": "公告第1002号",
         "test": "不得检出"},
    )  # fmt: skip
    assert "第1000号" in queries.bans_text(law.COWPEA, law.IMIDACLOPRID, date(2027, 1, 1))
    assert queries.bans_text(law.COWPEA, law.IMIDACLOPRID, date(2026, 12, 31)) == ""
    assert queries.bans_text(law.CELERY, law.IMIDACLOPRID, date(2027, 1, 1)) == ""
    assert queries.bans_text(law.PORK, law.ENROFLOXACIN, date(2027, 1, 1))
    assert not Ban.objects.filter(basis__startswith="公告第100", demonstration=True).exists()
    again = begin(
        "bans", office,
        {"item": "恩诺沙星", "status": "停用", "valid_from": "2027-01-01", "scope": "全部", "basis": "公告第1002号"},
    )  # fmt: skip
    assert "重复" in faults(again)[2, "物质"]


def test_every_fault_of_a_ban_is_named(office):
    found = begin(
        "bans", office,
        {"item": "没有的药", "status": "禁用", "valid_from": "2027-01-01", "scope": "全部", "basis": "公告"},
        {"item": "铅", "status": "禁止", "valid_from": "不知道", "scope": "火星果", "basis": "公告", "test": "看"},
        {"item": "铅", "status": "禁用", "valid_from": "2027-01-01", "valid_to": "2026-01-01", "basis": "公告"},
    )  # fmt: skip
    expected = {(2, "物质"), (3, "状态"), (3, "生效日期"), (3, "范围"), (3, "判定方式"), (4, "失效日期"), (4, "范围")}
    assert set(faults(found)) == expected


@pytest.mark.parametrize("kind", ["limits", "commodities", "analytes", "bans"])
def test_who_may_not_import(office, kind):
    with pytest.raises(PermissionDenied):
        begin(kind, UserFactory(role=Role.SUPERVISOR), {})


@pytest.mark.parametrize("kind", ["limits", "commodities", "analytes", "bans"])
def test_the_example_of_the_template_is_whole(kind):
    how = KINDS[kind]
    book = load_workbook(template(how.columns, how.title))
    heading, example = (list(row) for row in book.active.iter_rows(max_row=2, values_only=True))
    assert [str(cell).rstrip("*") for cell in heading] == [column.heading for column in how.columns]
    assert all(value for value, column in zip(example, how.columns, strict=True) if column.required)
