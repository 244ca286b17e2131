"""What the tests of plans do again and again, and how they read files."""

import io
from datetime import date

from docx import Document
from openpyxl import load_workbook

from nongan.accounts.rules import Role
from nongan.programme.models import Task
from nongan.programme.services import items, reports
from tests.accounts.factories import COUNTY, UserFactory
from tests.conftest import NOON


def unit(organisation, **kwargs):
    return UserFactory(role=Role.UNIT, organisation=organisation, division_id=organisation.division_id, **kwargs)


def office(**kwargs):
    return UserFactory(role=Role.PROGRAMME_OFFICE, **kwargs)


def tasks_of(version):
    return list(Task.objects.filter(plan_version=version))


def task_of(version, row):
    return Task.objects.get(plan_version=version, position={"t1": 1, "t2": 2, "t3": 3}[row])


def report(task, by, **kwargs):
    given = {"text": "已完成监测 320 批次。", "completes": False, "submit": True, **kwargs}
    return reports.save_report(task_id=task.pk, by=by, at=NOON, **given)


def problem(plan, county, by, **kwargs):
    given = {
        "kind": "problem", "division": COUNTY, "text": "快检记录不完整", "person": "张建国", "source": "市级督查",
        "due": date(2026, 5, 20), "task_id": None, **kwargs,
    }  # fmt: skip
    return items.add_item(plan_id=plan.plan_id, organisation_id=county.pk, by=by, at=NOON, **given)


def complete(task, by, judge):
    made = report(task, by, completes=True)
    reports.accept_report(report_id=made.pk, seen=made.version, by=judge, at=NOON)


def assign(task, organisation, by, **kwargs):
    given = {"task_id": task.pk, "division": COUNTY, "organisation_id": organisation.pk, "person": "李四", "text": "",
             "seen": 0, **kwargs}  # fmt: skip
    return items.assign_duty(**given, by=by, at=NOON)


def sheet(response):
    """Rows of an exported workbook."""
    return [list(row) for row in load_workbook(io.BytesIO(response.content)).active.values]


def paper(response):
    return Document(io.BytesIO(response.content))
