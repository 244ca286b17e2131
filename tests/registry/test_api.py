"""The API of the registry: the same acts and refusals as the pages."""

import json

import pytest

from nongan.accounts.models import OrganisationKind
from nongan.accounts.rules import Role
from nongan.registry.models import Subject
from tests.accounts.factories import COUNTY, OTHER_COUNTY, TOWN, OrganisationFactory, UserFactory
from tests.registry.factories import SubjectFactory, uscc

pytestmark = pytest.mark.django_db
API = "/api/v1/registry/subjects"
ENTRY = {
    "name": "彬江绿源合作社", "type": "cooperative", "scale": "above", "uscc": uscc(77), "division": TOWN,
    "contact": "王小明", "phone": "13800000000", "registered_on": "2026-03-01",
}  # fmt: skip


@pytest.fixture
def supervisor(client):
    user = UserFactory(role=Role.SUPERVISOR, division_id=COUNTY)
    client.force_login(user)
    return user


def send(client, url="", method="post", **body):
    return getattr(client, method)(f"{API}{url}", json.dumps(body), content_type="application/json")


def test_everything_needs_a_login(client):
    one = SubjectFactory()
    for url in ("", f"/{one.number}"):
        assert client.get(f"{API}{url}").status_code == 401
    for url in ("", "/assign", f"/{one.number}/close", f"/{one.number}/reopen"):
        assert send(client, url, **ENTRY).status_code == 401


def test_subjects_page_by_page(client, supervisor, django_assert_max_num_queries):
    SubjectFactory.create_batch(25, type="broker", uscc="")
    SubjectFactory(division_id=OTHER_COUNTY)
    with django_assert_max_num_queries(7):
        first = client.get(f"{API}?size=20").json()
    second = client.get(f"{API}?size=20&at={first['next']}").json()
    assert (len(first["items"]), len(second["items"]), second["next"]) == (20, 5, "")
    back = client.get(f"{API}?size=20&at={second['previous']}").json()
    assert [s["number"] for s in back["items"]] == [s["number"] for s in first["items"]]


@pytest.mark.parametrize(
    "query, count",
    [
        ("text=米业", 1), ("type=grower", 1), ("scale=below", 1), (f"division={TOWN}", 2), ("active=false", 1),
        ("supervised=true", 0), ("supervised=false&active=true", 2), ("", 3),
    ],
)  # fmt: skip
def test_conditions(client, supervisor, query, count):
    SubjectFactory(name="袁州米业")
    SubjectFactory(person=True, scale="below", division_id="360902001000")
    SubjectFactory(closed_on="2026-04-01", close_reason="注销")
    assert len(client.get(f"{API}?{query}").json()["items"]) == count


@pytest.mark.parametrize("query", ["type=shop", "division=3609", "active=perhaps"])
def test_conditions_that_cannot_be(client, supervisor, query):
    assert client.get(f"{API}?{query}").status_code == 422


def test_entering_and_changing(client, supervisor):
    made = send(client, **ENTRY)
    assert (made.status_code, made.json()["number"], made.json()["division_name"]) == (
        201,
        "ZT-360902-000001",
        "彬江镇",
    )
    url = f"/{made.json()['number']}"
    changed = send(client, url, "put", **{**ENTRY, "name": "新名字", "version": 1})
    assert (changed.status_code, changed.json()["name"], changed.json()["version"]) == (200, "新名字", 2)
    stale = send(client, url, "put", **{**ENTRY, "version": 1})
    assert (stale.status_code, stale.json()["code"]) == (409, "stale")
    assert client.get(f"{API}{url}").json()["name"] == "新名字"


def test_every_fault_is_named_in_one_refusal(client, supervisor):
    answer = send(client, **{**ENTRY, "phone": "1", "uscc": uscc(77)[:-1] + "I", "registered_on": "2999-01-01"})
    assert (answer.status_code, answer.json()["code"]) == (409, "subject_refused")
    for field in ("联系电话", "统一社会信用代码", "纳入名录日期"):
        assert field in answer.json()["message"]
    assert send(client, **{**ENTRY, "type": "shop"}).status_code == 422
    assert send(client, **{**ENTRY, "name": "\u0000"}).status_code == 400  # refused at the door, for every context
    assert not Subject.objects.exists()


def test_a_namesake_is_confirmed(client, supervisor):
    li = {**ENTRY, "name": "李大农", "type": "grower", "uscc": ""}
    assert send(client, **li).status_code == 201
    assert send(client, **li).json()["code"] == "likely_duplicate"
    assert send(client, **li, confirmed=True).status_code == 201


def test_supervision_leaving_and_coming_back(client, supervisor):
    station = OrganisationFactory(name="彬江镇监管站", kind=OrganisationKind.TOWNSHIP, division_id=TOWN)
    many = SubjectFactory.create_batch(3)
    body = {
        "seen": {s.number: 1 for s in many}, "organisation": station.pk, "supervisor": "李监管",
        "supervised_from": "2026-05-01",
    }  # fmt: skip
    assigned = send(client, "/assign", **body)
    assert [s["supervision"]["organisation_name"] for s in assigned.json()] == ["彬江镇监管站"] * 3
    assert send(client, "/assign", **body).json()["code"] == "stale"
    assert send(client, "/assign", **{**body, "seen": {}}).status_code == 422
    assert send(client, "/assign", **{**body, "seen": {"ZT-1": 1}}).status_code == 404
    url = f"/{many[0].number}"
    closed = send(client, f"{url}/close", version=2, closed_on="2026-05-02", reason="注销")
    assert (closed.json()["closed_on"], closed.json()["version"]) == ("2026-05-02", 3)
    assert (
        send(client, f"{url}/close", version=3, closed_on="2026-05-02", reason="x").json()["code"] == "subject_not_open"
    )
    assert send(client, f"{url}/reopen", version=3).json()["closed_on"] is None


@pytest.mark.parametrize(
    "role, division, status",
    [(Role.UNIT, COUNTY, 403), (Role.SUPERVISOR, OTHER_COUNTY, 404), (Role.ANALYST, COUNTY, 404)],
)
def test_refusals_by_role_and_scope(client, role, division, status):
    one = SubjectFactory()
    client.force_login(UserFactory(role=role, division_id=division))
    url = f"/{one.number}"
    assert client.get(f"{API}{url}").status_code == (200 if status == 403 else 404)
    assert send(client, url, "put", **ENTRY, version=1).status_code == status
    assert send(client, f"{url}/close", version=1, closed_on="2026-05-02", reason="x").status_code == status
    assert send(client, f"{url}/reopen", version=1).status_code == status
    assert send(client, **ENTRY).status_code == 403
    assert client.get(API).status_code == (403 if role == Role.ANALYST else 200)
