"""Suggestions for boxes of any name in which somebody picks a food or an item."""

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from nongan.accounts.rules import Permission
from nongan.accounts.services import require
from nongan.common.http import PageRequest, page
from nongan.standards import queries


@require_GET
def commodity_options(request: PageRequest) -> HttpResponse:
    require(request.user, Permission.STANDARDS_VIEW)
    text = str(next(iter(request.GET.values()), "")).strip()
    return page(request, "ui/widgets/options.html", {"options": queries.pick_commodities(text)})


@require_GET
def analyte_options(request: PageRequest) -> HttpResponse:
    require(request.user, Permission.STANDARDS_VIEW)
    text = str(next(iter(request.GET.values()), "")).strip()
    return page(request, "ui/widgets/options.html", {"options": queries.pick_analytes(text)})
