"""Working days (the State Council's yearly arrangement of holidays and make-up working days, 调休), what a population
is, and what an outline on a map is. Pure.
"""

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from nongan.common.divisions import LENGTH, Level
from nongan.common.errors import RuleBroken

LEVELS = {
    Level.PROVINCE: gettext_lazy("省级"), Level.CITY: gettext_lazy("地级"), Level.COUNTY: gettext_lazy("县级"),
    Level.TOWNSHIP: gettext_lazy("乡级"), Level.VILLAGE: gettext_lazy("村级"),
}  # fmt: skip

SATURDAY = 5


@dataclass(frozen=True)
class Calendar:
    """Days that differ from the week: True a working Saturday or Sunday, False a day off.

    A day that the table does not know is judged by the week alone; `knows` tells whether its year is in the table.
    """

    special: Mapping[date, bool] = field(default_factory=dict)

    def works(self, day: date) -> bool:
        return self.special.get(day, day.weekday() < SATURDAY)

    def knows(self, day: date) -> bool:
        return any(known.year == day.year for known in self.special)

    def add(self, day: date, working_days: int) -> date:
        """The day `working_days` working days after `day` (民事期间: the first day is not counted)."""
        while working_days > 0:
            day += timedelta(days=1)
            working_days -= self.works(day)
        return day

    def between(self, start: date, end: date) -> int:
        """Working days after `start` up to and including `end`; negative when `end` lies before."""
        if end < start:
            return -self.between(end, start)
        days = (start + timedelta(days=n) for n in range(1, (end - start).days + 1))
        return sum(self.works(day) for day in days)

    def roll(self, day: date) -> date:
        """A period that ends on a day off ends on the next working day (行政处罚法 第八十五条, 民法典 第二百零三条)."""
        while not self.works(day):
            day += timedelta(days=1)
        return day


def end_of(day: date, like: datetime) -> datetime:
    """The last second of a day, in the time zone of `like`."""
    return datetime.combine(day, time(23, 59, 59), tzinfo=like.tzinfo)


# Population

EARLIEST = 1949
MOST_RESIDENTS = 2_000_000_000


class NotAPopulation(RuleBroken):
    """A year that has not come, or a number that no division can have."""

    code = "not_a_population"


def check_population(year: int, residents: int, this_year: int) -> None:
    """Residents at the end of a year that has begun. Raises NotAPopulation."""
    if not EARLIEST <= year <= this_year:
        raise NotAPopulation(
            _("年份应在 %(first)s 到 %(last)s 之间，填的是 %(year)s。")
            % {"first": EARLIEST, "last": this_year, "year": year}
        )
    if not 0 < residents <= MOST_RESIDENTS:
        raise NotAPopulation(_("常住人口应是大于 0 的整数（人），不是万人。"))


# Boundaries: GeoJSON as it comes from map offices (RFC 7946)

CODE_NAMES = ("code", "adcode", "区划代码", "xzqdm", "pac", "gb", "division")
NAME_NAMES = ("name", "名称", "xzqmc", "fullname", "division_name")
SHAPES = {"Polygon", "MultiPolygon"}
CHINA = (73.0, 3.0, 136.0, 54.0)  # west, south, east, north in degrees


class NotGeoJson(RuleBroken):
    """The file is no FeatureCollection."""

    code = "not_geojson"


@dataclass(frozen=True)
class Outline:
    """One feature: its place in the file from 1, what names it, its geometry, and what is wrong with it (or blank)."""

    number: int
    code: str
    name: str
    geometry: dict[str, Any]
    points: int
    fault: str = ""


def read_outlines(data: bytes) -> list[Outline]:
    """The features of a GeoJSON file, each checked: rings closed, four positions or more, degrees in China.

    Raises NotGeoJson.
    """
    try:
        found = json.loads(data.decode("utf-8-sig"))
    except (UnicodeDecodeError, ValueError, RecursionError) as fault:
        raise NotGeoJson(_("这不是可以读取的 GeoJSON（UTF-8 编码的 JSON）。请从地图软件重新导出。")) from fault
    features = found.get("features") if isinstance(found, dict) else None
    if not isinstance(features, list) or found.get("type") != "FeatureCollection":
        raise NotGeoJson(_("文件里没有要素集合（FeatureCollection）。请导出为 GeoJSON 要素集合，每个区划一个要素。"))
    if not features:
        raise NotGeoJson(_("要素集合是空的。请导出至少一个区划的边界。"))
    return [_outline(number, feature) for number, feature in enumerate(features, start=1)]


def _outline(number: int, feature: Any) -> Outline:
    feature = feature if isinstance(feature, dict) else {}
    properties, geometry = feature.get("properties"), feature.get("geometry")
    named = {str(k).lower(): v for k, v in properties.items()} if isinstance(properties, dict) else {}
    code = next((c for n in CODE_NAMES if (c := _code(n, named.get(n)))), "")
    name = next((str(named[n]).strip() for n in NAME_NAMES if named.get(n)), "")
    geometry = geometry if isinstance(geometry, dict) else {}
    points, fault = _check_geometry(geometry)
    return Outline(number, code, name, geometry, points, fault)


def _code(name: str, value: Any) -> str:
    """A full code from 2, 4, 6, 9 or 12 digits; the national map office (天地图) writes 156 before six."""
    digits = "".join(c for c in str(value if value is not None else "") if c in "0123456789")
    if name == "gb" and len(digits) == 9 and digits.startswith("156"):
        digits = digits[3:]
    return digits.ljust(LENGTH, "0") if len(digits) in {2, 4, 6, 9, 12} else ""


def _check_geometry(geometry: dict[str, Any]) -> tuple[int, str]:
    if str(geometry.get("type")) not in SHAPES:
        return 0, _("几何类型应是 Polygon 或 MultiPolygon")
    coordinates = geometry.get("coordinates")
    polygons = [coordinates] if geometry["type"] == "Polygon" else coordinates
    if not isinstance(polygons, list) or not polygons or not all(isinstance(p, list) and p for p in polygons):
        return 0, _("没有坐标")
    rings = [ring for polygon in polygons for ring in polygon]
    points = sum(len(ring) for ring in rings if isinstance(ring, list))
    return points, next((fault for ring in rings if (fault := _check_ring(ring))), "")


def _check_ring(ring: Any) -> str:
    if not isinstance(ring, list) or len(ring) < 4:
        return _("有的环少于 4 个点")
    for point in ring:
        if not (isinstance(point, list) and len(point) >= 2 and all(_is_number(n) for n in point[:2])):
            return _("有的点不是一对数字")
        if not (CHINA[0] <= point[0] <= CHINA[2] and CHINA[1] <= point[1] <= CHINA[3]):
            return _out_of_range(point[0], point[1])
    if ring[0][:2] != ring[-1][:2]:
        return _("有的环没有闭合（首尾两点应相同）")
    return "" if _area(ring) else _("有的环面积为零")


def _out_of_range(x: float, y: float) -> str:
    if CHINA[1] <= x <= CHINA[3] and CHINA[0] <= y <= CHINA[2]:
        return _("经度和纬度颠倒了（GeoJSON 先写经度）")
    if abs(x) > 180 or abs(y) > 90:
        return _("坐标不是经纬度，可能是投影坐标（米）。请转换为 CGCS2000 经纬度")
    return _("坐标不在中国范围内")


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value == value


def _area(ring: list[list[float]]) -> float:
    """Twice the signed area in square degrees (shoelace)."""
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, ring[1:], strict=False))


# A map without boundaries


def hexagons(codes: Iterable[str]) -> dict[str, tuple[int, int]]:
    """Column and row of a hexagon for each division: a schematic map. Odd rows stand half a column to the right.

    By code, row by row and to and fro, so that neighbours in the code, which are mostly neighbours on the ground,
    touch each other; about as wide as high.
    """
    ordered = sorted(set(codes))
    wide = max(1, math.isqrt(max(len(ordered) - 1, 0)) + 1)
    found = {}
    for n, code in enumerate(ordered):
        row, step = divmod(n, wide)
        found[code] = (step if row % 2 == 0 else wide - 1 - step, row)
    return found
