"""Results by xlsx: every fault named by row and field, nothing saved before the confirmation, everything or nothing."""

import io
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from nongan.accounts.rules import Role
from nongan.common.spreadsheet import write_table
from nongan.documents.services import ImportRefused, begin_import, finish_import
from nongan.laboratory.models import Test
from nongan.laboratory.rules.entry import EntryRefused
from nongan.laboratory.rules.spreadsheet import COLUMNS
from nongan.laboratory.services import imports
from tests.accounts.factories import UserFactory
from tests.laboratory.factories import LaboratoryFactory, SpecimenFactory, entered, people_of, submitted
from tests.standards.factories import CARBOFURAN, small_law

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def law(db, settings, tmp_path):
    settings.FILES = tmp_path
    small_law()


@pytest.fixture
def laboratory():
    return LaboratoryFactory()


@pytest.fixture
def analyst(laboratory):
    return people_of(laboratory).analyst


def fresh(laboratory, count=1):
    day = timezone.now() - timedelta(days=1)
    return SpecimenFactory.create_batch(count, laboratory=laboratory, received_at=day)


def line(code, analyte="克百威", text="ND", day=None, **changes):
    cells = {"code": code, "commodity": "豇豆", "analyte": analyte, "text": text, "unit": "mg/kg", "lod": "0.002",
             "loq": "", "method": "GB 23200.121", "tested_on": day or timezone.localdate()}  # fmt: skip
    return [{**cells, **changes}[column.key] for column in COLUMNS]


def begin(lines, by):
    data = write_table("结果", [column.heading for column in COLUMNS], lines).getvalue()
    return begin_import(kind="results", name="结果.xlsx", data=data, options={}, by=by, at=timezone.now())


def problems(lines, by):
    return {(p["row"], p["field"]): f"{p['reason']}，{p['remedy']}" for p in begin(lines, by).problems}


def test_a_sheet_goes_out_is_filled_and_comes_back(client, laboratory, analyst):
    fresh(laboratory, 2)
    client.force_login(analyst)
    book = load_workbook(io.BytesIO(client.get(reverse("laboratory:worksheet-file")).content))
    for row in book.active.iter_rows(min_row=2):
        row[3].value, row[5].value, row[7].value = 0.0015, "0.001", "GB 23200.121"
    content = io.BytesIO()
    book.save(content)
    found = begin_import(
        kind="results", name="录入表.xlsx", data=content.getvalue(), options={}, by=analyst, at=timezone.now()
    )
    assert found.problems == []
    assert not Test.objects.exclude(text="").exists(), "nothing is saved before the confirmation"
    finish_import(import_id=found.pk, by=analyst, at=timezone.now())
    assert set(Test.objects.values_list("text", "unit", "entered_by")) == {("0.0015", "mg/kg", analyst.pk)}


def test_every_fault_is_named_by_row_and_field(laboratory, analyst):
    good, bad, done = fresh(laboratory, 3)
    submitted([done], at=timezone.now())
    theirs = SpecimenFactory()
    tomorrow, long_ago = timezone.localdate() + timedelta(days=1), timezone.localdate() - timedelta(days=9)
    found = problems(
        [
            line(good.code),
            line("MY-NOTHING"),
            line(theirs.code),
            line(bad.code, "铅"),
            line(bad.code, "克百威", "0.O1"),
            line(bad.code, "吡虫啉", "1", day=tomorrow),
            line(bad.code, "毒死蜱", "1", day=long_ago),
            line(bad.code, "呋喃丹", "1", unit="毫升", method="", tested_on="昨天"),
            line(done.code),
            line(good.code, "P001", "0.5"),
            line(bad.code, "", "0.5"),
            line(bad.code, "吡虫啉", ""),
        ],
        analyst,
    )
    assert "没有这个盲样" in found[3, "盲样编号"]
    assert "没有这个盲样" in found[4, "盲样编号"], "another laboratory's is not even there"
    assert "不是该样品的送检项目" in found[5, "检测项目"]
    assert "看不懂“0.O1”" in found[6, "结果"]
    assert "将来的日期" in found[7, "检测日期"]
    assert "早于收样日期" in found[8, "检测日期"]
    assert "请填检测方法" in found[9, "检测方法"]
    assert "不是日期" in found[9, "检测日期"]
    assert "单位" in found[9, "单位"]
    assert "样品现为“待复核”" in found[10, "盲样编号"]
    assert "与第 2 行重复" in found[11, "检测项目"]
    assert (12, "检测项目") in found
    assert not any(row in {2, 13} for row, _field in found), "an empty row is no fault"


def test_a_synonym_names_the_item(laboratory, analyst):
    (one,) = fresh(laboratory)
    found = begin([line(one.code, "呋喃丹", "0.01")], analyst)
    assert found.problems == []
    finish_import(import_id=found.pk, by=analyst, at=timezone.now())
    assert Test.objects.get(specimen=one, analyte=CARBOFURAN).text == "0.01"


def test_a_file_does_not_overwrite_a_colleague(laboratory, analyst):
    (one,) = fresh(laboratory)
    entered([one], {CARBOFURAN: "0.01"}, at=timezone.now())
    other = UserFactory(role=Role.ANALYST, organisation=laboratory)
    assert "已录入“0.01”" in problems([line(one.code, text="0.02")], other)[2, "结果"]
    assert problems([line(one.code, text="0.02")], analyst) == {}, "the own one is corrected"


def test_between_check_and_confirmation_somebody_else_was_there(laboratory, analyst):
    (one,) = fresh(laboratory)
    other = UserFactory(role=Role.ANALYST, organisation=laboratory)
    found = begin([line(one.code, text="0.02")], other)
    entered([one], {CARBOFURAN: "0.01"}, at=timezone.now())
    with pytest.raises(ImportRefused):
        finish_import(import_id=found.pk, by=other, at=timezone.now())
    assert Test.objects.get(specimen=one, analyte=CARBOFURAN).text == "0.01"


def test_applying_looks_again(laboratory, analyst):
    """The service is safe without the check before it."""
    (one,) = fresh(laboratory)
    submitted([one], at=timezone.now())
    from_sheet = imports.Row(2, dict(zip([c.key for c in COLUMNS], map(str, line(one.code)), strict=True)))
    with pytest.raises(EntryRefused):
        imports.apply([from_sheet], {}, analyst, timezone.now())


def test_a_sheet_without_a_result_says_so(laboratory, analyst):
    (one,) = fresh(laboratory)
    assert "没有一个结果" in problems([line(one.code, text="")], analyst)[2, "结果"]


def test_only_who_enters_results_may_import(laboratory):
    (one,) = fresh(laboratory)
    with pytest.raises(PermissionDenied):
        begin([line(one.code)], people_of(laboratory).signatory)


def test_thousands_of_rows_take_few_statements(laboratory, analyst, django_assert_max_num_queries):
    specimens = fresh(laboratory, 400)
    lines = [line(s.code, name) for s in specimens for name in ("克百威", "吡虫啉", "毒死蜱")]
    with django_assert_max_num_queries(30):  # ten of them read the law
        found = begin(lines, analyst)
    assert (found.rows, found.problems) == (1200, [])
    with django_assert_max_num_queries(70):
        finish_import(import_id=found.pk, by=analyst, at=timezone.now())
    assert Test.objects.filter(text="ND").count() == 1200
