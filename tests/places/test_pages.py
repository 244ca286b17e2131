import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from nongan.accounts.rules import Role
from nongan.documents.models import Import
from nongan.places.models import Boundary, Division, Population
from tests.accounts.factories import UserFactory
from tests.places.factories import CITY, COUNTY, OTHER_COUNTY, TOWN, feature, geojson, population, ring

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
LIST = reverse("places:divisions")


@pytest.fixture
def office(client):
    office = UserFactory(role=Role.PROGRAMME_OFFICE)
    client.force_login(office)
    return office


def test_one_drills_from_the_country_to_a_village(client, office):
    assertContains(client.get(reverse("places:division", args=["0" * 12])), "河南省")
    city = client.get(LIST)
    assertContains(city, "袁州区")
    assertNotContains(city, "彬江镇")
    assertContains(client.get(reverse("places:division", args=[TOWN])), "彬江村委会")
    assertContains(client.get(reverse("places:division", args=["360902100201"])), "没有更下一级")
    assert client.get(reverse("places:division", args=["999999000000"])).status_code == 404


def test_a_search_goes_through_everything_inside(client, office):
    for response in (client.get(LIST, {"text": "彬江"}), client.get(LIST, {"text": "彬江"}, headers=HTMX)):
        assertContains(response, "彬江村委会")
        assertNotContains(response, "丰城市")
    assertContains(client.get(LIST, {"text": "360902100"}), "彬江镇")
    assertContains(client.get(LIST, {"text": "火星"}), "请换一个关键字")


def test_residents_children_and_outline_are_shown(client, office, django_assert_max_num_queries):
    population(COUNTY, 2025, 1_134_000, demonstration=True)
    population(CITY, 2025, 4_939_800)
    Boundary.objects.create(division_id=COUNTY, geometry={}, source="局")
    Division.objects.bulk_create(
        Division(code=f"3609{n}000000", name=f"第{n}县" + "很长的名字" * 8, level=6, parent_id=CITY)
        for n in range(10, 60)
    )
    client.get(LIST)
    with django_assert_max_num_queries(12):
        response = client.get(LIST)
    assertContains(response, "1,134,000")
    assertContains(response, "4,939,800 人")
    assertContains(response, "演示")
    assertContains(response, ">50</a>")
    assertContains(response, "下一页")


def test_the_list_is_exported(client, office):
    population(COUNTY)
    book = load_workbook(io.BytesIO(client.get(LIST, {"export": "1"}).content))
    rows = list(book.active.values)
    assert rows[0][:2] == ("区划代码", "名称")
    assert (rows[1][0], rows[1][4]) == (COUNTY, 1_134_000)


def test_residents_are_entered_corrected_and_taken_back(client, office):
    new = reverse("places:new-population", args=[COUNTY])
    here = reverse("places:division", args=[COUNTY])
    typed = {"year": "2025", "residents": "1134000", "source": "2025 年公报"}
    assertRedirects(client.post(new, typed), here)
    assertContains(client.get(here), "登记常住人口")

    again = client.post(new, {**typed, "residents": "5"})
    assertContains(again, "刚被他人修改", status_code=422)
    assertContains(again, "现在是“1134000”", status_code=422)
    assertContains(again, 'value="5"', status_code=422)

    correct = reverse("places:population", args=[COUNTY, 2025])
    assertContains(client.get(correct), 'value="1134000"')
    assertRedirects(client.post(correct, {"residents": "1135000", "source": "公报", "version": "1"}), here)
    assert Population.objects.get().residents == 1_135_000
    assertRedirects(client.post(reverse("places:remove-population", args=[COUNTY, 2025])), here)
    assert not Population.objects.exists()


@pytest.mark.parametrize(
    "field, value, said", [("year", "2099", "到 2"), ("residents", "0", "大于"), ("source", "", "必填")]
)
def test_residents_are_refused_beside_the_field(client, office, field, value, said):
    typed = {"year": "2025", "residents": "1134000", "source": "公报", field: value}
    response = client.post(reverse("places:new-population", args=[COUNTY]), typed)
    assertContains(response, said, status_code=422)
    assertContains(response, f'href="#field-{field}"', status_code=422)


def test_who_may_edit(client):
    client.force_login(UserFactory(role=Role.SUPERVISOR))
    assertNotContains(client.get(LIST), "登记人口")
    for name, args in (("new-population", [COUNTY]), ("population", [COUNTY, 2025]), ("new-boundaries", [])):
        assert client.get(reverse(f"places:{name}", args=args)).status_code == 403
    assert client.post(reverse("places:remove-population", args=[COUNTY, 2025])).status_code == 403
    client.force_login(UserFactory(role=Role.PROGRAMME_OFFICE, division_id=OTHER_COUNTY))
    assert client.get(reverse("places:new-population", args=[COUNTY])).status_code == 404
    assertNotContains(client.get(reverse("places:division", args=[COUNTY])), "登记人口")
    client.force_login(UserFactory(role=Role.UNIT, division_id=None))
    assertContains(client.get(LIST), "江西省")


def csv(*lines):
    text = "\n".join(["区划代码,年份,常住人口,来源", *lines])
    return SimpleUploadedFile("人口.csv", text.encode())


def test_population_comes_in_as_a_table(client, office):
    new = reverse("documents:new-import", args=["population"])
    assertContains(client.get(new), "常住人口")
    wrong = client.post(new, {"file": csv("360902,2025,1134000,公报", "360902100,2025,八千,公报")}, follow=True)
    assertContains(wrong, "不是大于 0 的整数")
    assert not Population.objects.exists()
    right = client.post(new, {"file": csv("360902,2025,1134000,公报", "360902100,2025,8000,公报")})
    assert not Population.objects.exists(), "nothing is saved before it is confirmed"
    client.post(right["Location"], follow=True)
    assert dict(Population.objects.values_list("division_id", "residents")) == {COUNTY: 1_134_000, TOWN: 8000}
    assert Import.objects.filter(state="done").count() == 1


def outlines(*features, name="边界.geojson"):
    return SimpleUploadedFile(name, geojson(*features))


def test_outlines_are_reported_first_and_saved_when_confirmed(client, office):
    new = reverse("places:new-boundaries")
    file = outlines(
        feature({"code": "360902"}), feature({"name": "火星"}), feature({"code": "360981"}, coordinates=[ring()[:3]])
    )
    response = client.post(new, {"file": file, "source": "市自然资源局"})
    assert response.status_code == 302
    report = client.get(response["Location"])
    assertContains(report, "1 个要素可以导入，2 个不能")
    assertContains(report, "名称也对不上")
    assertContains(report, "少于 4 个点")
    assert not Boundary.objects.exists()
    assertRedirects(client.post(response["Location"], {"source": "市自然资源局"}), LIST)
    assert Boundary.objects.get().source == "市自然资源局"
    assertContains(client.get(reverse("places:division", args=[COUNTY])), "市自然资源局")


def test_a_file_where_nothing_fits_cannot_be_confirmed(client, office):
    response = client.post(
        reverse("places:new-boundaries"), {"file": outlines(feature({"name": "火星"})), "source": "局"}
    )
    assertNotContains(client.get(response["Location"]), "data-save")
    assertContains(client.post(response["Location"], {"source": "局"}), "没有一个要素对得上", status_code=422)


@pytest.mark.parametrize(
    "file, said",
    [
        (SimpleUploadedFile("边界.geojson", b"{}"), "FeatureCollection"),
        (SimpleUploadedFile("边界.geojson", b"\x89PNG\r\n\x1a\n"), "内容与扩展名不符"),
        (SimpleUploadedFile("边界.shp", b"abc"), "不接受"),
        (SimpleUploadedFile("边界.geojson", b""), "空"),
        ("", "必填"),
    ],
)
def test_a_bad_file_is_refused_with_the_source_kept(client, office, file, said):
    response = client.post(reverse("places:new-boundaries"), {"file": file, "source": "市自然资源局"})
    assertContains(response, said, status_code=422)
    assertContains(response, 'value="市自然资源局"', status_code=422)
    assert not Boundary.objects.exists()
