"""A document comes in: read, and where it holds several plans, chosen from."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from nongan.accounts.rules import Permission
from nongan.accounts.services import require
from nongan.common.errors import RuleBroken
from nongan.common.http import PageRequest, go, page
from nongan.programme.forms.upload import UploadForm
from nongan.programme.models import Plan
from nongan.programme.queries.plans import files_of, plans_visible_to
from nongan.programme.services import drafts, reading


@require_http_methods(["GET", "POST"])
def upload(request: PageRequest) -> HttpResponse:
    """A new plan, or with `?plan=` the next version of one."""
    require(request.user, Permission.PLAN_EDIT)
    plan = _plan(request)
    typed = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = UploadForm(*typed, by=request.user, next_version=plan is not None, initial={"division": request.user.scope})
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            read = reading.read_plan_file(
                name=file.name, data=file.read(), division=form.cleaned_data.get("division", ""),
                plan_id=plan.pk if plan else None, by=request.user, at=timezone.now(),
            )  # fmt: skip
            if len(read.plans) > 1:
                return go(request, "programme:choose", read.pk)
            made = drafts.begin_drafts(file_id=read.pk, positions=[0], by=request.user, at=timezone.now())
            return go(request, "programme:review", made[0].pk)
        except RuleBroken as refusal:
            form.add_error("file", str(refusal))
    back = reverse("programme:plan", args=[plan.pk]) if plan else reverse("programme:plans")
    context = {"form": form, "plan": plan, "cancel": back}
    return page(request, "programme/upload.html", context, status=422 if form.errors else 200)


def _plan(request: PageRequest) -> Plan | None:
    wanted = request.GET.get("plan", "")
    return get_object_or_404(plans_visible_to(request.user), pk=wanted) if wanted.isdecimal() else None


@require_http_methods(["GET", "POST"])
def choose(request: PageRequest, file_id: int) -> HttpResponse:
    """A file with several plans: which of them to take."""
    require(request.user, Permission.PLAN_EDIT)
    file = get_object_or_404(files_of(request.user), pk=file_id)
    refusal = ""
    if request.method == "POST":
        positions = [int(n) for n in request.POST.getlist("position") if n.isdecimal()]
        try:
            made = drafts.begin_drafts(file_id=file.pk, positions=positions, by=request.user, at=timezone.now())
            return go(request, "programme:review", made[0].pk) if len(made) == 1 else go(request, "programme:plans")
        except RuleBroken as broken:
            refusal = str(broken)
    context = {"file": file, "refusal": refusal, "cancel": reverse("programme:plans")}
    return page(request, "programme/choose.html", context, status=422 if refusal else 200)
