import io
from datetime import timedelta

import pytest
from django.urls import reverse
from openpyxl import load_workbook
from pytest_django.asserts import assertContains, assertNotContains

from nongan.accounts.rules import Role
from nongan.journal import services
from nongan.places.models import Division
from tests.accounts.factories import COUNTY, OTHER_COUNTY, UserFactory
from tests.conftest import NOON

pytestmark = pytest.mark.django_db
LINES = reverse("journal:lines")
HTMX = {"HX-Request": "true"}


def write(division=COUNTY, by="张三", at=NOON, action="places.population.set", **details):
    return services.record(action, on=Division.objects.get(pk=division), by=by, at=at, division=division, **details)


@pytest.fixture
def reader(client):
    reader = UserFactory(role=Role.ADMINISTRATOR, division_id=COUNTY)
    client.force_login(reader)
    return reader


def test_lines_of_the_own_division_in_words(client, reader):
    write(residents=1_134_000, source="公报")
    write(division=OTHER_COUNTY, by="李四")
    for response in (client.get(LINES), client.get(LINES, headers=HTMX)):
        assertContains(response, "登记常住人口")
        assertContains(response, "行政区划")
        assertContains(response, "常住人口 <b>1134000</b>")
        assertNotContains(response, "李四")


def test_lines_are_chosen_by_person_act_day_and_thing(client, reader):
    write(by="张三")
    write(by="王五", at=NOON + timedelta(days=3), action="accounts.person.added")
    for query, shown in [
        ({"by": "王"}, "王五"),
        ({"action": "places.population.set"}, "张三"),
        ({"since": "2026-05-14"}, "王五"),
        ({"until": "2026-05-12"}, "张三"),
        ({"sequence": "1"}, "张三"),
    ]:
        response = client.get(LINES, query)
        assertContains(response, f'<td class="nowrap">{shown}</td>')
        assertNotContains(response, f'<td class="nowrap">{"王五" if shown == "张三" else "张三"}</td>')
    assertContains(client.get(LINES, {"on_id": "999"}), "没有符合条件")
    assertContains(client.get(LINES, {"since": "昨天"}), "没有生效")


def test_the_list_pages_by_key_with_few_queries(client, reader, django_assert_max_num_queries):
    thing = Division.objects.get(pk=COUNTY)
    details = {"note": "很长的说明" * 60}
    services.record_many([services.Act("test.thing.done", thing, details, COUNTY)] * 70, by="系统", at=NOON)
    client.get(LINES)
    with django_assert_max_num_queries(5):  # session, user, rows, count, waiting
        first = client.get(LINES)
    assertContains(first, "共 70 条")
    second = client.get(LINES, {"at": first.context["page"].next})
    assert [line.sequence for line in second.context["page"].rows] == list(range(20, 0, -1))


def test_the_export_is_what_is_shown(client, reader):
    write(by="张三")
    write(by="王五")
    book = load_workbook(io.BytesIO(client.get(LINES, {"export": "1", "by": "王五"}).content))
    rows = list(book.active.values)
    assert (len(rows), rows[1][2], rows[1][0]) == (2, "王五", 2)


def test_who_may_read(client):
    client.force_login(UserFactory(role=Role.SUPERVISOR))
    assert client.get(LINES).status_code == 403
    assert client.get("/api/v1/journal/lines").status_code == 403


def test_systems_read_on_by_sequence(client, reader, django_assert_max_num_queries):
    for number in range(5):
        write(number=number)
    write(division=OTHER_COUNTY)
    first = client.get("/api/v1/journal/lines", {"most": 3}).json()
    assert ([line["sequence"] for line in first["items"]], first["next"]) == ([1, 2, 3], 3)
    with django_assert_max_num_queries(4):
        rest = client.get("/api/v1/journal/lines", {"after": first["next"], "action": "places."}).json()
    assert ([line["details"]["number"] for line in rest["items"]], rest["next"]) == ([3, 4], None)
    assert rest["items"][0]["previous"] == first["items"][2]["hash"]
    assert client.get("/api/v1/journal/lines", {"on_id": "x"}).json()["items"] == []
    assert client.get("/api/v1/journal/lines", {"after": -1}).status_code == 422
