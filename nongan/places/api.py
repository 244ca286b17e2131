"""Divisions for systems: the tree, its residents, its outlines."""

from typing import Any

from django.utils import timezone
from ninja import Field as F
from ninja import Path, Query, Router, Schema

from nongan.common.api import DivisionCode, Refusal, Text, Token
from nongan.common.http import ApiRequest
from nongan.common.keyset import keyset_page
from nongan.places import queries, services
from nongan.places.models import Division, Population

router = Router(tags=["places"])


class PopulationOut(Schema):
    year: int
    residents: int
    source: str
    demonstration: bool
    version: int


class DivisionOut(Schema):
    code: str
    name: str
    level: int = F(description="Digits that name the division: 2 province, 4 city, 6 county, 9 township, 12 village.")
    parent: str | None
    children: int
    population: PopulationOut | None = F(description="The latest known residents.")
    outlined: bool


class DivisionsOut(Schema):
    items: list[DivisionOut]
    next: str


class DivisionsIn(Schema):
    parent: DivisionCode = F("", description="Full code; its children are listed. Blank: provinces.")
    text: Text = F(
        "", description="Part of the name, or the beginning of a code: everything inside `parent` that fits."
    )
    at: Token = ""


class OutlineOut(Schema):
    code: str
    source: str
    geometry: dict[str, Any]


class PopulationIn(Schema):
    residents: int = F(ge=1, le=2_000_000_000, description="Persons, at the end of the year.")
    source: str = F(min_length=1, max_length=200)
    version: int | None = F(None, description="Of the figure that is corrected; none for a new one.")


@router.get("/divisions", response=DivisionsOut)
def list_divisions(request: ApiRequest, query: Query[DivisionsIn]) -> dict[str, Any]:
    """The next level down, by code; with `text`, a search."""
    inside = queries.divisions_in(query.parent) if query.parent else Division.objects.order_by("code")
    rows = queries.divisions_matching(inside, query.text) if query.text else queries.levels_below(query.parent)
    found = keyset_page(rows, order=("code",), at=query.at)
    return {"items": _divisions(found.rows), "next": found.next}


@router.get("/divisions/{code}", response={200: DivisionOut, 404: Refusal})
def get_division(request: ApiRequest, code: str) -> dict[str, Any]:
    return _divisions([queries.division(code)])[0]


@router.get("/divisions/{code}/population", response={200: list[PopulationOut], 404: Refusal})
def list_population(request: ApiRequest, code: str) -> list[Population]:
    """Residents of all known years, latest first."""
    return list(queries.populations_of(queries.division(code).code))


@router.put(
    "/divisions/{code}/population/{year}", response={200: PopulationOut, 403: Refusal, 404: Refusal, 409: Refusal}
)
def set_population(request: ApiRequest, code: str, year: Path[int], body: PopulationIn) -> Population:
    """Enter or correct the residents of a year."""
    return services.set_population(
        division=code, year=year, residents=body.residents, source=body.source, seen=body.version,
        by=request.auth, at=timezone.now(),
    )  # fmt: skip


@router.get("/divisions/{code}/outline", response={200: OutlineOut, 404: Refusal})
def get_outline(request: ApiRequest, code: str) -> dict[str, Any]:
    """The imported outline as GeoJSON geometry; 404 when none was imported."""
    found = queries.outline(code)
    return {"code": code, "source": found.source, "geometry": found.geometry}


def _divisions(rows: list[Division]) -> list[dict[str, Any]]:
    known = queries.known_of([row.code for row in rows], timezone.localdate().year)
    return [
        {
            "code": row.code, "name": row.name, "level": row.level, "parent": row.parent_id,
            "children": known[row.code].children, "population": known[row.code].population,
            "outlined": known[row.code].outlined,
        }
        for row in rows
    ]  # fmt: skip
