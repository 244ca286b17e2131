"""Reports, as far as one may see them."""

from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from nongan.accounts.rules import Permission
from nongan.common.divisions import within
from nongan.programme.models import ListItem, Report, Task, TaskLine, TaskUnit
from nongan.programme.rules.lights import is_done
from nongan.programme.rules.states import ListKind, ReportState, VersionState

if TYPE_CHECKING:
    from nongan.accounts.models import User


def reports_visible_to(user: "User") -> "QuerySet[Report]":
    """Reports of organisations of one's division and of one's own; drafts only of one's own organisation."""
    if not user.may(Permission.PLAN_VIEW):
        return Report.objects.none()
    own = Q(organisation=user.organisation_id) if user.organisation_id else Q(pk__in=[])
    theirs = within("organisation__division_id", user.scope) & ~Q(state=ReportState.DRAFT)
    return Report.objects.filter(own | theirs).select_related("organisation", "by", "reviewer", "task")


def reports_on(user: "User", task: Task) -> "QuerySet[Report]":
    """What was reported about a task through all versions, newest first, with attachments."""
    found = reports_visible_to(user).filter(line=task.line_id)
    return found.prefetch_related("attachments").order_by("-pk")


def open_report(user: "User", task: Task) -> Report | None:
    """The own organisation's report on the task that is not accepted yet."""
    if not user.organisation_id:
        return None
    found = Report.objects.filter(line=task.line_id, organisation=user.organisation_id)
    return found.exclude(state=ReportState.ACCEPTED).prefetch_related("attachments").first()


def to_review(user: "User") -> "QuerySet[Report]":
    """Submitted reports that this person may judge: within the own division, not written by oneself."""
    if not user.may(Permission.TASK_REVIEW):
        return Report.objects.none()
    return reports_visible_to(user).filter(state=ReportState.SUBMITTED).exclude(by=user)


def completed(line: TaskLine) -> bool:
    """Has every leading and responsible organisation of the task in force an accepted report that completes it?

    Where a county has charged one of its organisations with the task, that one's report is the county's.
    """
    units = list(
        TaskUnit.objects.filter(task__line=line, task__plan_version__state=VersionState.ADOPTED)
        .select_related("organisation")
    )  # fmt: skip
    accepted = Report.objects.filter(line=line, state=ReportState.ACCEPTED, completes=True)
    done = set(accepted.values_list("organisation_id", flat=True))
    charged = ListItem.objects.filter(kind=ListKind.RESPONSIBILITY, line=line, organisation__in=done)
    counties = set(charged.values_list("division_id", flat=True))
    done |= {unit.organisation.pk for unit in units if unit.organisation and unit.organisation.division_id in counties}
    return is_done([(unit.role, unit.organisation_id) for unit in units], done)
