"""The worksheet: hundreds of results typed on one page."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from nongan.accounts.rules import Permission
from nongan.accounts.services import require
from nongan.common.errors import RuleBroken
from nongan.common.http import PageRequest, download, go
from nongan.common.media import XLSX
from nongan.laboratory import services
from nongan.laboratory.forms import read_worksheet
from nongan.laboratory.models import Specimen
from nongan.laboratory.queries.specimens import specimens_visible_to
from nongan.laboratory.queries.worksheet import as_typed, sheet_of, waiting, with_conflicts
from nongan.laboratory.rules.spreadsheet import worksheet_table


@require_http_methods(["GET", "POST"])
def worksheet(request: PageRequest) -> HttpResponse:
    require(request.user, Permission.RESULT_ENTER)
    if request.method == "POST":
        return _save(request)
    sheet = sheet_of(_chosen(request), by_analyte=_by_analyte(request), missing="check" in request.GET)
    return _show(request, sheet, day=timezone.localdate().isoformat())


@require_GET
def worksheet_file(request: PageRequest) -> HttpResponse:
    """The same rows to fill in elsewhere, with what is known already; comes back through the import of results."""
    require(request.user, Permission.RESULT_ENTER)
    sheet = sheet_of(_chosen(request), by_analyte=_by_analyte(request))
    today = timezone.localdate().isoformat()
    return download(worksheet_table(sheet.rows), f"{_('检测结果录入表')}-{today}.xlsx", XLSX)


def _chosen(request: PageRequest) -> list[Specimen]:
    codes = [code.strip().upper() for code in request.GET.getlist("code") if code.strip()]
    return waiting(request.user, codes, request.GET.get("of", ""))


def _by_analyte(request: PageRequest) -> bool:
    return request.GET.get("by") == "analyte"


def _save(request: PageRequest) -> HttpResponse:
    """Save what was typed; with “提交复核” hand in the specimens that are whole. What is not whole stays to be mended."""
    at = timezone.now()
    specimens = list(
        specimens_visible_to(request.user).filter(code__in=request.POST.getlist("code")).order_by("received_at", "pk")
    )
    sheet = sheet_of(specimens, by_analyte=_by_analyte(request))
    posted = read_worksheet(request.POST, sheet, at)
    if posted.day is None or posted.day_fault:
        return _show(
            request, as_typed(sheet, posted.typed), day=posted.day_text, day_fault=posted.day_fault, status=422
        )
    try:
        saved = services.enter_results(entries=posted.entries(sheet), tested_on=posted.day, by=request.user, at=at)
    except RuleBroken as broken:
        return _show(request, as_typed(sheet, posted.typed), day=posted.day_text, refusal=str(broken), status=422)
    handing_in = request.POST.get("do") == "submit"
    sheet = sheet_of(specimens, by_analyte=_by_analyte(request), missing=handing_in)
    sheet = with_conflicts(sheet, posted.typed, saved.conflicts)
    if handing_in and (whole := sheet.whole):
        try:
            services.submit(codes=whole, by=request.user, at=at)
        except RuleBroken as broken:
            return _show(request, sheet, day=posted.day_text, refusal=str(broken), status=422)
        left = [specimen.code for specimen in specimens if specimen.code not in whole]
        if not left:
            return go(request, reverse("laboratory:specimens") + "?state=entered")
        specimens = [specimen for specimen in specimens if specimen.code in left]
    if saved.conflicts:
        return _show(request, _of(sheet, specimens), day=posted.day_text, status=409)
    return go(request, _address(request, specimens, check=handing_in))
