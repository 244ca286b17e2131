"""The public site: no login, phone first."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.views.decorators.http import require_GET

from nongan.common.http import PageRequest, page


@login_not_required
@require_GET
def home(request: PageRequest) -> HttpResponse:
    return page(request, "portal/home.html", {})
