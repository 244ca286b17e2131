"""Pages of the law: the answer is there, lists page and export, the reader's role decides what may be done."""

import io
from datetime import date

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from nongan.accounts.rules import Role
from nongan.standards.models import Analyte, Commodity, Edition, Limit
from nongan.standards.rules import LimitForm
from tests.accounts.factories import UserFactory
from tests.standards import factories as law

pytestmark = pytest.mark.django_db
PAGES = ["look-up", "limits", "bans", "commodities", "analytes", "editions"]


@pytest.fixture
def reader(client):
    law.small_law()
    user = UserFactory(role=Role.SUPERVISOR)
    client.force_login(user)
    return client


@pytest.fixture
def office(client):
    law.small_law()
    client.force_login(UserFactory(role=Role.PROGRAMME_OFFICE))
    return client


def get(client, name, *args, **query):
    return client.get(reverse(f"standards:{name}", args=args), query)


def text(response):
    return response.content.decode()


def exported(response):
    assert response["Content-Type"].startswith("application/vnd")
    return list(load_workbook(io.BytesIO(response.content)).active.iter_rows(values_only=True))


# --- look-up ---


def test_the_answer_with_its_way_and_verdict(reader):
    page = get(reader, "look-up", food="长豆角", item="咪蚜胺", on="2026-07-01", result="1.01", unit="mg/kg")
    shown = text(page)
    assert page.status_code == 200
    assert "answer-fail" in shown
    assert "≤1 mg/kg" in shown
    assert shown.index("荚可食类豆类蔬菜") < shown.index("豆类蔬菜</li>")
    assert law.NEW in shown


@pytest.mark.parametrize(
    ("query", "expected"),
    [({"item": "克百威", "result": "未检出"}, "answer-pass"),
     ({"item": "克百威", "result": "见报告"}, "answer-undecided"),
     ({"item": "恩诺沙星", "result": "1"}, "answer-unjudged"), ({"item": "吡虫啉", "on": "2026-02-01"}, "≤2 mg/kg"),
     ({"food": "鸡蛋", "item": "克百威"}, "自 2026-06-01 起"), ({"food": "猪肉"}, "没有限量、但不得使用的")],
)  # fmt: skip
def test_other_answers(reader, query, expected):
    assert expected in text(get(reader, "look-up", **{"food": "豇豆", "on": "2026-07-01"} | query))


def test_demonstration_data_is_marked(reader):
    assert "演示数据" in text(get(reader, "look-up", food="草鱼", item="恩诺沙星", on="2026-07-01"))
    assert "演示数据" not in text(get(reader, "look-up", food="豇豆", item="吡虫啉", on="2026-07-01"))


def test_a_result_with_its_own_unit_wins_over_the_box(reader):
    page = get(reader, "look-up", food="草鱼", item="恩诺沙星", on="2026-07-01", result="100.5μg/kg", unit="mg/kg")
    assert "answer-fail" in text(page)


@pytest.mark.parametrize(
    ("query", "field", "message"),
    [({"food": "火星果"}, "food", "没有找到"), ({"food": "豇豆", "result": "1"}, "item", "请填写检测项目"),
     ({"food": "豇豆", "item": "克百威", "on": "某日"}, "on", ""),
     ({"food": "豇豆", "item": "克百威", "result": "1", "lod": "很低"}, "lod", "看不懂检出限")],
)  # fmt: skip
def test_a_question_that_cannot_be_read_stays_as_typed(reader, query, field, message):
    page = get(reader, "look-up", **query)
    assert page.status_code == 422
    assert message in str(page.context["form"].errors[field])
    assert query.get(field, query["food"]) in text(page)


def test_everything_limited_in_a_food_is_exported(reader):
    head, *rows = exported(get(reader, "look-up", food="豇豆", on="2026-07-01", export="1"))
    assert head[:3] == ("检测项目", "类别", "限量")
    assert {"吡虫啉", "克百威", "毒死蜱"} <= {row[0] for row in rows}


# --- lists ---


def test_limits_by_food_find_also_those_of_its_categories(reader):
    rows = get(reader, "limits", food="豇豆", on="2026-07-01").context["page"].rows
    assert {(row.analyte_id, row.commodity_id) for row in rows} == {
        (law.CARBOFURAN, law.VEGETABLES), (law.IMIDACLOPRID, law.BEANS), (law.CHLORPYRIFOS, law.VEGETABLES),
    }  # fmt: skip
    excepted = get(reader, "limits", food="菜豆", item="吡虫啉", on="2026-07-01").context["page"].rows
    assert [row.commodity_id for row in excepted] == [law.GREEN_BEAN]


def test_limits_by_edition_item_and_part_of_a_name(reader):
    assert get(reader, "limits", edition=law.DRUGS).context["page"].count == 2
    assert get(reader, "limits", item="呋喃丹").context["page"].count == 2
    assert get(reader, "limits", item="毒死").context["page"].count == 4
    assert get(reader, "limits", food="不存在的").context["page"].count == 0
    assert get(reader, "limits", on="某日").context["page"].count == 0
    assert get(reader, "limits", edition="nonsense").status_code == 200


def test_limits_are_exported_with_real_numbers_and_days(reader):
    head, *rows = exported(get(reader, "limits", edition=law.NEW, export="1"))
    columns = dict(zip(head, zip(*rows, strict=True), strict=True))
    assert len(rows) == 7
    assert all(isinstance(value, int | float) for value in columns["数值"])
    assert columns["生效日期"][0].date() == date(2026, 3, 1)
    assert "菜豆" in columns["除外"]


def test_bans_by_item_food_status_and_day(reader):
    assert get(reader, "bans", item="呋喃丹").context["page"].count == 2
    assert get(reader, "bans", food="豇豆").context["page"].count == 3
    assert get(reader, "bans", food="豇豆", on="2026-05-31").context["page"].count == 2
    assert get(reader, "bans", status="banned").context["page"].count == 2
    assert len(exported(get(reader, "bans", export="1"))) == 5


def test_items_by_any_name(reader):
    (row,) = get(reader, "analytes", q="呋喃丹").context["page"].rows
    assert row.code == law.CARBOFURAN
    assert get(reader, "analytes", kind="drug").context["page"].count == 4
    assert len(exported(get(reader, "analytes", export="1"))) == 11


def test_an_item_shows_its_parts_limits_and_bans(reader):
    shown = text(get(reader, "analyte", law.CARBOFURAN))
    assert "3-羟基克百威" in shown
    assert "农业农村部公告第736号" in shown
    assert law.OLD in shown
    assert "计入" in text(get(reader, "analyte", law.HYDROXY_CARBOFURAN))
    assert get(reader, "analyte", "nonsense").status_code == 404


def test_the_tree_and_the_search_in_it(reader):
    assert "豆类蔬菜" in text(get(reader, "commodities"))
    shown = text(get(reader, "commodities", q="长豆角"))
    assert reverse("standards:commodity", args=[law.COWPEA]) in shown
    assert "没有这种食品" in text(get(reader, "commodities", q="火星果"))
    assert len(exported(get(reader, "commodities", export="1"))) == len(law.COMMODITIES) + 1


def test_a_food_shows_where_it_stands_and_what_is_limited(reader):
    shown = text(get(reader, "commodity", law.COWPEA))
    assert "荚可食类豆类蔬菜" in shown
    assert "长豆角" in shown
    assert "常检项目" in shown
    assert get(reader, "commodity", "nonsense").status_code == 404


def test_editions_and_their_export(reader):
    shown = text(get(reader, "editions"))
    assert law.METALS in shown
    assert "演示数据" in shown
    assert len(exported(get(reader, "editions", export="1"))) == 5


# --- who may ---


@pytest.mark.parametrize("name", PAGES)
def test_every_role_that_reads_the_law_sees_the_page(client, name):
    law.small_law()
    for role in (Role.SUBJECT, Role.ANALYST, Role.ADMINISTRATOR):
        client.force_login(UserFactory(role=role))
        assert get(client, name).status_code == 200


@pytest.mark.parametrize("name", PAGES)
def test_without_a_login_there_is_nothing(client, name):
    assert get(client, name).status_code == 302


def test_only_editors_are_offered_an_import_and_an_end(reader):
    edition = Edition.objects.get(code=law.NEW)
    for name in ("limits", "bans", "commodities", "analytes", "editions"):
        assert "/documents/imports/new/" not in text(get(reader, name))
    assert "修改有效期" not in text(get(reader, "edition", edition.pk))
    assert get(reader, "end-edition", edition.pk).status_code == 403


def test_ending_an_edition(office):
    edition = Edition.objects.get(code=law.NEW)
    url = reverse("standards:end-edition", args=[edition.pk])
    assert office.get(url).status_code == 200
    refused = office.post(url, {"valid_to": "2020-01-01", "version": 0})
    assert refused.status_code == 422
    assert "不能早于生效日期" in text(refused)
    assert office.post(url, {"valid_to": "2026-12-31", "version": 0}).status_code == 302
    stale = office.post(url, {"valid_to": "2027-12-31", "version": 0})
    assert stale.status_code == 422
    assert "刚被他人修改" in text(stale)
    assert Edition.objects.get(pk=edition.pk).valid_to == date(2026, 12, 31)
    assert "最后有效日 2026-12-31" in text(get(office, "edition", edition.pk))


# --- suggestions ---


def test_suggestions_for_pick_boxes(reader):
    assert "豇豆" in text(reader.get(reverse("standards:commodity-options"), {"food": "豇"}))
    assert "克百威" in text(reader.get(reverse("standards:analyte-options"), {"whatever": "呋喃丹"}))


def test_the_global_search_finds_foods_and_items(reader):
    shown = text(reader.get(reverse("search"), {"q": "克百威"}))
    assert reverse("standards:analyte", args=[law.CARBOFURAN]) in shown


# --- many rows, long names ---


@pytest.fixture
def many(office):
    edition = Edition.objects.get(code=law.NEW)
    foods = [Commodity(code=f"Z{n}", name="很长的食品名称" * 12 + str(n), position=n) for n in range(300)]
    items = [Analyte(code=f"Y{n}", name="很长的项目名称" * 12 + str(n), kind="pesticide") for n in range(300)]
    Commodity.objects.bulk_create(foods)
    Analyte.objects.bulk_create(items)
    Limit.objects.bulk_create(
        Limit(edition=edition, analyte_id=f"Y{n}", commodity_id=f"Z{n}", form=LimitForm.ABSENT, key=f"m{n}")
        for n in range(300)
    )
    law.renew()
    return office


@pytest.mark.parametrize(
    ("name", "args"), [*((name, ()) for name in PAGES), ("commodity", ("Z1",)), ("analyte", ("Y1",))]
)
def test_pages_with_many_rows_ask_few_questions(many, django_assert_max_num_queries, name, args):
    get(many, name, *args)  # the law is read once
    with django_assert_max_num_queries(15):
        assert get(many, name, *args).status_code == 200


def test_lists_page_by_key_to_the_end(many):
    seen, at = [], ""
    while True:
        found = get(many, "limits", at=at, size=100).context["page"]
        seen += [row.pk for row in found.rows]
        at = found.next
        if not at:
            break
    assert len(seen) == len(set(seen)) == Limit.objects.count()
