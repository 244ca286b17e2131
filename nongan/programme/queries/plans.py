"""Plans and their versions, as far as one may see them."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db.models import Prefetch, QuerySet

from nongan.accounts.rules import Permission
from nongan.common.divisions import within
from nongan.programme.models import Plan, PlanFile, PlanQuerySet, PlanVersion, Target, Task
from nongan.programme.rules.states import VersionState

if TYPE_CHECKING:
    from nongan.accounts.models import User


def plans_visible_to(user: "User") -> PlanQuerySet:
    """Plans of one's own division, of those in it, and of those above it (a county reads the city's plan)."""
    if not user.may(Permission.PLAN_VIEW):
        return Plan.objects.none()
    return Plan.objects.concerning(user.scope).select_related("division")


def versions_visible_to(user: "User") -> "QuerySet[PlanVersion]":
    """Versions that were in force, and the drafts of those who may edit them."""
    if not user.may(Permission.PLAN_VIEW):
        return PlanVersion.objects.none()
    versions = PlanVersion.objects.select_related("plan__division", "changed_by", "adopted_by")
    public = versions.filter(
        plan__in=Plan.objects.concerning(user.scope),
        state__in=[VersionState.ADOPTED, VersionState.SUPERSEDED],
    )
    return public | drafts_visible_to(user, versions)


def drafts_visible_to(user: "User", versions: "QuerySet[PlanVersion] | None" = None) -> "QuerySet[PlanVersion]":
    """Every version of the plans of one's own division, for those who edit plans."""
    versions = (
        PlanVersion.objects.select_related("plan__division", "changed_by", "adopted_by")
        if versions is None
        else versions
    )
    if not user.may(Permission.PLAN_EDIT):
        return versions.none()
    return versions.filter(within("plan__division_id", user.scope))


def files_of(user: "User") -> "QuerySet[PlanFile]":
    """The plan files that this person uploaded."""
    return PlanFile.objects.filter(owner=user).select_related("document", "plan", "division")


def adopted_plans(user: "User") -> "QuerySet[PlanVersion]":
    """The version in force of every plan that this person sees, oldest plan first; `.plan.division` comes too."""
    return versions_visible_to(user).filter(state=VersionState.ADOPTED).order_by("plan_id")


def adopted_version(plan: Plan) -> PlanVersion | None:
    """The version of a plan that is in force; None before the first adoption."""
    return plan.versions.filter(state=VersionState.ADOPTED).first()


def adopted_versions(plans: "Iterable[Plan]") -> dict[int, PlanVersion]:
    """The versions in force of some plans, by plan, without their content: one query."""
    found = PlanVersion.objects.filter(plan__in=list(plans), state=VersionState.ADOPTED).defer("content")
    return {version.plan_id: version for version in found}


def targets_of(plan: Plan) -> "QuerySet[Target]":
    """The targets of the version in force, in the order of the text."""
    return Target.objects.filter(plan_version__plan=plan, plan_version__state=VersionState.ADOPTED).order_by("number")


def whole(version: PlanVersion) -> PlanVersion:
    """The version with goals, targets, phases, tasks and their units: a fixed number of queries."""
    tasks = Task.objects.select_related("line").prefetch_related("units__organisation", "targets")
    found = PlanVersion.objects.select_related("plan__division", "adopted_by").prefetch_related(
        "goals", "targets", "phases", Prefetch("tasks", tasks)
    )
    return found.get(pk=version.pk)
