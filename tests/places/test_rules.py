import csv
import json
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nongan.places import rules
from nongan.places.rules import Calendar, NotAPopulation, NotGeoJson, check_population, end_of, read_outlines
from tests.conftest import NOON
from tests.places.factories import feature, geojson, ring

HOLIDAYS = Path(rules.__file__).parent / "data/holidays.csv"
NATIONAL_DAY = Calendar(
    {date(2026, 10, d): False for d in range(1, 8)} | {date(2026, 9, 20): True, date(2026, 10, 10): True}
)
days = st.dates(date(2026, 8, 1), date(2026, 12, 31))


def test_a_saturday_worked_in_exchange_counts_and_a_holiday_does_not():
    assert NATIONAL_DAY.works(date(2026, 10, 10)), "a Saturday, worked"
    assert not NATIONAL_DAY.works(date(2026, 10, 1)), "a Thursday, free"
    assert not NATIONAL_DAY.works(date(2026, 10, 17))
    assert NATIONAL_DAY.knows(date(2026, 1, 1)) and not NATIONAL_DAY.knows(date(2027, 1, 1))


def test_seven_working_days_over_the_national_holiday():
    assert NATIONAL_DAY.add(date(2026, 9, 29), 7) == date(2026, 10, 14)
    assert NATIONAL_DAY.between(date(2026, 9, 29), date(2026, 10, 14)) == 7
    assert NATIONAL_DAY.roll(date(2026, 10, 1)) == date(2026, 10, 8)


def test_the_shipped_table_has_make_up_days_that_are_weekends():
    rows = list(csv.DictReader(HOLIDAYS.read_text(encoding="utf-8").splitlines()))
    worked = [date.fromisoformat(row["day"]) for row in rows if row["works"] == "1"]
    assert {day.year for day in worked} >= set(range(2017, 2027))
    assert all(day.weekday() >= 5 for day in worked)
    assert all(row["source"] for row in rows)


@given(days, st.integers(0, 40))
def test_adding_and_counting_agree(day, n):
    there = NATIONAL_DAY.add(day, n)
    assert NATIONAL_DAY.between(day, there) == n
    assert NATIONAL_DAY.between(there, day) == -n
    assert n == 0 or NATIONAL_DAY.works(there)


@given(days)
def test_a_period_never_ends_on_a_day_off_nor_earlier(day):
    rolled = NATIONAL_DAY.roll(day)
    assert rolled >= day and NATIONAL_DAY.works(rolled)
    assert not any(NATIONAL_DAY.works(day + timedelta(days=n)) for n in range((rolled - day).days))


def test_a_day_ends_with_its_last_second():
    assert end_of(NOON.date(), NOON) == datetime.combine(NOON.date(), time(23, 59, 59), tzinfo=NOON.tzinfo)


@pytest.mark.parametrize("year, residents", [(1948, 1), (2027, 1), (2025, 0), (2025, -1), (2025, 2_000_000_001)])
def test_what_is_no_population(year, residents):
    with pytest.raises(NotAPopulation):
        check_population(year, residents, 2026)


def test_what_is_one():
    check_population(2026, 113, 2026)


@pytest.mark.parametrize(
    "properties, code",
    [
        ({"code": "360902"}, "360902000000"),
        ({"adcode": 360902}, "360902000000"),
        ({"PAC": "360902100"}, "360902100000"),
        ({"gb": "156360902"}, "360902000000"),
        ({"区划代码": "360902100201"}, "360902100201"),
        ({"code": "12345"}, ""),
        ({"name": "袁州区"}, ""),
        (None, "360902000000"),
    ],
)
def test_codes_as_map_offices_write_them(properties, code):
    (outline,) = read_outlines(geojson(feature(properties)))
    assert (outline.code, outline.fault, outline.points) == (code, "", 4)


def test_a_name_is_read_where_there_is_no_code():
    (outline,) = read_outlines(geojson(feature({"XZQMC": " 袁州区 "})))
    assert outline.name == "袁州区"


BAD = {
    "Polygon 或 MultiPolygon": feature(type="Point", coordinates=[114, 27]),
    "没有坐标": feature(coordinates=[]),
    "少于 4 个点": feature(coordinates=[ring()[:3]]),
    "没有闭合": feature(coordinates=[[*ring()[:3], [114.5, 27.5]]]),
    "颠倒": feature(coordinates=[[[y, x] for x, y in ring()]]),
    "投影坐标": feature(coordinates=[[[x * 4000, y * 4000] for x, y in ring()]]),
    "中国范围": feature(coordinates=[ring(west=10)]),
    "一对数字": feature(coordinates=[[["a", 1], *ring()[1:]]]),
    "面积为零": feature(coordinates=[[[114, 27], [115, 27], [116, 27], [114, 27]]]),
}


@pytest.mark.parametrize("said, wrong", BAD.items())
def test_a_wrong_outline_says_what_is_wrong(said, wrong):
    (outline,) = read_outlines(geojson(wrong))
    assert said in outline.fault


def test_many_parts_and_holes_are_fine():
    parts = [[ring()], [ring(115, 28), ring(115.2, 28.1)]]
    (outline,) = read_outlines(geojson(feature(type="MultiPolygon", coordinates=parts)))
    assert (outline.fault, outline.points) == ("", 12)


EMPTY = b'{"type":"FeatureCollection","features":[]}'


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b'{"type": "Feature"}', b"\xff\xfe", EMPTY, b"[" * 100_000])
def test_a_file_that_is_no_collection(data):
    with pytest.raises(NotGeoJson):
        read_outlines(data)


KEYS = st.sampled_from(["type", "properties", "geometry", "coordinates", "code"])
LEAVES = st.none() | st.booleans() | st.floats() | st.text()


@given(st.recursive(LEAVES, lambda inner: st.lists(inner) | st.dictionaries(KEYS, inner)))
def test_whatever_a_feature_holds_is_read_or_named(value):
    data = json.dumps({"type": "FeatureCollection", "features": [value]}).encode()
    (outline,) = read_outlines(data)
    assert outline.fault or outline.points
