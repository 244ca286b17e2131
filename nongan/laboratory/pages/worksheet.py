"""The worksheet: hundreds of results typed on one page."""

from collections.abc import Sequence
from dataclasses import replace

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from nongan.accounts.rules import Permission
from nongan.accounts.services import require
from nongan.common.errors import RuleBroken
from nongan.common.http import PageRequest, asked, download, go, page
from nongan.common.media import XLSX
from nongan.laboratory import services
from nongan.laboratory.forms import read_worksheet
from nongan.laboratory.models import Specimen
from nongan.laboratory.queries.specimens import specimens_visible_to
from nongan.laboratory.queries.worksheet import Sheet, as_typed, sheet_of, waiting, with_conflicts
from nongan.laboratory.rules.entry import HEADINGS, LONGEST
from nongan.laboratory.rules.spreadsheet import worksheet_table
from nongan.laboratory.rules.states import SpecimenState
from nongan.laboratory.rules.units import USUAL

CODES_IN_ADDRESS = 100  # longer addresses are not taken everywhere


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
    today = timezone.localdate()
    name = _("检测结果录入表")  # inside the f-string it would not be found for translation
    return download(worksheet_table(sheet.rows, today), f"{name}-{today}.xlsx", XLSX)


def _chosen(request: PageRequest) -> list[Specimen]:
    codes = [code.strip().upper() for code in request.GET.getlist("code") if code.strip()]
    return waiting(request.user, codes, asked(request, "of"))


def _by_analyte(request: PageRequest) -> bool:
    return asked(request, "by") == "analyte"


def _save(request: PageRequest) -> HttpResponse:
    """Save what was typed; with “提交复核” hand in the specimens that are whole; the others stay to be mended."""
    at = timezone.now()
    specimens = list(
        specimens_visible_to(request.user).filter(code__in=request.POST.getlist("code")).order_by("received_at", "pk")
    )
    sheet = sheet_of(specimens, by_analyte=_by_analyte(request))
    posted = read_worksheet(request.POST, sheet, at)
    typed = as_typed(sheet, posted.typed, posted.seen)
    if posted.day is None:
        return _show(request, typed, day=posted.day_text, day_fault=posted.day_fault, status=422)
    try:
        saved = services.enter_results(entries=posted.entries(sheet), tested_on=posted.day, by=request.user, at=at)
    except RuleBroken as broken:
        return _show(request, typed, day=posted.day_text, refusal=str(broken), status=422)
    handing_in = request.POST.get("do") == "submit"
    sheet = sheet_of(specimens, by_analyte=_by_analyte(request), missing=handing_in)
    sheet = with_conflicts(sheet, posted.typed, saved.conflicts)
    left = [specimen for specimen in specimens if specimen.state == SpecimenState.RECEIVED]
    if handing_in:
        whole = sorted(set(sheet.whole) & {specimen.code for specimen in left})
        try:
            services.submit(codes=whole, by=request.user, at=at)
        except RuleBroken as broken:
            return _show(request, sheet, day=posted.day_text, refusal=str(broken), status=422)
        left = [specimen for specimen in left if specimen.code not in whole]
    if saved.conflicts:
        codes = {specimen.code for specimen in left} | {code for code, _analyte in saved.conflicts}
        return _show(request, _of(sheet, codes), day=posted.day_text, status=409)
    if handing_in and not left:
        return go(request, reverse("laboratory:specimens") + "?state=entered")
    return go(request, _address(request, left, check=handing_in))


def _of(sheet: Sheet, codes: set[str]) -> Sheet:
    """The sheet of some of its specimens."""
    specimens = [specimen for specimen in sheet.specimens if specimen.code in codes]
    return replace(sheet, specimens=specimens, rows=[row for row in sheet.rows if row.code in codes])


def _address(request: PageRequest, left: Sequence[Specimen], *, check: bool) -> str:
    """The worksheet again: of the specimens that are left where the address can name them, else as it was asked for."""
    query = request.GET.copy()
    if len(left) <= CODES_IN_ADDRESS and (check or "code" in query):
        query.setlist("code", [specimen.code for specimen in left])
        query.pop("of", None)
    query.pop("check", None)
    if check:
        query["check"] = "1"
    return f"{request.path}?{query.urlencode()}"


def _show(
    request: PageRequest, sheet: Sheet, *, day: str, day_fault: str = "", refusal: str = "", status: int = 200
) -> HttpResponse:
    query = request.GET.copy()
    query.pop("by", None)
    query.pop("check", None)
    context = {
        "sheet": sheet,
        "day": day,
        "today": timezone.localdate().isoformat(),
        "day_fault": day_fault,
        "refusal": refusal,
        "headings": HEADINGS,
        "longest": LONGEST,
        "units": USUAL,
        "query": query.urlencode(),
        "by_analyte": _by_analyte(request),
        "returned": [specimen for specimen in sheet.specimens if specimen.return_reason],
        "checked": "check" in request.GET,
    }
    return page(request, "laboratory/worksheet.html", context, status=status)
