"""Reporting on tasks, and judging reports."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from nongan.accounts.rules import Permission
from nongan.accounts.services import require, require_scope
from nongan.common.editing import check_version
from nongan.common.errors import RuleBroken
from nongan.documents.services import store
from nongan.journal.services import record
from nongan.programme.models import Report, Task, TaskLine
from nongan.programme.queries.reports import completed, open_report, reports_visible_to
from nongan.programme.queries.tasks import carried_by, tasks_visible_to
from nongan.programme.rules.states import ReportState, check_report_move, check_reviewer

if TYPE_CHECKING:
    from nongan.accounts.models import User

MOST_FILES = 20


class ReportRefused(RuleBroken):
    code = "report_refused"


File = tuple[str, bytes]  # name, content


@transaction.atomic
def save_report(
    *, task_id: int, text: str, completes: bool, submit: bool, by: "User", at: datetime, seen: int | None = None,
    files: Sequence[File] = (), dropped: Sequence[str] = (),
) -> Report:  # fmt: skip
    """Write or change the own organisation's report on a task; `submit` hands it in.

    An organisation has one report on a task at a time: while one is not accepted, this changes it (`seen` is its
    version). `dropped` are ids of attachments to take off. Raises FileNotAccepted, MoveNotAllowed, Stale.
    """
    task = tasks_visible_to(by).get(pk=task_id)
    require(by, Permission.TASK_REPORT)
    if by.organisation_id is None or not Task.objects.filter(carried_by(by), pk=task.pk).exists():
        raise PermissionDenied(_("只能填报本单位承担的任务。"))
    line = TaskLine.objects.select_for_update().get(pk=task.line_id)
    report = open_report(by, task)
    if report is None:
        report = Report(line=line, task=task, organisation_id=by.organisation_id, by=by, at=at)
    check_report_move(report.state, ReportState.SUBMITTED if submit else _kept(report))
    if report.pk:
        check_version(report, -1 if seen is None else seen)
    if not text.strip():
        raise ReportRefused(_("请填写进展情况。"))
    report.task, report.text, report.completes, report.by = task, text.strip(), completes, by
    if submit:
        report.state, report.submitted_at = ReportState.SUBMITTED, at
    report.save()
    _attach(report, files, dropped, by, at)
    if submit:
        _tell("programme.report.submitted", report, by, at)
    return report


def _kept(report: Report) -> ReportState:
    return ReportState.RETURNED if report.state == ReportState.RETURNED else ReportState.DRAFT


def _attach(report: Report, files: Sequence[File], dropped: Sequence[str], by: "User", at: datetime) -> None:
    report.attachments.remove(*[d for d in report.attachments.all() if str(d.pk) in set(dropped)])
    report.attachments.add(*[store(name=name, data=data, by=by, at=at) for name, data in files])
    if report.attachments.count() > MOST_FILES:
        raise ReportRefused(_("一份填报最多 %(n)s 个附件，请合并或分次填报。") % {"n": MOST_FILES})


def _tell(action: str, report: Report, by: "User", at: datetime, note: str = "") -> None:
    record(
        action, on=report.line, by=by, at=at, division=report.organisation.division_id, report=report.pk,
        organisation=report.organisation.name, note="：".join(filter(None, [report.organisation.name, note])),
    )  # fmt: skip


def _judged(report_id: int, seen: int, new: ReportState, by: "User") -> Report:
    report = reports_visible_to(by).select_for_update(of=("self",)).get(pk=report_id)
    require(by, Permission.TASK_REVIEW)
    require_scope(by, report.organisation.division_id)
    check_version(report, seen)
    check_report_move(report.state, new)
    check_reviewer(report.by_id, by.pk)
    return report


@transaction.atomic
def return_report(*, report_id: int, seen: int, reason: str, by: "User", at: datetime) -> Report:
    """Send a report back to its unit, with the reason."""
    report = _judged(report_id, seen, ReportState.RETURNED, by)
    if not reason.strip():
        raise ReportRefused(_("请写明退回原因，让填报单位知道改什么。"))
    report.state, report.reason = ReportState.RETURNED, reason.strip()
    report.reviewer, report.reviewed_at = by, at
    report.save()
    _tell("programme.report.returned", report, by, at, report.reason)
    return report


@transaction.atomic
def accept_report(*, report_id: int, seen: int, by: "User", at: datetime) -> Report:
    """Accept a report. When it completes the last leading or responsible unit's part, the task is done."""
    report = _judged(report_id, seen, ReportState.ACCEPTED, by)
    report.state, report.reason = ReportState.ACCEPTED, ""
    report.reviewer, report.reviewed_at = by, at
    report.save()
    _tell("programme.report.accepted", report, by, at)
    _finish(report.line_id, by, at)
    return report


def _finish(line_id: int, by: "User", at: datetime) -> None:
    line = TaskLine.objects.select_for_update().get(pk=line_id)
    if line.done_at is None and completed(line):
        line.done_at = at
        line.save(update_fields=["done_at"])
        record("programme.task.done", on=line, by=by, at=at, division=line.plan.division_id)
