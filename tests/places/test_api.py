import pytest

from nongan.accounts.rules import Role
from nongan.places.models import Boundary
from tests.accounts.factories import UserFactory
from tests.places.factories import COUNTY, TOWN, feature, population

pytestmark = pytest.mark.django_db
API = "/api/v1/places/divisions"


@pytest.fixture
def office(client):
    office = UserFactory(role=Role.PROGRAMME_OFFICE)
    client.force_login(office)
    return office


def test_the_tree(client, office, django_assert_max_num_queries):
    population(COUNTY)
    assert [d["name"] for d in client.get(API).json()["items"]] == ["江西省", "河南省"]
    with django_assert_max_num_queries(8):
        found = client.get(API, {"parent": "360900000000"}).json()["items"]
    assert (found[0]["code"], found[0]["children"], found[0]["population"]["residents"]) == (COUNTY, 2, 1_134_000)
    assert [d["name"] for d in client.get(API, {"text": "彬江"}).json()["items"]] == ["彬江镇", "彬江村委会"]
    assert client.get(f"{API}/{TOWN}").json()["parent"] == COUNTY
    assert client.get(f"{API}/999").status_code == 404


def test_residents_are_entered_by_the_same_act(client, office):
    url = f"{API}/{COUNTY}/population/2025"
    body = {"residents": 1_134_000, "source": "公报"}
    assert client.put(url, body, content_type="application/json").json()["version"] == 1
    second = client.put(url, body, content_type="application/json")
    assert (second.status_code, second.json()["code"]) == (409, "stale")
    late = client.put(f"{API}/{COUNTY}/population/2099", body, content_type="application/json")
    assert (late.status_code, late.json()["code"]) == (409, "not_a_population")
    bad = client.put(url, {"residents": 0, "source": ""}, content_type="application/json")
    assert bad.status_code == 422
    assert {fault["field"] for fault in bad.json()["faults"]} == {"body.body.residents", "body.body.source"}
    client.force_login(UserFactory(role=Role.UNIT))
    assert client.put(url, body, content_type="application/json").status_code == 403
    assert [p["residents"] for p in client.get(f"{API}/{COUNTY}/population").json()] == [1_134_000]


def test_an_outline_is_there_or_not(client, office):
    assert client.get(f"{API}/{COUNTY}/outline").status_code == 404
    Boundary.objects.create(division_id=COUNTY, geometry=feature()["geometry"], source="局")
    assert client.get(f"{API}/{COUNTY}/outline").json()["geometry"]["type"] == "Polygon"


def test_everything_asks_who_you_are(client):
    assert client.get(API).json()["code"] == "not_authenticated"
