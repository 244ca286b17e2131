"""Tasks: the list, one task, its reports."""

from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from nongan.accounts.rules import Permission
from nongan.accounts.services import require
from nongan.common.editing import Stale
from nongan.common.errors import RuleBroken
from nongan.common.http import PageRequest, download, go, listed, page
from nongan.common.media import XLSX
from nongan.common.spreadsheet import write_table
from nongan.documents.queries import link_to
from nongan.journal.queries import timeline
from nongan.places.queries import working_calendar
from nongan.programme.forms.tasks import ReasonForm, ReportForm, TaskFilter
from nongan.programme.models import Report, Task, TaskQuerySet
from nongan.programme.queries import tasks as queries
from nongan.programme.queries.overview import edits
from nongan.programme.queries.plans import adopted_plans
from nongan.programme.queries.reports import open_report, reports_on, reports_visible_to
from nongan.programme.rules.lights import TONES, Light, days_left
from nongan.programme.rules.states import ReportState
from nongan.programme.services import reports as services

ORDER = ("plan_version_id", "position", "pk")
PROGRESS_TONES = {"todo": "idle", "doing": "info", "waiting": "warn", "returned": "bad", "done": "ok"}
REPORT_TONES = {"draft": "idle", "submitted": "warn", "returned": "bad", "accepted": "ok"}


@require_GET
def tasks(request: PageRequest) -> HttpResponseBase:
    """One's own unit's tasks first; everything that one sees with `?whose=all`."""
    require(request.user, Permission.PLAN_VIEW)
    whose = request.GET.get("whose") or ("mine" if request.user.may(Permission.TASK_REPORT) else "all")
    if request.user.may(Permission.TASK_REVIEW) and not request.GET.get("whose"):
        whose = "all"
    mine = whose == "mine"
    seen = queries.tasks_visible_to(request.user)
    seen = seen.filter(queries.carried_by(request.user)) if mine else seen
    rows = queries.with_units(queries.with_progress(seen, request.user, mine=mine))
    at = queries.window_on(timezone.localdate())
    plans = [(v.plan_id, v.plan.title) for v in adopted_plans(request.user)]
    chosen = TaskFilter({**request.GET.dict(), "whose": whose}, queryset=rows, at=at, plans=plans)
    if request.GET.get("export"):
        return _export(chosen.qs, at)
    found = listed(request, chosen.qs, order=ORDER)
    context = {
        "page": found,
        "rows": [_row(task, at) for task in found.rows],
        "form": chosen.form,
        "mine": mine,
        "several": len(plans) > 1,
        "may_upload": request.user.may(Permission.PLAN_EDIT),
    }
    return page(request, "programme/tasks.html", context, part="list")


def _row(task: Task, at: Any) -> dict[str, Any]:
    light = queries.light_of(task, at)
    progress = queries.progress_of(task)
    return {
        "task": task,
        "light": light,
        "tone": TONES[light],
        "carriers": queries.carriers(task.units.all()),
        "progress": progress,
        "progress_tone": PROGRESS_TONES[progress],
    }


def _export(rows: TaskQuerySet, at: Any) -> HttpResponseBase:
    heads = [
        _("方案"), _("章"), _("章标题"), _("序号"), _("任务"), _("关键项"), _("分值"), _("牵头单位"), _("责任单位"),
        _("配合单位"), _("共同责任单位"), _("完成时限"), _("时限来源"), _("期限"), _("进展"), _("完成日期"),
    ]  # fmt: skip
    table = []
    for task in rows.order_by(*ORDER):
        units = {carrier.role: carrier.text for carrier in queries.carriers(task.units.all())}
        table.append([
            task.plan_version.plan.title, task.chapter, task.chapter_heading, task.number, task.text,
            _("是") if task.key else "", task.score, units.get("lead", ""), units.get("responsible", ""),
            units.get("support", ""), units.get("common", ""), task.due, task.get_due_from_display() or "",
            queries.light_of(task, at).label, queries.progress_of(task).label,
            timezone.localdate(task.line.done_at) if task.line.done_at else None,
        ])  # fmt: skip
    return download(write_table(_("任务"), heads, table), _("任务") + ".xlsx", XLSX)


def _task(request: PageRequest, task_id: int) -> Task:
    require(request.user, Permission.PLAN_VIEW)
    rows = queries.with_units(queries.with_progress(queries.tasks_visible_to(request.user), request.user))
    return get_object_or_404(rows, pk=task_id)


@require_GET
def task(request: PageRequest, task_id: int) -> HttpResponse:
    return _show(request, _task(request, task_id))


def _show(request: PageRequest, found: Task, returning: ReasonForm | None = None, wrong: int = 0) -> HttpResponse:
    """The page of a task; `returning` is the form that refused to send the report `wrong` back."""
    user, today = request.user, timezone.localdate()
    calendar = working_calendar()
    light = queries.light_of(found, queries.window_on(today))
    reports = list(reports_on(user, found))
    plan = found.plan_version.plan
    context = {
        "task": found,
        "plan": plan,
        "row": _row(found, queries.window_on(today)),
        "left": days_left(found.due, today, calendar) if found.due and light != Light.DONE else None,
        "organisations": queries.standing(found, reports, user),
        "tones": PROGRESS_TONES,
        "targets": list(found.targets.all()),
        "steps": list(found.line.steps.all()),
        "reports": [_report(request, report, returning if report.pk == wrong else None) for report in reports],
        "history": timeline(found.line),
        "may_report": _may_report(request, found),
        "own": open_report(user, found),
        "may_plan": user.may(Permission.TASK_REVIEW) and edits(user, plan),
    }
    return page(request, "programme/task.html", context, status=422 if returning else 200)


def _may_report(request: PageRequest, found: Task) -> bool:
    carried = Task.objects.filter(queries.carried_by(request.user), pk=found.pk).exists()
    return request.user.may(Permission.TASK_REPORT) and carried


def _report(request: PageRequest, report: Report, returning: ReasonForm | None) -> dict[str, Any]:
    judge = request.user.may(Permission.TASK_REVIEW) and report.state == ReportState.SUBMITTED
    return {
        "report": report,
        "tone": REPORT_TONES[report.state],
        "files": [(d, link_to(d, request.user.username)) for d in report.attachments.all()],
        "judge": judge,
        "own": report.by_id == request.user.pk,
        "form": returning or ReasonForm(initial={"version": report.version}, prefix=f"r{report.pk}"),
        "returning": returning is not None,
    }


@require_http_methods(["GET", "POST"])
def write_report(request: PageRequest, task_id: int) -> HttpResponse:
    """The own organisation's report on a task: a new one, or the one that is not accepted yet."""
    require(request.user, Permission.TASK_REPORT)
    found = _task(request, task_id)
    own = open_report(request.user, found)
    if own is not None and own.state == ReportState.SUBMITTED:
        return go(request, "programme:task", found.pk)
    initial = {"text": own.text, "completes": own.completes, "version": own.version} if own else {}
    posted = request.method == "POST"
    form = ReportForm(request.POST if posted else None, request.FILES if posted else None, initial=initial)
    if form.is_valid():
        try:
            services.save_report(
                task_id=found.pk, text=form.cleaned_data["text"], completes=form.cleaned_data["completes"],
                submit=request.POST.get("act") == "submit", seen=form.cleaned_data["version"],
                files=[(f.name, f.read()) for f in form.cleaned_data["attachments"]],
                dropped=request.POST.getlist("drop"), by=request.user, at=timezone.now(),
            )  # fmt: skip
            return go(request, "programme:task", found.pk)
        except Stale as refusal:
            form.add_error(None, str(refusal))
            now = open_report(request.user, found)
            if now:
                form.data = {**request.POST.dict(), "version": str(now.version)}
                form.add_error("text", _("现在是“%(now)s”。") % {"now": now.text})
        except RuleBroken as refusal:
            form.add_error("attachments" if refusal.code == "file_not_accepted" else None, str(refusal))
    kept = [(d, link_to(d, request.user.username)) for d in own.attachments.all()] if own else []
    context = {
        "form": form,
        "task": found,
        "own": own,
        "kept": kept,
        "cancel": reverse("programme:task", args=[found.pk]),
    }
    return page(request, "programme/report.html", context, status=422 if form.errors else 200)


@require_POST
def accept_report(request: PageRequest, report_id: int) -> HttpResponse:
    seen = request.POST.get("version", "")
    report = services.accept_report(
        report_id=report_id, seen=int(seen) if seen.isdecimal() else -1, by=request.user, at=timezone.now()
    )
    return _back(request, report)


@require_POST
def return_report(request: PageRequest, report_id: int) -> HttpResponse:
    """Errors show at the reason, on the page of the task."""
    require(request.user, Permission.TASK_REVIEW)
    report = get_object_or_404(reports_visible_to(request.user), pk=report_id)
    form = ReasonForm(request.POST, prefix=f"r{report.pk}")
    if form.is_valid():
        try:
            services.return_report(
                report_id=report.pk, seen=form.cleaned_data["version"], reason=form.cleaned_data["reason"],
                by=request.user, at=timezone.now(),
            )  # fmt: skip
            return _back(request, report)
        except RuleBroken as refusal:
            form.add_error("reason", str(refusal))
    current = get_object_or_404(queries.tasks_visible_to(request.user), line=report.line_id)
    return _show(request, _task(request, current.pk), form, report.pk)


def _back(request: PageRequest, report: Report) -> HttpResponse:
    """To the task as it stands now; a report on a task that is gone goes back to the list."""
    current = queries.tasks_visible_to(request.user).filter(line=report.line_id).first()
    return go(request, "programme:task", current.pk) if current else go(request, "programme:tasks")
