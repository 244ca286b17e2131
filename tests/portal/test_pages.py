"""The public site: what everybody sees, and what nobody sees."""

import io
from datetime import date, timedelta

import pytest
from django.core.cache import cache
from django.urls import reverse
from openpyxl import load_workbook
from pytest_django.asserts import assertContains, assertNotContains

from nongan.accounts.rules import Role
from nongan.monitoring import services
from tests.accounts.factories import COUNTY, UserFactory
from tests.conftest import NOON
from tests.monitoring.factories import SampleFactory, judged_sample
from tests.registry.factories import SubjectFactory
from tests.standards.factories import COWPEA, small_law

pytestmark = pytest.mark.django_db
HOME, RESULTS, LOOK_UP = (reverse(f"portal:{name}") for name in ("home", "results", "look-up"))


@pytest.fixture(autouse=True)
def law():
    cache.clear()
    small_law()


def published(result="未检出", **facts):
    """From the field to the public, by the real acts."""
    sample = judged_sample(result, **facts)
    office = UserFactory(role=Role.PROGRAMME_OFFICE)
    services.publish_samples(numbers=[sample.number], by=office, at=NOON + timedelta(days=3))
    sample.refresh_from_db()
    return sample


def test_a_visitor_sees_the_search_box_first_and_how_the_year_stands(client, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOON)
    assertContains(client.get(HOME), "今年还没有公布结果")
    cache.clear()
    SampleFactory.create_batch(48, published=True)
    SampleFactory(published=True, verdict="fail", finding="克百威 0.5 mg/kg（限量 0.02 mg/kg）")
    response = client.get(HOME)
    assertContains(response, "97.95")
    assertContains(response, "49 批次中 48 批次合格")
    assertContains(response, "不合格 1 批次")
    text = response.content.decode()
    assert text.index('name="food"') < text.index("97.95")


def test_the_pages_need_no_login_and_few_queries(client, django_assert_max_num_queries):
    SampleFactory.create_batch(60, published=True)
    client.get(RESULTS)
    for url in (HOME, RESULTS, LOOK_UP):
        with django_assert_max_num_queries(8):
            assert client.get(url).status_code == 200


def test_a_result_says_what_failed_against_which_limit(client):
    sample = published("0.5")
    listed = client.get(RESULTS)
    assertContains(listed, sample.number)
    assertContains(listed, "克百威")
    assertContains(listed, "0.5 mg/kg")
    one = client.get(reverse("portal:result", args=[sample.number]))
    assertContains(one, "不合格项目")
    assertContains(one, "限量 ≤0.02 mg/kg")
    assertContains(one, sample.report)
    assertContains(one, sample.specimen.laboratory.name)


def test_what_is_not_published_is_not_there(client):
    judged = judged_sample("0.5")
    SampleFactory()
    assertNotContains(client.get(RESULTS), judged.number)
    assertContains(client.get(RESULTS), "没有公布过")
    assert client.get(reverse("portal:result", args=[judged.number])).status_code == 404
    assert client.get(f"/api/v1/public/results/{judged.number}").status_code == 404
    assert client.get("/api/v1/public/results").json()["items"] == []


def test_nothing_personal_leaks(client):
    person = SubjectFactory(person=True, name="欧阳春花", contact="欧阳春花", phone="13812345678", address="彬江镇三组")
    company = SubjectFactory(name="宜春绿源蔬菜有限公司", contact="上官飞燕", phone="13900000000")
    numbers = []
    for subject in (person, company):
        sample = published(
            "0.5", subject=subject.number, place="欧阳春花的菜地", note="内部备注", samplers="钱三、孙四"
        )
        numbers.append(sample.number)
    pages = [client.get(HOME), client.get(RESULTS), client.get("/api/v1/public/results")]
    pages += [client.get(reverse("portal:result", args=[number])) for number in numbers]
    pages += [client.get(f"/api/v1/public/results/{number}") for number in numbers]
    for response in pages:
        text = response.content.decode()
        for secret in ("欧阳春花", "上官飞燕", "13812345678", "13900000000", "三组", "内部备注", "钱三", "孙四"):
            assert secret not in text, (response.request["PATH_INFO"], secret)
    exported = load_workbook(io.BytesIO(client.get(RESULTS, {"export": "1"}).content))
    cells = [str(cell) for row in exported.active.values for cell in row]
    assert "宜春绿源蔬菜有限公司" in cells
    assert not any("春花" in cell or "138" in cell or "钱三" in cell for cell in cells)


def test_results_are_found_by_food_county_verdict_and_day(client):
    good = SampleFactory(published=True, division_id=COUNTY)
    bad = SampleFactory(published=True, verdict="fail", division_id="360981001000", sampled_on=date(2026, 5, 1))
    for query, shown, hidden in [
        ({"verdict": "fail"}, bad, good),
        ({"division": COUNTY}, good, bad),
        ({"until": "2026-05-05"}, bad, good),
        ({"since": "2026-05-05"}, good, bad),
    ]:
        for headers in ({}, {"HX-Request": "true"}):
            response = client.get(RESULTS, query, headers=headers)
            assertContains(response, shown.number)
            assertNotContains(response, hidden.number)
    assertContains(client.get(RESULTS, {"food": "豇豆"}), good.number)
    assertContains(client.get(RESULTS, {"food": COWPEA}), good.number)
    assertNotContains(client.get(RESULTS, {"food": "猪肉"}), good.number)
    assertNotContains(client.get(RESULTS, {"food": "火星"}), good.number)
    assertContains(client.get(RESULTS, {"since": "昨天"}), "没有生效", status_code=422)


def test_results_page_by_key(client):
    SampleFactory.create_batch(30, published=True)
    first = client.get(RESULTS)
    assertContains(first, "共 30 条")
    second = client.get(RESULTS, {"at": first.context["page"].next})
    before, after = ({row["number"] for row in shown.context["page"].rows} for shown in (first, second))
    assert (len(after), before & after) == (10, set())


def test_a_sample_of_elsewhere_is_not_of_this_city(client):
    elsewhere = SampleFactory(published=True, division_id="410100000000")
    assertNotContains(client.get(RESULTS), elsewhere.number)
    assert client.get(reverse("portal:result", args=[elsewhere.number])).status_code == 404
    assert client.get("/api/v1/public/results", {"division": "410100000000"}).json()["items"] == []


def test_a_limit_is_looked_up_in_plain_words(client):
    assertContains(client.get(LOOK_UP), "限量查询")
    one = client.get(LOOK_UP, {"food": "豇豆", "item": "克百威", "on": "2026-05-12"})
    assertContains(one, "0.02")
    assertContains(client.get(LOOK_UP, {"food": "豇豆"}), "克百威")
    assertContains(client.get(LOOK_UP, {"food": "火星"}), "没有找到", status_code=422)
    assertContains(client.get(reverse("portal:food-options"), {"food": "豇"}), "豇豆")
    assertContains(client.get(reverse("portal:item-options"), {"item": "克百"}), "克百威")
    assert client.get(reverse("portal:food-options")).content.strip() == b""


def test_systems_ask_the_same_without_a_token(client):
    sample = published("0.5", **{})
    (row,) = client.get("/api/v1/public/results", {"food": "豇豆", "verdict": "fail"}).json()["items"]
    assert (row["number"], row["product"]) == (sample.number, "豇豆")
    whole = client.get(f"/api/v1/public/results/{sample.number}").json()
    assert [item["verdict"] for item in whole["items"]] == ["fail"]
    answer = client.get("/api/v1/public/look-up", {"food": "豇豆", "item": "呋喃丹", "on": "2026-05-12"}).json()
    assert (answer["food"], answer["item"], answer["answer"]) == ("豇豆", "克百威", "≤0.02 mg/kg")
    unknown = client.get("/api/v1/public/look-up", {"food": "火星", "item": "克百威"})
    assert (unknown.status_code, unknown.json()["code"]) == (409, "name_unknown")


def test_the_site_speaks_english_too(client):
    client.post(reverse("set_language"), {"language": "en", "next": HOME})
    assertContains(client.get(HOME), '<html lang="en">')
