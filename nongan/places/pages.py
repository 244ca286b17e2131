"""Divisions, population, boundaries."""

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from nongan.common.http import PageRequest, asked, page
from nongan.places import queries


@require_GET
def division_options(request: PageRequest) -> HttpResponse:
    """Suggestions for a box of any name in which somebody picks a division (common.fields.PickField)."""
    text = asked(request, next(iter(request.GET), ""))
    options = queries.pick_divisions(text, request.user.scope)
    return page(request, "ui/widgets/options.html", {"options": options})
