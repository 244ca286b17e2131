"""The API: the same acts and refusals as the pages."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from nongan.accounts.rules import Role
from nongan.journal.services import HANDLERS
from nongan.laboratory.models import Specimen, Test
from tests.accounts.factories import UserFactory
from tests.laboratory.factories import FAILING, LaboratoryFactory, SpecimenFactory, people_of, seen, signed, submitted
from tests.standards.factories import CARBOFURAN, CHLORPYRIFOS, IMIDACLOPRID, small_law

pytestmark = pytest.mark.django_db
API = "/api/v1/laboratory"


@pytest.fixture(autouse=True)
def law(db, monkeypatch):
    for action in [action for action in HANDLERS if action.startswith("laboratory.")]:
        monkeypatch.delitem(HANDLERS, action)
    small_law()


@pytest.fixture
def specimen():
    return SpecimenFactory(received_at=timezone.now() - timedelta(days=1))


@pytest.fixture
def people(specimen):
    return people_of(specimen.laboratory)


def send(client, url, **body):
    return client.post(f"{API}{url}", json.dumps(body), content_type="application/json")


def result(specimen, analyte, text, **more):
    row = {"unit": "mg/kg", "lod": "0.002", "method": "GB 23200.121"}
    return {"code": specimen.code, "analyte": analyte, "text": text, **row, **more}


def test_everything_needs_a_login(client, specimen):
    for url in ("/specimens", f"/specimens/{specimen.code}", "/reports/BG-1"):
        assert client.get(f"{API}{url}").status_code == 401
    for url in ("/results", "/submit", "/verify", "/return", "/sign", "/reports/BG-1/withdraw"):
        assert send(client, url).status_code == 401


def test_from_the_instrument_to_the_report(client, specimen, people):
    client.force_login(people.analyst)
    (listed,) = client.get(f"{API}/specimens?state=received").json()["items"]
    assert (listed["code"], listed["commodity_name"]) == (specimen.code, "豇豆")
    assert not set(listed) & {"subject", "division", "sample", "laboratory"}
    tests = client.get(f"{API}/specimens/{specimen.code}").json()["tests"]
    assert [test["analyte"] for test in tests] == [CARBOFURAN, IMIDACLOPRID, CHLORPYRIFOS]
    rows = [result(specimen, test["analyte"], "0.01" if n else "0.5") for n, test in enumerate(tests)]
    saved = send(client, "/results", tested_on=timezone.localdate().isoformat(), results=rows).json()
    assert saved == {"changed": 3, "conflicts": []}
    (handed,) = send(client, "/submit", codes=[specimen.code]).json()
    assert (handed["state"], handed["verdict"], handed["banned"]) == ("entered", "fail", True)
    client.force_login(people.verifier)
    (checked,) = send(client, "/verify", seen={specimen.code: handed["version"]}).json()
    client.force_login(people.signatory)
    (report,) = send(client, "/sign", seen={specimen.code: checked["version"]}).json()
    again = client.get(f"{API}/reports/{report['number']}").json()
    assert again["content"] == report["content"]
    assert again["intact"]
    item = again["content"]["items"][0]
    assert (item["verdict"], item["limit"]["edition"], item["found_banned"]) == ("fail", "GB 2763-2026", True)
    assert client.get(f"{API}/specimens/{specimen.code}").json()["reports"] == [report["number"]]
    gone = send(client, f"/reports/{report['number']}/withdraw", reason="稀释倍数记错").json()
    assert gone["withdrawn_reason"] == "稀释倍数记错"
    twice = send(client, f"/reports/{report['number']}/withdraw", reason="再撤")
    assert (twice.status_code, twice.json()["code"]) == (409, "withdrawn")


def test_a_row_of_somebody_else_comes_back_as_a_conflict(client, specimen, people):
    day = timezone.localdate().isoformat()
    client.force_login(UserFactory(role=Role.ANALYST, organisation=specimen.laboratory))
    send(client, "/results", tested_on=day, results=[result(specimen, CARBOFURAN, "0.01")])
    row = client.get(f"{API}/specimens/{specimen.code}").json()["tests"][0]
    client.force_login(people.analyst)
    (lost,) = send(client, "/results", tested_on=day, results=[result(specimen, CARBOFURAN, "9")]).json()["conflicts"]
    assert (lost["text"], lost["open"]) == ("0.01", True)
    knowing = result(specimen, CARBOFURAN, "0.02", seen=row["seen"])
    assert send(client, "/results", tested_on=day, results=[knowing]).json()["changed"] == 1


def test_refusals(client, specimen, people):
    day = timezone.localdate().isoformat()
    client.force_login(people_of(LaboratoryFactory()).analyst)
    assert client.get(f"{API}/specimens").json()["items"] == []
    assert client.get(f"{API}/specimens/{specimen.code}").status_code == 404
    assert send(client, "/submit", codes=[specimen.code]).status_code == 404
    client.force_login(people.signatory)
    row = [result(specimen, CARBOFURAN, "1")]
    assert send(client, "/results", tested_on=day, results=row).status_code == 403
    client.force_login(people.analyst)
    lacking = send(client, "/submit", codes=[specimen.code])
    assert (lacking.status_code, lacking.json()["code"]) == (409, "incomplete")
    late = (timezone.localdate() + timedelta(days=1)).isoformat()
    assert send(client, "/results", tested_on=late, results=row).json()["code"] == "entry_refused"
    assert send(client, "/results", tested_on="gestern", results=row).status_code == 422
    assert send(client, "/results", tested_on=day, results=[]).status_code == 422
    assert client.get(f"{API}/specimens?state=eaten").status_code == 422
    assert not Test.objects.exclude(text="").exists()
    submitted([specimen], at=timezone.now())
    client.force_login(people.verifier)
    stale = send(client, "/verify", seen={specimen.code: 1})
    assert (stale.status_code, stale.json()["code"]) == (409, "stale")
    back = send(client, "/return", seen=seen([specimen]), reason="重测")
    assert back.json()[0]["return_reason"] == "重测"
    client.force_login(UserFactory(role=Role.OFFICER))
    assert client.get(f"{API}/specimens").status_code == 403


def test_lists_page_by_key(client, specimen, people):
    SpecimenFactory.create_batch(120, laboratory=specimen.laboratory)
    client.force_login(people.analyst)
    first = client.get(f"{API}/specimens").json()
    rest = client.get(f"{API}/specimens", {"at": first["next"]}).json()
    assert (len(first["items"]), len(rest["items"]), rest["next"]) == (100, 21, "")
    assert Specimen.objects.count() == 121


def test_a_report_of_another_laboratory_is_not_found(client, specimen):
    (report,) = signed([specimen], FAILING, at=timezone.now())
    client.force_login(people_of(LaboratoryFactory()).signatory)
    assert client.get(f"{API}/reports/{report.number}").status_code == 404
    assert send(client, f"/reports/{report.number}/withdraw", reason="x").status_code == 404
