"""Where things are, and which days count."""

import re
from datetime import date

from django.core.cache import cache
from django.db.models import Case, Q, Value, When

from nongan.common.divisions import LENGTH, Level, chain_of, level_of
from nongan.places.models import Boundary, Division, DivisionQuerySet, Holiday, Population
from nongan.places.rules import Calendar

CACHED_FOR = 300  # seconds


def division(code: str) -> Division:
    """One division by full code. Raises Division.DoesNotExist."""
    return Division.objects.get(pk=code)


def divisions_in(code: str) -> DivisionQuerySet:
    """The division and everything in it, ordered by code."""
    return Division.objects.inside(code).order_by("code")


def children_of(code: str) -> DivisionQuerySet:
    return Division.objects.filter(parent_id=code).order_by("code")


def find_divisions(text: str, scope: str, most: int = 12) -> list[Division]:
    """Divisions of a scope by code, by the beginning of a code, or by a part of the name; the nearest fit first.

    Takes the labels of `pick_divisions` too. The parent comes with each.
    """
    inside = Division.objects.inside(scope).select_related("parent")
    code = re.search(r"\d{2,12}", text)
    if code:
        digits = code.group()
        full = Q(code__gte=digits.ljust(LENGTH, "0"), code__lte=digits.ljust(LENGTH, "9"))
        return list(inside.filter(full).order_by("level", "code")[:most])
    exact = Case(When(name=text, then=Value(0)), When(name__startswith=text, then=Value(1)), default=Value(2))
    return list(inside.filter(name__contains=text).order_by(exact, "level", "code")[:most])


def pick_divisions(text: str, scope: str, most: int = 12) -> list[tuple[str, str]]:
    """(code, “name · parent · code”) for a box in which one picks a division."""
    return [
        (d.code, " · ".join(part for part in (d.name, d.parent.name if d.parent else "", d.code) if part))
        for d in find_divisions(text, scope, most)
    ]


def path_of(code: str) -> list[Division]:
    """From the province down to the division."""
    return list(Division.objects.filter(pk__in=chain_of(code)).order_by("level"))


def names_of(codes: "set[str] | list[str]") -> dict[str, str]:
    """Names by full code."""
    return dict(Division.objects.filter(pk__in=set(codes)).values_list("code", "name"))


def residents_of(code: str, year: int) -> int | None:
    """Residents in the year, or the latest year before it; None when nothing is known.

    Where the division itself has no figure, its children are added up, if all of them have one.
    """
    own = Population.objects.filter(division_id=code, year__lte=year).order_by("-year").first()
    if own:
        return own.residents
    children = list(children_of(code).values_list("code", flat=True)) if level_of(code) < Level.TOWNSHIP else []
    counts = [residents_of(child, year) for child in children]
    known = [n for n in counts if n is not None]
    return sum(known) if known and len(known) == len(counts) else None


def residents_by_division(code: str, year: int) -> dict[str, int]:
    """Residents of every division inside `code` that has a figure of the year or before it: one query."""
    rows = Population.objects.filter(year__lte=year, division__in=Division.objects.inside(code)).order_by("year")
    return dict(rows.values_list("division_id", "residents"))


def boundaries_of(codes: list[str]) -> dict[str, object]:
    """GeoJSON geometries by code, of those that were imported."""
    return dict(Boundary.objects.filter(pk__in=codes).values_list("division_id", "geometry"))


def working_calendar() -> Calendar:
    """The holiday table as a value for rules."""
    special: dict[date, bool] | None = cache.get("places.calendar")
    if special is None:
        special = dict(Holiday.objects.values_list("day", "works"))
        cache.set("places.calendar", special, CACHED_FOR)
    return Calendar(special)
