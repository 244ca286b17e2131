from datetime import timedelta

import pytest
from django.utils import timezone

from nongan.accounts import services
from nongan.accounts.models import ApiToken, User
from nongan.accounts.rules import Role
from tests.accounts.factories import CITY, COUNTY, OTHER_COUNTY, TOWN, OrganisationFactory, UserFactory

pytestmark = pytest.mark.django_db
API = "/api/v1/accounts"


@pytest.fixture
def admin(client):
    admin = UserFactory(role=Role.ADMINISTRATOR, division_id=COUNTY, username="admin")
    client.force_login(admin)
    return admin


def bearer(user, at=None):
    return {"Authorization": f"Bearer {services.issue_token(label='x', days=1, by=user, at=at or timezone.now())}"}


def test_who_am_i_by_session_and_by_token(client):
    user = UserFactory(role=Role.ANALYST, division_id=CITY, full_name="周检测")
    assert client.get(f"{API}/me").status_code == 401
    me = client.get(f"{API}/me", headers=bearer(user)).json()
    assert (me["full_name"], me["role"], me["division"]) == ("周检测", "analyst", CITY)
    assert me["permissions"] == ["standards.view", "specimen.view", "result.enter"]
    client.force_login(user)
    assert client.get(f"{API}/me").json() == me


def test_a_token_ends_with_its_time_its_revocation_and_its_person(client):
    user = UserFactory()
    late = bearer(user, at=timezone.now() - timedelta(days=2))
    assert client.get(f"{API}/me", headers=late).status_code == 401
    good = bearer(user)
    assert client.get(f"{API}/me", headers=good).status_code == 200
    services.revoke_token(token_id=ApiToken.objects.latest("pk").pk, by=user, at=timezone.now())
    assert client.get(f"{API}/me", headers=good).status_code == 401
    good = bearer(user)
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert client.get(f"{API}/me", headers=good).status_code == 401
    assert client.get(f"{API}/me", headers={"Authorization": "Bearer nonsense"}).json()["code"] == "not_authenticated"


@pytest.mark.parametrize("unsettled", [{"must_change_password": True}, {"totp_required": True}])
def test_a_session_counts_once_the_person_is_through_the_door(client, unsettled):
    client.force_login(UserFactory(**unsettled))
    assert client.get(f"{API}/me").status_code == 401


def test_organisations_of_the_own_division(client, admin, django_assert_max_num_queries):
    OrganisationFactory.create_batch(60, division_id=COUNTY)
    mine = OrganisationFactory(division_id=TOWN, name="彬江镇监管站", aliases=["彬江农技站"], kind="township")
    other = OrganisationFactory(division_id=OTHER_COUNTY)
    client.get(f"{API}/organisations")
    with django_assert_max_num_queries(5):
        first = client.get(f"{API}/organisations").json()
    assert len(first["items"]) == 50
    rest = client.get(f"{API}/organisations", {"at": first["next"]}).json()
    assert (len(rest["items"]), rest["next"]) == (11, "")
    for query in ({"text": "农技站"}, {"division": TOWN}, {"kind": "township"}):
        assert [o["name"] for o in client.get(f"{API}/organisations", query).json()["items"]] == [mine.name], query
    assert client.get(f"{API}/organisations/{mine.pk}").json()["aliases"] == ["彬江农技站"]
    assert client.get(f"{API}/organisations/{other.pk}").json()["code"] == "not_found"
    assert client.get(f"{API}/organisations", {"kind": "castle"}).json()["faults"][0]["field"] == "query.kind"


def test_people_without_their_telephones(client, admin):
    found = UserFactory(division_id=TOWN, full_name="欧阳修", phone="13812345678", role=Role.SUPERVISOR)
    other = UserFactory(division_id=OTHER_COUNTY)
    response = client.get(f"{API}/people", {"text": "欧阳", "role": "supervisor", "division": TOWN})
    assert [p["username"] for p in response.json()["items"]] == [found.username]
    assert "13812345678" not in response.content.decode()
    assert client.get(f"{API}/people/{found.pk}").json()["active"] is True
    assert client.get(f"{API}/people/{other.pk}").status_code == 404


def test_who_may_ask(client):
    client.force_login(UserFactory(role=Role.SUPERVISOR))
    for url in ("organisations", "organisations/1", "people", "people/1"):
        response = client.get(f"{API}/{url}")
        assert (response.status_code, response.json()["code"]) == (403, "not_permitted")
