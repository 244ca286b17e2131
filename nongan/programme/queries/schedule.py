"""The monthly schedule (工作配档表): phases and tasks over months."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.utils import timezone

from nongan.programme.models import Phase, PlanVersion, ScheduleItem, Task
from nongan.programme.queries.tasks import (
    Carriers,
    carried_by,
    carriers,
    light_of,
    tasks_visible_to,
    with_progress,
    with_units,
)
from nongan.programme.rules.lights import Light, Window
from nongan.programme.rules.months import Bar, bar, first_of, months_of

if TYPE_CHECKING:
    from nongan.accounts.models import User


@dataclass(frozen=True)
class TaskBar:
    """A task on the schedule: its stretch of months, its state, its step of each month (in the order of the months)."""

    task: Task
    bar: Bar | None
    light: Light
    carriers: list[Carriers]
    steps: tuple[ScheduleItem | None, ...]


@dataclass(frozen=True)
class PhaseBar:
    phase: Phase
    bar: Bar | None


@dataclass(frozen=True)
class Chapter:
    label: str
    heading: str
    tasks: tuple[TaskBar, ...]


@dataclass(frozen=True)
class Schedule:
    version: PlanVersion
    months: tuple[date, ...]
    this_month: int | None  # column of the current month
    phases: tuple[PhaseBar, ...]
    chapters: tuple[Chapter, ...]

    @property
    def tasks(self) -> list[TaskBar]:
        return [task for chapter in self.chapters for task in chapter.tasks]


def months_for(version: PlanVersion) -> list[date]:
    """The months of a plan: from its first to its last date, phases, tasks and steps alike."""
    days = [day for phase in version.phases.all() for day in (phase.start, phase.end) if day]
    days += [day for day in version.tasks.values_list("due", flat=True) if day]
    days += ScheduleItem.objects.filter(line__tasks__plan_version=version).values_list("month", flat=True)
    return months_of(days, otherwise=timezone.localdate(version.adopted_at), least=12 if not days else 6)


def schedule_of(user: "User", version: PlanVersion, on: date, at: Window, *, mine: bool) -> Schedule:
    """The schedule of a version in force, as far as this person sees its tasks. A fixed number of queries."""
    months = months_for(version)
    rows = tasks_visible_to(user).filter(plan_version=version)
    rows = rows.filter(carried_by(user)) if mine else rows
    tasks = with_units(with_progress(rows, user, mine=mine)).prefetch_related("line__steps").order_by("position")
    start = _start(version)
    chapters: dict[tuple[str, str], list[TaskBar]] = {}
    for task in tasks:
        steps = {step.month: step for step in task.line.steps.all()}
        shown = TaskBar(
            task,
            bar(months, start, task.due) if task.due else _of_steps(months, list(steps)),
            light_of(task, at),
            carriers(task.units.all()),
            tuple(steps.get(month) for month in months),
        )
        chapters.setdefault((task.chapter, task.chapter_heading), []).append(shown)
    here = first_of(on)
    return Schedule(
        version,
        tuple(months),
        months.index(here) if here in months else None,
        tuple(PhaseBar(phase, bar(months, phase.start, phase.end)) for phase in version.phases.all()),
        tuple(Chapter(*place, tuple(found)) for place, found in chapters.items()),
    )


def _start(version: PlanVersion) -> date:
    starts = [phase.start for phase in version.phases.all() if phase.start]
    return min(starts) if starts else timezone.localdate(version.adopted_at)


def _of_steps(months: list[date], steps: list[date]) -> Bar | None:
    """A task without a last day reaches from its first to its last monthly step."""
    return bar(months, min(steps), max(steps)) if steps else None
