"""The same acts, guards and refusals as the pages."""

import pytest
from django.utils import timezone

from nongan.accounts.rules import Role
from nongan.monitoring.models import Sample
from nongan.monitoring.rules import SampleState
from tests.accounts.factories import COUNTY, OTHER_COUNTY, UserFactory
from tests.monitoring.factories import LaboratoryFactory, SampleFactory, SamplerFactory, judged_sample
from tests.registry.factories import SubjectFactory
from tests.standards.factories import CARBOFURAN, COWPEA, small_law

pytestmark = pytest.mark.django_db
BASE = "/api/v1/monitoring/samples"


@pytest.fixture(autouse=True)
def law(divisions):
    small_law()


@pytest.fixture
def officer(client):
    user = SamplerFactory(division_id=COUNTY)
    client.force_login(user)
    return user


def post(client, path, **body):
    return client.post(f"{BASE}{path}", body, content_type="application/json")


def one(**changes):
    return {
        "kind": "routine", "subject": changes.pop("subject", None) or SubjectFactory().number, "commodity": COWPEA,
        "sampled_on": timezone.localdate().isoformat(), "samplers": "张三、李四", **changes,
    }  # fmt: skip


def test_from_taking_to_sending(client, officer):
    taken = post(client, "", samples=[one(), one(panel=[CARBOFURAN], quantity="2.5")])
    assert taken.status_code == 201
    numbers = [sample["number"] for sample in taken.json()]
    assert [sample["panel"] for sample in taken.json()][1] == [CARBOFURAN]
    place = LaboratoryFactory()
    sent = post(client, "/send", laboratory=place.pk, panels={number: [] for number in numbers})
    assert [(s["state"], s["specimen"][:3]) for s in sent.json()] == [("sent", "MY-"), ("sent", "MY-")]
    page = client.get(BASE, {"state": "sent", "size": 20}).json()
    assert {sample["number"] for sample in page["items"]} == set(numbers)
    voided = post(client, f"/{numbers[0]}/void", version=sent.json()[0]["version"], reason="漏封")
    assert voided.json()["state"] == "void"


def test_a_sample_with_the_items_of_its_report(client, officer):
    sample = judged_sample("0.5")
    found = client.get(f"{BASE}/{sample.number}").json()
    assert (found["verdict"], found["banned"]) == ("fail", True)
    (item,) = found["items"]
    assert (item["analyte"], item["limit"], item["verdict"], item["banned"]) == ("克百威", "≤0.02 mg/kg", "fail", True)
    assert client.get(f"{BASE}/{SampleFactory().number}").json()["items"] == []


def test_publishing(client):
    sample = SampleFactory(judged=True)
    client.force_login(UserFactory())
    done = post(client, "/publish", numbers=[sample.number])
    assert (done.status_code, done.json()[0]["state"]) == (200, "published")
    again = post(client, "/publish", numbers=[sample.number])
    assert (again.status_code, again.json()["code"]) == (409, "move_not_allowed")


def test_refusals(client, officer):
    foreign = SampleFactory(division_id=OTHER_COUNTY)
    assert client.get(f"{BASE}/{foreign.number}").status_code == 404
    assert post(client, "/send", laboratory=1, panels={foreign.number: []}).status_code == 404
    assert post(client, "/publish", numbers=[SampleFactory(judged=True).number]).status_code == 403
    assert post(client, "", samples=[one(subject="ZT-1")]).status_code == 404
    assert post(client, "", samples=[one(division=OTHER_COUNTY)]).status_code == 403
    future = post(client, "", samples=[one(sampled_on="2099-01-01")])
    assert (future.status_code, future.json()["code"]) == (409, "sample_refused")
    assert "将来" in future.json()["message"]
    assert post(client, "", samples=[one(kind="x")]).status_code == 422
    assert post(client, "", samples=[]).status_code == 422
    sample = SampleFactory()
    stale = post(client, f"/{sample.number}/void", version=9, reason="漏封")
    assert (stale.status_code, stale.json()["code"]) == (409, "stale")
    client.force_login(UserFactory(role=Role.ANALYST))
    assert client.get(BASE).status_code == 403
    client.logout()
    assert client.get(BASE).status_code == 401


def test_the_list_is_filtered_and_paged_by_key(client, officer, django_assert_max_num_queries):
    SampleFactory.create_batch(45, judged=True)
    SampleFactory(division_id=OTHER_COUNTY, judged=True)
    client.get(BASE, {"commodity": "豇豆"})  # the law is read once
    with django_assert_max_num_queries(12):
        first = client.get(BASE, {"size": 20, "verdict": "pass", "commodity": "豇豆"}).json()
    second = client.get(BASE, {"size": 20, "verdict": "pass", "at": first["next"]}).json()
    assert len({s["number"] for s in first["items"]} | {s["number"] for s in second["items"]}) == 40
    assert client.get(BASE, {"division": OTHER_COUNTY}).json()["items"] == []
    assert client.get(BASE, {"since": "2099-01-01"}).json()["items"] == []
    assert Sample.objects.filter(state=SampleState.JUDGED).count() == 46
