import pytest
from django.core.cache import cache
from django.core.exceptions import PermissionDenied

from nongan.accounts.rules import Role
from nongan.common.editing import Stale
from nongan.common.spreadsheet import Row
from nongan.documents.models import Document
from nongan.documents.queries import token_for
from nongan.documents.services import store
from nongan.journal.models import Line
from nongan.places import queries, services
from nongan.places.models import Boundary, Division, Population
from nongan.places.rules import NotAPopulation
from tests.accounts.factories import UserFactory
from tests.conftest import NOON
from tests.places.factories import CITY, COUNTY, OTHER_COUNTY, TOWN, feature, geojson, holiday, population, ring

pytestmark = pytest.mark.django_db


@pytest.fixture
def office():
    return UserFactory(role=Role.PROGRAMME_OFFICE)


def enter(by, division=COUNTY, year=2025, residents=1_134_000, seen=None, source="统计公报"):
    return services.set_population(
        division=division, year=year, residents=residents, source=source, seen=seen, by=by, at=NOON
    )


def test_residents_are_entered_and_corrected(office):
    first = enter(office)
    enter(office, residents=1_135_000, seen=first.version)
    assert queries.residents_of(COUNTY, 2026) == 1_135_000
    line = Line.objects.filter(action="places.population.set").latest("sequence")
    assert (line.facts["before"], line.facts["residents"], line.division) == (1_134_000, 1_135_000, COUNTY)


def test_the_second_to_correct_is_told(office):
    enter(office)
    with pytest.raises(Stale):
        enter(office, residents=5, seen=None)
    assert Population.objects.get().residents == 1_134_000


def test_a_demonstration_figure_that_is_corrected_is_one_no_longer(office):
    shown = population(demonstration=True)
    enter(office, seen=shown.version)
    assert not Population.objects.get().demonstration


def test_residents_are_refused(office):
    with pytest.raises(Division.DoesNotExist):
        enter(office, division="999999000000")
    with pytest.raises(PermissionDenied):
        enter(UserFactory(role=Role.SUPERVISOR))
    with pytest.raises(PermissionDenied):
        enter(UserFactory(role=Role.PROGRAMME_OFFICE, division_id=OTHER_COUNTY))
    with pytest.raises(NotAPopulation):
        enter(office, year=2027)


def test_a_figure_is_taken_back(office):
    enter(office)
    services.remove_population(division=COUNTY, year=2025, by=office, at=NOON)
    assert not Population.objects.exists()
    with pytest.raises(Population.DoesNotExist):
        services.remove_population(division=COUNTY, year=2025, by=office, at=NOON)
    with pytest.raises(PermissionDenied):
        services.remove_population(division=COUNTY, year=2025, by=UserFactory(role=Role.UNIT), at=NOON)


def test_residents_of_a_year_are_the_latest_known_or_the_sum_of_the_children():
    population(COUNTY, 2020, 100)
    population(COUNTY, 2024, 110)
    assert queries.residents_of(COUNTY, 2023) == 100
    assert queries.residents_of(COUNTY, 2026) == 110
    assert queries.residents_of(COUNTY, 2019) is None
    assert queries.residents_of(CITY, 2026) is None, "one county is not known"
    population(OTHER_COUNTY, 2025, 90)
    assert queries.residents_of(CITY, 2026) == 200
    assert queries.residents_by_division(CITY, 2026) == {COUNTY: 110, OTHER_COUNTY: 90}


def rows(*cells):
    return [Row(n, dict(zip(("code", "year", "residents", "source"), c, strict=True))) for n, c in enumerate(cells, 2)]


def test_a_table_names_every_fault(office):
    wrong = rows(
        ("360902", "2025", "1,134,000", "公报"),
        ("410100", "2025", "5", "公报"),
        ("36090", "25年", "113万", "公报"),
        ("360902", "2025", "7", "公报"),
    )
    found = services.check_population_rows(wrong, {}, office)
    assert [(p.row, p.field) for p in found] == [
        (3, "区划代码"), (4, "区划代码"), (4, "年份"), (4, "常住人口"), (5, "年份"),
    ]  # fmt: skip
    assert not Population.objects.exists()


def test_a_table_is_saved_over_what_stood_there(office):
    population(COUNTY, 2025, 5, demonstration=True)
    count = services.import_population(
        rows(("360902", "2025", "1,134,000", "公报"), (TOWN, "2025", "8000", "公报")), {}, office, NOON
    )
    assert count == 2
    found = Population.objects.get(division_id=COUNTY)
    assert (found.residents, found.demonstration, found.version) == (1_134_000, False, 2)
    assert Line.objects.filter(action="places.population.set").count() == 2


def test_a_year_to_come_stops_the_whole_table(office):
    with pytest.raises(NotAPopulation, match="第 3 行"):
        services.import_population(
            rows(("360902", "2025", "1", "公报"), ("360902", "2030", "1", "公报")), {}, office, NOON
        )
    assert not Population.objects.exists()


def kept(by, *features):
    found = store(name="边界.geojson", data=geojson(*features), by=by, at=NOON)
    return token_for(found, by.username)


FEATURES = (
    feature({"code": "360902"}),
    feature({"name": "丰城市"}),
    feature({"name": "郑州市"}),
    feature({"code": "360902"}),
    feature({"code": "360902100"}, coordinates=[ring()[:3]]),
    feature({}),
)


def test_features_are_matched_by_code_or_name_and_nothing_is_saved(office):
    found = services.read_boundary_file(token=kept(office, *FEATURES), source="局", by=office)
    assert [m.division.code for m in found.good] == [COUNTY, OTHER_COUNTY]
    assert [m.outline.number for m in found.bad] == [3, 4, 5, 6]
    said = [m.reason for m in found.bad]
    assert "名称也对不上" in said[0] and "第 1 个" in said[1] and "4 个点" in said[2] and "没有代码和名称" in said[3]
    assert not Boundary.objects.exists()


def test_a_name_that_two_bear_is_asked_for_its_code(office):
    Division.objects.create(code="360981100000", name="彬江镇", level=9, parent_id=OTHER_COUNTY)
    (found,) = services.read_boundary_file(token=kept(office, feature({"name": "彬江镇"})), source="局", by=office).bad
    assert "有 2 个区划叫这个名称" in found.reason


def test_outlines_are_saved_over_the_old_ones(office):
    token = kept(office, *FEATURES)
    assert services.import_boundaries(token=token, source="自然资源局", by=office, at=NOON) == 2
    assert services.import_boundaries(token=token, source="自然资源局", by=office, at=NOON) == 2
    assert queries.boundaries_of([COUNTY])[COUNTY]["type"] == "Polygon"
    assert Line.objects.filter(action="places.boundary.set").count() == 4


def test_outlines_are_refused(office):
    token = kept(office, feature({"name": "火星"}))
    with pytest.raises(services.NothingMatches):
        services.import_boundaries(token=token, source="局", by=office, at=NOON)
    with pytest.raises(Document.DoesNotExist):
        services.import_boundaries(token=token, source="局", by=UserFactory(role=Role.ADMINISTRATOR), at=NOON)
    with pytest.raises(PermissionDenied):
        services.import_boundaries(token=token, source="局", by=UserFactory(role=Role.UNIT), at=NOON)


def test_the_calendar_is_read_from_the_table():
    cache.delete("places.calendar")
    holiday("2026-10-01", False)
    holiday("2026-10-10", True)
    calendar = queries.working_calendar()
    assert not calendar.works(NOON.date().replace(month=10, day=1))
    assert calendar.works(NOON.date().replace(month=10, day=10))
    cache.delete("places.calendar")


def test_divisions_are_found_by_code_and_by_name():
    assert [d.name for d in queries.find_divisions("3609", "360000000000")][:2] == ["宜春市", "袁州区"]
    assert [d.name for d in queries.find_divisions("彬江", CITY)] == ["彬江镇", "彬江村委会"]
    assert queries.find_divisions("郑州", CITY) == []
    assert queries.find_divisions("郑州", "") == []
    assert [d.name for d in queries.path_of(TOWN)] == ["江西省", "宜春市", "袁州区", "彬江镇"]
