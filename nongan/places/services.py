"""What can happen to population and boundaries; loading what ships with the product.

Accounts stand above places, so a person is known here by `may`, `scope` and name alone.
"""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from nongan.common.divisions import LENGTH, covers, level_of, parent_of
from nongan.common.editing import check_version
from nongan.common.errors import RuleBroken
from nongan.common.spreadsheet import Column, Problem, Row
from nongan.documents.queries import document_of
from nongan.documents.services import ImportKind, content_of
from nongan.journal.services import Act, record, record_many
from nongan.places.models import Boundary, Division, Holiday, Population
from nongan.places.queries import PLACE_EDIT, Matched, match_outlines
from nongan.places.rules import NotAPopulation, check_population, read_outlines

Person = Any
DATA = Path(__file__).parent / "data"
FILES = [("provinces.csv", "code", "name"), ("cities.csv", "code", "name"), ("areas.csv", "code", "name"),
         ("streets.csv", "code", "name"), ("villages_3609.csv", "village_code", "village_name")]  # fmt: skip


class NothingMatches(RuleBroken):
    """No feature of a file is a division of one's own."""

    code = "nothing_matches"


def require_editor(by: Person) -> None:
    """Raise PermissionDenied unless the person keeps population and boundaries."""
    if not by.may(PLACE_EDIT):
        raise PermissionDenied(PLACE_EDIT)


@transaction.atomic
def set_population(
    *, division: str, year: int, residents: int, source: str, seen: int | None, by: Person, at: datetime
) -> Population:
    """Enter residents (persons, end of year), or correct them: `seen` is the version of the figure that stands."""
    place = Division.objects.select_for_update().get(pk=division)
    require_editor(by)
    if not covers(by.scope, division):
        raise PermissionDenied(division)
    check_population(year, residents, at.year)
    known = Population.objects.filter(division=place, year=year).first()
    known = known or Population(division=place, year=year, version=seen or 0)
    check_version(known, seen or 0)
    before = known.residents
    known.residents, known.source, known.demonstration = residents, source, False
    known.save()
    details = {"year": year, "residents": residents, "before": before, "source": source}
    record("places.population.set", on=place, by=by, at=at, division=division, **details)
    return known


@transaction.atomic
def remove_population(*, division: str, year: int, by: Person, at: datetime) -> None:
    """Take back a figure that belongs to no such year. Raises Population.DoesNotExist."""
    place = Division.objects.select_for_update().get(pk=division)
    require_editor(by)
    if not covers(by.scope, division):
        raise PermissionDenied(division)
    known = Population.objects.get(division=place, year=year)
    known.delete()
    details = {"year": year, "residents": known.residents}
    record("places.population.removed", on=place, by=by, at=at, division=division, **details)


def check_population_rows(rows: Sequence[Row], options: dict[str, str], by: Person) -> list[Problem]:
    """Faults of a table of population, by row and field; nothing is written."""
    known = Division.objects.in_bulk({full_code(row.cells["code"]) for row in rows})
    seen: dict[tuple[str, str], int] = {}
    problems = []
    for row in rows:
        code, year = full_code(row.cells["code"]), row.cells["year"]
        if code not in known or not covers(by.scope, code):
            problems.append(Problem(row.number, "区划代码", _("您的辖区内没有这个代码"), _("填 6、9 或 12 位代码")))
        if not year.isdecimal() or not 1949 <= int(year) <= 2100:
            problems.append(Problem(row.number, "年份", _("不是四位年份"), _("如 2025")))
        if not _whole(row.cells["residents"]):
            problems.append(Problem(row.number, "常住人口", _("不是大于 0 的整数"), _("单位是人，不是万人")))
        first = seen.setdefault((code, year), row.number)
        if first != row.number:
            reason = _("与第 %(first)s 行是同一区划同一年") % {"first": first}
            problems.append(Problem(row.number, "年份", reason, _("只保留一行")))
    return problems


def _whole(text: str) -> int:
    """A whole number, with or without commas between the thousands; 0 when it is none."""
    digits = text.replace(",", "")
    return int(digits) if digits.isascii() and digits.isdecimal() else 0


@transaction.atomic
def import_population(rows: Sequence[Row], options: dict[str, str], by: Person, at: datetime) -> int:
    """Write every row of a checked table, over what stood there. Raises NotAPopulation with the row."""
    require_editor(by)
    figures = []
    for row in rows:
        year, residents = int(row.cells["year"]), _whole(row.cells["residents"])
        try:
            check_population(year, residents, at.year)
        except NotAPopulation as broken:
            raise NotAPopulation(_("第 %(row)s 行：%(why)s") % {"row": row.number, "why": broken}) from None
        code = full_code(row.cells["code"])
        figures.append(Population(division_id=code, year=year, residents=residents, source=row.cells["source"]))
    _write(figures)
    places = Division.objects.in_bulk({figure.division_id for figure in figures})
    acts = [
        Act("places.population.set", places[f.division_id],
            {"year": f.year, "residents": f.residents, "source": f.source}, f.division_id)
        for f in figures
    ]  # fmt: skip
    record_many(acts, by=by, at=at)
    return len(figures)


# The sheet is a Chinese document whoever reads the page: its headings do not change with the language.
POPULATION = ImportKind(
    kind="population",
    title="常住人口",
    columns=(
        Column("code", "区划代码", help="6、9 或 12 位", example="360902"),
        Column("year", "年份", example="2025"),
        Column("residents", "常住人口", help="年末常住人口，单位：人", example="1138600"),
        Column("source", "来源", help="哪一期统计公报或年鉴", example="宜春市2025年国民经济和社会发展统计公报"),
    ),
    allow=require_editor,
    check=check_population_rows,
    apply=import_population,
    back="places:divisions",
)


def _write(figures: list[Population]) -> None:
    """Insert, or put over what stands there with the next version."""
    inside = Population.objects.filter(division__in={f.division_id for f in figures})
    versions = {
        (division, year): version for division, year, version in inside.values_list("division_id", "year", "version")
    }
    for figure in figures:
        figure.version = versions.get((figure.division_id, figure.year), 0) + 1
    Population.objects.bulk_create(
        figures, batch_size=1000, update_conflicts=True, unique_fields=["division", "year"],
        update_fields=["residents", "source", "demonstration", "version"],
    )  # fmt: skip


def full_code(text: str) -> str:
    """A code as people write it (6, 9 or 12 digits) in full; blank when it is none."""
    return text.ljust(LENGTH, "0") if text.isdecimal() and len(text) in {2, 4, 6, 9, 12} else ""


@dataclass(frozen=True)
class BoundaryFile:
    """A GeoJSON file that was brought, matched against the divisions; nothing of it is saved yet."""

    name: str
    source: str
    features: list[Matched]

    @property
    def good(self) -> list[Matched]:
        return [found for found in self.features if found.good]

    @property
    def bad(self) -> list[Matched]:
        return [found for found in self.features if not found.good]


def read_boundary_file(*, token: str, source: str, by: Person) -> BoundaryFile:
    """Match the features of a kept file. Raises Document.DoesNotExist, NotGeoJson."""
    require_editor(by)
    document = document_of(token, by.username)
    return BoundaryFile(document.name, source, match_outlines(read_outlines(content_of(document)), by.scope))


@transaction.atomic
def import_boundaries(*, token: str, source: str, by: Person, at: datetime) -> int:
    """Save the outline of every matched division, over the old ones. Raises NothingMatches."""
    found = read_boundary_file(token=token, source=source, by=by).good
    if not found:
        raise NothingMatches(_("没有一个要素对得上区划，未导入。请在要素属性中加上区划代码。"))
    rows = [Boundary(division=m.division, geometry=m.outline.geometry, source=source) for m in found if m.division]
    Boundary.objects.bulk_create(
        rows, batch_size=200, update_conflicts=True, unique_fields=["division"], update_fields=["geometry", "source"]
    )
    acts = [Act("places.boundary.set", row.division, {"source": source}, row.division_id) for row in rows]
    record_many(acts, by=by, at=at)
    return len(rows)


@transaction.atomic
def load_reference() -> dict[str, int]:
    """Bring the shipped divisions (国家统计局 2023), holidays and demonstration population in; idempotent."""
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
    return {"divisions": len(divisions), "holidays": len(holidays), "populations": _load_population()}


def _load_population() -> int:
    """Demonstration figures, never over a figure that somebody entered."""
    entered = set(Population.objects.filter(demonstration=False).values_list("division_id", "year"))
    shipped = [
        Population(
            division_id=row["code"], year=int(row["year"]), residents=int(row["residents"]), source=row["source"],
            demonstration=True,
        )
        for row in _rows("population_3609.csv")
    ]  # fmt: skip
    _write([figure for figure in shipped if (figure.division_id, figure.year) not in entered])
    return len(shipped)


def _division_rows() -> Iterator[tuple[str, str]]:
    for file, code, name in FILES:
        for row in _rows(file):
            yield row[code].ljust(LENGTH, "0"), row[name]


def _rows(file: str) -> Iterator[dict[str, str]]:
    with (DATA / file).open(encoding="utf-8") as lines:
        yield from csv.DictReader(lines)
