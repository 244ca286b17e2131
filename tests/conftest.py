"""What every test may lean on: divisions of a small city, a clock, people of every role."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.utils import translation

from nongan.common.divisions import level_of, parent_of
from nongan.places.models import Division

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOON = datetime(2026, 5, 12, 12, tzinfo=SHANGHAI)
DIVISIONS = {
    "360000000000": "江西省",
    "360900000000": "宜春市",
    "360902000000": "袁州区",
    "360902001000": "灵泉街道",
    "360902100000": "彬江镇",
    "360902100201": "彬江村委会",
    "360981000000": "丰城市",
    "360981001000": "剑光街道",
    "410000000000": "河南省",
    "410100000000": "郑州市",
}


@pytest.fixture(autouse=True)
def chinese() -> None:
    """Every test begins in Chinese, whatever language the request of the one before it asked for."""
    translation.activate(settings.LANGUAGE_CODE)


@pytest.fixture(autouse=True)
def divisions(request: pytest.FixtureRequest) -> None:
    """Every test with a database starts in the same small city."""
    if "db" in request.fixturenames or request.node.get_closest_marker("django_db"):
        request.getfixturevalue("db")
        Division.objects.bulk_create(
            Division(code=code, name=name, level=level_of(code), parent_id=parent_of(code) or None)
            for code, name in DIVISIONS.items()
        )
