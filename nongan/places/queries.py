"""Where things are, and which days count."""

from datetime import date

from django.core.cache import cache

from nongan.common.divisions import Level, chain_of, level_of
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
