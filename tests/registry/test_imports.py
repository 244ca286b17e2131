"""Subjects from a sheet: every fault by row and field, then all rows or none."""

import csv
from datetime import date, timedelta
from io import BytesIO, StringIO
from unicodedata import category

import pytest
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from pytest_django.asserts import assertContains, assertRedirects

from nongan.accounts.models import OrganisationKind
from nongan.accounts.rules import Role
from nongan.common.spreadsheet import RED, write_table
from nongan.documents import services as documents
from nongan.documents.models import Import, ImportState
from nongan.documents.services import ImportRefused
from nongan.journal.models import Line
from nongan.journal.queries import verify
from nongan.places.models import Division
from nongan.registry.models import Subject
from nongan.registry.rules import LONGEST, Scale, SubjectType, must_have_code
from nongan.registry.services import imports
from tests.accounts.factories import COUNTY, TOWN, OrganisationFactory, UserFactory
from tests.conftest import NOON
from tests.registry.factories import SubjectFactory, uscc

pytestmark = pytest.mark.django_db
HEADS = [column.heading for column in imports.COLUMNS]
GOOD = {
    "名称": "彬江镇绿源蔬菜专业合作社", "类型": "农民专业合作社", "规模": "规模以上", "统一社会信用代码": uscc(1),
    "区划代码": "360902100000", "联系人": "王小明", "联系电话": "13800000000", "主要产品": "辣椒",
    "纳入名录日期": "2026-03-01",
}  # fmt: skip
TOMORROW = NOON.date() + timedelta(days=1)


@pytest.fixture
def by():
    station = OrganisationFactory(name="彬江镇监管站", kind=OrganisationKind.TOWNSHIP, division_id=TOWN)
    return UserFactory(role=Role.SUPERVISOR, division_id=COUNTY, organisation=station)


def row(**change):
    return {**GOOD, **change}


def lines(rows):
    return [[one.get(head, "") for head in HEADS] for one in rows]


def as_xlsx(rows):
    return write_table("监管名录", HEADS, lines(rows)).getvalue()


def as_csv(rows, encoding="utf-8-sig"):
    text = StringIO()
    csv.writer(text).writerows([HEADS, *lines(rows)])
    return text.getvalue().encode(encoding)


def begin(data, by, name="名录.xlsx"):
    return documents.begin_import(kind="subjects", name=name, data=data, options={}, by=by, at=NOON)


def faults(rows, by):
    found = begin(as_csv(rows), by, "名录.csv")
    return [(p["row"], p["field"]) for p in found.problems], "".join(p["reason"] + p["remedy"] for p in found.problems)


# What is wrong with a row


@pytest.mark.parametrize(
    "change, field, said",
    [
        ({"名称": ""}, "名称", "未填写"), ({"名称": "长" * 201}, "名称", "超过 200 个字"),
        ({"类型": "公司"}, "类型", "没有“公司”这一项可填：农产品生产企业"),
        ({"规模": "大"}, "规模", "规模以上、规模以下"),
        ({"统一社会信用代码": ""}, "统一社会信用代码", "必须有"),
        ({"统一社会信用代码": uscc(1)[:-1]}, "统一社会信用代码", "现有 17 位"),
        ({"统一社会信用代码": uscc(1)[:-1] + "I"}, "统一社会信用代码", "“I”"),
        ({"区划代码": ""}, "区划代码", "至少填一个"), ({"区划代码": "36090"}, "区划代码", "36090 不在您的"),
        ({"区划代码": "彬江"}, "区划代码", "不是区划代码"),
        ({"区划代码": "360900"}, "区划代码", "不在您的管辖范围内"),
        ({"区划代码": "360981001"}, "区划代码", "不在您的管辖范围内"),
        ({"区划代码": "360902999"}, "区划代码", "没有 360902999"),
        ({"区划代码": "", "区划名称": "剑光街道"}, "区划名称", "没有“剑光街道”"),
        ({"区划名称": "灵泉街道"}, "区划名称", "不是同一处"), ({"联系人": ""}, "联系人", "未填写"),
        ({"联系电话": "12345"}, "联系电话", "11 位手机号"),
        ({"纳入名录日期": "去年春天"}, "纳入名录日期", "不是日期"),
        ({"纳入名录日期": "2026-02-30"}, "纳入名录日期", "不是日期"),
        ({"纳入名录日期": TOMORROW.isoformat()}, "纳入名录日期", "将来的日期"),
        ({"纳入名录日期": "1900-01-01"}, "纳入名录日期", "太早"),
        ({"监管单位": "彬江镇监管站"}, "监管责任人", "要么都填"),
        ({"监管责任人": "李监管"}, "监管单位", "要么都填"),
        ({"监管单位": "没有这个站", "监管责任人": "李监管"}, "监管单位", "没有“没有这个站”这个机构"),
        ({"监管单位": "彬江镇监管站", "监管责任人": "李监管", "落实监管日期": "2999-01-01"}, "落实监管日期", "将来"),
        ({"地址": "彬江\u200b\u202e镇"}, "地址", "控制字符"),
    ],
)  # fmt: skip
def test_each_fault_is_named_by_row_and_field(by, monkeypatch, change, field, said):
    monkeypatch.setattr(imports, "localdate", lambda at=None: NOON.date())
    named, text = faults([row(名称="好的合作社", 统一社会信用代码=uscc(2)), row(**change)], by)
    assert named == [(3, field)]
    assert said in text
    assert not Subject.objects.exists()


def test_all_faults_of_a_row_are_named_at_once(by):
    named, _text = faults([row(名称="", 类型="", 联系电话="1", 区划代码="", 纳入名录日期="")], by)
    assert {field for _row, field in named} == {"名称", "类型", "联系电话", "区划代码", "纳入名录日期"}
    assert len(named) == 5


@pytest.mark.parametrize(
    "written",
    [
        {"区划代码": "360902100"}, {"区划代码": "360902100000"}, {"区划代码": "", "区划名称": "彬江镇"},
        {"区划代码": "", "区划名称": "袁州区彬江镇"}, {"区划代码": "", "区划名称": "宜春市 袁州区 彬江镇"},
        {"区划名称": "袁州区/彬江镇"}, {"纳入名录日期": "2026年3月1日"}, {"纳入名录日期": "2026/03/01"},
        {"类型": "cooperative"}, {"联系电话": "138 0000 0000"}, {"统一社会信用代码": uscc(1).lower()},
        {"名称": " 彬江镇绿源\n蔬菜专业合作社"},
    ],
)  # fmt: skip
def test_what_people_write_is_understood(by, written):
    found = begin(as_csv([row(**written)]), by, "名录.csv")
    assert found.problems == []
    documents.finish_import(import_id=found.pk, by=by, at=NOON)
    one = Subject.objects.get()
    assert (one.division_id, one.registered_on, one.type) == (TOWN, date(2026, 3, 1), SubjectType.COOPERATIVE)
    assert (one.phone, one.uscc) == ("13800000000", uscc(1))


def test_duplicates_within_the_sheet_and_with_the_registry(by):
    old = SubjectFactory(uscc=uscc(5), division_id="360981001000")
    SubjectFactory(person=True, name="李大农", phone="13900000000")
    li = row(名称="李大农", 类型="种植大户", 统一社会信用代码="")
    rows = [
        row(), row(名称="另一个名字"), row(名称="别处的", 统一社会信用代码=uscc(5)), {**li, "联系电话": "13900000000"},
        {**li, "联系电话": "13900000001"}, {**li, "联系电话": "13900000001", "区划代码": "360902100201"},
    ]  # fmt: skip
    found = begin(as_csv(rows), by, "名录.csv")
    assert [(p["row"], p["field"]) for p in found.problems] == [
        (3, "统一社会信用代码"), (4, "统一社会信用代码"), (5, "名称"), (7, "名称")
    ]  # fmt: skip
    assert "与本表第 2 行重复" in found.problems[0]["reason"]
    assert old.number in found.problems[1]["reason"]


def test_a_namesake_is_confirmed_in_the_sheet(by):
    old = SubjectFactory(person=True, name="李大农", phone="13900000000")
    coded = SubjectFactory(name="绿源家庭农场", uscc=uscc(5))
    li = row(名称="李大农", 类型="种植大户", 统一社会信用代码="", 联系电话="13900000000")
    farm = row(名称="绿源家庭农场", 类型="家庭农场", 统一社会信用代码="")
    named, text = faults([li, farm], by)
    assert named == [(2, "名称"), (3, "名称")]
    assert f"疑似与名录中的 {old}重复" in text
    assert "在“确认为不同主体”列填“是”" in text
    yes = {"确认为不同主体": "是"}
    same_code = row(名称="别名农场", 类型="家庭农场", 统一社会信用代码=uscc(5), **yes)
    named, text = faults([li | yes, farm | {"确认为不同主体": "否"}, same_code, li | {"确认为不同主体": "对"}], by)
    assert named == [(3, "名称"), (4, "统一社会信用代码"), (5, "确认为不同主体")]
    assert "没有“对”这一项" in text
    assert f"与名录中的 {coded}重复" in text
    found = begin(as_csv([li | yes, li | yes, farm | {"确认为不同主体": " Yes "}]), by, "名录.csv")
    assert found.problems == []  # the second namesake of the sheet is confirmed too
    documents.finish_import(import_id=found.pk, by=by, at=NOON)
    assert Subject.objects.filter(name="李大农").count() == 3
    entered = Line.objects.filter(action="registry.subject.registered").order_by("sequence")
    assert [line.note for line in entered] == ["经核实，与同名的主体不是同一主体"] * 3


def test_the_template_and_its_help_know_the_column(client, by):
    client.force_login(by)
    page = client.get(reverse("documents:new-import", args=["subjects"]))
    assertContains(page, "确认为不同主体")
    assertContains(page, "核实后确属另一主体的填“是”")
    template = load_workbook(BytesIO(client.get(reverse("documents:import-template", args=["subjects"])).getvalue()))
    assert "确认为不同主体" in [cell.value for cell in template.active[1]]


def test_sheets_without_the_column_are_read_as_before(by):
    heads = HEADS[:-1]
    assert HEADS[-1] == "确认为不同主体"
    data = write_table("监管名录", heads, [[row().get(head, "") for head in heads]]).getvalue()
    assert begin(data, by).problems == []


def test_a_place_whose_name_stands_twice_is_asked_back(by):
    Division.objects.create(code="360902001201", name="彬江村委会", level=12, parent_id="360902001000")
    named, text = faults([row(区划代码="", 区划名称="彬江村委会")], by)
    assert named == [(2, "区划名称")]
    assert "有 2 处叫“彬江村委会”" in text
    named, text = faults([row(区划代码="", 区划名称="彬江镇彬江村委会")], by)
    assert named == []


# The whole way: ten thousand rows with 37 faults


def many(n):
    kinds = [kind.label for kind in SubjectType if must_have_code(kind)]
    return [
        row(名称=f"袁州区第{i}号农产品专业合作社", 类型=str(kinds[i % len(kinds)]), 统一社会信用代码=uscc(i),
            区划代码=["360902100000", "360902001", "360902100201"][i % 3],
            监管单位="彬江镇监管站", 监管责任人="李监管")
        for i in range(n)
    ]  # fmt: skip


SPOILED = [
    {"联系电话": "1"}, {"统一社会信用代码": "123"}, {"纳入名录日期": "2999-01-01"}, {"类型": "公司"},
    {"区划代码": "360981001"},
]  # fmt: skip


def test_ten_thousand_rows_with_errors_in_37(client, by):
    client.force_login(by)
    rows = many(10_000)
    spoiled = {7 + 270 * i: SPOILED[i % len(SPOILED)] for i in range(37)}  # place in the list → what is wrong there
    bad = [one | spoiled.get(i, {}) for i, one in enumerate(rows)]
    upload = BytesIO(as_xlsx(bad))
    upload.name = "名录.xlsx"
    answer = client.post(reverse("documents:new-import", args=["subjects"]), {"file": upload})
    found = Import.objects.defer("problems").get()
    assertRedirects(answer, reverse("documents:import", args=[found.pk]))
    page = client.get(reverse("documents:import", args=[found.pk]))
    assertContains(page, "10,000 行中有 37 行有错误")
    assertContains(page, '<td class="num">', count=37)
    for i, change in spoiled.items():
        assertContains(page, f'<td class="num">{i + 2}</td><td class="nowrap">{next(iter(change))}</td>')
    assert client.post(reverse("documents:import", args=[found.pk])).status_code == 422
    assert not Subject.objects.exists()

    marked = client.get(reverse("documents:import-marked", args=[found.pk]))
    book = load_workbook(BytesIO(marked.content))
    sheet = book.active
    red = {
        (cell.row, sheet.cell(1, cell.column).value)
        for line in sheet.iter_rows() for cell in line if cell.fill.fgColor.rgb == RED.fgColor.rgb
    }  # fmt: skip
    assert {place for place in red if place[1] != "错误说明"} == {
        (i + 2, next(iter(change))) for i, change in spoiled.items()
    }
    assert {place[0] for place in red if place[1] == "错误说明"} == {i + 2 for i in spoiled}

    for i, change in spoiled.items():  # the copy itself is mended and comes back, note column and all
        field = next(iter(change))
        sheet.cell(i + 2, HEADS.index(field) + 1).value = rows[i][field]
    mended = BytesIO()
    book.save(mended)
    mended.seek(0)
    mended.name = "改好的.xlsx"
    client.post(reverse("documents:new-import", args=["subjects"]), {"file": mended})
    second = Import.objects.order_by("-pk").first()
    url = reverse("documents:import", args=[second.pk])
    assertContains(client.get(url), "10,000 行，没有错误")
    assert not Subject.objects.exists()
    assertRedirects(client.post(url), url)
    assertContains(client.get(url), "已导入 10,000 行")
    assert Subject.objects.supervised().count() == 10_000
    assert Subject.objects.order_by("pk").last().name == rows[-1]["名称"]
    assert Line.objects.filter(action="registry.subject.registered").count() == 10_000
    assert verify().altered is None
    assert client.post(url).status_code == 422, "confirmed once"


# A server that stops in the middle


@pytest.mark.parametrize("fault", [RuntimeError, KeyboardInterrupt, SystemExit])
def test_a_server_stopped_in_the_middle_leaves_nothing_half_done(by, monkeypatch, fault):
    found = begin(as_csv(many(300)), by, "名录.csv")
    before = Line.objects.count()

    def stops(*args, **kwargs):
        made(*args, **kwargs)
        assert Subject.objects.count() == 300
        raise fault

    made = imports.register_many
    monkeypatch.setattr(imports, "register_many", stops)
    with pytest.raises(fault):
        documents.finish_import(import_id=found.pk, by=by, at=NOON)
    found.refresh_from_db()
    assert (Subject.objects.count(), Line.objects.count(), found.state) == (0, before, ImportState.CHECKED)
    monkeypatch.undo()
    documents.finish_import(import_id=found.pk, by=by, at=NOON)
    assert Subject.objects.count() == 300


def test_what_others_did_meanwhile_is_seen_at_the_confirmation(client, by):
    client.force_login(by)
    found = begin(as_csv([row(), row(名称="乙社", 统一社会信用代码=uscc(2))]), by, "名录.csv")
    SubjectFactory(uscc=uscc(2))
    page = client.post(reverse("documents:import", args=[found.pk]))
    assertContains(page, "有 1 行数据有错误", status_code=422)
    assertContains(page, '<td class="num">3</td><td class="nowrap">统一社会信用代码</td>', status_code=422)
    assert Subject.objects.count() == 1
    with pytest.raises(ImportRefused):
        documents.finish_import(import_id=found.pk, by=by, at=NOON)


# Round trips


def test_the_example_of_the_template_is_a_good_row(client, by):
    client.force_login(by)
    template = client.get(reverse("documents:import-template", args=["subjects"]))
    assert begin(template.content, by).problems == []


def test_an_export_can_be_imported_elsewhere(client, by):
    client.force_login(by)
    SubjectFactory.create_batch(3)
    exported = client.get(reverse("registry:subjects"), {"export": "1"}).content
    Subject.objects.all().delete()
    found = begin(exported, by)
    assert found.problems == []
    documents.finish_import(import_id=found.pk, by=by, at=NOON)
    assert Subject.objects.count() == 3


def test_a_sheet_with_real_numbers_and_dates(by):
    book = Workbook()
    book.active.append(HEADS)
    cells = row(区划代码=360902100000, 联系电话=13800000000)
    book.active.append([date(2026, 3, 1) if h == "纳入名录日期" else cells.get(h) for h in HEADS])
    content = BytesIO()
    book.save(content)
    assert begin(content.getvalue(), by).problems == []


WORDS = st.text(
    st.characters(min_codepoint=32, max_codepoint=0xFFFF, exclude_categories=["C", "Z"]), min_size=1, max_size=20
).filter(lambda text: not text.isdecimal() and all(category(c) != "Mn" for c in text))
SUBJECTS = st.fixed_dictionaries(
    {"名称": WORDS, "类型": st.sampled_from([str(t.label) for t in SubjectType]),
     "规模": st.sampled_from([str(s.label) for s in Scale]), "联系人": WORDS, "主要产品": st.one_of(st.just(""), WORDS),
     "地址": st.one_of(st.just(""), WORDS), "纳入名录日期": st.dates(date(1949, 10, 1), date(2026, 5, 12)).map(str),
     "联系电话": st.integers(10**9, 2 * 10**9 - 1).map("1{}".format)}
)  # fmt: skip


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(SUBJECTS, min_size=1, max_size=5, unique_by=lambda one: one["名称"]), st.sampled_from(["xlsx", "csv"]))
def test_whatever_is_written_comes_back(by, some, form):
    """What a good sheet says stands in the registry word for word, whichever form it came in."""
    Subject.objects.all().delete()
    rows = [{"区划代码": TOWN, "统一社会信用代码": uscc(i), **one} for i, one in enumerate(some)]
    data = as_xlsx(rows) if form == "xlsx" else as_csv(rows)
    found = begin(data, by, f"名录.{form}")
    assert found.problems == []
    documents.finish_import(import_id=found.pk, by=by, at=NOON)
    kept = [
        {"名称": s.name, "类型": str(s.get_type_display()), "规模": str(s.get_scale_display()), "联系人": s.contact,
         "主要产品": s.products, "地址": s.address, "纳入名录日期": str(s.registered_on), "联系电话": s.phone,
         "区划代码": s.division_id, "统一社会信用代码": s.uscc}
        for s in Subject.objects.order_by("pk")
    ]  # fmt: skip
    assert kept == rows
    assert all(len(one["名称"]) <= LONGEST["name"] for one in kept)
