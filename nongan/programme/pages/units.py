"""Each unit's name of a confirmed draft finds its organisation; then the plan is adopted."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from nongan.accounts.rules import Permission
from nongan.accounts.services import require
from nongan.common.errors import RuleBroken
from nongan.common.http import PageRequest, go, page
from nongan.programme.forms.units import unit_forms
from nongan.programme.models import PlanVersion
from nongan.programme.queries.drafts import proposals
from nongan.programme.queries.plans import adopted_version, drafts_visible_to
from nongan.programme.rules.states import VersionState
from nongan.programme.services import adoption, drafts


@require_http_methods(["GET", "POST"])
def match(request: PageRequest, version_id: int) -> HttpResponse:
    version = _version(request, version_id)
    if version.state == VersionState.DRAFT:
        return go(request, "programme:review", version.pk)
    if version.state != VersionState.CONFIRMED:
        return go(request, "programme:plan", version.plan_id)
    typed = request.POST if request.method == "POST" else None
    forms = unit_forms(proposals(version), version.plan.division_id, request.user, typed)
    refusal = ""
    if typed is not None and all([form.is_valid() for form in forms]):
        try:
            adoption.adopt_version(
                version_id=version.pk, seen=_seen(request), by=request.user, at=timezone.now(),
                matches={form.proposal.name: form.match for form in forms},
            )  # fmt: skip
            return go(request, "programme:plan", version.plan_id)
        except RuleBroken as broken:
            refusal = str(broken)
    wrong = [form for form in forms if form.errors]
    context = {
        "version": version,
        "former": adopted_version(version.plan),
        "forms": forms,
        "new": len({new for form in forms for new in form.proposal.match.new}),
        "wrong": wrong,
        "refusal": refusal,
        "cancel": reverse("programme:plans"),
    }
    return page(request, "programme/match.html", context, status=422 if wrong or refusal else 200)


@require_POST
def reopen(request: PageRequest, version_id: int) -> HttpResponse:
    """Back to correction."""
    version = _version(request, version_id)
    drafts.reopen_draft(version_id=version.pk, seen=_seen(request), by=request.user, at=timezone.now())
    return go(request, "programme:review", version.pk)


def _version(request: PageRequest, version_id: int) -> PlanVersion:
    require(request.user, Permission.PLAN_EDIT)
    return get_object_or_404(drafts_visible_to(request.user), pk=version_id)


def _seen(request: PageRequest) -> int:
    seen = request.POST.get("version", "")
    return int(seen) if seen.isdecimal() else -1
