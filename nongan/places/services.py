"""Loading divisions, population and the calendar."""

import csv
from collections.abc import Iterator
from pathlib import Path

from django.core.cache import cache
from django.db import transaction

from nongan.common.divisions import LENGTH, level_of, parent_of
from nongan.places.models import Division, Holiday

DATA = Path(__file__).parent / "data"
FILES = [("provinces.csv", "code", "name"), ("cities.csv", "code", "name"), ("areas.csv", "code", "name"),
         ("streets.csv", "code", "name"), ("villages_3609.csv", "village_code", "village_name")]  # fmt: skip


@transaction.atomic
def load_reference() -> dict[str, int]:
    """Bring the shipped divisions (国家统计局 2023) and holidays into the database; idempotent."""
    divisions = [
        Division(code=code, name=name, level=level_of(code), parent_id=parent_of(code) or None)
        for code, name in _division_rows()
    ]
    Division.objects.bulk_create(
        divisions, batch_size=2000, update_conflicts=True, unique_fields=["code"], update_fields=["name"]
    )
    holidays = [
        Holiday(day=row["day"], works=row["works"] == "1", name=row["name"], source=row["source"])
        for row in _rows("holidays.csv")
    ]
    Holiday.objects.bulk_create(
        holidays, update_conflicts=True, unique_fields=["day"], update_fields=["works", "name", "source"]
    )
    cache.delete("places.calendar")
    return {"divisions": len(divisions), "holidays": len(holidays)}


def _division_rows() -> Iterator[tuple[str, str]]:
    for file, code, name in FILES:
        for row in _rows(file):
            yield row[code].ljust(LENGTH, "0"), row[name]


def _rows(file: str) -> Iterator[dict[str, str]]:
    with (DATA / file).open(encoding="utf-8") as lines:
        yield from csv.DictReader(lines)
