"""Specimens: list, facts, refusal."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from nongan.accounts.rules import Permission
from nongan.accounts.services import require
from nongan.common.errors import RuleBroken
from nongan.common.http import PageRequest, download, go, listed, page
from nongan.common.media import XLSX
from nongan.common.spreadsheet import write_table
from nongan.laboratory import services
from nongan.laboratory.forms import RejectForm, SpecimenFilter
from nongan.laboratory.models import Specimen
from nongan.laboratory.queries.reports import reports_visible_to
from nongan.laboratory.queries.specimens import history, progress_of, specimens_visible_to, tests_of
from nongan.laboratory.queries.worksheet import faults_of
from nongan.laboratory.rules.report import Verdict
from nongan.laboratory.rules.states import SpecimenState

ORDER = ("-received_at", "-pk")
TONES = {
    Verdict.PASS.value: "ok",
    Verdict.FAIL.value: "bad",
    Verdict.UNDECIDED.value: "warn",
    Verdict.UNJUDGED.value: "idle",
}


@require_GET
def specimens(request: PageRequest) -> HttpResponse:
    require(request.user, Permission.SPECIMEN_VIEW)
    chosen = SpecimenFilter(request.GET, queryset=specimens_visible_to(request.user))
    if request.GET.get("export"):
        heads = [
            _("盲样编号"),
            _("食品"),
            _("生产日期"),
            _("抽样日期"),
            _("收样时间"),
            _("状态"),
            _("结论"),
            _("退回原因"),
        ]
        return download(write_table(_("检测样品"), heads, _exported(chosen.qs)), _("检测样品") + ".xlsx", XLSX)
    found = listed(request, chosen.qs, order=ORDER)
    context = {
        "page": found,
        "form": chosen.form,
        "progress": progress_of(found.rows),
        "may_enter": request.user.may(Permission.RESULT_ENTER),
        "may_verify": request.user.may(Permission.RESULT_VERIFY),
        "may_sign": request.user.may(Permission.REPORT_SIGN),
        "tones": TONES,
    }
    return page(request, "laboratory/specimens.html", context, part="list")


def _exported(rows: Any) -> Iterator[tuple[Any, ...]]:
    for s in rows.order_by(*ORDER).iterator(2000):
        yield (
            s.code, s.commodity.name, s.produced_on, s.sampled_on, s.received_at, s.get_state_display(),
            s.get_verdict_display() if s.verdict else "", s.return_reason,
        )  # fmt: skip


@require_GET
def specimen(request: PageRequest, code: str) -> HttpResponse:
    require(request.user, Permission.SPECIMEN_VIEW)
    found = get_object_or_404(
        specimens_visible_to(request.user).select_related("submitted_by", "verified_by"), code=code
    )
    return page(request, "laboratory/specimen.html", _facts(request, found))


def _facts(request: PageRequest, found: Specimen) -> dict[str, Any]:
    tests = list(tests_of([found]))
    own = request.user.pk in {test.entered_by_id for test in tests} | {found.submitted_by_id}
    may = request.user.may
    return {
        "found": found,
        "tests": [(test, faults_of(test.typed) if test.text else {}) for test in tests],
        "filled": sum(bool(test.text) for test in tests),
        "reports": reports_visible_to(request.user).filter(specimen=found).order_by("-revision"),
        "history": history(found),
        "tones": TONES,
        "own": own,
        "may_enter": may(Permission.RESULT_ENTER) and found.state == SpecimenState.RECEIVED,
        "may_verify": may(Permission.RESULT_VERIFY) and found.state == SpecimenState.ENTERED,
        "may_sign": may(Permission.REPORT_SIGN) and found.state == SpecimenState.VERIFIED,
        "may_return": may(Permission.RESULT_VERIFY) and found.state in {SpecimenState.ENTERED, SpecimenState.VERIFIED},
    }


@require_http_methods(["GET", "POST"])
def reject(request: PageRequest, code: str) -> HttpResponse:
    require(request.user, Permission.RESULT_ENTER)
    found = get_object_or_404(specimens_visible_to(request.user), code=code)
    form = RejectForm(request.POST or None, initial={"version": found.version})
    refusal = ""
    if form.is_valid():
        typed = form.cleaned_data
        try:
            services.reject_specimen(
                code=code, seen=typed["version"], cause=typed["cause"], note=typed["note"], by=request.user,
                at=timezone.now(),
            )  # fmt: skip
            return go(request, "laboratory:specimen", code)
        except RuleBroken as broken:
            refusal = str(broken)
    context = {"form": form, "found": found, "refusal": refusal, "cancel": reverse("laboratory:specimen", args=[code])}
    return page(request, "laboratory/reject.html", context, status=422 if form.errors or refusal else 200)


@require_POST
def leave_unjudged(request: PageRequest, code: str) -> HttpResponse:
    """The signatory's word on one undecided item."""
    found = get_object_or_404(specimens_visible_to(request.user), code=code)
    typed = request.POST
    try:
        services.leave_unjudged(
            code=code, seen=_whole(typed.get("version", "")), analyte=typed.get("analyte", ""),
            reason=typed.get("reason", ""), by=request.user, at=timezone.now(),
        )  # fmt: skip
    except RuleBroken as broken:
        context = _facts(request, found) | {"refusal": str(broken), "typed": typed}
        return page(request, "laboratory/specimen.html", context, status=422)
    return go(request, "laboratory:specimen", code)


def _whole(text: str) -> int:
    return int(text) if text.isdecimal() else 0
