"""Figures for systems: definitions, values, and the records behind them."""

from datetime import date, datetime
from typing import Any

from ninja import Field, Query, Router, Schema

from nongan.accounts.rules import Permission
from nongan.accounts.services import require
from nongan.common.http import ApiRequest
from nongan.common.quantity import plain
from nongan.indicators.queries import figures, records
from nongan.indicators.queries.catalogue import definition, definitions, words
from nongan.indicators.rules.definition import Definition
from nongan.indicators.rules.figures import Figure
from nongan.indicators.rules.periods import parse_period

router = Router(tags=["indicators"])

PERIOD = "2026-05, 2026-Q2, 2026, since-2026-01-01 or all"


class DefinitionOut(Schema):
    code: str
    name: str
    why: str
    source: str
    evidence: str = Field(description="The evidence view whose rows are counted.")
    kind: str
    unit: str
    direction: str
    numerator: str
    denominator: str
    passing: str
    failing: str


class ValueOut(Schema):
    """`value` is cut towards the side that the target is not on, never rounded; null where there is no data."""

    indicator: str
    division: str
    period: str
    value: str | None
    unit: str
    per_head: str | None = Field(description="A count per so many residents; null where these are not known.")
    per_head_unit: str | None
    numerator: str | None
    denominator: str | None
    interval: list[str] | None = Field(description="Wilson's 95 % interval of a share, in percent.")
    computed_at: datetime | None


class ValuesIn(Schema):
    division: str = Field("", description="Full code; blank for your own.")
    period: str = Field("all", description=PERIOD)
    indicator: str = Field("", description="One code; blank for all.")
    inside: bool = Field(False, description="The divisions one level down instead of the division itself.")


class RecordsIn(Schema):
    division: str = Field("", description="Full code; blank for your own.")
    period: str = Field("all", description=PERIOD)
    passing: bool = True
    at: str = Field("", description="`next` of the page before.")


class RecordOut(Schema):
    number: str
    title: str
    division: str
    date: date
    url: str


class RecordsOut(Schema):
    indicator: str
    division: str
    period: str
    count: int
    computed_at: datetime | None
    items: list[RecordOut]
    next: str


def _definition(one: Definition) -> dict[str, Any]:
    fields = ("code", "source", "kind", "unit", "direction")
    return {name: getattr(one, name) for name in fields} | words(one).model_dump() | {"evidence": one.view}


def _value(figure: Figure, division: str, period: object, at: datetime | None) -> dict[str, Any]:
    known = [None if number is None else plain(number) for number in (figure.numerator, figure.denominator)]
    return {
        "indicator": figure.definition.code, "division": division, "period": str(period),
        "value": figure.text or None, "unit": figure.definition.unit, "per_head": figure.per_head or None,
        "per_head_unit": figure.head_unit or None, "numerator": known[0], "denominator": known[1],
        "interval": figure.interval, "computed_at": at,
    }  # fmt: skip


@router.get("/definitions", response=list[DefinitionOut])
def list_definitions(request: ApiRequest) -> list[dict[str, Any]]:
    """Every indicator that is computed, in words."""
    require(request.auth, Permission.INDICATOR_VIEW)
    return [_definition(one) for one in definitions().values()]


@router.get("/values", response=list[ValueOut])
def list_values(request: ApiRequest, query: Query[ValuesIn]) -> list[dict[str, Any]]:
    """Values of a division, or of the divisions in it, in one period."""
    division = figures.place_for(request.auth, query.division)
    period = parse_period(query.period)
    some = [definition(query.indicator)] if query.indicator else list(definitions().values())
    places = [part.code for part in figures.parts_of(division)] if query.inside else [division]
    read = figures.Figures([one.code for one in some], places, [period])
    shown = [read.shown(one, place, period) for one in some for place in places]
    return [_value(found.figure, found.division, found.period, found.at) for found in shown]


@router.get("/{code}/records", response=RecordsOut)
def list_records(request: ApiRequest, code: str, query: Query[RecordsIn]) -> dict[str, Any]:
    """The records behind a value, newest first: those that pass, or with `passing=false` those that fail."""
    division = figures.place_for(request.auth, query.division)
    one, period = definition(code), parse_period(query.period)
    passing = query.passing or one.kind == "count"
    found = records.behind(one, division, period)
    page = records.records(found, passing, at=query.at)
    return {
        "indicator": code, "division": division, "period": str(period), "count": found.count(passing),
        "computed_at": found.shown.at, "items": page.rows, "next": page.next,
    }  # fmt: skip
