"""The monthly schedule of a plan."""

from datetime import date

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from nongan.accounts.rules import Permission
from nongan.accounts.services import require, require_scope
from nongan.common.editing import Stale
from nongan.common.http import PageRequest, go, page
from nongan.programme.forms.schedule import StepForm, step_forms
from nongan.programme.models import PlanVersion, ScheduleItem
from nongan.programme.pages.papers import schedule_file
from nongan.programme.queries import schedule as queries
from nongan.programme.queries.overview import edits
from nongan.programme.queries.plans import adopted_plans
from nongan.programme.queries.tasks import tasks_visible_to, window_on
from nongan.programme.rules.lights import TONES
from nongan.programme.services.schedule import save_steps


@require_GET
def schedule(request: PageRequest) -> HttpResponseBase:
    """Phases on top, tasks as bars over months; `?plan=` chooses, `?mine=1` narrows, `?export=xlsx|docx` is a file."""
    require(request.user, Permission.PLAN_VIEW)
    plans = list(adopted_plans(request.user).prefetch_related("phases"))
    version = _chosen(request, plans)
    mine = request.GET.get("mine") == "1"
    if version is None:
        context = {"plans": [], "may_upload": request.user.may(Permission.PLAN_EDIT)}
        return page(request, "programme/schedule.html", context)
    today = timezone.localdate()
    shown = queries.schedule_of(request.user, version, today, window_on(today), mine=mine)
    form = request.GET.get("export", "")
    if form in ("xlsx", "docx"):
        unit = request.user.organisation.name if request.user.organisation else version.plan.division.name
        return schedule_file(form, shown, unit, today, request.user.full_name)
    context = {
        "plans": plans,
        "schedule": shown,
        "count": len(shown.months),
        "mine": mine,
        "tones": TONES,
        "may_plan": request.user.may(Permission.TASK_REVIEW) and edits(request.user, version.plan),
    }
    return page(request, "programme/schedule.html", context)


def _chosen(request: PageRequest, plans: list[PlanVersion]) -> PlanVersion | None:
    """The plan that was asked for, else the one adopted last."""
    wanted = request.GET.get("plan", "")
    asked = next((v for v in plans if str(v.plan_id) == wanted), None)
    return asked or max(plans, key=lambda v: (v.adopted_at is not None and v.adopted_at, v.pk), default=None)


@require_http_methods(["GET", "POST"])
def steps(request: PageRequest, task_id: int) -> HttpResponse:
    """What is planned for a task in each month."""
    require(request.user, Permission.TASK_REVIEW)
    found = get_object_or_404(tasks_visible_to(request.user), pk=task_id)
    require_scope(request.user, found.plan_version.plan.division_id)
    months = queries.months_for(found.plan_version)
    now = {step.month: step for step in found.line.steps.all()}
    typed = request.POST if request.method == "POST" else None
    forms = step_forms(months, now, typed)
    refusal, seen = "", found.line.version
    if typed is not None and all([form.is_valid() for form in forms]):
        sent = typed.get("version", "")
        try:
            rows = [(form.month, form.cleaned_data["text"], form.cleaned_data["done"]) for form in forms]
            save_steps(
                task_id=found.pk, seen=int(sent) if sent.isdecimal() else -1, steps=rows, by=request.user,
                at=timezone.now(),
            )  # fmt: skip
            return go(request, "programme:task", found.pk)
        except Stale as broken:
            refusal = str(broken)
            for form in forms:
                _say_now(form, now)
    context = {
        "task": found, "forms": forms, "refusal": refusal, "seen": seen,
        "cancel": reverse("programme:task", args=[found.pk]),
    }  # fmt: skip
    failed = bool(refusal) or any(form.errors for form in forms if form.is_bound)
    return page(request, "programme/steps.html", context, status=422 if failed else 200)


def _say_now(form: StepForm, now: dict[date, ScheduleItem]) -> None:
    """What somebody else wrote meanwhile, beside what was typed."""
    text = now[form.month].text if form.month in now else ""
    if text != form.cleaned_data["text"]:
        form.add_error("text", _("现在是“%(now)s”。") % {"now": text})
