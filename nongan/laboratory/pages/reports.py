"""Reports: to be read and printed, and withdrawn."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from nongan.accounts.rules import Permission
from nongan.accounts.services import require
from nongan.common.errors import RuleBroken
from nongan.common.http import PageRequest, go, page
from nongan.laboratory import services
from nongan.laboratory.forms import WithdrawForm
from nongan.laboratory.models import Report
from nongan.laboratory.pages.specimens import TONES
from nongan.laboratory.queries.reports import content_of, is_intact, replacing, reports_visible_to


@require_GET
def report(request: PageRequest, number: str) -> HttpResponse:
    require(request.user, Permission.SPECIMEN_VIEW)
    found = _report(request, number)
    context = {
        "found": found,
        "content": content_of(found),
        "intact": is_intact(found),
        "replaced_by": replacing(found),
        "tones": TONES,
        "may_withdraw": request.user.may(Permission.REPORT_SIGN) and found.withdrawn_at is None,
    }
    return page(request, "laboratory/report.html", context)


@require_http_methods(["GET", "POST"])
def withdraw(request: PageRequest, number: str) -> HttpResponse:
    require(request.user, Permission.REPORT_SIGN)
    found = _report(request, number)
    form = WithdrawForm(request.POST or None)
    refusal = ""
    if form.is_valid():
        try:
            services.withdraw_report(
                number=number, reason=form.cleaned_data["reason"], by=request.user, at=timezone.now()
            )
            return go(request, "laboratory:report", number)
        except RuleBroken as broken:
            refusal = str(broken)
    context = {
        "form": form,
        "found": found,
        "refusal": refusal,
        "cancel": reverse("laboratory:report", args=[number]),
    }
    return page(request, "laboratory/withdraw.html", context, status=422 if form.errors or refusal else 200)


def _report(request: PageRequest, number: str) -> Report:
    return get_object_or_404(reports_visible_to(request.user), number=number)
