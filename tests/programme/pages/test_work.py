"""To-do and search."""

from datetime import date, datetime

import pytest
from django.utils import timezone

from nongan.accounts.rules import Role
from nongan.programme.queries import work
from nongan.programme.services import items, reports
from tests.accounts.factories import UserFactory
from tests.conftest import NOON
from tests.programme.acts import problem, report, tasks_of, unit
from tests.programme.factories import PlanVersionFactory

pytestmark = pytest.mark.django_db


def test_todos_of_a_unit(plan, bureau):
    me = unit(bureau)
    made = report(tasks_of(plan)[0], me)
    reports.return_report(report_id=made.pk, seen=made.version, reason="缺附件", by=plan.file.owner, at=NOON)
    found = work.todos(me, timezone.now())
    assert [(todo.text, todo.tone) for todo in found] == [
        ("办理超期任务 1 项", "bad"), ("修改退回的填报：一-1", "warn")
    ]  # fmt: skip
    assert timezone.localdate(found[0].due) == date(2020, 1, 1)


def test_todos_of_the_office(plan, bureau, county):
    office = plan.file.owner
    report(tasks_of(plan)[0], unit(bureau))
    item = problem(plan, county, UserFactory())
    items.rectify_item(item_id=item.pk, seen=1, measure="补", result="已补", by=unit(county), at=NOON)
    PlanVersionFactory()
    assert [todo.text for todo in work.todos(office, NOON)] == ["审核进展 1 份", "核实整改 1 项", "校正方案草稿"]


def test_todos_of_a_county_unit_are_its_problems(plan, county):
    problem(plan, county, plan.file.owner)
    found = work.todos(unit(county), datetime(2026, 5, 25, 9, tzinfo=NOON.tzinfo))
    assert ("整改问题", "bad") in [(todo.text.split()[0], todo.tone) for todo in found]


def test_search_finds_plans_tasks_and_items_of_one_s_own(plan, county):
    item = problem(plan, county, plan.file.owner)
    county_user, stranger = unit(county), UserFactory(division_id="410100000000")
    assert {hit.kind for hit in work.search(plan.file.owner, "监")} == {"任务"}
    assert [hit.number for hit in work.search(plan.file.owner, plan.plan.number)] == [plan.plan.number]
    assert [hit.number for hit in work.search(county_user, item.number)] == [item.number]
    assert [hit.name for hit in work.search(county_user, "生产记录")] == []
    assert work.search(stranger, "实施方案") == work.search(UserFactory(role=Role.ANALYST), "实施方案") == []
