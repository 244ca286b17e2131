"""Plans, tasks and reports for systems."""

from datetime import date, datetime
from typing import Any

from django.utils import timezone
from ninja import Field, File, Query, Router, Schema, UploadedFile

from nongan.accounts.rules import Permission
from nongan.accounts.services import require
from nongan.common.api import Refusal
from nongan.common.http import ApiRequest
from nongan.common.keyset import keyset_page
from nongan.programme.models import Report, Task
from nongan.programme.queries import tasks as task_queries
from nongan.programme.queries.overview import shown_plans
from nongan.programme.queries.plans import adopted_version, adopted_versions, plans_visible_to
from nongan.programme.queries.reports import reports_visible_to
from nongan.programme.rules.exchange import plan_json
from nongan.programme.rules.lights import Light
from nongan.programme.rules.reading import read_file, to_json
from nongan.programme.services import reports as services

router = Router(tags=["programme"])


class UnitOut(Schema):
    name: str
    role: str


class GoalOut(Schema):
    number: str | None
    heading: str
    text: str


class TargetOut(Schema):
    text: str
    where: str
    comparator: str
    value: str
    unit: str
    indicator: str | None


class PlanTaskOut(Schema):
    chapter: str
    chapter_heading: str
    number: int | None
    text: str
    units: list[UnitOut]
    key: bool
    standard: str | None = None
    score: str | None
    due: str | None


class PhaseOut(Schema):
    name: str
    start: str | None = Field(alias="from", serialization_alias="from")
    to: str | None
    text: str


class PlanContentOut(Schema):
    """A plan in the form that `nongan plan read --json` prints."""

    title: str
    basis: list[str]
    goals: list[GoalOut]
    targets: list[TargetOut]
    tasks: list[PlanTaskOut]
    phases: list[PhaseOut]
    safeguards: list[str]
    unread: list[str]


class ReadingOut(Schema):
    plans: list[PlanContentOut]


class PlanOut(Schema):
    id: int
    number: str
    title: str
    division: str
    version: int | None
    adopted_at: datetime | None


class PlanWholeOut(PlanOut):
    content: PlanContentOut | None


class PlansOut(Schema):
    items: list[PlanOut]
    next: str


class TaskOut(Schema):
    id: int
    plan: int
    label: str
    chapter_heading: str
    number: int
    text: str
    key: bool
    due: date | None
    light: str
    progress: str
    units: list[UnitOut]


class TasksOut(Schema):
    items: list[TaskOut]
    next: str


class TasksIn(Schema):
    plan: int | None = None
    mine: bool = False
    light: Light | None = None
    at: str = ""


class ReportIn(Schema):
    text: str = Field(min_length=1, max_length=5000)
    completes: bool = False
    submit: bool = True
    version: int | None = Field(None, description="Of the report that is changed; none for a new one.")


class ReportOut(Schema):
    id: int
    organisation: str
    text: str
    completes: bool
    state: str
    submitted_at: datetime | None
    reason: str
    version: int


def _plan(plan: Any, version: Any) -> dict[str, Any]:
    return {
        "id": plan.pk,
        "number": plan.number,
        "title": plan.title,
        "division": plan.division_id,
        "version": version.number if version else None,
        "adopted_at": version.adopted_at if version else None,
    }


def _task(task: Task, window: Any) -> dict[str, Any]:
    units = [
        {"name": name, "role": carrier.role}
        for carrier in task_queries.carriers(task.units.all())
        for name, _count in carrier.names
    ]
    fields = ("label", "chapter_heading", "number", "text", "key", "due")
    return {name: getattr(task, name) for name in fields} | {
        "id": task.pk,
        "plan": task.plan_version.plan_id,
        "light": task_queries.light_of(task, window).value,
        "progress": task_queries.progress_of(task).value,
        "units": units,
    }


def _report(report: Report) -> dict[str, Any]:
    fields = ("text", "completes", "state", "submitted_at", "reason", "version")
    return {name: getattr(report, name) for name in fields} | {
        "id": report.pk,
        "organisation": report.organisation.name,
    }


@router.get("/plans", response=PlansOut)
def list_plans(request: ApiRequest, at: str = "") -> dict[str, Any]:
    """Plans that concern your division, newest first."""
    require(request.auth, Permission.PLAN_VIEW)
    found = keyset_page(shown_plans(request.auth), order=("-created_at", "-pk"), at=at)
    versions = adopted_versions(found.rows)
    return {"items": [_plan(plan, versions.get(plan.pk)) for plan in found.rows], "next": found.next}


@router.get("/plans/{int:plan_id}", response={200: PlanWholeOut, 404: Refusal}, by_alias=True)
def get_plan(request: ApiRequest, plan_id: int) -> dict[str, Any]:
    """A plan with the content of the version in force."""
    require(request.auth, Permission.PLAN_VIEW)
    plan = plans_visible_to(request.auth).get(pk=plan_id)
    version = adopted_version(plan)
    return _plan(plan, version) | {"content": plan_json(version.content) if version else None}


@router.post("/plans/read", response={200: ReadingOut, 403: Refusal, 409: Refusal}, by_alias=True)
def read_plan(request: ApiRequest, file: File[UploadedFile]) -> dict[str, Any]:
    """Read a .docx or .txt and return what was understood; nothing is kept."""
    require(request.auth, Permission.PLAN_EDIT)
    reading = read_file(file.name or "", file.read())
    found: dict[str, Any] = to_json(reading)
    return found


@router.get("/tasks", response=TasksOut)
def list_tasks(request: ApiRequest, query: Query[TasksIn]) -> dict[str, Any]:
    """Tasks in force that you see, in the order of the plans; `mine` those of your organisation."""
    require(request.auth, Permission.PLAN_VIEW)
    user = request.auth
    tasks = task_queries.tasks_visible_to(user)
    tasks = tasks.filter(task_queries.carried_by(user)) if query.mine else tasks
    tasks = tasks.filter(plan_version__plan_id=query.plan) if query.plan else tasks
    rows = task_queries.with_units(task_queries.with_progress(tasks, user, mine=query.mine))
    window = task_queries.window_on(timezone.localdate())
    rows = task_queries.with_light(rows, query.light, window) if query.light else rows
    found = keyset_page(rows, order=("plan_version_id", "position", "pk"), at=query.at)
    return {"items": [_task(task, window) for task in found.rows], "next": found.next}


@router.get("/tasks/{int:task_id}/reports", response={200: list[ReportOut], 404: Refusal})
def list_reports(request: ApiRequest, task_id: int) -> list[dict[str, Any]]:
    """Reports on a task that you see, newest first."""
    require(request.auth, Permission.PLAN_VIEW)
    task = task_queries.tasks_visible_to(request.auth).get(pk=task_id)
    reports = reports_visible_to(request.auth).filter(line=task.line_id).order_by("-pk")
    return [_report(report) for report in reports[:200]]


@router.post("/tasks/{int:task_id}/reports", response={200: ReportOut, 403: Refusal, 404: Refusal, 409: Refusal})
def report(request: ApiRequest, task_id: int, body: ReportIn) -> dict[str, Any]:
    """Report on a task of your organisation: a draft, or handed in with `submit`."""
    made = services.save_report(
        task_id=task_id, text=body.text, completes=body.completes, submit=body.submit, seen=body.version,
        by=request.auth, at=timezone.now(),
    )  # fmt: skip
    return _report(made)
