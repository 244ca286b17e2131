"""Where things are, and which days count."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.cache import cache
from django.db.models import Case, Count, Q, QuerySet, Value, When
from django.utils.translation import gettext as _

from nongan.common.divisions import LENGTH, Level, chain_of, covers, level_of
from nongan.places.models import Boundary, Division, DivisionQuerySet, Holiday, Population
from nongan.places.rules import Calendar, Outline

CACHED_FOR = 300  # seconds
PLACE_EDIT = "place.edit"


def division(code: str) -> Division:
    """One division by full code. Raises Division.DoesNotExist."""
    return Division.objects.get(pk=code)


def divisions_in(code: str) -> DivisionQuerySet:
    """The division and everything in it, ordered by code."""
    return Division.objects.inside(code).order_by("code")


def divisions_matching(divisions: DivisionQuerySet, text: str) -> DivisionQuerySet:
    """Those whose name holds the text, or whose code begins with it."""
    if text.isdecimal():
        return divisions.filter(code__startswith=text)
    return divisions.filter(name__contains=text)


def levels_below(code: str) -> DivisionQuerySet:
    """The next level down; of the whole country (blank) the provinces."""
    return children_of(code) if code else Division.objects.at(Level.PROVINCE).order_by("code")


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


def may_edit(user: Any, code: str) -> bool:
    """May this person keep population and boundary of the division? Accounts stand above: known by `may`, `scope`."""
    return bool(user.may(PLACE_EDIT)) and covers(user.scope, code)


@dataclass(frozen=True)
class Known:
    """What is known of a division besides its name: children, latest residents, whether an outline was imported."""

    children: int = 0
    population: Population | None = None
    outlined: bool = False


def known_of(codes: list[str], year: int) -> dict[str, Known]:
    """Three queries for a page of divisions; residents are the latest up to the year."""
    counted = Division.objects.filter(parent__in=codes).order_by().values("parent_id").annotate(n=Count("code"))
    children = {row["parent_id"]: row["n"] for row in counted}
    rows = Population.objects.filter(division__in=codes, year__lte=year).order_by("year")
    population = {row.division_id: row for row in rows}
    outlined = set(Boundary.objects.filter(pk__in=codes).values_list("pk", flat=True))
    return {code: Known(children.get(code, 0), population.get(code), code in outlined) for code in codes}


def populations_of(code: str) -> "QuerySet[Population]":
    """All years of a division, latest first."""
    return Population.objects.filter(division_id=code).order_by("-year")


def outline(code: str) -> Boundary:
    """The imported outline of a division. Raises Boundary.DoesNotExist."""
    return Boundary.objects.get(pk=code)


def boundary_of(code: str) -> Boundary | None:
    return Boundary.objects.filter(pk=code).first()


def match_outlines(outlines: list[Outline], scope: str) -> list["Matched"]:
    """Which division of a scope each feature of a GeoJSON file is: by its code, else by a name that only one bears."""
    inside = Division.objects.inside(scope)
    by_code = inside.in_bulk([o.code for o in outlines if o.code])
    by_name: dict[str, list[Division]] = {}
    for found in inside.filter(name__in={o.name for o in outlines if o.name}):
        by_name.setdefault(found.name, []).append(found)
    taken: dict[str, int] = {}
    return [_matched(outline, by_code, by_name, taken) for outline in outlines]


@dataclass(frozen=True)
class Matched:
    """A feature and its division, or the reason why it will not be imported."""

    outline: Outline
    division: Division | None
    reason: str = ""

    @property
    def good(self) -> bool:
        return self.division is not None and not self.reason


def _matched(
    outline: Outline, by_code: dict[str, Division], by_name: dict[str, list[Division]], taken: dict[str, int]
) -> Matched:
    named = by_name.get(outline.name, [])
    division = by_code.get(outline.code) or (named[0] if len(named) == 1 and not outline.code else None)
    if division is None:
        if outline.code:
            return Matched(outline, None, _("您的辖区内没有代码 %(code)s") % {"code": outline.code})
        if named:
            return Matched(outline, None, _("有 %(n)s 个区划叫这个名称，请在属性中加代码") % {"n": len(named)})
        return Matched(
            outline, None, _("属性中没有区划代码，名称也对不上") if outline.name else _("属性中没有代码和名称")
        )
    first = taken.setdefault(division.code, outline.number)
    if first != outline.number:
        return Matched(outline, division, _("与第 %(n)s 个要素是同一区划") % {"n": first})
    return Matched(outline, division, outline.fault)


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
