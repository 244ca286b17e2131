"""The law for systems."""

import json

import pytest

from nongan.accounts.rules import Role
from tests.accounts.factories import UserFactory
from tests.standards import factories as law

pytestmark = pytest.mark.django_db
API = "/api/v1/standards"


@pytest.fixture
def system(client):
    law.small_law()
    client.force_login(UserFactory(role=Role.ANALYST))
    return client


def judge(client, *results):
    return client.post(f"{API}/judge", json.dumps({"results": list(results)}), content_type="application/json")


def test_everything_needs_a_login(client):
    for url in ("/look-up?food=1&item=1&on=2026-07-01", "/limits", "/bans", "/editions"):
        assert client.get(API + url).status_code == 401
    assert judge(client, {}).status_code == 401


def test_look_up_by_name_with_way_and_verdict(system):
    query = {"food": "长豆角", "item": "咪蚜胺", "on": "2026-07-01", "result": "1.01"}
    found = system.get(f"{API}/look-up", query).json()
    assert (found["food"], found["analyte"], found["answer"]) == (law.COWPEA, law.IMIDACLOPRID, "≤1 mg/kg")
    assert found["grounds"][0]["way"] == ["豇豆", "荚可食类豆类蔬菜", "豆类蔬菜"]
    assert found["judgement"]["verdict"] == "fail"
    assert found["judgement"]["limit"]["edition"] == law.NEW
    assert found["forbidden"] is None


def test_look_up_of_a_banned_substance(system):
    found = system.get(f"{API}/look-up", {"food": "鸡蛋", "item": "克百威", "on": "2026-07-01"}).json()
    assert (found["why"], found["forbidden"]["basis"]) == ("ban", "农业农村部公告第736号")


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [({"food": "火星果"}, 409, "name_unknown"), ({"item": "没有的药"}, 409, "name_unknown"),
     ({"result": "1", "lod": "很低"}, 409, "detection_limit_refused"), ({"on": "某日"}, 422, "malformed"),
     ({"food": ""}, 422, "malformed")],
)  # fmt: skip
def test_questions_that_cannot_be_answered(system, change, status, code):
    query = {"food": "豇豆", "item": "克百威", "on": "2026-07-01"} | change
    found = system.get(f"{API}/look-up", query)
    assert (found.status_code, found.json()["code"]) == (status, code)


def test_judging_many_in_their_order(system, django_assert_max_num_queries):
    day = {"produced_on": "2026-07-01"}
    results = [
        {"food": "豇豆", "item": "吡虫啉", "result": "1.01", "unit": "mg/kg"} | day,
        {"food": "豇豆", "item": "吡虫啉", "result": "未检出"} | day,
        {"food": "火星果", "item": "吡虫啉", "result": "1"} | day,
        {"food": "豇豆", "item": "没有的药", "result": "1"} | day,
        {"food": "豇豆", "item": "吡虫啉", "result": "1", "unit": "mg/kg"},
        {"food": "豇豆", "item": "吡虫啉", "result": "1", "unit": "mg/kg", "lod": "很低"} | day,
        {"food": "草鱼", "item": "恩诺沙星", "result": "101 μg/kg", "sampled_on": "2026-07-01"},
    ] * 100
    judge(system, results[0])
    with django_assert_max_num_queries(10):
        found = judge(system, *results)
    verdicts = [one["verdict"] for one in found.json()][:7]
    assert verdicts == ["fail", "pass", "undecided", "undecided", "undecided", "undecided", "fail"]


def test_too_many_at_once_are_refused(system):
    one = {"food": "豇豆", "item": "吡虫啉", "result": "1"}
    assert judge(system, *[one] * 1001).status_code == 422
    assert judge(system).status_code == 422


def test_limits_in_pages(system):
    first = system.get(f"{API}/limits", {"food": "豇豆", "on": "2026-07-01"}).json()
    assert {row["analyte_name"] for row in first["items"]} == {"克百威", "吡虫啉", "毒死蜱"}
    assert next(row for row in first["items"] if row["analyte_name"] == "吡虫啉")["exclusions"] == ["菜豆"]
    assert first["next"] == ""


def test_bans_and_editions(system):
    found = system.get(f"{API}/bans", {"food": "豇豆", "status": "banned", "on": "2026-07-01"}).json()["items"]
    assert [(row["analyte"], row["everywhere"]) for row in found] == [(law.CARBOFURAN, True)]
    editions = system.get(f"{API}/editions").json()["items"]
    assert {row["code"]: row["rows"] for row in editions}[law.DRUGS] == 2


@pytest.mark.parametrize("query", [{"at": "damaged"}, {"item": "\x01"}, {"on": "0000-00-00"}, {"status": "nonsense"}])
def test_odd_questions_are_no_crash(system, query):
    for url in ("/limits", "/bans", "/editions"):
        assert system.get(API + url, query).status_code in {200, 422}
