"""The cockpit: targets against figures, who sees them, in how many queries; and the rules behind it."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from pytest_django.asserts import assertContains, assertNotContains

from nongan.accounts.rules import Role
from nongan.indicators import services
from nongan.indicators.models import Beginning
from nongan.indicators.queries.catalogue import definitions
from nongan.indicators.rules.figures import Figure
from nongan.indicators.rules.periods import Period, PeriodKind
from nongan.places.models import Boundary, Population
from nongan.places.rules import hexagons
from nongan.programme.rules.cockpit import Standing, against, day_of, missed_since, order, standing_in
from tests.accounts.factories import CITY, COUNTY, OTHER_COUNTY, TOWN, OrganisationFactory, UserFactory
from tests.monitoring.factories import SampleFactory
from tests.programme.factories import adopted, content, empty_row
from tests.standards.factories import small_law

TODAY = timezone.localdate()
SQUARE = {"type": "Polygon", "coordinates": [[[114, 27], [115, 27], [115, 28], [114, 27]]]}


def target(row, indicator, comparator=">=", value="98", unit="%", task=None):
    return empty_row(
        "targets", row, text=f"目标{row}", where="一", comparator=comparator, value=value, unit=unit,
        indicator=indicator, **({"task": task} if task else {}),
    )  # fmt: skip


@pytest.fixture
def plan(db):
    """A plan of the city that began a hundred days ago, with targets of every kind."""
    OrganisationFactory(name="宜春市农业农村局", aliases=["市农业农村局"])
    OrganisationFactory(name="袁州区人民政府", division_id=COUNTY)
    made = content()
    start, middle = TODAY - timedelta(days=99), TODAY - timedelta(days=50)
    made["phases"][0] |= {"from": start.isoformat(), "to": (middle - timedelta(days=1)).isoformat()}
    made["phases"][1] |= {"from": middle.isoformat(), "to": "2099-12-31"}
    targets = [
        target("x1", "pass_rate", task="t3"), target("x2", "records_rate", value="100"),
        target("x3", "quantitative_batches", value="4400", unit="批次"),
        target("x4", "quantitative_batches", value="1.5", unit="批次/千人"),
        target("x5", "failed_disposed", value="100"), target("x6", "banned_pass_rate", value="90"),
    ]  # fmt: skip
    return adopted(phases=made["phases"], targets=targets)


@pytest.fixture
def records(plan):
    small_law()
    Population.objects.create(division_id=COUNTY, year=TODAY.year - 1, residents=10_000, source="统计公报")
    Population.objects.create(division_id=OTHER_COUNTY, year=TODAY.year - 1, residents=20_000, source="统计公报")
    day = max(TODAY - timedelta(days=3), TODAY.replace(month=1, day=1))
    SampleFactory.create_batch(9, judged=True, division_id=TOWN, sampled_on=day)
    SampleFactory(judged=True, verdict="fail", division_id=TOWN, sampled_on=day)
    SampleFactory.create_batch(10, judged=True, division_id="360981001000", sampled_on=day)
    SampleFactory(judged=True, verdict="fail", division_id=TOWN, sampled_on=TODAY - timedelta(days=150))
    services.refresh(at=timezone.now())


@pytest.fixture
def office(client, plan):
    client.force_login(plan.file.owner)
    return plan.file.owner


def cockpit(client, **query):
    return client.get(reverse("programme:cockpit"), query)


def rows(page):
    return {row.key: row for row in page.context["board"].rows}


# Refusals


def test_who_may_look(client, records):
    assert cockpit(client).status_code == 302
    client.force_login(UserFactory(role=Role.ANALYST))
    assert cockpit(client).status_code == 403
    client.force_login(UserFactory(role=Role.UNIT, division_id=COUNTY))
    assert cockpit(client).status_code == 200
    assert cockpit(client, division=OTHER_COUNTY).status_code == 404
    assert cockpit(client, division=CITY).status_code == 404


def test_without_a_plan(client, db):
    client.force_login(UserFactory())
    assertContains(cockpit(client), "还没有执行中的创建方案")


# What it shows


def test_targets_against_figures(client, office, records, django_assert_max_num_queries):
    with django_assert_max_num_queries(20):
        page = cockpit(client)
    found = rows(page)
    assert list(found) == [
        "quantitative_batches.3", "quantitative_batches.4", "pass_rate.1", "failed_disposed.5", "banned_pass_rate.6",
        "records_rate.2",
    ]  # fmt: skip
    assert [row.standing for row in found.values()] == ["missed"] * 3 + ["no_data", "met", "waiting"]
    rate = found["pass_rate.1"]
    assert (rate.value, rate.wanted, rate.distance.text, rate.below) == ("95", "≥ 98%", "−3", 1)
    assert rate.units == "市农业农村局"
    assert rate.since == (TODAY - timedelta(days=150)).replace(day=1)
    assert found["quantitative_batches.4"].below == 2
    assert found["quantitative_batches.3"].below is None
    assertContains(page, "第 100 天")
    assertContains(page, "组织实施阶段")
    assertContains(page, "尚未接入")
    behind = f"/indicators/pass_rate/records/?division={CITY}&period={rate.period}&passing="
    assertContains(page, f'href="{behind}1" hx-boost="false">19</a> / 20')
    assertContains(page, f'href="{behind}0" hx-boost="false">95</a>')
    assertNotContains(page, "style=")
    assertNotContains(page, "<script>")


def test_the_selection_is_in_the_address_bar(client, office, records, django_assert_max_num_queries):
    with django_assert_max_num_queries(20):
        page = cockpit(client, indicator="pass_rate", division=COUNTY)
    assert page.context["row"].value == "90"
    assert [part.division.code for part in page.context["ranking"]] == [TOWN, "360902001000"]
    assertContains(page, "不合格样品 1")
    assertContains(page, page.context["records"][0].url)
    assert rows(page)["quantitative_batches.3"].whole_only
    assertContains(page, "全市总量")
    with django_assert_max_num_queries(20):
        page = cockpit(client, indicator="pass_rate.1", division=TOWN, period="all")
    assert page.context["row"].value == "81.81"
    assert [part.selected for part in page.context["ranking"]] == [True, False]


@pytest.mark.parametrize(
    "odd", [{"indicator": "none"}, {"period": "x"}, {"plan": "9999"}, {"indicator": "records_rate"}]
)
def test_a_selection_that_is_not_there_is_the_usual_one(client, office, records, odd):
    assert cockpit(client, **odd).context["row"].key == "quantitative_batches.4"  # by which counties can be compared


def test_a_plan_of_these_days_comes_before_one_that_was_adopted_later(client, office, records):
    old = content()["phases"]
    old[0] |= {"from": "2017-06-01"}
    old[1] |= {"from": "2017-07-01", "to": "2018-12-31"}
    adopted(title="旧方案", phases=old)
    page = cockpit(client)
    assertContains(page, "第 100 天")
    assertNotContains(page, "正在从记录计算")


def test_figures_that_are_being_computed_are_said_to_be(client, office, plan):
    """The worker has not counted since the first day of the plan yet."""
    Beginning.objects.all().delete()
    assertContains(cockpit(client), "正在从记录计算")


def test_a_county_sees_its_own(client, records):
    client.force_login(UserFactory(role=Role.UNIT, division_id=COUNTY))
    page = cockpit(client, indicator="pass_rate")
    assert page.context["row"].value == "90"
    assertNotContains(page, "丰城市")
    page = cockpit(client, indicator="pass_rate", division=TOWN)
    assert [step.code for step in page.context["way"]] == [COUNTY, TOWN]


def test_a_township_sees_no_neighbours(client, records):
    client.force_login(UserFactory(role=Role.SUPERVISOR, division_id=TOWN))
    assert cockpit(client, indicator="pass_rate").context["row"].parts == ()


def test_the_wall(client, office, records):
    page = cockpit(client, wall=1)
    assertContains(page, 'http-equiv="refresh"')
    assertContains(page, "第 100 天")
    assertNotContains(page, "<form")
    assertNotContains(page, "<button")


def test_hexagons_without_boundaries_and_the_map_with_them(client, office, records):
    page = cockpit(client)
    assertContains(page, "<polygon", count=2)
    Boundary.objects.create(division_id=COUNTY, geometry=SQUARE, source="测绘")
    page = cockpit(client)
    assertNotContains(page, "<polygon")
    assertContains(page, 'data-map="outlines"')


def test_before_the_figures_are_computed(client, office):
    page = cockpit(client)
    assertContains(page, "还没有计算过")
    assert {row.standing for row in page.context["board"].rows} == {"no_data", "waiting"}


def test_adopting_a_plan_starts_its_count(plan):
    assert list(Beginning.objects.values_list("start", flat=True)) == [TODAY - timedelta(days=99)]


# Rules


RATE = definitions()["pass_rate"]
BATCHES = definitions()["quantitative_batches"]


@pytest.mark.parametrize(
    ("figure", "comparator", "value", "unit", "standing"),
    [
        (Figure(RATE, Decimal(9_799_999), Decimal(10_000_000)), ">=", "98", "%", Standing.MISSED),
        (Figure(RATE, Decimal(98), Decimal(100)), ">=", "98", "%", Standing.MET),
        (Figure(RATE, None, None), ">=", "98", "%", Standing.NO_DATA),
        (Figure(RATE, Decimal(98), Decimal(100)), ">=", "98", "批次", Standing.OTHER),
        (Figure(BATCHES, Decimal(4400), None), ">=", "4400", "批次", Standing.MET),
        (Figure(BATCHES, Decimal(4400), None), ">=", "1.5", "批次/千人", Standing.NO_DATA),
        (Figure(BATCHES, Decimal(15), Decimal(10_000)), ">=", "1.5", "批次/千人", Standing.MET),
        (Figure(BATCHES, Decimal(15), Decimal(10_000)), ">=", "16", "批次/万人", Standing.MISSED),
    ],
)
def test_standing(figure, comparator, value, unit, standing):
    assert against(figure, comparator, Decimal(value), unit)[0] == standing


YEAR = Period(PeriodKind.YEAR, date(2026, 1, 1))


@pytest.mark.parametrize(
    ("done", "period", "on", "standing"),
    [
        (1999, YEAR, date(2026, 7, 1), Standing.ON_COURSE),  # 182 of 365 days ask for 1,994.5 of 4,000
        (1994, YEAR, date(2026, 7, 1), Standing.MISSED),
        (4000, YEAR, date(2026, 7, 1), Standing.MET),
        (3999, YEAR, date(2026, 12, 31), Standing.MISSED),  # the last day asks for the whole
        (3999, YEAR, date(2027, 2, 1), Standing.MISSED),
        (1999, Period(PeriodKind.QUARTER, date(2026, 7, 1)), date(2026, 7, 1), Standing.MISSED),
    ],
)
def test_a_quota_is_on_course_in_its_running_year(done, period, on, standing):
    figure = Figure(BATCHES, Decimal(done), None)
    assert standing_in(figure, ">=", Decimal(4000), "批次", period, on)[0] == standing


def test_a_rate_is_never_on_course():
    figure = Figure(RATE, Decimal(97), Decimal(100))
    assert standing_in(figure, ">=", Decimal(98), "%", YEAR, date(2026, 7, 1))[0] == Standing.MISSED


def test_the_farthest_comes_first():
    figures = [Figure(RATE, Decimal(n), Decimal(100)) for n in (99, 97, 50)]
    placed = sorted(order(*against(f, ">=", Decimal(98), "%")) for f in figures)
    (first, far), (second, near), (third, _met) = placed
    assert first == second < third
    assert far < near


@pytest.mark.parametrize(
    ("run", "since"),
    [("", None), ("+", None), ("-", 1), ("+--", 2), ("-+-", 3), ("+-.-.", 2), ("..", None), ("--+", None)],
)
def test_missed_since(run, since):
    words = {"+": Standing.MET, "-": Standing.MISSED, ".": Standing.NO_DATA}
    months = [(date(2026, n, 1), words[sign]) for n, sign in enumerate(run, start=1)]
    assert missed_since(months) == (date(2026, since, 1) if since else None)


def test_the_first_day_is_day_one():
    assert day_of(date(2026, 1, 1), date(2026, 1, 1)) == 1
    assert day_of(date(2026, 1, 1), date(2025, 12, 31)) == 0


@given(st.sets(st.integers(0, 999_999).map("{:06d}000000".format), max_size=80))
def test_every_division_has_a_hexagon_of_its_own(codes):
    found = hexagons(codes)
    assert set(found) == codes
    assert len(set(found.values())) == len(codes)
    across = {column for column, _row in found.values()}
    down = {row for _column, row in found.values()}
    assert len(across) - len(down) in (0, 1) or len(codes) < 3
