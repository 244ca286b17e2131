"""The API: the same acts and refusals as the pages."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from nongan.accounts.rules import Role
from nongan.programme.models import PlanFile, Report, Task
from tests.accounts.factories import COUNTY, OrganisationFactory, UserFactory
from tests.programme.factories import TEXT, adopted

pytestmark = pytest.mark.django_db
API = "/api/v1/programme"


@pytest.fixture
def bureau():
    return OrganisationFactory(name="宜春市农业农村局", aliases=["市农业农村局"])


@pytest.fixture
def plan(bureau):
    return adopted()


def unit(organisation):
    return UserFactory(role=Role.UNIT, organisation=organisation, division_id=organisation.division_id)


def send(client, url, **body):
    return client.post(f"{API}{url}", json.dumps(body), content_type="application/json")


def test_everything_needs_a_login(client, plan):
    for url in ("/plans", f"/plans/{plan.plan_id}", "/tasks", "/tasks/1/reports"):
        assert client.get(f"{API}{url}").status_code == 401
    assert send(client, "/tasks/1/reports", text="x").status_code == 401


def test_plans_and_one_plan_in_the_agreed_form(client, plan):
    client.force_login(plan.file.owner)
    (listed,) = client.get(f"{API}/plans").json()["items"]
    assert (listed["number"], listed["version"]) == (plan.plan.number, plan.number)
    content = client.get(f"{API}/plans/{plan.plan_id}").json()["content"]
    assert content["phases"][1] == {
        "name": "组织实施阶段", "from": "2026-03-01", "to": "2026-06-30", "text": "全面落实任务。"
    }  # fmt: skip
    assert content["targets"][0]["indicator"] == "pass_rate"
    assert content["tasks"][2]["units"][1] == {"name": "各县市区政府", "role": "common"}


def test_plans_of_others_are_not_found(client, plan):
    client.force_login(UserFactory(division_id="410100000000"))
    assert client.get(f"{API}/plans").json()["items"] == []
    assert client.get(f"{API}/plans/{plan.plan_id}").status_code == 404
    client.force_login(UserFactory(role=Role.ANALYST))
    assert client.get(f"{API}/plans").status_code == 403


def test_tasks_mine_and_by_light(client, plan, bureau):
    client.force_login(unit(OrganisationFactory(name="别的局")))
    assert client.get(f"{API}/tasks?mine=true").json()["items"] == []
    assert len(client.get(f"{API}/tasks").json()["items"]) == 3
    client.force_login(unit(bureau))
    found = client.get(f"{API}/tasks?mine=true&plan={plan.plan_id}").json()["items"]
    assert [task["label"] for task in found] == ["一-1", "一-2", "二-1"]
    assert client.get(f"{API}/tasks?light=done").json()["items"] == []
    assert client.get(f"{API}/tasks?light=green").status_code == 422


def test_a_county_lists_its_own_tasks(client, plan):
    client.force_login(UserFactory(role=Role.UNIT, division_id=COUNTY))
    assert [task["label"] for task in client.get(f"{API}/tasks").json()["items"]] == ["一-2", "二-1"]


def test_reporting(client, plan, bureau):
    task = Task.objects.get(plan_version=plan, position=1)
    client.force_login(unit(bureau))
    made = send(client, f"/tasks/{task.pk}/reports", text="已完成", completes=True).json()
    assert (made["state"], made["organisation"]) == ("submitted", bureau.name)
    again = send(client, f"/tasks/{task.pk}/reports", text="再报")
    assert (again.status_code, again.json()["code"]) == (409, "move_not_allowed")
    assert [r["text"] for r in client.get(f"{API}/tasks/{task.pk}/reports").json()] == ["已完成"]


def test_reporting_is_refused(client, plan, bureau):
    task = Task.objects.get(plan_version=plan, position=1)
    for who, status in [
        ({"role": Role.UNIT, "division_id": "410100000000"}, 404), ({"role": Role.OFFICER}, 403),
        ({"role": Role.UNIT}, 403),
    ]:  # fmt: skip
        client.force_login(UserFactory(**who))
        assert send(client, f"/tasks/{task.pk}/reports", text="x").status_code == status
    client.force_login(unit(bureau))
    assert send(client, f"/tasks/{task.pk}/reports", text="").status_code == 422
    assert not Report.objects.exists()


def test_a_document_is_read_and_nothing_is_kept(client):
    client.force_login(UserFactory())
    document = SimpleUploadedFile("方案.txt", TEXT.encode())
    (read,) = client.post(f"{API}/plans/read", {"file": document}).json()["plans"]
    assert [task["number"] for task in read["tasks"]] == [1, 2, 1]
    assert {"name": "市公安局", "role": "responsible"} in read["tasks"][1]["units"]
    assert not PlanFile.objects.exists()


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04broken", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"])
def test_a_document_that_cannot_be_read_is_refused(client, data):
    client.force_login(UserFactory())
    response = client.post(f"{API}/plans/read", {"file": SimpleUploadedFile("方案.docx", data)})
    assert response.status_code == 409
    assert response.json()["message"]
    client.force_login(UserFactory(role=Role.UNIT))
    assert client.post(f"{API}/plans/read", {"file": SimpleUploadedFile("a.txt", b"x")}).status_code == 403
