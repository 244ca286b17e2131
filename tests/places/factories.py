"""Figures, holidays and outlines of the small city in `tests/conftest.py`."""

import json
from datetime import date
from typing import Any

from nongan.places.models import Holiday, Population

CITY, COUNTY, OTHER_COUNTY, TOWN = "360900000000", "360902000000", "360981000000", "360902100000"


def population(division: str = COUNTY, year: int = 2025, residents: int = 1_134_000, **more: Any) -> Population:
    return Population.objects.create(
        division_id=division, year=year, residents=residents, **{"source": "统计公报", **more}
    )


def holiday(day: str, works: bool) -> None:
    Holiday.objects.create(day=date.fromisoformat(day), works=works, name="国庆节", source="国务院办公厅")


def ring(west: float = 114.0, south: float = 27.0) -> list[list[float]]:
    return [[west, south], [west + 1, south], [west + 1, south + 1], [west, south]]


def feature(properties: dict[str, Any] | None = None, **geometry: Any) -> dict[str, Any]:
    return {
        "type": "Feature",
        "properties": properties if properties is not None else {"code": "360902"},
        "geometry": {"type": "Polygon", "coordinates": [ring()], **geometry},
    }


def geojson(*features: dict[str, Any]) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": list(features)}, ensure_ascii=False).encode()
