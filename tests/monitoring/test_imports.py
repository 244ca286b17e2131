"""Samplings from a sheet: every fault by row and field, then all rows or none."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains

from nongan.common.spreadsheet import write_table
from nongan.documents import services as documents
from nongan.documents.services import ImportRefused
from nongan.monitoring.models import Sample
from nongan.monitoring.rules import SampleKind
from nongan.monitoring.services import imports, take_sample
from tests.accounts.factories import CITY, COUNTY, UserFactory
from tests.conftest import NOON
from tests.monitoring.factories import DAY, SamplerFactory, sampling
from tests.registry.factories import SubjectFactory
from tests.standards.factories import CARBOFURAN, COWPEA, IMIDACLOPRID, small_law

pytestmark = pytest.mark.django_db
HEADS = [column.heading for column in imports.COLUMNS]
GOOD = {
    "类别": "例行监测", "主体编号": "ZT-360902-000777", "产品": "长豆角", "生产日期": "2026年5月10日",
    "抽样日期": "2026/5/11", "抽样量": "2.5", "单位": "千克", "抽样人员": "张三、李四", "检测项目": "克百威、吡虫啉",
}  # fmt: skip


@pytest.fixture(autouse=True)
def law(divisions):
    small_law()


@pytest.fixture
def by():
    SubjectFactory(number="ZT-360902-000777", name="袁州米业")
    return SamplerFactory(division_id=COUNTY)


def sheet(*rows):
    return write_table("抽样单", HEADS, [[row.get(head, "") for head in HEADS] for row in rows]).getvalue()


def begin(by, *rows):
    return documents.begin_import(kind="samples", name="a.xlsx", data=sheet(*rows), options={}, by=by, at=NOON)


def problems(by, **change):
    return [(p["row"], p["field"]) for p in begin(by, {**GOOD, **change}).problems]


def test_good_rows_are_taken_after_confirmation(by):
    found = begin(by, GOOD, {**GOOD, "主体编号": "", "主体名称": "袁州米业", "检测项目": "", "单位": "", "抽样量": ""})
    assert (found.problems, Sample.objects.count()) == ([], 0)
    documents.finish_import(import_id=found.pk, by=by, at=NOON)
    first, second = Sample.objects.order_by("pk")
    assert (first.commodity_id, first.panel, first.produced_on) == (
        COWPEA,
        [CARBOFURAN, IMIDACLOPRID],
        DAY - timedelta(1),
    )
    assert (str(first.quantity), second.quantity, second.unit, second.packaging) == ("2.500", None, "kg", "loose")
    assert len(second.panel) == 3


@pytest.mark.parametrize(
    "change, field",
    [
        ({"类别": "抽着玩"}, "类别"), ({"类别": ""}, "类别"), ({"主体编号": "ZT-360981-000001"}, "主体编号"),
        ({"主体编号": ""}, "主体编号"), ({"主体名称": "别家"}, "主体名称"),
        ({"主体编号": "", "主体名称": "没有这家"}, "主体名称"),
        ({"产品": "石头"}, "产品"), ({"抽样日期": "昨天"}, "抽样日期"), ({"抽样日期": "2099-01-01"}, "抽样日期"),
        ({"抽样日期": ""}, "抽样日期"), ({"生产日期": "2026-13-01"}, "生产日期"),
        ({"生产日期": "2026-05-12"}, "生产日期"),
        ({"抽样量": "三斤"}, "抽样量"), ({"抽样量": "-3"}, "抽样量"), ({"抽样量": "1.23456"}, "抽样量"),
        ({"抽样量": "NaN"}, "抽样量"), ({"抽样量": "1e999999"}, "抽样量"), ({"单位": "斤"}, "单位"),
        ({"检测项目": "石头素"}, "检测项目"), ({"区划代码": "36098"}, "区划代码"),
        ({"区划代码": "360981000000"}, "区划代码"),
        ({"类别": "监督抽查", "抽样人员": "张三"}, "抽样人员"), ({"类别": "监督抽查", "生产日期": ""}, "生产日期"),
        ({"备注": "字" * 501}, "备注"),
    ],
)  # fmt: skip
def test_each_fault_is_named_by_row_and_field(by, change, field):
    assert problems(by, **change) == [(2, field)]


def test_two_subjects_of_one_name_need_the_number(by):
    SubjectFactory(name="袁州米业")
    assert problems(by, **{"主体编号": "", "主体名称": "袁州米业"}) == [(2, "主体名称")]


def test_a_batch_that_the_city_sampled_is_named(by):
    batch = sampling(kind=SampleKind.SUPERVISION, subject="ZT-360902-000777")
    above = take_sample(sampling=batch, by=SamplerFactory(division_id=CITY), at=NOON)
    found = begin(by, {**GOOD, "类别": "监督抽查"})
    assert [(p["row"], p["field"]) for p in found.problems] == [(2, "生产日期")]
    assert above.number in found.problems[0]["reason"]


def test_a_sheet_with_faults_is_not_taken_at_all(by):
    found = begin(by, GOOD, {**GOOD, "产品": "石头"})
    with pytest.raises(ImportRefused):
        documents.finish_import(import_id=found.pk, by=by, at=NOON)
    assert not Sample.objects.exists()


def test_a_thousand_rows_are_checked_in_few_queries(by, django_assert_max_num_queries):
    rows = [GOOD] * 1000
    with django_assert_max_num_queries(40):
        found = begin(by, *rows)
    assert found.problems == []


def test_the_pages_are_there_for_those_who_sample(client, by):
    client.force_login(by)
    url = reverse("documents:new-import", args=["samples"])
    assertContains(client.get(url), "抽样单")
    client.force_login(UserFactory())
    assert client.get(url).status_code == 403
    client.force_login(UserFactory(role="officer", organisation=None))
    assertContains(client.get(url), "没有所属机构", status_code=409)


def test_the_example_of_the_template_is_sound(by):
    example = {column.heading: column.example for column in imports.COLUMNS}
    SubjectFactory(number=example["主体编号"], name=example["主体名称"])
    day = timezone.localdate().isoformat()
    assert problems(by, **{**example, "抽样日期": day, "生产日期": day}) == []
