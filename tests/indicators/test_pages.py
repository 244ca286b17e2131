"""Figures on screen and as JSON: what they show, to whom, in how many queries."""

import io
from datetime import date

import pytest
from django.urls import reverse
from openpyxl import load_workbook
from pytest_django.asserts import assertContains, assertNotContains

from nongan.accounts.rules import Role
from nongan.indicators import services
from nongan.indicators.models import Snapshot
from nongan.journal.models import Line
from nongan.places.models import Population
from tests.accounts.factories import CITY, COUNTY, OTHER_COUNTY, TOWN, UserFactory
from tests.conftest import NOON
from tests.monitoring.factories import SampleFactory
from tests.registry.factories import SubjectFactory
from tests.standards.factories import small_law

pytestmark = pytest.mark.django_db
API = "/api/v1/indicators"
LONG = "宜春市袁州区慈化镇生态循环农业种植养殖专业合作社联合社第一生产基地"


@pytest.fixture
def records():
    """A town with 39 passing and 1 failing sample, and another county with 5 passing ones."""
    small_law()
    Population.objects.create(division_id=COUNTY, year=2025, residents=10_000, source="统计公报")
    subject = SubjectFactory(name=LONG)
    made = {"division_id": TOWN, "subject": subject, "judged": True}
    SampleFactory.create_batch(39, **made)
    SampleFactory(verdict="fail", **{**made, "sampled_on": date(2026, 4, 30)})
    SampleFactory.create_batch(5, **{**made, "division_id": "360981001000"})
    services.compute_all(at=NOON)


@pytest.fixture
def office(client, records):
    user = UserFactory()
    client.force_login(user)
    return user


@pytest.fixture
def county(client, records):
    user = UserFactory(role=Role.SUPERVISOR, division_id=COUNTY)
    client.force_login(user)
    return user


def url(name, *args, **query):
    return reverse(f"indicators:{name}", args=args) + "?" + "&".join(f"{k}={v}" for k, v in query.items())


def sheet(response):
    return [list(row) for row in load_workbook(io.BytesIO(response.content)).active.values]


# Who sees what


PAGES = [("list",), ("indicator", "pass_rate"), ("records", "pass_rate")]


@pytest.mark.parametrize("name", PAGES)
def test_refusals(client, records, name):
    assert client.get(url(*name)).status_code == 302
    client.force_login(UserFactory(role=Role.ANALYST))
    assert client.get(url(*name)).status_code == 403
    client.force_login(UserFactory(role=Role.SUPERVISOR, division_id=COUNTY))
    assert client.get(url(*name)).status_code == 200
    for elsewhere in (CITY, OTHER_COUNTY, "360000000000", "nonsense", "36090210"):
        assert client.get(url(*name, division=elsewhere)).status_code == 404


def test_an_indicator_that_nobody_computes(client, office):
    assert client.get(url("indicator", "budget_growth")).status_code == 404
    assert client.get(url("records", "budget_growth")).status_code == 404


def test_a_county_sees_its_own(client, county):
    page = client.get(url("list"))
    assertContains(page, "39 / 40")
    assertNotContains(page, "44 / 45")


# The list


def test_the_list(client, office, django_assert_max_num_queries):
    with django_assert_max_num_queries(20):
        page = client.get(url("list"))
    assertContains(page, "食用农产品抽检合格率")
    assertContains(page, "97.77")
    assertContains(page, "44 / 45")
    assertContains(page, "2026-05-12 12:00")
    assertContains(page, "无数据")
    assertNotContains(page, "style=")


def test_the_list_of_a_period_without_records(client, office):
    page = client.get(url("list", period="2026-02"))
    shown = {line.shown.definition.code: line.shown.figure for line in page.context["lines"]}
    assert not shown["pass_rate"].known
    assert shown["quantitative_batches"].text == "0"
    assert (shown["supervision_coverage"].numerator, shown["supervision_coverage"].denominator) == (0, 1)
    assert client.get(url("list", period="nonsense")).status_code == 200


def test_the_list_as_a_file(client, office):
    rows = sheet(client.get(url("list", export=1)))
    (line,) = [row for row in rows if row[0] == "食用农产品抽检合格率"]
    assert [float(x) if i in (2, 4, 5) else x for i, x in enumerate(line[:6])] == [
        "食用农产品抽检合格率", "有记录以来", 97.77, "%", 44, 45,
    ]  # fmt: skip
    assert next(row for row in rows if row[0] == "不合格产品处置率")[2] == "无数据"


def test_asking_for_a_recount(client, office):
    response = client.post(reverse("indicators:recount"))
    assert response.status_code == 302
    assert Line.objects.filter(action="indicators.recount.asked").count() == Snapshot.objects.count()
    client.force_login(UserFactory(role=Role.SUPERVISOR))
    assert client.post(reverse("indicators:recount")).status_code == 403


# One indicator


def test_an_indicator(client, office, django_assert_max_num_queries):
    with django_assert_max_num_queries(20):
        page = client.get(url("indicator", "pass_rate"))
    assertContains(page, "97.77")
    assertContains(page, "95 % 置信区间 [88.43, 99.61]")
    assertContains(page, "风险监测有意去抽可疑的产品")
    assertContains(page, "袁州区")
    assertContains(page, "39 / 40")
    assertContains(page, 'data-chart="trend-data"')


def test_an_indicator_in_english(client, office):
    client.cookies["django_language"] = "en"
    assertContains(client.get(url("indicator", "pass_rate")), "Pass rate of official sampling")


def test_a_count_shows_both_ways(client, office):
    page = client.get(url("indicator", "quantitative_batches", division=COUNTY, period="2026"))
    assertContains(page, "40<small>批次</small>")
    assertContains(page, "4 批次/千人")
    assertNotContains(page, "置信区间")
    assertContains(client.get(url("indicator", "quantitative_batches", period="2026")), "常住人口未录入")


def test_before_anything_was_computed(client):
    client.force_login(UserFactory())
    assertContains(client.get(url("indicator", "pass_rate")), "还没有计算过")
    assertContains(client.get(url("list")), "无数据")
    assert client.get(url("records", "pass_rate")).status_code == 200


def test_the_divisions_as_a_file(client, office):
    rows = sheet(client.get(url("indicator", "pass_rate", export=1)))
    assert [row[1] for row in rows[1:]] == ["袁州区", "丰城市"]


# The records behind it


def test_the_records_behind_a_value(client, office, django_assert_max_num_queries):
    with django_assert_max_num_queries(20):
        page = client.get(url("records", "pass_rate", passing=0))
    assertContains(page, "不合格样品 <b>1</b>", html=False)
    assertContains(page, "合格样品 <b>44</b>", html=False)
    assertContains(page, LONG)
    number = page.context["page"].rows[0].number
    assertContains(page, reverse("monitoring:sample", args=[number]))


def test_pages_go_by_key_and_miss_nothing(client, office):
    numbers, at, steps = [], "", 0
    while True:
        shown = client.get(url("records", "pass_rate", size=20, at=at)).context["page"]
        numbers += [record.number for record in shown.rows]
        steps += 1
        if not shown.next:
            break
        at = shown.next
    assert (len(numbers), len(set(numbers)), steps, shown.count) == (44, 44, 3, 44)
    back = client.get(url("records", "pass_rate", size=20, at=shown.previous)).context["page"]
    assert [record.number for record in back.rows] == numbers[20:40]
    first = client.get(url("records", "pass_rate", size=20, at=back.previous)).context["page"]
    assert ([record.number for record in first.rows], first.previous) == (numbers[:20], "")


@pytest.mark.parametrize("token", ["x", "n", "n20260512", "n2026-1", "p20269912-1", "n20260512-" + "9" * 40])
def test_a_damaged_token_is_no_error(client, office, token):
    assert client.get(url("records", "pass_rate", at=token)).status_code == 200


def test_no_failing_records(client, office):
    assertContains(client.get(url("records", "pass_rate", passing=0, division=OTHER_COUNTY)), "没有不合格样品。")


def test_records_as_a_file(client, office, monkeypatch):
    rows = sheet(client.get(url("records", "pass_rate", passing=0, export=1)))
    assert len(rows) == 2
    assert rows[1][3].date() == date(2026, 4, 30)
    monkeypatch.setattr("nongan.indicators.queries.records.MOST", 10)
    refused = client.get(url("records", "pass_rate", export=1))
    assert refused.status_code == 409
    assertContains(refused, "请选下级区划或较短的时段", status_code=409)


# The API


def test_the_api_asks_who_you_are(client, records):
    for path in ("/definitions", "/values", "/pass_rate/records"):
        assert client.get(f"{API}{path}").status_code == 401
    client.force_login(UserFactory(role=Role.ANALYST))
    for path in ("/definitions", "/values", "/pass_rate/records"):
        assert client.get(f"{API}{path}").status_code == 403


def test_the_api_keeps_to_the_scope(client, county):
    assert client.get(f"{API}/values?division={OTHER_COUNTY}").status_code == 404
    assert client.get(f"{API}/pass_rate/records?division={CITY}").status_code == 404
    assert client.get(f"{API}/values?period=later").json()["code"] == "not_a_period"
    assert client.get(f"{API}/values?indicator=none").status_code == 404


def test_definitions_values_and_records(client, office):
    names = {one["code"]: one for one in client.get(f"{API}/definitions").json()}
    assert names["pass_rate"]["evidence"] == "monitoring.official_results"
    (value,) = client.get(f"{API}/values?indicator=pass_rate").json()
    assert value["value"] == "97.77"
    assert (value["numerator"], value["denominator"], value["interval"]) == ("44", "45", ["88.43", "99.61"])
    (nothing,) = client.get(f"{API}/values?indicator=failed_disposed").json()
    assert (nothing["value"], nothing["denominator"]) == (None, None)
    inside = client.get(f"{API}/values?indicator=pass_rate&inside=true").json()
    assert [(v["division"], v["value"]) for v in inside] == [(COUNTY, "97.5"), (OTHER_COUNTY, "100")]
    page = client.get(f"{API}/pass_rate/records?passing=false").json()
    assert (page["count"], len(page["items"]), page["next"]) == (1, 1, "")
    assert page["items"][0]["url"].endswith(f"{page['items'][0]['number']}/")
