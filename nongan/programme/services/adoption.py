"""A confirmed version comes into force."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from nongan.accounts.queries import find_organisation, organisations_in
from nongan.accounts.rules import Permission
from nongan.accounts.services import add_organisation, require
from nongan.common.editing import check_version
from nongan.common.errors import RuleBroken
from nongan.indicators.services import count_since
from nongan.journal.services import record
from nongan.programme.models import Goal, Phase, Plan, PlanVersion, Report, Target, Task, TaskLine, TaskUnit
from nongan.programme.queries.drafts import indicator_names
from nongan.programme.queries.plans import adopted_version, drafts_visible_to
from nongan.programme.queries.reports import completed
from nongan.programme.rules.adoption import Match, NewOrganisation, due_of, same_tasks, unit_names
from nongan.programme.rules.checking import day_of, faults, number_of
from nongan.programme.rules.content import Content, Row
from nongan.programme.rules.reading.shapes import Role
from nongan.programme.rules.states import VersionState, check_version_move
from nongan.programme.rules.units import split_units

if TYPE_CHECKING:
    from nongan.accounts.models import Organisation, User

GOVERNMENT = "government"  # accounts' kind of a government body


class NotMatched(RuleBroken):
    """A unit of the plan has no answer yet, or one that cannot be."""

    code = "units_not_matched"


@dataclass(frozen=True)
class Adoption:
    """What came of it: the version, tasks that go on from the former version, and reports left without a task."""

    version: PlanVersion
    carried: int
    left: int


@transaction.atomic
def adopt_version(*, version_id: int, seen: int, matches: Mapping[str, Match], by: "User", at: datetime) -> Adoption:
    """Put a confirmed version in force: its units matched, its tasks, targets and phases as rows, the former version
    superseded. Reports, steps and list items follow each task that goes on. Raises Stale, MoveNotAllowed, NotMatched.
    """
    version = drafts_visible_to(by).select_for_update(of=("self",)).get(pk=version_id)
    require(by, Permission.PLAN_EDIT)
    check_version(version, seen)
    check_version_move(version.state, VersionState.ADOPTED)
    if faults(version.content, indicator_names()):
        raise NotMatched(_("方案内容还有错误，请退回草稿改正后再采纳。"))
    plan = Plan.objects.select_for_update().get(pk=version.plan_id)
    former = adopted_version(plan)
    organisations = _organisations(version, matches, by, at)
    _supersede(former, by, at)
    _goals_and_phases(version)
    tasks, carried = _tasks(version, former, plan)
    _targets(version, tasks)
    _units(version, tasks, organisations)
    version.state, version.adopted_at, version.adopted_by = VersionState.ADOPTED, at, by
    version.save(update_fields=["state", "adopted_at", "adopted_by", "version"])
    plan.title = version.content["title"]
    plan.save(update_fields=["title"])
    _recheck(version)
    start = start_of(version)
    count_since(start=start)
    record(
        "programme.plan.adopted", on=plan, by=by, at=at, version=version.pk, number=version.number,
        tasks=len(tasks), start=start.isoformat(),
        note=_("第 %(n)s 版，%(tasks)s 项任务") % {"n": version.number, "tasks": len(tasks)},
    )  # fmt: skip
    return Adoption(version, carried, reports_left(plan))


def start_of(version: PlanVersion) -> date:
    """The first day that a phase names, else the day of adoption."""
    starts = [day for row in version.content["phases"] if (day := day_of(row["from"]))]
    return min(starts) if starts else timezone.localdate(version.adopted_at)


def reports_left(plan: Plan) -> int:
    """Reports whose task has no counterpart in the version in force."""
    current = TaskLine.objects.filter(plan=plan, tasks__plan_version__state=VersionState.ADOPTED)
    return Report.objects.filter(line__plan=plan).exclude(line__in=current).count()


def _organisations(
    version: PlanVersion, matches: Mapping[str, Match], by: "User", at: datetime
) -> dict[str, list["Organisation"]]:
    """The organisations of each name; those that are new are entered first, each once."""
    division = version.plan.division_id
    known = {o.pk: o for o in organisations_in(division)}
    entered: dict[NewOrganisation, Organisation] = {}
    found: dict[str, list[Organisation]] = {}
    for name in unit_names(version.content):
        if name not in matches:
            raise NotMatched(_("“%(name)s”还没有对应。请选择机构、新建机构，或选“不对应”。") % {"name": name})
        match = matches[name]
        if not set(match.organisations) <= set(known):
            raise NotMatched(_("“%(name)s”对应的机构不在方案所在区划内。") % {"name": name})
        for new in match.new:
            if new not in entered:
                entered[new] = _entered(new, by, at)
        found[name] = [known[pk] for pk in match.organisations] + [entered[new] for new in match.new]
    return found


def _entered(new: NewOrganisation, by: "User", at: datetime) -> "Organisation":
    """Two names of a plan may mean one new organisation: the second finds what the first entered."""
    existing = find_organisation(new.name, new.division)
    return existing or add_organisation(
        name=new.name, kind=GOVERNMENT, division=new.division, aliases=list(new.aliases), by=by, at=at
    )


def _supersede(former: PlanVersion | None, by: "User", at: datetime) -> None:
    if former is not None:
        former.state = VersionState.SUPERSEDED
        former.version += 1
        former.save(update_fields=["state", "version"])
        record("programme.plan.superseded", on=former.plan, by=by, at=at, number=former.number)


def _goals_and_phases(version: PlanVersion) -> None:
    Goal.objects.bulk_create(
        Goal(plan_version=version, position=n, number=row["number"], heading=row["heading"], text=row["text"])
        for n, row in enumerate(version.content["goals"], start=1)
    )
    Phase.objects.bulk_create(
        Phase(
            plan_version=version, number=n, name=row["name"].strip(), start=day_of(row["from"]),
            end=day_of(row["to"]), text=row["text"],
        )
        for n, row in enumerate(version.content["phases"], start=1)
    )  # fmt: skip


def _ordered(content: Content) -> list[tuple[Row, Row]]:
    """(chapter, task) in the order of the chapters, then of the tasks."""
    return [
        (chapter, task)
        for chapter in content["chapters"]
        for task in content["tasks"]
        if task["chapter"] == chapter["id"]
    ]


def _tasks(version: PlanVersion, former: PlanVersion | None, plan: Plan) -> tuple[dict[str, Task], int]:
    """The tasks by row id, and how many go on from the former version."""
    rows = _ordered(version.content)
    old = {} if former is None else dict(former.tasks.values_list("line_id", "text"))
    carried = same_tasks(old, [row["text"] for _chapter, row in rows])
    lines = {line.pk: line for line in TaskLine.objects.filter(pk__in=carried.values())}
    fresh = TaskLine.objects.bulk_create(TaskLine(plan=plan) for n in range(len(rows)) if n not in carried)
    unused = iter(fresh)
    phases = [(row["name"], day_of(row["to"])) for row in version.content["phases"]]
    tasks = []
    for n, (chapter, row) in enumerate(rows):
        due, due_from = due_of(day_of(row["due"]), phases)
        line = lines[carried[n]] if n in carried else next(unused)
        tasks.append(
            Task(
                plan_version=version, line=line, position=n + 1, chapter=chapter["label"].strip(),
                chapter_heading=chapter["heading"].strip(), number=int(row["number"]), text=row["text"].strip(),
                standard=row["standard"].strip(), key=row["key"], due=due, due_from=due_from,
                score=number_of(row["score"]) if row["score"].strip() else None,
            )
        )  # fmt: skip
    made = Task.objects.bulk_create(tasks)
    return {row["id"]: task for (_chapter, row), task in zip(rows, made, strict=True)}, len(carried)


def _recheck(version: PlanVersion) -> None:
    """A task that was done goes on when the new version gives it to units that have not done their part."""
    for line in TaskLine.objects.filter(tasks__plan_version=version, done_at__isnull=False):
        if not completed(line):
            line.done_at = None
            line.save(update_fields=["done_at"])


def _targets(version: PlanVersion, tasks: Mapping[str, Task]) -> None:
    """A target that stands in the words of a task is tied to it."""
    Target.objects.bulk_create(
        Target(
            plan_version=version, number=n, text=row["text"].strip(), where=row["where"].strip(),
            comparator=row["comparator"], value=number_of(row["value"]), unit=row["unit"].strip(),
            indicator=row["indicator"], task=tasks.get(row["task"]),
        )
        for n, row in enumerate(version.content["targets"], start=1)
    )  # fmt: skip


def _units(version: PlanVersion, tasks: Mapping[str, Task], organisations: Mapping[str, list["Organisation"]]) -> None:
    units = []
    for row in version.content["tasks"]:
        position = 0
        for role in Role.values:
            for name in split_units(row[role]):
                position += 1
                bearers: list[Organisation | None] = [*organisations[name]]
                for organisation in bearers or [None]:
                    units.append(
                        TaskUnit(
                            task=tasks[row["id"]], position=position, name=name, role=role, organisation=organisation
                        )
                    )
    TaskUnit.objects.bulk_create(units)
