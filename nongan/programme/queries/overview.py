"""Plans at a glance, and one plan whole."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, Q

from nongan.accounts.rules import Permission
from nongan.common.divisions import covers
from nongan.programme.models import Plan, PlanQuerySet, PlanVersion, Report, Task, TaskLine
from nongan.programme.queries.plans import drafts_visible_to, plans_visible_to, versions_visible_to, whole
from nongan.programme.queries.reports import reports_visible_to
from nongan.programme.queries.tasks import Carriers, carriers, light_of, tasks_visible_to, with_progress
from nongan.programme.rules.lights import Light, Window
from nongan.programme.rules.states import VersionState

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from nongan.accounts.models import User


def shown_plans(user: "User") -> PlanQuerySet:
    """Plans that were adopted; those that are still drafts only for those who edit them."""
    public = PlanVersion.objects.filter(plan=OuterRef("pk"), adopted_at__isnull=False)
    drafts = drafts_visible_to(user).exclude(state=VersionState.DROPPED).filter(plan=OuterRef("pk"))
    return plans_visible_to(user).filter(Q(Exists(public)) | Q(Exists(drafts)))


def edits(user: "User", plan: Plan) -> bool:
    """May this person upload versions of the plan?"""
    return user.may(Permission.PLAN_EDIT) and covers(user.scope, plan.division_id)


@dataclass(frozen=True)
class PlanLine:
    """A plan in the list: the version in force, an open draft, and how its tasks stand (as this person sees them)."""

    plan: Plan
    adopted: PlanVersion | None
    draft: PlanVersion | None
    lights: dict[str, int]
    tasks: int


def lines(user: "User", plans: Sequence[Plan], at: Window) -> list[PlanLine]:
    """Two queries for the whole page of the list."""
    versions: dict[int, list[PlanVersion]] = {}
    light_fields = versions_visible_to(user).filter(plan__in=plans).defer("content").order_by("number")
    for version in light_fields:
        versions.setdefault(version.plan_id, []).append(version)
    counts: dict[int, dict[str, int]] = {}
    tasks = with_progress(tasks_visible_to(user).filter(plan_version__plan__in=plans), user)
    for task in tasks.only("due", "plan_version__plan_id", "line__done_at"):
        shade = light_of(task, at)
        of = counts.setdefault(task.plan_version.plan_id, {})
        of[shade.value] = of.get(shade.value, 0) + 1
    return [_line(plan, versions.get(plan.pk, []), counts.get(plan.pk, {})) for plan in plans]


def _line(plan: Plan, versions: list[PlanVersion], counts: dict[str, int]) -> PlanLine:
    adopted = next((v for v in versions if v.state == VersionState.ADOPTED), None)
    open_states = (VersionState.DRAFT, VersionState.CONFIRMED)
    draft = next((v for v in reversed(versions) if v.state in open_states), None)
    return PlanLine(plan, adopted, draft, {s: counts.get(s, 0) for s in Light.values}, sum(counts.values()))


def version_to_show(versions: Sequence[PlanVersion], number: int | None) -> PlanVersion | None:
    """The adopted version of that number, else the one in force."""
    public = [v for v in versions if v.state in (VersionState.ADOPTED, VersionState.SUPERSEDED)]
    asked = next((v for v in public if v.number == number), None)
    return asked or next((v for v in public if v.state == VersionState.ADOPTED), None)


@dataclass(frozen=True)
class ChapterShown:
    label: str
    heading: str
    tasks: tuple[tuple[Task, list[Carriers]], ...]


@dataclass(frozen=True)
class VersionShown:
    """A version with everything its page shows."""

    version: PlanVersion
    chapters: tuple[ChapterShown, ...]
    basis: tuple[str, ...]
    safeguards: tuple[str, ...]


def shown(version: PlanVersion) -> VersionShown:
    full = whole(version)
    chapters: dict[tuple[str, str], list[tuple[Task, list[Carriers]]]] = {}
    for task in full.tasks.all():
        chapters.setdefault((task.chapter, task.chapter_heading), []).append((task, carriers(task.units.all())))
    return VersionShown(
        full,
        tuple(ChapterShown(*place, tuple(tasks)) for place, tasks in chapters.items()),
        tuple(full.content["basis"]),
        tuple(row["text"] for row in full.content["safeguards"]),
    )


def reports_left_of(plan: Plan, user: "User") -> "QuerySet[Report, Any]":
    """Reports on tasks that the version in force no longer has."""
    current = TaskLine.objects.filter(plan=plan, tasks__plan_version__state=VersionState.ADOPTED)
    left = reports_visible_to(user).filter(line__plan=plan).exclude(line__in=current)
    return left.order_by("-pk")
