"""Tasks in force, who carries them, how far they are."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Case, CharField, Exists, OuterRef, Prefetch, Q, Value, When

from nongan.accounts.rules import Permission
from nongan.common.divisions import chain_of, covers, within
from nongan.common.words import listed
from nongan.places.queries import working_calendar
from nongan.programme.models import ListItem, Report, Task, TaskQuerySet, TaskUnit
from nongan.programme.rules.lights import Light, Window, light, window
from nongan.programme.rules.reading.shapes import Role
from nongan.programme.rules.states import ListKind, ReportState, TaskState

if TYPE_CHECKING:
    from nongan.accounts.models import Organisation, User


def tasks_visible_to(user: "User") -> TaskQuerySet:
    """Tasks in force: of plans of one's own division and below all; of a plan from above those that units of one's
    division, or one's own organisation, carry."""
    if not user.may(Permission.PLAN_VIEW) or not user.scope:
        return Task.objects.none()
    above = Q(plan_version__plan__division_id__in=chain_of(user.scope)) & (carried_in(user.scope) | carried_by(user))
    own = within("plan_version__plan__division_id", user.scope)
    return Task.objects.in_force().filter(own | above).select_related("line", "plan_version__plan__division")


def carried_in(division: str) -> Q:
    """Tasks that an organisation of the division carries."""
    units = TaskUnit.objects.filter(within("organisation__division_id", division), task=OuterRef("pk"))
    return Q(Exists(units))


def carried_by(user: "User") -> Q:
    """Tasks of one's own organisation: named by the plan, or by the responsibility list of a county."""
    if not user.organisation_id:
        return Q(pk__in=[])
    named = TaskUnit.objects.filter(task=OuterRef("pk"), organisation=user.organisation_id)
    assigned = ListItem.objects.filter(
        kind=ListKind.RESPONSIBILITY, line=OuterRef("line_id"), organisation=user.organisation_id
    )
    return Q(Exists(named)) | Q(Exists(assigned))


def with_progress(tasks: TaskQuerySet, user: "User", *, mine: bool = False) -> TaskQuerySet:
    """Each task with `progress` (a TaskState) as this person has to see it.

    A task is done when all its leading and responsible units are; for one's own unit (`mine`), and for those who see
    only their county's part, when theirs is.
    """
    reports = Report.objects.filter(line=OuterRef("line_id"))
    narrow = Q(organisation=user.organisation_id) if mine else within("organisation__division_id", user.scope)
    part = reports.filter(narrow)
    finished = Q(line__done_at__isnull=False)
    completed = Q(Exists(part.filter(state=ReportState.ACCEPTED, completes=True)))
    whole = within("plan_version__plan__division_id", user.scope)
    finished |= completed if mine else completed & ~whole
    return tasks.annotate(
        progress=Case(
            When(finished, then=Value(TaskState.DONE.value)),
            When(Q(Exists(part.filter(state=ReportState.SUBMITTED))), then=Value(TaskState.WAITING.value)),
            When(Q(Exists(part.filter(state=ReportState.RETURNED))), then=Value(TaskState.RETURNED.value)),
            When(Q(Exists(part.filter(state=ReportState.ACCEPTED))), then=Value(TaskState.DOING.value)),
            default=Value(TaskState.TODO.value),
            output_field=CharField(),
        )
    )


def with_units(tasks: TaskQuerySet) -> TaskQuerySet:
    """Each task with its units and their organisations: two more queries for the whole list."""
    units = TaskUnit.objects.select_related("organisation").order_by("position", "pk")
    return tasks.prefetch_related(Prefetch("units", units))


def window_on(on: date) -> Window:
    return window(on, working_calendar())


def with_light(tasks: TaskQuerySet, wanted: str, at: Window) -> TaskQuerySet:
    """Tasks (with progress) of one light."""
    done = Q(progress=TaskState.DONE)
    filters = {
        Light.DONE: done,
        Light.NO_DATE: ~done & Q(due__isnull=True),
        Light.OVERDUE: ~done & Q(due__lt=at.late_before),
        Light.SOON: ~done & Q(due__gte=at.late_before, due__lte=at.soon_until),
        Light.ON_TIME: ~done & Q(due__gt=at.soon_until),
    }
    return tasks.filter(filters[Light(wanted)])


def progress_of(task: Task) -> TaskState:
    """How far a task of `with_progress` is."""
    return TaskState(task.progress)  # type: ignore[attr-defined]


def light_of(task: Task, at: Window) -> Light:
    """The light of a task of `with_progress`."""
    return light(task.due, progress_of(task) == TaskState.DONE, at)


@dataclass(frozen=True)
class Carriers:
    """Units of a task in one role: the names as written, each with how many organisations it stands for."""

    role: str
    label: str
    names: tuple[tuple[str, int], ...]

    @property
    def text(self) -> str:
        return listed(name for name, _count in self.names)


def carriers(units: Iterable[TaskUnit]) -> list[Carriers]:
    """The units of a task by role, leading first; a collective name once."""
    by_role: dict[str, dict[str, int]] = {}
    for unit in units:
        names = by_role.setdefault(unit.role, {})
        names[unit.name] = names.get(unit.name, 0) + (unit.organisation_id is not None)
    order = [Role.LEAD, Role.RESPONSIBLE, Role.SUPPORT, Role.COMMON]
    return [Carriers(role, str(role.label), tuple(by_role[role].items())) for role in order if role in by_role]


@dataclass(frozen=True)
class Standing:
    """An organisation on a task: how far, and when it last reported."""

    organisation: "Organisation"
    state: TaskState
    report: Report | None


@dataclass(frozen=True)
class StandingGroup:
    """The organisations behind one name of the plan; `counts` by state, most urgent first."""

    name: str
    role: str
    standings: tuple[Standing, ...]
    counts: tuple[tuple[TaskState, int], ...]


def standing(task: Task, reports: Iterable[Report], user: "User") -> list[StandingGroup]:
    """How far each organisation of a task is that this person sees (`reports` newest first); each organisation once,
    under its first name in the order of the roles."""
    latest: dict[int, Report] = {}
    completed: set[int] = set()
    for report in reports:
        latest.setdefault(report.organisation_id, report)
        if report.state == ReportState.ACCEPTED and report.completes:
            completed.add(report.organisation_id)
    whole = covers(user.scope, task.plan_version.plan.division_id)
    groups: dict[tuple[str, str], list[Standing]] = {}
    seen: set[int] = set()
    for unit in task.units.all():
        organisation = unit.organisation
        if organisation is None or organisation.pk in seen:
            continue
        if whole or covers(user.scope, organisation.division_id) or organisation.pk == user.organisation_id:
            seen.add(organisation.pk)
            last = latest.get(organisation.pk)
            state = _state_of(last, organisation.pk in completed)
            place = (unit.name, str(Role(unit.role).label))
            groups.setdefault(place, []).append(Standing(organisation, state, last))
    return [StandingGroup(*place, tuple(found), _counts(found)) for place, found in groups.items()]


def _counts(standings: list[Standing]) -> tuple[tuple[TaskState, int], ...]:
    order = (TaskState.RETURNED, TaskState.WAITING, TaskState.TODO, TaskState.DOING, TaskState.DONE)
    counted = [(state, sum(s.state == state for s in standings)) for state in order]
    return tuple((state, count) for state, count in counted if count)


def _state_of(report: Report | None, completed: bool) -> TaskState:
    if completed:
        return TaskState.DONE
    if report is None or report.state == ReportState.DRAFT:
        return TaskState.TODO
    states = {
        ReportState.SUBMITTED.value: TaskState.WAITING,
        ReportState.RETURNED.value: TaskState.RETURNED,
        ReportState.ACCEPTED.value: TaskState.DOING,
    }
    return states[report.state]
