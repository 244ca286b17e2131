"""Plans: all of them, one of them, and what changed between two versions."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_GET

from nongan.accounts.rules import Permission
from nongan.accounts.services import require
from nongan.common.http import PageRequest, listed, page
from nongan.documents.queries import link_to
from nongan.journal.queries import timeline
from nongan.programme.queries import overview
from nongan.programme.queries.plans import plans_visible_to, versions_visible_to
from nongan.programme.queries.tasks import tasks_visible_to, window_on
from nongan.programme.rules.comparison import compared
from nongan.programme.rules.states import VersionState


@require_GET
def plans(request: PageRequest) -> HttpResponse:
    require(request.user, Permission.PLAN_VIEW)
    shown = overview.shown_plans(request.user)
    found = listed(request, shown, order=("-created_at", "-pk"))
    context = {
        "page": found,
        "lines": overview.lines(request.user, found.rows, window_on(timezone.localdate())),
        "may_edit": request.user.may(Permission.PLAN_EDIT),
    }
    return page(request, "programme/plans.html", context, part="list")


@require_GET
def plan(request: PageRequest, plan_id: int) -> HttpResponse:
    """The version in force, or with `?version=` another one that was."""
    require(request.user, Permission.PLAN_VIEW)
    found = get_object_or_404(plans_visible_to(request.user), pk=plan_id)
    versions = list(
        versions_visible_to(request.user).filter(plan=found).select_related("file__document").order_by("-number")
    )
    wanted = request.GET.get("version", "")
    shown = overview.version_to_show(versions, int(wanted) if wanted.isdecimal() else None)
    context = {
        "plan": found,
        "versions": [v for v in versions if v.state != VersionState.DROPPED],
        "shown": overview.shown(shown) if shown else None,
        "mine": set(tasks_visible_to(request.user).filter(plan_version=shown).values_list("pk", flat=True))
        if shown
        else set(),
        "left": overview.reports_left_of(found, request.user),
        "history": timeline(found, most=30),
        "may_edit": request.user.may(Permission.PLAN_EDIT) and overview.edits(request.user, found),
        "file": link_to(shown.file.document, request.user.username) if shown else "",
        "today": timezone.localdate(),
    }
    return page(request, "programme/plan.html", context)


@require_GET
def difference(request: PageRequest, version_id: int) -> HttpResponse:
    """What changed in a version against another one of its plan: by default the one before."""
    require(request.user, Permission.PLAN_VIEW)
    new = get_object_or_404(versions_visible_to(request.user), pk=version_id)
    others = versions_visible_to(request.user).filter(plan=new.plan_id).exclude(pk=new.pk)
    others = others.exclude(state=VersionState.DROPPED).order_by("-number")
    wanted = request.GET.get("against", "")
    old = get_object_or_404(others, pk=wanted) if wanted.isdecimal() else others.filter(number__lt=new.number).first()
    context = {
        "new": new,
        "old": old,
        "others": others,
        "sections": compared(old.content, new.content) if old else [],
    }
    return page(request, "programme/difference.html", context)
