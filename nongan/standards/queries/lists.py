"""Rows for pages, exports and the API: public law, the same for every reader."""

from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Prefetch, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from nongan.accounts.rules import Permission
from nongan.common.work import Hit
from nongan.standards.models import Analyte, Ban, Commodity, Edition, Limit
from nongan.standards.queries.book import book
from nongan.standards.queries.names import find_analyte, find_commodity, pick_analytes, pick_commodities

if TYPE_CHECKING:
    from nongan.accounts.models import User

LIMIT_ORDER = ("analyte__name", "edition__valid_from", "pk")
BAN_ORDER = ("analyte__name", "valid_from", "pk")
EDITION_ORDER = ("series", "-valid_from", "pk")
ANALYTE_ORDER = ("kind", "name", "code")


def limits() -> "QuerySet[Limit]":
    named = Prefetch("exclusions", Commodity.objects.only("code", "name").order_by("code"))
    return Limit.objects.select_related("edition", "analyte", "commodity").prefetch_related(named)


def bans() -> "QuerySet[Ban]":
    return Ban.objects.select_related("analyte")


def limits_like(*, item: str = "", food: str = "", edition: str = "", on: date | None = None) -> "QuerySet[Limit]":
    """By item and by food: a food finds also the rows of the categories that it stands under, unless excepted."""
    rows = limits()
    if edition:
        rows = rows.filter(edition__code=edition)
    if item:
        code = find_analyte(item)
        rows = rows.filter(analyte=code) if code else rows.filter(analyte__name__icontains=item)
    if food:
        code = find_commodity(food)
        if code:
            ways = list(book().tree.chains(code))
            rows = rows.filter(commodity__in=ways).exclude(exclusions__in=ways)
        else:
            rows = rows.filter(Q(commodity__name__icontains=food) | Q(food_text__icontains=food))
    if on:
        ends = Q(edition__valid_to=None) | Q(edition__valid_to__gte=on)
        own = (Q(valid_from=None) | Q(valid_from__lte=on)) & (Q(valid_to=None) | Q(valid_to__gte=on))
        rows = rows.filter(ends, own, edition__valid_from__lte=on)
    return rows


def bans_like(*, item: str = "", food: str = "", status: str = "", on: date | None = None) -> "QuerySet[Ban]":
    rows = bans()
    if item:
        named = Q(analyte__name__icontains=item) | Q(listed_as__icontains=item)
        rows = rows.filter(named | Q(analyte=find_analyte(item) or ""))
    if food:
        code = find_commodity(food)
        if code:
            ways = list(book().tree.chains(code))
            scoped = Ban.scope.through.objects.filter(commodity__in=ways).values("ban_id")
            rows = rows.filter(Q(everywhere=True) | Q(pk__in=scoped))
        else:
            rows = rows.filter(scope_text__icontains=food)
    if status:
        rows = rows.filter(status=status)
    if on:
        rows = rows.filter(Q(valid_to=None) | Q(valid_to__gte=on), valid_from__lte=on)
    return rows


def analytes() -> "QuerySet[Analyte]":
    return Analyte.objects.all()


def editions() -> "QuerySet[Any]":
    """Editions with how many rows and items each has."""
    return Edition.objects.annotate(rows=Count("limits"), items=Count("limits__analyte", distinct=True))


def limit_counts(codes: list[str]) -> dict[str, int]:
    """Food → rows that hang on it itself."""
    counted = Limit.objects.filter(commodity__in=codes).values("commodity").annotate(n=Count("pk")).order_by()
    return dict(counted.values_list("commodity", "n"))


def search(user: "User", text: str) -> list[Hit]:
    """Foods and items for the global search."""
    if not user.may(Permission.STANDARDS_VIEW):
        return []
    foods = [
        Hit(code, name, _("食品"), reverse("standards:commodity", args=[code]))
        for code, name in pick_commodities(text, most=5)
    ]
    items = [
        Hit(code, name, _("检测项目"), reverse("standards:analyte", args=[code]))
        for code, name in pick_analytes(text, most=5)
    ]
    return foods + items
