"""Samples: the list, one sample, its photographs and papers."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from nongan.accounts.rules import Permission
from nongan.accounts.services import require
from nongan.common.errors import RuleBroken
from nongan.common.http import PageRequest, asked, download, go, listed, page
from nongan.common.media import DOCX, XLSX
from nongan.common.paper import sheet
from nongan.common.related import related
from nongan.common.spreadsheet import write_table
from nongan.documents.queries import link_to
from nongan.documents.rules import IMAGES
from nongan.journal.queries import timeline
from nongan.laboratory.queries import report_of
from nongan.monitoring import queries, services
from nongan.monitoring.forms import FilesForm, SampleFilter, panel_choices
from nongan.monitoring.models import Sample, SampleQuerySet
from nongan.monitoring.rules import (
    CONCLUDED,
    SampleKind,
    SampleState,
    Verdict,
    is_correctable,
    is_publishable,
    sampling_form,
)
from nongan.places.queries import path_of

MOST_EXPORTED = 100_000  # rows of one file
TONES = {Verdict.PASS.value: "ok", Verdict.FAIL.value: "bad", Verdict.UNDECIDED.value: "warn",
         Verdict.UNJUDGED.value: "idle"}  # fmt: skip


@require_GET
def samples(request: PageRequest) -> HttpResponse:
    require(request.user, Permission.SAMPLE_VIEW)
    named = bool(asked(request, "text"))
    seen = queries.samples_visible_to(request.user, asked(request, "division"), rare=named)
    chosen = SampleFilter(request.GET, queryset=seen, by=request.user)
    if request.GET.get("export"):
        if not chosen.qs.order_by()[MOST_EXPORTED : MOST_EXPORTED + 1].exists():
            return download(_table(chosen.qs), _("抽样") + ".xlsx", XLSX)
        chosen.form.add_error("since", _("符合条件的超过 100,000 条，一次导不完。请先按日期或地区缩小范围。"))
    rows = chosen.qs.prefetch_related("subject", "commodity", "division")
    context = {
        "page": listed(request, rows, order=queries.NEWEST),
        "form": chosen.form,
        "asked": any(asked(request, name) for name in chosen.filters),
        "tones": TONES,
        "may_take": request.user.may(Permission.SAMPLE_TAKE),
        "may_publish": request.user.may(Permission.SAMPLE_PUBLISH),
    }
    return page(request, "monitoring/samples.html", context, part="list")


def _table(rows: SampleQuerySet) -> Any:
    heads = [
        _("抽样单号"), _("类别"), _("主体编号"), _("主体名称"), _("产品"), _("生产日期"), _("抽样日期"), _("抽样量"),
        _("单位"), _("包装"), _("区划代码"), _("抽样地"), _("抽样地点"), _("抽样人员"), _("抽样单位"), _("状态"),
        _("检测报告编号"), _("结论"), _("检出禁用物质"), _("不合格项目"), _("判定时间"), _("公布时间"), _("备注"),
    ]  # fmt: skip
    whole = rows.prefetch_related("subject", "commodity", "division", "organisation").order_by(*queries.NEWEST)
    return write_table(_("抽样"), heads, _lines(whole))


def _lines(rows: SampleQuerySet) -> Iterator[list[Any]]:
    for s in rows.iterator(chunk_size=2000):
        yield [
            s.number, s.get_kind_display(), s.subject.number, s.subject.name, s.commodity.name, s.produced_on,
            s.sampled_on, s.quantity, s.get_unit_display(), s.get_packaging_display(), s.division_id, s.division.name,
            s.place, s.samplers, s.organisation.name, s.get_state_display(), s.report, s.get_verdict_display(),
            _("是") if s.banned else "", s.finding, s.judged_at, s.published_at, s.note,
        ]  # fmt: skip


@require_GET
def sample(request: PageRequest, number: str) -> HttpResponse:
    return show(request, number, FilesForm())


@require_POST
def attach(request: PageRequest, number: str) -> HttpResponse:
    """Photographs and papers; what is refused is said on the page of the sample."""
    require(request.user, Permission.SAMPLE_TAKE)
    form = FilesForm(request.POST, request.FILES)
    if form.is_valid():
        files = [(file.name, file.read()) for file in form.cleaned_data["papers"]]
        try:
            services.attach_files(number=number, files=files, by=request.user, at=timezone.now())
            return go(request, "monitoring:sample", number)
        except RuleBroken as refusal:
            form.add_error("papers", str(refusal))
    return show(request, number, form)


def show(request: PageRequest, number: str, form: FilesForm) -> HttpResponse:
    seen = queries.samples_visible_to(request.user)
    found = get_object_or_404(seen.select_related("subject", "commodity", "organisation", "specimen"), number=number)
    may = request.user.may
    history = timeline(found)
    context = {
        "found": found,
        "path": path_of(found.division_id),
        "panel": panel_choices(found.panel),
        "report": report_of(found.specimen_id) if found.specimen_id and found.state in CONCLUDED else None,
        "withdrawn": _withdrawn(found, history),
        "files": _files(found, request.user.username),
        "form": form,
        "history": history,
        "related": related(request.user, found),
        "tones": TONES,
        "supervision": found.kind == SampleKind.SUPERVISION,
        "correctable": is_correctable(found.state),
        "publishable": is_publishable(found.state, found.verdict),
        "may_list": may(Permission.SAMPLE_VIEW),
        "may_take": may(Permission.SAMPLE_TAKE),
        "may_publish": may(Permission.SAMPLE_PUBLISH),
        "may_see_subject": may(Permission.SUBJECT_VIEW),
    }
    return page(request, "monitoring/sample.html", context, status=422 if form.errors else 200)


@require_GET
def paper(request: PageRequest, number: str) -> HttpResponse:
    """抽样单, to be printed and signed; after a correction it says what was corrected."""
    require(request.user, Permission.SAMPLE_VIEW)
    seen = queries.samples_visible_to(request.user).select_related("subject", "commodity", "organisation", "division")
    found = get_object_or_404(seen, number=number)
    corrected = [
        (timezone.localdate(line.at), line.note)
        for line in reversed(timeline(found))
        if line.action == "monitoring.sample.corrected"
    ]
    facts = {**queries.sampling_in_words(found), "division": "".join(str(d) for d in path_of(found.division_id))}
    made = sampling_form(found.number, found.organisation.name, found.kind, facts, corrected)
    return download(sheet(made), _("抽样单") + f"-{number}.docx", DOCX)


def _withdrawn(found: Sample, history: list[Any]) -> str:
    """The number of the report that was withdrawn and not yet replaced."""
    if found.state != SampleState.SENT:
        return ""
    last = next((line for line in history if line.action.startswith("monitoring.sample.")), None)
    return str(last.facts["report"]) if last is not None and last.action == "monitoring.sample.reopened" else ""


def _files(found: Sample, username: str) -> list[dict[str, Any]]:
    """Each with a link for this reader."""
    attached = found.attachments.select_related("document").order_by("pk")
    return [
        {"document": a.document, "link": link_to(a.document, username), "image": a.document.content_type in IMAGES}
        for a in attached
    ]
